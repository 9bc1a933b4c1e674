"""All stages: what each role does here and how, in the words of its screens, and the table of law behind every step and refusal."""
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import current_app, url_for
from flask_admin import expose
from flask_security import current_user

from backoffice.security import Guarded
from models import law
from models.roles import ROLES

GUIDES = Path(__file__).parent / "guides"
PICTURES, SIZE = "guide", (640, 400)        # the folder among the static files, and how large a picture is shown; `make guide` takes them


@dataclass(frozen=True)
class Task:
    """One thing that a role does: how, step by step, what to know, the endpoint `at` (with the arguments `given`) where it is done, and the name of a
    picture of that place with what it shows in words."""
    title: str
    steps: list
    know: str = ""
    at: str = ""
    given: dict = field(default_factory=dict)
    picture: str = ""
    shows: str = ""

    @property
    def url(self):
        """Where it is done; empty where the present user is not let in, or nowhere in particular."""
        views = {view.endpoint: view for view in current_app.extensions["admin"][0]._views}
        view = views.get(self.at.split(".")[0])
        return url_for(self.at, **self.given) if self.at and (view is None or view.is_accessible()) else ""


@cache
def tasks(role):
    """The Tasks of a role, in the order in which they are learnt."""
    return tuple(Task(**task) for task in tomllib.loads((GUIDES / f"{role}.toml").read_text("utf-8"))["task"])


class Guide(Guarded):
    """For everybody in the office, his own roles."""

    def __init__(self):
        super().__init__(name="使用指南", endpoint="guide", url="/office/guide", menu_icon_type="svg", menu_icon_value="book")

    @expose("/")
    def index(self):
        """The tasks of the user's roles."""
        roles = dict.fromkeys(role for role, _ in current_user.powers())
        return self.render("office/guide.html", folder=PICTURES, size=SIZE, parts=[(ROLES[role][0], tasks(role)) for role in roles])

    @expose("/rules/")
    def rules(self):
        """The table of law, as the Steps have it."""
        return self.render("office/rules.html", head=law.HEAD, stages=law.table())
