"""The application factory: settings, one database connection per request, the office at /office, and the headers of every answer."""
import datetime as dt
import secrets

from flask import Flask, abort, g, request
from flask_admin import Admin
from flask_admin.theme import Theme
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader

import config
from backoffice import account, desk, downloads, entering, errors, inbox, jobs, packing, palette, protecting, security, sessions, shell, site_look, watching
from backoffice.asking import Asked
from backoffice.routes import LateRule
from models import audit, files, sealed
from models.base import connect, db
from models.exams import signed

CONTENT = ("default-src 'none'; style-src 'self'; script-src 'nonce-{}'; worker-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
           "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
# a stored PDF, shown by the browser's own viewer, is the one thing that a page of ours may have inside itself
PAPER = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
POLICY = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
FORM_BYTES = 1024 * 1024       # what all typed fields of a form may hold together, or one of them where files go along


def create_app(settings, register=None):
    """The Flask application for `settings`; `register(app, admin)` adds the screens and the applicant site."""
    app = Flask(__name__)
    app.request_class, app.url_rule_class, app.session_interface, app.settings = Asked, LateRule, sessions.SignedCookie(), settings
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=settings.upload_limit_mb * 1024 * 1024, MAX_FORM_PARTS=5_000,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES, SESSION_COOKIE_NAME="__Host-tongli" if secure else "tongli",
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=secure,
        # only an answer that changes the session sends it: one that was under way would bring back the session of before
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=1), SESSION_REFRESH_EACH_REQUEST=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=secure,
        BABEL_DEFAULT_LOCALE="zh_CN", BABEL_DEFAULT_TIMEZONE="Asia/Shanghai")
    app.jinja_loader = FileSystemLoader([config.ROOT / "backoffice/templates", config.ROOT / "views/templates"])
    if db.obj is None:
        connect(settings.database)
    sealed.configure(config.parse_keys(settings.seal_keys), config.blind_key(settings))
    signed.configure(config.ticket_key(settings))
    files.configure(settings.files_dir)

    watching.init_app(app)
    app.before_request(_open)
    app.teardown_request(_close)
    app.after_request(lambda answer: packing.pack(_headers(answer, secure)))
    app.jinja_env.globals.update(nonce=nonce)
    Babel(app)
    CSRFProtect(app)
    security.init_app(app)
    shell.init_app(app)
    errors.init_app(app)
    for part in (account, downloads, entering, inbox, jobs, palette, protecting, site_look):
        app.register_blueprint(part.pages)
    admin = Admin(app, name="同力信息平台", url="/office", index_view=desk.Desk(),
                  theme=Theme(folder=str(config.ROOT / "backoffice/templates"), base_template="admin/base.html"))
    if register:
        register(app, admin)
    return app


def _open():
    """A connection for this request, unless somebody around it holds one already; and where it came from, for the audit. Typed fields alone are
    never as large as an upload. No address holds the one character that no database keeps."""
    if "\x00" in request.path:
        abort(404)
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = FORM_BYTES
    g.origin = audit.origin.set(request.remote_addr or "")
    if request.endpoint not in watching.UNWATCHED and request.blueprint != "site_look":
        g.opened = db.connect(reuse_if_open=True)


def _close(error):
    if g.pop("opened", False):
        db.close()
    if "origin" in g:
        audit.origin.reset(g.pop("origin"))


def nonce():
    """What the scripts of this answer carry; a browser runs no others."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def _headers(answer, secure):
    answer.headers.update(POLICY)
    paper = request.endpoint == "downloads.fetch" and answer.mimetype == "application/pdf"
    answer.headers["Content-Security-Policy"] = PAPER if paper else CONTENT.format(nonce())
    if paper:
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    if secure:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint == "static" or request.blueprint == "site_look":
        if "v" in request.args and answer.status_code == 200:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        personal = request.path.startswith((*security.AREAS, "/login", "/reset", "/api", "/verify"))
        answer.headers["Cache-Control"] = "no-store" if personal else "private, no-cache"
    return answer
