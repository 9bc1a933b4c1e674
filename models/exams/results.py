"""Stage 6: the outcome of every entry, and the passes from before the platform (合格库)."""
from contextlib import contextmanager
from contextvars import ContextVar

from peewee import CharField, Check, DateField, DecimalField, ForeignKeyField

from models.applications import Application
from models.exams.entries import ExamEntry
from models.exams.sessions import ExamSession, SessionSubject
from models.people import Person
from models.reference import Institution
from models.sealed import BlindIndexField, SealedField
from models.workflow import Reason, Record

OUTCOMES = (("pass", "合格"), ("fail", "不合格"), ("absent", "缺考"), ("breach", "违纪"))


_correcting = ContextVar("correcting", default=False)


@contextmanager
def correcting():
    """Inside the block a published result may be changed: the outcome of a recheck."""
    token = _correcting.set(True)
    try:
        yield
    finally:
        _correcting.reset(token)


class ExamResult(Record):
    """The outcome of one entry. Everybody sees results once the session is published, and only then they count."""
    label, stage, readers, writers, cleared_with_case = "统考成绩", 6, "applicant clerk reviewer officer centre exam", "exam", True
    seen_through = "application"
    editable = ("entry", "score", "outcome")
    TONES = {"outcome": {"pass": "ok", "fail": "bad", "absent": "off", "breach": "bad"}}
    clashes = {"entry": "这条报考已经登记成绩"}

    entry = ForeignKeyField(ExamEntry, unique=True, backref="results", on_delete="RESTRICT", verbose_name="报考")
    session = ForeignKeyField(ExamSession, backref="results", on_delete="RESTRICT", verbose_name="批次")
    application = ForeignKeyField(Application, backref="exam_results", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    subject = ForeignKeyField(SessionSubject, on_delete="RESTRICT", verbose_name="科目")
    score = DecimalField(max_digits=4, decimal_places=1, null=True, verbose_name="成绩")
    outcome = CharField(max_length=6, choices=OUTCOMES, verbose_name="结果")

    class Meta:
        constraints = [Check("score is null or (score >= 0 and score <= 100)")]
        indexes = ((("session", "subject"), False), (("institution", "session"), False))

    def __str__(self):
        return f"{self.subject} {self.score if self.score is not None else dict(OUTCOMES)[self.outcome]}"

    @classmethod
    def within(cls, level, user):
        """Only the exam office sees results before they are published."""
        rows = super().within(level, user)
        if rows is None or (rows is True and "exam" in user.role_names):
            return rows
        shown = cls.session.in_(ExamSession.select(ExamSession.id).where(ExamSession.state == "published"))
        return shown if rows is True else rows & shown

    def change(self, by, edition=None, reason="", **values):
        """Correct a result; pass or fail follows from the score again."""
        if values.get("score") is not None and "outcome" not in values:
            values["outcome"] = "pass" if values["score"] >= self.subject.pass_line else "fail"
        return super().change(by, edition, reason, **values)

    def follow(self):
        """What it belongs to follows from the entry; pass or fail, where it is not said, from score and pass line."""
        if self.entry_id:
            entry = self.entry
            self.session, self.application, self.institution, self.subject = entry.session_id, entry.application_id, entry.institution_id, entry.subject_id
            if not self.outcome and self.score is not None:
                self.outcome = "pass" if self.score >= entry.subject.pass_line else "fail"

    def faults(self):
        if self.entry_id is None:
            return {}
        found, line = {}, self.subject.pass_line
        if self.score is not None and not 0 <= self.score <= 100:
            found["score"] = f"成绩：要求 0 到 100，实际 {self.score}"
        elif self.outcome in ("absent", "breach") and self.score not in (None, 0):
            found["score"] = f"{dict(OUTCOMES)[self.outcome]}不能有成绩，实际 {self.score}"
        elif self.outcome in ("pass", "fail") and self.score is None:
            found["score"] = "请填写成绩；没有参加考试的选“缺考”"
        elif self.score is not None and self.outcome in ("pass", "fail") and (self.score >= line) != (self.outcome == "pass"):
            found["outcome"] = f"结果与成绩不符：合格线 {line}，成绩 {self.score}，应为“{'合格' if self.score >= line else '不合格'}”"
        if self.entry.state != "paid":
            found["entry"] = f"只有已缴费的报考才能登记成绩，这一条{self.entry.state_label}"
        return found

    def locks(self):
        return [Reason("成绩已经公布，不能直接修改，请按成绩复查办理")] if self.session.state == "published" and not _correcting.get() else []


class PriorPass(Record):
    """合格库: a pass from before the platform, imported by the centre, counted like a result."""
    label, stage, readers, writers = "合格库", 6, "applicant clerk reviewer centre exam", "centre"
    editable = ("name", "document_number", "kind", "subject_name", "session_name", "passed_on", "certificate_number", "source")
    clashes = {"document": "合格库里已有这个人的这一科"}

    name = CharField(max_length=40, verbose_name="姓名")
    document_number = SealedField(blind_index="document_index", verbose_name="证件号")
    document_index = BlindIndexField(index=True)
    kind = CharField(max_length=14, choices=(("language", "外国语水平"), ("comprehensive", "学科综合水平")), verbose_name="类别")
    subject_name = CharField(max_length=40, verbose_name="科目")
    session_name = CharField(max_length=40, default="", verbose_name="考试批次")
    passed_on = DateField(verbose_name="合格日期")
    certificate_number = CharField(max_length=40, default="", verbose_name="合格证编号")
    source = CharField(max_length=80, default="", verbose_name="来源")

    class Meta:
        indexes = ((("document_index", "subject_name", "session_name"), True),)

    def __str__(self):
        return f"{self.name} {self.subject_name}"

    @classmethod
    def within(cls, level, user):
        """A unit sees the passes of the persons who have a case with it, a person his own."""
        if level == "nation":
            return True
        rows = Person.within(level, user)
        return None if rows is None else cls.document_index.in_(Person.select(Person.document_index).where(rows))
