"""What a rehearsal found: the counts, and the first lines of each kind, cell by cell, for the page that asks whether to go on."""
from collections import Counter

from models.identity import masked
from models.sealed import SealedField, SealedTableField
from tasks.imports.planner import CHANGED, NEW, SAME, WRONG

SHOWN, CELLS = 20, 12


class Findings:
    """`places` is {column code: index of the cell}; cells with a number that is kept sealed are kept masked here."""

    def __init__(self, imported, places):
        self.total, self._counts = 0, Counter()
        self._masked = {places.get(column.code) for column in imported.columns if column.sealed}
        self._first = {NEW: [], CHANGED: [], WRONG: []}
        self._faults = Counter()

    def take(self, lines):
        self.total += len(lines)
        for line in lines:
            self._counts[line.verdict] += 1
            if line.verdict == WRONG:
                self._faults.update(line.faults.keys())
            first = self._first.get(line.verdict)
            if first is not None and len(first) < SHOWN:
                first.append({"row": line.number, "cells": self._cells(line)} | self._why(line))

    def counts(self):
        return {verdict: self._counts[verdict] for verdict in (NEW, CHANGED, SAME, WRONG)} | {"total": self.total}

    def shown(self):
        """The first lines, and how often which column was wrong."""
        return self._first | {"columns": dict(self._faults.most_common())}

    def _cells(self, line):
        return [masked(text) if place in self._masked and text else text for place, text in enumerate(line.cells[:CELLS])]

    def _why(self, line):
        if line.verdict == WRONG:
            return {"faults": line.faults}
        if line.verdict == CHANGED:
            return {"differences": [found for write in line.writes if write.differing for found in _differences(write)]}
        return {}


def _differences(write):
    """[[label, before, after]] of one row; document numbers stay masked."""
    found = []
    for name, texts in write.differing.items():
        field = write.row._meta.fields[name]
        if isinstance(field, SealedTableField):
            continue
        if isinstance(field, SealedField):
            texts = [masked(value) for value in (write.before.get(name), write.row.__data__.get(name))]
        found.append([field.verbose_name or name, *map(_plain, texts)])
    return found


def _plain(value):
    return "" if value is None else "是" if value is True else "否" if value is False else str(value)
