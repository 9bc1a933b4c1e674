"""Every button that moves a row, pressed twice at the same moment over HTTP: the step is taken once, and the other one is told."""
from concurrent.futures import ThreadPoolExecutor

from backoffice.actions import obstacles
from models import base
from models.audit import Entry
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
