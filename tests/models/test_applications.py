"""Stages 2 to 4: who may apply when, what must be filled, what is confirmed on site, and how a case enters the register."""
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import clock
from models.applications import LIVE, Application, Confirmation, latest_bachelor_date, start
from models.base import db
from models.parameters import Parameter
from models.people import Person
from tests.models.refusals import refused, sentences
from tests.world import number_for


@pytest.fixture
def user(world):
    return world.applicant()


# the window -------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("moment, inside", [
    (dt.datetime(2025, 12, 31, 23, 59), False), (dt.datetime(2026, 1, 1, 0, 0), True),
    (dt.datetime(2026, 4, 15, 23, 59, 59), True), (dt.datetime(2026, 4, 16, 0, 0), False)])
def test_an_application_is_begun_and_submitted_until_the_last_day_is_over(world, user, moment, inside):
    case = world.draft(user)
    with clock.at(moment):
        if inside:
            assert case.submit(by=user).state == "submitted"
            assert start(world.applicant().person, world.programme, user).state == "draft"
        else:
            assert "不在申请时间内：要求 2026-01-01 至 2026-04-15" in sentences(case.submit, by=user)[0]
            assert "差 1 天" in sentences(start, world.applicant().person, world.programme, user)[0]


def test_a_closed_programme_takes_no_new_application_and_no_draft(world, user):
    case = world.draft(user)
    world.programme.close(by=world.clerk)
    assert "已经关闭" in sentences(Application.get_by_id(case.id).submit, by=user)[0]
    assert "没有发布或已经关闭" in sentences(start, world.applicant().person, world.programme, user)[0]


# the degree --------------------------------------------------------------------------------------------------------------------------
def test_the_last_day_of_a_bachelor_degree_is_the_end_of_march_three_years_before():
    assert latest_bachelor_date(2026) == dt.date(2023, 3, 31) and latest_bachelor_date(2012, 3) == dt.date(2009, 3, 31)


@pytest.mark.parametrize("ground, day, gap", [
    ("bachelor", dt.date(2023, 3, 31), None), ("bachelor", dt.date(2023, 4, 1), 1), ("bachelor", dt.date(2024, 2, 29), 335),
    ("master", dt.date(2025, 12, 31), None), ("doctor", dt.date(2026, 3, 1), None)])
def test_a_bachelor_degree_is_three_years_old_at_the_end_of_march_and_a_higher_one_need_not_be(world, user, ground, day, gap):
    case = world.draft(user, degree_ground=ground, degree_date=day)
    if gap is None:
        assert case.submit(by=user).state == "submitted"
    else:
        assert sentences(case.submit, by=user) == [
            f"申请当年 3 月 31 日时，取得学士学位应已满 3 年：要求 学位日期不晚于 2023-03-31，实际 {day}，差 {gap} 天"]


def test_the_years_of_a_bachelor_degree_are_a_parameter(world, user):
    case = world.draft(user, degree_date=dt.date(2024, 3, 31))
    Parameter.add(world.centre, name="application.bachelor_years", title="年数", value=2, valid_from=dt.date(2026, 1, 1))
    assert case.submit(by=user).state == "submitted"


def test_a_degree_of_the_future_is_refused_at_the_field(world, user):
    assert "要求不晚于今天 2026-03-20" in refused(world.draft, user, degree_date=dt.date(2026, 3, 21)).fields["degree_date"]


def test_a_foreign_degree_needs_the_number_of_its_certification(world, user):
    case = world.draft(user, foreign_degree=True, degree_category="", degree_unit="University of Leeds")
    assert sentences(case.submit, by=user) == ["还有 1 项没有填写：境外学位认证书编号"]
    assert case.change(user, certification_number="2012310001").submit(by=user).state == "submitted"


# what must be filled ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("document, country, needs", [
    ("01", "156", {"ethnic_group", "political_status"}), ("02", "156", {"ethnic_group", "political_status"}),
    ("07", "344", {"ethnic_group"}), ("08", "158", {"ethnic_group"}), ("09", "840", set())])
def test_what_must_be_filled_depends_on_the_kind_of_person(world, document, country, needs):
    number = {"07": number_for(7, area="810000"), "08": number_for(8, area="830000"), "09": "E12345678", "02": "军0012345"}.get(document)
    user = world.applicant(document_type=document, document_number=number, country=country, ethnic_group="", political_status="")
    case = world.draft(user)
    assert set(case.missing_fields()) == needs
    if needs:
        assert f"还有 {len(needs)} 项没有填写" in sentences(case.submit, by=user)[0]
    else:
        assert case.submit(by=user).state == "submitted"


ALWAYS = ("degree_unit", "degree_date", "degree_subject", "degree_number", "graduated_from", "language", "employer", "photo", "degree_category")


@pytest.mark.parametrize("name", ALWAYS)
def test_each_thing_that_must_be_filled_is_named_when_it_is_not(world, user, name):
    case = world.draft(user, **{name: None if name in ("photo", "degree_date") else ""})
    assert sentences(case.submit, by=user) == [f"还有 1 项没有填写：{Application._meta.fields[name].verbose_name}"]


# one live case ---------------------------------------------------------------------------------------------------------------------------
def test_a_person_has_one_live_case_and_the_refusal_names_the_unit(world):
    other = world.publish(world.unit2, world.clerk2)
    case = world.registered()
    user = case.applicants()[0]
    assert sentences(start, user.person, other, user) == ["已入册：您在 北京大学 在册（应用经济学（0202）），不能再申请；请先在该单位办理退出"]


def test_a_draft_elsewhere_is_in_the_way_as_well_until_it_is_withdrawn(world, user):
    other = world.publish(world.unit2, world.clerk2)
    first = world.draft(user)
    assert sentences(start, user.person, other, user) == ["您在 北京大学 已有一件申请（草稿），一人同时只能有一件"]
    first.withdraw(by=user)
    assert start(user.person, other, user).institution == world.unit2


@pytest.mark.parametrize("state", sorted(set(Application.STATES) - {"registered"}))
def test_the_database_itself_holds_one_live_case_per_person(world, user, state):
    first = world.draft(user)
    values = {name: first.__data__[name] for name in ("person", "programme", "institution", "discipline", "year")}
    if state in LIVE:
        assert sentences(Application.add, user, state=state, **values) == ["一个人同时只能有一件在办的申请"]
    else:
        entered = {"registered_on": clock.today(), "deadline": clock.today(), "register_number": "X"}
        assert Application.add(user, state=state, **values, **entered).id


# back and forth ----------------------------------------------------------------------------------------------------------------------------
def test_a_returned_case_is_mended_and_keeps_its_number_and_its_confirmation(world, user):
    case = world.confirmed(user)
    number = case.number
    case.send_back(by=world.reviewer, reason="学位专业写错")
    assert case.returned_reason == "学位专业写错"
    case.change(user, degree_subject="金融学").submit(by=user)
    assert (case.number, case.returned_reason) == (number, "")
    assert case.confirm(by=world.clerk).approve(by=world.reviewer, opinion="同意").state == "registered"
    assert case.confirmations.count() == 1


def test_a_confirmation_is_made_anew_where_the_reason_says_so(world, user):
    case = world.confirmed(user)
    case.send_back(by=world.clerk, reason="不是本人", void_confirmation=True)
    case.submit(by=user)
    assert sentences(case.confirm, by=world.clerk) == ["还没有现场确认记录，请先在确认台办理"]
    world.confirmation(case)
    assert case.confirm(by=world.clerk).state == "confirmed" and case.confirmations.count() == 2


def test_a_returned_case_can_be_mended_when_the_windows_are_over(world, user):
    """The unit itself sends it back; whoever was confirmed in time is confirmed again, whoever never was must still come in time."""
    case = world.confirmed(user)
    other = world.applicant()
    fresh = world.draft(other).submit(by=other)
    for row in (case, fresh):
        row.send_back(by=world.reviewer, reason="看不清")
    with clock.at(dt.datetime(2026, 5, 16)):
        assert case.submit(by=user).confirm(by=world.clerk).state == "confirmed"
        world.confirmation(fresh.submit(by=other))
        assert "不在现场确认时间内" in sentences(fresh.confirm, by=world.clerk)[0]


def test_numbers_of_applications_run_by_year_and_unit(world):
    numbers = [world.draft(u).submit(by=u).number for u in (world.applicant(), world.applicant())]
    other = world.applicant()
    numbers.append(world.draft(other, world.publish(world.unit2, world.clerk2)).submit(by=other).number)
    assert numbers == ["202610001000001", "202610001000002", "202610246000001"]


@pytest.mark.parametrize("state, mutable", [("draft", True), ("returned", True), ("submitted", False), ("confirmed", False), ("registered", False)])
def test_what_was_filled_in_changes_only_while_it_is_with_the_person(world, state, mutable):
    case = getattr(world, {"returned": "draft", "submitted": "draft"}.get(state, state))(world.applicant())
    user = case.applicants()[0]
    if state in ("submitted", "returned"):
        case.submit(by=user)
    if state == "returned":
        case.send_back(by=world.clerk, reason="看不清")
    if mutable:
        assert case.change(user, employer="某大学").employer == "某大学"
    else:
        assert "不能修改" in sentences(case.change, user, employer="某大学")[0]


# on site ---------------------------------------------------------------------------------------------------------------------------------
GAPS = [
    ({"originals": ["身份证"]}, "原件没有核对完：学士学位证书、学历证明、成果材料、单位推荐意见：要求 5 件，实际 1 件，差 4 件"),
    ({"scene": None}, "没有现场照片"),
    ({"finger_two": None}, "指纹没有采集完；不能采集的要写明原因并有第二人见证：要求 2 枚，实际 1 枚，差 1 枚"),
    ({"finger_one": None, "finger_two": None}, "指纹没有采集完；不能采集的要写明原因并有第二人见证：要求 2 枚，实际 0 枚，差 2 枚"),
    ({"biometric_consent": False}, "没有本人对采集指纹和照片的同意"),
    ({"form_scan": None}, "没有签字的资格审查表扫描件")]


@pytest.mark.parametrize("lacking, sentence", GAPS)
def test_each_thing_that_a_confirmation_lacks_is_named(world, user, lacking, sentence):
    case = world.draft(user).submit(by=user)
    world.confirmation(case, **lacking)
    assert sentences(case.confirm, by=world.clerk) == [sentence]


def test_fingers_that_cannot_be_taken_are_seen_by_another_person(world, user):
    case = world.draft(user).submit(by=user)
    confirmation = world.confirmation(case, finger_one=None, finger_two=None, no_fingers_reason="双手烧伤")
    assert sentences(case.confirm, by=world.clerk) == ["不能采集指纹时须有第二人见证"]
    confirmation.change(world.clerk, witness=world.clerk)
    assert sentences(case.confirm, by=world.clerk) == ["见证人必须是另一个人"]
    confirmation.change(world.clerk, witness=world.reviewer)
    assert case.confirm(by=world.clerk).state == "confirmed"


def test_a_case_has_one_valid_confirmation(world, user):
    case = world.draft(user).submit(by=user)
    world.confirmation(case)
    assert sentences(world.confirmation, case) == ["这件申请已有有效的现场确认"]


def test_a_confirmation_stands_once_the_case_is_confirmed(world):
    case = world.confirmed()
    confirmation = Confirmation.get(Confirmation.application == case)
    assert "不能再改：要求 待确认，实际 待审核" in sentences(confirmation.change, world.clerk, note="x")[0]


@pytest.mark.parametrize("moment, inside", [(dt.datetime(2026, 5, 15, 23, 59), True), (dt.datetime(2026, 5, 16), False)])
def test_a_case_is_confirmed_in_the_window_of_its_programme(world, user, moment, inside):
    case = world.draft(user).submit(by=user)
    world.confirmation(case)
    with clock.at(moment):
        if inside:
            assert case.confirm(by=world.clerk).state == "confirmed"
        else:
            assert sentences(case.confirm, by=world.clerk) == ["不在现场确认时间内：要求 2026-01-01 至 2026-05-15，实际 2026-05-16，差 1 天"]


# the register ----------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("entered, deadline", [(dt.date(2012, 3, 15), dt.date(2017, 3, 15)), (dt.date(2012, 2, 29), dt.date(2017, 2, 28))])
def test_passing_enters_the_register_with_number_date_and_deadline(world, entered, deadline):
    with clock.at(entered):
        programme = world.publish(world.unit, world.clerk, year=2012)
    case = world.registered(programme=programme, on=entered, degree_date=dt.date(2008, 6, 30))
    assert (case.registered_on, case.deadline, case.year_limit, case.register_number) == (entered, deadline, 5, "10001-2012-00001")
    assert (case.reviewer, case.opinion) == (world.reviewer, "同意")


def test_a_case_that_is_not_passed_says_who_and_why_and_frees_the_person(world):
    case = world.confirmed()
    case.reject(by=world.reviewer, opinion="成果不足")
    assert (case.state, case.reviewer, case.opinion, case.register_number) == ("rejected", world.reviewer, "成果不足", None)
    user = case.applicants()[0]
    assert start(user.person, world.programme, user).state == "draft"


def test_four_eyes_where_the_unit_asks_for_them(world):
    Parameter.add(world.centre, name="review.four_eyes", title="四眼", value=True, valid_from=dt.date(2026, 1, 1), institution=world.unit)
    case = world.confirmed()
    confirmation = case.confirmations.get()
    confirmation.confirmed_by = world.reviewer
    confirmation.save()
    assert sentences(case.approve, by=world.reviewer, opinion="同意") == ["现场确认和审核要求由两个人办理"]
    confirmation.confirmed_by = world.clerk
    confirmation.save()
    assert case.approve(by=world.reviewer, opinion="同意").state == "registered"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(dt.date(2022, 1, 1), dt.date(2026, 3, 20)))
def test_the_difference_that_is_told_is_exactly_what_is_missing(world, day):
    """A degree that is older by the difference passes, by one day less does not."""
    with db.atomic() as savepoint:
        case = world.draft(world.applicant(), degree_date=day)
        reason = case.degree_too_young(None)
        assert (reason is None) == (day <= dt.date(2023, 3, 31))
        if reason:
            gap = int(reason.gap.removesuffix(" 天"))
            case.change(None, degree_date=day - dt.timedelta(days=gap))
            assert case.degree_too_young(None) is None
            case.change(None, degree_date=day - dt.timedelta(days=gap - 1))
            assert case.degree_too_young(None).gap == "1 天"
        savepoint.rollback()


def test_persons_of_each_kind_are_told_apart_by_their_document():
    kinds = {code: Person(document_type=code).kind for code in ("01", "04", "05", "06", "07", "08", "09", "10")}
    assert kinds == {"01": "mainland", "04": "mainland", "05": "hongkong_macau", "07": "hongkong_macau", "06": "taiwan", "08": "taiwan",
                     "09": "foreign", "10": "foreign"}
    assert Person(document_type="99", country="392").kind == "foreign"
