"""Taking one step on one or many rows: what will happen to each, or every reason why not; what the step asks; and the report."""
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from backoffice.choices import Choice, Tick
from backoffice.forms import Typed, TypedForm
from backoffice.kinds import Day, Kind, Long
from backoffice.uploads import scan_of
from models.base import writing
from models.workflow import Act, Refused

LIMIT = 1000          # rows in one request


class Amount(Kind):
    """A number that a step asks for."""
    box = "number"

    def read(self, text):
        text = text.strip()
        if text and not text.lstrip("-").replace(".", "", 1).isdigit():
            raise ValueError(f"要求数字，实际“{text}”")
        return text or None


class Upload(Kind):
    """A file that a step asks for."""
    box = "file"

    def typed(self, value):
        return ""

    def read(self, text):
        return scan_of(text) if isinstance(text, FileStorage) and text.filename else None


KINDS = {"line": Kind, "text": Long, "date": Day, "number": Amount, "tick": Tick, "file": Upload}


class Unanswered(dict):
    """The answers before there are any; it notes whether a guard asked for one."""
    asked = False

    def get(self, name, default=None):
        self.asked = True
        return default


def obstacles(step, row, user):
    """The reasons against a step that hold whatever is answered to what it asks. What depends on the answers is said when they are there."""
    answers = Unanswered()
    against = step.reasons(row, Act(user, answers), seen=True)
    if answers.asked:
        for guard in step.unless:
            answers = Unanswered()
            found = guard(row, Act(user, answers)) or []
            if answers.asked:
                texts = [str(reason) for reason in (found if isinstance(found, list) else [found])]
                against = [reason for reason in against if str(reason) not in texts]
    return against


@dataclass
class Candidate:
    """One row that the step may be taken on, the reasons against it, and whether it is ticked."""
    row: object
    cells: list
    reasons: list
    ticked: bool


@dataclass
class Outcome:
    """What became of the rows: those done, and those refused with the reasons."""
    done: list = field(default_factory=list)
    skipped: list = field(default_factory=list)         # (row, reasons)


class Taking:
    """A step about to be taken on rows. `given` and `files` are what the confirmation page sent; `ticked` the ids chosen there."""

    def __init__(self, step, user, rows, given=None, files=None, ticked=None, columns=()):
        self.step, self.user, self.rows = step, user, rows
        self.form, self.given = self._form(given, files), given or {}
        self.again, self.again_fault = (given or {}).get("again", "").strip(), ""
        self.candidates = [Candidate(row, [column.cell(row) for column in columns], reasons := self.against(row),
                                     not reasons and (ticked is None or row.id in ticked)) for row in rows]

    def against(self, row):
        """What stands against taking the step on a row."""
        return obstacles(self.step, row, self.user)

    def _form(self, given, files):
        sent = None
        if given is not None:
            sent = given.copy()
            for name in files or ():
                sent.setlist(name, files.getlist(name))
        fields = {ask.name: Typed(ask.label, self._kind(ask), must=ask.required, description=ask.help) for ask in self.step.asks}
        return type("Asked", (TypedForm,), fields)(sent, user=self.user, meta={"csrf": False})

    @staticmethod
    def _kind(ask):
        return Choice(None, ask.choices) if ask.kind == "choice" else KINDS[ask.kind]()

    @property
    def answers(self):
        return {ask.name: self.form[ask.name].data for ask in self.step.asks}

    @property
    def ticked(self):
        return [candidate.row for candidate in self.candidates if candidate.ticked]

    @property
    def number(self):
        """How many rows the step would be taken on."""
        return len(self.ticked)

    @property
    def careful(self):
        """Whether the number is to be written once more."""
        return self.step.danger

    @property
    def possible(self):
        return [candidate for candidate in self.candidates if not candidate.reasons]

    def ready(self):
        """Whether everything that is asked has been answered."""
        right = self.form.validate()
        for name, text in self.step.missing(self.answers).items():
            if not self.form[name].errors:
                self.form[name].errors = [*self.form[name].errors, text]
                right = False
        if self.careful and self.again != str(self.number):
            self.again_fault = f"要求写 {self.number}，实际{f'“{self.again}”' if self.again else '没有写'}"
            right = False
        return right and self.number > 0

    def take(self):
        """Take the step on every ticked row, each in its own transaction."""
        outcome = Outcome()
        for row in self.ticked:
            try:
                with writing():
                    self.take_on(row)
                outcome.done.append(row)
            except Refused as refused:
                outcome.skipped.append((row, refused.reasons + list(refused.fields.values())))
        return outcome

    def take_on(self, row):
        """Take the step on one row."""
        self.step.take(row, self.user, self._answers_for(row), edition=self._looked_at(row))

    def _looked_at(self, row):
        """The edition of a row that the page of confirmation showed, or None."""
        text = self.given.get(f"edition-{row.id}", "")
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def _answers_for(self, row):
        """The answers, with uploaded files kept for the row."""
        answers = self.answers
        for ask in self.step.asks:
            upload = answers[ask.name]
            if ask.kind == "file" and upload is not None:
                fields = row._meta.fields
                answers[ask.name] = upload.keep("decision", case_ref=row.case_id, institution=row.__data__.get("institution") if "institution" in fields else None)
        return answers
