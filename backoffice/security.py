"""Accounts at the door: Flask-Security over User, Role and Grant, who may enter which area, links that work once, and the log of it."""
import datetime as dt

from flask import abort, current_app, flash, redirect, request, session, url_for
from flask_admin import BaseView
from flask_login import user_logged_out
from flask_security import MailUtil, PeeweeUserDatastore, Security, current_user, password_changed, password_reset, user_authenticated
from flask_security.recoverable import generate_reset_password_token

from backoffice.credentials import ForgotForm, LoginForm, PasswordRules, ResetForm
from backoffice.logins import forgive, record_account
from models import clock
from models.base import db
from models.outbox import Outbox
from models.people import Grant, Role, User
from models.reference import Announcement
from models.roles import ROLES, STAFF

AREAS = {"/office": STAFF, "/me": ("applicant",), "/file": tuple(ROLES)}      # where a log-in is needed, and the roles that may enter
OPEN_TO_NEW_PASSWORDS = ("account.office", "account.mine", "security.logout", "static", "health", None)
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
    security = Security(app, PeeweeUserDatastore(db, User, Role, Grant), login_form=LoginForm, forgot_password_form=ForgotForm,
                        reset_password_form=ResetForm, mail_util_cls=ToOutbox, password_util_cls=PasswordRules)
    security.want_json(lambda asked: False)
    security.principal.skip_static = True
    security.login_context_processor(lambda: {"announcements": Announcement.shown().limit(5)})
    app.jinja_env.globals["link_to"] = link_to
    app.before_request(_door)
    for signal, heard in ((user_authenticated, _entered), (user_logged_out, _left), (password_changed, _renewed), (password_reset, _renewed)):
        signal.connect(heard, app)


class ToOutbox(MailUtil):
    """What the library wants to mail becomes an Outbox row, which the worker sends."""

    def send_mail(self, template, subject, recipient, sender, body, html, user=None, **context):
        Outbox.create(user_id=user.id, template=template, subject=subject, body=body, on_site=False, state="waiting" if recipient else "none")


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


def link_to(token):
    """The address of a one-time link: from the settings, never from the request, whose Host anybody can make up."""
    return f"{current_app.settings.address}{current_app.config['SECURITY_RESET_URL']}/{token}"


def _door():
    """Nobody enters an area without its role, and nothing else is done while a password has to be changed."""
    for area, roles in AREAS.items():
        if request.path == area or request.path.startswith(area + "/"):
            if not current_user.is_authenticated:
                return redirect(url_for("security.login", next=request.full_path.rstrip("?") if request.method == "GET" else None))
            if not any(role in roles for role, _ in current_user.powers()):
                abort(403)
    if request.endpoint not in OPEN_TO_NEW_PASSWORDS and current_user.is_authenticated and current_user.must_change:
        flash("请先设置自己的新密码，然后才能继续。", "wait")
        return redirect(url_for("account.office" if is_staff(current_user) else "account.mine"))
    return None


def _entered(app, user, authn_via, **extra):
    if "password" in authn_via:
        session.permanent = True
        record_account(user, "login", "登录")


def _left(app, user, **extra):
    record_account(user, "logout", "退出")


def _renewed(app, user, **extra):
    forgive(user)
    User.update(must_change=False).where(User.id == user.id).execute()
    record_account(user, "password", "修改密码")
