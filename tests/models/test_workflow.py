"""How a step is taken and a row is written: every reason at once, one entry each, the old values kept, nothing half done."""
import datetime as dt
from decimal import Decimal

import pytest

from models import clock
from models.applications import Application
from models.audit import Entry, Version, origin
from models.base import writing
from models.courses import CourseResult
from models.outbox import Outbox
from models.people import Person, User
from models.programmes import Course, Programme
from models.reference import Announcement, Institution
from models.registry import ENTITIES
from models.workflow import Act, Ask, Reason, Record, Stale
from tests.models.refusals import refused, sentences

KINDS = [kind for kind in ENTITIES.values() if issubclass(kind, Record)]


@pytest.fixture
def notice(world):
    return Announcement.add(world.centre, title="公告", body="内容")


def entries(row):
    return list(Entry.select().where(Entry.entity == row._meta.table_name, Entry.row_id == row.id).order_by(Entry.id))


# steps ---------------------------------------------------------------------------------------------------------------------------
def test_a_step_moves_the_row_and_leaves_one_entry_with_both_states(world, notice):
    origin.set("10.0.0.7")
    assert notice.publish(by=world.centre) is notice and notice.state == "published"
    entry = entries(notice)[-1]
    assert (entry.verb, entry.verb_label, entry.old_state, entry.new_state) == ("publish", "发布", "draft", "published")
    assert (entry.user_id, entry.user_name, entry.address, entry.at) == (world.centre.id, "centre", "10.0.0.7", clock.now())
    assert [e.verb for e in entries(notice)] == ["create", "publish"]
    assert entry.names.split() == ["published_at", "state"]


def test_a_step_taken_twice_is_refused_with_the_state_it_is_in_now(world, notice):
    again = Announcement.get_by_id(notice.id)
    notice.publish(by=world.centre)
    assert sentences(again.publish, by=world.centre) == ["现在的状态不能“发布”：要求 草稿，实际 已发布"]
    assert len(entries(notice)) == 2 and again.state == "draft"


def test_a_step_on_a_foreign_row_is_refused_as_if_there_were_none(world):
    case = world.confirmed()
    assert sentences(case.approve, by=world.reviewer2, opinion="同意") == ["没有这一行，或不在您的范围内"]
    assert Application.get_by_id(case.id).state == "confirmed"


def test_a_step_on_a_row_that_is_gone_is_refused_the_same_way(world):
    case = world.registered()
    result = CourseResult.add(world.clerk, application=case, course=Course.select().first(), score=Decimal(80))
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert sentences(result.publish, by=world.clerk) == ["没有这一行，或不在您的范围内"]
    assert sentences(result.change, world.clerk, score=Decimal(90)) == ["没有这一行，或不在您的范围内"]


def test_a_disabled_account_takes_no_step(world, notice):
    world.centre.disable(by=world.it)
    assert sentences(notice.publish, by=User.get_by_id(world.centre.id)) == ["您的角色不能“发布”：要求 学位中心"]


def test_a_role_that_has_run_out_takes_no_step(world, notice):
    grant = world.centre.grants.get()
    grant.until = clock.today()
    grant.save()
    with clock.at(clock.today() + dt.timedelta(days=1)):
        assert "您的角色不能" in sentences(notice.publish, by=User.get_by_id(world.centre.id))[0]
    notice.publish(by=User.get_by_id(world.centre.id))


def test_what_a_step_asks_is_required_with_a_sentence_per_answer(world):
    case = world.confirmed()
    for nothing in ({}, {"opinion": None}, {"opinion": "  \n"}):
        assert refused(case.approve, by=world.reviewer, **nothing).fields == {"opinion": "请填写审核意见"}
    assert Application.get_by_id(case.id).state == "confirmed"


def test_a_choice_that_is_not_offered_is_refused(world):
    case = world.registered()
    wrong = refused(case.dismiss, by=world.clerk, ground="weather", reason="x").fields
    assert wrong == {"ground": "依据没有“weather”这一项"}
    assert refused(case.dismiss, by=world.clerk, reason="x").fields == {"ground": "请选择依据"}


def test_reasons_and_missing_answers_are_told_together(world):
    user = world.applicant()
    case = world.draft(user).submit(by=user)
    case.send_back(by=world.clerk, reason="看不清")
    refusal = refused(case.reject, by=world.reviewer)
    assert refusal.reasons and refusal.fields == {"opinion": "请填写审核意见"}


def test_every_unmet_guard_is_told_not_only_the_first(world):
    user = world.applicant()
    case = world.draft(user, degree_subject="", degree_date=dt.date(2024, 1, 1))
    with clock.at(dt.date(2026, 4, 20)):
        found = sentences(case.submit, by=user)
    assert len(found) == 3
    assert "学位专业" in found[0] and "不在申请时间内" in found[1] and "学士学位应已满 3 年" in found[2]


@pytest.mark.parametrize("name", [f"{kind.__name__}.{step.name}" for kind in KINDS for step in kind.steps.values() if step.inner])
def test_an_inner_step_cannot_be_taken_alone(world, name):
    kind, step = name.split(".")
    step = ENTITIES[kind].steps[step]
    row = ENTITIES[kind](id=1, state=step.sources[0])
    for user in (world.clerk, world.reviewer, world.exam, world.officer, world.applicant(), None):
        assert any("不能单独操作" in str(reason) for reason in step.reasons(row, Act(user, {})))
        assert any("不能单独操作" in str(reason) for reason in step.reasons(row, Act(user, {}), seen=True))


def test_a_number_of_the_ask_kinds_is_an_answer_also_when_it_is_zero():
    assert Announcement.publish.missing({}) == {}
    step = type(Announcement.publish)("draft", "published", by="centre", label="试", asks=(Ask("count", "数量", "number"), Ask("sure", "确认", "tick")))
    assert step.missing({"count": 0, "sure": True}) == {}
    assert step.missing({"count": None, "sure": False}) == {"count": "请填写数量", "sure": "请填写确认"}


def test_a_reason_says_what_is_required_what_is_there_and_the_gap():
    assert str(Reason("学分不够", "30 学分", "27.5 学分", "2.5 学分")) == "学分不够：要求 30 学分，实际 27.5 学分，差 2.5 学分"
    assert str(Reason("只是一句话")) == "只是一句话"


# all or nothing --------------------------------------------------------------------------------------------------------------------
def everything():
    return {kind.__name__: kind.select().count() for kind in ENTITIES.values()}


def test_a_refused_step_leaves_no_entry_no_notice_and_no_number(world):
    user = world.applicant()
    case = world.draft(user, degree_subject="")
    before = everything()
    refused(case.submit, by=user)
    assert everything() == before and case.number is None and case.state == "draft"


def test_a_step_whose_effect_fails_leaves_nothing(world, monkeypatch):
    case, before = world.confirmed(), everything()

    def broken(row):
        raise ZeroDivisionError
    monkeypatch.setattr(Application.approve, "tell", broken)
    with pytest.raises(ZeroDivisionError):
        case.approve(by=world.reviewer, opinion="同意")
    assert everything() == before
    fresh = Application.get_by_id(case.id)
    assert (fresh.state, fresh.register_number, case.state) == ("confirmed", None, "confirmed")


def test_a_step_inside_a_transaction_that_is_taken_back_leaves_nothing(world):
    case, before = world.confirmed(), everything()
    with pytest.raises(ZeroDivisionError), writing():
        case.approve(by=world.reviewer, opinion="同意")
        1 / 0
    assert everything() == before and Application.get_by_id(case.id).state == "confirmed"


def test_a_notice_is_written_once_for_each_taking_of_a_step(world):
    case = world.confirmed()
    case.approve(by=world.reviewer, opinion="材料齐全")
    told = list(Outbox.select().where(Outbox.template == "Application.approve"))
    assert [(n.user_id, n.state) for n in told] == [(case.applicants()[0].id, "waiting")]
    assert "说明：材料齐全" in told[0].body and str(case.edition) in told[0].key


def test_somebody_without_an_address_is_told_on_the_site_only(world):
    case = world.confirmed()
    User.update(email=None).where(User.id == case.applicants()[0].id).execute()
    case.approve(by=world.reviewer, opinion="同意")
    assert Outbox.get(Outbox.template == "Application.approve").state == "none"


# writing by hand ---------------------------------------------------------------------------------------------------------------------
def test_an_edit_is_kept_before_and_after(world, notice):
    notice.change(world.centre, reason="错字", title="新公告")
    entry, version = entries(notice)[-1], Version.of(notice).first()
    assert (entry.verb, entry.reason, entry.names, len(entry.digest)) == ("edit", "错字", "title", 64)
    assert version.values == {"title": ["公告", "新公告"]} and notice.edition == 1


def test_an_edit_that_changes_nothing_leaves_no_entry(world):
    programme = Programme.get_by_id(world.programme.id)
    programme.change(world.clerk, min_credits=Decimal("30.0"), place=programme.place, discipline=programme.discipline)
    assert programme.edition == world.programme.edition and entries(programme)[-1].verb == "publish"


def test_the_second_of_two_who_save_the_same_form_is_told_what_the_first_changed(world, notice):
    first, second = Announcement.get_by_id(notice.id), Announcement.get_by_id(notice.id)
    first.change(world.centre, edition=first.edition, title="甲")
    first.change(world.centre, edition=first.edition, title="乙", body="改过")
    with pytest.raises(Stale) as found:
        second.change(world.centre, edition=second.edition, title="丙")
    assert found.value.changed == {"title": ("公告", "乙"), "body": ("内容", "改过")} and found.value.theirs.title == "乙"
    assert "标题" in str(found.value) and "内容" in str(found.value)
    assert Announcement.get_by_id(notice.id).title == "乙" and len(entries(notice)) == 3


def test_a_form_opened_before_a_step_was_taken_is_stale(world, notice):
    form = Announcement.get_by_id(notice.id)
    notice.publish(by=world.centre)
    with pytest.raises(Stale) as found:
        form.change(world.centre, edition=form.edition, title="丙")
    assert found.value.changed["state"] == ("draft", "published")


def test_a_row_that_is_locked_says_why(world):
    case = world.confirmed()
    assert sentences(case.change, case.applicants()[0], employer="别处") == ["申请现在是“待审核”，填报内容不能修改：要求 草稿、退回补正，实际 待审核"]


def test_every_field_that_is_wrong_is_named(world):
    wrong = refused(Programme.add, world.clerk, institution=world.unit, year_limit=9, min_credits=Decimal(0), apply_from=dt.date(2026, 2, 1),
                    apply_until=dt.date(2026, 1, 31), confirm_from=dt.date(2026, 1, 1), confirm_until=dt.date(2026, 3, 1), direction="长" * 121).fields
    assert wrong["year_limit"] == "学习年限：要求 4、5、6 年之一，实际 9 年"
    assert wrong["apply_until"].endswith("差 1 天") and wrong["direction"].endswith("实际 121 字，差 1 字")
    assert wrong["discipline"] == "请填写学科专业" and wrong["year"] == "请填写接受年度" and "大于 0" in wrong["min_credits"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.writers], ids=lambda kind: kind.__name__)
def test_a_form_sent_empty_is_refused_with_a_sentence_for_each_field(world, kind):
    role = kind.writers.split()[0]
    user = world.applicant() if role == "applicant" else getattr(world, role)
    before = kind.select().count()
    empty = {name: "" if name in ("name", "title", "code") else None for name in kind.editable}
    for values in ({}, empty):
        fields = refused(kind.add, user, **kind.given_by(user), **values).fields
        assert fields and all(len(text) > 3 for text in fields.values())
    assert kind.select().count() == before


def still_open(world):
    """A course of a training plan that is a draft."""
    world.programme.latest_plan.renew(by=world.clerk, valid_from=clock.today())
    return world.programme.latest_plan.courses.first()


def test_a_value_that_must_be_there_is_asked_for_also_where_it_has_a_default(world):
    course = still_open(world)
    assert refused(course.change, world.clerk, credits=None, name="", pass_mark=None).fields.keys() == {"credits", "name", "pass_mark"}


# what the database refuses -------------------------------------------------------------------------------------------------------------
def test_a_value_that_is_taken_is_told_in_one_sentence_that_fits(world):
    course = still_open(world)
    assert sentences(Course.add, world.clerk, plan=course.plan, code=course.code, name="同号", credits=Decimal(2)) == ["培养方案里已经有这个课程代码"]
    assert sentences(User.add, world.it, username="clerk", fs_uniquifier="person") == ["这个用户名已经有人使用"]
    user = world.applicant()
    assert sentences(User.add, world.it, username="x", email=user.email, fs_uniquifier="y") == ["这个邮箱已经注册过账号，请直接登录或找回密码"]
    assert sentences(User.add, world.it, username="x", person=user.person, fs_uniquifier="y") == ["这个人已有账号，请直接登录"]
    first = world.draft(user)
    values = {name: first.__data__[name] for name in ("person", "programme", "institution", "discipline", "year")}
    assert sentences(Application.add, user, **values) == ["一个人同时只能有一件在办的申请"]


def test_a_row_that_does_not_exist_cannot_be_referred_to(world):
    for by in (world.clerk, None):
        assert "没有这一行" in sentences(Course.add, by, plan=999_999, code="X", name="无", credits=Decimal(2))[0]


# sealed values -------------------------------------------------------------------------------------------------------------------------
def test_sealed_values_stay_sealed_in_the_history(world):
    person = world.applicant().person
    person.change(world.it, phone="13900001111")
    person.change(world.it, phone="13900002222")
    before, after = Version.of(person).first().values["phone"]
    field = Person.phone
    assert "1390000" not in before + after and (field.python_value(before), field.python_value(after)) == ("13900001111", "13900002222")


def test_the_digest_of_an_entry_differs_with_the_values(world, notice):
    notice.change(world.centre, title="甲")
    notice.change(world.centre, title="乙")
    assert len({entry.digest for entry in entries(notice)}) == 3


def test_a_row_is_found_only_by_what_can_be_its_number(world):
    unit = Institution.get(Institution.code == "10001")
    assert Institution.seen(world.clerk, str(unit.id)).id == unit.id
    for id in ("x", "", None, "1.5", "99999999999999999999999", 2**63, -1, float("inf")):
        assert Institution.seen(world.clerk, id) is None


def test_what_is_written_by_hand_holds_no_breaks_in_a_line_and_nothing_that_cannot_be_seen(world):
    row = world.clerk.change(world.it, name="甲\r\n乙\x00丙")
    assert User.get_by_id(row.id).name == "甲 乙 丙"
