"""The reference page and the JSON Schema of screen files, both written from the one table of words. `run.py words` puts them into docs/."""
import json

from backoffice.screens.vocabulary import ANY, DECIMAL, FLAG, INSIDE, LIST, NUMBER, TABLE, TABLES, TEXT, TEXTS, TITLES, VOCABULARY, WORDS
from tasks.print.forms import FORMS

HEAD = """# The words of a screen file

This page is written by `python run.py words` from `backoffice/screens/vocabulary.py`; the loader checks against the same table, and
[screens.schema.json](screens.schema.json) tells it to editors (`#:schema docs/screens.schema.json` in the first line of a file for those that use Taplo).

One TOML file is one screen at `/office/<file name>/`. Three layers lie over each other key by key: the shipped files in `views/screens/`, the site's
own folder (`SCREENS_DIR`, default `instance/screens/`), and what IT staff have applied in the browser under 系统 → 界面配置, which is kept as
versions in the database. `site.toml` beside the folder (`instance/site.toml`) holds what belongs to no single screen.

A changed file or an applied version reaches every running process within five seconds. When something is wrong the last good screens stay, and IT
staff see every problem at once as `file.toml:LINE: key: what is wrong`, with the nearest right word; `python run.py check` says the same beforehand.

A screen chooses, renames and narrows. It can never grant a step, widen a scope or touch a state. What the site's layers show to a role, by
column, filter, step or row, must be given to that role by a shipped screen over the same kind of record; fields of common tables (institution,
discipline, codes) behind a field that is given count as given, and so do extra fields, within the roles that read the record. A screen of the
site's own is called `own_…`, is read-only unless a shipped screen writes the same fields, and needs a new start to come into being.

Extra fields are kept in the row's JSON column `extra`. They are columns in every other respect: `extra.campus_number` may stand in `columns`,
`filters`, `search`, `order_by`, `views`, `tiles`, `details`, `form` and `export` of every screen over the same kind of record. Whoever is named by
`editable` fills them under 补充字段 on the page of a row, whatever the state of the row; those of applications
also come from a workbook (导入申请的补充字段). Where `details` gives a field no place, the page of a row shows it in a section of its own. A field that is
taken out of the file is hidden and its values stay; `was` gives them a new name.

A form that is printed may have a file of the site's own, `prints/<form>.toml` beside the folder of the screens (`instance/prints/review.toml`): title, texts,
which fields and which columns of its table in which order under which names, boxes for signatures and seals, foot notes. What they hold, the plan of a room, the places
of photo and codes on an admission ticket, and the code by which a paper is verified stay those of the program; the table at the end says which words fit which form. Texts
name fields as `{{ 姓名 }}`; nothing in them is computed. Columns count for the workbook of a list too. A file with a problem changes nothing: the form is printed as it is
shipped, and the page of the screens, the page of printing and `python run.py check` say file and line.
"""
SCHEMA = {TEXT: {"type": "string"}, NUMBER: {"type": "integer"}, DECIMAL: {"type": "number"}, FLAG: {"type": "boolean"}, TABLE: {"type": "object"},
          LIST: {"type": "array"}, TEXTS: {"type": "array", "items": {"type": "string"}}, TABLES: {"type": "array", "items": {"type": "object"}},
          ANY: {"type": ["string", "number", "boolean"]}}


def reference():
    """The page docs/screens.md."""
    parts = [HEAD]
    for where, keys in WORDS.items():
        parts.append(f"\n## {TITLES[where]}\n\n| key | kind | left out | what | example |\n|---|---|---|---|---|\n")
        for key in keys:
            among = "：" + "、".join(f"`{word}`" for word in key.among) if key.among else ""
            cells = (f"`{key.name}`", key.type, key.default, key.what + among, f"`{key.example}`")
            parts.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    parts.append("\n## 各种表格\n\n| form | called | printed by | words | fields | columns | only in texts |\n|---|---|---|---|---|---|---|\n")
    for form in FORMS.values():
        words, lists = [f"`{key.name}`" for key in WORDS["print"] if key.name in form.parts], [list(form.fields), [*form.columns, *(["补充字段"] if form.of else [])], form.more]
        parts.append(" | ".join([f"| `{form.name}`", form.label, " ".join(form.printers), " ".join(words) or "样式固定", *map("、".join, lists)]) + " |\n")
    return "".join(parts)


def schema():
    """The text of docs/screens.schema.json: a screen file; the site file under $defs."""
    defs = {where: _object(where) for where in VOCABULARY}
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "同力信息平台：界面文件", "$ref": "#/$defs/screen", "$defs": defs}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _object(where):
    found = {"type": "object", "title": TITLES[where], "additionalProperties": False, "properties": {}}
    for key in WORDS[where]:
        found["properties"][key.name] = {"description": key.what} | SCHEMA[key.type] | ({"enum": list(key.among)} if key.among else {})
        inside = INSIDE.get((where, key.name))
        if inside:
            found["properties"][key.name] |= _inside(key.type, {"$ref": f"#/$defs/{inside}"}, where)
    return found


def _inside(kind, item, where):
    """What stands in a list or table: where a list may hold plain names, either form; a section may be of columns or of boxes."""
    if kind == TABLE:
        return item
    if where == "section":
        return {"items": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/box"}, {"$ref": "#/$defs/column"}]}}
    return {"items": {"anyOf": [{"type": "string"}, item]} if kind == LIST else item}
