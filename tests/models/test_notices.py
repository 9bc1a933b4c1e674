"""The site's own words for notices: over those of the program, with named fields, refused when they cannot be filled, never in the way."""
import pytest

from models.notices import Codes, NoticeTemplate, filled
from models.outbox import Outbox, tell
from models.workflow import Refused


@pytest.fixture
def template(world):
    """The template of the notice that a case is approved."""
    return NoticeTemplate.add(world.it, code="Application.approve", subject="{收件人}，{结果}", body="{内容}\n意见：{说明}。请登录平台查看（{日期}）。")


def approved(world):
    """The notice of a case that was just approved."""
    case = world.confirmed()
    case.approve(by=world.reviewer, opinion="材料齐全")
    return Outbox.get(Outbox.template == "Application.approve"), case


def test_a_notice_has_the_words_of_the_program_where_there_is_no_template(world):
    notice, case = approved(world)
    assert notice.subject == f"通过：{case}" and notice.body == f"{case}：{case.steps['approve'].done}。说明：材料齐全" and notice.on_site


def test_a_template_words_the_notice_anew(world, template):
    notice, case = approved(world)
    assert notice.subject == f"{case.person}，{case.steps['approve'].done}"
    assert notice.body == f"{case}：{case.steps['approve'].done}。说明：材料齐全\n意见：材料齐全。请登录平台查看（2026-03-20）。"


def test_a_template_out_of_force_changes_nothing(world, template):
    template.change(world.it, valid=False)
    assert approved(world)[0].subject.startswith("通过：")


def test_what_goes_by_mail_only_is_not_shown_on_the_site_and_the_other_way_round(world, template):
    template.change(world.it, site=False)
    notice, _ = approved(world)
    assert (notice.on_site, notice.state) == (False, "waiting")
    template.change(world.it, site=True, mail=False)
    tell([world.clerk], "Application.approve", "s", "b", "again")
    notice = Outbox.get(Outbox.user_id == world.clerk.id)
    assert (notice.on_site, notice.state) == (True, "none")


def test_the_same_key_is_told_once(world):
    for _ in range(2):
        tell([world.clerk, world.reviewer], "Application.stale", "s", "b", "k")
    assert Outbox.select().count() == 2


@pytest.mark.parametrize("text, said", [
    ("{收件}", "没有“{收件}”这个字段，是不是“{收件人}”"), ("{结果}", "没有“{结果}”这个字段"), ("{收件人", "花括号要成对"), ("}{", "花括号要成对"), ("{}", "没有“{}”这个字段"),
    ("{标题.__class__}", "没有“{标题.__class__}”这个字段")])
def test_a_field_that_cannot_be_filled_is_refused_with_a_sentence(world, text, said):
    with pytest.raises(Refused) as refused:
        NoticeTemplate.add(world.it, code="Application.stale", body=text)
    assert said in refused.value.fields["body"] and "{内容}" in refused.value.fields["body"]


def test_a_template_goes_at_least_one_way(world):
    with pytest.raises(Refused, match="至少要有一种"):
        NoticeTemplate.add(world.it, code="Application.stale", mail=False, site=False)


def test_a_template_that_was_spoilt_past_the_checks_loses_no_notice(world, template):
    NoticeTemplate.update(body="{没有的} {内容}").where(NoticeTemplate.id == template.id).execute()
    assert approved(world)[0].body.startswith("{没有的} ")


def test_values_with_braces_are_not_filled_again(world):
    assert filled("{说明}", {"说明": "{标题}", "标题": "x"}) == "{标题}"


def test_every_notice_of_a_step_can_have_a_template_and_has_a_sample(world):
    codes = dict(Codes())
    assert {"Application.approve", "ReleaseRequest.due", "Recheck.found"} <= codes.keys()
    for code in codes:
        template = NoticeTemplate(code=code, subject="{标题}", body="{收件人}：{内容}")
        assert template.faults() == {} and "{" not in template.sample_subject + template.sample_body
