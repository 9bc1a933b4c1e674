"""Who sees and does what, as the running program applies it: every screen for every role with the lines that grant it, and why an account sees
a row or does not."""
from dataclasses import dataclass

from flask import abort, request
from flask_admin import expose
from flask_security import current_user

from backoffice.screens.changing import shown
from backoffice.screens.invented import as_role
from backoffice.screens.layers import Layers, line_of
from backoffice.security import Guarded
from models import seeing
from models.people import User
from models.roles import ROLES, STAFF
from models.screens import applied

READERS = {"it", "security", "auditor", "unit_admin"}
ASKERS = {"it", "security", "unit_admin"}


@dataclass(frozen=True)
class Power:
    """What one role has of one screen, and which lines say so."""
    screen: object
    rows: str
    college: str           # the rows that an account of one college has instead; '' where the role is not one of a unit
    where: str
    writes: bool
    steps: list            # (label, file:line)
    prints: list           # labels
    hidden: list           # labels
    granted: list          # file:line


class Powers(Guarded):
    """The table of powers; nothing in it is written by hand."""

    def __init__(self, screens):
        self.screens = screens
        super().__init__(name="权限一览", category="系统", endpoint="powers", url="/office/powers", menu_icon_type="svg", menu_icon_value="eye")

    def is_accessible(self):
        return super().is_accessible() and bool(READERS & set(current_user.role_names))

    @expose("/")
    def index(self):
        """Every screen for every role; one role in full; the answer to a question about a row."""
        role = request.args.get("role", "")
        if role and role not in STAFF:
            abort(404)
        asks = bool(ASKERS & set(current_user.role_names))
        screens = list(self.screens.values())
        return self.render("admin/powers.html", roles={name: ROLES[name] for name in STAFF}, role=role, rows=[(screen, [self._cell(screen, name) for name in STAFF]) for screen in screens],
                           powers=self._powers(role) if role else [], asks=asks, screens=screens, answer=self._answer() if asks else None, given=request.args)

    @staticmethod
    def _cell(screen, role):
        """In a word what a role has of a screen: nothing, to read, to write, or so many steps."""
        if role not in screen.roles:
            return ""
        user = as_role(role)
        steps = len(screen.seen_by(user).steps_of(user))
        return "、".join(filter(None, ("看", "写" if screen.writable_by(user) else "", f"{steps} 步" if steps else "")))

    def _powers(self, role):
        user, layers = as_role(role), self.screens.layers(applied())[0]
        return [self._power(screen, role, user, Layers(screen.name, layers.get(screen.name, []))) for screen in self.screens.open_to(user)]

    def _power(self, screen, role, user, file):
        seen, model = screen.seen_by(user), screen.model
        labels = {path.text: path.label for path in (column.path for column in (*screen.columns, *(c for section in screen.details for c in section.items)))}
        granted = [f"{layer.label}:{line_of(layer.text, 'roles')}" for layer in [file.written.get("roles")] if layer]
        level = ROLES[role][1]
        return Power(screen, seeing.span(model, level), seeing.in_college(model) if level == "unit" else "", shown(file.values.get("where")), screen.writable_by(user),
                     [(step.label, seeing.source(model, step.name)) for step in seen.steps_of(user)],
                     [form.label for form in seen.printed_by(user).values()], [labels.get(name, name) for name in sorted(seen.gone)],
                     list(dict.fromkeys([*granted, seeing.source(model), seeing.rule(model)])))

    # why ------------------------------------------------------------------------------------------------------------------------
    def _answer(self):
        """The Answer to the question in the address; None without one."""
        name, number = request.args.get("who", "").strip(), request.args.get("row", "").strip()
        screen = self.screens.get(request.args.get("screen", ""))
        if not name or screen is None:
            return None
        asker = current_user._get_current_object()
        user = User.visible_to(asker).where(User.username == name).first()
        if user is None:
            return seeing.Answer(False, f"没有用户名为“{name[:40]}”的账号，或者它不在您的范围内")
        if not number.isdecimal() or len(number) > 9:
            return seeing.Answer(False, "行的编号要求是数字：它在一行的网址里，id= 后面")
        if not self._may_know(asker, screen.model, int(number)):
            return seeing.Answer(False, f"没有编号为 {number} 的{screen.model.label}，或者它不属于您的单位或学院")
        answer = seeing.why(user, screen.model, int(number))
        return self._on(screen, user, int(number), answer) if answer.sees else answer

    @staticmethod
    def _may_know(asker, kind, id):
        """Whether the asker may learn where a row belongs: one of a unit or a college only about rows of it."""
        if {"it", "security"} & set(asker.role_names) or kind.national:
            return True
        rows = kind.within(asker.level("unit_admin"), asker)
        return rows is True or rows is not None and kind.select().where(kind.id == id, rows).exists()

    def _on(self, screen, user, id, answer):
        """What the screen itself adds to the answer about a row that the account sees."""
        if not screen.open_to(user):
            return seeing.Answer(False, f"{answer.text}；但界面“{screen.title}”只给{'、'.join(ROLES[role][0] for role in screen.roles)}")
        if not screen.rows(user).where(screen.model.id == id).exists():
            others = [other.title for other in self.screens.open_to(user) if other.model is screen.model and other.rows(user).where(other.model.id == id).exists()]
            return seeing.Answer(False, f"{answer.text}；但界面“{screen.title}”的条件不含这一行" + (f"，它在“{'”、“'.join(others)}”里" if others else ""))
        gone = screen.seen_by(user).gone
        return seeing.Answer(True, answer.text + (f"；对他隐藏 {len(gone)} 个字段" if gone else ""))
