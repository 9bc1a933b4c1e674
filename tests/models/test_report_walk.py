"""A reporting season played at random - three units, their offices, the centre, the clock - beside a plain model of the rules: no award is lost,
none is reported twice, no line differs from its hash. WALKS=1000 asks for more than the suite makes."""
import datetime as dt
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from models import clock
from models.awards import Award
from models.base import db
from models.exams.results import PriorPass
from models.files import File
from models.people import Person
from models.reports import Amendment, AmendmentItem, AnnualReport, InstitutionHead, Report, ReportLine
from models.workflow import Refused
from tests.models.test_amendments import award_of
from tests.world import DAY, account, number_for

FIRST, LAST, UNTIL = DAY, dt.date(2026, 8, 31), dt.date(2026, 9, 30)
STANDS = ("submitted", "no_award", "filed")
UNIT = st.sampled_from(("a", "b", "c"))
ACTOR = st.sampled_from(("own",) * 6 + ("other", "centre", "clerk"))


class Side:
    """One unit in the plain model: which awards are granted, what is reported in the present version, what was taken out."""

    def __init__(self, unit, clerk, officer):
        self.unit, self.clerk, self.officer, self.state = unit, clerk, officer, "open"
        self.granted, self.notes, self.lines, self.out, self.request, self.version = set(), {}, {}, set(), None, 0

    @property
    def due(self):
        return self.granted - self.out


def walk(world, pattern):
    class Walk(RuleBasedStateMachine):
        """`sides` and `today` are the plain model; the database is asked only to compare."""

        @initialize(rolling=st.booleans())
        def begin(self, rolling):
            self.undone = db.atomic()
            self.savepoint = self.undone.__enter__()
            self.today, self.serial, self.rolling = DAY, 0, rolling
            self.clock = clock.at(self.today)
            self.clock.__enter__()
            third = type(world.unit).get(type(world.unit).code == "10002")
            third = third.change(world.centre, taking_part=True)
            clerk3 = account("clerk3", "clerk", institution=third)
            InstitutionHead.add(clerk3, institution=third, president="丙", chair="丙", valid_from=dt.date(2009, 1, 1))
            self.sides = {"a": Side(world.unit, world.clerk, world.officer), "b": Side(world.unit2, world.clerk2, world.officer2), "c": Side(third, clerk3, world.officer)}
            self.term = world.term("学期", FIRST, LAST, FIRST, UNTIL, within_days=30 if rolling else None)

        def report(self, side):
            return Report.get(Report.term == self.term, Report.institution == side.unit)

        def annual(self, side):
            return AnnualReport.get(AnnualReport.term == self.term, AnnualReport.institution == side.unit)

        def attempt(self, possible, call):
            """What the model allows happens, everything else is refused."""
            try:
                with db.atomic():
                    call()
                done = True
            except Refused as refusal:
                done, self.said = False, str(refusal)
            assert done == bool(possible), (possible, {name: (side.state, side.due, side.lines, side.request) for name, side in self.sides.items()}, getattr(self, "said", ""))
            return done

        def who(self, side, actor, role):
            """Somebody who has the role there, elsewhere, or another role."""
            other = self.sides["b" if side.unit == world.unit else "a"]
            return {"own": getattr(side, role), "other": getattr(other, role), "centre": world.centre,
                    "clerk": side.officer if role == "clerk" else side.clerk}[actor]

        # what the units do -----------------------------------------------------------------------------------------------------------
        @precondition(lambda self: self.serial < 9 and self.today <= LAST)
        @rule(unit=UNIT)
        def grant(self, unit):
            """One more degree, with everything that a record needs."""
            side, self.serial = self.sides[unit], self.serial + 1
            self.grant_to(side)

        def grant_to(self, side):
            number = number_for(500 + self.serial, born="19880808")
            old = pattern.person
            person = Person.create(**{name: value for name, value in old.__data__.items() if name not in ("id", "document_number", "document_index")}
                                   | {"document_number": number, "phone": f"137{self.serial:08d}"})
            copies = {}
            for name in ("theses", "defences", "defence_requests"):
                copies[name] = getattr(pattern.application, name).get()
            case = self.copy(pattern.application, person=person.id, institution=side.unit.id, number=f"N{self.serial}", register_number=f"R{self.serial}")
            for row in copies.values():
                self.copy(row, application=case.id, institution=side.unit.id)
            for row in self.passes:
                kind = type(row)
                kind.create(**{name: value for name, value in row.__data__.items() if name not in ("id", "document_number", "document_index")}, document_number=number)
            award = self.copy(pattern, application=case.id, person=person.id, institution=side.unit.id, awarded_on=min(self.today, LAST),
                              certificate_number=f"{side.unit.code}32026{500 + self.serial:06d}")
            side.granted.add(award.id)
            side.notes[award.id] = ""

        @property
        def passes(self):
            return list(PriorPass.select().where(PriorPass.document_index == pattern.person.document_index))

        @staticmethod
        def copy(row, **values):
            kind = type(row)
            return kind.create(**{name: value for name, value in row.__data__.items() if name not in ("id", "edition")} | values)

        @rule(unit=UNIT, text=st.sampled_from(("一", "二", "三")))
        def edit(self, unit, text):
            side = self.sides[unit]
            if not side.granted:
                return
            id = min(side.granted)
            free = id not in side.lines or side.state not in STANDS or (side.request and side.request[:3] == ("change", "opened", id))
            if self.attempt(free, lambda: Award.get_by_id(id).change(side.clerk, note=text)):
                side.notes[id] = text

        @rule(unit=UNIT, actor=ACTOR)
        def submit(self, unit, actor):
            side = self.sides[unit]
            possible = actor == "own" and side.due and (side.state == "returned" or (side.state == "open" and self.today <= UNTIL))
            if self.attempt(possible, lambda: self.report(side).submit(by=self.who(side, actor, "clerk"))):
                side.state, side.lines, side.version = "submitted", {id: side.notes[id] for id in side.due}, side.version + 1

        @rule(unit=UNIT)
        def submit_more(self, unit):
            side = self.sides[unit]
            possible = self.rolling and side.state in ("submitted", "no_award") and side.due - side.lines.keys() and self.today <= UNTIL
            if self.attempt(possible, lambda: self.report(side).submit_more(by=side.clerk)):
                side.lines |= {id: side.notes[id] for id in side.due - side.lines.keys()}
                side.state, side.version = "submitted", side.version + 1

        @rule(unit=UNIT, actor=ACTOR)
        def confirm_no_award(self, unit, actor):
            side = self.sides[unit]
            possible = actor == "own" and not side.due and (side.state == "returned" or (side.state == "open" and self.today <= UNTIL))
            if self.attempt(possible, lambda: self.report(side).confirm_no_award(by=self.who(side, actor, "clerk"))):
                side.state, side.lines, side.version = "no_award", {}, side.version + 1

        # what offices and the centre do ------------------------------------------------------------------------------------------------
        @rule(unit=UNIT, actor=ACTOR)
        def send_back(self, unit, actor):
            side = self.sides[unit]
            own = self.who(side, actor, "officer") == side.officer
            if self.attempt(own and side.state in ("submitted", "no_award"), lambda: self.report(side).send_back(by=self.who(side, actor, "officer"), reason="错报")):
                side.state = "returned"

        @rule(unit=UNIT, actor=ACTOR)
        def file(self, unit, actor):
            side = self.sides[unit]
            own = self.who(side, actor, "officer") == side.officer
            whole = side.due <= side.lines.keys()
            if self.attempt(own and whole and side.state in ("submitted", "no_award"), lambda: self.annual(side).file(by=self.who(side, actor, "officer"))):
                side.state = "filed"

        @rule(unit=UNIT, centre=st.booleans())
        def undo(self, unit, centre):
            side = self.sides[unit]
            possible = centre and side.state == "filed" and side.request is None
            if self.attempt(possible, lambda: self.annual(side).undo(by=world.centre if centre else side.officer, reason="有误")):
                side.state = "submitted" if side.lines else "no_award"

        # after filing ----------------------------------------------------------------------------------------------------------------------
        @precondition(lambda self: any(side.state == "filed" and side.granted and side.request is None for side in self.sides.values()))
        @rule(unit=UNIT, kind=st.sampled_from(("add", "change", "remove")), newest=st.booleans())
        def ask(self, unit, kind, newest):
            side = self.sides[unit]
            if side.state != "filed" or not side.granted or side.request:
                return
            id = max(side.granted) if newest else min(side.granted)

            def call():
                letter = File.keep(b"%PDF-1.4", "函.pdf", "letter", "application/pdf", institution=side.unit)
                amendment = Amendment.add(side.clerk, report=self.report(side), kind=kind, letter=letter)
                AmendmentItem.add(side.clerk, amendment=amendment, award=id)
                amendment.ask(by=side.clerk)
                self.amendment = amendment.id
            if self.attempt((id in side.lines) == (kind != "add"), call):
                side.request = (kind, "asked", id, self.amendment)

        @precondition(lambda self: any(side.request for side in self.sides.values()))
        @rule(unit=UNIT, step=st.sampled_from(("open", "enter", "confirm", "confirm", "refuse")))
        def handle(self, unit, step):
            side = self.sides[unit]
            if side.request is None:
                return
            kind, far, id, number = side.request
            row = Amendment.get_by_id(number)
            wanted = {"open": ("asked",), "enter": ("opened",), "confirm": ("entered",), "refuse": ("asked", "opened", "entered")}[step]
            changed = kind != "change" or side.notes[id] != side.lines[id]
            by = side.clerk if step == "enter" else side.officer
            if self.attempt(far in wanted and (step != "enter" or changed), lambda: getattr(row, step)(by=by, reason="说明")):
                side.request = None if step in ("confirm", "refuse") else (kind, wanted and {"open": "opened", "enter": "entered"}[step], id, number)
                if step == "enter":
                    side.entered = side.notes[id]
                if step == "confirm":
                    side.version += 1
                    if kind == "remove":
                        side.lines.pop(id)
                        side.out.add(id)
                    else:
                        side.lines[id] = side.entered
                        side.out.discard(id)

        @rule(days=st.sampled_from((1, 20, 60)), often=st.integers(0, 3))
        def time_passes(self, days, often):
            if often:
                return
            self.today += dt.timedelta(days=days)
            self.clock.__exit__(None, None, None)
            self.clock = clock.at(self.today)
            self.clock.__enter__()

        @invariant()
        def compare(self):
            if not hasattr(self, "sides"):
                return
            for side in self.sides.values():
                report, annual = self.report(side), self.annual(side)
                lines = list(report.current_lines())
                assert (report.state, report.version, annual.state == "filed") == (side.state, side.version, side.state == "filed")
                assert len({line.award_id for line in lines}) == len(lines) == report.line_count          # none is reported twice
                assert {line.award_id: line.values["BZ"] for line in lines} == side.lines                 # as the model has it
                assert report.intact() and all(line.intact for line in report.lines)                      # and as its hash has it
                left = side.due - side.lines.keys() if side.state in STANDS else set()
                assert report.left_out() == Report.left_out_of([report.id]).get(report.id, 0) == len(left)          # none is lost: reported, left out, or taken out
                out = set(id for id, in report.lines.select(ReportLine.award).where(ReportLine.ended.is_null(), ReportLine.removed).tuples())
                assert out == side.out

        def teardown(self):
            if hasattr(self, "undone"):
                self.savepoint.rollback()
                self.undone.__exit__(None, None, None)
                self.clock.__exit__(None, None, None)
    return Walk


def test_a_season_goes_only_where_the_law_leads(world):
    pattern = award_of(world, "林叙白")
    Award.update(awarded_on=dt.date(2026, 1, 10)).where(Award.id == pattern.id).execute()          # outside the term of the walk
    run_state_machine_as_test(walk(world, Award.get_by_id(pattern.id)), settings=settings(
        max_examples=int(os.environ.get("WALKS", 10)), stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)))
