"""An office with screens of its own for the tests of the grid: programmes, plans with their courses, applications, parameters."""
from functools import cached_property

import pytest

from backoffice import export
from backoffice.app import create_app
from backoffice.grid import Grid
from backoffice.screens import Screens
from models import clock
from models.base import db
from models.registry import ENTITIES
from tests.world import DAY, World, let_in

FILES = {
    "programme": """
        model = "Programme"
        menu = "招生与申请"
        columns = ["discipline", "state", "institution", "year", "apply_until", "published_at"]
        order_by = "-year"
        filters = ["state", "discipline", "year", "apply_until", "published_at", "place"]
        search = ["discipline.name", "discipline.code"]
        create = true
        form = [{ title = "学科", fields = ["discipline", "year", "year_limit", "min_credits", "apply_from", "apply_until", "confirm_from",
                                           "confirm_until", "place", "contact", "phone"] }]
        views = [{ name = "drafts", title = "草稿", where = { state = "draft" } }]
        related = [{ screen = "application", through = "programme", title = "收到的申请" }]
        """,
    "training_plan": """
        model = "TrainingPlan"
        menu = "招生与申请"
        columns = ["programme", "name"]
        form = [{ title = "方案", fields = ["programme", "name", "note"] }]
        create = true
        lines = { model = "Course", through = "plan", title = "课程", columns = ["code", "name", "credits", "required"] }
        """,
    "application": """
        model = "Application"
        menu = "招生与申请"
        columns = ["person.name", "state", "number", "submitted_at", "person.document_number", "person.sex"]
        order_by = "-submitted_at"
        page_size = 3
        filters = ["state", "submitted_at"]
        search = ["person.name", "person.document_number", "number"]
        """,
    "confirmed": """
        model = "Application"
        title = "待审核的申请"
        roles = ["reviewer"]
        columns = ["number", "state"]
        where = { state = "confirmed" }
        steps = ["approve"]
        """,
    "parameter": """
        model = "Parameter"
        columns = ["title", "name", "value", "valid_from"]
        order_by = "name"
        form = [{ title = "参数", fields = ["name", "title", "value", "valid_from", "valid_to", "institution"] }]
        create = true
        """,
}


class Office:
    """The application with these screens, the small world behind it, and clients that are logged in."""

    def __init__(self, settings, folder):
        self.shipped, self.site = folder / "shipped", folder / "site"
        for place in (self.shipped, self.site):
            place.mkdir()
        for name, text in FILES.items():
            (self.shipped / f"{name}.toml").write_text(text)
        self.screens = Screens(self.shipped, self.site, ENTITIES)
        export.configure(self.screens)
        self.app = create_app(settings, self._register)
        self.app.config["WTF_CSRF_ENABLED"] = False

    def _register(self, app, admin):
        for name in self.screens:
            admin.add_view(Grid(self.screens, name))

    @cached_property
    def world(self):
        return World()

    def enter(self, user):
        client = self.app.test_client()
        let_in(client, user)
        return client


@pytest.fixture
def office(settings, database, tmp_path):
    with clock.at(DAY):
        yield Office(settings, tmp_path)


class Counting:
    """Counts the statements that are sent to the database inside the block."""

    def __enter__(self):
        self.statements, self.send = [], db.obj.execute_sql
        db.obj.execute_sql = lambda sql, *args, **kwargs: (self.statements.append(sql), self.send(sql, *args, **kwargs))[1]
        return self

    def __exit__(self, *error):
        del db.obj.execute_sql
