"""Stage 6: where one sits - places that are counted, sites that are full, another province with the unit's consent - and what is paid for it."""
import datetime as dt

import pytest

from models import clock
from models.exams.elsewhere import ask_elsewhere
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.exams.places import Place
from models.exams.sites import ExamSite
from models.programmes import TrainingPlan
from models.reference import Province
from tests.models.refusals import refused, sentences


@pytest.fixture
def session(world):
    return world.session(subjects=("101", "102", "202"))


def province(code="11"):
    return Province.get(Province.code == code)


def site(world, code="002", capacity=2, **values):
    return ExamSite.add(world.exam, **{"province": province(), "code": code, "name": f"第 {code} 考点", "capacity": capacity} | values)


def entered(case, session, where, kinds=("language", "comprehensive")):
    subjects = [item for item, _ in subjects_for(case, session) if item.subject.kind in kinds]
    return enter(case, session, subjects, where.province, where, case.applicants()[0])


def taken(where):
    return {row.kind: row.taken for row in Place.select().where(Place.site == where)}


# places ---------------------------------------------------------------------------------------------------------------------------------
def test_an_entry_takes_a_place_in_the_papers_of_its_kind(world, session):
    entered(world.registered(), session, world.site)
    entered(world.registered(world.applicant("苏以宁")), session, world.site, kinds=("language",))
    assert taken(world.site) == {"language": 2, "comprehensive": 1}


def test_a_full_site_is_refused_and_nothing_is_entered(world, session):
    small = site(world, capacity=1)
    entered(world.registered(), session, small, kinds=("comprehensive",))
    late = world.registered(world.applicant("苏以宁"))
    assert sentences(entered, late, session, small) == ["第 002 考点没有空余名额，请另选考点：要求 还有名额，实际 已报满"]
    assert taken(small) == {"comprehensive": 1} and not late.exam_entries.exists() and not late.payments.exists()
    assert len(entered(late, session, world.site)) == 2


def test_whoever_leaves_it_to_the_exam_office_takes_no_place(world, session):
    case = world.registered()
    entries = enter(case, session, [item for item, _ in subjects_for(case, session)], province(), None, case.applicants()[0])
    assert [entry.site for entry in entries] == [None, None] and not Place.select().exists()


def test_taking_back_and_becoming_void_give_the_place_to_somebody_else(world, session):
    small, case = site(world, capacity=1), world.registered()
    first, second = entered(case, session, small)
    first.withdraw(by=case.applicants()[0])
    with clock.at(dt.date(2026, 4, 1)):
        second.void(by=None)
    assert taken(small) == {"language": 0, "comprehensive": 0}
    assert len(entered(world.registered(world.applicant("苏以宁")), session, small)) == 2


def test_a_dismissed_person_leaves_his_place(world, session):
    case = world.registered()
    entered(case, session, world.site)
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert taken(world.site) == {"language": 0, "comprehensive": 0}


def test_a_place_is_changed_until_the_fee_is_paid(world, session):
    other, case = site(world), world.registered()
    user, (first, second) = case.applicants()[0], entered(case, session, world.site)
    first.move(by=user, province=province(), site=other)
    assert taken(world.site)["language"] == 0 and taken(other) == {"language": 1} and ExamEntry.get_by_id(first.id).site == other
    first.move(by=user, province=province(), site=None)
    assert taken(other) == {"language": 0}
    first.payment.record(by=world.exam, reference="1")
    assert "现在的状态不能“更换考点”" in sentences(second.move, by=user, province=province(), site=other)[0]
    assert "现在的状态不能“取消报考”" in sentences(second.withdraw, by=user)[0]


def test_one_does_not_move_to_a_site_that_is_full_nor_after_the_last_day(world, session):
    small, case = site(world, capacity=0), world.registered()
    entry = entered(case, session, world.site)[0]
    move = {"by": case.applicants()[0], "province": province()}
    assert "没有空余名额" in sentences(entry.move, site=small, **move)[0]
    assert taken(world.site)["language"] == 1 and ExamEntry.get_by_id(entry.id).site == world.site
    with clock.at(dt.date(2026, 4, 1)):
        assert "不在报考时间内" in sentences(entry.move, site=None, **move)[0]


def test_what_is_entered_later_comes_to_the_payment_that_is_open(world, session):
    case = world.registered()
    entered(case, session, world.site, kinds=("language",))
    entries = entered(case, session, world.site, kinds=("comprehensive",))
    assert case.payments.get().amount == 200 and entries[0].payment == case.payments.get()
    case.payments.get().record(by=world.exam, reference="1")
    assert {entry.state for entry in case.exam_entries} == {"paid"}


# another province -----------------------------------------------------------------------------------------------------------------------
def shanghai(world):
    return site(world, "001", 10, province=province("31"))


def test_another_province_needs_the_consent_of_the_unit(world, session):
    away, case = shanghai(world), world.registered()
    assert sentences(entered, case, session, away) == ["在北京以外考试（借考）须经北京大学同意：要求 已同意，实际 没有申请"]
    asked = ask_elsewhere(case, session, province("31"), "长期驻沪", case.applicants()[0])
    assert "实际 待答复" in sentences(entered, case, session, away)[0]
    assert sentences(asked.agree, by=world.clerk2) == ["没有这一行，或不在您的范围内"]
    asked.agree(by=world.clerk)
    assert len(entered(case, session, away)) == 2


def test_a_refusal_says_why_and_another_province_may_be_asked_for(world, session):
    case = world.registered()
    user = case.applicants()[0]
    asked = ask_elsewhere(case, session, province("31"), "驻沪", user)
    assert list(refused(asked.refuse, by=world.clerk).fields) == ["reason"]
    assert asked.refuse(by=world.clerk, reason="本省名额充足").opinion == "本省名额充足"
    assert "实际 未同意" in sentences(entered, case, session, shanghai(world))[0]
    assert ask_elsewhere(case, session, province("32"), "驻宁", user).state == "asked"


@pytest.mark.parametrize("code, statement, field", [("11", "路近", "province"), ("31", "", "statement")])
def test_a_request_that_makes_no_sense_is_refused_at_the_field(world, session, code, statement, field):
    case = world.registered()
    assert list(refused(ask_elsewhere, case, session, province(code), statement, case.applicants()[0]).fields) == [field]


def test_only_the_register_asks_for_another_province(world, session):
    case = world.confirmed()
    assert list(refused(ask_elsewhere, case, session, province("31"), "驻沪", case.applicants()[0]).fields) == ["application"]


def test_there_is_one_request_a_session_and_it_stands_while_it_is_used(world, session):
    away, case = shanghai(world), world.registered()
    user = case.applicants()[0]
    asked = ask_elsewhere(case, session, province("31"), "驻沪", user)
    assert sentences(ask_elsewhere, case, session, province("32"), "驻宁", user) == ["这个批次已有一件借考申请"]
    asked.agree(by=world.clerk)
    entries = entered(case, session, away)
    assert sentences(asked.withdraw, by=user) == ["已在上海报考，请先取消报考"]
    for entry in entries:
        entry.withdraw(by=user)
    assert asked.withdraw(by=user).state == "withdrawn"


# the second language --------------------------------------------------------------------------------------------------------------------
def foreign(world, language):
    """A published programme of 外国语言文学 whose plan names a second language."""
    programme = world.publish(world.unit, world.clerk, code="0502")
    TrainingPlan.update(second_language=language).where(TrainingPlan.programme == programme).execute()
    return programme


@pytest.mark.parametrize("language, paper", [("02", "102"), ("", "101")])
def test_in_foreign_literature_the_second_language_of_the_plan_is_sat(world, session, language, paper):
    case = world.registered(programme=foreign(world, language), language="01")
    assert [item.subject.code for item, _ in subjects_for(case, session)] == [paper]


def test_only_foreign_literature_has_a_second_language_and_a_new_version_keeps_it(world):
    plan = world.programme.latest_plan.renew(by=world.clerk, valid_from=clock.today()).programme.latest_plan
    assert "只有外国语言文学" in refused(plan.change, world.clerk, second_language="02").fields["second_language"]
    plan = foreign(world, "05").latest_plan
    plan.renew(by=world.clerk, valid_from=clock.today())
    assert plan.programme.latest_plan.version == 2 and plan.programme.latest_plan.second_language == "05"
