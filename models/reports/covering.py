"""Stage 10: which awards a report covers, and the lines that it has of them."""
from functools import cached_property

from peewee import fn

from models.awards import Award
from models.base import db, on_sqlite
from models.defences import Thesis
from models.reports.comparing import compare, digests_of
from models.reports.extract import extract

STANDS = ("submitted", "no_award", "filed")


class Covering:
    """What a Report knows of its awards and lines."""

    @property
    def stands(self):
        """Whether the report is with the office or filed: its lines and their awards are not edited."""
        return self.state in STANDS

    def in_window(self):
        """Query over the unit's awards whose date lies in the term's window, by certificate number; without those that a 删除 took out."""
        term, line = self.term, self.lines.model
        out = line.select(line.award).where(line.report == self.id, line.ended.is_null(), line.removed == True)      # noqa: E712
        return Award.select().where(Award.institution == self.institution_id, Award.state == "awarded", Award.id.not_in(out),
                                    Award.awarded_on.between(term.award_from, term.award_until)).order_by(Award.certificate_number)

    def unreported(self):
        """Query over the awards of the window that are not among the lines."""
        line = self.lines.model
        return self.in_window().where(Award.id.not_in(line.select(line.award).where(line.report == self.id, line.ended.is_null())))

    def current_lines(self, version=None):
        """Query over the lines of a version (default: the present one), by certificate number."""
        line, version = self.lines.model, self.version if version is None else version
        there = (line.version <= version, line.ended.is_null() | (line.ended > version), line.removed == False)      # noqa: E712
        return self.lines.where(*there).order_by(line.certificate_number)

    def left_out(self):
        """漏报: how many awards of the window are not among the lines of a report that stands."""
        return self.unreported().count() if self.stands else 0

    def records(self):
        """[Extracted] of what would be reported now: all awards of the window, of a rolling term those that are not reported yet."""
        awards = self.unreported() if self.appends else self.in_window()
        if db.in_transaction() and not on_sqlite():         # what is frozen now is not edited meanwhile
            list(awards.select(Award.id).order_by(Award.id).for_update())
            list(Thesis.select(Thesis.id).where(Thesis.application.in_(awards.select(Award.application).order_by())).order_by(Thesis.id).for_update())
        return extract(Award.id.in_(awards.select(Award.id).order_by()))

    @cached_property
    def extracted(self):
        """The same, asked once: what the guards have looked at is what is frozen."""
        return self.records()

    def summed_up(self):
        """Set count and digest of the lines as they stand."""
        lines = list(self.current_lines())
        self.line_count, self.digest = len(lines), digests_of(lines).get(self.id, "")

    def intact(self):
        """Whether every line agrees with its digest, and all of them with that of the report."""
        return digests_of(self.current_lines()).get(self.id, "") == self.digest

    @classmethod
    def left_out_of(cls, ids):
        """{report id: how many are left out} of the reports with these ids that stand; those with nobody left out are not named."""
        line, term = cls.lines.rel_model, cls.term.rel_model
        known = line.select(line.id).where(line.report == cls.id, line.award == Award.id, line.ended.is_null())
        rows = (cls.select(cls.id, fn.COUNT(Award.id)).join(term).join_from(cls, Award, on=Award.institution == cls.institution)
                .where(cls.id.in_(ids), cls.state.in_(STANDS), Award.state == "awarded", Award.awarded_on.between(term.award_from, term.award_until),
                       ~fn.EXISTS(known)))
        return dict(rows.group_by(cls.id).tuples())

    def compare(self, before=None):
        """What changed since a version (default: the one before): (added, removed, {certificate number: {code: (before, after)}})."""
        return compare(self.current_lines(self.version - 1 if before is None else before), self.current_lines())
