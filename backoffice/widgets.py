"""The two controls that WTForms has not got in our way: a list to choose from, and another row found by typing."""
from markupsafe import Markup
from wtforms.widgets import html_params


class ChoiceInput:
    """A list of choices, with an empty one in front."""

    def __call__(self, field, **attributes):
        present = field._value()
        options = [("", "请选择"), *field.kind.options()]
        if present and present not in dict(options):
            options.append((present, present))
        html = Markup("").join(Markup("<option {}>{}</option>").format(Markup(html_params(value=value, selected=value == present)), label)
                               for value, label in options)
        return Markup("<select {}>{}</select>").format(Markup(html_params(name=field.name, **{"id": field.id, "required": bool(field.flags.required)} | attributes)), html)


class RowInput:
    """The id of a row behind a box in which one types to find it; `data-look` is where kit.js asks."""

    def __call__(self, field, **attributes):
        look, list_id = attributes.pop("data-look", ""), f"{field.id}-list"
        hidden = html_params(type="hidden", name=field.name, value=field._value())
        box = html_params(**{"id": field.id, "name": f"{field.name}.said", "value": field.said, "type": "text", "role": "combobox",
                             "autocomplete": "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list_id,
                             "placeholder": "输入名称或代码查找", "required": bool(field.flags.required)} | attributes)
        return Markup('<div class="look" {}><input {}><input {}><ul class="results" id="{}" role="listbox" tabindex="-1" hidden></ul></div>').format(
            Markup(html_params(**{"data-look": look})), Markup(hidden), Markup(box), list_id)
