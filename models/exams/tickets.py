"""Stage 6: the admission ticket of each entry. The exam number says where one sits: year(2) province(2) site(3) subject(3) room(3) seat(2);
it is one person's within a session, and may come again in another session of the year."""
from peewee import JOIN, Case, CharField, DateTimeField, ForeignKeyField, Value

from models import clock
from models.applications import Application
from models.exams import signed
from models.exams.entries import ExamEntry
from models.exams.seats import Seat
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.exams.sites import ExamSite, Room
from models.files import File
from models.parameters import within_window
from models.people import Person
from models.reference import Province
from models.workflow import Reason, Record


class AdmissionTicket(Record):
    label, stage, readers, seen_through, cleared_with_case = "准考证", 6, "applicant exam", "entry", True
    clashes = {"number": "这个准考证号已经发出"}

    entry = ForeignKeyField(ExamEntry, unique=True, backref="tickets", on_delete="RESTRICT", verbose_name="报考")
    session = ForeignKeyField(ExamSession, backref="tickets", on_delete="RESTRICT", verbose_name="批次")
    number = CharField(max_length=15, index=True, verbose_name="准考证号")
    file = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="文件")
    made_at = DateTimeField(default=clock.now, verbose_name="生成时间")

    class Meta:
        indexes = ((("session", "number"), True),)

    def __str__(self):
        return self.number

    def follow(self):
        """The session is that of the entry."""
        if self.entry_id:
            self.session = self.entry.session_id

    @classmethod
    def issue(cls, session):
        """Number every seat of a session in one statement."""
        two = Case(None, ((Seat.number < 10, Value("0").concat(Seat.number.cast("text"))),), Seat.number.cast("text"))
        number = Value(f"{session.year % 100:02d}").concat(Province.code).concat(ExamSite.code).concat(Subject.code).concat(Room.number).concat(two)
        rows = (Seat.select(Value(0), Seat.entry, Seat.session, number, Value(clock.now())).join(Room).join(ExamSite).join(Province).switch(Seat)
                .join(SessionSubject).join(Subject).where(Seat.session == session))
        cls.insert_from(rows, (cls.edition, cls.entry, cls.session, cls.number, cls.made_at)).execute()

    @classmethod
    def renew(cls, seat, by, reason):
        """The ticket of one seat that came later or was changed."""
        number, ticket = number_of(seat), cls.get_or_none(cls.entry == seat.entry_id)
        if ticket is None:
            return cls.add(by, reason, entry=seat.entry_id, number=number)
        return ticket.change(by, reason=reason, verb="renew", verb_label="改号", number=number, made_at=clock.now())


def number_of(seat):
    site = seat.site
    return f"{seat.session.year % 100:02d}{site.province.code}{site.code}{seat.subject.subject.code}{seat.room.number}{seat.number:02d}"


def refusal(session):
    """The Reason why tickets of a session cannot be downloaded now, or None."""
    if session.ticket_from is None:
        return Reason("准考证的下载时间还没有公布")
    return within_window(session.ticket_from, session.ticket_until, "准考证下载")


def printed(tickets):
    """What stands on these tickets, one dict each, in the order of their numbers: one query however many."""
    wanted = [ticket.id for ticket in tickets]
    rows = (Seat.select(Seat, AdmissionTicket, ExamEntry, Application, Person, SessionSubject, Subject, ExamSession, ExamSite, Province, Room, File)
            .join(ExamEntry).join(AdmissionTicket, on=AdmissionTicket.entry == ExamEntry.id, attr="ticket")
            .switch(ExamEntry).join(Application).join(Person).switch(Application).join(File, JOIN.LEFT_OUTER, on=Application.photo == File.id, attr="picture")
            .switch(Seat).join(SessionSubject).join(Subject).switch(Seat).join(ExamSession).switch(Seat).join(ExamSite).join(Province)
            .switch(Seat).join(Room, on=Seat.room == Room.id).where(AdmissionTicket.id.in_(wanted)).order_by(AdmissionTicket.number))
    return [_said(seat, seat.entry.application) for seat in rows]


def _said(seat, case):
    subject, site, person, number = seat.subject, seat.site, case.person, seat.entry.ticket.number
    subject.__rel__["session"] = seat.session
    day, starts, ends = subject.sitting
    return {"number": number, "name": person.name, "document": person.document_number, "photo": case.picture if case.photo_id else None,
            "session": str(seat.session), "subject": str(subject), "day": day, "starts": starts, "ends": ends, "site": site.name, "address": site.address,
            "province": str(site.province), "room": seat.room.number, "seat": seat.number, "needs": seat.entry.needs if seat.entry.special_needs else "",
            "code": signed.sign({"n": number, "s": seat.session_id, "e": seat.entry_id, "u": subject.subject.code,
                                 "t": site.province.code + site.code, "r": seat.room.number, "p": seat.number})}
