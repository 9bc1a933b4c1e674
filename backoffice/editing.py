"""Creating and editing one row by hand, with the rows in its lines: one transaction, all sentences at once, nothing typed is lost."""
import re

from backoffice.forms import Typed, form_of, values_of
from backoffice.history import differences
from backoffice.kinds import Long
from backoffice.uploads import Scan
from models.base import writing
from models.extras import COLUMN, Extra, merged
from models.workflow import Reason, Refused, Stale

NEW_LINE = "n"        # stands for the number of a line that is yet to be added by the page
LINE = re.compile(r"line-(\d+)-")


class Editing:
    """One form on one row (None: a new one). After `save` has refused, `reasons` and the fields say why, `theirs` what others changed.
    `sections` are those of the form; with `lines` the rows that belong to it are written along."""

    def __init__(self, screen, user, row=None, given=None, defaults=None):
        self.screen, self.user, self.row, self.defaults = screen, user, row, defaults or {}
        self.sections = self._sections()
        self.boxes = [box for section in self.sections for box in section.items]
        self.reasons, self.theirs = [], []
        more = {"reason": Typed("修改理由", Long(), description="写入修改历史")} if row else {}
        self.form = form_of(self.boxes, **more)(given, user=user, data=self._present(), meta={"csrf": False})
        self.edition = (given or {}).get("edition") if row else None
        if row and not (self.edition or "").isdecimal():
            self.edition = row.edition
        self.lines = self._lines(given) if self.with_lines else []

    @property
    def with_lines(self):
        """The lines of other rows in the form; None without any."""
        return self.screen.lines

    def _sections(self):
        return self.screen.form

    def _present(self):
        if self.row is not None:
            return {box.name: box.field.of(self.row) if isinstance(box.field, Extra) else self.row.__data__.get(box.name) for box in self.boxes}
        found = {box.name: _default(box.field) if box.default is None else box.default for box in self.boxes}
        return found | {name: value for name, value in self.defaults.items() if name in found}

    # lines ----------------------------------------------------------------------------------------------------------------------
    def _lines(self, given):
        """The lines that are there and those that were typed, as Lines of the page."""
        lines, rows = self.screen.lines, []
        if self.row is not None:
            rows = list(lines.rows(self.user, self.row))
        numbers = {row.id: n for n, row in enumerate(rows)}
        found = [Line(lines, self.user, n, row, given) for n, row in enumerate(rows)]
        typed = {int(match[1]) for key in given or () if (match := LINE.match(key))}
        return found + [Line(lines, self.user, n, None, given) for n in sorted(typed) if n >= len(numbers)]

    @property
    def blank_line(self):
        return Line(self.with_lines, self.user, NEW_LINE, None, None)

    # writing --------------------------------------------------------------------------------------------------------------------
    def forms(self):
        """Every form of the page, with the lines that hold something."""
        return [self.form, *(line.form for line in self._filled())]

    def _filled(self):
        return [line for line in self.lines if line.row is not None or not line.empty]

    def save(self):
        """The written row; None when it was refused."""
        if not all([form.validate() for form in self.forms()]):
            return None
        try:
            with writing():
                row = self._write()
                for line in self._filled():
                    line.write(row)
                if type(row).seen(self.user, row.id) is None:
                    raise Refused([Reason("这样写，这一行就不在您的范围内了")])
        except Stale as stale:
            self._merge(stale)
        except Refused as refused:
            self.reasons = refused.reasons + [Reason(text) for text in self.form.show(refused)]
        else:
            return row
        return None

    def values(self):
        """{field: value} of what is to be written."""
        return self._with_files(values_of(self.form, self.boxes))

    def _write(self):
        values = with_extras(self.row or self.screen.model(), self.values())
        if self.row is None:
            return self.screen.model.add(self.user, **self.defaults | values)
        return self._change(values)

    def _change(self, values):
        return self.row.change(self.user, edition=self.edition, reason=(self.form.reason.data or ""), **values)

    def _with_files(self, values):
        """The values with what was uploaded kept as files, which belong to the case or person that the row is about."""
        uploads = {name: upload for name, upload in values.items() if isinstance(upload, Scan)}
        row = self.row or self.screen.model(**self.defaults | {name: value for name, value in values.items() if name not in uploads})
        owner = {"institution": row.__data__.get("institution"), "case_ref": row.case_id, "person_ref": row.__data__.get("person")} if uploads else {}
        return values | {name: upload.keep("document", **owner) for name, upload in uploads.items()}

    def _merge(self, stale):
        """Somebody else saved in between: take over what he changed where nothing was typed here, and say what differs."""
        self.reasons, self.edition = stale.reasons, stale.theirs.edition
        for change in differences(self.screen.model, stale.changed):
            if change.name in self.form:
                field = self.form[change.name]
                if field._value() == field.kind.typed(change.stored(0)):
                    field.take(field.kind.typed(change.stored(1)))
            self.theirs.append(change)

    @property
    def faults(self):
        """[(id of the field or None, sentence)] for the summary on top."""
        found = [(None, str(reason)) for reason in self.reasons]
        for form in self.forms():
            found += [(field.id, text) for field in form for text in field.errors]
        return found


class Line:
    """One row in the lines of a form: there already, or new."""

    def __init__(self, lines, user, number, row, given):
        self.lines, self.user, self.number, self.row = lines, user, number, row
        prefix = f"line-{number}-"
        sent = given is not None and any(key.startswith(prefix) for key in given)
        present = {box.name: row.__data__.get(box.name) if row is not None else _default(box.field) for box in lines.boxes}
        self.form = form_of(lines.boxes, prefix="line.")(given if sent else None, user=user, prefix=prefix, data=present, meta={"csrf": False})
        self.edition = (given or {}).get(f"{prefix}edition") if row is not None else None
        if row is not None and not (self.edition or "").isdecimal():
            self.edition = row.edition

    @property
    def empty(self):
        """Whether nothing was typed into a new line."""
        return all(field._value() in ("", field.kind.typed(field.object_data)) for field in self.form if field.kind.box != "tick")

    def write(self, owner):
        """Add or change the row of the line. One that nobody touched is left alone: it may be closed to changes by now."""
        if self.row is not None and all(field.untouched for field in self.form):
            return
        values = values_of(self.form, self.lines.boxes)
        try:
            if self.row is not None:
                self.row.change(self.user, edition=self.edition, **values)
            else:
                fields = self.lines.model._meta.fields
                if "institution" in fields and "institution" not in values:
                    values["institution"] = owner.__data__.get("institution")
                self.lines.model.add(self.user, **{self.lines.through: owner.id}, **values)
        except Refused as refused:
            if isinstance(refused, Stale):
                self.edition = refused.theirs.edition
            raise Refused(refused.reasons + [f"{self.lines.title}：{text}" for text in self.form.show(refused)]) from refused


def with_extras(row, values):
    """{field: value} with those of added fields as the one value of their JSON column."""
    added = {name.partition(".")[2]: getattr(value, "id", value) for name, value in values.items() if name.startswith(f"{COLUMN}.")}
    kept = {name: value for name, value in values.items() if not name.startswith(f"{COLUMN}.")}
    return kept | {COLUMN: merged(row, added)} if added else kept


def _default(field):
    return field.default() if callable(field.default) else field.default


def prefilled(screen, user, args):
    """{field: value} that the address of a new form gives, for the fields that the form has; a row only when the user may see it."""
    found = {}
    for box in (box for box in screen.boxes if box.name in args):
        try:
            value = box.kind.read(args[box.name])
        except ValueError:
            continue
        if value is not None and (box.kind.picks != "row" or box.field.rel_model.seen(user, value) is not None):
            found[box.name] = value
    return found
