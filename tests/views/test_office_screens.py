"""The shipped screens: whoever may see a row opens its details and its form, and nobody finds the rows of others on any of them."""
import datetime as dt

import pytest

import views
from models import clock
from models.audit import Entry
from models.reference import Announcement, Code, Discipline
from models.register import Recheck

ACCOUNTS = ("clerk", "reviewer", "unit_admin", "officer", "centre", "exam", "site_head", "door", "it", "security", "auditor")
NAMED = {"programme", "application", "register", "course_result", "defence_request", "award", "term", "report", "annual_report", "audit", "job", "user"}
AUTUMN = dt.date(2026, 9, 10)


@pytest.fixture
def screens(settings, database):
    return views.load_screens(settings.site_screens)


@pytest.fixture
def stages(world):
    """Rows of every stage at the first unit, all that can be there on a day in autumn; the awarded case is returned."""
    newcomer, leaver = world.applicant("待确认"), world.applicant("清退者")
    world.draft(newcomer).submit(by=newcomer)
    world.registered(user=leaver).dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    with clock.at(AUTUMN):
        case = world.awarded()
        Recheck.add(world.clerk, institution=world.unit, name="秋季复核").run(by=world.clerk)
        world.term()
        Announcement.add(world.centre, title="公告", body="内容")
    return case


def test_the_names_that_people_script_against_are_there(screens):
    assert NAMED <= set(screens)


def test_every_role_finds_work_or_knowledge_on_some_screen(world, screens):
    for name in ACCOUNTS:
        assert screens.open_to(getattr(world, name)), name


@pytest.mark.parametrize("name", ACCOUNTS)
def test_whoever_sees_a_row_opens_its_details_and_its_form(world, stages, screens, enter, name):
    user = getattr(world, name)
    visitor = enter(user)
    for screen in screens.open_to(user):
        visitor.get(f"/office/{screen.name}/")
        row = screen.rows(user).first()
        if row is not None:
            visitor.get(f"/office/{screen.name}/details/?id={row.id}")
            if visitor.client.get(f"/office/{screen.name}/edit/?id={row.id}").status_code not in (200, 403):
                pytest.fail(f"{name} {screen.name}")
        if screen.create and screen.writable_by(user):
            visitor.get(f"/office/{screen.name}/create/")


def test_a_clerk_of_another_unit_finds_none_of_the_rows_of_a_case(world, stages, screens, enter):
    visitor, seen_by = enter(world.clerk2), world.clerk
    for screen in screens.open_to(world.clerk2):
        mine = {row.id for row in screen.model.visible_to(world.clerk2)}
        for row in screen.rows(seen_by).limit(3):
            if row.id not in mine:
                for path in ("details", "edit", "step/approve"):
                    assert visitor.client.get(f"/office/{screen.name}/{path}/?id={row.id}").status_code in (403, 404), f"{screen.name} {path}"


def test_what_a_unit_has_published_is_shown_to_all_and_written_by_itself(world, enter):
    theirs = world.publish(world.unit2, world.clerk2, "0701")
    plan = theirs.plans.get()
    course = plan.courses.get()
    visitor = enter(world.clerk)
    page = visitor.get(f"/office/programme/details/?id={theirs.id}")
    assert "/step/" not in page and "/edit/" not in page and "复旦大学" in visitor.get("/office/programme/")
    assert "属于别的单位" in visitor.post("/office/programme/step/close/", 422, id=theirs.id, confirm="1")
    for name, row in (("programme", theirs), ("training_plan", plan), ("course", course)):
        visitor.post(f"/office/{name}/edit/", 403, id=row.id, edition=row.edition, name="改了")
    plan.renew(by=world.clerk2, valid_from=clock.today())
    fresh = theirs.latest_plan
    page = visitor.post("/office/course/create/", 422, plan=fresh.id, code="X", name="塞进来的课", credits="1", pass_mark="60")
    assert "属于别的单位" in page and fresh.courses.count() == 3
    mine = world.programme.plans.get().courses.get()
    visitor.post("/office/course/edit/", 422, id=mine.id, edition=mine.edition, plan=fresh.id, code="X", name="移走的课", credits="1", pass_mark="60")
    assert fresh.courses.count() == 3


def test_it_sees_no_case_and_nobody_below_the_centre_keeps_the_accounts(world, screens):
    names = {screen.name for screen in screens.open_to(world.it)}
    assert names >= {"user", "job", "outbox"} and not names & {"person", "application", "register", "award", "report", "audit"}
    assert "user" not in {screen.name for screen in screens.open_to(world.clerk)}


def test_the_case_moves_from_screen_to_screen_with_its_state(world, screens):
    user = world.applicant()
    case = world.draft(user)
    where = lambda: {name for name in ("application", "register", "dismissed") if screens[name].rows(world.clerk).where(screens[name].model.id == case.id)}   # noqa: E731
    assert where() == set()
    case.submit(by=user)
    assert where() == {"application"}
    world.confirmation(case)
    case.confirm(by=world.clerk)
    case.approve(by=world.reviewer, opinion="同意")
    assert where() == {"register"}
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert where() == {"dismissed"}


def test_a_programme_belongs_to_the_unit_of_whoever_makes_it(world, enter):
    discipline = Discipline.get(Discipline.catalogue == "2022", Discipline.code == "0202").id
    page = enter(world.clerk).post("/office/programme/create/", discipline=discipline, year="2027", year_limit="5", min_credits="30",
                                   apply_from="2027-01-01", apply_until="2027-03-01", confirm_from="2027-01-01", confirm_until="2027-04-01")
    assert "北京大学" in page and "还没有课程" in page


def test_an_empty_list_says_who_fills_it_to_whoever_cannot(world, enter):
    assert "由学位中心登记以后出现在这里" in enter(world.officer).get("/office/institution_name/")
    assert "新建第一个，它就出现在这里" in enter(world.centre).get("/office/institution_name/")


def test_the_degree_that_somebody_has_is_told_by_its_name(world, enter):
    case = world.confirmed()
    assert "<dt>学位门类</dt><dd>经济学学士</dd>" in enter(world.clerk).get(f"/office/application/details/?id={case.id}")


def test_the_log_speaks_the_words_of_the_screens(world, enter):
    user = world.applicant()
    world.draft(user).submit(by=user)
    page = enter(world.auditor).get("/office/audit/?f.entity=application")
    assert "草稿 → 待确认" in page and "申请号" in page and "submitted_at" not in page


def test_the_centre_puts_the_name_of_a_code_right_with_a_reason_and_nobody_else_does(enter, world):
    code = Code.get(Code.kind == "sex", Code.code == "1")
    enter(world.it).get(f"/office/code/edit/?id={code.id}", 403)
    enter(world.clerk).get(f"/office/code/edit/?id={code.id}", 403)
    enter(world.centre).post(f"/office/code/edit/?id={code.id}", 302, name="男", reason="按国家标准", edition=str(code.edition))
    assert Code.get_by_id(code.id).name == "男" and Code.get_by_id(code.id).code == "1"
    assert Entry.get(Entry.entity == "code", Entry.row_id == code.id).reason == "按国家标准"
    assert "按国家标准" in enter(world.clerk).get(f"/office/code/details/?id={code.id}")
