"""Stage 7: what life brings - a longer limit, another programme, other data, two persons that are one, a clerk who leaves."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.applications import Application
from models.audit import Entry
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.handover import Handover
from models.changes.merging import PersonMerge
from models.changes.programme import ProgrammeChange
from models.conditions import conditions
from models.consents import record_consent
from models.dismissals import Dismissal
from models.exams.results import PriorPass
from models.files import File
from models.jobs import Job
from models.people import FormerDocument, Person, User, find_account
from models.register import verdict
from models.reports import Report
from tests.models.refusals import refused, sentences
from tests.world import account, number_for

UNTIL = dt.date(2032, 3, 20)


@pytest.fixture
def case(world):
    return world.registered()


def proof(case):
    return File.keep(b"proof", "证明.pdf", "document", "application/pdf", institution=case.institution_id, person_ref=case.person_id)


def extension(case, **values):
    return Extension.add(case.applicants()[0], **({"application": case, "ground": "illness", "until": UNTIL, "document": proof(case)} | values))


# a longer limit ---------------------------------------------------------------------------------------------------------------------------
def test_an_extension_moves_the_deadline_when_the_reviewer_agrees_and_leaves_one_entry_a_move(world, case):
    request, before = extension(case), Entry.select().count()
    request.approve(by=world.reviewer, opinion="病历属实")
    assert (Application.get_by_id(case.id).deadline, request.before, request.decided_by) == (UNTIL, dt.date(2031, 3, 20), world.reviewer)
    assert [entry.verb for entry in Entry.select().where(Entry.id > before).order_by(Entry.id)] == ["extend", "approve"]


def test_an_extension_needs_a_ground_a_document_and_a_later_day(world, case):
    assert "证明文件" in refused(extension, case, document=None).fields["document"]
    assert "晚于现在的到期日" in refused(extension, case, until=dt.date(2031, 3, 20)).fields["until"]
    assert "理由" in refused(extension, case, ground="holiday").fields["ground"]


def test_a_refused_extension_changes_nothing_and_one_is_open_at_a_time(world, case):
    first = extension(case)
    assert sentences(extension, case) == ["已有一件待审的延长申请"]
    first.refuse(by=world.reviewer, reason="没有附病历")
    assert Application.get_by_id(case.id).deadline == dt.date(2031, 3, 20) and extension(case).state == "submitted"


def test_nobody_extends_a_limit_past_the_request(world, case):
    assert "不能单独操作" in sentences(case.extend, by=world.reviewer, until=UNTIL)[0]
    assert refused(extension(case).approve, by=world.clerk, opinion="同意").reasons[0].text == "您的角色不能“同意”"
    assert "没有这一行" in sentences(Extension.get().approve, by=world.reviewer2, opinion="同意")[0]


def test_an_extended_limit_is_no_contradiction_and_an_unexplained_one_is(world, case):
    extension(case).approve(by=world.reviewer, opinion="同意")
    assert verdict(Application.get_by_id(case.id)) == "on_the_way"
    other = world.registered(world.applicant())
    Application.update(deadline=UNTIL).where(Application.id == other.id).execute()
    assert verdict(other) == "contradicts"


# another programme ------------------------------------------------------------------------------------------------------------------------
def test_another_programme_of_the_unit_brings_its_credits_and_keeps_the_deadline(world, case):
    other = world.publish(world.unit, world.clerk, code="0301", min_credits=Decimal(25))
    change = ProgrammeChange.add(case.applicants()[0], application=case, programme=other)
    with clock.at(dt.date(2026, 4, 10)):
        change.approve(by=world.reviewer, opinion="同意")
    moved = Application.get_by_id(case.id)
    assert (moved.programme, moved.discipline, moved.min_credits, moved.deadline) == (other, other.discipline, 25, case.deadline)
    assert (change.before, change.credits_before) == (world.programme, 30)
    with clock.at(dt.date(2026, 4, 20)):
        assert [conditions(moved, day)[2].required for day in (dt.date(2026, 4, 9), dt.date(2026, 4, 10))] == ["30 学分", "25 学分"]


def test_a_programme_of_another_unit_or_a_closed_one_is_refused(world, case):
    other = world.publish(world.unit2, world.clerk2, code="0301")
    ask = lambda programme: ProgrammeChange.add(case.applicants()[0], application=case, programme=programme)      # noqa: E731
    assert "只能变更为 北京大学 的学科" in refused(ask, other).fields["programme"] and "相同" in refused(ask, world.programme).fields["programme"]
    own = world.publish(world.unit, world.clerk, code="0301")
    change = ask(own)
    own.close(by=world.clerk)
    assert "新学科不接受申请" in sentences(change.approve, by=world.reviewer, opinion="同意")[0]


def test_a_paper_that_is_entered_for_is_finished_before_the_programme_changes(world, case):
    world.sat(case, world.session())
    change = ProgrammeChange.add(case.applicants()[0], application=case, programme=world.publish(world.unit, world.clerk, code="0301"))
    assert "还没有公布成绩" in sentences(change.approve, by=world.reviewer, opinion="同意")[0]


# other data -------------------------------------------------------------------------------------------------------------------------------
def data_change(case, by=None, **values):
    return DataChange.add(by or case.applicants()[0], **({"person": case.person, "institution": case.institution_id, "evidence": proof(case)} | values))


def test_a_new_number_and_name_with_evidence_and_the_old_number_stays_his(world, case):
    old, new = case.person.document_number, number_for(777, born="19880229")
    PriorPass.add(world.centre, name="林叙白", document_number=old, kind="language", subject_name="英语", passed_on=dt.date(2010, 5, 30))
    data_change(case, name="林 叙", document_number=new).approve(by=world.reviewer, opinion="公安机关证明属实")
    person = Person.get_by_id(case.person_id)
    assert (person.name, person.document_number, person.birth_date) == ("林 叙", new, dt.date(1988, 2, 29))
    assert find_account(old) == find_account(new) == case.applicants()[0] and FormerDocument.get().person == person
    assert conditions(Application.get_by_id(case.id))[1].actual == "1 科", "the pass under the old number still counts"
    assert verdict(case) == "on_the_way", "the old name in 合格库 is explained by the change"


def test_a_pass_of_another_name_under_the_number_is_a_contradiction(world, case):
    PriorPass.add(world.centre, name="别人", document_number=case.person.document_number, kind="language", subject_name="英语", passed_on=dt.date(2010, 5, 30))
    assert verdict(case) == "contradicts"


def test_name_and_number_need_evidence_and_a_number_belongs_to_one_person(world, case):
    other = world.applicant()
    assert "证明文件" in refused(data_change, case, name="林叙", evidence=None).fields["evidence"]
    assert "另一人名下" in refused(data_change, case, document_number=other.person.document_number).fields["document_number"]
    assert "要变更的内容" in refused(data_change, case).fields["name"]
    assert "不存在" in refused(data_change, case, phone="123").fields["phone"]


def test_a_number_that_somebody_took_meanwhile_is_refused_at_the_decision(world, case):
    new = number_for(778)
    change = data_change(case, document_number=new)
    world.applicant(document_number=new)
    assert "另一人名下" in sentences(change.approve, by=world.reviewer, opinion="同意")[0]


def test_nobody_registers_with_the_former_number_of_another(world, case):
    old = case.person.document_number
    data_change(case, document_number=number_for(779)).approve(by=world.reviewer, opinion="同意")
    assert "已经注册" in refused(Person.add, None, name="新人", document_type="01", document_number=old).fields["document_number"]


def test_what_was_frozen_in_a_report_keeps_the_old_name(world):
    case = world.awarded()
    term = world.term(award_from=dt.date(2026, 3, 1), report_from=dt.date(2026, 3, 1))
    report = Report.get(Report.term == term, Report.institution == world.unit).submit(by=world.clerk)
    data_change(case, name="林叙").approve(by=world.reviewer, opinion="同意")
    assert report.current_lines().get().values["XM"] == "林叙白"


def test_a_new_contact_reaches_person_and_account(world, case):
    data_change(case, email="neu@example.cn", phone="13900000001", evidence=None).approve(by=world.reviewer, opinion="同意")
    assert (Person.get_by_id(case.person_id).email, case.applicants()[0].email) == ("neu@example.cn", "neu@example.cn")


# two persons that are one -------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def centre2(world):
    return account("centre2", "centre")


def test_two_persons_become_one_with_all_cases_and_both_numbers(world, centre2):
    old = world.registered()
    old.dismiss(by=world.clerk, ground="own_request", reason="退出")
    kept, double = world.registered(world.applicant("林叙白")), old.person
    record_consent(None, double, "privacy")
    merge = PersonMerge.add(world.centre, kept=kept.person, double=double, statement="同一人，旧护照登记")
    merge.approve(by=centre2, opinion="属实")
    assert {case.id for case in kept.person.applications} == {old.id, kept.id} and merge.moved == {"申请": 1, "同意记录": 1} and kept.person.consents.count() == 1
    assert Person.get_by_id(double.id).merged_into == kept.person and Person.by_document(double.document_number) == kept.person
    assert User.get(User.person == double).state == "disabled"
    assert Entry.select().where(Entry.verb == "merge").count() == 2


def test_two_live_cases_are_not_made_one(world, centre2):
    kept, double = world.registered(), world.registered(world.applicant())
    merge = PersonMerge.add(world.centre, kept=kept.person, double=double.person, statement="同一人")
    assert sentences(merge.approve, by=centre2, opinion="属实") == ["两人各有一件在办的申请，须先办结或退出其中一件：要求 至多 1 件，实际 2 件，差 1 件"]


def test_a_merge_is_decided_by_another_than_who_proposed_it(world):
    merge = PersonMerge.add(world.centre, kept=world.applicant().person, double=world.applicant().person, statement="同一人")
    assert "两个人办理" in sentences(merge.approve, by=world.centre, opinion="属实")[0]


# a clerk leaves ---------------------------------------------------------------------------------------------------------------------------
def test_open_work_goes_to_the_successor_and_the_account_is_closed(world, case):
    successor = account("clerk3", "clerk", institution=world.unit)
    job = Job.create(kind="export", title="导出", user_id=world.clerk.id)
    proposal = Dismissal.add(world.clerk, application=case, ground="breach", statement="违纪")
    handover = Handover.add(world.unit_admin, institution=world.unit, leaver=world.clerk, successor=successor)
    handover.take_over(by=world.unit_admin)
    assert Job.get_by_id(job.id).user_id == successor.id and Dismissal.get_by_id(proposal.id).proposed_by == successor
    leaver = User.get_by_id(world.clerk.id)
    assert (leaver.state, leaver.role_names, handover.moved) == ("disabled", [], {"后台作业": 1, "清退提议": 1})


def test_a_successor_has_the_roles_of_the_leaver_and_is_of_the_same_unit(world):
    handover = Handover.add(world.unit_admin, institution=world.unit, leaver=world.clerk, successor=world.reviewer)
    assert "接办人还没有这些角色：经办" in sentences(handover.take_over, by=world.unit_admin)[0]
    assert "本单位" in refused(Handover.add, world.unit_admin, institution=world.unit, leaver=world.reviewer, successor=world.clerk2).fields["successor"]
