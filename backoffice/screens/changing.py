"""The form beside a screen's file: what is changed in it is written into the text, and everything else of the text stays as it was typed."""
from dataclasses import dataclass

import tomlkit

from backoffice.screens.layers import SITE, Layers, parsed

PLAIN = ("title", "help", "menu", "order", "page_size", "order_by")
LISTS = ("columns", "filters", "search", "export")
NUMBERS = ("order", "page_size")


@dataclass(frozen=True)
class Change:
    """One key before and after, as TOML."""
    key: str
    before: str
    after: str


def effective(name, layers):
    """{key: value} of a screen's layers, the later over the earlier."""
    return Layers(name, layers, "site" if name == SITE else "screen").values


def differences(before, after):
    """The Changes between two sets of values."""
    return [Change(key, shown(before.get(key)), shown(after.get(key))) for key in sorted({*before, *after}) if before.get(key) != after.get(key)]


def shown(value):
    """A value as it would stand in the file; empty for none."""
    if value is None:
        return ""
    item = _array(value) if isinstance(value, list) else _inline(value) if isinstance(value, dict) else tomlkit.item(value)
    return item.as_string()


def names_in(items):
    """The field names of a list of names and tables, one a line, as the form shows them."""
    return "\n".join(item if isinstance(item, str) else str(item.get("name", "")) for item in items or ())


def written(text, values, given, labels):
    """The text with what the form says: `values` are those in force, `given` what was sent, `labels` what the steps are called by name. A text
    that is no TOML stays as it is."""
    if parsed(text)[1]:
        return text
    document = tomlkit.parse(text)
    for key in PLAIN:
        said = given.get(key, "").strip()
        if key in given and said != str(values.get(key, "")):
            _put(document, key, int(said) if key in NUMBERS and said.isdecimal() else said)
    for key in LISTS:
        said = given.get(key, "").split()
        if key in given and said != names_in(values.get(key)).split():
            known = {item["name"]: item for item in values.get(key, ()) if isinstance(item, dict) and "name" in item}
            _put(document, key, [known.get(name, name) for name in said])
    if "prints.shown" in given and given.getlist("prints") != values.get("prints", []):
        _put(document, "prints", given.getlist("prints"))
    _steps(document, values, given, labels)
    for key, table in (("extra", _extra(given)), ("views", _counted(given, "view")), ("tiles", _counted(given, "tile"))):
        if table:
            _put(document, key, [*values.get(key, []), table])
    if table := _extra(given):
        for key in given.getlist("x.into"):
            if key in LISTS:
                _put(document, key, [*document.unwrap().get(key, values.get(key, values.get("columns", []) if key == "export" else [])), f"extra.{table['name']}"])
    if given.get("hide.field", "").strip() and given.get("hide.role"):
        hidden = {role: list(names) for role, names in values.get("hide", {}).items()}
        hidden[given["hide.role"]] = [*hidden.get(given["hide.role"], []), given["hide.field"].strip()]
        _put(document, "hide", hidden)
    return tomlkit.dumps(document)


def _steps(document, values, given, labels):
    offered = values.get("steps", [key.partition(".")[2] for key in given if key.startswith("step.")])
    tables = [item if isinstance(item, dict) else {"name": item} for item in offered]
    renamed = []
    for table in tables:
        name, label = table.get("name"), given.get(f"step.{table.get('name')}", "").strip()
        renamed.append(table | {"label": label} if label and label != table.get("label", labels.get(name)) else table)
    if renamed != tables:
        _put(document, "steps", [table if len(table) > 1 else table["name"] for table in renamed])


def _extra(given):
    name, label = given.get("x.name", "").strip(), given.get("x.label", "").strip()
    if not (name and label):
        return {}
    table = {"name": name, "label": label, "type": given.get("x.type", "text")}
    for key in ("visible", "editable"):
        if given.getlist(f"x.{key}"):
            table[key] = given.getlist(f"x.{key}")
    return table | ({"required": True} if given.get("x.required") == "1" else {}) | ({"indexed": True} if given.get("x.indexed") == "1" else {})


def _counted(given, part):
    """A view or a tile: a title and one condition; a tile may be drawn by a field."""
    title, field, values, by = (given.get(f"{part}.{word}", "").strip() for word in ("title", "field", "value", "by"))
    if not (title and (field or by)):
        return {}
    several = values.replace("，", ",").split(",")
    where = {"where": {field: values if len(several) < 2 else [value.strip() for value in several]}} if field else {}
    return {"title": title} | where | ({"by": by} if by else {})


def _put(document, key, value):
    """Set a key of the text, where it stands or else before the first table."""
    item = _array(value) if isinstance(value, list) else _inline(value) if isinstance(value, dict) else value
    if key in document and isinstance(document[key], (tomlkit.items.AoT, tomlkit.items.Table)):
        document.remove(key)
    document[key] = item


def _array(values):
    found = tomlkit.array()
    for value in values:
        found.append(_inline(value) if isinstance(value, dict) else _array(value) if isinstance(value, list) else value)
    return found.multiline(any(isinstance(value, dict) for value in values))


def _inline(table):
    found = tomlkit.inline_table()
    for key, value in table.items():
        found[key] = _inline(value) if isinstance(value, dict) else _array(value) if isinstance(value, list) else value
    return found
