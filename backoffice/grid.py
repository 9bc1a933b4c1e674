"""The grid: one office view per screen - list, details, forms, steps, export, look-up - over nothing but visible rows and Steps.

A screen with behaviour of its own names a subclass. It may change the templates, `defaults`, `can_edit`, `details_extra` and `tools`.
"""
from urllib.parse import parse_qsl

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_security import current_user
from werkzeug.datastructures import CombinedMultiDict

from backoffice import fresh, history, telling
from backoffice.actions import LIMIT, Taking
from backoffice.address import sortable
from backoffice.bulk import Bulk
from backoffice.cells import Cells
from backoffice.choosing import Choosing, chosen
from backoffice.editing import Editing, prefilled
from backoffice.exporting import Exporting
from backoffice.filling import REFUSED, STALE, Fillable
from backoffice.inline import Inlining
from backoffice.keeping import Keeping
from backoffice.listing import CAP, Listing
from backoffice.looking import look_up
from backoffice.ordering import key_of
from backoffice.paths import links_of, load_owners, named_by
from backoffice.previewing import Previewing
from backoffice.revealing import Revealing
from backoffice.walking import Walking
from models.bulk import among
from models.memory import remembering
from tasks.jobs import ordered

FIRST = 10                # rows of a related list on a details page


class Grid(Exporting, Keeping, Fillable, Choosing, Previewing, Inlining, Walking, Revealing):
    """The view of one screen."""
    list_template = "admin/model/list.html"
    details_template = "admin/model/details.html"
    form_template = "admin/model/form.html"
    step_template = "admin/actions/step.html"
    report_template = "admin/actions/report.html"
    bulk_template = "admin/actions/bulk.html"
    editing = Editing

    def __init__(self, screens, name, more_tools=lambda screen, user: []):
        """`more_tools(screen, user)` adds buttons over the list that do not belong to its own model, such as the way to its import."""
        self.screens, self.more_tools = screens, more_tools
        screen = screens[name]
        super().__init__(name=screen.title, category=screen.menu or None, endpoint=name, url=f"/office/{name}", menu_icon_type="svg",
                         menu_icon_value=screen.icon)

    # what subclasses may change -------------------------------------------------------------------------------------------------
    def defaults(self, user):
        """Values of a new row that its form does not ask for."""
        return self.screen.model.given_by(user)

    def can_edit(self, row):
        """Whether the user edits this row by hand."""
        return self.screen.writable_by(self.user) and row.belongs_to(self.user)

    def details_extra(self, row):
        """More variables for the template of the details page."""
        return {}

    def tools(self, user):
        """More buttons over the list: (label, address, icon)."""
        return []

    # who and what ---------------------------------------------------------------------------------------------------------------
    @property
    def screen_name(self):
        return self.endpoint

    @property
    def screen(self):
        """The screen as the present user sees it."""
        return self.screens[self.screen_name].seen_by(self.user)

    def shown_screens(self):
        """The screens that the menu leads to."""
        return [self.screens[self.endpoint]]

    @property
    def user(self):
        return current_user._get_current_object()

    def is_accessible(self):
        return super().is_accessible() and self.screens[self.screen_name].open_to(current_user)

    def rows(self, user):
        """Query over the rows that the screen shows to the user."""
        return self.screen.rows(user)

    def _row(self, id, along=()):
        """The row, or 404: a foreign row is as unknown as one that does not exist; with what foreign keys lead to, where they are named."""
        row = self.screen.model.seen(self.user, id, along)
        if row is None:
            abort(404)
        return row

    def _show(self, template, status=200, **context):
        return self.render(template, screen=self.screen, user=self.user, **context), status

    # list -----------------------------------------------------------------------------------------------------------------------
    @expose("/")
    def index(self):
        """The list."""
        screen, user = self.screen, self.user
        wanted = chosen(screen, user)
        listing = Listing(screen, user, request.args, wanted)
        rows, (count, views) = listing.page(), listing.counted
        columns = screen.columns_for(user, rows) if wanted is screen.columns else wanted
        return self._show(self.list_template, listing=listing, rows=rows, count=count, views=views, cap=CAP, sortable=sortable,
                          can_create=screen.create and screen.writable_by(user), tools=self.tools(user) + self.more_tools(screen, user),
                          own_views=listing.own_views, problems=self.screens.problems if "it" in user.role_names else [], **self.row_context(columns))

    def row_context(self, columns):
        """What the rows of a list are printed with: columns, steps and those offered beside a row by its state, values to be changed in place."""
        screen, steps = self.screen, self.screen.steps_of(self.user)
        offered = {state: [step for step in steps if state in step.sources and not step.danger][:2] for state in screen.model.STATES} if steps else {}
        editable = self.inlined()
        return {"columns": columns, "cells": Cells(columns, editable, offered if steps else None), "steps": steps, "editable": editable}

    @property
    def plain(self):
        """Whether its form does nothing but to write the row, so that a single value may be written by itself."""
        return type(self)._edit is Grid._edit and self.editing is Editing

    @expose("/lookup/")
    def lookup(self):
        """Rows that may be chosen for a field, as JSON."""
        found = look_up(self.screens, self.screen, self.user, request.args.get("field", ""), request.args.get("q", ""))
        if found is None:
            abort(404)
        return jsonify(rows=found)

    # one row --------------------------------------------------------------------------------------------------------------------
    @expose("/details/")
    def details(self):
        """One row: its values, what can be done with it, what belongs to it, and what happened to it."""
        return self._details(self._row(request.args.get("id"), links_of(self.screen.model, self._owners())))

    def _owners(self):
        """The keys of what the page of a row shows of others."""
        return [key for section in self.screen.details for column in section.items for key in column.keys] + named_by(self.screen.model)

    def _details(self, row, status=200, **more):
        screen, user = self.screen, self.user
        with remembering():
            load_owners([row], self._owners())
            now, later = self.standing(row)
            can_edit = self.can_edit(row)
            self.note_reading(row)
            return self._show(self.details_template, status, row=row, whole=self.whole(row), position=self._position(row), now=now, later=later, can_edit=can_edit,
                              can_fill=self.can_fill(row), locks=row.locks() if can_edit else [], lines=list(screen.lines.rows(user, row)) if screen.lines else [],
                              related=self._related(row), events=history.events(row, gone=screen.gone), screens_of=self._screens_of(), **self.details_extra(row) | more)

    def _related(self, row):
        """[(related, screen, its listing, first rows, whether there are more)] of the related screens that the user may open."""
        found = []
        for related in self.screen.related:
            screen = self.screens[related.screen].seen_by(self.user)
            if screen.open_to(self.user) and related.through in screen.filters:
                listing = Listing(screen, self.user, {f"f.{related.through}": str(row.id)})
                ids = next(listing.all_ids(FIRST + 1), [])
                address = screen.address(**{f"f.{related.through}": row.id})
                found.append((related, screen, listing.rows(ids[:FIRST]), len(ids) > FIRST, address))
        return found

    def _screens_of(self):
        """{model: screen} on which rows that this one points to can be opened."""
        found = {}
        for screen in self.screens.open_to(self.user):
            found.setdefault(screen.model, screen)
        return found

    # forms ----------------------------------------------------------------------------------------------------------------------
    @expose("/create/", methods=("GET", "POST"))
    def create(self):
        """The form of a new row."""
        if not (self.screen.create and self.screen.writable_by(self.user)):
            abort(403)
        return self._edit(None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit(self):
        """The form of a row that is there."""
        row = self._row(request.values.get("id"))
        if not self.can_edit(row):
            abort(403)
        return self._edit(row)

    def _edit(self, row):
        screen, user = self.screen, self.user
        locks, edition = row.locks() if row is not None else [], row and row.edition
        posted = CombinedMultiDict([request.form, request.files]) if request.method == "POST" else None
        defaults = self.defaults(user) | prefilled(screen, user, request.args) if row is None else None
        editing = self.editing(screen, user, row, posted, defaults)
        status = 200
        if posted is not None and not locks:
            saved = editing.save()
            if saved is not None:
                flash(telling.saved(saved, row and edition, url_for(".create")), "ok")
                return redirect(url_for(".details", id=saved.id))
            status = STALE if editing.theirs else REFUSED
        return self._show(self.form_template, REFUSED if locks and posted is not None else status, row=row, editing=editing, locks=locks)

    # steps ----------------------------------------------------------------------------------------------------------------------
    @expose("/step/<step>/", methods=("GET", "POST"))
    def step(self, step):
        """The confirmation of a step on rows; with confirm=1 the step is taken."""
        chosen = next((known for known in self.screen.steps if known.name == step), None)
        if chosen is None:
            abort(404)
        if not chosen.offered_to(self.user):
            abort(403)
        if "all" in request.values and (job := ordered(self.user, key_of())):
            return redirect(url_for("jobs.show", id=job.id))
        ids = self._asked()
        if len(ids) > LIMIT and "all" in request.values:
            return self._in_bulk(chosen, ids)
        ids = self._numbers(ids)
        if isinstance(ids, str) or not ids:
            flash(ids or "还没有选择任何一行", "bad")
            return redirect(url_for(".index"))
        confirmed = request.method == "POST" and request.form.get("confirm") == "1"
        ticked = {int(id) for id in request.form.getlist("id")} if confirmed else None
        taking = Taking(chosen, self.user, self.screen.model, ids, lambda: self._rows(ids), request.form if confirmed else None,
                        request.files if confirmed else None, ticked, self.screen.brief)
        doubt = fresh.doubt(chosen.fresh, request.form if confirmed else None)
        if confirmed and taking.ready() and doubt is None:
            if len(ids) > 1:
                self._all_seen(ids)
                return self._show(self.report_template, step=chosen, outcome=taking.take())
            [row] = taking.rows
            before, outcome = row.state, taking.take()
            if outcome.done:
                flash(telling.taken(row, chosen, before, self._position(row)), "ok")
                return redirect(self._after(row))
            return self._show(self.step_template, REFUSED, taking=taking, step=chosen, refused=outcome.skipped[0][-1], doubt=None)
        return self._show(self.step_template, REFUSED if confirmed else 200, taking=taking, step=chosen, refused=[], doubt=doubt)

    def _asked(self):
        """The ids of the rows that are asked for: those ticked on a page, or all of the list around it."""
        if "all" not in request.values:
            return list(dict.fromkeys(request.values.getlist("shown") + request.values.getlist("id")))
        listing = Listing(self.screen, self.user, parse_qsl(request.values.get("list", "").lstrip("?")))
        return [str(id) for ids in listing.all_ids(LIMIT) for id in ids]

    def _in_bulk(self, step, ids):
        """The confirmation of a step on a long list; with confirm=1 a job takes it."""
        confirmed = request.method == "POST" and request.form.get("confirm") == "1"
        bulk = Bulk(step, self.user, self.screen.model, ids, request.form if confirmed else None)
        doubt = fresh.doubt(step.fresh, request.form if confirmed else None)
        if confirmed and bulk.ready() and doubt is None:
            return redirect(url_for("jobs.show", id=bulk.order().id))
        return self._show(self.bulk_template, REFUSED if confirmed else 200, step=step, taking=bulk, list=request.values.get("list", ""),
                          doubt=doubt)

    def _chosen(self, ids):
        """The rows with these ids in their order, 404 when one of them is not seen; a sentence when there are too many."""
        ids = self._numbers(ids)
        return self._rows(ids) if isinstance(ids, list) else ids

    def _numbers(self, ids):
        """Ids as numbers, 404 when one of them is none; a sentence when there are too many."""
        if len(ids) > LIMIT:
            return f"一次最多处理 {LIMIT:,} 行：要求不超过 {LIMIT:,}，实际 {len(ids):,}，差 {len(ids) - LIMIT:,}。请分几次进行"
        if not all(id.isdecimal() and len(id) < 10 for id in ids):
            abort(404)
        return [int(id) for id in ids]

    def _rows(self, ids):
        """The rows with these ids in their order, with all that the page of confirmation names; 404 when one of them is not seen."""
        model = self.screen.model
        found = {row.id: row for row in model.visible_to(self.user).where(among((model.id,), ids))}
        if len(found) < len(ids):
            abort(404)
        rows = [found[id] for id in ids]
        load_owners(rows, [key for column in self.screen.brief for key in column.keys] + named_by(model))
        return rows

    def _all_seen(self, ids):
        """404 when one of the rows with these ids is not seen."""
        model = self.screen.model
        if model.visible_to(self.user).where(among((model.id,), ids)).count() < len(ids):
            abort(404)

    def _after(self, row):
        """Where one goes once a step on one row is taken: the row, unless it has left the user's sight."""
        return self._way_to(row) if type(row).seen(self.user, row.id) is not None else url_for(".index") + (listing.href() if (listing := self._came_from()) else "")
