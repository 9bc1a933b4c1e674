"""Every button that moves a row, and every one that orders a job, pressed twice at the same moment over HTTP: it is done once, and the other one is told
or led to the same job."""
from concurrent.futures import ThreadPoolExecutor

from peewee import fn

from backoffice.actions import obstacles
from models import base
from models.audit import Entry
from models.jobs import Job
from models.parameters import Parameter
from models.reports import Report
from tests.attack import judge
from tests.attack.sheets import sheets_of
from tests.world import let_in

ANSWERS = {"line": "校学位〔2026〕9 号", "text": "同意", "date": "2026-03-20", "number": "80", "tick": "1"}


def ready(ground):
    """[(screen, step, row, account)]: of every step a row on which somebody may take it now; a row only once."""
    found, used = {}, set()
    for role, user in ground.accounts():
        for name, screen in ground.screens.items():
            if screen.open_to(user):
                for step in screen.seen_by(user).steps_of(user):
                    rows = (row for row in screen.rows(user) if (type(row), row.id) not in used and row.belongs_to(user) and not obstacles(step, row, user))
                    if (step.model_name, step.name) not in found and (row := next(rows, None)) is not None:
                        used.add((type(row), row.id))
                        found[step.model_name, step.name] = name, step, row, user
    return list(found.values())


def orders(world):
    """[(account, path, data)] of every page that orders a job."""
    side = world.sides[0]
    return [(world.clerk, "/office/register/export/", {"form": "csv"}),
            (world.clerk, "/office/register/papers/", {"form": "review", "list": "?"}),
            (world.clerk, "/office/transcript/print/", {"programme": str(side.programme.id)}),
            (world.exam, "/office/seated_room/papers/", {"site": str(world.site.id), "session": str(world.sitting.id), "paper": "door"}),
            (world.exam, "/office/seated_room/papers/", {"site": str(world.site.id), "session": str(world.sitting.id), "paper": "tickets"}),
            (world.clerk, "/office/report/sheet/", {"id": str(Report.get(Report.institution == world.unit).id), "form": "json"}),
            (world.centre, "/office/recheck/nation/", {"name": "年度复核", "as_of": "2026-03-20"}),
            (side.register.applicants()[0], "/me/data/order", {})]


def test_every_order_that_is_sent_twice_at_once_is_one_job(ground, record_property):
    Parameter.update(value=0).where(Parameter.name == "export.sync_rows").execute()
    ground.world.registered(ground.world.applicant("再一人"))             # a list of one is printed at once
    found, number = [], 0
    with ThreadPoolExecutor(2) as hands:
        for user, path, data in orders(ground.world):
            last, made = Job.select(fn.MAX(Job.id)).scalar(), []
            for key, times in (("first", 2), ("first", 1), ("second", 2)):
                clients = [entered(ground, user) for _ in range(times)]
                base.db.close()
                answers = list(hands.map(lambda client: client.post(path, data=data | {"order_key": key}), clients))
                base.db.connect(reuse_if_open=True)
                number += times
                made.append((Job.select().where(Job.id > last).count(), {(answer.status_code, answer.location) for answer in answers}))
            if [jobs for jobs, _ in made] != [1, 1, 2] or any(len(told) > 1 or {status for status, _ in told} != {302} for _, told in made):
                found.append(f"{user} {path}: {made}")
    judge(record_property, number, found)


def test_every_step_that_is_pressed_twice_at_once_is_taken_once(ground, record_property):
    found, number, taken = [], 0, 0
    with ThreadPoolExecutor(2) as hands:
        for name, step, row, user in ready(ground):
            answers = {ask.name: ask.choices[0][0] if ask.choices else ANSWERS.get(ask.kind, "") for ask in step.asks}
            at = f"/office/{name}/step/{step.name}/"
            page = next((sheet for sheet in sheets_of(f"{at}?id={row.id}", ground.ask(user, "GET", f"{at}?id={row.id}")) if ("confirm", "1") in sheet.fields), None)
            if page is None:
                continue                # a step before has closed it
            data = dict(page.fields) | {"again": "1"} | answers
            told = Entry.select().where(Entry.entity == type(row)._meta.table_name, Entry.verb == step.name, Entry.row_id == row.id)
            before = told.count()
            base.db.close()
            statuses = list(hands.map(lambda client: press(client, at, data), [entered(ground, user), entered(ground, user)]))
            base.db.connect(reuse_if_open=True)
            entries = told.count() - before
            number, taken = number + 2, taken + entries
            if entries > 1 or any(status >= 500 for status in statuses) or statuses.count(302) > max(1, entries) and entries:
                found.append(f"{user} {step.model_name}.{step.name} {row.id}: {entries} times, {statuses}")
    assert taken > 20
    judge(record_property, number, found)


def entered(ground, user):
    client = ground.app.test_client()
    let_in(client, user)
    return client


def press(client, path, data):
    return client.post(path, data=data).status_code
