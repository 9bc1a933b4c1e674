"""Isolation: every address that names a row is asked by every role for a row in sight, a foreign one and a missing one. What comes back is what the
law says, and nobody can tell a foreign row from a missing one: not by the answer, not by its length, not by the work that it cost."""
import pytest

from models.registry import ENTITIES
from tests.attack import dealt, judge, law, surface
from tests.attack.ground import MISSING

ROWS = 1                # of each kind that are asked for


@pytest.fixture(scope="module")
def asked(ground, engine):
    """[(probe, role, account)] that this run asks."""
    return dealt([(probe, role, user) for probe in surface.probes(ground.app) for role, user in ground.accounts()], engine, 33, long=1)


@pytest.fixture(scope="module")
def rows(ground):
    """`rows(probe, user)`: (ids in sight, ids of foreign rows), the last first."""
    known = {}

    def found(probe, user):
        key = probe.kind, user.id, probe.endpoint in law.OPEN or probe.endpoint == "powers.index"
        if key not in known:
            kind, seen = ENTITIES[probe.kind], {id for id, in law.in_sight(probe, user).select(ENTITIES[probe.kind].id).tuples()}
            everything = [id for id, in kind.select(kind.id).order_by(kind.id.desc()).tuples()]
            known[key] = [id for id in everything if id in seen], [id for id in everything if id not in seen]
        return known[key]
    return found


def test_the_tables_speak_of_every_route(ground):
    assert surface.unknown(ground.app) == set()


def test_a_foreign_row_answers_as_one_that_is_not_there(ground, asked, rows, record_property):
    leaks, number = [], 0
    for probe, role, user in asked:
        for id in rows(probe, user)[1][:ROWS]:
            number += 1
            for _ in range(2):                        # the first request may fill a memory of codes or words
                foreign, missing = ground.ask(user, *probe.of(id)), ground.ask(user, *probe.of(MISSING))
                if not (apart := foreign.apart(missing, id, MISSING)):
                    break
            else:
                leaks.append(f"{user} ({role}) {probe} {id}: {apart}")
            if foreign.status not in (expected := law.answers(ground, probe, role, user)[0]):
                leaks.append(f"{user} ({role}) {probe} {id}: {foreign.status}, expected {expected}")
    judge(record_property, number, leaks, "leaks")


def test_a_row_in_sight_answers_as_the_law_says(ground, asked, rows, record_property):
    wrong, number = [], 0
    for probe, role, user in asked:
        for id in rows(probe, user)[0][:ROWS]:
            number += 1
            row = ENTITIES[probe.kind].get_by_id(id)
            status, expected = ground.ask(user, *probe.of(id)).status, law.answers(ground, probe, role, user, row)[1]
            if status not in expected:
                wrong.append(f"{user} ({role}) {probe} {id}: {status}, expected {expected}")
    judge(record_property, number, wrong, "leaks")
