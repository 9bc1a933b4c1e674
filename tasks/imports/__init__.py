"""Filling a kind of record from a workbook: one description per import, a rehearsal that changes nothing, a commit in chunks, an undo."""
