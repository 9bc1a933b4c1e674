"""The rules of the house that code can hold: who imports whom, who names what, where rows are deleted, one clock, one schema."""
import ast
import re

import pytest
from peewee import PostgresqlDatabase

import config
from models import base
from models.registry import ENTITIES, migrate

LADDER = ("config", "models", "tasks", "backoffice", "views", "run")
ROOMS = ("models", "tasks", "backoffice", "views")
KNOWN_TO_BACKOFFICE = {"User", "Role", "Grant", "Login", "Passkey", "Throttle", "Job", "File", "Outbox", "Announcement", "Entry", "Version", "ScreenVersion", "OwnView"}
DELETES = {"models/bulk.py", "models/clearing.py", "models/files.py", "tasks/imports/undoing.py", "tasks/retention.py", "tasks/upkeep.py"}       # undo of an import, dismissal, retention, expiry
RESTORE = "tasks.backup.engines"       # takes back the tables that it made itself when it does not come to its end
ALONE = r"pattern_ops|USING gin|institution_id, id\)"
NOT_OURS = ("sqlite_sequence", "schema_migration", "name_search")      # the last and its shadows: the search of SQLite inside names


PATHS = [config.ROOT / "config.py", config.ROOT / "run.py", *(p for room in ROOMS for p in sorted((config.ROOT / room).rglob("*.py")))]


def name_of(path):
    """The module in a file, by its full name."""
    parts = path.relative_to(config.ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path.relative_to(config.ROOT).as_posix() for path in PATHS}
MODULES = {name_of(path): ast.parse(path.read_text("utf-8"), str(path)) for path in PATHS}


def imports(name):
    """Names of the modules of the program that a module imports, wherever in its text."""
    found = set()
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            found |= {item.name for item in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: imports are written in full"
            found |= {f"{node.module}.{item.name}" if f"{node.module}.{item.name}" in MODULES else node.module for item in node.names}
    return {item for item in found if item.split(".")[0] in LADDER}


def step_of(name):
    return LADDER.index(name.split(".")[0])


@pytest.mark.parametrize("name", MODULES)
def test_nothing_imports_from_further_right(name):
    assert not {item for item in imports(name) if step_of(item) > step_of(name)}


def test_no_modules_import_each_other_in_a_circle_not_even_inside_functions():
    found, done = [], set()

    def visit(name, path):
        if name in path:
            found.append(" -> ".join(path[path.index(name):] + [name]))
        elif name not in done:
            for item in sorted(imports(name) & MODULES.keys()):
                visit(item, path + [name])
            done.add(name)
    for name in MODULES:
        visit(name, [])
    assert found == []


def test_the_models_know_no_request_no_page_and_no_queue():
    known = {"models.wording": {"jinja2"}}        # the parser of texts that a site words itself
    strangers = {"flask", "flask_admin", "wtforms", "werkzeug", "jinja2", "markupsafe", "huey", "redis"}
    for name in MODULES:
        if name.startswith("models"):
            outside = {item.split(".")[0] for node in ast.walk(MODULES[name]) if isinstance(node, (ast.Import, ast.ImportFrom))
                       for item in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])}
            assert not outside & strangers - known.get(name, set()), name


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("backoffice")])
def test_the_backoffice_names_no_entity_but_its_own(name):
    words = {node.id for node in ast.walk(MODULES[name]) if isinstance(node, ast.Name)}
    words |= {alias.name for node in ast.walk(MODULES[name]) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not (words & ENTITIES.keys()) - KNOWN_TO_BACKOFFICE


def calls(*names):
    """[(file, owner)] of every call of a method with one of these names in the program; the owner as it is written."""
    return [(FILES[module], ast.unparse(node.func.value)) for module, tree in MODULES.items() for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names]


def test_rows_are_deleted_only_where_the_house_allows_it():
    found = {file for file, _ in calls("delete", "delete_instance", "delete_by_id", "destroy", "truncate_table", "drop_table", "drop_tables")}
    assert found == DELETES
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = ("DELETE FROM", "TRUNCATE TABLE") + (() if module == RESTORE else ("DROP TABLE",))
                assert not any(some in node.value.upper() for some in words), module


def test_only_the_clock_asks_what_time_it_is():
    assert {file for file, owner in calls("now", "today", "utcnow") if owner != "clock"} == {"models/clock.py"}


def test_a_state_is_never_written_past_the_steps():
    """A row is added in its first state; `change` and `update` never name the state of a kind that has steps."""
    stateful = {kind.__name__ for kind in ENTITIES.values() if getattr(kind, "steps", {})}
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and any(word.arg == "state" for word in node.keywords):
                owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                assert node.func.attr != "change" and not (node.func.attr in ("update", "add") and owner in stateful), f"{module}:{node.lineno}"


def test_every_file_says_what_it_is_for():
    assert [name for name, tree in MODULES.items() if tree.body and not ast.get_docstring(tree)] == []


# the schema --------------------------------------------------------------------------------------------------------------------
def schema(database):
    """Every table with its columns, foreign keys, indexes and checks, as the database itself tells them; but for those that PostgreSQL alone needs
    and models have no word for: for searches by beginning, for pairs of characters, and in the order of ids, in which SQLite keeps every index."""
    found = {}
    for table in sorted(name for name in database.get_tables() if not name.startswith(NOT_OURS)):
        found[table] = {
            "columns": {c.name: (c.data_type.upper().replace("DECIMAL", "NUMERIC"), c.null, c.primary_key) for c in database.get_columns(table)},
            "foreign keys": sorted((k.column, k.dest_table, k.dest_column) for k in database.get_foreign_keys(table)),
            "indexes": sorted((tuple(i.columns), i.unique, conditional(i.sql)) for i in database.get_indexes(table) if not re.search(ALONE, i.sql or "")),
            "rules": rules(database, table)}
    return found


def conditional(sql):
    _, _, condition = (sql or "").partition(" WHERE ")
    return "".join(condition.replace('"', "").split()).lower()


def rules(database, table):
    """The checks and what happens to rows that are referred to, in the database's own spelling."""
    if isinstance(database, PostgresqlDatabase):
        return sorted(text for (text,) in database.execute_sql(
            "select pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype in ('c', 'f')", (table,)))
    text, = database.execute_sql("select sql from sqlite_master where type = 'table' and name = ?", (table,)).fetchone()
    return sorted("".join(part.replace('"', "").split()) for part in text.split("CHECK")[1:]), text.count("ON DELETE RESTRICT"), text.count("ON DELETE SET NULL")


def test_the_migrated_schema_is_that_of_the_models(lender, tmp_path):
    found = []
    for name, build in (("migrated", migrate), ("modelled", lambda: base.db.create_tables(ENTITIES.values()))):
        (tmp_path / name).mkdir()
        database = base.connect(lender.blank(tmp_path / name))
        build()
        found.append(schema(database))
        database.close_all()
        base.db.initialize(None)
    migrated, modelled = found
    assert migrated.keys() == modelled.keys()
    for table in modelled:
        assert migrated[table] == modelled[table], table


def test_the_security_page_names_only_tests_that_are_there():
    """What is said to be met is shown by a test of that name."""
    named = set(re.findall(r"`(test_\w+)`", (config.ROOT / "docs/security.md").read_text("utf-8")))
    there = {name for file in (config.ROOT / "tests").rglob("test_*.py") for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
    assert len(named) > 50 and sorted(named - there) == []
