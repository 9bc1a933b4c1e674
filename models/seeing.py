"""Why an account sees a row, or does not, in one sentence (all stages); asked of the same rules that every query follows, and told without
any value of the row but the place that it belongs to."""
import inspect
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.base import Entity
from models.roles import role_label

ROOT = Path(__file__).parent.parent
SPANS = {"nation": "全国", "office": "本省级学位办各单位", "unit": "本单位", "college": "本学院", "site": "本考点", "own": "本人"}
OWNERS = {"office": "institution", "unit": "institution", "college": "college", "site": "site", "own": "person"}


@dataclass(frozen=True)
class Answer:
    """Whether the row is seen, and the sentence that says why."""
    sees: bool
    text: str


def span(kind, level):
    """Which rows of a kind a level sees, in words; nothing where an account of a college has nothing to do with them."""
    if kind.national:
        return SPANS["nation"]
    if level == "college" and not kind.towards_college():
        return SPANS["unit"] if kind.unit_wide else ""
    return SPANS[level]


def in_college(kind):
    """Which rows of a kind an account of a college has, in words."""
    rows = span(kind, "college")
    return f"{rows}，不能填写" if kind.unit_wide else rows or "不能看"


def rule(kind):
    """The file and line of the rule by which rows of a kind are seen: its own, else that of its class."""
    own = next((name for name in ("visible_to", "within") if getattr(kind, name).__func__ is not getattr(Entity, name).__func__), "")
    return source(kind, own)


@cache
def source(kind, name=""):
    """The file and line of a class, of a method of it, or of the line that assigns a name in it."""
    for owner in kind.__mro__ if name else (kind,):
        if not name or name in vars(owner):
            lines, first = inspect.getsourcelines(owner)
            at = next((n for n, line in enumerate(lines) if line.split("(")[0].split() in (["def", name], [name, "=", "Step"])), 0) if name else 0
            return f"{Path(inspect.getfile(owner)).relative_to(ROOT).as_posix()}:{first + at}"
    return ""


def owner_of(row, level):
    """The unit, college, site or person that a row belongs to, as a level looks at it; None where its kind leads to none."""
    name = OWNERS.get(level)
    while name and row is not None and name not in row._meta.fields:
        link = row.towards_college() if level == "college" else getattr(type(row), row.seen_through) if row.seen_through else None
        if link is not None and link.primary_key:        # a college itself
            return row
        row = getattr(row, link.name) if link is not None and link.model is type(row) else None
    return getattr(row, name) if name and row is not None else None


def why(user, kind, id):
    """The Answer for an account and the row `id` of a kind."""
    if not user.active:
        return Answer(False, "账号已停用，停用的账号什么也看不到")
    row = kind.select().where(kind.id == id).first()
    if row is None:
        return Answer(False, f"没有编号为 {id} 的{kind.label}")
    readers = kind.readers.split()
    powers = [(role, level) for role, level in user.powers() if role in readers]
    if not powers:
        return Answer(False, f"{kind.label}要求角色{_roles(readers) or '（没有角色能看）'}，实际{_roles(user.role_names) or '没有角色'}（{source(kind)}）")
    if kind.seen(user, id) is not None:
        role, level = next((power for power in powers if _within(kind, user, power[1], id)), powers[0])
        place = None if kind.national or level in ("nation", "own") else owner_of(row, level)
        return Answer(True, f"{role_label(role)}看{span(kind, level)}的{kind.label}" + (f"，这一行属于{place}" if place is not None else "") + f"（{rule(kind)}）")
    return Answer(False, "；".join(_against(kind, user, row, role, level) for role, level in powers) + f"（{rule(kind)}）")


def _roles(names):
    return "、".join(role_label(name) for name in names)


def _within(kind, user, level, id):
    rows = kind.within(level, user)
    return rows is True or rows is not None and kind.select().where(kind.id == id, rows).exists()


def _against(kind, user, row, role, level):
    """The sentence against one role: another place, no place at all, or a rule of the kind."""
    head = f"{role_label(role)}只看{span(kind, level)}的{kind.label}"
    if level == "college":
        if kind.beyond_college():
            return f"{kind.label}属于全单位，{user}只看{user.college}"
        unit, theirs, level = owner_of(row, "unit"), owner_of(row, "college"), "unit"
        if unit is not None and unit.id == user.institution_id and getattr(theirs, "id", None) != user.college_id:
            return f"{head}：这一行属于{theirs or '全单位'}，{user}只看{user.college}"
    if level in OWNERS and not kind.national and user.place(level) is None:
        return f"{head}，而账号不属于任何{'单位' if level in ('unit', 'office') else '考点' if level == 'site' else '申请人'}"
    place = owner_of(row, level)
    theirs = place.office_id if place is not None and level == "office" else getattr(place, "id", None)
    if level in OWNERS and place is not None and theirs != user.place(level):
        if level == "own":
            return f"{head}：要求是本人的，实际是别人的"
        mine = user.office if level == "office" else user.institution if level == "unit" else "账号的考点"
        return f"{head}：要求属于{mine}，实际属于{place}"
    return head + (f"，而这一行是“{row.state_label}”" if row.STATES else "，而这一行不在其中")
