"""Fields that a site adds to a kind of record by configuration (all stages): kept in its JSON column `extra`, used like any column.

A text, date or choice is kept as a JSON text, a number, a yes (1) or no (0) and the id of a file as a JSON number, so that one
expression per kind serves conditions, orders and indexes on both databases.
"""
import datetime as dt
import re
from decimal import Decimal

from peewee import BooleanField, CharField, DateField, DecimalField, IntegerField, TextField, fn

from models.base import db, on_sqlite, writing
from models.workflow import Refused

COLUMN = "extra"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST = {"text": 200, "long": 5000, "choice": 60}
DIGITS = 15            # of a decimal: what a JSON number keeps exactly
_in_force = {}         # model -> {name: field}


class Extra:
    """One added field; bound to a model it stands in queries like a column. `fault` says what is wrong with a value for it."""
    kind, numeric, low, high, pattern, example, was, indexed, required, visible, editable = "text", False, None, None, None, "", "", False, False, (), ()

    def bound(self, model, name, **said):
        """The field as `name` of a model, with what its configuration says of it."""
        self.model, self.key, self.name = model, name, f"{COLUMN}.{name}"
        self.safe_name = self.column_name = self.name
        self.__dict__.update(said)
        return self

    def __sql__(self, ctx):
        column = self.model._meta.fields[COLUMN]
        if on_sqlite():
            return ctx.literal("json_extract(").sql(column).literal(f", '$.{self.key}')")
        if not self.numeric:
            return ctx.literal("(").sql(column).literal(f" ->> '{self.key}')")
        return (ctx.literal("(CASE WHEN jsonb_typeof(").sql(column).literal(f" -> '{self.key}') = 'number' THEN (").sql(column)
                .literal(f" ->> '{self.key}')::numeric END)"))

    def stored(self, value):
        """The value as the JSON column keeps it."""
        if value is None or value == "":
            return None
        return int(value) if isinstance(value, bool) else float(value) if isinstance(value, Decimal) else str(value) if isinstance(value, dt.date) else value

    def of(self, row):
        """The value of a row."""
        return self.python_value((getattr(row, COLUMN) or {}).get(self.key))

    def shown(self, value):
        """A value as it is printed."""
        if value is None:
            return ""
        return "是" if value is True else "否" if value is False else dict(self.choices or ()).get(str(value), str(value))

    def fault(self, value):
        """The sentence against a value; None when there is none."""
        if value in (None, ""):
            return None
        if self.choices and str(value) not in dict(self.choices):
            return f"{self.verbose_name}没有“{value}”这一项"
        size, what = (value, "") if self.numeric else (len(str(value)), " 字")
        if self.kind in LONGEST or self.kind in ("integer", "decimal"):
            for limit, short, word in ((self.low, self.low is not None and size < self.low, "不少于"), (self.high, self.high is not None and size > self.high, "不超过")):
                if short:
                    return f"{self.verbose_name}：要求{word} {limit}{what}，实际 {size}{what}，差 {abs(Decimal(str(limit)) - Decimal(str(size)))}{what}"
        import re2
        if self.pattern and not re2.fullmatch(self.pattern, str(value)):
            return f"{self.verbose_name}：要求符合 {self.pattern}" + (f"，如 {self.example}" if self.example else "") + f"，实际“{value}”"
        return None


class ExtraText(Extra, CharField):
    """Text in one line, or one of several choices."""


class ExtraLong(Extra, TextField):
    """Text in many lines."""
    kind = "long"


class ExtraInteger(Extra, IntegerField):
    kind, numeric = "integer", True


class ExtraDecimal(Extra, DecimalField):
    kind, numeric = "decimal", True

    def db_value(self, value):
        value = super().db_value(value)
        return float(value) if isinstance(value, Decimal) and on_sqlite() else value


class ExtraDate(Extra, DateField):
    kind = "date"

    def db_value(self, value):
        return value.isoformat() if isinstance(value, dt.date) else value       # it is compared with the text in the JSON


class ExtraFlag(Extra, BooleanField):
    kind, numeric = "flag", True

    def db_value(self, value):
        return None if value is None else int(bool(value))


class ExtraFile(Extra, IntegerField):
    """The id of a kept file."""
    kind, numeric = "file", True


CLASSES = {"text": ExtraText, "choice": ExtraText, "long": ExtraLong, "integer": ExtraInteger, "decimal": ExtraDecimal, "date": ExtraDate,
           "flag": ExtraFlag, "file": ExtraFile}


def made(model, name, kind, label, help="", choices=(), places=2, low=None, high=None, **said):
    """The added field `name` of a model, of one of the kinds of CLASSES."""
    more = {"max_length": int(high or LONGEST[kind])} if kind in ("text", "choice") else {"max_digits": DIGITS, "decimal_places": places} if kind == "decimal" else {}
    field = CLASSES[kind](null=True, verbose_name=label, help_text=help, choices=tuple(choices) or None, **more)
    return field.bound(model, name, kind=kind, low=low, high=high if high is not None else LONGEST.get(kind), **said)


def allows(model):
    """Whether a kind of record may have added fields."""
    return COLUMN in model._meta.fields


def take(fields):
    """From now on these are the added fields: {model: {name: field}}."""
    global _in_force
    _in_force = fields


def of(model):
    """{name: field} of the added fields of a kind of record that are in force."""
    return _in_force.get(model, {})


def unlisted(fields):
    """Sentences about choices of {model: {name: field}} that were taken away while rows still have them."""
    found = []
    for model, added in fields.items():
        for field in (field for field in added.values() if field.choices):
            rows = model.select(field, fn.COUNT(model.id)).where(field.is_null(False), field.not_in([code for code, _ in field.choices])).group_by(field).tuples()
            found += [f"{model.label}的补充字段“{field.verbose_name}”：选项 {value} 已去掉，还有 {count:,} 行在用；这些行照样显示，不能再选它" for value, count in rows]
    return found


def merged(row, values):
    """What the JSON column of a row becomes with {name: value}; what it holds beside them stays. Refused with a sentence per field; a value that
    was there before is not judged anew."""
    before, fields = dict(getattr(row, COLUMN) or {}), of(type(row))
    stored = {name: fields[name].stored(value) for name, value in values.items()}
    wrong = {f"{COLUMN}.{name}": text for name, value in values.items()
             if stored[name] != before.get(name) and (text := fields[name].fault(value))}
    if wrong:
        raise Refused(fields=wrong)
    return {name: value for name, value in (before | stored).items() if value is not None}


# what the database needs for them -------------------------------------------------------------------------------------------------
def settle():
    """Move the values of fields that were renamed, and make the indexes of those marked `indexed`. Safe to repeat, in any process."""
    for model, fields in _in_force.items():
        for field in fields.values():
            if field.was:
                _rename(model._meta.table_name, field.was, field.key)
            if field.indexed:
                for statement in index_statements(field):
                    db.execute_sql(statement)


def _rename(table, old, new):
    if on_sqlite():
        sets, there = f"json_remove(json_set(extra, '$.{new}', json_extract(extra, '$.{old}')), '$.{old}')", "json_type(extra, '$.{}') IS NOT NULL"
    else:
        sets, there = f"(extra - '{old}') || jsonb_build_object('{new}', extra -> '{old}')", "(extra -> '{}') IS NOT NULL"
    with writing():
        db.execute_sql(f'UPDATE "{table}" SET extra = {sets} WHERE {there.format(old)} AND NOT ({there.format(new)})')


def index_statements(field):
    """The statements that make the indexes of a field: for its order and equality, and on PostgreSQL for how a text begins."""
    table = field.model._meta.table_name
    name, expression = f"extra_{table}_{field.key}", expression_of(field)
    found = [f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ({expression}, id)']
    if not on_sqlite() and not field.numeric:
        found.append(f'CREATE INDEX IF NOT EXISTS "{name}_begins" ON "{table}" ({expression} text_pattern_ops)')
    return found


def expression_of(field):
    """The SQL of a field where its table is the only one."""
    sql, _ = db.get_sql_context(scope=0).sql(field).query()
    return re.sub(r'"\w+"\."extra"', '"extra"', sql)
