"""The columns of a list as a user wants them, in his order: kept with the account, chosen among those that the screen shows him on its pages anyway."""
from flask import flash, redirect, request, url_for
from flask_admin import expose

from backoffice.choices import Kept
from backoffice.listing import Listing
from backoffice.security import Guarded
from models.people import User

SETTING = "columns"        # in the settings of an account: {name of a screen: [names of columns]}


def choosable(screen):
    """Every column that its list can have: its own first, then what its sheet and its details show besides, each label once. What is long, a
    file or worked out row by row stays where there is only one row."""
    found, labels = list(screen.columns), {column.label for column in screen.columns}
    for column in [*screen.export, *(column for section in screen.details for column in section.items)]:
        if column.label not in labels and column.path.end is not None and not column.kind.long and not isinstance(column.kind, Kept):
            found.append(column)
            labels.add(column.label)
    return found


def chosen(screen, user):
    """The columns that the user wants, in his order; those of the screen where he has not chosen. The first, which leads to the row, always stays first."""
    names = user.settings.get(SETTING, {}).get(screen.name)
    if not names:
        return screen.columns
    offered = {column.name: column for column in choosable(screen)}
    return tuple(offered[name] for name in dict.fromkeys([screen.columns[0].name, *names]) if name in offered)


def choose(user, screen, names):
    """Keep the columns with these names, in this order, for the user; with none, or the screen's own, he has not chosen. It is a taste, not a record: no
    edition, no audit entry."""
    offered = {column.name for column in choosable(screen)}
    kept = [name for name in dict.fromkeys([screen.columns[0].name, *names]) if name in offered] if names else []
    choices = {name: columns for name, columns in user.settings.get(SETTING, {}).items() if name != screen.name}
    if kept and kept != [column.name for column in screen.columns]:
        choices[screen.name] = kept
    User.update(settings={**user.settings, SETTING: choices}).where(User.id == user.id).execute()


class Choosing(Guarded):
    """What a grid has for the columns of its list; it says `screen` and `user` and shows a page."""
    columns_template = "admin/actions/columns.html"

    @expose("/columns/", methods=("GET", "POST"))
    def columns(self):
        """Which columns the list has for this user, and in which order; afterwards the list as it was looked at."""
        screen, user = self.screen, self.user
        if request.method == "POST":
            choose(user, screen, () if "reset" in request.form else request.form.getlist("column"))
            flash("已恢复本界面原来的列。" if "reset" in request.form else "已按您的选择显示各列；只影响您自己。", "ok")
            return redirect(url_for(".index") + Listing(screen, user, request.args, chosen(screen, user)).href())
        listing = Listing(screen, user, request.args, chosen(screen, user))
        shown = [column.name for column in listing.columns]
        rest = [column for column in choosable(screen) if column.name not in shown]
        return self._show(self.columns_template, listing=listing, offered=[*listing.columns, *rest], ticked=set(shown))
