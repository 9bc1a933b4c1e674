"""The rules that every entity and every step keeps: a scope, a label, a way to each step, and a refusal to every other role."""
import re
from types import SimpleNamespace

import pytest

from models.base import Entity
from models.registry import ENTITIES
from models.roles import ROLES, STAGES
from models.workflow import Act, Record

KINDS = list(ENTITIES.values())
STEPS = [step for kind in KINDS for step in getattr(kind, "steps", {}).values()]
SEEN_BY_NOBODY = {"Version", "Serial", "ImportChunk", "Tally", "Seed", "FingerTemplate", "Throttle"}       # the values behind the log are shown through it, numbers, counts and fingers to nobody
TONES = {"ok", "bad", "wait", "busy", "off"}


def named(step):
    return f"{step.model_name}.{step.name}"


def holder(role):
    """An account that holds one role."""
    return SimpleNamespace(id=1, powers=lambda: [(role, ROLES[role][1])], role_names=[role])


def test_every_entity_of_the_program_is_registered():
    def below(kind):
        return {kind} | {found for child in kind.__subclasses__() for found in below(child)}
    assert {kind.__name__ for kind in below(Entity) if kind.__module__.startswith("models.")} - {"Entity", "Record"} == set(ENTITIES)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
class TestEveryEntity:
    def test_has_a_chinese_label_and_one_of_the_stages(self, kind):
        assert re.search(r"[\u4e00-\u9fff]", kind.label) and kind.stage in range(len(STAGES))

    def test_is_read_by_known_roles(self, kind):
        assert set(kind.readers.split()) <= set(ROLES)
        assert bool(kind.readers) != (kind.__name__ in SEEN_BY_NOBODY)

    def test_is_written_by_roles_that_also_read_it(self, kind):
        assert set(kind.writers.split()) <= set(kind.readers.split())

    def test_offers_only_fields_that_it_has_and_never_its_state(self, kind):
        assert set(kind.editable) <= set(kind._meta.fields)
        assert not set(kind.editable) & {"id", "edition", "state"}

    def test_names_every_field_that_people_see(self, kind):
        shown = {*kind.editable, "state"} & set(kind._meta.fields)
        assert [name for name in shown if not kind._meta.fields[name].verbose_name] == []

    def test_calls_every_state_by_a_label_and_a_tone(self, kind):
        assert all(label and tone in TONES for label, tone in kind.STATES.values())
        if kind.STATES:
            assert kind._meta.fields["state"].default in kind.STATES

    def test_says_where_it_belongs(self, kind):
        """A kind that is neither national nor leads to a place would be seen by staff of the nation only."""
        local = {role for role in kind.readers.split() if ROLES[role][1] != "nation"}
        if local and not kind.national and "within" not in kind.__dict__ and "visible_to" not in kind.__dict__:
            assert kind.seen_through or {"institution", "site", "person"} & set(kind._meta.fields)

    def test_of_a_case_leads_to_its_case(self, kind):
        """Else the values that its history keeps would not go with the case."""
        if kind.cleared_with_case:
            assert "application" in kind._meta.fields or kind.seen_through


@pytest.mark.parametrize("step", STEPS, ids=named)
class TestEveryStep:
    def test_has_a_label_and_says_what_it_did(self, step):
        assert re.search(r"[\u4e00-\u9fff]", step.label) and step.done
        assert all(ask.label and ask.kind in ("line", "text", "date", "number", "choice", "file", "tick") for ask in step.asks)

    def test_is_taken_by_known_roles(self, step):
        assert set(step.roles) <= {*ROLES, "system"}

    def test_is_taken_by_roles_that_see_the_row(self, step):
        assert set(step.roles) - {"system"} <= set(ENTITIES[step.model_name].readers.split())

    def test_leads_from_known_states_to_a_known_state(self, step):
        assert {*step.sources, step.target} <= set(ENTITIES[step.model_name].STATES)

    def test_can_be_reached_from_the_first_state(self, step):
        kind = ENTITIES[step.model_name]
        reached, before = {kind._meta.fields["state"].default}, set()
        while reached != before:
            before = set(reached)
            reached |= {other.target for other in kind.steps.values() if reached & set(other.sources)}
        assert set(step.sources) <= reached

    def test_says_of_each_guard_what_it_guards_against(self, step):
        assert [guard.__name__ for guard in step.unless if not (guard.__doc__ or "").strip()] == []

    def test_belongs_to_a_stage(self, step):
        assert step.stage is None or step.stage in range(len(STAGES))

    def test_is_awaited_by_people_only(self, step):
        assert not step.awaits or (not step.inner and step.roles != ("system",))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", STEPS, ids=named)
def test_a_step_is_refused_to_every_other_role(step, role):
    row = ENTITIES[step.model_name](id=1, state=step.sources[0])
    if role not in step.roles:
        assert not step.offered_to(holder(role))
        reason, = step.reasons(row, Act(holder(role), {}))
        assert step.inner or (reason.text == f"您的角色不能“{step.label}”" and reason.required == step.who())
    elif step.inner:
        assert "不能单独操作" in step.reasons(row, Act(holder(role), {}))[0].text


@pytest.mark.parametrize("step", [step for step in STEPS if "system" not in step.roles], ids=named)
def test_a_step_of_people_is_refused_to_the_system(step):
    assert step.reasons(ENTITIES[step.model_name](id=1, state=step.sources[0]), Act(None, {}))


def test_steps_of_one_kind_have_names_of_their_own():
    assert len({named(step) for step in STEPS}) == len(STEPS)
    assert not any(kind.steps for kind in (Record,))
