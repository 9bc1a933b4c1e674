"""Error pages: a sentence, what to do, and a number under which the log has the rest; never a trace."""
import logging
import secrets
import sqlite3

from flask import current_app, g, jsonify, request
from flask_wtf.csrf import CSRFError
from peewee import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from models.files import DISK

log = logging.getLogger(__name__)
WORDS = {
    400: ("这个请求不完整", "请返回上一页，刷新后再试一次。"),
    403: ("您不能打开这一页", "这一页不属于您的角色。如果工作需要，请联系本单位的管理员。"),
    404: ("没有这一页", "地址不对，或者这一行不存在，或者不在您的范围内。"),
    405: ("这个地址不能这样打开", "请从页面上的按钮操作。"),
    413: ("上传的内容太大", "请压缩或分几次上传。"),
    429: ("请求太频繁", "请稍等一分钟再试。"),
    503: ("系统暂时不能用", "数据库没有回答，您的操作没有完成，已保存的数据没有变化。请过一分钟再试；系统恢复后不用重新登录。"),
    507: ("存储空间不够", "您的操作没有完成，已保存的数据没有变化。请返回上一页，浏览器会保留您填写的内容；把下面的编号告诉系统管理员，稍后再提交。"),
    500: ("程序出了错", "您的操作没有完成，已保存的数据没有变化。请稍后再试；仍然不行时，把下面的编号告诉系统管理员。"),
}


def init_app(app):
    """Answer every refused or failed request with the error page, or with JSON where that was asked for."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)
    for kind in (OperationalError, InterfaceError):
        app.register_error_handler(kind, _away)


def _refused(error):
    if error.code is None or error.code < 400:
        return error
    title, advice = WORDS.get(error.code, WORDS[400 if error.code < 500 else 500])
    if isinstance(error, CSRFError):
        title, advice = "页面已经过期", "为防止伪造的请求，表单只在本次登录内有效。请返回上一页，刷新后再提交。"
    if isinstance(error, RequestEntityTooLarge):
        advice = f"{_sizes()}{advice}"
    reference = _reference()
    log.info("%s %s %s: %s", reference, error.code, _asked(), error.description)
    return _page(error.code, title, advice, reference)


def _away(error):
    """The database is away, full or held by somebody for too long: that passes. SQLite says the same of a statement that is wrong."""
    if getattr(getattr(error, "orig", None), "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return _failed(error)
    reference = _reference()
    log.error("%s 503 %s: %s", reference, _asked(), error)
    page, code = _page(503, *WORDS[503], reference)
    return page, code, {"Retry-After": "60"}


def _failed(error):
    reference = _reference()
    if isinstance(error, OSError) and error.errno in DISK:
        log.error("%s 507 %s: %s", reference, _asked(), error)
        return _page(507, *WORDS[507], reference)
    log.exception("%s 500 %s", reference, _asked())
    return _page(500, *WORDS[500], reference)


def _reference():
    """The number of the request, under which the log has all of its lines."""
    return g.get("number") or secrets.token_hex(4).upper()


def _asked():
    """What was asked for: the route without what stands in its place, which may be the code of a one-time link."""
    return f"{request.method} {request.url_rule or request.path}"


def _sizes():
    limit, sent = request.max_content_length or 0, request.content_length or 0
    return f"要求不超过 {limit / 2**20:.0f} MB，实际 {sent / 2**20:.1f} MB，差 {(sent - limit) / 2**20:.1f} MB。" if sent > limit > 0 else ""


def _page(code, title, advice, reference):
    if request.accept_mimetypes.best == "application/json" or request.path.startswith("/api/"):
        return jsonify(error=title, advice=advice, reference=reference), code
    # straight from the template: the page must also come when the database, and with it the present user, cannot be had
    return current_app.jinja_env.get_template("error.html").render(code=code, title=title, advice=advice, reference=reference), code
