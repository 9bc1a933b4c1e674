"""All stages: fields that the site added, filled for many cases at once. The columns are those that are in force when the file is looked at; whoever
may fill a field on the page of a case fills it here, whatever the state of the case."""
from models import extras
from models.applications import Application
from models.roles import STAFF
from models.workflow import Refused
from tasks.imports.description import Column, Import, Look, Part
from tasks.imports.looking import by
from tasks.imports.readers import reader_of


def fields():
    """The added fields of a case that a sheet can hold."""
    return [field for field in extras.of(Application).values() if field.editable and field.kind != "file"]


def fillable(user):
    """Names of those that one of the user's roles fills."""
    roles = {role for role, _ in user.powers()}
    return {field.key for field in fields() if roles & set(field.editable)}


class Columns:
    """The number of the case, and a column for each added field."""

    def __iter__(self):
        yield Column("number", fills=Application.number, required=True, sample="202610001000001", width=20)
        for field in fields():
            yield Column(field.key, title=field.verbose_name, reader=reader_of(field), required=False, sample=field.example, help=field.help_text or "", width=20)


def values(line, user):
    """The JSON column of the case with what the line says; what stands against a value is noted at its column."""
    case, given, may = line.found["case"], {}, fillable(user)
    for field in fields():
        if field.key in line.values:
            if field.key not in may:
                line.faults[field.key] = f"您的角色不能填写{field.verbose_name}"
            given[field.key] = line.get(field.key)
    try:
        return {"id": case.id, extras.COLUMN: extras.merged(case, given)}
    except Refused as refused:
        line.faults.update({name.partition(".")[2]: text for name, text in refused.fields.items()})
        return {"id": case.id}


ADDED = Import(
    name="added", title="申请的补充字段", screen="application", roles=STAFF, on_behalf=True, beside=True, when=fillable,
    help="一行是一件申请，按申请号对上；没有填的格不改动。",
    columns=Columns(),
    looks=(Look("case", "number", lambda line: line.get("number"), by(Application.number), "您的范围内没有申请号为“{}”的申请"),),
    parts=(Part(Application, key=("id",), given=values),))
