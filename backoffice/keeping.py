"""Views that a user keeps of a list: its search, filters and order under a name, shared with the unit where wanted."""
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.datastructures import MultiDict

from backoffice.listing import Listing
from backoffice.security import Guarded
from models.screens import OwnView, save_view
from models.workflow import Refused


class Keeping(Guarded):
    """What a grid has for the views of its users; it says `screen` and `user`."""

    @expose("/keep/", methods=("POST",))
    def keep(self):
        """Keep the list as it is looked at now; a view of the same name is replaced."""
        listing = Listing(self.screen, self.user, MultiDict(parse_qsl(request.form.get("list", "").lstrip("?"))))
        address, shared = listing.href(), request.form.get("shared") == "1"
        try:
            view = save_view(self.user, self.screen.name, request.form.get("title", "").strip(), address, shared)
        except Refused as refused:
            flash(str(refused), "bad")
        else:
            flash(f"已保存视图“{view}”" + ("，本单位的人也能看到。" if shared else "。"), "ok")
        return redirect(url_for(".index") + address)

    @expose("/drop/", methods=("POST",))
    def drop(self):
        """Take one of the user's own views off the list."""
        view = OwnView.seen(self.user, request.form.get("id")) or abort(404)
        try:
            view.change(self.user, kept=False)
        except Refused as refused:
            flash(str(refused), "bad")
        else:
            flash(f"已去掉视图“{view}”。", "ok")
        return redirect(url_for(".index"))
