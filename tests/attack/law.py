"""What the law says to an address: by the roles of the screen, the roles of the step, and the rows in sight (`visible_to`)."""
from models.awards import Meeting
from models.people import User
from models.programmes import Programme
from models.reference import Announcement
from models.registry import ENTITIES
from models.roles import STAFF

OPEN = {"announcements.show": lambda: Announcement.shown(), "programmes.show": Programme.published, "programmes.apply": Programme.published,
        "programmes.release": Programme.published, "degrees.show": lambda: Meeting.select().where(Meeting.state == "noticed"),
        "degrees.doubt": lambda: Meeting.select().where(Meeting.state == "noticed")}           # rows that everybody sees there
TOLD_ALL = {"it", "security"}           # these two are told on the page of powers where any row belongs, a unit_admin where rows of his unit do: none of its values


def in_sight(probe, user):
    """Query over the rows that the user sees at this address."""
    kind = ENTITIES[probe.kind]
    if probe.endpoint == "powers.index" and (TOLD_ALL | {"unit_admin"}) & set(user.role_names):
        return kind.select() if TOLD_ALL & set(user.role_names) else in_reach(kind, user)
    return OPEN[probe.endpoint]() if probe.endpoint in OPEN else kind.visible_to(user)


def in_reach(kind, user):
    """Query over the rows about which an administrator of a unit, or of a college, may ask."""
    rows = kind.within(user.level("unit_admin"), user)
    return kind.select() if rows is True else kind.select().where(kind.id < 0 if rows is None else rows)


def writes(user, row):
    """Whether the row is the user's to write, beyond what his screens let him."""
    return row is None or row.belongs_to(user) and (not isinstance(row, User) or user.keeps(row))


def answers(ground, probe, role, user, row=None):
    """(statuses that a foreign or missing row may have, those of a row in sight)."""
    if probe.path.startswith("/office/") and role not in STAFF or probe.path.startswith(("/me/", "/apply/")) and role != "applicant":
        return {403}, {403}
    if probe.path.startswith("/api/"):
        return ({404}, {200}) if user.id in ground.tokens else ({401}, {401})
    if not probe.screen:
        return {200, 302, 400, 403, 404, 422}, {200, 302, 400, 403, 404, 422}       # that both answer alike says what a foreign row may tell
    screen, verb = ground.screens[probe.screen], probe.endpoint.partition(".")[2]
    if not screen.open_to(user):
        return {403}, {403}
    if verb in ("index", "export", "choose"):
        return {200}, {200}
    if verb == "create":
        may = screen.create and screen.writable_by(user)
        return ({200} if probe.method == "GET" else {422}, {200} if probe.method == "GET" else {302, 422}) if may else ({403}, {403})
    if verb == "step":
        step = next(step for step in screen.steps if f"/step/{step.name}/" in probe.path)
        may = any(power in step.roles for power, _ in user.powers())
        return ({404}, {200} if probe.method == "GET" else {200, 302, 422}) if may else ({403}, {403})
    if verb == "edit":
        return {404}, {200, 302, 409, 422} if screen.writable_by(user) and writes(user, row) else {403}
    return {404}, {"details": {200}, "preview": {200}, "inline": {200, 403, 404, 409, 422}, "comment": {302, 403, 422}, "paper": {200, 404}, "reveal": {200}, "drop": {302, 404}, "fill": {200, 302, 422} if screen.extras else {403}}[verb]
