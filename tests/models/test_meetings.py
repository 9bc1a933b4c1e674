"""Stage 9: the degree committee - agenda, quorum and majority by the law of the day, public notice, objections, decision of all or none."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.audit import Entry, Version
from models.awards import AgendaItem, Award, AwardObjection, Meeting
from models.outbox import Outbox
from models.parameters import Parameter
from tests.models.refusals import refused, sentences
from tests.world import proposed

TODAY = dt.date(2026, 3, 20)
DECIDED = {"decision_number": "校学位〔2026〕9 号"}


@pytest.fixture
def award(world):
    return proposed(world)


@pytest.fixture
def noticed(world):
    """The unit shows its lists for five days."""
    Parameter.add(world.centre, name="award.notice_days", title="公示天数", value=5, valid_from=dt.date(2026, 1, 1), institution=world.unit)


def against(world, meeting, **changed):
    """What stands against the decision of a meeting with something changed."""
    Meeting.update(changed or {"note": ""}).where(Meeting.id == meeting.id).execute()
    return sentences(Meeting.get_by_id(meeting.id).decide, by=world.reviewer, **DECIDED)


# quorum and majority -------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("on, members, present, sentence", [
    (TODAY, 15, 9, "到会的委员不够：要求 全体委员 15 人的 10 人，实际 9 人，差 1 人"),
    (TODAY, 14, 14, "学位评定委员会的人数要求是单数：要求 单数，实际 14 人"),
    (TODAY, 7, 7, "学位评定委员会的人数不够：要求 9 人，实际 7 人，差 2 人"),
    (dt.date(2024, 12, 31), 15, 7, "到会的委员不够：要求 全体委员 15 人的 8 人，实际 7 人，差 1 人")])
def test_a_meeting_needs_the_committee_and_quorum_of_the_law_of_its_day(world, award, on, members, present, sentence):
    meeting = world.listed(world.meeting(), award)
    assert against(world, meeting, held_on=on, members=members, present=present, votes_for=present) == [sentence]


def test_before_the_law_of_2025_an_even_committee_and_half_of_it_decided(world, award):
    Application.defences.rel_model.update(held_on=dt.date(2024, 12, 1)).execute()
    meeting = world.listed(world.meeting(on=dt.date(2024, 12, 31), members=14, present=8, votes_for=8), award)
    assert meeting.decide(by=world.reviewer, **DECIDED).state == "decided" and Award.get_by_id(award.id).state == "awarded"


@pytest.mark.parametrize("votes, state", [((8, 5, 0), "awarded"), ((7, 6, 0), "proposed"), ((7, 0, 6), "proposed")])
def test_a_degree_needs_more_than_half_of_all_members_whoever_was_there(world, award, votes, state):
    meeting = world.listed(world.meeting(votes_for=votes[0], votes_against=votes[1], votes_abstain=votes[2]), award)
    meeting.decide(by=world.reviewer, **DECIDED)
    assert Award.get_by_id(award.id).state == state
    assert AgendaItem.get().outcome == ("授予" if state == "awarded" else "票数不够，未授予")


def test_the_votes_are_as_many_as_the_members_that_are_there(world, award):
    meeting = world.listed(world.meeting(votes_for=12), award)
    assert against(world, meeting) == ["票数合计与到会委员人数不符：要求 13 票，实际 12 票，差 1 票"]
    assert refused(world.meeting, present=16).fields == {"present": "到会委员：要求 0 到全体委员 15 人，实际 16"}


def test_who_was_voted_on_apart_goes_by_his_own_votes(world, award):
    other = proposed(world, "单独表决")
    meeting = world.listed(world.meeting(), award)
    assert "都要填写" in refused(AgendaItem.add, world.clerk, meeting=meeting, award=other, votes_for=3).fields["votes_for"]
    item = AgendaItem.add(world.clerk, meeting=meeting, award=other, votes_for=3, votes_against=9, votes_abstain=0)
    assert against(world, meeting) == ["单独表决 票数合计与到会委员人数不符：要求 13 票，实际 12 票，差 1 票"]
    item.change(world.clerk, votes_against=10)
    Meeting.get_by_id(meeting.id).decide(by=world.reviewer, **DECIDED)
    assert [Award.get_by_id(row.id).state for row in (award, other)] == ["awarded", "proposed"]
    world.decide(Award.get_by_id(other.id), decision="校学位〔2026〕10 号")
    assert Award.get_by_id(other.id).certificate_number == "1000132026000002"


# agenda ----------------------------------------------------------------------------------------------------------------------------------------
def test_one_click_lists_everybody_of_the_unit_who_waits_and_nobody_twice(world, award):
    other = proposed(world, "先列")
    world.listed(world.meeting(), other)
    meeting = world.meeting().fill(by=world.clerk)
    assert [item.award_id for item in meeting.items] == [award.id]
    assert Entry.select().where(Entry.entity == "agenda_item", Entry.verb == "create").count() == 2
    assert sentences(meeting.fill, by=world.clerk) == ["本单位没有待授予而未列入会议的人"]
    assert "这个人已列入" in refused(AgendaItem.add, world.clerk, meeting=meeting, award=other).fields["award"]


def test_whoever_is_removed_is_not_decided_and_comes_to_another_meeting(world, award):
    other = proposed(world, "移出")
    meeting = world.listed(world.meeting(), award, other)
    AgendaItem.get(AgendaItem.award == other).remove(by=world.clerk, reason="材料待核")
    meeting.decide(by=world.reviewer, **DECIDED)
    assert Award.get_by_id(other.id).state == "proposed"
    assert sentences(AgendaItem.get(AgendaItem.award == award).remove, by=world.clerk, reason="x")[0].startswith("会议已经结束")
    world.decide(Award.get_by_id(other.id))


def test_a_meeting_lists_nobody_of_another_unit_and_is_seen_by_its_own(world, award):
    theirs = world.meeting(world.clerk2)
    assert refused(AgendaItem.add, world.clerk2, meeting=theirs, award=award).fields == {"award": "这个人不是本单位的"}
    assert sentences(theirs.fill, by=world.clerk) == ["没有这一行，或不在您的范围内"]


def test_a_decision_is_of_all_or_of_none(world, award):
    other = proposed(world, "已清退")
    meeting = world.listed(world.meeting(), award, other)
    Application.update(state="registered").where(Application.id == other.application_id).execute()
    assert sentences(meeting.decide, by=world.reviewer, **DECIDED) == ["已清退：论文答辩没有通过，不能授予学位：要求 已答辩，实际 在册"]
    assert [Award.get_by_id(row.id).state for row in (award, other)] == ["proposed"] * 2 and Meeting.get_by_id(meeting.id).state == "planned"


@pytest.mark.parametrize("changed, sentence", [({"minutes": None}, "还没有上传会议决定文件"),
                                               ({"held_on": TODAY + dt.timedelta(days=2)}, "开会日期未到：要求 不早于 2026-03-22，实际 2026-03-20，差 2 天")])
def test_a_decision_needs_its_document_and_is_recorded_once_the_meeting_was_held(world, award, changed, sentence):
    assert sentence in against(world, world.listed(world.meeting(), award), **changed)


def test_an_empty_meeting_decides_nothing_and_one_that_decided_is_not_edited(world, award):
    meeting = world.meeting()
    assert sentences(meeting.decide, by=world.reviewer, **DECIDED) == ["议程上没有人：要求 至少 1 人，实际 0 人，差 1 人"]
    world.listed(meeting, award).decide(by=world.reviewer, **DECIDED)
    assert sentences(meeting.change, world.clerk, members=17) == ["会议已经结束，不能再改：要求 筹备、公示，实际 已决定"]


# notice and objections ---------------------------------------------------------------------------------------------------------------------------
def test_where_the_unit_shows_its_lists_nothing_is_decided_before_the_last_day_is_over(world, award, noticed):
    meeting = world.listed(world.meeting(), award)
    assert sentences(meeting.decide, by=world.reviewer, **DECIDED) == ["还没有公示：要求 5 天，实际 没有"]
    meeting.publish(by=world.reviewer)
    assert (meeting.notice_from, meeting.notice_until) == (TODAY, dt.date(2026, 3, 24))
    with clock.at(dt.date(2026, 3, 24)):
        assert against(world, meeting, held_on=dt.date(2026, 3, 24)) == ["公示结束以后才能决定：要求 晚于 2026-03-24，实际 开会日期 2026-03-24，差 1 天"]
    with clock.at(dt.date(2026, 3, 25)):
        Meeting.get_by_id(meeting.id).change(world.clerk, held_on=dt.date(2026, 3, 25)).decide(by=world.reviewer, **DECIDED)
    assert Award.get_by_id(award.id).state == "awarded"


def test_a_list_that_is_shown_takes_nobody_more(world, award, noticed):
    meeting = world.listed(world.meeting(), award).publish(by=world.reviewer)
    late = proposed(world, "后来")
    assert "只能列入筹备中的会议" in refused(AgendaItem.add, world.clerk, meeting=meeting, award=late).fields["meeting"]
    assert "现在的状态不能" in sentences(meeting.fill, by=world.clerk)[0]


def test_a_unit_that_shows_no_lists_is_told_so(world, award):
    assert "不必公示" in sentences(world.listed(world.meeting(), award).publish, by=world.reviewer)[0]


def objection(by, award, **values):
    return AwardObjection.add(by, **{"award": award, "name": "周正言", "contact": "13900000000", "statement": "论文第三章与他人论文雷同"} | values)


def test_an_award_under_open_objection_is_not_decided_and_one_that_was_rejected_is(world, award, noticed):
    citizen = world.applicant("周正言")
    meeting = world.listed(world.meeting(), award).publish(by=world.reviewer)
    raised = objection(citizen, award)
    assert raised.person_id == citizen.person_id and AwardObjection.seen(citizen, raised.id) is not None
    assert {notice.user_id for notice in Outbox.select().where(Outbox.template == "AwardObjection.raised")} == {world.clerk.id, world.reviewer.id}
    with clock.at(dt.date(2026, 3, 26)):
        meeting.change(world.clerk, held_on=dt.date(2026, 3, 26))
        assert sentences(meeting.decide, by=world.reviewer, **DECIDED) == ["林叙白 的异议还没有答复：请先答复"]
        raised.reject(by=world.reviewer, reason="经核查，引用均已注明")
        assert "引用均已注明" in Outbox.get(Outbox.template == "AwardObjection.reject", Outbox.user_id == citizen.id).body
        meeting.decide(by=world.reviewer, **DECIDED)
    assert Award.get_by_id(award.id).state == "awarded"


def test_an_upheld_objection_keeps_the_award_from_every_meeting(world, award):
    objection(world.clerk, award).uphold(by=world.reviewer, reason="雷同属实")
    assert sentences(world.decide, award) == ["林叙白 的异议成立：请移出议程"]
    assert "公示异议成立" in str(Award.get_by_id(award.id).under_objection(None))


@pytest.mark.parametrize("day, inside", [(dt.date(2026, 3, 20), True), (dt.date(2026, 3, 24), True), (dt.date(2026, 3, 25), False)])
def test_the_public_objects_while_the_notice_runs_and_the_unit_enters_letters_also_later(world, award, noticed, day, inside):
    world.listed(world.meeting(), award).publish(by=world.reviewer)
    citizen = world.applicant("周正言")
    with clock.at(day):
        if inside:
            assert objection(citizen, award).state == "open"
        else:
            assert refused(objection, citizen, award).fields == {"award": "不在公示时间内"}
        assert objection(world.clerk, award).state == "open"


def test_nobody_objects_to_a_degree_that_was_granted_and_nobody_of_another_unit_answers(world, award):
    raised = objection(world.clerk, award)
    assert sentences(raised.uphold, by=world.reviewer2, reason="x") == ["没有这一行，或不在您的范围内"]
    raised.reject(by=world.reviewer, reason="不实")
    world.decide(award)
    assert "只能对待授予的人提出异议" in refused(objection, world.clerk, Award.get_by_id(award.id)).fields["award"]


def test_a_case_that_is_dismissed_takes_its_award_agenda_and_objections_with_it(world, award):
    meeting = world.listed(world.meeting(), award, proposed(world, "留下"))
    objection(world.clerk, award)
    Application.get_by_id(award.application_id).dismiss(by=world.reviewer, ground="breach", reason="论文作假")
    assert not AwardObjection.select().exists() and AgendaItem.select().count() == 1
    meeting.decide(by=world.reviewer, **DECIDED)
    assert [row.state for row in Award.select()] == ["awarded"]


def test_decided_together_or_one_by_one_rows_history_and_notices_are_the_same(world, award, monkeypatch):
    other, found = proposed(world, "逐个"), []
    for row, together in ((award, True), (other, False)):
        if not together:
            monkeypatch.setattr(Award.grant, "then_many", None)
        world.decide(row)
        row, case = Award.get_by_id(row.id), Application.get_by_id(row.application_id)
        entries = [(entry.entity, entry.verb, entry.old_state, entry.new_state, entry.names, entry.reason) for entry in
                   Entry.select().where(Entry.case_ref == case.id, Entry.verb.in_(("grant", "award"))).order_by(Entry.entity)]
        versions = [sorted(version.values) for version in Version.of(row).limit(1)] + [sorted(version.values) for version in Version.of(case).limit(1)]
        told = [notice.subject.partition("：")[0] for notice in Outbox.select().where(Outbox.template == "Award.grant", Outbox.user_id == row.applicants()[0].id)]
        found.append((row.state, case.state, row.edition, case.edition, entries, versions, told))
    assert found[0] == found[1] and len(found[0][4]) == 2 and found[0][6] == ["授予学位"]
