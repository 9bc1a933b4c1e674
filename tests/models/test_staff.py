"""Stage 9: the unit's list of supervisors and experts, where one person is one row however his name is spelt."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application
from models.defences import CommitteeMember, Defence, Thesis, ThesisReviewer
from models.staff import Expert
from tests.models.refusals import refused
from tests.world import number_for


@pytest.fixture
def case(world):
    return world.admitted()


def seat(world, defence, expert, **values):
    return CommitteeMember.add(world.clerk, defence=defence, institution=defence.institution_id, expert=expert, **values)


def plan(world, case, **values):
    return Defence.add(world.clerk, **{"application": case, "held_on": clock.today(), "place": "二教 301"} | values)


@pytest.mark.parametrize("again, sentence", [
    ({"name": "裴 敬堂", "staff_number": " t００1 "}, {"名单里已有这个工号，同一个人只登记一次"}),
    ({"name": "裴敬棠", "document_number": number_for(77, "19600101")}, {"名单里已有这个证件号，同一个人只登记一次"})])
def test_a_person_is_listed_once_however_he_is_spelt(world, again, sentence):
    world.expert("裴敬堂", "T001", document_number=number_for(77, "19600101"))
    assert {str(reason) for reason in refused(Expert.add, world.clerk, institution=world.unit, **again).reasons} == sentence


def test_another_unit_lists_the_same_person_with_the_same_numbers(world):
    first = world.expert("裴敬堂", "T001", document_number=number_for(77))
    second = world.expert("裴敬堂", "T001", world.clerk2, document_number=number_for(77))
    assert first.id != second.id and first.is_same(second)


def test_a_person_needs_a_number_and_an_outsider_his_unit(world):
    wrong = refused(Expert.add, world.clerk, institution=world.unit, name="裴敬堂", external=True).fields
    assert wrong == {"staff_number": "请填写工号或证件号，至少一个", "unit": "外单位人员请填写工作单位"}
    assert "校验位不对" in refused(Expert.add, world.clerk, institution=world.unit, name="裴敬堂", document_number="110105199001010019").fields["document_number"]


def test_two_of_one_name_are_one_person_unless_a_number_tells_them_apart():
    one, other = Expert(id=1, institution=1, name="裴敬堂", staff_number="T001"), Expert(id=2, institution=1, name="裴 敬堂", document_number=number_for(77))
    assert one.is_same(other)
    one.document_number = number_for(78)
    assert not one.is_same(other)


def test_the_supervisor_is_no_member_whatever_the_list_calls_him_now(world, case):
    world.reviewed(case)
    defence, supervisor = plan(world, case), Expert.get(Expert.staff_number == "T001")
    supervisor.change(world.clerk, name="裴敬棠")
    assert refused(seat, world, defence, supervisor).fields == {"expert": "裴敬棠 是 林叙白 的导师，不能是答辩委员"}
    assert not defence.members.exists()


def test_the_supervisor_is_no_member_under_a_second_row_of_another_spelling(world, case):
    """The list has him twice: under his staff number, and under his document with a blank in the name."""
    world.reviewed(case)
    second = world.expert("裴　敬堂", None, document_number=number_for(77))
    assert "是 林叙白 的导师，不能是答辩委员" in refused(seat, world, plan(world, case), second).fields["expert"]


def test_the_supervisor_does_not_review(world, case):
    thesis = world.paper(case)
    wrong = refused(ThesisReviewer.add, world.clerk, thesis=thesis, institution=world.unit, expert=thesis.supervised_by_id).fields
    assert wrong == {"expert": "裴敬堂 是这篇论文的导师，不能评阅"}


def test_the_words_of_a_member_are_those_of_the_day(world, case):
    member = seat(world, plan(world, case), world.expert("顾闻笛", "G1", title="教授"))
    Expert.get(Expert.staff_number == "G1").change(world.clerk, name="顾闻迪", title="研究员")
    kept = CommitteeMember.get_by_id(member.id)
    assert (kept.name, kept.title, kept.number, kept.unit) == ("顾闻笛", "教授", "G1", "北京大学")


@pytest.mark.parametrize("values, outsider", [
    ({"external": False}, False), ({"external": True, "unit": "某高校"}, True), ({"external": True, "unit": "某 研究所"}, False),
    ({"external": True, "unit": "北京大学"}, False)])
def test_an_outsider_belongs_neither_to_the_unit_nor_to_the_employer_of_the_applicant(world, case, values, outsider):
    assert case.employer == "某研究所"
    assert seat(world, plan(world, case), world.expert("顾闻笛", "G1", **values)).outsider is outsider


def test_only_people_of_the_unit_are_chosen_and_each_once(world, case):
    defence = plan(world, case)
    foreign = world.expert("顾闻笛", "G1", world.clerk2)
    assert refused(seat, world, defence, foreign).fields == {"expert": "顾闻笛 不在本单位的“导师与专家”中"}
    assert refused(seat, world, defence, None, name="顾闻笛", number="G1").fields == {"expert": "请从本单位的“导师与专家”中选择，没有的先登记"}
    own = world.expert("顾闻笛", "G1")
    seat(world, defence, own)
    assert refused(seat, world, defence, own).fields == {"expert": "这个人已在这次答辩的委员会里"}
    thesis = Thesis.get(Thesis.application == case)
    assert refused(thesis.change, world.clerk, supervised_by=foreign).fields == {"supervised_by": "顾闻笛 不在本单位的“导师与专家”中"}


def test_a_committee_stands_once_the_defence_has_its_result(world, case):
    defence = world.defence(case).record_pass(by=world.clerk)
    assert "答辩已有结果，不能再改" in str(refused(defence.members.first().change, world.clerk, chair=False))
    reviewer = Thesis.get(Thesis.application == case).reviewers.first()
    assert "论文已通过答辩，评阅不再修改" in str(refused(reviewer.change, world.clerk, agrees=False))
    assert "答辩已有结果" in str(refused(seat, world, defence, world.expert("顾闻笛", "G1")))


# nobody is in two places ------------------------------------------------------------------------------------------------------------------
MORNING = {"starts_at": dt.time(9), "ends_at": dt.time(10)}
NEXT = {"starts_at": dt.time(10), "ends_at": dt.time(11)}
BETWEEN = {"starts_at": dt.time(9, 59), "ends_at": dt.time(10, 30)}


def two(world):
    """Two admitted cases of one unit."""
    return admitted(world, *[world.registered(world.applicant(name)) for name in ("温景行", "苏以宁")])


def admitted(world, *cases):
    world.examined(*cases)
    for case in cases:
        world.studied(case)
    return [world.admit(Application.get_by_id(case.id)) for case in cases]


@pytest.mark.parametrize("first, second, places, free", [
    (MORNING, NEXT, ("二教 301", "三教 102"), True), (MORNING, BETWEEN, ("二教 301", "三教 102"), False), (MORNING, {}, ("二教 301", "三教 102"), False),
    ({}, {}, ("二教 301", "三教 102"), False), ({}, {}, ("二教 301", "二教301"), True), (MORNING, NEXT, ("二教 301", "二教 301"), True)])
def test_a_member_is_in_one_place_at_a_time(world, first, second, places, free):
    one, other = two(world)
    expert = world.expert("顾闻笛", "G1")
    seat(world, plan(world, one, place=places[0], **first), expert)
    later = plan(world, other, place=places[1], **second)
    if free:
        assert seat(world, later, expert).id
    else:
        sentence = refused(seat, world, later, expert).fields["expert"]
        assert sentence.startswith("顾闻笛 2026-") and "在 二教 301 有 温景行 的答辩，同一个人不能同时在两处" in sentence


def test_a_defence_does_not_move_to_where_its_members_are_elsewhere(world):
    one, other = two(world)
    expert = world.expert("顾闻笛", "G1")
    seat(world, plan(world, one, **MORNING), expert)
    later = plan(world, other, place="三教 102", **NEXT)
    seat(world, later, expert)
    assert "同一个人不能同时在两处" in refused(later.change, world.clerk, **BETWEEN).fields["held_on"]
    assert Defence.get_by_id(later.id).starts_at == dt.time(10)


def test_a_room_has_one_defence_at_a_time(world):
    one, other = two(world)
    plan(world, one, **MORNING)
    assert refused(plan, world, other, **BETWEEN).fields == {"place": "二教 301 09:00 到 10:00 已有 温景行 的答辩"}
    assert plan(world, other, **NEXT).id


def test_a_member_is_busy_in_another_unit_too_and_nothing_of_it_is_told(world):
    one, there = admitted(world, world.registered(), world.registered(world.applicant("陆远舟"), world.publish(world.unit2, world.clerk2)))
    defence = Defence.add(world.clerk2, application=there, held_on=clock.today(), place="光华楼", **MORNING)
    CommitteeMember.add(world.clerk2, defence=defence, institution=world.unit2, expert=world.expert("顾闻笛", "X9", world.clerk2, document_number=number_for(77)))
    sentence = refused(seat, world, plan(world, one, **MORNING), world.expert("顾闻笛", "G1", document_number=number_for(77))).fields["expert"]
    assert "09:00 到 10:00已在别的单位有答辩" in sentence and "陆远舟" not in sentence and "光华楼" not in sentence


@pytest.mark.parametrize("values, wrong", [
    ({"starts_at": dt.time(9)}, {"ends_at": "开始和结束时间要一起填写"}),
    ({"starts_at": dt.time(9), "ends_at": dt.time(9)}, {"ends_at": "结束时间：要求晚于开始时间 09:00，实际 09:00"})])
def test_hours_are_whole(world, case, values, wrong):
    assert refused(plan, world, case, **values).fields == wrong
