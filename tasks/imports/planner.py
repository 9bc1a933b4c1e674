"""What the lines of a file would do: each is read, checked by the rules of the records themselves, and found to be new, changed, same or wrong.

Nothing is written here. The lines of a batch are looked up in sets, in the user's scope; the rehearsal and the commit plan alike.
"""
from dataclasses import dataclass, field

from models.audit import changes, values_of
from models.bulk import among
from models.sealed import BlindIndexField, SealedField, blind
from models.workflow import Act, Refused, foreign

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass(slots=True)
class Line:
    """One line of the sheet: its number and cells as they are, the values read, the rows looked up, and what is wrong with it."""
    number: int
    cells: list
    values: dict = field(default_factory=dict)
    found: dict = field(default_factory=dict)
    faults: dict = field(default_factory=dict)       # {column code, or "" for the whole line: sentence}
    writes: list = field(default_factory=list)       # Writes in the order of the parts
    verdict: str = SAME
    step: tuple | None = None

    def get(self, code):
        """The value read from a column; None where the cell is empty."""
        return self.values.get(code)


@dataclass(slots=True, eq=False)
class Write:
    """One record of a line as it would be: the row, its stored values before (None for a new one), and what differs from them."""
    part: int
    row: object
    before: dict | None
    line: int                # the first line that names it
    differing: dict | None = None
    written: bool = False
    edition: int = 0         # the one that the row was read with


class Planner:
    """Plans batch after batch of one file; it remembers which line names which record, so that one is not named twice."""

    def __init__(self, imported, user, places):
        """`places` is {column code: index of the cell}."""
        self.imported, self.user = imported, user
        self._columns = [(column, places.get(column.code)) for column in imported.columns]
        self._values = [[(column.code, column.fills.name) for column in imported.columns if column.fills is not None and column.fills.model is part.entity]
                        for part in imported.parts]
        self._lines, self._shared = {}, {}

    def plan(self, batch):
        """The Lines of [[number, cells]]."""
        lines = [self._read(number, cells) for number, cells in batch]
        for look in self.imported.looks:
            self._look_up(look, [line for line in lines if not line.faults])
        for index in range(len(self.imported.parts)):
            self._match(index, [line for line in lines if not line.faults])
        for line in lines:
            self._judge(line)
        return lines

    def forget(self):
        """Drop the rows held from earlier batches: somebody else has written one of them."""
        self._shared.clear()

    # reading --------------------------------------------------------------------------------------------------------------------
    def _read(self, number, cells):
        line, width = Line(number, cells), len(cells)
        for column, place in self._columns:
            text = cells[place] if place is not None and place < width else ""
            if text:
                try:
                    line.values[column.code] = column.reader.read(text)
                except ValueError as error:
                    line.faults[column.code] = f"{column.title}：{error}"
            elif column.required:
                line.faults[column.code] = f"请填写{column.title}"
        return line

    def _look_up(self, look, lines):
        wants = [(line, look.want(line)) for line in lines]
        rows = look.fetch(self.user, {want for _, want in wants if want is not None})
        for line, want in wants:
            if want is not None:
                row = rows.get(want)
                if row is None:
                    line.faults[look.column] = look.missing.format(line.get(look.column))
                else:
                    line.found[look.name] = row

    # matching with what is there ------------------------------------------------------------------------------------------------
    def _match(self, index, lines):
        part, wanted = self.imported.parts[index], []
        for line in lines:
            if part.unless is None or not part.unless(line):
                values = self._values_of(index, part, line)
                wanted.append((line, values, tuple(_key(part.entity, name, values) for name in part.key)))
        there = self._there(index, part, [key for _, _, key in wanted])
        for line, values, key in wanted:
            self._put(index, part, line, values, key, there)

    def _values_of(self, index, part, line):
        values = {name: line.values[code] for code, name in self._values[index] if code in line.values}
        for name, to in part.links.items():
            if isinstance(to, str):
                if to in line.found:
                    values[name] = line.found[to]
            else:
                values[name] = next(write.row for write in line.writes if type(write.row) is to)
        if part.given is not None:
            values.update(part.given(line, self.user))
        return values

    def _there(self, index, part, keys):
        """{key: row} of the rows that are there, in scope, apart from those held from earlier batches."""
        keys = {key for key in keys if (index, key) not in self._shared and not any(isinstance(item, tuple) for item in key)}
        if not keys:
            return {}
        fields = [part.entity._meta.fields[name] for name in part.key]
        owned = any(not isinstance(to, str) for to in part.links.values())      # then the scope has been asked of its owner
        query = (part.entity.select() if owned else part.entity.visible_to(self.user)).where(among(fields, keys))
        return {tuple([row.__data__[name] for name in part.key]): row for row in query.order_by(part.entity.id)}

    def _put(self, index, part, line, values, key, there):
        last = index == len(self.imported.parts) - 1
        if last and (earlier := self._lines.setdefault((index, key), line.number)) != line.number:
            line.faults.setdefault("", f"与第 {earlier} 行重复：同一个文件里只能有一行")
            return
        held = self._shared.get((index, key)) if not last else None
        if held is not None:
            differing = [name for name, value in values.items() if not _same(held.row, name, value)]
            if differing:
                label = part.entity._meta.fields[differing[0]].verbose_name
                line.faults[self.imported.column_of(differing[0]) or ""] = f"{label}与第 {held.line} 行不一致：同一个{part.entity.label}各行要相同"
            else:
                line.writes.append(held)
            return
        row = there.get(key)
        if row is None:
            fresh = part.fresh(line, self.user) if part.fresh is not None else {}
            write = Write(index, part.entity(**fresh, **values), None, line.number)
        else:
            write = Write(index, row, values_of(row), line.number, edition=row.edition)
            for name, value in values.items():
                if name in part.links or row.__data__.get(name) != value:
                    setattr(row, name, value)
        line.writes.append(write)
        if not last:
            self._shared[(index, key)] = write

    # judging --------------------------------------------------------------------------------------------------------------------
    def _judge(self, line):
        verdict = SAME
        for write in line.writes if not line.faults else ():
            kind = self._verdict(write, line)
            if write.line == line.number and (verdict == SAME or kind == NEW):
                verdict = kind
        if not line.faults and self.imported.step is not None:
            verdict = self._step(line, verdict)
        line.verdict = WRONG if line.faults else verdict

    def _verdict(self, write, line):
        part, row = self.imported.parts[write.part], write.row
        if write.before is not None:
            row.follow()
            write.differing = changes(write.before, row)
            if not write.differing:
                return SAME
            against = [] if self.imported.beside else row.locks()
            if against:
                line.faults.setdefault("", "；".join(map(str, against)))
                return WRONG
        else:
            row.follow()
        if not row.belongs_to(self.user):
            line.faults.setdefault("", str(foreign(row, self.user)))
            return WRONG
        wrong = dict(part.check(row, write.before, line)) if part.check is not None else {}
        try:
            row.check()
        except Refused as refused:
            wrong = refused.fields | wrong
        for name, text in wrong.items():
            if isinstance(part.links.get(name, ""), str):       # a record of the same line gets its id when it is written
                self._fault(line, name, text)
        return NEW if write.before is None else CHANGED

    def _fault(self, line, name, text):
        code = self.imported.column_of(name) or ""
        line.faults[code] = f"{line.faults[code]}；{text}" if code in line.faults else text

    def _step(self, line, verdict):
        row = line.writes[-1].row
        chosen = self.imported.step(line, row)
        if chosen is None:
            return verdict
        step, answers = type(row).steps[chosen[0]], chosen[1]
        against = [*map(str, step.reasons(row, Act(self.user, answers), seen=True)), *step.missing(answers).values()]
        if against:
            line.faults[""] = "；".join(against)
        line.step = (step.name, answers)
        return CHANGED


def _key(entity, name, values):
    """A part of a key as it is stored: the id of another row, or the blind index of a sealed value."""
    kind = entity._meta.fields[name]
    if isinstance(kind, BlindIndexField):
        sealed = next(field.name for field in entity._meta.fields.values() if isinstance(field, SealedField) and field.index_name == name)
        return blind(values.get(sealed))
    value = values.get(name)
    if value is None and kind.default is not None and not callable(kind.default):
        return kind.default
    if hasattr(value, "_meta"):
        return value.id if value.id is not None else ("new", id(value))
    return value


def _same(row, name, value):
    return getattr(row, name) is value or row.__data__.get(name) == getattr(value, "id", value)
