"""Stage 6 for the applicant: his admission tickets in their window, and rechecks of his published results in theirs."""
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for

from models.audit import record
from models.exams.rechecks import ResultRecheck, closed_for
from models.exams.results import ExamResult
from models.exams.seats import Seat
from models.exams.tickets import AdmissionTicket, refusal
from models.workflow import Refused
from tasks.print import tickets as paper
from views.site.mine import applicants_only, me, mine, my_cases

rooms = Blueprint("tickets", __name__)
rooms.before_request(applicants_only)


@rooms.get("/me/exam/tickets")
def show():
    """My tickets, and my results with what was asked about them."""
    case = my_cases().first()
    own = list(AdmissionTicket.visible_to(me()).order_by(AdmissionTicket.number.desc()))
    seats = {seat.entry_id: seat for seat in Seat.select().where(Seat.entry.in_([ticket.entry_id for ticket in own]))}
    results = list(ExamResult.visible_to(me()).where(ExamResult.application == case).order_by(ExamResult.id.desc())) if case else []
    asked = {row.result_id: row for row in ResultRecheck.visible_to(me()).where(ResultRecheck.result.in_([row.id for row in results]))}
    return render_template("site/tickets.html", tickets=[(ticket, seats.get(ticket.entry_id), refusal(ticket.entry.session)) for ticket in own],
                           results=[(row, asked.get(row.id), closed_for(row.session)) for row in results])


@rooms.get("/me/exam/ticket/<int(max=2147483647):id>")
def fetch(id):
    """One ticket as PDF, in its window."""
    ticket = mine(AdmissionTicket, id, lambda row: row.entry.application)
    against = refusal(ticket.entry.session)
    if against is None and ticket.entry.state != "paid":
        abort(404)
    if against is not None:
        flash(str(against), "bad")
        return redirect(url_for("tickets.show"))
    content = paper.one(ticket)
    record(me(), ticket, "sheet", "下载准考证")
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=f"准考证_{ticket.number}.pdf")


@rooms.route("/me/exam/recheck/<int(max=2147483647):id>", methods=("GET", "POST"))
def recheck(id):
    """The form of a recheck of one result; a POST asks for it."""
    result, refused = mine(ExamResult, id), None
    statement = request.form.get("statement", "").strip()
    if request.method == "POST":
        try:
            ResultRecheck.add(me(), result=result, statement=statement)
        except Refused as found:
            refused = found
        else:
            flash("复查申请已提交，等待组考部门答复。", "ok")
            return redirect(url_for("tickets.show"))
    return render_template("site/recheck.html", result=result, statement=statement, closed=closed_for(result.session),
                           reasons=refused.reasons if refused else [], faults=refused.fields if refused else {}), 422 if refused else 200
