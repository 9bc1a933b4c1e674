"""What the databases plan to do for the lists of large tables when these are long: no screen, for no role, in no order and under no filter,
reads a large table from one end to the other, and a page costs few statements whatever it shows."""
import re

import pytest

import views
from backoffice.address import sortable
from backoffice.app import create_app
from backoffice.listing import MANY, Listing
from models.applications import Application
from models.awards import Award
from models.base import db, on_sqlite, writing
from models.courses import CourseResult
from models.defences import DefenceRequest
from models.people import Person
from tests.backoffice.offices import Counting
from tests.world import let_in

SCREENS = ("application", "register", "dismissed", "person", "course_result", "defence_request", "award")
ROLES = ("clerk", "officer", "centre", "clerk_economics")      # the last sees one college of the unit
BUDGET = 6                       # statements of a page of a list
WAITING, STUDYING, GRADUATED = 10, 26, 26      # of the page of a case before the register, on it, and with a degree
FIRST = 100_000                  # ids of the rows that make the tables long
ROWS, OF_THE_UNIT = MANY + 1_000, 300


@pytest.fixture
def screens(settings, world):
    return views.load_screens(settings.site_screens)


@pytest.fixture
def long(world):
    """The large tables are longer than what a list counts or gathers; a few hundred rows of each belong to the unit of the clerk, all cases to the college."""
    world.clerk_economics = world.colleges()[0][2]["clerk"]
    case, copy = world.awarded(), f"{FIRST} + n"
    unit = f"CASE WHEN n <= {OF_THE_UNIT} THEN {world.unit.id} ELSE {world.unit2.id} END"
    day = "date(2460000 + n / 100)" if on_sqlite() else "DATE '2023-02-25' + n / 100"
    of_case = {"application_id": copy, "institution_id": unit}
    repeat(case.person, name="'张建' || CASE n / 3 * 3 WHEN n THEN '国' ELSE '设' END", document_index="'d' || n")
    repeat(case, person_id=copy, number="'A' || n", register_number="'R' || n", institution_id=unit, submitted_at=day, registered_on=day, dismissed_at=day,
           state="CASE n - n / 3 * 3 WHEN 0 THEN 'submitted' WHEN 1 THEN 'registered' ELSE 'dismissed' END")
    repeat(case.course_results.first(), **of_case)
    repeat(DefenceRequest.get(DefenceRequest.application == case), **of_case)
    repeat(Award.get(Award.application == case), person_id=copy, certificate_number="'C' || n", **of_case)
    if not on_sqlite():                                # where nobody looks at the rows beforehand
        db.execute_sql("ANALYZE")
        db.execute_sql("SET enable_seqscan = off")      # in a table of this size it may be the cheapest way, but not the only one


def repeat(row, **made):
    """Put a row down many times over, with some values made from the number `n` of the copy."""
    table, made = row._meta.table_name, {"id": f"{FIRST} + n"} | made
    names = [field.column_name for field in row._meta.sorted_fields]
    columns, values = ", ".join(f'"{name}"' for name in names), ", ".join(made.get(name, f'"{name}"') for name in names)
    with writing():
        db.execute_sql(f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS}) "
                       f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}", numbers WHERE id = {row.id}')


def looks(screen):
    """The arguments of every look at a screen that its page offers: in each order, each view, each filter, a search."""
    yield {}
    for column in filter(sortable, screen.columns):
        yield {"sort": column.name}
        yield {"sort": f"-{column.name}"}
    for view in screen.views:
        yield {"view": view}
    for item in screen.filters.values():
        if item.kind.picks == "choice":
            yield {item.keys[0]: item.kind.options()[0][0]}
        elif item.kind.picks == "range":
            yield {item.keys[0]: "2026-01-01" if item.control == "days" else "2020"}
    if screen.search:
        yield from ({"q": text} for text in ("张", "建国", "110105199001010012", "无此"))


LARGE = tuple(kind._meta.table_name for kind in (Application, Person, CourseResult, DefenceRequest, Award))


def plan_of(sql, params):
    """[line of the plan] of a statement, where it reads a large table from one end to the other."""
    if on_sqlite():
        if re.search(r'ORDER BY "t1"\."id"( DESC)? LIMIT \?$', sql):      # the rows of a page, walked in the order of the table itself
            return []
        names = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(t\d+)"', sql)}
        plan = [row[-1] for row in db.connection().execute(f"EXPLAIN QUERY PLAN {sql}", params)]
        return [line for line in plan if (found := re.fullmatch(r"SCAN (\w+)", line)) and names.get(found[1]) in LARGE]
    with db.connection().cursor() as cursor:
        plan = [line for line, in cursor.execute(f"EXPLAIN {sql}", params)]
    return [line for line in plan if (found := re.search(r"Seq Scan on (\w+)", line)) and found[1] in LARGE]


def test_no_list_reads_a_large_table_from_end_to_end(screens, world, long):
    wrong = []
    for screen, role in ((screens[name], role) for name in SCREENS for role in ROLES):
        user = getattr(world, role)
        if not screen.open_to(user):
            continue
        for look in looks(screen):
            with Statements() as sent:
                Listing(screen, user, look).page()
            assert len(sent.statements) <= BUDGET, (screen.name, role, look, sent.statements)
            wrong += [(screen.name, role, look, line) for sql, params in sent.statements for line in plan_of(sql, params)]
    assert wrong == [], "\n".join(map(str, wrong))


def test_a_page_costs_few_statements(settings, world, screens):
    for _ in range(3):
        world.registered()
    client = create_app(settings, views.register).test_client()
    for user in (world.clerk, world.centre):
        let_in(client, user)
        for path in ("", "?q=林叙", "?sort=-deadline", "?view=registered", "?page=1"):
            client.get(f"/office/register/{path}")
            with Counting() as counted:
                assert client.get(f"/office/register/{path}").status_code == 200
            more = "?q=" in path        # what was typed is looked for first
            assert len(counted.statements) <= BUDGET + more, "\n".join([path, *counted.statements])


def beside_the_session(counted):
    """The statements that are not those of every page."""
    return [sql for sql in counted.statements if not re.search(r'FROM "(account|role|login)"|FROM "institution" .*LIMIT', sql)]


def test_the_page_of_a_case_costs_few_statements_however_much_belongs_to_it(settings, world):
    waiting, graduated, studying = world.draft(world.applicant("甲")), world.awarded(), world.registered(world.applicant("乙"))
    waiting.submit(by=waiting.applicants()[0])
    world.studied(studying, 20)
    world.session(2027)
    client = create_app(settings, views.register).test_client()
    for user in (world.clerk, world.centre):
        let_in(client, user)
        for case, most in ((waiting, WAITING), (studying, STUDYING), (graduated, GRADUATED)):
            path = f"/office/application/details/?id={case.id}"
            client.get(path)
            with Counting() as counted:
                assert client.get(path).status_code == 200
            asked = beside_the_session(counted)
            assert len(asked) <= most, "\n".join([f"{len(asked)} for {case.state}", *asked])


class Statements:
    """Keeps the questions that are sent inside the block, with their parameters."""

    def __enter__(self):
        self.statements, self.send = [], db.obj.execute_sql
        db.obj.execute_sql = self._sent
        return self

    def _sent(self, sql, params=None, *args, **kwargs):
        self.statements.append((sql, params or ()))
        return self.send(sql, params, *args, **kwargs)

    def __exit__(self, *error):
        del db.obj.execute_sql
