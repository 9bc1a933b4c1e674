"""Stage 9: the certificate number and its date, correction, reissue and withdrawal, and that no way leads to a degree past the defence."""
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock
from models.applications import Application
from models.audit import Entry
from models.awards import AgendaItem, Award, Meeting, Reissue, certificate_faults
from models.outbox import Outbox
from models.serials import Serial
from tests.models.refusals import refused, sentences
from tests.world import proposed

OLD, NEW = dt.date(2015, 12, 31), dt.date(2016, 1, 1)


def faults(number, day=dt.date(2026, 7, 1), unit="10001"):
    return [str(reason) for reason in certificate_faults(number, unit, day)]


@pytest.mark.parametrize("number, day", [("T1000132015000001", OLD), ("1000132016000001", NEW), ("1000132026999999", dt.date(2026, 7, 1))])
def test_a_number_is_unit_level_year_and_serial_with_a_t_until_the_end_of_2015(number, day):
    assert faults(number, day) == []


@pytest.mark.parametrize("number, day, sentence", [
    ("1000132015000001", OLD, "要求 2016-01-01 前授予的以 T 开头，实际 1000132015000001"),
    ("T1000132016000001", NEW, "要求 2016-01-01 起授予的不加 T，实际 T1000132016000001"),
    ("1024632026000001", dt.date(2026, 7, 1), "第 1—5 位是单位代码：要求 10001，实际 10246"),
    ("1000122026000001", dt.date(2026, 7, 1), "第 6 位是学位级别：要求 3（硕士），实际 2"),
    ("1000132025000001", dt.date(2026, 7, 1), "第 7—10 位是授予年份：要求 2026，实际 2025"),
    ("100013202600001", dt.date(2026, 7, 1), "格式不对"), ("10001320260000010", dt.date(2026, 7, 1), "格式不对"),
    ("100013202600000X", dt.date(2026, 7, 1), "格式不对"), ("1000132026０００００１", dt.date(2026, 7, 1), "格式不对")])
def test_each_part_of_a_number_that_is_wrong_is_named(number, day, sentence):
    found = faults(number, day)
    assert len(found) == 1 and sentence in found[0]


@given(st.dates(dt.date(1999, 1, 1), dt.date(2060, 1, 1)), st.integers(0, 999999), st.integers(10001, 99999))
def test_a_number_is_right_for_its_own_unit_and_year_only(day, serial, unit):
    number = f"{'T' if day < NEW else ''}{unit}3{day.year}{serial:06d}"
    assert faults(number, day, str(unit)) == []
    assert faults(number, day, str(unit - 1)) and faults(number, day.replace(year=day.year + 1, day=1), str(unit))


@pytest.fixture
def award(world):
    return proposed(world)


def grant(world, award, number="", on=None):
    """The award as it is once a meeting has granted it."""
    world.decide(award, on=on, certificate_number=number)
    return Award.get_by_id(award.id)


def test_a_grant_takes_the_next_number_moves_the_case_and_tells_the_person(world, award):
    award = grant(world, award)
    assert (award.certificate_number, award.awarded_on, award.decision_number) == ("1000132026000001", clock.today(), "校学位〔2026〕9 号")
    assert Application.get_by_id(award.application_id).state == "awarded"
    assert [notice.user_id for notice in Outbox.select().where(Outbox.template == "Award.grant")] == [user.id for user in award.applicants()]
    assert {(entry.entity, entry.verb) for entry in Entry.select().where(Entry.case_ref == award.application_id)} >= {("award", "grant"), ("application", "award")}


def test_the_next_number_skips_those_that_were_typed(world, award):
    grant(world, proposed(world, "手填"), "1000132026000001")
    assert grant(world, award).certificate_number == "1000132026000002"


def test_a_number_that_is_taken_is_refused_and_leaves_the_award_as_it_was(world, award):
    grant(world, proposed(world, "先得"), "1000132026000007")
    assert refused(grant, world, award, "1000132026000007").fields == {"certificate_number": "这个证书编号已经用过"}
    assert Award.get_by_id(award.id).state == "proposed" and Application.get_by_id(award.application_id).state == "defended"


def test_a_number_that_is_given_to_somebody_else_on_an_agenda_is_refused(world, award):
    meeting = world.listed(world.meeting(), proposed(world, "先列"), certificate_number="1000132026000007")
    found = refused(AgendaItem.add, world.clerk, meeting=meeting, award=award, certificate_number=" 1000132026000007 ").fields
    assert found == {"certificate_number": "这个证书编号已经用过"}


def test_a_refused_decision_uses_up_no_number(world, award):
    late = world.listed(world.meeting(on=clock.today() - dt.timedelta(days=1)), award)
    refused(late.decide, by=world.reviewer, decision_number="校学位〔2026〕9 号")
    assert not Serial.select().where(Serial.key.startswith("certificate")).exists()
    late.cancel(by=world.clerk, reason="日期登错")
    assert grant(world, award).certificate_number == "1000132026000001"


def test_the_numbers_of_each_year_run_for_themselves(world, award):
    other = proposed(world, "次年")
    with clock.at(dt.date(2027, 1, 4)):
        assert grant(world, award, on=dt.date(2026, 12, 31)).certificate_number == "1000132026000001"
        assert grant(world, other).certificate_number == "1000132027000001"


@pytest.mark.parametrize("day, number", [(OLD, "T1000132015000001"), (NEW, "1000132016000001")])
def test_the_prefix_follows_from_the_day_of_the_meeting(world, award, day, number):
    Award.application.rel_model.defences.rel_model.update(held_on=OLD - dt.timedelta(days=20)).execute()
    assert grant(world, award, on=day).certificate_number == number


@pytest.mark.parametrize("days, sentence", [(0, None), (-1, "林叙白：授予日期不能早于答辩日期：要求 不早于 2026-03-20，实际 2026-03-19，差 1 天"),
                                            (1, "开会日期未到：要求 不早于 2026-03-21，实际 2026-03-20，差 1 天")])
def test_the_date_of_a_degree_lies_between_the_defence_and_today(world, award, days, sentence):
    day = clock.today() + dt.timedelta(days=days)
    if sentence is None:
        assert grant(world, award, on=day).state == "awarded"
    else:
        assert sentences(grant, world, award, on=day) == [sentence]


def test_a_decision_needs_its_number(world, award):
    meeting = world.listed(world.meeting(), award)
    assert refused(meeting.decide, by=world.reviewer, decision_number=" ").fields == {"decision_number": "请填写学位评定委员会决定编号"}


def test_a_typed_number_is_checked_against_unit_and_year(world, award):
    found = refused(grant, world, award, "1024632025000001").fields["certificate_number"]
    assert "单位代码" in found and "授予年份" in found


# no way past the defence ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ("confirmed", "registered", "ready", "admitted"))
def test_no_way_leads_to_a_degree_past_the_defence(world, state):
    case = getattr(world, state)()
    values = {"application": case, "person": case.person_id, "institution": case.institution_id, "discipline": case.discipline_id}
    assert "论文答辩通过后才有学位授予" in refused(Award.add, world.clerk, **values).fields["application"]
    smuggled = Award.create(**values)
    assert "只有待授予的人才能列入会议" in refused(AgendaItem.add, world.clerk, meeting=world.meeting(), award=smuggled).fields["award"]
    for user in (world.clerk, world.reviewer, None):
        assert "不能单独操作" in sentences(case.award, by=user)[0]
        assert "不能单独操作" in sentences(smuggled.grant, by=user, decision_number="决", awarded_on=clock.today())[0]
    meeting = world.meeting(number="全部列入").fill(by=world.clerk)
    assert f"论文答辩没有通过，不能授予学位：要求 已答辩，实际 {case.state_label}" in sentences(meeting.decide, by=world.reviewer, decision_number="决")[0]
    assert (Application.get_by_id(case.id).state, Award.get_by_id(smuggled.id).state, Meeting.get_by_id(meeting.id).state) == (case.state, "proposed", "planned")


def test_a_case_that_says_it_is_defended_without_a_passed_defence_gets_no_degree(world):
    case = world.registered()
    Application.update(state="defended").where(Application.id == case.id).execute()
    Award.create(application=case, person=case.person_id, institution=case.institution_id, discipline=case.discipline_id)
    meeting = world.meeting().fill(by=world.clerk)
    assert "没有通过的论文答辩记录" in sentences(meeting.decide, by=world.reviewer, decision_number="决")[0]


def test_a_case_has_one_award(world, award):
    grant(world, award)
    values = {name: award.__data__[name] for name in ("application", "person", "institution", "discipline")}
    assert refused(Award.add, world.clerk, **values)


# correction, reissue, withdrawal -----------------------------------------------------------------------------------------------------------
def test_a_corrected_number_is_checked_and_leaves_the_old_one_in_the_history(world, award):
    award = grant(world, award, "1000132026000070")
    assert "授予年份" in sentences(award.correct, by=world.reviewer, certificate_number="1000132025000007", reason="登错")[0]
    assert sentences(award.correct, by=world.reviewer, certificate_number="1000132026000070", reason="登错") == ["新的证书编号与原编号相同"]
    award.correct(by=world.reviewer, certificate_number="1000132026000007", reason="编号登错两位")
    issue = Reissue.get(Reissue.award == award)
    assert (issue.number_before, issue.number, issue.copy, issue.statement) == ("1000132026000070", "1000132026000007", 2, "编号登错两位")
    assert Award.get_by_id(award.id).certificate_number == "1000132026000007"


def test_a_number_is_not_corrected_to_one_that_is_taken(world, award):
    first, award = grant(world, proposed(world, "先得")), grant(world, award)
    assert sentences(award.correct, by=world.reviewer, certificate_number=first.certificate_number, reason="x") == ["这个证书编号已经用过"]


def test_each_reprint_is_one_more_issue_with_ground_reason_and_the_name_of_its_day(world, award):
    award = grant(world, award)
    award.reissue(by=world.clerk, ground="damaged", reason="受潮损毁")
    award.person.change(world.clerk, name="林叙柏")
    award.reissue(by=world.clerk, ground="correction", reason="更名")
    found = [(row.copy, row.ground, row.name, row.number_before == row.number) for row in Reissue.select().order_by(Reissue.copy)]
    assert found == [(2, "damaged", "林叙白", True), (3, "correction", "林叙柏", True)]
    assert "请填写说明" in refused(award.reissue, by=world.clerk, ground="lost").fields["reason"]


def test_a_withdrawn_degree_says_when_why_and_by_which_decision_and_stays(world, award):
    award = grant(world, award)
    award.withdraw(by=world.reviewer, **world.withdrawal(award))
    assert (award.state, award.withdrawal_reason, award.withdrawn_at, award.withdrawal_number) == ("withdrawn", "论文抄袭", clock.now(), "校学位〔2026〕撤 1 号")
    assert Award.get_by_id(award.id).certificate_number == "1000132026000001"


def test_a_withdrawal_needs_decision_date_document_and_reason_and_a_day_since_the_award(world, award):
    award = grant(world, award)
    assert set(refused(award.withdraw, by=world.reviewer).fields) == {"decision_number", "decided_on", "document", "reason"}
    early = world.withdrawal(award) | {"decided_on": clock.today() - dt.timedelta(days=1)}
    assert sentences(award.withdraw, by=world.reviewer, **early) == ["撤销决定的日期不对：要求 2026-03-20 至 2026-03-20，实际 2026-03-19"]


def test_a_withdrawal_is_decided_by_the_unit_and_recorded_by_office_and_centre_in_this_order(world, award):
    award = grant(world, award)
    for user in (world.officer, world.centre, world.reviewer2):
        assert sentences(award.withdraw, by=user, **world.withdrawal(award))
    award.withdraw(by=world.reviewer, **world.withdrawal(award))
    assert sentences(award.record_withdrawal, by=world.centre)
    assert sentences(award.note_withdrawal, by=world.officer2) == ["没有这一行，或不在您的范围内"]
    award.note_withdrawal(by=world.officer)
    award.record_withdrawal(by=world.centre, reason="已登记")
    assert Award.get_by_id(award.id).state == "recorded"
