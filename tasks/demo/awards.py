"""Stage 9 of the demo: the degree committee meets and decides the degrees of a day; one unit shows its lists before; objections, reprints,
withdrawals."""
from models.awards import AgendaItem, Award, AwardObjection, Meeting
from models.files import File
from models.parameters import Parameter
from models.people import User
from models.reference import Institution
from tasks.demo.cases import days

LISTED, SHOWN, NOTICE = 14, 10, 5           # days before the meeting; days of the notice
SHOWS, PLAIN = "10001", "10246"             # shows its lists; does not
REPRINTED = "李𠮷安"
FAR = {SHOWS: ("withdrawn", "noted"), PLAIN: ("withdrawn", "recorded")}      # how far the withdrawals of a unit have come


def rules(world):
    """One unit shows its lists."""
    yield world.today - days(5 * 365)
    Parameter.add(world.staff["centre"], name="award.notice_days", title="学位授予前公示的天数（0 = 不公示）", value=NOTICE, valid_from=world.today - days(5 * 365),
                  institution=Institution.get(Institution.code == SHOWS), source="北京大学学位评定委员会工作规则")


def award(world, life, reviewer, due):
    """One degree, on the agenda of the meeting of its day; one unit decides one of them only after it has reported."""
    unit, clerk, late = life.plan.unit, world.staff[life.plan.unit, "clerk"], life.turn == "left_out"
    yield world.terms["reported"][1] - days(6) if late else due - days(LISTED)
    row = Award.get(Award.application == life.case.id)
    meeting = meeting_of(clerk, due)
    AgendaItem.add(clerk, meeting=meeting, award=row)
    if unit == SHOWS:
        yield due - days(SHOWN)
        meeting = Meeting.get_by_id(meeting.id)
        if meeting.state == "planned":
            meeting.publish(by=reviewer)
    yield world.terms["reported"][1] - days(4) if late else due
    decide(world, Meeting.get_by_id(meeting.id), clerk, reviewer)
    if life.who.name == REPRINTED:
        yield due + days(20)
        Award.get_by_id(row.id).reissue(by=clerk, ground="misprint", reason="姓名中的生僻字印制有误，收回原件换发")
    if life.turn == "revoked":
        yield from withdraw(world, Award.get_by_id(row.id), reviewer, due)


def meeting_of(clerk, day):
    """The unit's meeting of a day, planned when it is first needed."""
    unit = clerk.institution_id
    found = Meeting.get_or_none(Meeting.institution == unit, Meeting.held_on == day, Meeting.state == "planned")
    year = Meeting.select().where(Meeting.institution == unit, Meeting.number.startswith(f"{day.year} 年")).count()
    return found or Meeting.add(clerk, institution=unit, number=f"{day.year} 年第 {year + 1} 次", held_on=day, members=25)


def decide(world, meeting, clerk, reviewer):
    """The meeting is held: whoever of the day comes first finds it to be decided."""
    if meeting.state in ("planned", "noticed"):
        present = world.rng.randrange(19, 26)
        minutes = File.keep(world.pictures.paper(), f"{meeting.number}会议决定.pdf", "decision", "application/pdf", institution=meeting.institution_id)
        meeting.change(clerk, present=present, votes_for=present - 1, votes_abstain=1, minutes=minutes)
        meeting.decide(by=reviewer, decision_number=f"校学位〔{meeting.held_on.year}〕{meeting.id} 号")


def withdraw(world, row, reviewer, due):
    """The unit takes a degree back; office and centre record it, not all of them yet."""
    yield due + days(5)
    paper = File.keep(world.pictures.paper(), "撤销学位的决定.pdf", "decision", "application/pdf", institution=row.institution_id, case_ref=row.application_id)
    row.withdraw(by=reviewer, decision_number=f"校学位〔{due.year}〕撤 1 号", decided_on=due + days(5), document=paper,
                 reason="经调查，学位论文存在抄袭，学位评定委员会决定撤销所授学位")
    earlier = Award.select().where(Award.institution == row.institution_id, Award.withdrawn_at.is_null(False)).count()
    far = FAR[row.institution.code][(earlier - 1) % 2]
    if far != "withdrawn":
        yield due + days(8)
        row.note_withdrawal(by=world.staff[row.institution.office_id])
    if far == "recorded":
        yield due + days(12)
        row.record_withdrawal(by=world.staff["centre"], reason="已登记，通知证书查询停用")


def object_to(world):
    """Objections: one that was answered, one that waits while the list is shown, by letter one that was upheld and one that waits."""
    clerk, reviewer, citizen = world.staff[SHOWS, "clerk"], world.staff[SHOWS, "reviewer"], None
    yield world.today - days(8)
    citizen = User.select().where(User.person.is_null(False)).order_by(User.id).first()
    shown = items(SHOWS, "noticed").where(Meeting.notice_until >= world.today - days(8)).first()
    if shown:
        AwardObjection.add(citizen, award=shown.award_id, name=citizen.name, contact="13800000000", statement="论文题目与本人前年的论文相同，请核查。").reject(
            by=reviewer, reason="经核查，两篇论文的研究对象和数据不同，没有雷同。")
    yield world.today - days(2)
    shown = items(SHOWS, "noticed").where(Meeting.notice_until >= world.today - days(2)).first()
    if shown:
        AwardObjection.add(citizen, award=shown.award_id, name=citizen.name, contact="13800000000", statement="论文第三章的数据来源没有注明。")
    clerk, reviewer = world.staff[PLAIN, "clerk"], world.staff[PLAIN, "reviewer"]
    listed = items(PLAIN, "planned").where(Meeting.held_on > world.today).first()
    if listed:
        AwardObjection.add(clerk, award=listed.award_id, name="研究生院来信", statement="来信反映论文第二章与已发表论文雷同。").uphold(
            by=reviewer, reason="雷同属实，退回修改，本次不提交表决。")
        listed.remove(by=clerk, reason="异议成立")
        listed.meeting.cancel(by=clerk, reason="议程上没有其他人，并入下次会议")
    listed = items(PLAIN, "planned").first()
    if listed:
        AwardObjection.add(clerk, award=listed.award_id, name="单位来函", contact="02100000000", statement="来函询问论文所用调查数据的授权，请核实。")


def items(unit, state):
    """Query over the agenda of a unit's meetings in a state, the latest meeting first."""
    return (AgendaItem.select(AgendaItem, Meeting).join(Meeting).join(Institution)
            .where(Institution.code == unit, Meeting.state == state, AgendaItem.state == "listed").order_by(Meeting.held_on.desc(), AgendaItem.id))
