"""The look-up behind a box in which another row is found by typing: only rows in the user's sight, searched as their own screen does."""
from backoffice.paths import load_owners, named_by
from backoffice.searching import found_by

MOST = 20


def look_up(screens, screen, user, name, text):
    """[{id, text}] for a field of the screen's form, lines ("line.plan") or filters; None when it is none of them."""
    found = _target(screen, name)
    if found is None:
        return None
    model, where = found
    rows, text = model.visible_to(user), text.strip()
    if where:
        rows = rows.where(*narrowing(model, where))
    if text:
        found = found_by(screens.searched(model), text)
        rows = rows.where(model.id < 0 if found is None else found)
    found = list(rows.order_by(model.id.desc()).limit(MOST))
    load_owners(found, named_by(model))
    return [{"id": row.id, "text": str(row)} for row in found]


def narrowing(model, where):
    """The conditions of a table of field = value, or = list of values."""
    fields = model._meta.fields
    return [fields[key].in_(wanted) if isinstance(wanted, list) else fields[key] == wanted for key, wanted in where.items()]


def _target(screen, name):
    """(model, what narrows it) of the rows that a field points to."""
    boxes = {box.name: box for box in screen.boxes}
    if screen.lines:
        boxes |= {f"line.{box.name}": box for box in screen.lines.boxes}
    if name in boxes:
        return (boxes[name].field.rel_model, boxes[name].where) if boxes[name].kind.picks == "row" else None
    item = screen.filters.get(name)
    return (item.path.end.rel_model, {}) if item is not None and item.kind.picks == "row" else None
