"""A case walks through stages 2 to 8, moved at random by every role, beside a plain model of what may happen: no illegal state, and
exactly one Entry a move. WALKS=1000 asks for more walks than the suite makes."""
import datetime as dt
import os
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from models import clock
from models.applications import Application, start
from models.audit import Entry
from models.base import db
from models.changes.extension import Extension
from models.courses import CourseResult
from models.defences import request_defence
from models.dismissals import Dismissal
from models.exams.results import PriorPass
from models.files import File
from models.parameters import Parameter
from models.programmes import Course
from models.workflow import Refused
from tasks.reminders import end_cooling_off
from tests.world import DAY

ROLES = ("applicant", "clerk", "reviewer", "clerk2", "reviewer2", "unit_admin", "officer", "centre", "exam", "it", "security", "auditor", "somebody")
STUDYING = ("registered", "defence_requested", "defence_admitted")
APPLY_UNTIL, CONFIRM_UNTIL = dt.date(2026, 4, 15), dt.date(2026, 5, 15)
ACTOR = st.sampled_from(("applicant", "clerk", "reviewer") * 5 + ROLES)      # mostly those who have something to do


def near(*states):
    """A rule is tried in the states where it may be done, and beside them, where it may not."""
    return precondition(lambda self: self.state in states)


def walk(world):
    class Walk(RuleBasedStateMachine):
        """`state` and what follows are the plain model; the database is asked only to compare."""

        @initialize(cool_off=st.sampled_from((0, 10)), ahead=st.sampled_from(("draft", "registered", "ready", "ready")))
        def begin(self, cool_off, ahead):
            self.undone = db.atomic()
            self.savepoint = self.undone.__enter__()
            self.today, self.cool_off = DAY, cool_off
            self.clock = clock.at(DAY)
            self.clock.__enter__()
            if cool_off:
                Parameter.add(world.centre, name="dismissal.cool_off_days", title="冷静期", value=cool_off, valid_from=DAY, institution=world.unit)
            self.people = {role: getattr(world, role) for role in ROLES if hasattr(world, role)}
            self.people |= {"applicant": world.applicant(), "somebody": world.applicant("别人")}
            self.fresh()
            if ahead != "draft":
                self.submit("applicant"), self.come_with_originals(), self.confirm("clerk"), self.approve("reviewer")
            if ahead == "ready":
                for again in (self.study, self.study, self.study, self.pass_a_paper, self.pass_a_paper):
                    again()

        def fresh(self):
            """A new draft, in the model and in the database."""
            self.case = world.draft(self.people["applicant"])
            self.state, self.confirmed, self.once, self.credits, self.papers, self.deadline = "draft", False, False, 0, getattr(self, "papers", set()), None
            self.request = self.proposal = self.frozen = self.until = None
            self.moves, self.last = 0, Entry.select(Entry.id).order_by(Entry.id.desc()).scalar()

        def attempt(self, possible, call, state=None):
            """Do it: what the model allows happens and moves the case to `state`, everything else is refused and changes nothing."""
            before = db.execute_sql('SELECT COUNT(*) FROM "entry"').fetchone()[0]
            try:
                call()
                done = True
            except Refused:
                done = False
            assert done == bool(possible), (self.state, self.request, self.proposal, self.today)
            if not done:
                assert db.execute_sql('SELECT COUNT(*) FROM "entry"').fetchone()[0] == before
            elif state is not None:
                self.state, self.moves = state, self.moves + 1
            return done

        def row(self):
            return Application.get_by_id(self.case.id)

        # stages 2 to 4
        @near("draft", "returned", "submitted")
        @rule(actor=ACTOR)
        def submit(self, actor):
            """What the unit itself sent back may come again when the windows are over."""
            in_time = self.state == "returned" or (self.state == "draft" and self.today <= APPLY_UNTIL)
            self.attempt(actor == "applicant" and in_time, lambda: self.row().submit(by=self.people[actor]), "submitted")

        @near("draft", "submitted", "returned", "confirmed")
        @rule(actor=ACTOR, often=st.integers(0, 5))
        def withdraw(self, actor, often):
            if often == 0:
                self.attempt(actor == "applicant" and self.state in ("draft", "submitted", "returned"), lambda: self.row().withdraw(by=self.people[actor]), "withdrawn")

        @precondition(lambda self: self.state == "submitted" and not self.confirmed)
        @rule()
        def come_with_originals(self):
            world.confirmation(self.row())
            self.confirmed = True

        @near("submitted", "confirmed", "draft")
        @rule(actor=ACTOR)
        def confirm(self, actor):
            if self.attempt(actor == "clerk" and self.state == "submitted" and self.confirmed and (self.once or self.today <= CONFIRM_UNTIL),
                            lambda: self.row().confirm(by=self.people[actor]), "confirmed"):
                self.once = True

        @near("submitted", "confirmed", "registered")
        @rule(actor=ACTOR, often=st.integers(0, 3), void=st.booleans())
        def send_back(self, actor, often, void):
            if often == 0 and self.attempt(actor in ("clerk", "reviewer") and self.state in ("submitted", "confirmed"),
                                           lambda: self.row().send_back(by=self.people[actor], reason="补正", void_confirmation=void), "returned"):
                self.confirmed = self.confirmed and not void

        @near("confirmed", "submitted", "registered")
        @rule(actor=ACTOR)
        def approve(self, actor):
            if self.attempt(actor == "reviewer" and self.state == "confirmed", lambda: self.row().approve(by=self.people[actor], opinion="同意"), "registered"):
                self.deadline = self.today.replace(year=self.today.year + 5)

        @near("confirmed", "submitted")
        @rule(actor=ACTOR, often=st.integers(0, 5))
        def reject(self, actor, often):
            if often == 0:
                self.attempt(actor == "reviewer" and self.state == "confirmed", lambda: self.row().reject(by=self.people[actor], opinion="不符"), "rejected")

        # stages 5 and 6
        @precondition(lambda self: self.credits < 30 and self.state not in ("draft", "submitted"))
        @rule()
        def study(self):
            course = Course.select().where(Course.plan == world.programme.plans.get()).order_by(Course.id)[self.credits // 10]
            if self.attempt(self.state in STUDYING, lambda: CourseResult.add(world.clerk, application=self.row(), course=course, score=Decimal(80)).publish(by=world.clerk)):
                self.credits += 10

        @precondition(lambda self: self.credits and self.state != "dismissed")
        @rule(often=st.integers(0, 3))
        def hide_a_result(self, often):
            if often == 0:
                result = CourseResult.select().where(CourseResult.application == self.case.id).order_by(CourseResult.id.desc()).first()
                if self.attempt(self.state == "registered", lambda: result.unpublish(by=world.reviewer, reason="复查")):
                    result.publish(by=world.clerk)

        @precondition(lambda self: len(self.papers) < 2)
        @rule()
        def pass_a_paper(self):
            kind = ("language", "comprehensive")[len(self.papers)]
            person = self.people["applicant"].person
            PriorPass.add(world.centre, name=person.name, document_number=person.document_number, kind=kind, subject_name=kind, passed_on=dt.date(2010, 5, 30))
            self.papers = self.papers | {kind}

        # stages 7 and 8
        @near("registered", "confirmed", "defence_requested", "frozen")
        @rule(actor=ACTOR)
        def request(self, actor):
            ready = self.deadline and self.today <= self.deadline and self.credits == 30 and len(self.papers) == 2
            if self.attempt(actor == "applicant" and self.state == "registered" and ready, lambda: request_defence(self.row(), self.people[actor]), "defence_requested"):
                self.request = "submitted"

        @precondition(lambda self: self.request == "submitted" and self.state != "dismissed")
        @rule(actor=ACTOR, what=st.sampled_from(("approve", "send_back", "withdraw")))
        def answer_request(self, actor, what):
            row = self.row().defence_requests.order_by(self.case.defence_requests.model.id.desc()).first()
            here = self.state == "defence_requested"
            call, who, state, then = {
                "approve": (lambda: row.tick(self.people[actor]).approve(by=self.people[actor], opinion="同意"), "reviewer", "defence_admitted", "approved"),
                "send_back": (lambda: row.send_back(by=self.people[actor], reason="补正"), "reviewer", "registered", "returned"),
                "withdraw": (lambda: row.withdraw(by=self.people[actor]), "applicant", "registered", "withdrawn")}[what]
            if self.attempt(actor == who and here, call, state):
                self.request = then

        @rule(actor=ACTOR, days=st.integers(-10, 400))
        def extend(self, actor, days):
            """Asked for by the person and decided in one go."""
            if self.state != "registered":
                return
            proof = File.keep(b"proof", "证明.pdf", "document", "application/pdf", institution=world.unit, case_ref=self.case.id)
            until = self.deadline + dt.timedelta(days=days)

            def both():
                with db.atomic():
                    Extension.add(self.people["applicant"], application=self.row(), ground="illness", until=until, document=proof).approve(by=self.people[actor], opinion="属实")
            if self.attempt(actor == "reviewer" and days > 0, both, "registered"):
                self.deadline = until

        @near(*STUDYING, "confirmed", "frozen", "dismissed")
        @rule(actor=ACTOR, often=st.integers(0, 3))
        def dismiss(self, actor, often):
            if often == 0:
                self.attempt(actor in ("clerk", "reviewer") and self.state in STUDYING and not self.cool_off,
                             lambda: self.row().dismiss(by=self.people[actor], ground="breach", reason="违纪"), "dismissed")

        @precondition(lambda self: self.proposal is None)
        @rule(who=st.sampled_from(("applicant", "clerk", "reviewer")))
        def propose(self, who):
            if self.attempt(self.state in STUDYING, lambda: Dismissal.add(self.people[who], application=self.row(), ground="breach", statement="违纪")):
                self.proposal = "proposed"

        @precondition(lambda self: self.proposal == "proposed")
        @rule(actor=ACTOR, agree=st.booleans())
        def decide(self, actor, agree):
            row = Dismissal.select().where(Dismissal.application == self.case.id).order_by(Dismissal.id.desc()).first()
            if not agree:
                if self.attempt(actor == "reviewer", lambda: row.refuse(by=self.people[actor], reason="依据不足")):
                    self.proposal = None
            else:
                old = self.state
                if self.attempt(actor == "reviewer" and self.state in STUDYING, lambda: row.approve(by=self.people[actor], opinion="同意"),
                                "frozen" if self.cool_off else "dismissed"):
                    self.proposal, self.frozen, self.until = "approved", old, self.today + dt.timedelta(days=self.cool_off)

        @precondition(lambda self: self.state == "frozen")
        @rule(actor=ACTOR)
        def restore(self, actor):
            row = Dismissal.get(Dismissal.application == self.case.id, Dismissal.state == "approved")
            if self.attempt(actor == "reviewer", lambda: row.restore(by=self.people[actor], reason="申诉成立"), self.frozen):
                self.proposal = None

        @rule(days=st.sampled_from((1, 5, 11, 30, 300, 900)), often=st.integers(0, 2))
        def time_passes(self, days, often):
            if often and days > 11:
                return
            self.today += dt.timedelta(days=days)
            self.clock.__exit__(None, None, None)
            self.clock = clock.at(self.today)
            self.clock.__enter__()
            end_cooling_off()
            if self.state == "frozen" and self.today > self.until:
                self.state, self.moves = "dismissed", self.moves + 1

        @precondition(lambda self: self.state in ("frozen", "dismissed", "withdrawn", "rejected") and self.today <= APPLY_UNTIL)
        @rule()
        def apply_anew(self):
            if self.state == "frozen":
                self.attempt(True, lambda: start(self.people["applicant"].person, world.programme, self.people["applicant"]), "dismissed")
                self.compare()
                Application.get(Application.person == self.people["applicant"].person_id, Application.state == "draft").withdraw(by=self.people["applicant"])
            self.fresh()

        @invariant()
        def compare(self):
            """The database is where the model is, with one Entry a move, each from where the one before ended."""
            if not hasattr(self, "case"):
                return
            assert self.row().state == self.state
            entries = list(Entry.select().where(Entry.entity == "application", Entry.row_id == self.case.id, Entry.new_state.is_null(False)).order_by(Entry.id))
            assert len(entries) == self.moves
            assert all(before.new_state == after.old_state for before, after in zip(entries, entries[1:]))
            if self.state in STUDYING:
                assert self.row().deadline == self.deadline
            if self.state == "dismissed":
                assert not CourseResult.select().where(CourseResult.application == self.case.id).exists()

        def teardown(self):
            if hasattr(self, "undone"):
                self.savepoint.rollback()
                self.undone.__exit__(None, None, None)
                self.clock.__exit__(None, None, None)
    return Walk


def test_a_case_walks_only_where_the_law_leads(world):
    run_state_machine_as_test(walk(world), settings=settings(max_examples=int(os.environ.get("WALKS", 12)), stateful_step_count=40, deadline=None,
                                                             suppress_health_check=list(HealthCheck)))
