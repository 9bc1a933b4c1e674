"""Which kind of value a field of a model holds."""
from peewee import (BooleanField, CharField, DateField, DateTimeField, DecimalField, FloatField, ForeignKeyField, IntegerField, JSONField, TextField,
                    TimeField)

from backoffice.choices import Account, Choice, Coded, JobKind, Kept, KindOf, Row, Tick
from backoffice.kinds import Day, DayOf, Figure, Hour, Json, Kind, Long, Moment, Number, Open, Sealed, Size
from models.extras import ExtraFile
from models.files import File
from models.reference import CODE_TABLES
from models.sealed import BlindIndexField, SealedField, SealedTableField

FORMATS = {"day": DayOf, "thousands": Figure, "bytes": Size, "kind": KindOf, "job": JobKind, "account": Account}
BY_FIELD = ((BlindIndexField, None), (SealedTableField, None), (SealedField, Sealed), (BooleanField, Tick), (DateTimeField, Moment),
            (DateField, Day), (TimeField, Hour), (JSONField, Json), (CharField, Kind), (TextField, Long),
            ((IntegerField, DecimalField, FloatField), Number))


def kind_of(field, states=None, codes="", form="", full=False):
    """The kind of a field; None for one that is never shown. `codes` names a code table, `form` one of FORMATS; a field called
    like a code table holds codes of it."""
    if form:
        return FORMATS[form](field)
    if isinstance(field, ExtraFile):
        return Kept(field)
    if isinstance(field, ForeignKeyField):
        return Kept(field) if field.rel_model is File else Row(field)
    if field.name == "state" and states:
        return Choice(field, [(state, label) for state, (label, _) in states.items()], {state: tone for state, (_, tone) in states.items()})
    if counted := getattr(getattr(field, "model", None), "COUNTED", {}).get(field.name):
        return Json(field, counted)
    tones = getattr(getattr(field, "model", None), "TONES", {}).get(field.name)
    if field.choices:
        return Choice(field, tones=tones)
    if tones:
        return Tick(field, tones)
    if codes or (field.name in CODE_TABLES and isinstance(field, CharField)):
        return Coded(field, codes or field.name)
    if full and isinstance(field, SealedField):
        return Open(field)
    return next((kind and kind(field) for types, kind in BY_FIELD if isinstance(field, types)), Kind(field))
