"""What every page needs: addresses of static files with their content in them, the menu, how the page looks, dates and numbers in words."""
import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache, partial

from flask import current_app, url_for
from flask_admin.helpers import get_current_view
from flask_security import current_user
from markupsafe import Markup, escape

from backoffice.ordering import new_key
from backoffice.screens.site import Site
from backoffice.security import home_of
from models import clock
from models.identity import masked
from models.roles import role_label

GROUPS = ("", "招生与申请", "在册管理", "国家统考", "答辩与学位", "报送", "基础数据", "系统")
LAST = 1000          # the order of what is no screen: behind the screens of its group
MENUS = 2000         # menus that are kept
LOOKS = {"theme": ("light", "dark"), "density": ("compact", "comfortable")}


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the menu."""
    title: str
    group: str
    order: int
    icon: str
    url: str
    view: object
    screen: object = None

    @property
    def here(self):
        """Whether the present page belongs to it."""
        present = get_current_view()
        return present is self.view and (self.screen is None or self.screen.name == getattr(present, "screen_name", None))


def init_app(app):
    """Make the globals and filters of the templates known."""
    app.jinja_env.globals.update(
        static_url=partial(static_url, app.static_url_path, app.static_folder), current_user=current_user, office_menu=office_menu, printed_menu=printed_menu,
        office_actions=office_actions, appearance=appearance, home_of=home_of, platform=site, rule_of=rule_of, order_key=new_key)
    app.jinja_env.filters.update(day=day, date=date, moment=moment, thousands=thousands, masked=masked, roles=roles)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


@cache
def static_url(path, folder, name):
    """The address of a static file; it changes with the content, so that browsers may keep it for ever."""
    with open(f"{folder}/{name}", "rb") as content:
        return f"{path}/{name}?v={hashlib.sha256(content.read()).hexdigest()[:12]}"


def roles(codes):
    """Roles given by their codes ('clerk reviewer') in words."""
    return "、".join(role_label(code) for code in codes.split())


def site():
    """What the site file says of the whole: name, logo, colours, footer, announcement."""
    return current_app.extensions["screens"].site if "screens" in current_app.extensions else Site()


def office_menu():
    """[(group, MenuEntries)] of what the present user may open, groups in the order of the ten stages or of the site."""
    return _kept("entries", _menu)


def printed_menu(caller):
    """What the template prints of the menu, on the page that is open."""
    view = get_current_view()
    return _kept((view, getattr(view, "screen_name", None)), caller)


def _kept(what, make):
    """What is the same for everybody with the same roles and kind of place until the screens change: nothing else decides whether a view is open."""
    user, screens = current_user._get_current_object(), current_app.extensions.get("screens")
    if not user.is_authenticated:
        return make()
    menus = current_app.extensions.setdefault("menus", {})
    alike = (what, screens and screens.turn, *user.powers(), *(place is None for place in (user.institution_id, user.office_id, user.site_ref)))
    if alike not in menus:
        if len(menus) >= MENUS:
            menus.clear()
        menus[alike] = make()
    return menus[alike]


def _menu():
    views = [view for view in current_app.extensions["admin"][0]._views if view.is_accessible()]
    places = [place for view in views for place in _places(view)]
    own = site()
    names = dict.fromkeys(["", *own.groups, *GROUPS, *(place.group for place in places)])
    groups = [(own.renamed.get(name, name), [place for place in places if place.group == name]) for name in names]
    return [(name, sorted(found, key=lambda place: place.order)) for name, found in groups if found]


def _places(view):
    """The entries of one view: a grid's are those of its screens as they are now."""
    screens = getattr(view, "shown_screens", None)
    if screens is None:
        return [MenuEntry(view.name, view.category or "", LAST, view.menu_icon_value or "rows", view.menu.get_url(), view)] if view.is_visible() else []
    return [MenuEntry(screen.title, screen.menu, screen.order, screen.icon, screen.address(), view, screen) for screen in screens() if screen.menu]


def rule_of(step):
    """Where the table of law says what stands against a step; empty where an application has no such page, or the step is no line of it."""
    known = hasattr(step, "model_name") and "guide.rules" in current_app.view_functions
    return url_for("guide.rules", _anchor=f"{step.model_name}.{step.name}") if known else ""


def office_actions():
    """[(label, address, icon)] of what the present user can begin from anywhere: a new row by hand, and what else the lists offer over their rows."""
    found, user = {}, current_user._get_current_object()
    for place in (place for _, places in office_menu() for place in places if place.screen is not None):
        if place.screen.create and place.screen.writable_by(user):
            found.setdefault(f"新建{place.screen.model.label}", (place.screen.address("create"), "plus"))
        for label, address, icon in place.view.more_tools(place.screen, user):
            found.setdefault(label, (address, icon))
    return [(label, *rest) for label, rest in found.items()]


def appearance():
    """Attributes of <html>: theme and density of the account, and where a change of them is to be told."""
    if not current_user.is_authenticated:
        return ""
    chosen = "".join(f' data-{name}="{current_user.settings[name]}"' for name in LOOKS if current_user.settings.get(name) in LOOKS[name])
    return Markup(f'{chosen} data-account="{escape(url_for("account.appearance"))}"')


def day(value):
    """3月9日 in this year, 2026年3月9日 in another; empty when there is none."""
    if not value:
        return ""
    return f"{value.month}月{value.day}日" if value.year == clock.today().year else f"{value.year}年{value.month}月{value.day}日"


def date(value):
    """2027-03-09."""
    return f"{value:%Y-%m-%d}" if value else ""


def moment(value):
    """3月9日 09:15; a plain date has no hour."""
    return f"{day(value)} {value:%H:%M}" if isinstance(value, dt.datetime) else day(value)


def thousands(value):
    """12,345; anything but a number stays as it is."""
    return f"{value:,}" if isinstance(value, (int, float)) and not isinstance(value, bool) else value
