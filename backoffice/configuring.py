"""Screens in the browser, for IT staff: the list with where each comes from, the file with a form beside it, checked while it is typed, previewed
as any role, compared with what is live, applied with a reason, and rolled back."""
from flask import abort, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_security import current_user

from backoffice import fresh
from backoffice.drafts import Draft
from backoffice.screens.changing import names_in
from backoffice.screens.holding import NAME
from backoffice.screens.layers import SITE, file_of
from backoffice.screens.screen import OWN
from backoffice.screens.vocabulary import TYPES, VOCABULARY
from backoffice.security import Guarded
from models.extras import allows
from models.roles import ROLES
from models.screens import ScreenVersion, applied
from models.workflow import Refused

REFUSED = 422
LATEST = 50           # versions that the page lists


class Configure(Guarded):
    """One office view for all screens and the site file."""

    def __init__(self, screens):
        self.screens = screens
        super().__init__(name="界面配置", category="系统", endpoint="configure", url="/office/configure", menu_icon_type="svg", menu_icon_value="pen")

    def is_accessible(self):
        return super().is_accessible() and "it" in current_user.role_names

    @expose("/")
    def index(self):
        """Every screen with where it comes from."""
        versions = applied()
        rows = [(name, self.screens[name], self._origin(name, versions), name in self.screens.overtaken) for name in self.screens]
        return self.render("admin/configure/index.html", rows=rows, site=self._origin(SITE, versions), SITE=SITE, problems=self.screens.problems, hints=self.screens.hints,
                           forms=[(form, self._laid(form)) for form in self.screens.forms.values() if form.parts], wrong=self.screens.laid_wrong,
                           models=sorted({screen.model for screen in self.screens.values()}, key=lambda model: model.label))

    @expose("/edit/<screen>/", methods=("GET", "POST"))
    def edit(self, screen):
        """The file and the form of one screen; what the button says is done with what was typed."""
        name, act, reason = self._named(screen), request.form.get("act", ""), request.form.get("reason", "").strip()
        shown = self._version(name)
        draft = Draft(self.screens, name, request.form.get("text", shown.text if shown else None))
        if request.method == "GET" and not draft.text:
            draft.text = self._start(name)
        if act == "form":
            draft.fill(request.form)
        faults = draft.problems
        if act == "apply":
            if page := fresh.ask():
                return page
            try:
                version = draft.apply(current_user._get_current_object(), reason, _number(request.form.get("seen", "")))
            except Refused as refused:
                faults = refused.reasons or list(refused.fields.values())
            else:
                flash(f"已应用 {version}，几秒钟之内所有进程都换成它。", "ok")
                return redirect(url_for(".edit", screen=name))
        return self.render(
            "admin/configure/edit.html", draft=draft, name=name, screen=draft.screen, shown=shown, faults=faults, reason=reason, roles=ROLES, types=TYPES,
            checked=act == "check" and not faults, refused=act == "apply", origin=self._origin(name, draft.versions), role=request.form.get("role", ""), allows=allows, names_in=names_in,
            preview=draft.preview(request.form.get("role", "")) if act == "preview" else None, history=list(ScreenVersion.of(name).limit(LATEST)),
            words=VOCABULARY["site" if name == SITE else "screen"], SITE=SITE, file=file_of(name)), REFUSED if faults and act == "apply" else 200

    @expose("/check/<screen>/", methods=("POST",))
    def check(self, screen):
        """The problems of a text, what it would change and what to look at, as JSON, for the page that asks while it is typed."""
        draft = Draft(self.screens, self._named(screen), request.form.get("text", ""))
        return jsonify(problems=draft.problems, changes=[] if draft.problems else [vars(change) for change in draft.changes], hints=draft.hints)

    @expose("/new/", methods=("POST",))
    def new(self):
        """The editor of a screen that is yet to be."""
        name = OWN + request.form.get("name", "").strip().removeprefix(OWN)
        if not NAME.fullmatch(name):
            flash(f"名字要求小写字母、数字和下划线，不超过 36 个字符，实际“{name.removeprefix(OWN)[:60]}”", "bad")
            return redirect(url_for(".index"))
        return redirect(url_for(".edit", screen=name, model=request.form.get("model") or None))

    def _named(self, name):
        """The name of a screen that is there or may come to be; else 404."""
        return name if name in self.screens or name == SITE or (name.startswith(OWN) and NAME.fullmatch(name)) else abort(404)

    def _start(self, name):
        """The first text of a new screen."""
        model = self.screens.entities.get(request.args.get("model", ""))
        return f'model = "{model.__name__}"\ntitle = "{model.label}"\nmenu = "系统"\ncolumns = ["id"]\n' if model and name not in self.screens else ""

    @staticmethod
    def _version(name):
        """The version that is asked to be looked at, or None."""
        asked = request.args.get("version", "")
        return ScreenVersion.of(name).where(ScreenVersion.number == _number(asked)).first() if asked else None

    def _laid(self, form):
        """(whose layout a form is printed in, tone)."""
        return ("有错，按出厂的印", "bad") if form.name in self.screens.laid_wrong else ("本站文件", "wait") if form.name in self.screens.laid else ("出厂", "off")

    def _origin(self, name, versions):
        """(where a screen comes from, tone)."""
        row = versions.get(name)
        if row is not None and row.text.strip():
            return f"在此修改，第 {row.number} 版", "busy"
        return ("本站文件", "wait") if self.screens.has_file(name) else ("出厂", "off")


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 9 else 0
