"""The log-in behind a request: begun with its row, looked up at every request, ended by time, by the person or by somebody else."""
import hashlib
import secrets
from contextlib import suppress

from flask import g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_security import current_user
from itsdangerous import Signer
from peewee import OperationalError

from models.audit import origin
from models.logins import Login
from models.parameters import value
from models.roles import STAFF

KEY = "login"
BROWSERS = (("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))

Signer.default_digest_method = staticmethod(hashlib.sha256)      # of what forms and letters carry


class SignedCookie(SecureCookieSessionInterface):
    """The cookie of a session, signed by HMAC with SHA-256 where the library would take SHA-1."""
    digest_method = staticmethod(hashlib.sha256)


def device_of(agent):
    """Browser and system in words, as far as the browser tells: 'Chrome · Windows'."""
    found = [next((word for part, word in known if part in agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or "未知设备"


def where_from():
    """Address and device of this request, as a Login keeps them."""
    agent = request.user_agent.string
    return {"address": origin.get(), "device": device_of(agent), "agent": agent[:200]}


def begin(user, means):
    """The row of this log-in; the cookie names it from now on."""
    session[KEY] = token = secrets.token_urlsafe(24)
    session.permanent = True
    g.login = Login.begin(user, token, means, **where_from())
    if not g.login.half:
        whole(g.login)
    return g.login


def refused(user, means):
    """The row of a try that failed."""
    Login.create(user=user, user_name=str(user) if user else "未知账号", means=means, **where_from())


def whole(login):
    """The log-in is complete; where a staff account is used in one place at a time, its other log-ins end."""
    if any(role in STAFF for role, _ in login.user.powers()) and value("login.one_at_a_time"):
        Login.end_all(login.user, "在别处登录", but=login)


def present():
    """The Login of this request; None when nobody is logged in, or when it has ended."""
    if "login" not in g:
        login = _named() if current_user.is_authenticated else None
        if login and (why := login.over):
            login.end(why)
            g.why = why
            login = None
        g.login = login
    return g.login


def _named():
    """The row that the cookie names; it came with the account, unless that one entered just now."""
    user = current_user._get_current_object()
    return user.here if hasattr(user, "here") else Login.under(session.get(KEY), user)


def beat():
    """Note that the log-in is in use; a page that asks by itself how far a job has come is no use, but what a page reports (the door of an exam) is."""
    if g.login and (request.method != "GET" or request.accept_mimetypes.best != "application/json"):
        with suppress(OperationalError):       # a page can still be read while the disk is full or somebody writes for long
            g.login.beat()
