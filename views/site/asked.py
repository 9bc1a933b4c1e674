"""Stage 7 for the applicant: everything that he has asked for, what became of it, and taking it back."""
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for

from models.applications import GROUNDS, Application
from models.audit import Entry
from models.changes.data import NEW, DataChange
from models.changes.extension import GROUNDS as REASONS
from models.changes.extension import Extension
from models.changes.programme import ProgrammeChange
from models.dismissals import Dismissal
from models.identity import masked
from models.releases import ReleaseRequest
from models.workflow import Act, Refused
from views.site.changes import CHANGES, subject
from views.site.mine import applicants_only, me, mine

rooms = Blueprint("asked", __name__)
rooms.before_request(applicants_only)
KINDS = {"extension": Extension, "programme": ProgrammeChange, "data": DataChange, "exit": Dismissal, "release": ReleaseRequest}


@dataclass(frozen=True)
class Asked:
    """One request: its kind by name and in words, the row, what is asked, since when, what was answered and when, and whether it can
    still be taken back."""
    kind: str
    title: str
    row: object
    what: str
    at: object
    answer: str
    answered_on: object
    may_withdraw: bool


@rooms.get("/me/changes")
def show():
    """What can be asked for, and what has been."""
    return page()


@rooms.post("/me/changes/<any(extension, programme, data, exit, release):change>/<int:id>/withdraw")
def withdraw(change, id):
    """Take a request back."""
    kind = KINDS[change]
    row = mine(kind, id, lambda row: row if "person" in kind._meta.fields else row.application)
    try:
        row.withdraw(by=me())
    except Refused as refused:
        return page(refused.reasons, 422)
    flash(f"{title_of(change, row)}已撤回。", "ok")
    return redirect(url_for("asked.show"))


def page(reasons=(), code=200):
    case = subject()
    offers = [(change, change.closed(case)) for change in CHANGES.values()] if case else []
    return render_template("site/changes.html", case=case, offers=offers, asked=everything(), reasons=reasons), code


def everything():
    """Every request of the person and every dismissal proposed of him, the latest first."""
    found = [asked for name, kind in KINDS.items() for asked in _of(name, kind)]
    return sorted(found, key=lambda asked: asked.at, reverse=True)


def _of(name, kind):
    person = me().person_id
    cases = Application.select(Application.id).where(Application.person == person)
    owned = kind.person == person if "person" in kind._meta.fields else kind.application.in_(cases)
    rows = list(kind.visible_to(me()).where(owned))
    since = dict(Entry.select(Entry.row_id, Entry.at).where(Entry.entity == kind._meta.table_name, Entry.verb == "create", Entry.row_id.in_(
        [row.id for row in rows])).tuples()) if rows else {}
    for row in rows:
        answered = row.answered_at if name == "release" else row.decided_on
        yield Asked(name, title_of(name, row), row, WORDS[name](row), since[row.id], row.answer if name == "release" else row.opinion, answered,
                    not kind.withdraw.reasons(row, Act(me(), {}), seen=True))


def title_of(name, row):
    """What a request is called here; a dismissal by who proposed it."""
    if name == "exit":
        return "退出申请" if row.proposed_by_id == me().id else "单位提出的清退"
    return row.label


def _new_data(row):
    hidden = ("document_number", "phone")
    return "，".join(f"{row._meta.fields[name].verbose_name} {masked(text) if name in hidden else text}" for name in NEW if (text := getattr(row, name)))


WORDS = {
    "extension": lambda row: f"延长至 {row.until}，{dict(REASONS)[row.ground]}",
    "programme": lambda row: f"变更为 {row.programme.discipline}（{row.programme.year} 年度）",
    "data": _new_data,
    "exit": lambda row: f"{dict(GROUNDS)[row.ground]}：{row.statement}",
    "release": lambda row: f"请 {row.institution} 放行" + (f"，拟申请 {row.programme.institution} {row.programme.discipline}" if row.programme_id else ""),
}
