"""Isolation of figures: what the accounts of one unit, or one college, are shown - lists, counts, tiles, filters, sheets, look-ups, statistics - stays the
same, byte by byte, when another one gets people, cases, results, degrees, reports and files. So no number and no word can tell of them."""
from models.roles import ROLES
from tests.abundance import begin, first, second
from tests.attack import dealt, judge, looks
from tests.attack.ground import Ground

OF_THE_UNIT = ("/office/expert/", "/office/check_item/", "/office/defence_day/", "field=expert", "field=supervised_by")      # its colleges read that alike


def test_nothing_that_one_side_is_shown_changes_with_the_rows_of_the_other(database, settings, engine, record_property):
    ground = Ground(settings, begin)
    world = ground.world
    of_college = pages_of(ground, [(role, user) for role, user in world.law.items()], engine, leave_out=OF_THE_UNIT)
    before = asked(ground, of_college)
    first(world)
    side = world.sides[0]
    accounts = [(role, getattr(world, role)) for role in ROLES if ROLES[role][1] not in ("nation", "own")]
    accounts += [("applicant", case.applicants()[0]) for case in (side.master, side.register, side.draft)]
    of_unit = pages_of(ground, accounts, engine)
    before |= asked(ground, of_unit)
    nation = ground.ask(world.centre, "GET", "/office/register/").said()
    second(world)
    assert ground.ask(world.centre, "GET", "/office/register/").said() != nation         # whoever sees the nation sees the new rows
    pages = of_college + of_unit
    changed = [(role, user, path) for role, user, path in pages if ground.ask(user, "GET", path).apart(before[user, path])]
    again = asked(ground, changed)              # what is remembered may just have grown old
    leaks = [f"{user} ({role}) {path}: {apart}" for role, user, path in changed if (apart := again[user, path].apart(before[user, path]))]
    assert {answer.status for answer in before.values()} >= {200}
    judge(record_property, len(pages), leaks, "leaks")


def pages_of(ground, accounts, engine, leave_out=()):
    """[(role, account, path)] of the pages that this run looks at."""
    return dealt([(role, user, path) for role, user in accounts for path in looks.looks(ground, role, user) if not any(part in path for part in leave_out)], engine, 10)


def asked(ground, pages):
    """{(account, path): the Answer}, asked twice: the first fills what is remembered of codes and words."""
    return {(user, path): [ground.ask(user, "GET", path) for _ in range(2)][1] for _, user, path in pages}
