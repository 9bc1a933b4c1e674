"""Stage 10: what comes out of a report - workbook, DBF, photos, the summary for the seal, the form for machines."""
