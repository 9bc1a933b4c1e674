"""Whose turn it is: through all ten stages the next step of a case, who takes it and until when, each followed by that step being taken."""
import datetime as dt

from models import clock
from models.applications import Application
from models.defences import Thesis, request_defence
from models.dismissals import Dismissal
from models.exams.entering import enter, subjects_for
from models.exams.entries import ExamEntry
from models.parameters import Parameter
from models.reports import Report
from models.turns import turn
from tests.world import DAY


def now(case):
    found = turn(Application.get_by_id(case.id))
    return found and (found.what, found.who, str(found.until or ""))


def test_until_the_register_the_windows_of_the_programme_set_the_day(world):
    user = world.applicant()
    case = world.draft(user)
    assert now(case) == ("填写并提交申请", "本人", "2026-04-15")
    case.submit(by=user)
    assert now(case) == ("本人带原件到场，办理现场确认", "经办", "2026-05-15") and turn(case).left == 56
    case.send_back(by=world.clerk, reason="照片不清")
    assert now(case) == ("修改后再次提交", "本人", "2026-05-15")
    case.submit(by=user)
    world.confirmation(case)
    case.confirm(by=world.clerk)
    assert now(case) == ("资格审核", "审核", "")
    case.reject(by=world.reviewer, opinion="不符")
    assert now(case) is None


def test_on_the_register_the_exam_comes_before_the_credits_and_both_before_the_request(world):
    case = world.registered()
    assert now(case) == ("修满课程学分", "本人", "2031-03-20")
    session = world.session()
    assert now(case) == ("报考2026 年统考", "本人", "2026-03-31")
    enter(case, session, [item for item, _ in subjects_for(case, session)], case.institution.province, world.site, case.applicants()[0])
    assert now(case) == ("缴纳2026 年统考报名费", "本人", "2026-03-31")
    ExamEntry.select().where(ExamEntry.application == case).get().payment.record(by=world.exam, reference="线下-001")
    assert now(case) == ("参加2026 年统考", "本人", "2026-05-23")
    with clock.at(session.exam_on + clock.days(1)):
        assert now(case) == ("公布2026 年统考成绩", "组考部门", "")
    with clock.at(dt.date(2031, 3, 21)):
        assert now(case) == ("申请延长学习年限", "本人", "")


def test_with_the_credits_alone_the_next_session_has_to_be_announced(world):
    case = world.registered()
    world.studied(case)
    assert now(case) == ("公布下一次统考的报考时间", "组考部门", "")


def test_from_the_request_to_the_filed_report(world):
    case = world.ready()
    with clock.at(dt.date(2026, 9, 10)):
        assert now(case) == ("申请论文答辩", "本人", "2031-03-20")
        request = request_defence(case, case.applicants()[0])
        assert now(case) == ("审核答辩资格申请", "审核", "")
        request.send_back(by=world.reviewer, reason="论文未定稿")
        assert now(case) == ("补正后再次申请答辩", "本人", "2031-03-20")
        request.submit(by=case.applicants()[0]).tick(world.reviewer).approve(by=world.reviewer, opinion="同意")
        case = Application.get_by_id(case.id)
        what, who, until = now(case)
        assert (what, who) == ("提交学位论文", "本人") and until == "2027-05-23"
        Thesis.get(Thesis.application == case).change(world.clerk, handed_in_on=clock.today())
        assert now(case) == ("安排评阅和答辩", "经办", "2027-03-10")
        defence = world.defence(case, held_on=clock.today())
        assert now(case) == ("参加论文答辩", "本人", "2026-09-10")
        with clock.at(dt.date(2026, 9, 11)):
            assert now(case) == ("登记答辩结果", "经办、审核", "")
        defence.record_pass(by=world.clerk)
        assert now(case) == ("学位评定委员会决定授予学位", "审核", "")
        world.decide(case.awards.get())
        assert now(case) == ("报送学位授予信息", "经办", "")
        report = Report.get(Report.term == world.term(), Report.institution == world.unit)
        report.submit(by=world.clerk)
        assert now(case) == ("备案学位授予信息", "省级学位办", "")
        report.send_back(by=world.officer, reason="姓名拼音有误")
        assert now(case) == ("报送学位授予信息", "经办", "2027-03-31")


def test_while_a_dismissal_cools_off_the_reviewer_may_take_it_back(world):
    Parameter.update(value=10).where(Parameter.name == "dismissal.cool_off_days").execute()
    case = world.registered()
    Dismissal.add(world.clerk, application=case, ground="breach", statement="违纪").approve(by=world.reviewer, opinion="同意")
    assert now(case) == ("清退冷静期期满清退，或撤销清退", "审核", str(DAY + clock.days(10)))
