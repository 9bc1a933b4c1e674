"""Stage 9: who may judge a thesis, how many votes pass, and what a failed defence leaves."""
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock
from models.applications import Application
from models.awards import Award
from models.defences import CommitteeMember, Defence, Thesis, request_defence, same_person, votes_needed
from models.parameters import Parameter
from tests.models.refusals import refused, sentences


@pytest.fixture
def case(world):
    return world.admitted()


@pytest.mark.parametrize("members, needed", [(5, 4), (6, 4), (7, 5), (8, 6), (9, 6)])
def test_two_thirds_of_all_members_pass(members, needed):
    assert votes_needed(members, [2, 3]) == needed


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 9))
def test_the_votes_needed_are_the_fewest_that_reach_the_share(members, top, bottom):
    needed = votes_needed(members, [top, bottom])
    assert needed * bottom >= members * top > (needed - 1) * bottom


@pytest.mark.parametrize("members, votes, passes", [
    (5, (3, 2, 0), False), (5, (4, 1, 0), True), (5, (3, 0, 2), False), (6, (4, 2, 0), True), (6, (4, 0, 2), True), (7, (4, 3, 0), False), (7, (5, 2, 0), True)])
def test_abstentions_count_as_members_that_did_not_agree(world, case, members, votes, passes):
    defence = world.defence(case, members=members, votes=votes)
    if passes:
        assert defence.record_pass(by=world.clerk).state == "passed"
        return
    need = votes_needed(members, [2, 3])
    assert sentences(defence.record_pass, by=world.clerk) == [f"同意票不够：要求 全体委员 {members} 人的 {need} 票，实际 {votes[0]} 票，差 {need - votes[0]} 票"]
    assert defence.record_failure(by=world.clerk, reason="票数不够").state == "failed"


def test_a_ballot_that_passes_is_not_recorded_as_a_failure(world, case):
    assert sentences(world.defence(case, votes=(4, 1, 0)).record_failure, by=world.clerk, reason="x") == ["同意票已达到通过的票数，应记为通过：要求 少于 4 票，实际 4 票"]


def test_the_share_of_votes_is_that_of_the_day_of_the_defence(world, case):
    Parameter.add(world.centre, name="committee.majority", title="通过票数比例", value=[4, 5], valid_from=dt.date(2026, 3, 20))
    defence = world.defence(case, members=6, votes=(4, 2, 0), held_on=dt.date(2026, 3, 19))
    assert defence.record_pass(by=world.clerk).state == "passed"


def test_every_member_votes_once(world, case):
    assert sentences(world.defence(case, votes=(4, 0, 0)).record_pass, by=world.clerk) == ["票数合计与委员人数不符：要求 5 票，实际 4 票，差 1 票"]
    assert "票数不能小于 0" in refused(Defence.get().change, world.clerk, votes_against=-1).fields["votes_against"]


def change_first(rows, **values):
    row = rows.order_by(rows.model.id).first()
    type(row).update(values).where(type(row).id == row.id).execute()


def remove_to(rows, count):
    for row in list(rows.order_by(rows.model.id))[count:]:
        row.delete_instance()


BROKEN = {
    "论文评阅人不够：要求 3 人，实际 2 人，差 1 人": lambda d, t: remove_to(t.reviewers, 2),
    "外单位评阅人不够：要求 1 人，实际 0 人，差 1 人": lambda d, t: change_first(t.reviewers, outsider=False),
    "导师 裴敬堂 不能评阅自己学生的论文": lambda d, t: change_first(t.reviewers, expert=t.supervised_by_id),
    "评阅人0 的评阅材料送出太晚：要求 答辩前 60 天，实际 59 天，差 1 天": lambda d, t: change_first(t.reviewers, sent_on=d.held_on - dt.timedelta(days=59)),
    "评阅人0 的评阅材料送出太晚：要求 答辩前 60 天，实际 没有登记": lambda d, t: change_first(t.reviewers, sent_on=None),
    "评阅人0 评阅后不同意答辩": lambda d, t: change_first(t.reviewers, agrees=False, opinion="论证不足"),
    "还没有登记论文题目": lambda d, t: Thesis.update(title="").execute(),
    "还没有登记论文导师": lambda d, t: Thesis.update(supervised_by=None, supervisor="", supervisor_number="").execute(),
    "还没有登记文字复制检测的报告和比例：要求 不超过 30%": lambda d, t: Thesis.update(plagiarism_ratio=None).execute(),
    "文字复制比太高：要求 不超过 30%，实际 30.1%，差 0.1 个百分点": lambda d, t: Thesis.update(plagiarism_ratio=Decimal("30.1")).execute(),
    "研究生导师不够：要求 3 人，实际 2 人，差 1 人": lambda d, t: CommitteeMember.update(supervises=False).where(CommitteeMember.name.in_(["委员2", "委员3", "委员4"])).execute(),
    "外单位成员不够：要求 1 人，实际 0 人，差 1 人": lambda d, t: CommitteeMember.update(outsider=False).execute(),
    "答辩委员会主席：要求 1 人，实际 0 人，差 1 人": lambda d, t: CommitteeMember.update(chair=False).execute(),
    "答辩委员会主席：要求 1 人，实际 5 人，差 4 人": lambda d, t: CommitteeMember.update(chair=True).execute(),
    "导师 裴敬堂 不能是答辩委员": lambda d, t: change_first(d.members, expert=t.supervised_by_id),
    "请先填写答辩记录，或上传扫描件": lambda d, t: Parameter.update(value=True).where(Parameter.name == "defence.minutes_needed").execute(),
    "请登记答辩成绩：要求 优秀、良好、中等、合格、不合格，实际 空": lambda d, t: Defence.update(grade="").execute(),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_each_rule_of_the_defence_stands_alone(world, case, sentence):
    defence = world.defence(case)
    BROKEN[sentence](defence, Thesis.get(Thesis.application == case))
    assert sentences(defence.record_pass, by=world.clerk) == [sentence]


def test_a_committee_of_four_is_too_small_whatever_its_votes(world, case):
    assert sentences(world.defence(case, members=4, votes=(4, 0, 0)).record_pass, by=world.clerk) == ["答辩委员会成员不够：要求 5 人，实际 4 人，差 1 人"]


def test_materials_sent_exactly_in_time_are_in_time(world, case):
    defence = world.defence(case)
    change_first(Thesis.get().reviewers, sent_on=defence.held_on - dt.timedelta(days=60))
    assert defence.record_pass(by=world.clerk).state == "passed"


def test_rows_from_before_the_list_know_the_supervisor_by_number_and_only_without_one_by_name():
    thesis = Thesis(supervisor="裴敬堂", supervisor_number="T001")
    assert same_person(CommitteeMember(name="别人", number="t001 "), thesis)
    assert not same_person(CommitteeMember(name="裴敬堂", number="T002"), thesis)
    assert same_person(CommitteeMember(name="裴 敬堂", number=""), thesis)
    assert not same_person(CommitteeMember(name="", number=""), Thesis(supervisor=""))


def test_a_defence_has_no_result_before_its_day(world, case):
    defence = world.defence(case, held_on=clock.today() + dt.timedelta(days=1))
    assert "答辩日期未到：要求 不早于 2026-03-21，实际 2026-03-20" in sentences(defence.record_pass, by=world.clerk)
    with clock.at(defence.held_on):
        assert defence.record_pass(by=world.clerk).state == "passed"


def test_only_an_admitted_case_defends(world):
    case = world.ready()
    wrong = refused(Defence.add, world.clerk, application=case, held_on=clock.today()).fields
    assert wrong == {"application": "只能给准予答辩的人安排答辩，林叙白 现在是“在册”"}


def test_passing_moves_the_case_and_proposes_the_award_in_one(world, case):
    world.defence(case).record_pass(by=world.clerk)
    award = Award.get()
    assert Application.get_by_id(case.id).state == "defended"
    assert (award.application_id, award.state, award.certificate_number) == (case.id, "proposed", None)


def failed_once(world, case):
    world.defence(case, votes=(1, 4, 0)).record_failure(by=world.clerk, reason="论证不足")
    return Application.get_by_id(case.id)


@pytest.mark.parametrize("days, inside", [(365, True), (366, False)])
def test_a_failed_defence_is_repeated_once_within_a_year(world, case, days, inside):
    case = failed_once(world, case)
    assert case.state == "defence_admitted"
    day = clock.today() + dt.timedelta(days=days)
    if inside:
        assert world.ballot(case, held_on=day).attempt == 2
    else:
        assert refused(world.ballot, case, held_on=day).fields["held_on"].endswith(f"实际 {day}，差 1 天")


def test_a_second_defence_waits_for_the_first_to_fail(world, case):
    world.defence(case)
    assert "第一次答辩没有通过才能重新答辩，第一次现在是“已安排”" in str(refused(world.ballot, case))


def test_after_the_second_failure_the_case_is_back_on_the_register(world, case):
    case = failed_once(world, case)
    world.ballot(case, votes=(0, 5, 0)).record_failure(by=world.clerk, reason="仍不足")
    assert Application.get_by_id(case.id).state == "registered" and not Award.select().exists()


def test_a_defence_with_a_result_stands(world, case):
    defence = world.defence(case).record_pass(by=world.clerk)
    assert sentences(defence.change, world.clerk, grade="优秀") == ["答辩已有结果，不能再改：要求 已安排，实际 通过"]


def test_whoever_failed_twice_cannot_ask_again(world):
    with clock.at(dt.date(2026, 9, 10)):
        case = world.admitted()
        world.defence(case, votes=(3, 2, 0)).record_failure(by=world.clerk, reason="票数不够")
        again = Defence.add(world.clerk, application=case, held_on=dt.date(2026, 9, 10), place="二教 301", votes_for=0, votes_against=5)
        for member in Defence.get(Defence.attempt == 1).members:
            CommitteeMember.add(world.clerk, defence=again, institution=case.institution_id, expert=member.expert_id)
        again.record_failure(by=world.clerk, reason="票数不够")
        case = Application.get_by_id(case.id)
        assert case.state == "registered"
        assert "两次都没有通过" in sentences(request_defence, case, case.applicants()[0])[0]
