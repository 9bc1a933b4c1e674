"""Before a dangerous step: whoever has not shown for some minutes that it is still he gives the password again, and nothing typed is lost."""
from flask import current_app, render_template, request
from flask_security import current_user

from backoffice import sessions
from backoffice.logins import Counted, record_account
from models.parameters import value

FIELD = "present_password"
REFUSED = 422


def doubt(wanted=True, given=None):
    """None where the log-in is fresh, or is made so by the password in `given`; else what is wrong with that: '' as long as none was given."""
    login = sessions.present()
    if not wanted or (login and login.proved_within(value("login.fresh_minutes"))):
        return None
    password = (given or {}).get(FIELD, "")
    if not password or login is None:
        return ""
    user = current_user._get_current_object()
    counted = Counted(user)
    if not counted.take():
        return counted.sentence()
    if not user.verify_and_update_password(current_app.extensions["security"].password_util.normalize(password)):
        counted.failed()
        record_account(user, "proof_failed", "再次验证密码失败")
        return counted.sentence("密码不对")
    counted.right()
    login.prove()
    return None


def ask():
    """None where the log-in is fresh; else the page that asks for the password and carries along what was sent."""
    fault = doubt(given=request.form)
    if fault is None:
        return None
    carried = [(name, text) for name, text in request.form.items(multi=True) if name not in ("csrf_token", FIELD)]
    return render_template("security/again.html", fault=fault, carried=carried, address=request.full_path.rstrip("?")), REFUSED
