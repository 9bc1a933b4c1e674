"""Random and mutated configurations: either they are refused with problems, or the program runs on them and no role sees a row, a column or
a step that the shipped configuration did not give it."""
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings as examples, strategies as st

import views
from backoffice.charts import Lists, drawn
from backoffice.listing import Listing
from backoffice.screens import Problems, Screens
from backoffice.screens.vocabulary import VOCABULARY
from models import extras
from models.applications import Application
from models.registry import ENTITIES
from models.roles import ROLES
from models.workflow import Record
from tasks.print.forms import FORMS
from tests.views.conftest import world      # noqa: F401

NAMES = ("application", "register", "dismissed", "programme", "institution", "user", "person")
STAFF_ROLES = [role for role in ROLES if role != "applicant"]
FIELDS = ["person.name", "person.phone", "person.document_number", "person.email", "person.consent_version", "reviewer.password", "reviewer.tf_totp_secret",
          "photo", "photo.token", "institution", "institution.name", "institution.extra.n", "discipline.code", "programme.place", "programme.contact", "year", "state",
          "number", "deadline", "cleared", "cleared.x", "extra", "extra.n", "extra.m", "opinion", "employer", "created_at", "prepared", "case_id", "id", "edition",
          "password", "username", "email", "fs_uniquifier", "settings", "name", "code", "place", "contact", "registered_on", "dismissal_ground", "", ".", "x.y.z"]
STEPS = sorted({name for kind in ENTITIES.values() if issubclass(kind, Record) for name in kind.steps})[:40]
STATES = sorted(Application.STATES)
field, roles = st.sampled_from(FIELDS), st.lists(st.sampled_from([*ROLES, "nobody"]), max_size=4)
scalar = st.one_of(st.text(max_size=8), st.integers(-3, 3000), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(STATES))
where = st.dictionaries(field, st.one_of(scalar, st.lists(st.sampled_from(STATES), max_size=4)), max_size=2)
item = st.one_of(field, st.fixed_dictionaries({"name": field}, optional={
    "label": st.text(max_size=6), "format": st.sampled_from(["day", "account", "job", "kind", "thousands"]), "mask": st.booleans(), "kind": st.just("empty"),
    "codes": st.sampled_from(["sex", "x"]), "where": where, "optional": st.booleans(), "default": scalar, "width": st.integers(-5, 300)}))
items = st.lists(item, max_size=5)
sections = st.lists(st.fixed_dictionaries({"title": st.text(max_size=5), "fields": items}), max_size=2)
VALUES = {
    "model": st.sampled_from(sorted(ENTITIES)), "title": st.text(max_size=10), "roles": roles, "where": where, "columns": items, "export": items, "filters": items,
    "search": st.lists(field, max_size=3), "order_by": field.map(lambda text: f"-{text}"), "form": sections, "details": sections, "create": st.booleans(),
    "full": st.lists(field, max_size=3), "grid": st.sampled_from(["", "CaseGrid", "UserGrid"]), "page_size": st.integers(-1, 300),
    "steps": st.lists(st.one_of(st.sampled_from(STEPS), st.fixed_dictionaries({"name": st.sampled_from(STEPS), "label": st.text(max_size=5)})), max_size=4),
    "views": st.lists(st.fixed_dictionaries({"title": st.text(min_size=1, max_size=4), "where": where}), max_size=2),
    "tiles": st.lists(st.fixed_dictionaries({"title": st.text(min_size=1, max_size=4), "where": where}, optional={"by": field}), max_size=2),
    "prints": st.lists(st.sampled_from([*FORMS, "nothing"]), max_size=3),
    "hide": st.dictionaries(st.sampled_from(STAFF_ROLES), st.lists(field, max_size=3), max_size=2),
    "extra": st.lists(st.fixed_dictionaries({"name": st.sampled_from(["n", "m", "N"]), "label": st.text(min_size=1, max_size=4)}, optional={
        "type": st.sampled_from(["text", "integer", "date", "flag", "file"]), "visible": roles, "editable": roles, "pattern": st.text(max_size=6)}), max_size=2),
    "lines": st.just({"model": "Grant", "through": "user", "columns": ["role"]}),
    "related": st.lists(st.fixed_dictionaries({"screen": st.sampled_from(NAMES), "through": field}), max_size=1)}
configured = st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3, unique=True).flatmap(lambda keys: st.fixed_dictionaries({key: VALUES[key] for key in keys}))


@pytest.fixture
def screens(world, tmp_path):      # noqa: F811
    """The shipped screens over people and their cases, and rows of every kind that some screen shows or none does."""
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for name in NAMES:
        if (views.SHIPPED / f"{name}.toml").is_file():
            values = tomlkit.parse((views.SHIPPED / f"{name}.toml").read_text("utf-8")).unwrap()
            values.pop("related", None)
            (shipped / f"{name}.toml").write_text(tomlkit.dumps(values), "utf-8")
    world.draft(world.applicant("草稿"))
    Application.update(prepared=True).execute()
    handed = world.draft(world.applicant("已提交"))
    handed.submit(by=handed.applicants()[0])
    world.registered(world.applicant("在册"))
    yield Screens(shipped, tmp_path / "screens", ENTITIES, grids=views.GRIDS, forms=FORMS)
    extras.take({})


def names_of(screen):
    """Every name of a field that a screen shows or asks about, in any of its parts."""
    shown = [*screen.columns, *screen.export, *(column for section in screen.details for column in section.items), *screen.boxes]
    found = {column.name for column in shown} | {item.path.text for item in screen.filters.values() if not item.hidden} | {path.text for path in screen.search}
    return found | ({screen.order_by[0].name} if screen.order_by else set()) | {text for part in (*screen.views.values(), *screen.tiles) for text in part.paths}


def given_to(shipped, model, role):
    """(names, steps, forms, whether any) that the shipped screens give to a role on one kind of record."""
    of_role = [screen for screen in shipped.values() if screen.model is model and role in screen.roles]
    return set().union(*map(names_of, of_role)), {step.name for screen in of_role for step in screen.steps}, {form.name for screen in of_role for form in screen.prints}, bool(of_role)


def common(name, names, model):
    """Whether a name leads from a given foreign key into a table that belongs to everybody, or to a field of the site's own."""
    way, _, last = name.rpartition(".")
    if name in ("id",) or way == extras.COLUMN:
        return True
    way = way.removesuffix(f".{extras.COLUMN}")
    link = model._meta.fields.get(way)
    return way in names and link is not None and link.rel_model.national


def hold(shipped, candidates, world):      # noqa: F811
    accounts = {role: getattr(world, role) for role in STAFF_ROLES}
    for screen in candidates.values():
        for role, user in accounts.items():
            if not screen.open_to(user):
                continue
            names, steps, forms, open_to = given_to(shipped, screen.model, role)
            seen = screen.seen_by(user)
            assert open_to, f"{role} opens {screen.name}"
            assert {name for name in names_of(seen) - names if not common(name, names, screen.model)} == set(), f"{role} {screen.name}"
            assert {step.name for step in seen.steps_of(user)} <= steps and set(seen.printed_by(user)) <= forms
            rows = {row.id for row in seen.rows(user)}
            before = {row.id for one in shipped.values() if one.model is screen.model and role in one.roles for row in one.rows(user)}
            assert rows <= before, f"{role} {screen.name}"
            listing = Listing(seen, user)
            assert listing.counted and all(bar.total for chart in drawn(Lists(user, [screen])) for bar in chart.bars)
            for row in listing.page():
                assert all(isinstance(column.cell(row)[0], str) for column in seen.columns)


@examples(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(name=st.sampled_from([*NAMES, "own_new"]), values=configured)
def test_a_configuration_is_refused_or_gives_nothing_that_the_shipped_one_did_not_give(screens, world, name, values):      # noqa: F811
    assert set(values) <= set(VOCABULARY["screen"])
    if name == "own_new":
        values = {"model": "Application"} | values
    try:
        candidates, fields, _ = screens.tried({}, {name: tomlkit.dumps(values)})
    except Problems as wrong:
        assert wrong.found and all(f"{name}.toml:" in problem or ".toml:" in problem for problem in wrong.found)
        return
    extras.take(fields)
    hold(screens, candidates, world)


@examples(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(name=st.sampled_from(NAMES[:4]), data=st.data())
def test_a_shipped_file_with_some_lines_torn_is_refused_or_gives_no_more(screens, world, name, data):      # noqa: F811
    lines = screens.file_text(name).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        cut = data.draw(st.integers(0, len(lines[at])))
        lines[at] = data.draw(st.sampled_from([lines[at][:cut], lines[at][:cut] + data.draw(st.text(max_size=4)) + lines[at][cut:], "", lines[-1]]))
    try:
        candidates, fields, _ = screens.tried({}, {name: "\n".join(lines)})
    except Problems:
        return
    extras.take(fields)
    hold(screens, candidates, world)
