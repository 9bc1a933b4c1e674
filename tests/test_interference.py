"""Isolation of figures: what the accounts of one unit are shown - lists, counts, tiles, filters, sheets, look-ups, statistics - stays the same, byte by
byte, when another unit gets people, cases, results, degrees, reports and files. So no number and no word can tell of them."""
from models.roles import ROLES
from tests.abundance import begin, first, second
from tests.attack import dealt, judge, looks
from tests.attack.ground import Ground


def half(world):
    begin(world)
    first(world)


def test_nothing_that_one_side_is_shown_changes_with_the_rows_of_the_other(database, settings, engine, record_property):
    ground = Ground(settings, half)
    world, side = ground.world, ground.world.sides[0]
    accounts = [(role, getattr(world, role)) for role in ROLES if ROLES[role][1] not in ("nation", "own")]
    accounts += [("applicant", case.applicants()[0]) for case in (side.master, side.register, side.draft)]
    pages = dealt([(role, user, path) for role, user in accounts for path in looks.looks(ground, role, user)], engine, 10)
    before = {}
    for role, user, path in pages:
        ground.ask(user, "GET", path)                # fills what is remembered of codes and words
        before[user, path] = ground.ask(user, "GET", path)
    nation = ground.ask(world.centre, "GET", "/office/register/").said()
    second(world)
    assert ground.ask(world.centre, "GET", "/office/register/").said() != nation         # whoever sees the nation sees the new rows
    changed = [(role, user, path) for role, user, path in pages if ground.ask(user, "GET", path).apart(before[user, path])]
    leaks = [f"{user} ({role}) {path}: {apart}" for role, user, path in changed              # once more: what is remembered may just have grown old
             if (apart := ground.ask(user, "GET", path).apart(before[user, path]))]
    assert {answer.status for answer in before.values()} >= {200}
    judge(record_property, len(pages), leaks, "leaks")
