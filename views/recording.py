"""Stage 10 in the office: a record of the reported fields typed by hand, field by field, each in the control that fits it."""
from backoffice.choices import Choice
from backoffice.forms import Typed, TypedForm
from backoffice.kinds import Day, Kind
from models.record import BY_CODE, FIELDS, GROUND, applying, codes

SECTIONS = (("本人", ("person",)), ("授予", ("award", "head", "discipline")), ("申请与前置学位", ("application",)), ("论文与考试", ("thesis", "defence", "exam")))


class Written(Day):
    """A date as the record writes it, CCYYMMDD, in the box of a date."""

    def typed(self, value):
        return f"{value[:4]}-{value[4:6]}-{value[6:]}" if value and len(value) == 8 else value or ""

    def read(self, text):
        day = super().read(text)
        return f"{day:%Y%m%d}" if day else None


def record_form(values, sent, user, prefix=""):
    """The form of a record that holds `values`; `sent` is what was posted, or None."""
    tables, fields = codes(), {}
    for field in FIELDS:
        kind = Choice(None, list(tables[field.table].items())) if field.table else Written() if field.type == "D" else Kind()
        fields[field.code] = Typed(field.name, kind, description=_help(field))
    form = type("RecordForm", (TypedForm,), fields)(sent, user=user, prefix=prefix, data=values, meta={"csrf": False})
    whole = {field.code: values.get(field.code, "") for field in FIELDS} | {GROUND: values.get(GROUND, "")}
    for field in FIELDS:        # a draft may lack what the record must have in the end
        form[field.code].flags.required = bool(applying(field, whole))
    return form


def _help(field):
    if field.table or field.type == "D":
        return ""
    return f"{field.width} 位数字" if field.type == "N" else "四位年份" if field.type == "Y" else f"不超过 {field.width} 字节"


def sections(form, closed=()):
    """[(title, fields)] of a record's form, in the order in which people fill it; without the codes in `closed`."""
    return [(title, [form[field.code] for field in FIELDS if field.source in sources and field.code not in closed]) for title, sources in SECTIONS]


def record_of(form):
    """{code: text} of what was typed."""
    return {code: form[code].data or "" for code in BY_CODE}
