"""Taking one step on one or many rows: what will happen to each, or every reason why not; what the step asks; and the report."""
from dataclasses import dataclass, field
from functools import cached_property

from werkzeug.datastructures import FileStorage

from backoffice.choices import Choice, Tick
from backoffice.forms import Typed, TypedForm
from backoffice.kinds import Day, Kind, Long
from backoffice.paths import load_owners, named_by
from backoffice.uploads import scan_of
from models import many
from models.base import writing
from models.workflow import Act, Refused, one_write

LIMIT = 1000          # rows in one request
AT_ONCE = 500         # rows in one transaction, so that nobody waits long for it


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
    skipped: list = field(default_factory=list)         # (id, its row or a word for it, reasons)


class Taking:
    """A step about to be taken on the rows of a kind with these ids; `load()` reads them, once they are to be shown. `given` and `files` are what the
    confirmation page sent; `chosen` the ids ticked there."""

    def __init__(self, step, user, kind, ids, load, given=None, files=None, chosen=None, columns=()):
        self.step, self.user, self.kind, self.ids, self.load, self.columns = step, user, kind, ids, load, columns
        self.form, self.given, self.chosen = self._form(given, files), given or {}, chosen
        self.again, self.again_fault = (given or {}).get("again", "").strip(), ""

    @cached_property
    def rows(self):
        return self.load()

    @cached_property
    def candidates(self):
        """The rows as the page of confirmation lists them."""
        return [Candidate(row, [column.cell(row) for column in self.columns], reasons := self.against(row),
                          not reasons and (self.chosen is None or row.id in self.chosen)) for row in self.rows]

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
        """The ids of the rows that the step would be taken on: those chosen, which it judges when it is taken; before that all against which nothing stands."""
        return [id for id in self.ids if id in self.chosen] if self.chosen is not None else [candidate.row.id for candidate in self.possible]

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
        """Take the step on every ticked row; one that is refused leaves the others."""
        ids, outcome = self.ticked, Outcome()
        if len(ids) == 1 or not self.step.together or any(ask.kind == "file" for ask in self.step.asks):
            for row in self.rows:
                if row.id in ids:
                    self._take_alone(row, outcome)
        else:
            for start in range(0, len(ids), AT_ONCE):
                self._take_together(ids[start:start + AT_ONCE], outcome)
            load_owners(outcome.done, named_by(self.kind))
        return outcome

    def _take_alone(self, row, outcome):
        try:
            with writing():
                self.take_on(row)
            outcome.done.append(row)
        except Refused as refused:
            outcome.skipped.append((row.id, row, refused.sentences))

    def _take_together(self, ids, outcome):
        try:
            with one_write(self.kind):
                rows, refused = many.taken(self.step, self.kind, ids, self.user, self.answers, {id: self._looked_at(id) for id in ids})
        except Refused as refusal:
            rows, refused = {}, dict.fromkeys(ids, refusal)
        outcome.done += [rows[id] for id in ids if id not in refused]
        outcome.skipped += [(id, rows.get(id, f"编号 {id}"), refused[id].sentences) for id in ids if id in refused]

    def take_on(self, row):
        """Take the step on one row."""
        self.step.take(row, self.user, self._answers_for(row), edition=self._looked_at(row.id))

    def _looked_at(self, id):
        """The edition of a row that the page of confirmation showed, or None."""
        text = self.given.get(f"edition-{id}", "")
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
