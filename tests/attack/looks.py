"""Everything that an account is shown without naming a foreign row: lists, views, sheets, look-ups, its own rows, pages of figures."""
from tests.attack.surface import IN_PATH, TOLD

# Pages that are nobody's own, that change something by being opened, or that lead away.
ELSEWHERE = {"static", "health", "security.logout", "security.login", "entering.second", "configure.edit", "gateway.ask", "gateway.page", "gateway.bill", "checks.show", "security.reset_password"}
WORDS = {"what": "course_result", "change": "extension", "version": "2026-1"}


def looks(ground, role, user):
    """[path] of every page that the account may open by itself."""
    area = "/me" if role == "applicant" else "/office"
    found = [f"/office/{name}{rest}" for name, screen in ground.screens.items() if screen.open_to(user) for rest in _of(screen.seen_by(user), user)]
    return found + list(_pages(ground.app, area))


def _of(screen, user):
    """The rest of the address of each page of one screen."""
    yield from ("/", "/?q=1", "/export/", "/export/choose/", *(f"/?view={name}" for name in screen.views), *(f"/?sort=-{column.name}" for column in screen.columns[:1]))
    yield from (f"/?f.state={state}" for state in screen.model.STATES if "state" in screen.filters)
    boxes = [*(box.name for box in screen.boxes if box.kind.picks == "row"), *(item.name for item in screen.filters.values() if item.kind.picks == "row")]
    yield from (f"/lookup/?field={name}" for name in dict.fromkeys(boxes))
    own = screen.rows(user).order_by(screen.model.id).first()
    if own is not None:
        yield f"/details/?id={own.id}"


def _pages(app, area):
    """Pages without the number of a row."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        view = rule.endpoint.partition(".")[0]
        grid = view in app.extensions["screens"] or view == "own"
        if "GET" in rule.methods and rule.rule.startswith((area, "/programmes", "/degrees")) and not grid and rule.endpoint not in ELSEWHERE | IN_PATH.keys() | TOLD.keys():
            yield adapter.build(rule.endpoint, {name: WORDS.get(name, "x") for name in rule.arguments})
    yield from (f"/office/{page}/" for page in ("season", "statistics", "exam_statistics", "durations", "defence_day", "door_head") if area == "/office")


