"""Fields that the site adds: `extra` of all files together, checked and made ready before anything else is read."""
from decimal import Decimal


from models import extras
from models.roles import STAFF

LONGEST_PATTERN = 200
MEMORY = 1 << 20         # bytes that a pattern may take


def fields_of(files):
    """{model: {name: field}} of all that the files of screens declare; what is wrong is noted with the file that says it."""
    found, owners = {}, {}
    for file in files:
        if file.model is None or file.take("extra") is None:
            continue
        if not extras.allows(file.model):
            file.wrong("extra", f"{file.model.label}不能补充字段")
            continue
        for table in file.values["extra"]:
            table = file.known("extra", table, "extra", ("name", "label"))
            field = table and _field(file, table)
            if not field:
                continue
            known = owners.setdefault((file.model, field.key), file)
            if known is not file or field.key in found.get(file.model, {}):
                file.wrong("extra", f"“{field.key}”已在 {known.name}.toml 里声明" if known is not file else f"“{field.key}”声明了两次", field.key)
                continue
            found.setdefault(file.model, {})[field.key] = field
    _check_renames(files, found, owners)
    return found


def _field(file, table):
    name, kind = table["name"], table.get("type", "text")

    def wrong(what, word=None):
        file.wrong("extra", what, word or name)
    if not extras.NAME.fullmatch(name):
        return wrong(f"name 要求小写字母开头，由小写字母、数字和下划线组成，不超过 40 个字符，实际“{name[:60]}”")
    if len(table["label"]) > 40:
        return wrong(f"label 要求不超过 40 字，实际 {len(table['label'])} 字")
    choices = table.get("choices", {})
    if (kind == "choice") != bool(choices) or not all(isinstance(label, str) and label for label in choices.values()):
        return wrong("choice 这种类型要有 choices，值 = 显示的字；别的类型不能有")
    pattern = table.get("pattern", "")
    if pattern and (kind not in ("text", "long") or not _compiles(pattern)):
        return wrong(f"pattern 不是 RE2 的正则表达式，或太长太复杂：{pattern[:40]}" if kind in ("text", "long") else "pattern 只用于文字", pattern)
    low, high = (None if table.get(word) is None else Decimal(str(table[word])) for word in ("min", "max"))
    if (low is not None or high is not None) and kind not in ("text", "long", "integer", "decimal"):
        return wrong("min、max 只用于文字和数字")
    if low is not None and high is not None and low > high:
        return wrong(f"min 要求不大于 max，实际 {low} 和 {high}")
    if kind in ("text", "long") and (low is not None and low < 0 or high is not None and not 1 <= high <= extras.LONGEST["long"]):
        return wrong(f"文字的长度要求 1 到 {extras.LONGEST['long']}")
    if not 1 <= table.get("places", 2) <= 6:
        return wrong(f"places：要求 1 到 6，实际 {table['places']}")
    if table.get("indexed") and kind in ("long", "file"):
        return wrong("多行文字和文件不能建索引")
    visible = _roles(file, name, "visible", table.get("visible"), [role for role in file.model.readers.split() if role in STAFF])
    return extras.made(file.model, name, kind, table["label"], table.get("help", ""), list(choices.items()), table.get("places", 2), low, high,
                       pattern=pattern, example=table.get("example", ""), required=table.get("required", False), indexed=table.get("indexed", False),
                       was=table.get("was", ""), visible=visible, editable=_roles(file, name, "editable", table.get("editable", []), visible))


def _roles(file, name, word, asked, allowed):
    for role in asked or ():
        if role not in allowed:
            file.wrong("extra", f"{word}：角色“{role}”不能看“{name}”，不能写在这里", role, allowed)
    return tuple(role for role in allowed if asked is None or role in asked)


def _compiles(pattern):
    import re2
    options = re2.Options()
    options.max_mem, options.log_errors = MEMORY, False
    try:
        return len(pattern) <= LONGEST_PATTERN and re2.compile(pattern, options) is not None
    except re2.error:
        return False


def _check_renames(files, found, owners):
    """A field cannot take the name of one that is still there, nor two the values of one: renames in a circle among them."""
    for model, fields in found.items():
        taken = {}
        for field in fields.values():
            if not field.was:
                continue
            file, other = owners[model, field.key], taken.setdefault(field.was, field)
            if not extras.NAME.fullmatch(field.was) or field.was in fields:
                file.wrong("extra", f"was：“{field.was[:40]}”" + ("还是一个字段的名字，不能又是从前的名字" if field.was in fields else "不是一个名字"), field.was)
            elif other is not field:
                file.wrong("extra", f"was：“{field.was}”已由“{other.key}”接过", field.was)
