"""Stage 1 for everybody: the start page, the search of published programmes, and one programme with its training plan and windows."""
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from wtforms import BooleanField, Form, SelectField, StringField

from models import clock
from models.applications import start
from models.exams.sessions import ExamSession
from models.programmes import Course, Programme
from models.reference import Announcement, Discipline, Institution, Province
from models.releases import ask_release
from models.workflow import Reason, Refused
from views.site.mine import applicants_only, frozen_case, live_case, me, my_release

rooms = Blueprint("programmes", __name__)
PAGE, MOST = 20, 1000


class Search(Form):
    """What the public list may be narrowed by; all of it stands in the address."""
    q = StringField("关键词", render_kw={"placeholder": "单位、学科或研究方向", "type": "search"})
    province = SelectField("省份", validate_choice=False)
    unit = SelectField("学位授予单位", validate_choice=False)
    discipline = SelectField("学科", validate_choice=False)
    open = BooleanField("只看现在可以申请的")

    def load(self):
        """Offer what the published programmes have."""
        rows = Programme.published().join(Institution).join(Province).switch(Programme).join(Discipline)
        for field, kind, name in ((self.province, Province, Province.short_name), (self.unit, Institution, Institution.name),
                                  (self.discipline, Discipline, Discipline.name)):
            code = kind.code
            field.choices = [("", "全部"), *rows.select(code, name).distinct().order_by(code).tuples()]
        return self

    def rows(self):
        """Query over the programmes found, with their unit, province and discipline."""
        found = (Programme.published().select(Programme, Institution, Province, Discipline).join(Institution).join(Province).switch(Programme)
                 .join(Discipline).order_by(Programme.year.desc(), Institution.code, Discipline.code))
        for field, column in ((self.province, Province.code), (self.unit, Institution.code), (self.discipline, Discipline.code)):
            if field.data:
                found = found.where(column == field.data)
        for word in (self.q.data or "").split()[:5]:
            found = found.where(Institution.name.contains(word) | Discipline.name.contains(word) | Discipline.code.startswith(word) |
                                Programme.direction.contains(word))
        return found.where(*now_open()) if self.open.data else found

    def address(self, **changed):
        """The address of this search with something changed."""
        kept = {name: value for name, value in self.data.items() if value and value is not True} | ({"open": "y"} if self.open.data else {})
        return url_for("programmes.search", **kept, **changed)


def now_open():
    """Conditions on a programme that takes applications today."""
    return Programme.apply_from <= clock.today(), Programme.apply_until >= clock.today()


@rooms.get("/")
def home():
    """What this is, what is open now, and the news."""
    sessions = ExamSession.select().where(ExamSession.state == "open", ExamSession.entry_until >= clock.today()).order_by(ExamSession.entry_from)
    applying = Programme.published().where(*now_open())
    return render_template("site/home.html", form=Search().load(), sessions=sessions, announcements=Announcement.shown().limit(5),
                           applying=applying.count(), last=applying.order_by(Programme.apply_until).first())


@rooms.get("/programmes")
def search():
    """The list, page by page."""
    form, page = Search(request.args).load(), max(1, min(request.args.get("page", 1, int), MOST))
    rows = list(form.rows().paginate(page, PAGE))
    if page > 1 and not rows:
        abort(404)
    return render_template("site/programmes.html", form=form, rows=rows, page=page, size=PAGE, most=MOST, found=form.rows().limit(MOST + 1).count())


@rooms.get("/programmes/<int(max=2147483647):id>")
def show(id):
    """One programme."""
    return page_of(shown(id))


@rooms.post("/programmes/<int(max=2147483647):id>/apply")
def apply(id):
    """Open a draft for this programme, or say every reason why not. Whoever would lose a frozen case by it has to say that he knows."""
    away = applicants_only()
    if away:
        return away
    programme = shown(id)
    if frozen_case() and not request.form.get("knowing"):
        return page_of(programme, [Reason("提交新的申请会结束冷静期，冻结的申请随即清退，不能恢复：请先勾选“我知道”")]), 422
    try:
        case = start(me().person, programme, me())
    except Refused as refused:
        return page_of(programme, refused.reasons), 422
    return redirect(url_for("filling.begin", id=case.id))


@rooms.post("/programmes/<int(max=2147483647):id>/release")
def release(id):
    """Ask the unit that holds the person to release him for this programme."""
    away = applicants_only()
    if away:
        return away
    programme = shown(id)
    try:
        if not open_still(programme):
            raise Refused([Reason("这个学科已经不接受申请", f"不晚于 {programme.apply_until}", str(clock.today()))])
        asked = ask_release(me().person, programme, me())
    except Refused as refused:
        return page_of(programme, refused.reasons), 422
    flash(f"放行申请已送达 {asked.institution}，答复期限 {asked.due}（含当天）。", "ok")
    return redirect(url_for("programmes.show", id=id))


def open_still(programme):
    """Whether a programme takes applications now or later."""
    return programme.state == "published" and programme.apply_until >= clock.today()


def shown(id):
    """A programme that was published once; 404 for any other."""
    return Programme.select().where(Programme.id == id, Programme.state != "draft").first() or abort(404)


def page_of(programme, reasons=()):
    plan = programme.plan_on(clock.today()) or programme.latest_plan
    courses = Course.select().where(Course.plan == plan, Course.offered).order_by(Course.required.desc(), Course.code)
    applicant = current_user.is_authenticated and current_user.person_id is not None
    return render_template("site/programme.html", programme=programme, plan=plan, courses=list(courses), reasons=reasons, open_still=open_still(programme),
                           applicant=applicant, **standing(programme) if applicant else {})


def standing(programme):
    """What a person has already: the case under way and whether another unit holds him by it, the frozen case, the request for release."""
    case = live_case()
    return {"case": case, "held": case is not None and case.on_register and case.institution_id != programme.institution_id,
            "frozen": frozen_case(), "release": my_release()}
