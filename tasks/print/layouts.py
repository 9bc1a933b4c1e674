"""How papers are printed where the site has a file of its own for a form: its title, texts, fields, columns, boxes and foot notes. What the fields and
columns hold, and the code by which a paper is verified, stay those of the program."""
import logging
from dataclasses import dataclass
from itertools import repeat

from models import extras
from models.texts import one_line
from models.wording import filled

log = logging.getLogger(__name__)
ADDED = 14, "L"         # share of the width and alignment of a column that shows a field of the site's own
_in_force = {}          # name of a form -> Layout


@dataclass(frozen=True)
class Layout:
    """What a site says of one form; what is empty is as the program has it. Texts are those of models/wording.py over the fields of the form."""
    title: str = ""               # a text too
    intro: tuple = ()             # texts above the fields
    fields: tuple = ()            # (name of a field, its label), in their order
    columns: tuple = ()           # (name of a column, its title), in their order
    text: tuple = ()              # the texts in place of the program's own
    boxes: tuple = ()             # for signatures and seals
    notes: tuple = ()             # texts below the boxes


def take(layouts):
    """From now on these are the layouts: {name of a form: Layout}."""
    global _in_force
    _in_force = layouts


def laid(form, said, row=None):
    """What a paper about a row says, as the site has it laid out. `said` has the `facts` of the program in groups of (name, value), `more` values that only
    texts use, and what else it prints: `title`, `intro`, `columns` (name, share, alignment) with `rows` and, where the site may have columns of its own, the
    records `of` these rows, `text`, `boxes`, `notes`. What the layout says takes its place; untouched without one."""
    layout = _in_force.get(form)
    if layout is None:
        return said
    values = {name: str(value) for group in said.get("facts", ()) for name, value in group} | said["more"]
    try:
        texts = {part: [found for text in getattr(layout, part) if (found := filled(text, values).strip())] for part in ("intro", "text", "notes") if getattr(layout, part)}
        title = one_line(filled(layout.title, values)).strip()
    except ValueError as error:
        log.warning("the site's layout of %s cannot be used, the paper is printed as the program has it: %s", form, error)
        return said
    facts = {"facts": [[(label, values[name] if name in values else _added(name, row)) for name, label in layout.fields]]} if layout.fields else {}
    return said | texts | facts | (_table(layout, said) if layout.columns else {}) | ({"title": title} if title else {}) | ({"boxes": list(layout.boxes)} if layout.boxes else {})


def _table(layout, said):
    places = {name: (place, rest) for place, (name, *rest) in enumerate(said["columns"])}
    columns = [(label, *(places[name][1] if name in places else ADDED)) for name, label in layout.columns]
    rows = [[line[places[name][0]] if name in places else _added(name, row) for name, _ in layout.columns] for line, row in zip(said["rows"], said.get("of") or repeat(None))]
    return {"columns": columns, "rows": rows}


def _added(name, row):
    field = extras.of(type(row)).get(name.partition(".")[2])          # taken away since the layout was read: empty, as for a row without it
    return one_line(field.shown(field.of(row))) if field is not None else ""
