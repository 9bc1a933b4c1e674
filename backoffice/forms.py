"""Forms: WTForms fields made from kinds of values. Everything typed is kept, and every sentence stands at its field."""
from wtforms import Field, Form, widgets
from wtforms.validators import ValidationError

from backoffice.looking import narrowing
from backoffice.widgets import ChoiceInput, RowInput
from models.extras import Extra

WIDGETS = {
    "line": widgets.TextInput(), "text": widgets.TextArea(), "number": widgets.TextInput(), "date": widgets.DateInput(),
    "moment": widgets.DateTimeLocalInput(), "hour": widgets.TimeInput(), "tick": widgets.CheckboxInput(), "choice": ChoiceInput(),
    "row": RowInput(), "file": widgets.FileInput()}
ATTRIBUTES = {"number": {"inputmode": "decimal", "autocomplete": "off"}, "text": {"rows": 4}}


class Typed(Field):
    """A field whose value is read and written by a kind; `must` refuses an empty one."""

    def __init__(self, label, kind, must=False, **kwargs):
        tick = kind.box == "tick"          # one that is left empty says no: it is neither optional nor has to be ticked
        render = ATTRIBUTES.get(kind.box, {}) | ({"required": False} if tick else {}) | (kwargs.pop("render_kw", None) or {})
        super().__init__(label, widget=WIDGETS[kind.box], render_kw=render, **kwargs)
        self.kind, self.must, self.typed = kind, must, None
        self.flags.required = must or tick

    def process_formdata(self, valuelist):
        if not valuelist and self.kind.box != "tick":
            return                                       # not asked in this form: as it was
        self.typed = valuelist[0] if valuelist else ""
        if self.kind.box == "choice" and self.object_data is not None and self.typed == self.kind.typed(self.object_data):
            return                                       # as it was, be it offered no more
        self.data = None
        self.data = self.kind.read(self.typed)

    def process(self, formdata, *args, **kwargs):
        super().process(formdata, *args, **kwargs)
        self.process_errors = [f"{self.label.text}：{text}" for text in self.process_errors]

    def pre_validate(self, form):
        if self.must and self.data is None and not self.process_errors:
            raise ValidationError(f"请填写{self.label.text}")

    def take(self, text):
        """Put a text into the box as if it had been typed."""
        self.typed, self.data = text, self.kind.read(text)

    def _value(self):
        if self.kind.box == "tick":
            return "1"
        return self.typed if self.typed is not None else self.kind.typed(self.data)

    @property
    def checked(self):
        """What the tick box asks."""
        return bool(self.data)

    @property
    def untouched(self):
        """Whether it still holds what the form began with; a tick that was never set is one that is not set."""
        return bool(self.data) == bool(self.object_data) if self.kind.box == "tick" else self.data in (self.object_data, self.object_data or None)


class RowTyped(Typed):
    """Another row: its id, and what stands in the box where it is looked up. Only rows that the user may see can be chosen."""

    def __init__(self, label, kind, where=None, **kwargs):
        super().__init__(label, kind, **kwargs)
        self.where, self.words = where or {}, None

    def process_formdata(self, valuelist):
        super().process_formdata(valuelist)
        if valuelist:
            said = self._form.said.get(f"{self.name}.said", "").strip()
            if said and self.data is None:
                self.words = said
                raise ValueError(f"请从列出的行中选择，“{said}”还没有选定")

    def pre_validate(self, form):
        super().pre_validate(form)
        if self.data is not None and self.data != self.object_data and self.chosen(form.user) is None:
            raise ValidationError(f"{self.label.text}：没有这一行，或不在您的范围内")

    def chosen(self, user):
        """The chosen row, when the user may see it and it is one of those that may be chosen."""
        model = self.kind.field.rel_model
        return model.visible_to(user).where(model.id == self.data, *narrowing(model, self.where)).first()

    @property
    def said(self):
        """What stands in the box."""
        if self.words is not None or self.data is None:
            return self.words or ""
        model = self.kind.field.rel_model
        row = model.get_or_none(model.id == self.data) if self.data == self.object_data else self.chosen(self._form.user)
        return "" if row is None else str(row)


class FileTyped(Typed):
    """A file to be uploaded; without one the file that is there already stays."""

    def process_formdata(self, valuelist):
        if valuelist:
            self.data = self.kind.read(valuelist[0]) or self.object_data

    def take(self, text):
        self.data = int(text) if text else None


class TypedForm(Form):
    """A form that knows who fills it, and what was typed into the boxes of rows."""

    def __init__(self, formdata=None, user=None, **kwargs):
        self.user, self.said = user, formdata or {}
        super().__init__(formdata, **kwargs)

    def show(self, refused):
        """Put the sentences of a refusal at their fields; returns those that have no field here."""
        left = []
        for name, text in refused.fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, text]
            else:
                left.append(text)
        return left


def form_of(boxes, prefix="", **more):
    """The form class with a field per Box, and `more` fields by name."""
    fields = {}
    for box in boxes:
        common = {"must": box.needed, "description": box.help}
        if box.kind.box == "row":
            look = {"data-look": f"../lookup/?field={prefix}{box.name}"}
            fields[box.name] = RowTyped(box.label, box.kind, where=box.where, render_kw=look, **common)
        else:
            fields[box.name] = (FileTyped if box.kind.box == "file" else Typed)(box.label, box.kind, **common)
    return type("Filled", (TypedForm,), fields | more)


def values_of(form, boxes):
    """{field: value} of a form that has been read: what is empty becomes the empty value of its column."""
    found = {}
    for box in boxes:
        value = form[box.name].data
        if isinstance(box.field, Extra):
            found[box.name] = value
            continue
        if value is None and (box.field.default == "" or box.kind.box == "tick"):
            value = "" if box.field.default == "" else False
        found[box.name] = value
    return found
