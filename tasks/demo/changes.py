"""Stage 7 of the demo: what life brings - longer limits, other programmes and data, exits, releases, a cool-off, doubles, clerks who leave."""
from models import clock
from models.applications import Application
from models.changes.data import DataChange
from models.changes.extension import Extension
from models.changes.handover import Handover
from models.changes.merging import PersonMerge
from models.changes.programme import ProgrammeChange
from models.dismissals import Dismissal
from models.exams.entries import ExamEntry
from models.exams.sessions import ExamSession
from models.files import File
from models.parameters import Parameter
from models.people import Person, User
from models.programmes import Programme
from models.releases import ask_release
from tasks.demo.accounts import account, mail
from tasks.demo.cases import days

ASKED, DECIDED = 12, 2             # days before today; decided when everything else has happened
COOLING = "10284"                  # the unit whose dismissals cool off
TURNS = (None, "approve", "refuse", "withdraw")


def ask(world, code):
    """The story of one unit in which everything is asked for, and decided in every way."""
    yield world.today - days(ASKED)
    clerk, reviewer = world.staff[code, "clerk"], world.staff[code, "reviewer"]
    cases = iter(settled(clerk.institution_id))
    asked = [(turn, programme_change(next(cases))) for turn in TURNS]
    for turn in TURNS:
        asked += [(turn, extension(world, next(cases))), (turn, data_change(world, next(cases), turn)), (turn, own_exit(next(cases)))]
    releases = [(turn, case, ask_release(case.person, None, owner(case))) for turn, case in zip((None, "dismiss", "refuse", "withdraw"), cases)]
    yield world.today - days(DECIDED)
    for turn, request in asked:
        answer(request, turn, reviewer)
    for turn, case, request in releases:
        if turn == "dismiss":
            case.dismiss(by=clerk, ground="own_request", reason="本人申请转往外单位，同意放行")
        else:
            answer(request, turn, reviewer)


def settled(unit):
    """Cases of the register of a unit that may change, of nobody with a name of his own; those without an exam under way come first."""
    pending = {case for case, in ExamEntry.select(ExamEntry.application).join(ExamSession)
               .where(ExamSession.state != "published", ExamEntry.state.in_(("unpaid", "paid"))).tuples()}
    cases = (Application.select().join(User, on=User.person == Application.person)
             .where(Application.institution == unit, Application.state == "registered", Application.deadline > clock.today() + days(200), User.username.is_null()))
    return sorted(cases, key=lambda case: (case.id in pending, case.id))


def answer(request, turn, reviewer):
    """What becomes of a request; None: it still waits."""
    if turn == "withdraw":
        request.withdraw(by=owner(request.application) if hasattr(request, "application") else request.person.users.get())
    elif turn == "refuse":
        request.refuse(by=reviewer, reason="所附材料不能证明申请的理由")
    elif turn == "approve":
        request.approve(by=reviewer, opinion="材料属实，同意")


def owner(case):
    return case.applicants()[0]


def proof(world, case, case_ref=None):
    """A document of the person; with `case_ref` one that goes with the case when it is cleared."""
    return File.keep(world.pictures.paper(), "证明.pdf", "document", "application/pdf", institution=case.institution_id, person_ref=case.person_id, case_ref=case_ref)


def extension(world, case):
    return Extension.add(owner(case), application=case, ground="illness", until=clock.years_after(case.deadline, 1), statement="住院治疗半年",
                         document=proof(world, case, case.id))


def programme_change(case):
    other = Programme.get(Programme.institution == case.institution_id, Programme.state == "published", Programme.id != case.programme_id)
    return ProgrammeChange.add(owner(case), application=case, programme=other, statement="工作岗位变动")


def data_change(world, case, turn):
    wanted = {"name": f"{case.person.name[0]}思源", "evidence": proof(world, case)} if turn == "approve" else {"email": mail(f"new{case.id}")}
    return DataChange.add(owner(case), person=case.person, institution=case.institution_id, statement="与户口簿一致", **wanted)


def own_exit(case):
    return Dismissal.add(owner(case), application=case, statement="工作调动，申请退出")


def cool_off(world):
    """A unit whose dismissals cool off for thirty days: one does, one was taken back."""
    clerk, reviewer = world.staff[COOLING, "clerk"], world.staff[COOLING, "reviewer"]
    yield world.today - days(30)
    Parameter.add(world.staff["centre"], name="dismissal.cool_off_days", title="清退冷静期（天）", value=30, valid_from=clock.today(), institution=clerk.institution)
    yield world.today - days(ASKED)
    proposals = [Dismissal.add(clerk, application=case, ground="false_material", statement="成果材料经核实不真实") for case in settled(clerk.institution_id)[:2]]
    yield world.today - days(DECIDED)
    for proposal in proposals:
        proposal.approve(by=reviewer, opinion="同意清退")
    yield world.today - days(DECIDED - 1)
    proposals[1].restore(by=reviewer, reason="本人申诉，补充的材料属实")


def merge(world):
    """Persons who registered twice: decided by a second account of the centre."""
    centre = world.staff["centre"]
    yield world.today - days(ASKED)
    second = account("温以宁", "centre", email=mail("centre.2"))
    named = User.select(User.person).where(User.username.is_null(False), User.person.is_null(False))
    kept, *doubles = Person.select().where(Person.id.not_in(Application.select(Application.person)), Person.id.not_in(named)).order_by(Person.id).limit(5)
    merges = [PersonMerge.add(centre, kept=kept, double=double, statement="同一人以两个证件重复注册") for double in doubles]
    yield world.today - days(DECIDED)
    for turn, row in zip(TURNS, merges, strict=True):
        if turn == "withdraw":
            row.withdraw(by=centre)
        else:
            answer(row, turn, second)


def hand_over(world):
    """Three clerks who leave: one has handed over, one is about to, one stayed after all."""
    admin, clerk = world.staff["10001", "unit_admin"], world.staff["10001", "clerk"]
    yield world.today - days(ASKED)
    rows = [Handover.add(admin, institution=clerk.institution, successor=clerk, leaver=account(name, "clerk", email=mail(f"clerk.{n}.10001"), institution=clerk.institution))
            for n, name in enumerate(("池明远", "易安然", "路知行"), start=2)]
    yield world.today - days(DECIDED)
    rows[1].take_over(by=admin)
    rows[2].cancel(by=admin)
