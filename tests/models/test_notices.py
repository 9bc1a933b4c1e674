"""The site's own words for notices: over those of the program, with named fields, refused when they cannot be filled, never in the way."""
from importlib import import_module

import pytest

from models.base import db
from models.notices import Codes, NoticeTemplate
from models.outbox import Outbox, tell
from models.workflow import Refused


@pytest.fixture
def template(world):
    """The template of the notice that a case is approved."""
    return NoticeTemplate.add(world.it, code="Application.approve", subject="{{ 收件人 }}，{{ 结果 }}",
                              body="{{ 内容 }}{% if 说明 %}\n意见：{{ 说明 }}{% else %}没有意见{% endif %}。请登录平台查看（{{ 日期|日期 }}）。")


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
    assert notice.body == f"{case}：{case.steps['approve'].done}。说明：材料齐全\n意见：材料齐全。请登录平台查看（2026 年 3 月 20 日）。"


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
    ("{{ 收件 }}", "第 1 行：没有“收件”这个字段，是不是“收件人”：可以用 标题 内容 收件人 日期"), ("\n{{ 结果 }}", "第 2 行：没有“结果”这个字段"), ("{{ 收件人", "花括号要成对"),
    ("{收件人}", "花括号要成对，字段写作 {{ 标题 }}"), ("{{ 标题.__class__ }}", "不能取字段里面的东西")])
def test_a_field_that_cannot_be_filled_is_refused_with_a_sentence(world, text, said):
    with pytest.raises(Refused) as refused:
        NoticeTemplate.add(world.it, code="Application.stale", body=text)
    assert said in refused.value.fields["body"]


def test_a_template_goes_at_least_one_way(world):
    with pytest.raises(Refused, match="至少要有一种"):
        NoticeTemplate.add(world.it, code="Application.stale", mail=False, site=False)


def test_a_template_that_was_spoilt_past_the_checks_loses_no_notice(world, template):
    NoticeTemplate.update(body="{{ 没有的 }} {{ 内容 }}").where(NoticeTemplate.id == template.id).execute()
    assert "没有“没有的”这个字段" in NoticeTemplate.get().sample_body
    notice, case = approved(world)
    assert notice.subject == f"通过：{case}" and notice.body.endswith("说明：材料齐全")


def test_what_was_kept_in_the_former_way_is_turned_into_the_present_one(world):
    step = import_module("models.migrations.0024_the_words")
    NoticeTemplate.add(world.it, code="Application.approve", body="{{ 内容 }}")
    NoticeTemplate.update(subject="{收件人}：" + "长" * 100 + "{标题}{标题}", body="{内容}\n（{日期}）").execute()
    step.up(None, db)
    template = NoticeTemplate.get()
    assert template.subject == "{{ 收件人 }}：" + "长" * 100 + "{{ 标题 }}{{ 标题 }}" and template.body == "{{ 内容 }}\n（{{ 日期 }}）" and template.faults() == {}


def test_every_notice_of_a_step_can_have_a_template_and_has_a_sample(world):
    codes = dict(Codes())
    assert {"Application.approve", "ReleaseRequest.due", "Recheck.found"} <= codes.keys()
    for code in codes:
        template = NoticeTemplate(code=code, subject="{{ 标题 }}", body="{{ 收件人 }}：{{ 内容 }}")
        assert template.faults() == {} and "{" not in template.sample_subject + template.sample_body
