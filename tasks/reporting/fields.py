"""Stage 10: the table of the reported fields as text, for the docs page; it is read from models.record and nowhere else."""
from models.record import ALWAYS, BACHELOR, CHINESE, FIELDS, MAINLAND, NEVER, SECOND
from models.reference import CODE_TABLES

WHEN = {ALWAYS: "必填", NEVER: "", CHINESE: "外国人以外必填", MAINLAND: "内地居民必填", BACHELOR: "以境内学士学位申请的必填", SECOND: "按二级学科授予的必填"}
TYPES = {"C": "文字", "N": "数字，位数固定", "D": "日期 CCYYMMDD", "Y": "年份"}
HEAD = ("代码", "名称", "类型", "宽度", "必填", "代码表", "来源")


def table():
    """The lines of the Markdown table, one a field, in the order of the files."""
    rows = [HEAD, ("---",) * len(HEAD)]
    rows += [(field.code, field.name, TYPES[field.type], str(field.width), WHEN[field.mandatory], CODE_TABLES.get(field.table, ""), field.source)
             for field in FIELDS]
    return [f"| {' | '.join(row)} |" for row in rows]
