"""The table of powers says what the running program does, with the lines that grant it; a question about a row is answered in a sentence, and
tells nobody a value of the row."""
import re

import pytest

import config
from backoffice.powers import Powers
from models import seeing
from models.applications import Application
from models.programmes import Programme
from models.registry import ENTITIES
from models.roles import ROLES, STAFF


def ask(visitor, who, row, screen="register"):
    page = visitor.get(f"/office/powers/?who={who}&screen={screen}&row={row}")
    found = re.search(r"(不能看|能看)：([^<]*)。</div>", page)
    return "".join(found.groups())


@pytest.mark.parametrize("role", ("clerk", "reviewer", "officer", "centre", "exam", "site_head", "door"))
def test_those_who_give_no_rights_do_not_see_the_table(enter, world, role):
    enter(getattr(world, role)).get("/office/powers/", 403)


def test_the_table_says_for_every_screen_and_role_what_the_program_does(enter, office, world):
    enter(world.auditor).get("/office/powers/")
    for screen in office.extensions["screens"].values():
        for role in STAFF:
            user = getattr(world, role)
            cell = Powers._cell(screen, role)
            assert bool(cell) == screen.open_to(user) and ("写" in cell) == (screen.open_to(user) and screen.writable_by(user))
            steps = len(screen.seen_by(user).steps_of(user)) if cell else 0
            assert (f"{steps} 步" in cell) == bool(steps), (screen.name, role)


def test_a_role_in_full_names_the_lines_that_grant_it(enter, world):
    page = enter(world.security).get("/office/powers/?role=reviewer")
    assert seeing.rule(Application) in page and "本单位" in page and "register.toml:" in page
    assert re.search(r"清退 <code>models/applications/application\.py:\d+", page)
    enter(world.security).get("/office/powers/?role=applicant", 404)


@pytest.mark.parametrize("kind, name, words", [(Application, "dismiss", "dismiss = Step("), (Application, "within", "def within("), (Programme, "", "class Programme("),
                                               (Application, "visible_to", "def visible_to(")])
def test_a_source_is_the_line_that_says_it(kind, name, words):
    file, _, line = seeing.source(kind, name).partition(":")
    assert (config.ROOT / file).read_text("utf-8").splitlines()[int(line) - 1].strip().startswith(words)


def test_every_kind_has_a_source_and_a_span_for_every_level():
    for kind in ENTITIES.values():
        for step in getattr(kind, "steps", {}).values():
            assert not seeing.source(kind, step.name).endswith(":0")
        assert all(seeing.span(kind, level) for _, level in ROLES.values())


def test_why_says_which_role_which_place_and_what_is_there_instead(enter, world):
    case, it = world.registered(world.applicant("真实姓名")), enter(world.it)
    said = ask(it, "clerk", case.id)
    assert said.startswith("能看经办看本单位") and f"这一行属于{world.unit}" in said
    said = ask(it, "clerk2", case.id)
    assert said.startswith("不能看") and f"要求属于{world.unit2}，实际属于{world.unit}" in said
    assert "要求角色" in ask(it, "security", case.id) and "没有编号为 999999" in ask(it, "clerk", 999999)
    assert "没有用户名为" in ask(it, "nobody", case.id) and "要求是数字" in ask(it, "clerk", "x")
    world.clerk.disable(by=world.it)
    assert "已停用" in ask(it, "clerk", case.id)
    assert "真实姓名" not in it.get(f"/office/powers/?who=reviewer&screen=register&row={case.id}")


def test_why_tells_a_rule_of_the_kind_and_a_screen_that_leaves_the_row_out(enter, world):
    draft, it = world.draft(world.applicant("草稿者")), enter(world.it)
    assert "而这一行是“草稿”" in ask(it, "clerk", draft.id)
    handed = world.draft(world.applicant("提交者"))
    handed.submit(by=handed.applicants()[0])
    said = ask(it, "clerk", handed.id, "dismissed")
    assert said.startswith("不能看") and "条件不含这一行" in said and "申请" in said


def test_why_agrees_with_what_the_account_is_shown(enter, office, world):
    world.registered(world.applicant("在册"))
    world.draft(world.applicant("草稿"))
    for user in (world.clerk, world.clerk2, world.officer, world.officer2, world.centre, world.it, world.auditor, world.reviewer):
        for kind in (Application, Programme):
            shown = {row.id for row in kind.visible_to(user)}
            assert {row.id for row in kind.select() if seeing.why(user, kind, row.id).sees} == shown, (user.username, kind.label)


def test_an_administrator_of_a_unit_learns_nothing_about_other_units(enter, world):
    case = world.registered()
    own, foreign = enter(world.unit_admin), enter(world.unit_admin2)
    assert "能看" in ask(own, "clerk", case.id) and "没有用户名为" in ask(own, "clerk2", case.id)
    assert ask(foreign, "clerk2", case.id) == ask(foreign, "clerk2", 999999).replace("999999", str(case.id))
