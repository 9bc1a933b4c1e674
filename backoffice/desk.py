"""The desk: what waits for whoever is logged in, by step, with the numbers of the lists behind it; tiles and windows that views add, and charts."""
from dataclasses import dataclass

from flask import url_for
from flask_admin import expose
from flask_security import current_user
from peewee import fn

from backoffice import shell
from backoffice.charts import Lists, drawn
from backoffice.listing import CAP, Listing
from backoffice.security import Guarded
from models import clock
from models.jobs import Job

LONG = 7                # days after which waiting is shown as long


@dataclass(frozen=True)
class Tile:
    """A number, its name, and the rows behind it."""
    label: str
    value: int
    url: str
    hint: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Window:
    """A span of days in which something can be done; the last day counts."""
    label: str
    first: object
    last: object
    url: str = ""

    @property
    def left(self):
        return (self.last - clock.today()).days + 1

    @property
    def share(self):
        return ((clock.today() - self.first).days + 1) / ((self.last - self.first).days + 1)


@dataclass(frozen=True)
class Work:
    """Rows of one screen that wait for one step of the user."""
    title: str
    step: str
    count: int
    oldest: int | None      # days that the first of them has waited
    url: str                # of the rows
    place: str = ""         # where it is done one after another, if there is such a place

    @property
    def shown(self):
        return f"{CAP:,}+" if self.count > CAP else f"{self.count:,}"


class Desk(Guarded):
    """The first page of the office. Each application has its own, to which its views add tiles, windows and work."""

    def __init__(self):
        super().__init__(name="工作台", endpoint="admin", url="/office", menu_icon_type="svg", menu_icon_value="home")
        self._tiles, self._windows, self._works, self._charts, self._places = [], [], [], [], {}

    def tile(self, roles, function):
        """Add a function(user) that returns a Tile or None, for the roles ('clerk reviewer')."""
        self._tiles.append((roles.split(), function))

    def window(self, roles, function):
        """Add a function(user) that returns a list of Windows, for the roles."""
        self._windows.append((roles.split(), function))

    def work(self, roles, function):
        """Add a function(user) that returns the Work that waits without being a step, or None, for the roles."""
        self._works.append((roles.split(), function))

    def chart(self, roles, function):
        """Add a function(user, lists) that returns a chart (backoffice/charts.py) or None, for the roles."""
        self._charts.append((roles.split(), function))

    def place(self, step, title, endpoint):
        """Say where an awaited step is taken for one row after another."""
        self._places[step.model_name, step.name] = (title, endpoint)

    @expose("/")
    def index(self):
        user = current_user._get_current_object()
        screens = [place.screen for _, places in shell.office_menu() for place in places if place.screen is not None]
        work = waiting(user, screens, self._places)
        work += [found for found in (function(user) for function in _for(user, self._works)) if found and found.count]
        running = list(Job.select().where(Job.user_id == user.id, Job.state << ("queued", "running")).order_by(Job.id))
        tiles = [found for found in (function(user) for function in _for(user, self._tiles)) if found] + counted(user, screens)
        windows = sorted((found for function in _for(user, self._windows) for found in function(user)), key=lambda w: w.last)
        lists = Lists(user, screens)
        charts = [found for found in (function(user, lists) for function in _for(user, self._charts)) if found] + drawn(lists)
        return self.render("admin/index.html", work=work, charts=charts, running=running, tiles=tiles, windows=windows, user=user, today=clock.today(), LONG=LONG)


def _for(user, registered):
    return [function for roles, function in registered if set(roles) & {role for role, _ in user.powers()}]


def counted(user, screens):
    """The Tiles that the screens ask for: how many of their rows meet a condition, counted to the cap."""
    found = []
    for screen in (screen.seen_by(user) for screen in screens):
        for tile in screen.tiles:
            if tile.by:
                continue
            rows = screen.rows(user) if tile.condition is None else screen.rows(user).where(tile.condition)
            count = rows.select(screen.model.id).limit(CAP + 1).count()
            found.append(Tile(tile.title, f"{CAP:,}+" if count > CAP else count, screen.address(**_known(screen, tile.args)), tile.hint, tile.tone))
    return found


def _known(screen, args):
    """Those arguments of a list that its filters know, by name; none where one is not known, for half of them would show other rows."""
    known = {key for item in screen.filters.values() for key in item.keys}
    grouped = {}
    for key, text in args:
        grouped.setdefault(key, []).append(text)
    return grouped if set(grouped) <= known else {}


def waiting(user, screens, places):
    """The Work that waits for `user`: rows in the source state of an awaiting step, on the screen that shows most of them."""
    found = {}
    for screen in (screen.seen_by(user) for screen in screens):
        for step in screen.steps_of(user):
            listing = Listing(screen, user, [("f.state", state) for state in step.sources]) if step.awaits else None
            if listing and not listing.faults:
                count = listing.query().select(screen.model.id).limit(CAP + 1).count()
                if count > found.get((screen.model, step.sources), (0,))[0]:
                    found[screen.model, step.sources] = (count, step, listing)
    return sorted((_work(*item, places) for item in found.values()), key=lambda work: -(work.oldest or 0))


def _work(count, step, listing, places):
    states = "、".join(dict.fromkeys(listing.model.STATES[state][0] for state in step.sources))
    title, endpoint = places.get((step.model_name, step.name), (step.label, None))
    return Work(f"{listing.screen.title}：{states}", title, count, _oldest(step, listing) if count <= CAP else None,
                listing.screen.address() + listing.href(), url_for(endpoint) if endpoint else "")


def _oldest(step, listing):
    """Days since the first of the rows came into its state, where the model keeps that day in a field named after the state."""
    fields = listing.model._meta.fields
    names = [name for state in step.sources for name in (f"{state}_at", f"{state}_on") if name in fields] + ["created_at"]
    since = listing.query().select(fn.MIN(fields[names[0]])).scalar() if names[0] in fields else None
    return (clock.today() - getattr(since, "date", lambda: since)()).days if since else None
