"""Whose rooms these are: only applicants enter, and each sees the cases of his own person and no other."""
from flask import abort, redirect, request, url_for
from flask_security import current_user

from models.applications import LIVE, Application
from models.releases import ReleaseRequest


def applicants_only():
    """Before a request: nobody is sent to the log-in, staff are refused."""
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?") if request.method == "GET" else None))
    if current_user.person_id is None or "applicant" not in current_user.role_names:
        abort(403)
    return None


def me():
    """The account itself, not the proxy of the request, so that it can be kept with what it writes."""
    return current_user._get_current_object()


def my_cases():
    """Query over the cases of the person, newest first."""
    return Application.visible_to(me()).where(Application.person == me().person_id).order_by(Application.id.desc())


def live_case():
    """The one case that is under way, or None."""
    return my_cases().where(Application.state.in_(LIVE)).first()


def frozen_case():
    """The case that is frozen until its dismissal is final, or None."""
    return my_cases().where(Application.state == "frozen").first()


def my_release():
    """The release request that still matters: the last one, unless it was taken back or a later case has left it behind."""
    last = ReleaseRequest.visible_to(me()).where(ReleaseRequest.person == me().person_id).order_by(ReleaseRequest.id.desc()).first()
    if last is None or last.state == "withdrawn":
        return None
    case = live_case()
    return last if case is None or case.id == last.application_id else None


def my_case(id):
    """The case `id` of the person; 404 for a foreign and for a missing one."""
    return mine(Application, id, lambda case: case)


def mine(kind, id, case_of=lambda row: row.application):
    """The row `id` of a kind when it belongs to a case of the person, else 404."""
    row = kind.seen(me(), id)
    if row is None or case_of(row).person_id != me().person_id:
        abort(404)
    return row
