"""How the papers of a case are printed where the site has a file of its own for a form: its title, texts, fields, boxes and foot notes. What the
fields hold, and the code by which the paper is verified, stay those of the program."""
import logging
from dataclasses import dataclass

from models import extras
from models.applications import Application
from models.wording import filled

log = logging.getLogger(__name__)
_in_force = {}          # name of a form -> Layout


@dataclass(frozen=True)
class Layout:
    """What a site says of one form; what is empty is as the program has it. Texts are those of models/wording.py over the fields of the form."""
    title: str = ""
    intro: tuple = ()             # texts above the fields
    fields: tuple = ()            # (name of a field, its label), in their order
    text: tuple = ()              # the texts in place of the program's own
    boxes: tuple = ()             # for signatures and seals
    notes: tuple = ()             # texts below the boxes


def take(layouts):
    """From now on these are the layouts: {name of a form: Layout}."""
    global _in_force
    _in_force = layouts


def laid(form, said, case):
    """What a paper of a case says, as the site has it laid out. `said` has the `facts` of the program in groups of (name, value), `more` values that
    only texts use, and `text`; what the layout says is added to it or put in its place, and `title`, `boxes` and `notes` beside it. Untouched without a layout."""
    layout = _in_force.get(form)
    if layout is None:
        return said
    values = {name: str(value) for group in said["facts"] for name, value in group} | said["more"]
    try:
        texts = {part: [found for text in getattr(layout, part) if (found := filled(text, values).strip())] for part in ("intro", "text", "notes")}
    except ValueError as error:
        log.warning("the site's layout of %s cannot be used, the paper is printed as the program has it: %s", form, error)
        return said
    facts = [[(label, _value(name, values, case)) for name, label in layout.fields]] if layout.fields else said["facts"]
    own = {"facts": facts, "intro": texts["intro"], "notes": texts["notes"]} | ({"text": texts["text"]} if layout.text else {})
    return said | own | {part: list(value) if isinstance(value, tuple) else value for part in ("title", "boxes") if (value := getattr(layout, part))}


def _value(name, values, case):
    if name in values:
        return values[name]
    field = extras.of(Application).get(name.partition(".")[2])          # taken away since the layout was read: an empty field, as for a row without it
    return field.shown(field.of(case)) if field is not None else ""
