"""All that the accounts may do and see: pages, rows in sight by every address, and the forms that stand there."""
from functools import lru_cache

from models.registry import ENTITIES
from tests.attack import dealt, law, surface
from tests.attack.looks import looks
from tests.attack.sheets import sheets_of

PUBLIC = ("/", "/login", "/register", "/reset", "/verify", "/check", "/programmes", "/degrees", "/announcements", "/consent")


@lru_cache(1)
def pages(ground):
    """[(role, account or None, path)] of every page that somebody may open, with one row of each kind."""
    found = [("nobody", None, path) for path in PUBLIC]
    for role, user in ground.accounts():
        found += [(role, user, path) for path in looks(ground, role, user)]
    return found + [(role, user, path) for role, user, (method, path, _) in requests(ground) if method == "GET"]


@lru_cache(1)
def requests(ground):
    """[(role, account, (method, path, data))] about a row in sight, at every address that names one and is open to the account."""
    found = []
    for probe in surface.probes(ground.app):
        for role, user in ground.accounts():
            if law.answers(ground, probe, role, user)[1] != {403} and (row := law.in_sight(probe, user).order_by(ENTITIES[probe.kind].id.desc()).first()):
                found.append((role, user, probe.of(row.id)))
    return found


def forms(ground, engine, of):
    """[(role, account, Sheet)] of the forms on the pages that this run looks at, each form once for a role."""
    found = {}
    for role, user, path in dealt(pages(ground), engine, of):
        for sheet in sheets_of(path, ground.ask(user, "GET", path)):
            found.setdefault((role, sheet.shape), (role, user, sheet))
    return list(found.values())
