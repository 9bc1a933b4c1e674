"""Accounts at the door: Flask-Security over User, Role and Grant, who may enter which area, links that work once, and the log of it."""
import datetime as dt

from flask import abort, flash, g, redirect, request, session, url_for
from flask_admin import BaseView
from flask_login import user_logged_out
from flask_security import PeeweeUserDatastore, Security, current_user, password_changed, password_reset, user_authenticated
from flask_security.recoverable import generate_reset_password_token
from flask_security.utils import logout_user

from backoffice import challenge, factors, sessions
from backoffice.credentials import ForgotForm, LoginForm, PasswordRules, ResetForm
from backoffice.letters import ToOutbox, link_to
from backoffice.logins import forgive, record_account
from models import clock
from models.base import db
from models.logins import Login, entering
from models.people import Grant, Role, User
from models.reference import Announcement
from models.roles import ROLES, STAFF

AREAS = {"/office": STAFF, "/me": ("applicant",), "/file": tuple(ROLES), "/account": tuple(ROLES)}      # where a log-in is needed, and the roles that may enter
UNGUARDED = ("static", "health", "health.live", "health.ready", "metrics")                 # pages that ask nobody who he is
ALWAYS = ("security.logout", "account.appearance", None)
TO_FINISH = ("entering.second", "entering.options", "entering.key", *ALWAYS)            # open to half a log-in
TO_RENEW = ("account.office", "account.mine", *ALWAYS)                                  # open while the password has to be changed
TO_PROTECT = (*TO_RENEW, "protecting.show", "protecting.code", "protecting.recovery", "protecting.key_options", "protecting.add_key")
SENTENCES = {
    "PASSWORD_RESET_REQUEST": ("如果这个账号存在并登记了电子邮箱，重设密码的链接已经寄出，24 小时内有效。", "ok"),
    "PASSWORD_RESET_EXPIRED": ("这个链接已过期：要求在 24 小时内使用。请重新申请。", "bad"),
    "INVALID_RESET_PASSWORD_TOKEN": ("这个链接无效，或者已经用过。请重新申请。", "bad"),
    "PASSWORD_RESET_NO_LOGIN": ("新密码已生效，请用它登录。", "ok"),
    "PASSWORD_IS_THE_SAME": ("新密码和现在的密码一样", "bad"),
    "PASSWORD_NOT_PROVIDED": ("请填写密码", "bad"),
    "INVALID_PASSWORD": ("现在的密码不对", "bad"),
    "INVALID_REDIRECT": ("只能转到本平台之内的页面", "bad"),
    "GENERIC_AUTHN_FAILED": ("账号或密码不对", "bad"),
    "DISABLED_ACCOUNT": ("这个账号已停用", "bad"),
    "UNAUTHENTICATED": ("请先登录", "busy"),
    "UNAUTHORIZED": ("您的角色不能打开这一页", "bad"),
}


def init_app(app):
    """Set up Flask-Security so that only log-in, log-out and the reset of a password have addresses."""
    app.config.update({f"SECURITY_MSG_{name}": words for name, words in SENTENCES.items()})
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2", SECURITY_PASSWORD_SCHEMES=["argon2"], SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[], SECURITY_RETURN_GENERIC_RESPONSES=True, SECURITY_RECOVERABLE=True, SECURITY_TRACKABLE=True,
        SECURITY_FRESHNESS=dt.timedelta(-1), SECURITY_STATIC_FOLDER=None, SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_DATETIME_FACTORY=clock.now, SECURITY_CACHE_CONTROL=None, SECURITY_POST_LOGIN_VIEW="/home", SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_POST_RESET_VIEW="/login", SECURITY_EMAIL_HTML=False,
        SECURITY_EMAIL_SUBJECT_PASSWORD_RESET="重设密码", SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE="密码已修改",
        SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE="密码已修改",
        SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE="security/email/password_changed",
        SECURITY_EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE="security/email/password_changed")
    security = Security(app, Accounts(db, User, Role, Grant), login_form=LoginForm, forgot_password_form=ForgotForm,
                        reset_password_form=ResetForm, mail_util_cls=ToOutbox, password_util_cls=PasswordRules)
    security.want_json(lambda asked: False)
    security.principal.skip_static = True
    security.login_context_processor(lambda: {"announcements": Announcement.shown().limit(5)})
    app.jinja_env.globals.update(link_to=link_to, challenge=challenge.offered)
    app.before_request(_door)
    for signal, heard in ((user_authenticated, _entered), (user_logged_out, _left), (password_changed, _renewed), (password_reset, _renewed)):
        signal.connect(heard, app)


class Accounts(PeeweeUserDatastore):
    """The accounts as Flask-Security looks them up."""

    def find_user(self, case_insensitive=False, **named):
        """The account with these values; the one behind a cookie comes with all that a page asks of it."""
        if named.keys() == {"fs_uniquifier"}:
            return entering(named["fs_uniquifier"], session.get(sessions.KEY))
        return super().find_user(case_insensitive=case_insensitive, **named)


class Guarded(BaseView):
    """An office view that only logged-in staff reach; `_door` has sent everybody else away before."""

    def is_accessible(self):
        return is_staff(current_user)

    def _run_view(self, fn, *args, **kwargs):
        return fn(self, *args, **kwargs)       # the stock one calls again after a TypeError and hides it


def is_staff(user):
    """Whether the account is in the office at all."""
    return user.is_authenticated and any(role in STAFF for role, _ in user.powers())


def home_of(user):
    """Where this account begins: the desk, or the own case."""
    return "/office/" if is_staff(user) else "/me"


def one_time_link(user):
    """An address under which the user sets a password, once, within 24 hours. Needs an application context."""
    return link_to(generate_reset_password_token(user))


def _door():
    """Nobody enters an area without its role; half a log-in enters nowhere; nothing else is done while a password has to be changed or a
    second factor is lacking."""
    if request.endpoint in UNGUARDED:
        return None
    if current_user.is_authenticated and sessions.present() is None:
        logout_user()
        g.login = None
        flash(f"请重新登录：{g.get('why') or '这次登录已经结束'}。", "wait")
    login = sessions.present()
    if login and login.half and request.endpoint not in TO_FINISH:
        return redirect(url_for("entering.second", next=_here()))
    for area, roles in AREAS.items():
        if request.path == area or request.path.startswith(area + "/"):
            if not current_user.is_authenticated:
                return redirect(url_for("security.login", next=_here()))
            if not any(role in roles for role, _ in current_user.powers()):
                abort(403)
    if login is None or login.half:
        return None
    sessions.beat()
    return _unfinished(login)


def _unfinished(login):
    """Where somebody is sent who has to do something about his account first."""
    if current_user.must_change and request.endpoint not in TO_RENEW:
        flash("请先设置自己的新密码，然后才能继续。", "wait")
        return redirect(url_for("account.office" if is_staff(current_user) else "account.mine"))
    alone = login.means == "password" and request.endpoint not in TO_PROTECT
    if alone and factors.must_have(current_user) and not factors.has_second(current_user):
        flash("您的角色要求第二步验证：请先登记验证器或通行密钥，然后才能继续。", "wait")
        return redirect(url_for("protecting.show"))
    return None


def _here():
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _entered(app, user, authn_via, **extra):
    if "change" in (authn_via or ()):
        return                  # the log-in goes on
    key = "passkey" in (authn_via or ())
    sessions.begin(user, "passkey" if key else "half" if factors.has_second(user) else "password")
    record_account(user, "login", "登录")


def _left(app, user, **extra):
    session.pop(sessions.KEY, None)
    if g.get("login"):
        g.login.end("退出")
    record_account(user, "logout", "退出")


def _renewed(app, user, **extra):
    forgive(user)
    here = g.get("login")
    Login.end_all(user, "密码已修改", but=here)
    if here:
        here.prove()
    User.update(must_change=False).where(User.id == user.id).execute()
    record_account(user, "password", "修改密码")
