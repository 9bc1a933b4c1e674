"""The colours and the logo of the site, served from memory: the policy of the pages allows no style but that of files."""
from flask import Blueprint, Response, abort

from backoffice import shell

pages = Blueprint("site_look", __name__, url_prefix="/look")


@pages.get("/style.css")
def style():
    """The style sheet of the site's colours."""
    return Response(shell.site().style, mimetype="text/css")


@pages.get("/logo.png")
def logo():
    """The logo of the site."""
    data = shell.site().logo
    return Response(data, mimetype="image/png") if data else abort(404)
