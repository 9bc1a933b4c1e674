"""Texts that a site words itself (all stages): `{{ 字段 }}`, `{% if 字段 %}…{% else %}…{% endif %}` and a few filters, over declared fields, and nothing else.

A text is judged by the tree that Jinja reads out of it: only the kinds of nodes in ALLOWED may stand there. There is no loop, no call, no arithmetic,
no attribute and no assignment among them, so that a text cannot run long, reach an object or build a large one: the work is at most the text once,
each field once in each place. What may still be large, a long field in many places, is stopped by MOST. The sandbox is the second wall.
"""
import re
from difflib import get_close_matches
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST, MOST = 5000, 20_000      # characters of a text, and of what becomes of it
DEEPEST = 12                      # conditions and words within each other
LARGEST = 10_000                  # a number that is written in a text
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Filter, nodes.Const, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand)
AGAINST = (((nodes.Getattr, nodes.Getitem, nodes.Slice), "不能取字段里面的东西"), ((nodes.Call, nodes.CallBlock, nodes.Macro), "不能调用和定义函数"), ((nodes.For,), "不能循环"),
           ((nodes.Import, nodes.FromImport, nodes.Include, nodes.Extends, nodes.Block), "不能引入别的模板"),
           ((nodes.Assign, nodes.AssignBlock, nodes.With), "不能赋值"), ((nodes.BinExpr, nodes.UnaryExpr, nodes.Concat), "不能计算"),
           ((nodes.List, nodes.Tuple, nodes.Dict), "不能写列表"))
FORM = "只能写 {{ 字段 }}、{% if 字段 %}…{% else %}…{% endif %}"


def _day(value):
    found = DAY.match(str(value))
    return f"{int(found[1])} 年 {int(found[2])} 月 {int(found[3])} 日" if found else str(value)


def _short(value, size=40):
    text = str(value)
    return text if len(text) <= size else text[:max(0, size - 1)] + "…"


FILTERS = {"日期": _day, "截短": _short, "default": lambda value, other="": value or other, "upper": lambda value: str(value).upper(),
           "lower": lambda value: str(value).lower(), "trim": lambda value: str(value).strip()}
_jinja = ImmutableSandboxedEnvironment(autoescape=False, keep_trailing_newline=True)
_jinja.filters, _jinja.tests, _jinja.globals = dict(FILTERS), {}, {}


class TooLong(ValueError):
    """A text that would become longer than MOST."""


def fault(text, fields):
    """The sentence against a text over the named fields; empty when it may be used."""
    if len(text) > LONGEST:
        return f"文字太长：要求不超过 {LONGEST:,} 字，实际 {len(text):,} 字，差 {len(text) - LONGEST:,} 字"
    try:
        tree = _jinja.parse(text)
    except TemplateSyntaxError as error:
        return f"第 {error.lineno} 行：花括号要成对，if 要有 endif；{FORM}"
    except (ValueError, RecursionError, MemoryError):      # numbers and brackets beyond what can be read
        return f"写得太深或数字太大；{FORM}"
    stack = [(tree, 0, 1)]
    while stack:
        node, depth, line = stack.pop()
        line = node.lineno or line
        if said := _against(node, depth, fields):
            return f"第 {line} 行：{said}"
        stack += [(child, depth + (not isinstance(node, (nodes.Template, nodes.Output))), line) for child in node.iter_child_nodes()]
    return ""


def _against(node, depth, fields):
    if not isinstance(node, ALLOWED):
        return f"{next((words for kinds, words in AGAINST if isinstance(node, kinds)), '这种写法不能用')}；{FORM}"
    if depth > DEEPEST:
        return f"套得太深，要求不超过 {DEEPEST} 层"
    if isinstance(node, nodes.TemplateData) and set("{}") & set(node.data):
        return f"花括号要成对，字段写作 {{{{ {next(iter(fields))} }}}}"
    if isinstance(node, nodes.Name) and node.name not in fields:
        return f"没有“{node.name}”这个字段{_near(node.name, fields)}：可以用 {' '.join(fields)}"
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"没有“{node.name}”这种写法{_near(node.name, FILTERS)}：可以用 {' '.join(FILTERS)}"
    if isinstance(node, nodes.Filter) and (node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > (node.name in ("截短", "default"))
                                           or not all(isinstance(arg, nodes.Const) and isinstance(arg.value, int if node.name == "截短" else str) for arg in node.args)):
        return f"“{node.name}”后面的括号里只能写一个{'数' if node.name == '截短' else '词'}，或不写"
    if isinstance(node, nodes.Operand) and node.op not in ("eq", "ne"):
        return f"只能比较 == 和 !=；{FORM}"
    if isinstance(node, nodes.Const) and not isinstance(node.value, str) and not (isinstance(node.value, int) and abs(node.value) <= LARGEST):
        return f"数字要求是不超过 {LARGEST:,} 的整数"
    return ""


def _near(word, words):
    near = get_close_matches(word, [str(known) for known in words], n=1, cutoff=0.3)
    return f"，是不是“{near[0]}”" if near else ""


@lru_cache(256)
def _compiled(text, names):
    if said := fault(text, names):
        raise ValueError(said)
    return _jinja.from_string(text)


def filled(text, fields):
    """The text with its fields, {name: value}; ValueError where it may not be used or becomes too long. What a value holds is never read as a text."""
    parts, size = [], 0
    for part in _compiled(text, tuple(fields)).generate({name: str(value) for name, value in fields.items()}):
        size += len(part)
        if size > MOST:
            raise TooLong(f"填好以后超过 {MOST:,} 字")
        parts.append(part)
    return "".join(parts)
