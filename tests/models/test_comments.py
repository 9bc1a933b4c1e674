"""Comments of clerk and reviewer on a case: who speaks, who reads, who is told, and that they go with the case."""
import pytest

from models.applications import Application, start
from models.audit import Entry, Version
from models.comments import LONGEST, Comment, say
from models.outbox import Outbox
from tests.models.refusals import refused, sentences
from tests.world import account


def told(kind="Comment.said"):
    return [row.user_id for row in Outbox.select().where(Outbox.template == kind).order_by(Outbox.user_id)]


def test_a_comment_is_read_by_clerk_and_reviewer_of_the_unit_and_by_nobody_else(world):
    case = world.confirmed()
    row = say(case, " 成果材料只有目录，已请本人补传 ", world.clerk)
    assert row.text == "成果材料只有目录，已请本人补传"
    assert {name for name, user in vars(world.roles()).items() if Comment.seen(user, row.id)} == {"clerk", "reviewer"}
    for outsider in (world.clerk2, world.reviewer2, world.officer2, case.applicants()[0]):
        assert Comment.seen(outsider, row.id) is None


def test_it_leaves_an_entry_and_tells_those_who_have_the_case_in_hands_without_its_words(world):
    case = world.confirmed()
    say(case, "请看学历证明", world.clerk)
    assert Entry.select().where(Entry.entity == "comment", Entry.verb == "create", Entry.case_ref == case.id, Entry.user_id == world.clerk.id).count() == 1
    assert told() == [world.reviewer.id] and "学历证明" not in Outbox.get(Outbox.template == "Comment.said").body
    say(case, "已看", world.reviewer)
    assert told() == [world.clerk.id, world.reviewer.id]


def test_a_second_reviewer_is_told_only_when_nobody_has_the_case_in_hands_yet(world):
    second = account("reviewer_b", "reviewer", institution=world.unit)
    user = world.applicant()
    case = world.draft(user).submit(by=user)
    say(case, "请预审", world.clerk)
    assert told() == [world.reviewer.id, second.id]
    world.confirmation(case)
    case.confirm(by=world.clerk).approve(by=second, opinion="同意")
    Outbox.update(template="x").where(Outbox.template == "Comment.said").execute()
    say(Application.get_by_id(case.id), "入册了", world.clerk)
    assert told() == [second.id]


@pytest.mark.parametrize("name, reason", [("officer", "您的角色不能留言：要求 经办、审核"), ("centre", "您的角色不能留言：要求 经办、审核"), ("auditor", "您的角色不能留言：要求 经办、审核"),
                                          ("clerk2", "没有这一行，或不在您的范围内")])
def test_nobody_else_speaks(world, name, reason):
    assert sentences(say, world.confirmed(), "您好", getattr(world, name)) == [reason]
    assert not Comment.select().exists()


def test_the_applicant_does_not_speak_and_a_draft_is_not_spoken_about(world):
    user = world.applicant()
    case = start(user.person, world.programme, user)
    assert sentences(say, case, "您好", user) == ["您的角色不能留言：要求 经办、审核"]
    assert sentences(say, case, "您好", world.clerk) == ["没有这一行，或不在您的范围内"]


def test_nothing_and_too_much_are_refused_at_the_field(world):
    case = world.confirmed()
    assert refused(say, case, "  ", world.clerk).fields == {"text": "请填写内容"}
    assert refused(say, case, "长" * (LONGEST + 3), world.clerk).fields == {"text": "留言太长：要求不超过 1000 字，实际 1003 字，差 3 字"}


def test_comments_go_with_a_case_that_is_dismissed_and_it_takes_no_more(world):
    case = world.registered()
    say(case, "导师已联系", world.clerk)
    case.dismiss(by=world.clerk, ground="own_request", reason="本人申请")
    assert not Comment.select().exists() and not Version.select().where(Version.case_ref == case.id).exists()
    assert Application.get_by_id(case.id).cleared["往来留言"] == 1
    assert Entry.select().where(Entry.entity == "comment", Entry.case_ref == case.id).count() == 1
    assert sentences(say, Application.get_by_id(case.id), "还在", world.clerk) == ["已清退的申请不能再留言：要求 没有清退，实际 已清退"]
