"""The pages of an import: what can be imported, template and upload, columns, rehearsal with its findings, commit, result, undo."""
from io import BytesIO

from flask import abort, redirect, request, send_file, url_for
from flask_admin import expose
from flask_security import current_user

from backoffice.security import Guarded
from models.base import writing
from models.imports import ImportRun
from models.workflow import Reason, Refused
from tasks.imports import runs
from tasks.imports.bringing import bring
from tasks.imports.catalogue import IMPORTS, open_to
from tasks.imports.header import Header
from tasks.imports.styles import TYPE
from tasks.imports.template import template

LATEST = 20
STEPS = (("上传", ("uploaded",)), ("核对列", ("uploaded",)), ("试运行", ("checking", "checked")), ("导入", ("importing",)), ("结果", ("imported", "failed", "undoing", "undone")))


class Wizard(Guarded):
    """One office view for all imports; each is open to the roles of its description."""

    def __init__(self):
        super().__init__(name="导入", category="系统", endpoint="imports", url="/office/import", menu_icon_type="svg", menu_icon_value="import")

    @property
    def user(self):
        return current_user._get_current_object()

    def is_accessible(self):
        return super().is_accessible() and bool(open_to(current_user))

    def _import(self, what):
        """The description, when it is open to the user: 404 for an unknown one, 403 for one that is not his."""
        imported = IMPORTS.get(what) or abort(404)
        return imported if imported.open_to(self.user) else abort(403)

    def _run(self):
        run = ImportRun.seen(self.user, request.values.get("id")) or abort(404)
        return run, self._import(run.kind)

    def _show(self, page, status=200, **context):
        return self.render(f"office/import_{page}.html", user=self.user, **context), status

    # pages ----------------------------------------------------------------------------------------------------------------------
    @expose("/")
    def index(self):
        """What the user may import, and what was imported lately."""
        latest = ImportRun.visible_to(self.user).order_by(ImportRun.id.desc()).limit(LATEST)
        return self._show("list", imports=open_to(self.user), latest=list(latest))

    @expose("/<what>/", methods=("GET", "POST"))
    def upload(self, what):
        """The template, and the upload of a filled one."""
        imported, refused = self._import(what), None
        if request.method == "POST":
            try:
                run = self._take(imported, request.files.get("file"))
            except Refused as refusal:
                refused = refusal
            else:
                return redirect(url_for(".run", id=run.id))
        return self._show("upload", 422 if refused else 200, imported=imported, refused=refused)

    @expose("/<what>/template/")
    def template(self, what):
        """The workbook to be filled."""
        imported = self._import(what)
        return send_file(BytesIO(template(imported, self.user)), mimetype=TYPE, as_attachment=True, download_name=f"{imported.title}导入模板.xlsx")

    @expose("/run/")
    def run(self):
        """One import, at the step where it stands."""
        run, imported = self._run()
        return self._page(run, imported)

    def _page(self, run, imported, refused=None):
        return self._show("run", 422 if refused else 200, run=run, imported=imported, header=Header.of(imported, run.head), refused=refused,
                          steps=[(label, run.state in states) for label, states in STEPS])

    # what is done ---------------------------------------------------------------------------------------------------------------
    @expose("/run/columns/", methods=("POST",))
    def columns(self):
        """Confirm which column is what, and rehearse."""
        run, imported = self._run()
        header = Header.of(imported, run.head)
        mapping = {column.code: int(place) for column in imported.columns
                   if (place := request.form.get(column.code, "")).isdecimal() and int(place) < len(header.titles)}
        lacking = [column.title for column in imported.columns if column.required and column.code not in mapping]
        twice = [header.titles[place] for place in set(mapping.values()) if list(mapping.values()).count(place) > 1]
        reasons = [Reason(f"请指明必填的列：{'、'.join(lacking)}")] * bool(lacking) + [Reason(f"一列只能用一次：{'、'.join(twice)}")] * bool(twice)
        if reasons:
            return self._page(run, imported, Refused(reasons))
        return self._begin(run, imported, "rehearse", "import_check", mapping=mapping)

    @expose("/run/commit/", methods=("POST",))
    def commit(self):
        """Import: all lines, or only the right ones."""
        run, imported = self._run()
        return self._begin(run, imported, "commit", "import_commit", good_only=request.form.get("good_only") == "1")

    @expose("/run/undo/", methods=("POST",))
    def undo(self):
        """Take back a whole import."""
        run, imported = self._run()
        return self._begin(run, imported, "undo", "import_undo")

    def _begin(self, run, imported, step, kind, mapping=None, **answers):
        try:
            with writing():
                if mapping is not None:
                    ImportRun.update(mapping=mapping).where(ImportRun.id == run.id).execute()
                runs.begin(run, step, kind, self.user, **answers)
        except Refused as refused:
            return self._page(ImportRun.get_by_id(run.id), imported, refused)
        return redirect(url_for(".run", id=run.id))

    def _take(self, imported, upload):
        """The run of an uploaded file."""
        if upload is None or not upload.filename:
            raise Refused([Reason("请选择要上传的文件")])
        return bring(imported, self.user, upload.filename, upload.read())


def way_in(screen, user):
    """The buttons over a list that lead to the imports of what it shows."""
    return [("导入" if imported.name == screen.name else f"导入{imported.title}", url_for("imports.upload", what=imported.name), "import")
            for imported in open_to(user) if imported.screen == screen.name]
