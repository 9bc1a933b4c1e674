"""My account: who I am and how far I see, how the pages look, and my password; one page for staff and applicants."""
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import current_user
from flask_security.changeable import change_user_password

from backoffice.credentials import PasswordForm
from backoffice.factors import has_second
from backoffice.security import home_of
from backoffice.shell import LOOKS
from models.people import User

pages = Blueprint("account", __name__)


@pages.get("/home")
def home():
    """Where a log-in ends: the desk for staff, the own case for applicants."""
    return redirect(home_of(current_user) if current_user.is_authenticated else "/")


@pages.route("/office/account/", methods=("GET", "POST"))
def office():
    """The account page in the office."""
    return _page("admin/master.html")


@pages.route("/me/account", methods=("GET", "POST"))
def mine():
    """The account page on the applicant site."""
    return _page("site/base.html")


def _page(frame):
    form, user = PasswordForm(), current_user._get_current_object()
    if form.validate_on_submit():
        change_user_password(user, form.new_password.data)
        flash("密码已修改。其他设备上的登录已经失效。", "ok")
        return redirect(url_for(request.endpoint))
    return render_template("account.html", frame=frame, form=form, user=user, protected=has_second(user))


@pages.post("/account/appearance")
def appearance():
    """Keep theme and density with the account. It is a taste, not a record: no edition, no audit entry."""
    if current_user.is_authenticated:
        chosen = {name: request.form[name] for name in LOOKS if request.form.get(name) in LOOKS[name]}
        User.update(settings={**current_user.settings, **chosen}).where(User.id == current_user.id).execute()
    return "", 204
