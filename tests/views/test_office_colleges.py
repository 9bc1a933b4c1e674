"""Colleges in the office: who keeps them, what an account of one is shown and offered, and what it brings in from files."""
import pytest

from models.applications import Application
from models.colleges import College
from models.people import User
from models.programmes import Programme
from models.reference import Discipline
from tasks.imports.catalogue import IMPORTS
from tasks.imports.planner import Planner
from tests.views.test_office_accounts import give, roles

CLOSED = ("meeting", "recheck", "report", "report_line", "annual_report", "institution_head", "legacy_record", "amendment", "amendment_item")


@pytest.fixture
def law(world):
    """The accounts of 法学院 by role; the programme of the world belongs to 经济学院."""
    world.economics, (_, world.law_programme, accounts) = world.colleges()
    return accounts


def test_an_administrator_keeps_the_colleges_and_a_clerk_gives_a_programme_to_one(world, enter):
    enter(world.unit_admin).post("/office/college/create/", name="法学院", code="03")
    college = College.get(College.institution == world.unit)
    case = world.registered()
    enter(world.clerk).get("/office/college/", 403)
    enter(world.clerk).post("/office/programme/edit/", id=world.programme.id, edition=world.programme.edition, college=college.id)
    assert Application.get_by_id(case.id).college == college
    assert "法学院" in enter(world.clerk).get("/office/programme/") and "法学院" in enter(world.centre).get(f"/office/register/details/?id={case.id}")


def test_an_administrator_of_a_college_makes_accounts_of_it_alone(world, enter, law):
    visitor, economics, own = enter(law["unit_admin"]), world.economics[0], law["unit_admin"].college
    for college in (economics.id, ""):
        visitor.post("/office/user/create/", 422, username="new", name="新人", institution=world.unit.id, college=college)
    visitor.post("/office/user/create/", username="new", name="新人", institution=world.unit.id, college=own.id)
    user = User.get(User.username == "new")
    assert user.college == own and "经办" in give(visitor, user, "clerk") and roles(user) == {"clerk"}
    visitor.post("/office/user/edit/", 422, id=user.id, edition=user.edition, college="")
    for foreign in (world.clerk, world.economics[2]["clerk"]):
        give(visitor, foreign, "reviewer", 404)
    visitor.post("/office/college/create/", 403, name="医学院")


def test_a_college_has_no_page_and_no_step_of_what_belongs_to_the_whole_unit(world, enter, law, office):
    visitor = enter(law["clerk"])
    for name in CLOSED:
        visitor.get(f"/office/{name}/", 403)
    visitor.get("/office/expert/create/", 403)
    world.expert("裴敬堂", "T001")
    assert "裴敬堂" in visitor.get("/office/expert/")
    assert [screen.name for screen in office.extensions["screens"].values() if screen.model.unit_wide and screen.steps_of(law["reviewer"])] == []


def test_a_college_sees_its_own_people_on_every_desk(world, enter, law):
    waiting = world.draft(world.applicant("温如言"))
    waiting.submit(by=waiting.applicants()[0])
    world.confirmed(world.applicant("柯以安"))
    desk, review = enter(law["clerk"]).get("/office/confirmation/desk/"), enter(law["reviewer"]).get("/office/review/")
    assert "温如言" not in desk and "柯以安" not in review
    economics = world.economics[2]
    assert "温如言" in enter(economics["clerk"]).get("/office/confirmation/desk/") and "柯以安" in enter(economics["reviewer"]).get("/office/review/")


def planned(kind, user, /, **cells):
    """The one Line of a file with these cells, as the user would import it."""
    return Planner(IMPORTS[kind], user, {code: n for n, code in enumerate(cells)}).plan([[2, list(cells.values())]])[0]


def test_a_row_of_another_college_is_refused_in_its_line(world, law):
    case, clerk = world.registered(), law["clerk"]
    line = planned("course_result", clerk, registered_no=case.register_number, course_code="EC501", score="80")
    assert line.faults == {"registered_no": f"没有注册号为“{case.register_number}”的人，或不在您的范围内"}
    assert planned("course_result", world.economics[2]["clerk"], registered_no=case.register_number, course_code="EC501", score="80").faults == {}
    newest = Discipline.select().where(Discipline.code == "0202").order_by(Discipline.catalogue.desc()).get()
    programme = world.programme.change(world.clerk, discipline=newest)
    days = {name: str(getattr(programme, name)) for name in ("apply_from", "apply_until", "confirm_from", "confirm_until")}
    line = planned("programme", clerk, discipline_code="0202", year=str(programme.year), min_credits="30", **days, course_code="EC509", course_name="新课", credits="3")
    assert "属于别的单位或学院，您只能查看" in line.faults[""]
    line = planned("application", clerk, name="林叙白", document_type="01", document_number="110105199001010017", phone="13800138000", discipline_code="0202", year=str(programme.year))
    assert line.faults == {"discipline_code": "您的范围内这一年度没有发布代码为“0202”的学科"}


def test_what_belongs_to_the_whole_unit_is_not_imported_from_a_college(world, law):
    open_to = [name for name, imported in IMPORTS.items() if imported.open_to(law["clerk"])]
    assert set(open_to) < {name for name, imported in IMPORTS.items() if imported.open_to(world.clerk)} and all(
        IMPORTS[name].entity.kept_by(law["clerk"]) for name in open_to) and "course_result" in open_to


def test_a_new_programme_of_a_college_is_its_own(world, law):
    line = planned("programme", law["clerk"], discipline_code="1204", year="2026", min_credits="3", apply_from="2026-03-01", apply_until="2026-04-15",
                   confirm_from="2026-03-01", confirm_until="2026-05-15", course_code="GG01", course_name="公共管理", credits="3")
    programme = line.writes[0].row
    assert line.faults == {} and isinstance(programme, Programme) and programme.college_id == law["clerk"].college_id


def test_the_matrix_says_what_an_account_of_a_college_has(world, enter, law):
    page = enter(world.security).get("/office/powers/?role=clerk")
    assert page.count("学院账号：不能看") >= len(CLOSED) - 1 and "学院账号：本学院" in page and "学院账号：本单位，不能填写" in page
    said = enter(law["unit_admin"]).get(f"/office/powers/?who=clerk_law&screen=register&row={world.registered().id}")
    assert "或者它不属于您的单位或学院" in said
