"""Stages 8 and 9 of the demo: the request for the defence, thesis and reviewers, the defence, the degree."""
import datetime as dt
from decimal import Decimal

from models.defences import CheckItem, CommitteeMember, Defence, DefenceRequest, Thesis, ThesisReviewer, attach, request_defence
from models.files import File
from models.staff import Expert
from tasks.demo.awards import award
from tasks.demo.cases import days
from tasks.demo.names import FIRST, SECOND, SURNAMES

# days before the degree
REQUESTED, RETURNED, APPROVED, SENT, PLANNED, HELD, RECORDED = 115, 105, 95, 91, 40, 25, 22
AGAIN = 120                      # days from the first defence to its repetition
TITLES = ("{}视角下的若干问题研究", "{}中的数据分析方法及其应用", "基层单位{}实践的调查与思考", "{}若干关键技术研究", "{}发展路径的比较研究")
INSIDE, OUTSIDE = 8, 3           # people on the list of a unit
ELSEWHERE = ("某师范大学", "某理工大学", "某科学院研究所", "某财经大学")
CHECKS_MORE, OWN_LIST = "10001", ("以第一作者公开发表论文一篇", "学位论文定稿", "导师同意答辩", "参加学术报告不少于两次")
VOTES = {"passed": (5, 0, 0), "narrow": (4, 1, 0), "failed": (2, 2, 1)}


def graduate(world, life):
    """The story from the request to the degree."""
    clerk, reviewer = (world.staff[life.plan.unit, role] for role in ("clerk", "reviewer"))
    yield life.due - days(REQUESTED)
    if life.turn == "request_draft":
        return DefenceRequest.add(life.user, application=life.case, institution=life.case.institution_id, statement="论文已定稿，待导师签字后提交")
    attach(life.case, life.user, "学位论文定稿", paper(world, life.case, "论文定稿.pdf"))
    request = request_defence(life.case, life.user)
    yield life.due - days(RETURNED)
    if life.turn == "request_returned":
        return request.send_back(by=reviewer, reason="请补充导师同意答辩的签字意见")
    if life.turn == "request_withdrawn":
        return request.withdraw(by=life.user)
    yield life.due - days(APPROVED)
    if life.plan.unit == CHECKS_MORE:
        own_list(reviewer)
    request.tick(reviewer).approve(by=reviewer, opinion="三项条件符合，本单位要求已逐项核对，准予答辩")
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


def own_list(reviewer):
    """The first time its reviewer decides, the unit writes down what it asks for beyond the three conditions."""
    if not reviewer.institution.check_items.exists():
        for position, title in enumerate(OWN_LIST, 1):
            CheckItem.add(reviewer, institution=reviewer.institution, title=title, position=position)


def people_of(world, clerk):
    """The unit's list of supervisors and experts, (those of the unit, those of others); entered when it is first needed."""
    unit, rng = clerk.institution, world.rng
    if not unit.experts.exists():
        for n in range(INSIDE + OUTSIDE):
            Expert.add(clerk, institution=unit, name=teacher(rng), staff_number=f"{unit.code[-3:]}{n + 1:04d}", title=rng.choice(("教授", "副教授", "研究员")),
                       external=n >= INSIDE, unit=rng.choice(ELSEWHERE) if n >= INSIDE else "")
    rows = list(unit.experts.order_by(Expert.id))
    return rows[:INSIDE], rows[INSIDE:]


def paper(world, case, name):
    """A scan that belongs to the case."""
    return File.keep(world.pictures.paper(), name, "document", "application/pdf", institution=case.institution_id, person_ref=case.person_id, case_ref=case.id)


def write_thesis(world, life, clerk):
    rng, subject = world.rng, life.case.discipline.name
    inside, outside = people_of(world, clerk)
    supervisor, *others = rng.sample(inside, 3)
    thesis = Thesis.get(Thesis.application == life.case.id)
    thesis.change(clerk, title=rng.choice(TITLES).format(subject), keywords="" if life.turn == "gap" else f"{subject}；实证研究；对策", thesis_type=rng.choice("1223"),
                  topic_source=rng.choice(("05", "06", "09", "14", "16", "90")), length=Decimal(rng.randrange(28, 52)) / 10, supervised_by=supervisor,
                  plagiarism_ratio=Decimal(rng.randrange(20, 180)) / 10, plagiarism_report=paper(world, life.case, "文字复制检测报告.pdf"),
                  file=paper(world, life.case, "学位论文.pdf"), started_on=life.due - days(420), handed_in_on=life.due - days(SENT + 3), language="01")
    for expert in (rng.choice(outside), *others):
        ThesisReviewer.add(clerk, thesis=thesis, institution=life.case.institution_id, expert=expert, sent_on=life.due - days(SENT), agrees=True,
                           opinion="选题有意义，论证充分，同意答辩")


def defend(world, life, clerk, due, outcome):
    """One defence: planned with its committee in the next free hour of the day, held, the ballot entered, recorded."""
    yield due - days(PLANNED)
    day, unit = due - days(HELD), life.case.institution_id
    earlier = Defence.select().where(Defence.institution == unit, Defence.held_on == day).count()
    begin = dt.datetime.combine(day, dt.time(8, 30)) + dt.timedelta(minutes=40 * earlier)
    defence = Defence.add(clerk, application=life.case.id, held_on=day, place=f"二教 {200 + unit % 30}", starts_at=begin.time(),
                          ends_at=(begin + dt.timedelta(minutes=40)).time())
    inside, outside = people_of(world, clerk)
    supervisor = Thesis.get(Thesis.application == life.case.id).supervised_by_id
    chosen = world.rng.sample([expert for expert in inside if expert.id != supervisor], 4) + [world.rng.choice(outside)]
    for n, expert in enumerate(chosen):
        CommitteeMember.add(clerk, defence=defence, institution=unit, expert=expert, chair=n == 0)
    yield due - days(HELD - 1)
    votes = dict(zip(("votes_for", "votes_against", "votes_abstain"), VOTES[outcome]))
    defence.change(clerk, grade="不合格" if outcome == "failed" else world.rng.choice(("优秀", "良好", "良好", "中等", "合格")), **votes)
    yield due - days(RECORDED)
    if outcome == "failed":
        defence.record_failure(by=clerk, reason="论文数据支撑不足，须作重大修改后重新答辩")
    else:
        defence.record_pass(by=clerk)


def teacher(rng):
    return rng.choice(SURNAMES) + rng.choice(FIRST) + rng.choice(SECOND)
