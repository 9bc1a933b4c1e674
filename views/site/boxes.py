"""Forms whose boxes are fields of a model: label, help, choices and limits are those of the field."""
from email_validator import EmailNotValidError, validate_email

from backoffice.fieldkinds import kind_of
from backoffice.forms import Typed, TypedForm
from models.people import User


class Asked(Typed):
    """A box that may stay empty for now, but is marked when the application cannot be submitted without it."""

    def __init__(self, label, kind, needed=False, **kwargs):
        super().__init__(label, kind, **kwargs)
        self.flags.required = bool(self.flags.required or needed)


def box(field, needed=False, must=False, kind=None, **more):
    """One box for a field of a model. `needed` only marks it, `must` refuses an empty one, as a column that cannot be empty does."""
    kind = kind or kind_of(field, full=True)
    must = must or (kind.box != "tick" and not field.null and field.default not in ("", None))
    longest = {"maxlength": field.max_length} if kind.box == "line" and getattr(field, "max_length", None) else {}
    more.setdefault("description", field.help_text or "")
    more["render_kw"] = {**longest, **more.get("render_kw", {})}
    return Asked(field.verbose_name, kind, needed=needed, must=must, **more)


def form_of(boxes):
    """A form class with these boxes by name."""
    return type("Filled", (TypedForm,), boxes)


def values_of(form, model):
    """{field: value} of a form that was sent: what is empty becomes the empty value of its column."""
    found = {}
    for name, asked in form._fields.items():
        empty = model._meta.fields[name].default
        found[name] = asked.data if asked.data is not None else empty if empty in ("", False) else None
    return found


def email_fault(text, label):
    """The sentence against a mail address: it cannot be one, or it belongs to another account; else ''."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return f"{label}：要求像 name@example.cn 这样的地址，实际“{text}”"
    return User.clashes["email"] if User.select().where(User.email == text.lower()).exists() else ""
