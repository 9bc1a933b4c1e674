"""Stage 10 in the office: tokens of the interface. Officers and the centre make their own; security sees and revokes all of them."""
from flask import abort, request, url_for
from flask_admin import expose

from backoffice import fresh
from backoffice.forms import Typed, TypedForm
from backoffice.grid import Grid
from backoffice.kinds import Day, Kind
from models import clock
from models.tokens import HOLDERS, ApiToken
from models.workflow import Refused

USUAL = 180         # days that the form proposes


class TokenForm(TypedForm):
    """What a new token is for, and how long."""
    name = Typed(ApiToken.name.verbose_name, Kind(ApiToken.name), must=True, description=ApiToken.name.help_text)
    valid_until = Typed(ApiToken.valid_until.verbose_name, Day(ApiToken.valid_until), must=True, description=ApiToken.valid_until.help_text)


class TokenGrid(Grid):
    """The tokens in sight, and the page on which a new one is shown once."""

    def tools(self, user):
        return [("生成令牌", url_for(".new"), "key")] if self._makes() else []

    def _makes(self):
        return bool(set(HOLDERS) & set(self.user.role_names))

    @expose("/new/", methods=("GET", "POST"))
    def new(self):
        """The form; after it the secret, which is never shown again."""
        if not self._makes():
            abort(403)
        form = TokenForm(request.form if request.method == "POST" else None, user=self.user, meta={"csrf": False},
                         data={"valid_until": clock.today() + clock.days(USUAL)})
        refused = []
        if request.method == "POST" and form.validate():
            if page := fresh.ask():
                return page
            try:
                row, secret = ApiToken.issue(self.user, form.name.data, form.valid_until.data)
                return self._show("office/token.html", row=row, secret=secret)
            except Refused as refusal:
                refused = [*refusal.reasons, *form.show(refusal)]
        return self._show("office/token.html", 422 if request.method == "POST" else 200, form=form, refused=refused)
