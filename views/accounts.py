"""Accounts in the office: roles are given and ended here, and a one-time link lets the person set his password."""
import datetime as dt
import uuid

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_security import current_user

from backoffice import fresh
from backoffice.factors import drop_all, has_second
from backoffice.grid import Grid
from backoffice.security import one_time_link
from models import clock
from models.audit import record
from models.base import writing
from models.logins import Login
from models.people import Grant, Role
from models.roles import ROLES
from models.throttles import forgive, standing
from models.workflow import Refused

GUARDING = {"unlock": ("unlock", "解锁", "已解锁"), "logins": ("logins_ended", "结束全部登录", "已结束全部登录"),
            "second": ("second_dropped", "解除第二步验证", "已解除第二步验证，下次登录只用密码")}


def givable(giver, account):
    """Names of the roles that `giver` may give to an account or end."""
    return [name for name in ROLES if name in giver.gives() and account.fits(name)] if giver.keeps(account) else []


class UserGrid(Grid):
    """A unit_admin keeps the accounts of his own unit, IT those of everybody."""
    details_template = "office/account.html"

    def defaults(self, user):
        return super().defaults(user) | {"fs_uniquifier": uuid.uuid4().hex, "must_change": True}

    def can_edit(self, row):
        return super().can_edit(row) and self.user.keeps(row)

    def _edit(self, row):
        """Accounts are written by whoever has just shown who he is."""
        return (fresh.ask() if request.method == "POST" else None) or super()._edit(row)

    def details_extra(self, row):
        grants = list(Grant.select(Grant, Role).join(Role).where(Grant.user == row.id).order_by(Grant.id))
        held = {grant.role.name for grant in grants if grant.in_force}
        can = givable(self.user, row)
        return {"grants": [(grant, grant.role.name in can) for grant in grants], "roles": [(n, ROLES[n][0]) for n in can if n not in held],
                "can_link": self.can_link(row), "can_guard": self.can_guard(row), "has_second": has_second(row), "in_use": Login.in_use(row).count(),
                "standing": standing(row)}

    def can_link(self, row):
        return row.active and self.user.keeps(row)

    def can_guard(self, row):
        """Whether the user looks after the log-ins of an account: security those of everybody but himself, others of those they keep."""
        return row.id != self.user.id and ("security" in self.user.role_names or self.user.keeps(row))

    @expose("/grant/", methods=("POST",))
    def grant(self):
        """Give one role to one account."""
        row, name = self._row(request.form.get("id")), request.form.get("role")
        if name not in givable(self.user, row):
            abort(403)
        if page := fresh.ask():
            return page
        try:
            until = self._until()
            role = Role.get(Role.name == name)
            grant = Grant.get_or_none(Grant.user == row, Grant.role == role)
            if grant is None:
                Grant.add(self.user, user=row, role=role, until=until)
            else:
                grant.change(self.user, verb="grant", verb_label="授予", until=until)
        except Refused as refused:
            flash("；".join([*map(str, refused.reasons), *refused.fields.values()]), "bad")
        else:
            flash(f"已授予“{row}”角色：{ROLES[name][0]}{f'，到 {until} 为止' if until else ''}。", "ok")
        return redirect(url_for(".details", id=row.id))

    @staticmethod
    def _until():
        """The last day of a delegation, or None when it has no end."""
        text = request.form.get("until", "").strip()
        try:
            until = dt.date.fromisoformat(text) if text else None
        except ValueError:
            raise Refused(fields={"until": f"到期日：要求形如 2026-07-31 的日期，实际“{text}”"}) from None
        if until and until < clock.today():
            raise Refused(fields={"until": f"到期日：要求不早于今天 {clock.today()}，实际 {until}"})
        return until

    @expose("/revoke/", methods=("POST",))
    def revoke(self):
        """End one role of one account; the grant stays as a record of who had it until when."""
        row, name = self._row(request.form.get("id")), request.form.get("role")
        if name not in givable(self.user, row):
            abort(403)
        if page := fresh.ask():
            return page
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
        if page := fresh.ask():
            return page
        with writing():
            record(self.user, row, "password_link", "生成设置密码链接")
        return self.render("office/account_link.html", screen=self.screen, row=row, link=one_time_link(row), user=current_user)

    @expose("/guard/", methods=("POST",))
    def guard(self):
        """Unlock an account, end its log-ins, or take away a second factor that the person has lost; recorded."""
        row, what = self._row(request.form.get("id")), request.form.get("what")
        if what not in GUARDING:
            abort(404)
        if not self.can_guard(row):
            abort(403)
        if page := fresh.ask():
            return page
        verb, label, done = GUARDING[what]
        with writing():
            if what == "unlock":
                forgive(row)
            if what == "second":
                drop_all(row)
            if what != "unlock":
                Login.end_all(row, "由管理员结束")
            record(self.user, row, verb, label)
        flash(f"“{row}”：{done}。", "ok")
        return redirect(url_for(".details", id=row.id))
