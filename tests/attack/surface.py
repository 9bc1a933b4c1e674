"""Every address that names a row, made from the routes, the screens and the tables below: which kind of row it is, and what is sent along."""
from dataclasses import dataclass, field

from models.sealed import SealedField

# Routes with the number of a row in their path: the kind of the row. `asked.withdraw` has one kind for each word.
IN_PATH = {
    "announcements.show": "Announcement", "api.report": "Report", "api.lines": "Report", "cases.show": "Application", "courses.doubt": "CourseResult",
    "courses.withdraw": "Objection", "degrees.show": "Meeting", "degrees.doubt": "Meeting", "downloads.fetch": "File", "exam.apply": "ExamSession", "exam.elsewhere": "ExamSession",
    "exam.move": "ExamEntry", "exam.stay": "GuestSitting", "exam.withdraw": "ExamEntry", "filling.begin": "Application", "filling.fill": "Application",
    "filling.materials": "Application", "filling.photo": "Application", "jobs.show": "Job", "leaving.end": "Dismissal", "paying.back": "Payment",
    "paying.check": "Payment", "paying.show": "Payment", "paying.start": "Payment", "programmes.apply": "Programme", "programmes.release": "Programme",
    "programmes.show": "Programme", "protecting.remove_key": "Passkey", "requesting.withdraw": "DefenceRequest", "submitting.check": "Application",
    "submitting.done": "Application", "submitting.withdraw": "Application", "tickets.fetch": "AdmissionTicket", "tickets.recheck": "ExamResult"}
ASKED = {"extension": "Extension", "programme": "ProgrammeChange", "data": "DataChange", "exit": "Dismissal", "release": "ReleaseRequest"}
# Routes that are told the row in their query or form: the kind, and what is sent, with {id} for the row.
TOLD = {
    "amendment_item.enter": ("AmendmentItem", {"id": "{id}"}), "award.sheet": ("Award", {"id": "{id}"}), "confirmation.desk": ("Application", {"id": "{id}"}),
    "defence_day.index": ("Application", {"case": "{id}", "held_on": "2026-03-20", "place": "301", "first": "09:00", "minutes": "40"}),
    "defence_request.check": ("DefenceRequest", {"id": "{id}"}), "door.ask": ("Seat", {"seat": "{id}", "note": "x", "client": "7f3dbf2e-6f5b-4d0a-9f6c-1d2f7f5b8d11"}),
    "door.count": ("ExamEntry", {"entry": "{id}"}), "door.photo": ("Seat", {"seat": "{id}"}), "door.verify": ("Seat", {"seat": "{id}", "client": "7f3dbf2e-6f5b-4d0a-9f6c-1d2f7f5b8d11"}),
    "door_head.index": ("CheckIn", {"id": "{id}", "step": "admit", "reason": "x"}), "exam_result.sheet": ("SessionSubject", {"subject": "{id}"}),
    "exam_statistics.index": ("ExamSession", {"session": "{id}"}), "exam_statistics.xlsx": ("ExamSession", {"session": "{id}"}),
    "imports.columns": ("ImportRun", {"id": "{id}"}), "imports.commit": ("ImportRun", {"id": "{id}"}), "imports.run": ("ImportRun", {"id": "{id}"}),
    "imports.undo": ("ImportRun", {"id": "{id}"}), "meeting.list": ("Meeting", {"id": "{id}"}), "powers.index": ("Application", {"who": "clerk2", "screen": "application", "row": "{id}"}),
    "protecting.end": ("Login", {"id": "{id}"}), "report.sheet": ("Report", {"id": "{id}", "form": "xlsx"}), "review.index": ("Application", {"id": "{id}", "verdict": "approve", "edition": "1"}), "season.index": ("AnnualReport", {"id": "{id}"}),
    "seated_room.papers": ("ExamSite", {"site": "{id}", "session": "1", "paper": "door"}), "statistics.index": ("ReportTerm", {"term": "{id}"}),
    "statistics.sheet": ("ReportTerm", {"term": "{id}"}), "transcript.print": ("Programme", {"programme": "{id}"}), "user.grant": ("User", {"id": "{id}", "role": "clerk"}),
    "user.guard": ("User", {"id": "{id}", "what": "unlock"}), "user.link": ("User", {"id": "{id}"}), "user.revoke": ("User", {"id": "{id}", "role": "clerk"})}
# Routes that name no row: what they show is the visitor's own, is everybody's, or is named by a code that only its owner knows.
NAMELESS = {
    "account.appearance", "account.home", "account.mine", "account.office", "admin.index", "announcements.all", "api.figures", "api.openapi", "api.reports", "api.terms", "asked.show",
    "cases.explained", "cases.me", "cases.notices", "changes.ask", "checks.ask", "checks.show", "configure.check", "configure.edit", "configure.index", "configure.new", "consent.show",
    "courses.show", "defence_day.sheet", "degrees.all", "door.index", "door.people", "door.replay", "door.scan", "door.worker", "durations.index", "entering.key", "entering.options",
    "entering.second", "exam.show", "figures.show", "gateway.ask", "gateway.bill", "gateway.page", "gateway.pay", "health", "imports.index", "imports.template", "imports.upload", "inbox.mine", "leaving.leave",
    "notified.notify", "programmes.home", "programmes.search", "protecting.add_key", "protecting.code", "protecting.drop_code", "protecting.key_options", "protecting.recovery", "protecting.show",
    "guide.index", "guide.rules", "health.live", "health.ready", "helping.show", "metrics", "my_data.consent", "my_data.order", "my_data.progress", "my_data.show",
    "palette.find", "palette.places", "recheck.nation", "registration.register", "requesting.materials", "requesting.show", "retention_report.rehearse", "security.forgot_password", "security.login", "security.logout",
    "security.reset_password", "site_look.logo", "site_look.style", "static", "tickets.show", "token.new", "verifying.verify"}
GRID = ("choose", "columns", "comment", "count", "create", "details", "drop", "edit", "export", "fill", "index", "inline", "keep", "lookup", "paper", "papers", "preview", "reveal", "step")
WORDS = {"name": "degree", "change": "extension", "item": 1}        # what else stands in a path


@dataclass(frozen=True)
class Probe:
    """One address: `path` and what is sent have {id} where the row is named. `endpoint` is the route, `screen` the grid that it belongs to."""
    endpoint: str
    method: str
    path: str
    kind: str
    sent: dict = field(default_factory=dict, hash=False)
    screen: str = ""

    def __str__(self):
        return f"{self.method} {self.path} {self.sent}"

    def of(self, id):
        """(method, path, data) for a row."""
        filled = {name: str(text).replace("{id}", str(id)) for name, text in self.sent.items()}
        return self.method, self.path.replace("%7Bid%7D", "{id}").replace("{id}", str(id)), filled or None


def unknown(app):
    """Routes of which the tables do not speak."""
    screens = app.extensions["screens"]
    grids = {f"{name}.{verb}" for name in [*screens, "own"] for verb in GRID}
    return {rule.endpoint for rule in app.url_map.iter_rules()} - IN_PATH.keys() - TOLD.keys() - NAMELESS - grids - {"asked.withdraw"}


def probes(app):
    """Every Probe of the program."""
    return [*_paths(app), *_told(app), *(probe for name, screen in app.extensions["screens"].items() for probe in _grid(name, screen))]


def _paths(app):
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods & {"GET", "POST"}):
            if rule.endpoint in IN_PATH:
                path = adapter.build(rule.endpoint, {name: WORDS.get(name, 987654321) for name in rule.arguments}, method=method)
                yield Probe(rule.endpoint, method, path.replace("987654321", "{id}"), IN_PATH[rule.endpoint])
            elif rule.endpoint == "asked.withdraw":
                for word, kind in ASKED.items():
                    yield Probe(rule.endpoint, method, f"/me/changes/{word}/{{id}}/withdraw", kind)


def _told(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint in TOLD:
            kind, sent = TOLD[rule.endpoint]
            query = "&".join(f"{name}={text}" for name, text in sent.items())
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield Probe(rule.endpoint, method, rule.rule, kind, sent) if method == "POST" else Probe(rule.endpoint, method, f"{rule.rule}?{query}", kind)


def _grid(name, screen):
    """The row itself by every verb and step, rows that its filters and boxes point to, and views that are kept."""
    at, kind = f"/office/{name}", screen.model.__name__
    for verb in ("details", "edit", "fill", "preview"):
        yield Probe(f"{name}.{verb}", "GET", f"{at}/{verb}/?id={{id}}", kind, screen=name)
    for verb in ("edit", "fill"):
        yield Probe(f"{name}.{verb}", "POST", f"{at}/{verb}/", kind, {"id": "{id}", "reason": "x"}, name)
    for method in ("GET", "POST") if screen.inline else ():
        yield Probe(f"{name}.inline", method, f"{at}/inline/" if method == "POST" else f"{at}/inline/?id={{id}}&field={screen.inline[0]}", kind,
                    {"id": "{id}", "field": screen.inline[0]} if method == "POST" else {}, name)
    if screen.grid == "CaseGrid":
        yield Probe(f"{name}.comment", "POST", f"{at}/comment/", kind, {"id": "{id}"}, name)
    for form in screen.prints if screen.grid in ("CaseGrid", "StumpGrid") else ():
        yield Probe(f"{name}.paper", "POST", f"{at}/paper/{form.name}/", kind, {"id": "{id}"}, name)
    for step in screen.steps:
        yield Probe(f"{name}.step", "GET", f"{at}/step/{step.name}/?id={{id}}", kind, screen=name)
        yield Probe(f"{name}.step", "POST", f"{at}/step/{step.name}/", kind, {"id": "{id}", "confirm": "1", **{ask.name: "x" for ask in step.asks}}, name)
    for column in dict.fromkeys(column.name for column in screen.columns if isinstance(column.path.end, SealedField)):
        yield Probe(f"{name}.reveal", "POST", f"{at}/reveal/", kind, {"id": "{id}", "field": column}, name)
    yield Probe(f"{name}.drop", "POST", f"{at}/drop/", "OwnView", {"id": "{id}"}, name)
    for item in screen.filters.values():
        if item.kind.picks == "row":
            for verb in ("", "export/", "export/choose/"):
                yield Probe(f"{name}.{'export' if verb == 'export/' else 'choose' if verb else 'index'}", "GET", f"{at}/{verb}?f.{item.name}={{id}}", item.path.end.rel_model.__name__, screen=name)
    boxes = [(box.name, box) for box in screen.boxes] + ([(f"line-0-{box.name}", box) for box in screen.lines.boxes] if screen.lines else [])
    for name_of, box in boxes:
        if box.kind.picks == "row" and screen.create:
            yield Probe(f"{name}.create", "POST", f"{at}/create/", box.field.rel_model.__name__, {name_of: "{id}"}, name)
            yield Probe(f"{name}.create", "GET", f"{at}/create/?{name_of}={{id}}", box.field.rel_model.__name__, screen=name)
