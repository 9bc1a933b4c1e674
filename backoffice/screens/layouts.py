"""How a site prints its forms: one file each in the folder `prints` beside that of the screens, checked like a screen. A file with a problem changes
nothing: its form is printed as it is shipped."""
from dataclasses import replace
from difflib import get_close_matches

from backoffice.screens.layers import Layers, against_folder, files_in, read_layer
from backoffice.screens.vocabulary import VOCABULARY
from models.extras import COLUMN, ExtraFile
from models.wording import fault
from tasks.print.layouts import Layout

FOLDER = "prints"
MOST = {"intro": 10, "text": 10, "notes": 10, "boxes": 4}         # how many of each
LONGEST = {"title": 40, "boxes": 20, "label": 20}                 # characters


def read_layouts(folder, forms, added):
    """({name of a form: Layout}, {name: [sentence]}) of the files in a folder; `added` are the fields of the site by model name and name."""
    found, problems = {}, {FOLDER: against} if (against := against_folder(folder, f"{FOLDER}/")) else {}
    for path in files_in(folder):
        file = LayoutFile(path, forms, added)
        layout = file.layout()
        if file.problems:
            problems[path.stem] = file.problems
        else:
            found[path.stem] = layout
    return found, problems


class LayoutFile(Layers):
    """Makes a Layout of one file; what cannot be understood is noted."""

    def __init__(self, path, forms, added):
        super().__init__(path.stem, [replace(read_layer(path), label=f"{FOLDER}/{path.name}")], "print")
        self.form, self.forms = forms.get(path.stem), {name: form for name, form in forms.items() if form.parts}
        self.added = added

    def layout(self):
        """The Layout, or None for a form that has none."""
        form = self.forms.get(self.name)
        if form is None:
            near = get_close_matches(self.name, self.forms, n=1, cutoff=0.5)
            what = f"“{self.form.label}”的样式是固定的" if self.form else f"没有“{self.name}”这种表格" + (f"；是不是“{near[0]}”？" if near else "")
            self.problems.append(f"{self.home.label}:1: {what}；能改样式的有 {'、'.join(self.forms)}")
            return None
        for key in (key for key in self.values if key in VOCABULARY["print"] and key not in form.parts):
            self.wrong(key, f"{form.label}的这一部分是固定的；能改的有 {'、'.join(key for key in VOCABULARY['print'] if key in form.parts)}")
        return Layout(self._title(), self._texts("intro"), self._items("fields", form.fields, form.model), self._items("columns", form.columns, form.of), self._texts("text"), self._boxes(), self._texts("notes"))

    def _short(self, key, text, what):
        if len(text) > LONGEST[what]:
            self.wrong(key, f"要求不超过 {LONGEST[what]} 字，实际 {len(text)} 字", text)
        return text

    def _title(self):
        return self._text("title", self._short("title", self.take("title", ""), "title"))

    def _some(self, key):
        """The items of a list of texts, which is not too long."""
        items = self.take(key, ())
        if len(items) > MOST[key]:
            self.wrong(key, f"要求不超过 {MOST[key]} 项，实际 {len(items)} 项")
        return items

    def _texts(self, key):
        return tuple(self._text(key, text) for text in self._some(key))

    def _text(self, key, text):
        if said := fault(text, (*self.form.fields, *self.form.more)):
            self.wrong(key, said, text)
        return text

    def _boxes(self):
        return tuple(self._short("boxes", text, "boxes") for text in self._some("boxes"))

    def _items(self, key, names, model):
        """((name, label), ...) of what the form has under `names`, or the site as fields of a model."""
        found, fields = {}, self.added.get(model, {})
        for item in self.take(key, ()):
            table = self.known(key, item, "field", ("name",)) if isinstance(item, dict) else {"name": item}
            name = table["name"] if table else None
            if name is None or not self._stands(key, name, names, fields):
                continue
            if name in found:
                self.wrong(key, f"“{name}”写了两次", name)
            found[name] = self._short(key, table.get("label") or (name if name in names else fields[name.partition(".")[2]].verbose_name), "label")
        return tuple(found.items())

    def _stands(self, key, name, names, fields):
        """Whether a name may stand on the form: one of its own, or a field of the site's that whoever prints it may see."""
        added = {f"{COLUMN}.{key}": field for key, field in fields.items() if not isinstance(field, ExtraFile)}
        if not isinstance(name, str) or name not in names and name not in added:
            what = "这一列" if key == "columns" else "这一项"
            self.wrong(key, f"{self.form.label}没有“{name}”{what}" if isinstance(name, str) else f"每一项要求名字，或带 name 的表，实际是 {name!r:.80}", str(name), (*names, *added))
            return False
        lacking = [role for role in self.form.printers if name in added and role not in added[name].visible]
        if lacking:
            self.wrong(key, f"{'、'.join(lacking)}打印这种表格，而不能看“{name}”", name)
        return not lacking
