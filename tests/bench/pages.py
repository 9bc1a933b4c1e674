"""The main pages in this process, each beside a reference measured in the same run: the bare SQL of the same rows written by f-strings or, where the
name says so, another page. Milliseconds of processor time of this process, the smallest of several runs; PostgreSQL's own time is not in it.
"""
import time

import config
import views
from backoffice.app import create_app
from models.applications import Application
from models.base import db, on_sqlite
from models.people import Person, User
from tests.bench.both import on_both, opened
from tests.bench.rows import fill
from tests.world import World, let_in

RUNS = 15


def processor(work):
    """Milliseconds of processor time of the quickest of some runs."""
    work()
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken) * 1000


def bare(unit):
    """The bare page: fifty rows of the unit with three owners by joins, and a count that stops at a thousand, written by f-strings."""
    mark = "?" if on_sqlite() else "%s"
    states = "('registered','defence_requested','defence_admitted','defended','awarded')"
    rows = db.execute_sql(f"""
        SELECT a.id, p.name, a.state, a.register_number, d.name, i.name, a.registered_on, a.deadline FROM application a
        JOIN person p ON p.id = a.person_id JOIN discipline d ON d.id = a.discipline_id JOIN institution i ON i.id = a.institution_id
        WHERE a.institution_id = {mark} AND a.state IN {states} ORDER BY a.registered_on DESC, a.id DESC LIMIT 51""", (unit,)).fetchall()
    count = db.execute_sql(f"SELECT COUNT(*) FROM (SELECT 1 FROM application WHERE institution_id = {mark} AND state IN {states} LIMIT 1001) x", (unit,)).fetchone()
    return f"{count}" + "".join(f"<tr><td>{r[1]}</td><td>{r[2]}</td><td>{r[3]}</td><td>{r[4]}</td><td>{r[5]}</td><td>{r[6]}</td><td>{r[7]}</td></tr>" for r in rows)


def measure(cases):
    """The rows for both databases."""
    return on_both(lambda name, address, folder: _measured(name, address, folder, cases))


def _measured(name, address, folder, size):
    with opened(address, folder):
        app = create_app(config.load(environ={}, demo=True, instance_dir=folder, screens_dir=folder / "screens", database_url=address), views.register)
        world = World()
        fill(world, size)
        client = app.test_client()

        def enter(user):
            let_in(client, user)

        def page(path):
            answer = client.get(path)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
            return answer

        person = Person.select().order_by(Person.id.desc()).first()
        found = []

        def row(what, value, unit, reference, goal, by="ratio"):
            """`goal` is the most that the ratio, or the value itself, may be."""
            ratio = round(value / reference, 2) if reference else None
            found.append({"name": what, "database": name, "value": round(value, 2), "unit": unit, "reference": reference and round(reference, 2), "ratio": ratio,
                          "goal": goal, "met": (ratio if by == "ratio" else value) <= goal})

        for who, user in (("clerk", world.clerk), ("nation", world.centre)):
            enter(User.get_by_id(user.id))
            first = processor(lambda: page("/office/register/"))
            row(f"list of 50 rows, {who}, against bare SQL", first, "ms", processor(lambda: bare(world.unit.id)), 12, by="value")
            row(f"size of the list, {who}", len(page("/office/register/").data) / 1024, "KiB", None, 60, by="value")
            deep = page("/office/register/").get_data(as_text=True).split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
            row(f"next page, {who}, against the first", processor(lambda: page("/office/register/" + deep)), "ms", first, 1.3)
            row(f"exact number, {who}, against the first page", processor(lambda: page(f"/office/register/?q={person.document_number}")), "ms", first, 1.5)
            row(f"name prefix, {who}, against the first page", processor(lambda: page("/office/register/?q=张")), "ms", first, 1.5)
            row(f"two characters inside a name, {who}, against the first page", processor(lambda: page("/office/register/?q=建国")), "ms", first, 1.5)
            row(f"sort by date, {who}, against the first page", processor(lambda: page("/office/register/?sort=-deadline")), "ms", first, 1.5)
            last = min(10_000, size // 100 if who == "nation" else 3)
            row(f"page {last:,} by its number, {who}, against the first", processor(lambda: page(f"/office/register/?page={last}")), "ms", first, 1.3)
            row(f"filter by state, {who}, against the first page", processor(lambda: page("/office/register/?f.state=awarded")), "ms", first, 1.5)
        case = Application.select().where(Application.institution == world.unit, Application.state == "registered").first()
        enter(User.get_by_id(world.clerk.id))
        first = processor(lambda: page("/office/register/"))
        row("page of a case, against the list", processor(lambda: page(f"/office/register/details/?id={case.id}")), "ms", first, 1.3)
        return found
