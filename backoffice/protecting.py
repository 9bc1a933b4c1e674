"""How an account is protected, on a page of its own for staff and applicants: second factor, passkeys, recovery codes, and the log-ins in use."""
import base64

import segno
from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_security import current_user

from backoffice import factors, fresh, sessions
from backoffice.logins import record_account
from backoffice.security import is_staff
from models import sealed
from models.logins import Login
from models.passkeys import Passkey
from models.people import User
from models.workflow import Refused

pages = Blueprint("protecting", __name__, url_prefix="/account")
KEY, PLACE = "code", "account.setup"          # the secret of an app that is being set up waits in the cookie, sealed
SHOWN = 20
LAST = "您的角色要求第二步验证，请先登记另一种，再移除这一种。"


def frame_of(user):
    """The page around: the office's or the applicant site's."""
    return "admin/master.html" if is_staff(user) else "site/base.html"


def user_now():
    return current_user._get_current_object()


def _show(codes=(), fault="", status=200):
    user, here = User.get_by_id(current_user.id), sessions.present()
    return render_template("protection.html", frame=frame_of(user), user=user, here=here, codes=codes,
                           fault=fault, app=user.code_counter is not None, keys=list(Passkey.of(user)), left=len(user.recovery_codes),
                           needed=factors.must_have(user), used=list(Login.in_use(user)),
                           past=list(Login.visible_to(user).where(Login.user == user.id).order_by(Login.id.desc()).limit(SHOWN))), status


@pages.get("/protection")
def show():
    """The page."""
    return _show()


@pages.route("/code", methods=("GET", "POST"))
def code():
    """Set up an authenticator app: the picture with its secret, and the first code that proves that it was read."""
    user = user_now()
    if request.method == "GET":
        if KEY not in session:
            return redirect(url_for("protecting.show"))
        return _picture()
    if "code" not in request.form:
        if page := fresh.ask():
            return page
        session[KEY] = base64.b64encode(sealed.seal(factors.new_secret().encode(), PLACE)).decode()
        return redirect(url_for("protecting.code"))
    if KEY not in session:
        return redirect(url_for("protecting.show"))
    counter = factors.counter_of(_secret(), request.form["code"])
    if counter is None:
        return _picture("验证码不对：请看验证器里现在显示的六位数字，并核对手机的时间。", 422)
    factors.take_code_app(user, _secret(), counter)
    session.pop(KEY)
    record_account(user, "code_app", "登记验证器")
    return _with_codes(user)


def _secret():
    return sealed.unseal(base64.b64decode(session[KEY]), PLACE).decode()


def _picture(fault="", status=200):
    user = user_now()
    return render_template("security/code.html", frame=frame_of(user), fault=fault, secret=_secret(),
                           picture=segno.make(factors.address_of(_secret(), user)).svg_data_uri(scale=5, border=2)), status


@pages.post("/code/drop")
def drop_code():
    """Remove the authenticator app."""
    user = user_now()
    if page := fresh.ask():
        return page
    if factors.must_have(user) and not Passkey.of(user).exists():
        return _show(fault=LAST, status=422)
    factors.drop_code_app(user)
    record_account(user, "code_app_removed", "移除验证器")
    flash("已移除验证器。", "ok")
    return redirect(url_for("protecting.show"))


@pages.post("/recovery")
def recovery():
    """New recovery codes; they are shown this once."""
    if page := fresh.ask():
        return page
    user = user_now()
    return _with_codes(user) if factors.has_second(user) else redirect(url_for("protecting.show"))


def _with_codes(user):
    codes = factors.new_recovery_codes(user)
    record_account(user, "recovery_codes", "生成恢复码")
    return _show(codes)


@pages.post("/key/options")
def key_options():
    """What the browser needs to make a passkey, as JSON; 403 when the log-in is not fresh."""
    from backoffice import ceremonies
    if fresh.doubt() is not None:
        abort(403)
    return ceremonies.making_options(user_now()), 200, {"Content-Type": "application/json"}


@pages.post("/key")
def add_key():
    """Make the passkey known to us; before that, a page that the browser makes it from."""
    from backoffice import ceremonies
    user = user_now()
    if "answer" not in request.form:
        if page := fresh.ask():
            return page
        return render_template("security/key.html", frame=frame_of(user), name=request.form.get("name", ""))
    name = request.form.get("name", "").strip()[:40] or sessions.device_of(request.user_agent.string)
    try:
        key = ceremonies.made(user, name, request.form["answer"])
    except Refused as refused:
        return _show(fault="；".join(map(str, refused.reasons)), status=422)
    if key is None:
        return _show(fault="浏览器没有完成登记，请再试一次。", status=422)
    flash(f"已登记通行密钥“{key}”。", "ok")
    return _with_codes(user) if not user.recovery_codes else redirect(url_for("protecting.show"))


@pages.post("/key/<int:id>/remove")
def remove_key(id):
    """Remove one of one's own passkeys."""
    user = user_now()
    key = Passkey.seen(user, id)
    if key is None or key.user_id != user.id:
        abort(404)
    if page := fresh.ask():
        return page
    if factors.must_have(user) and user.code_counter is None and Passkey.of(user).count() == 1:
        return _show(fault=LAST, status=422)
    key.remove(by=user)
    flash(f"已移除通行密钥“{key}”。", "ok")
    return redirect(url_for("protecting.show"))


@pages.post("/logins/end")
def end():
    """End one of one's own log-ins, or all but this one."""
    user, id = user_now(), request.form.get("id", "")
    if id:
        row = Login.seen(user, id)
        if row is None or row.user_id != user.id:
            abort(404)
        row.end("本人结束")
    else:
        Login.end_all(user, "本人结束", but=sessions.present())
    record_account(user, "login_ended", "结束登录")
    flash("已结束。那里的下一次操作要重新登录。", "ok")
    return redirect(url_for("protecting.show"))
