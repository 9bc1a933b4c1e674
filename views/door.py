"""Stage 6 at the door of an exam site: the full screen that a scanner types into, and what it asks the server for. Templates stay here."""
import base64
import datetime as dt
from io import BytesIO
from uuid import UUID

from flask import abort, current_app, jsonify, request, send_file, url_for
from flask_admin import expose
from flask_security import current_user

from backoffice.security import Guarded
from models import clock
from models.exams import signed
from models.exams.admitting import ask_head, code_of, look, replay, standing, verify
from models.exams.door import SETTLED, CheckIn
from models.exams.expected import counts, listed, seats
from models.exams.seats import Seat
from models.exams.sites import ExamSite, Room
from models.fingerprints.templates import enrolled
from models.identity import masked
from models.workflow import Reason, Refused
from tasks.readers import readers

REFUSED = 422
MOST = 200             # replays of one request


class Door(Guarded):
    """For the staff at the doors of one site, and its head."""
    roles = {"door", "site_head"}

    def __init__(self):
        super().__init__(name="考场入场", category="国家统考", endpoint="door", url="/office/door", menu_icon_type="svg", menu_icon_value="ticket")

    @property
    def user(self):
        return current_user._get_current_object()

    def is_accessible(self):
        return super().is_accessible() and current_user.site_ref is not None and bool(self.roles & {role for role, _ in current_user.powers()})

    @expose("/")
    def index(self):
        """The page itself holds nobody's data, so that the browser may keep it for when the network is away."""
        rooms = list(Room.visible_to(self.user).order_by(Room.number))
        return self.render("office/door.html", site=ExamSite.get_by_id(self.user.site_ref), rooms=rooms, readers=readers(current_app.settings.demo),
                           is_head="site_head" in self.user.role_names)

    @expose("/worker.js")
    def worker(self):
        """The script that answers for this page while there is no network; its reach is the folder that it comes from."""
        return current_app.send_static_file("door/worker.js")

    @expose("/list/")
    def people(self):
        """Everybody who sits at the site today, without templates, with the key by which the browser verifies tickets."""
        rows = [{**row, "opens": milliseconds(row["opens"]), "closes": milliseconds(row["closes"])} for row in listed(self.user)]
        return jsonify(day=str(clock.today()), now=milliseconds(clock.now()), site=code_of(ExamSite.get_by_id(self.user.site_ref)),
                       key=base64.urlsafe_b64encode(signed.public_key()).rstrip(b"=").decode(), rows=rows)

    @expose("/scan/", methods=("POST",))
    def scan(self):
        """Who the scanned ticket belongs to, and what comes next."""
        try:
            seat, now = look(self.user, request.form.get("text"), room())
        except Refused as refused:
            return against(refused)
        fingers = len(enrolled(seat.entry.application_id))
        return jsonify(person=person(seat) | {"photo": url_for(".photo", seat=seat.id)}, left=now.left, fingers=fingers,
                       state=now.settled.state if now.settled else "verify" if fingers else "none")

    @expose("/verify/", methods=("POST",))
    def verify(self):
        """One try with a new capture."""
        reader, seat = readers(current_app.settings.demo).get(request.form.get("reader", "file")) or abort(400), self._seat()
        try:
            data = reader.capture(request.files.get("image"), seat.entry.application_id, 1)
            return said(verify(self.user, seat, data, client(), room()))
        except Refused as refused:
            return against(refused)

    @expose("/ask/", methods=("POST",))
    def ask(self):
        """Hand the decision to the head of the site."""
        try:
            return said(ask_head(self.user, self._seat(), request.form.get("note", "").strip()[:120], client(), room()))
        except Refused as refused:
            return against(refused)

    @expose("/replay/", methods=("POST",))
    def replay(self):
        """What happened while there was no network: an answer for each, so that the browser may let go of it."""
        sent = request.get_json(silent=True)
        if not isinstance(sent, list) or len(sent) > MOST:
            abort(400)
        answers = []
        for item in sent:
            try:
                row = replay(self.user, str(item["text"]), str(UUID(item["client"])), moment(item["at"]), str(item.get("lost", "")))
                answers.append({"client": item["client"], "state": row.state, "label": row.state_label})
            except Refused as refused:
                answers.append({"client": item["client"], "state": "rejected", "label": str(refused)})
            except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
                abort(400)
        return jsonify(answers=answers)

    @expose("/count/")
    def count(self):
        """Who is inside, room by room; with `entry` also how it stands with somebody who waits."""
        settled = None
        if request.args.get("entry", "").isdecimal():
            settled = CheckIn.visible_to(self.user).where(CheckIn.entry == int(request.args["entry"][:9]), CheckIn.state.in_(SETTLED)).first()
        return jsonify(rooms=counts(self.user), state=settled.state if settled else "", label=settled.state_label if settled else "",
                       reason=settled.reason if settled else "")

    @expose("/photo/")
    def photo(self):
        """The photo of somebody who sits here today."""
        kept = self._seat(request.args.get("seat")).entry.application.photo or abort(404)
        return send_file(BytesIO(kept.read()), mimetype=kept.content_type)

    def _seat(self, id=None):
        """The seat of the site, sat today, with an id; 404 for every other."""
        id = id or request.form.get("seat", "")
        return seats(self.user).where(Seat.id == int(id)).first() or abort(404) if id.isascii() and id.isdecimal() and len(id) < 10 else abort(404)


def person(seat):
    """What the door shows of somebody, for JSON."""
    who = seat.entry.application.person
    return {"seat": seat.id, "entry": seat.entry_id, "number": seat.entry.ticket.number, "name": who.name, "document": masked(who.document_number),
            "room": seat.room.number, "room_id": seat.room_id, "place": seat.number, "subject": str(seat.entry.subject)}


def said(row):
    """The answer about a try."""
    return jsonify(state=row.state, label=row.state_label, left=standing(row.entry_id).left)


def against(refused):
    """The answer that says why not."""
    reasons = refused.reasons + [Reason(text) for text in refused.fields.values()]
    return jsonify(reasons=[{"text": reason.text, "required": reason.required, "actual": reason.actual} for reason in reasons]), REFUSED


def room():
    """Id of the room whose door this is, or None for the gate of the whole site."""
    sent = request.form.get("room", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else None


def client():
    """The number that the browser gave this try; 400 without one."""
    try:
        return str(UUID(request.form.get("client", "")))
    except ValueError:
        abort(400)


def milliseconds(at):
    """A moment as browsers count."""
    return round(at.replace(tzinfo=clock.SHANGHAI).timestamp() * 1000)


def moment(sent):
    """The moment behind a browser's count."""
    return dt.datetime.fromtimestamp(int(sent) / 1000, clock.SHANGHAI).replace(tzinfo=None, microsecond=0)
