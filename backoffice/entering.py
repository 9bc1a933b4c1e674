"""Between password and desk: the second factor, by code or by key; and the log-in by a passkey alone."""
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from flask_security.utils import login_user, validate_redirect_url

from backoffice import factors, sessions
from backoffice.logins import Counted, record_account
from models.passkeys import Passkey

pages = Blueprint("entering", __name__)
WRONG_KEY = "通行密钥没有通过验证，请再试一次。"
DISABLED = "这个账号已停用。需要恢复时，请联系本单位的管理员。"


@pages.route("/login/second", methods=("GET", "POST"))
def second():
    """The second factor of whoever has given his password: a code of the app, a recovery code, or a key."""
    login = sessions.present()
    if login is None or not login.half:
        return redirect(url_for("account.home") if login else url_for("security.login"))
    user, fault = current_user._get_current_object(), ""
    if request.method == "POST":
        counted = Counted(user)
        means = factors.serves(user, request.form.get("code", "")) if counted.take() else None
        if means:
            counted.right()
            return _through(login, means)
        fault = _failed(user, counted)
    return render_template("security/second.html", fault=fault, keys=Passkey.of(user).exists(), app=user.code_counter is not None,
                           left=len(user.recovery_codes), onward=_onward()), 422 if fault else 200


@pages.post("/login/key/options")
def options():
    """What the browser needs to sign with a key, as JSON."""
    from backoffice import ceremonies
    login = sessions.present()
    if login and not login.half:
        abort(403)
    return as_json(ceremonies.signing_options(current_user._get_current_object() if login else None))


@pages.post("/login/key")
def key():
    """The signature of a key: the second factor, or the whole log-in."""
    from backoffice import ceremonies
    login = sessions.present()
    if login and not login.half:
        abort(403)
    user = current_user._get_current_object() if login else None
    counted = Counted(user, "passkey")
    found = ceremonies.signed(request.form.get("answer", ""), user) if (counted.take() if user else counted.open_here) else None
    if found is None or not found.user.active:
        if user:
            _failed(user, counted)
        else:
            counted.failed()
            sessions.refused(found and found.user, "failed")
        flash(DISABLED if found else WRONG_KEY, "bad")
        return redirect(url_for("entering.second" if login else "security.login", next=_onward() or None))
    if login:
        counted.right()
        return _through(login, "key")
    login_user(found.user, authn_via=["passkey"])
    return redirect(_onward() or url_for("account.home"))


def _through(login, means):
    login.prove(means)
    sessions.whole(login)
    record_account(login.user, "second_factor", "通过第二步验证")
    return redirect(_onward() or url_for("account.home"))


def _failed(user, counted):
    counted.failed()
    record_account(user, "second_factor_failed", "第二步验证失败")
    sessions.refused(user, "failed")
    return counted.sentence("验证码不对，或者已经用过")


def _onward():
    """Where the person wanted to go, when that is a page of ours."""
    onward = request.values.get("next", "")
    return onward if onward and validate_redirect_url(onward) else ""


def as_json(text):
    """JSON that a library has written already."""
    return text, 200, {"Content-Type": "application/json"}
