"""Screens that the site added, all served by one grid: they come and go while the program runs."""
from flask import abort, g
from flask_security import current_user

from backoffice.grid import Grid
from backoffice.security import Guarded


class OwnGrid(Grid):
    """The grid of every screen whose name begins with own_; the address says which one."""

    def __init__(self, screens):
        self.screens, self.more_tools = screens, lambda screen, user: []
        Guarded.__init__(self, name="本站界面", endpoint="own", url="/office/own/<own>", menu_icon_type="svg", menu_icon_value="rows")

    def create_blueprint(self, admin):
        """The routes, with the name of the screen taken out of the address and put into every address of the same screen."""
        pages = super().create_blueprint(admin)
        pages.url_value_preprocessor(lambda endpoint, values: g.__setattr__("own_screen", values.pop("own", "") if values else ""))
        pages.url_defaults(lambda endpoint, values: values.setdefault("own", g.get("own_screen", "")))
        return pages

    @property
    def screen_name(self):
        return g.get("own_screen", "")

    def shown_screens(self):
        return [screen for screen in self.screens.values() if screen.own and screen.open_to(current_user)]

    def is_accessible(self):
        """Any of them; which one is asked for is told apart when a page is asked for."""
        return Guarded.is_accessible(self)

    def _handle_view(self, name, **kwargs):
        screen = self.screens.get(self.screen_name)
        if screen is None or not screen.own:
            abort(404)
        if not screen.open_to(current_user):
            abort(403)
        return super()._handle_view(name, **kwargs)
