"""Stage 9 for everybody: the lists of proposed degrees that are on public notice, and the objection to one of them."""
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_security import current_user

from backoffice.forms import Typed, TypedForm
from backoffice.kinds import Kind, Long
from models import clock
from models.awards import AgendaItem, Award, AwardObjection, Meeting
from models.defences import Thesis
from models.people import Person
from models.reference import Discipline
from models.workflow import Refused
from views.site.checks import hidden
from views.site.mine import me

rooms = Blueprint("degrees", __name__)
PAGE = 100


class Objecting(TypedForm):
    """What an objection says."""
    name = Typed(AwardObjection.name.verbose_name, Kind(AwardObjection.name), must=True)
    contact = Typed(AwardObjection.contact.verbose_name, Kind(None), must=True, description=AwardObjection.contact.help_text)
    statement = Typed(AwardObjection.statement.verbose_name, Long(AwardObjection.statement), must=True, description=AwardObjection.statement.help_text)


def running():
    """Query over the meetings whose notice runs today."""
    today = clock.today()
    return Meeting.select().where(Meeting.state == "noticed", Meeting.notice_from <= today, Meeting.notice_until >= today)


@rooms.get("/degrees")
def all():
    """The notices of today."""
    return render_template("site/degrees.html", rows=list(running().order_by(Meeting.notice_until, Meeting.id)))


@rooms.get("/degrees/<int(max=2147483647):id>")
def show(id):
    """One list: of each name only the first character, with discipline and thesis; never a number."""
    meeting, page = running().where(Meeting.id == id).first() or abort(404), max(1, request.args.get("page", 1, int))
    items = of(meeting)
    rows = list(items.order_by(Discipline.code, AgendaItem.id).paginate(page, PAGE))
    if page > 1 and not rows:
        abort(404)
    titles = dict(Thesis.select(Thesis.application, Thesis.title).where(Thesis.application.in_([row.award.application_id for row in rows])).tuples())
    lines = [(row, hidden(row.award.person.name), row.award.discipline, titles.get(row.award.application_id, "")) for row in rows]
    return render_template("site/degree_notice.html", meeting=meeting, lines=lines, page=page, size=PAGE, found=items.count())


@rooms.route("/degrees/<int(max=2147483647):id>/objection/<int(max=2147483647):item>", methods=("GET", "POST"))
def doubt(id, item):
    """The form of an objection, for whoever has logged in; a POST raises it."""
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=url_for("degrees.doubt", id=id, item=item)))
    meeting = running().where(Meeting.id == id).first() or abort(404)
    row = of(meeting).where(AgendaItem.id == item).first() or abort(404)
    form, refused = Objecting(request.form if request.method == "POST" else None, user=me(), data={"name": me().name}, meta={"csrf": False}), []
    if request.method == "POST" and form.validate():
        try:
            AwardObjection.add(me(), award=row.award_id, name=form.name.data, contact=form.contact.data, statement=form.statement.data)
            flash(f"异议已送达 {meeting.institution}，答复以前不会授予学位；答复会通知您。", "ok")
            return redirect(url_for("degrees.show", id=id))
        except Refused as refusal:
            refused = [*refusal.reasons, *form.show(refusal)]
    return render_template("site/degree_objection.html", meeting=meeting, row=row, name=hidden(row.award.person.name), form=form,
                           reasons=refused), 422 if request.method == "POST" else 200


def of(meeting):
    """Query over the items of a list, each with award, person and discipline."""
    return (AgendaItem.select(AgendaItem, Award, Person, Discipline).join(Award).join(Person).switch(Award).join(Discipline)
            .where(AgendaItem.meeting == meeting, AgendaItem.state == "listed"))
