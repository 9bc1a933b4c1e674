"""Stages 8 and 9 of the demo: the request for the defence, thesis and reviewers, the defence, the degree."""
from decimal import Decimal

from models.awards import Award
from models.defences import CommitteeMember, Defence, DefenceRequest, Thesis, ThesisReviewer, request_defence
from tasks.demo.cases import days
from tasks.demo.names import FIRST, SECOND, SURNAMES

# days before the degree
REQUESTED, RETURNED, APPROVED, SENT, PLANNED, HELD, RECORDED = 115, 105, 95, 91, 40, 25, 22
AGAIN = 120                      # days from the first defence to its repetition
TITLES = ("{}视角下的若干问题研究", "{}中的数据分析方法及其应用", "基层单位{}实践的调查与思考", "{}若干关键技术研究", "{}发展路径的比较研究")
VOTES = {"passed": (5, 0, 0), "narrow": (4, 1, 0), "failed": (2, 2, 1)}


def graduate(world, life):
    """The story from the request to the degree."""
    clerk, reviewer = (world.staff[life.plan.unit, role] for role in ("clerk", "reviewer"))
    yield life.due - days(REQUESTED)
    if life.turn == "request_draft":
        return DefenceRequest.add(life.user, application=life.case, institution=life.case.institution_id, statement="论文已定稿，待导师签字后提交")
    request = request_defence(life.case, life.user)
    yield life.due - days(RETURNED)
    if life.turn == "request_returned":
        return request.send_back(by=reviewer, reason="请补充导师同意答辩的签字意见")
    if life.turn == "request_withdrawn":
        return request.withdraw(by=life.user)
    yield life.due - days(APPROVED)
    request.approve(by=reviewer, checked=True, opinion="三项条件符合，本单位要求已逐项核对，准予答辩")
    yield life.due - days(SENT)
    write_thesis(world, life, clerk)
    first_fails = life.turn in ("failed", "failed_twice", "repeated")
    yield from defend(world, life, clerk, life.due, "failed" if first_fails else world.rng.choice(("passed", "passed", "narrow")))
    due = life.due
    if first_fails:
        if life.turn == "failed":
            return None
        due += days(AGAIN)
        yield from defend(world, life, clerk, due, "passed" if life.turn == "repeated" else "failed")
    if life.turn != "failed_twice":
        yield from award(world, life, reviewer, due)


def write_thesis(world, life, clerk):
    rng, subject = world.rng, life.case.discipline.name
    supervisor, keywords = teacher(rng), f"{subject}；实证研究；对策"
    thesis = Thesis.get(Thesis.application == life.case.id)
    thesis.change(clerk, title=rng.choice(TITLES).format(subject), keywords="" if life.turn == "gap" else keywords, thesis_type=rng.choice("1223"),
                  topic_source=rng.choice(("05", "06", "09", "14", "16", "90")), length=Decimal(rng.randrange(28, 52)) / 10, supervisor=supervisor,
                  supervisor_title=rng.choice(("教授", "副教授", "研究员")), supervisor_number=f"D{rng.randrange(10000, 99999)}",
                  started_on=life.due - days(420), handed_in_on=life.due - days(SENT + 3), language="01")
    for n in range(3):
        ThesisReviewer.add(clerk, thesis=thesis, institution=life.case.institution_id, name=teacher(rng), title="教授",
                           number=f"P{rng.randrange(10000, 99999)}", unit="某高校" if n == 0 else str(life.case.institution),
                           outsider=n == 0, sent_on=life.due - days(SENT), agrees=True, opinion="选题有意义，论证充分，同意答辩")


def defend(world, life, clerk, due, outcome):
    """One defence: planned with its committee, held, the ballot entered, recorded."""
    yield due - days(PLANNED)
    room = f"{world.rng.choice('一二三四')}教 {world.rng.randrange(101, 420)}"
    defence = Defence.add(clerk, application=life.case.id, held_on=due - days(HELD), place=room)
    for n in range(5):
        CommitteeMember.add(clerk, defence=defence, institution=defence.institution_id, name=teacher(world.rng), title="教授" if n < 3 else "副教授",
                            number=f"C{n}{world.rng.randrange(1000, 9999)}", unit="某高校" if n == 1 else str(life.case.institution),
                            chair=n == 0, outsider=n == 1)
    yield due - days(HELD - 1)
    votes = dict(zip(("votes_for", "votes_against", "votes_abstain"), VOTES[outcome]))
    defence.change(clerk, grade="不合格" if outcome == "failed" else world.rng.choice(("优秀", "良好", "良好", "中等", "合格")), **votes)
    yield due - days(RECORDED)
    if outcome == "failed":
        defence.record_failure(by=clerk, reason="论文数据支撑不足，须作重大修改后重新答辩")
    else:
        defence.record_pass(by=clerk)


def award(world, life, reviewer, due):
    """The degree of a day; one unit registers one of them only after it has reported."""
    yield world.terms["reported"][1] - days(4) if life.turn == "left_out" else due
    row = Award.get(Award.application == life.case.id)
    row.grant(by=reviewer, decision_number=f"校学位〔{due.year}〕{due.month} 号", awarded_on=due)
    if life.turn == "revoked":
        yield due + days(5)
        row.withdraw(by=reviewer, reason="经调查，学位论文存在抄袭，学位评定委员会决定撤销所授学位")


def teacher(rng):
    return rng.choice(SURNAMES) + rng.choice(FIRST) + rng.choice(SECOND)
