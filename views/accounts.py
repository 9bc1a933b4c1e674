"""Accounts in the office: roles are given and ended here, and a one-time link lets the person set his password."""
import uuid

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_security import current_user

from backoffice.grid import Grid
from backoffice.security import one_time_link
from models import clock
from models.audit import record
from models.base import writing
from models.people import Grant, Role
from models.roles import GIVES, ROLES


def gives(giver):
    """Names of the roles that `giver` gives at all."""
    return {name for role, _ in giver.powers() for name in GIVES.get(role, ())}


def keeps(giver, account):
    """Whether `giver` looks after an account: it is neither an applicant's nor his own, and has no role that he could not have given.
    Whoever sets the mail address or makes the link could otherwise take over what is above him."""
    return account.person_id is None and account.id != giver.id and bool(gives(giver)) and set(account.role_names) <= gives(giver)


def givable(giver, account):
    """Names of the roles that `giver` may give to an account or end."""
    return [name for name in ROLES if name in gives(giver) and fits(name, account)] if keeps(giver, account) else []


def fits(role, account):
    """Whether the account has the place that the level of the role needs."""
    level = ROLES[role][1]
    return level == "nation" or account.place(level) is not None


class UserGrid(Grid):
    """A unit_admin keeps the accounts of his own unit, IT those of everybody."""
    details_template = "office/account.html"

    def defaults(self, user):
        return super().defaults(user) | {"fs_uniquifier": uuid.uuid4().hex, "must_change": True}

    def can_edit(self, row):
        return super().can_edit(row) and keeps(self.user, row)

    def details_extra(self, row):
        grants = list(Grant.select(Grant, Role).join(Role).where(Grant.user == row.id).order_by(Grant.id))
        held = {grant.role.name for grant in grants if in_force(grant)}
        can = givable(self.user, row)
        return {"grants": [(grant, in_force(grant), grant.role.name in can) for grant in grants], "roles": [(n, ROLES[n][0]) for n in can if n not in held],
                "can_link": self.can_link(row)}

    def can_link(self, row):
        return row.active and keeps(self.user, row)

    @expose("/grant/", methods=("POST",))
    def grant(self):
        """Give one role to one account."""
        row, name = self._row(request.form.get("id")), request.form.get("role")
        if name not in givable(self.user, row):
            abort(403)
        role = Role.get(Role.name == name)
        grant = Grant.get_or_none(Grant.user == row, Grant.role == role)
        if grant is None:
            Grant.add(self.user, user=row, role=role)
        else:
            grant.change(self.user, verb="grant", verb_label="授予", until=None)
        flash(f"已授予“{row}”角色：{ROLES[name][0]}。", "ok")
        return redirect(url_for(".details", id=row.id))

    @expose("/revoke/", methods=("POST",))
    def revoke(self):
        """End one role of one account; the grant stays as a record of who had it until when."""
        row, name = self._row(request.form.get("id")), request.form.get("role")
        if name not in givable(self.user, row):
            abort(403)
        grant = Grant.get_or_none(Grant.user == row, Grant.role == Role.get(Role.name == name)) or abort(404)
        grant.change(self.user, verb="revoke", verb_label="收回", until=clock.today() - clock.days(1))
        flash(f"已收回“{row}”的角色：{ROLES[name][0]}。", "ok")
        return redirect(url_for(".details", id=row.id))

    @expose("/link/", methods=("POST",))
    def link(self):
        """A one-time link by which the person sets his password; shown once, recorded."""
        row = self._row(request.form.get("id"))
        if not self.can_link(row):
            abort(403)
        with writing():
            record(self.user, row, "password_link", "生成设置密码链接")
        return self.render("office/account_link.html", screen=self.screen, row=row, link=one_time_link(row), user=current_user)


def in_force(grant):
    return grant.until is None or grant.until >= clock.today()
