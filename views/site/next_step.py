"""What an applicant does next: one thing, by when, what to bring or who decides. Everything on the page /me hangs on it."""
from dataclasses import dataclass

from flask import url_for

from models import clock
from models.conditions import conditions
from models.exams.entering import subjects_for
from models.exams.payments import fee_of, payment_ends
from models.exams.sessions import ExamSession
from models.parameters import value
from models.rules.rule import contact


@dataclass(frozen=True)
class Next:
    """The next step: title, sentence, last day, (icon, tone, text, small print) rows, and the button where there is something to press."""
    title: str
    text: str = ""
    until: object = None
    checks: tuple = ()
    url: str = ""
    label: str = ""
    reason: str = ""


def next_step(case):
    """The Next of a live or finished case."""
    return STEPS[case.state](case)


def fill(case):
    missing = len(case.missing_fields())
    text = f"还有 {missing} 项没有填写。填好的内容已经保存，可以随时回来继续。" if missing else "内容已经填完，请核对后提交。"
    return Next("填写并提交申请", text, case.programme.apply_until, url=url_for("filling.begin", id=case.id), label="继续填写" if missing else "核对并提交")


def mend(case):
    return Next("修改后再次提交", f"{case.institution}把申请退回给您补正。", case.programme.confirm_until, reason=case.returned_reason,
                url=url_for("submitting.check", id=case.id), label="修改申请")


def go_there(case):
    programme = case.programme
    originals = value("confirmation.originals", institution=case.institution_id)
    return Next("带原件到现场确认", f"本人到 {case.institution} {programme.place}，约 10 分钟，{programme.confirm_from} 起办理。", programme.confirm_until,
                tuple(("file", "", title, "原件") for title in originals), url_for("submitting.done", id=case.id), "看要带什么")


def wait_for_review(case):
    return Next("等待资格审核", f"由 {case.institution} 审核您的材料。您现在不需要做什么，结果会在这里和电子邮件里通知您。")


def study(case):
    """On the register: the request as soon as it would be accepted, else the exam while it is open, else the credits that lack."""
    limit, exams, credits = found = conditions(case)
    back = case.defence_requests.where(case.defence_requests.model.state == "returned").first()
    if not limit.met:
        return Next("学习年限已过", f"要求{limit.required}，实际 {limit.actual}，{limit.gap}。{limit.todo}", case.deadline,
                    url=url_for("changes.ask", change="extension"), label="申请延长年限")
    if all(condition.met for condition in found):
        return Next("再次申请论文答辩" if back else "申请论文答辩", "年限、统考、学分三项条件都已满足，可以申请。", case.deadline,
                    url=url_for("requesting.show"), label="去申请答辩", reason=back.opinion if back else "")
    return (None if exams.met else sit(case)) or (
        Next("继续修课程学分", credits.todo, case.deadline) if not credits.met else
        Next("等待下一次统考报考", f"{exams.why}报考开始时会在公告里通知。", case.deadline))


def sit(case):
    """What the open or coming session asks of the person; None when it asks nothing."""
    today, url = clock.today(), url_for("exam.show")
    entries = case.exam_entries
    mine = [entry for entry in entries.where(entries.model.state.in_(("unpaid", "paid"))) if entry.session.exam_on >= today and entry.session.state != "published"]
    unpaid = [entry for entry in mine if entry.state == "unpaid"]
    rows = tuple(("check" if entry.state == "paid" else "clock", "ok" if entry.state == "paid" else "wait", str(entry.subject), entry.state_label) for entry in mine)
    if unpaid:
        session = unpaid[0].session
        return Next("缴纳统考报名费", f"{session}，{sum(fee_of(entry.subject) for entry in unpaid):.0f} 元。到时没有缴费的报考作废。", payment_ends(session), rows,
                    url_for("paying.show", id=unpaid[0].payment_id), "去缴费")
    if mine:
        return Next("参加国家统考", f"{mine[0].session}，{mine[0].session.exam_on} 考试。", mine[0].session.exam_on, rows, url, "看报考")
    for session in ExamSession.select().where(ExamSession.state == "open", ExamSession.entry_until >= today).order_by(ExamSession.entry_from):
        wanted = [item for item, why in subjects_for(case, session) if why is None]
        if wanted:
            return Next("报考国家统考", f"{session}，{session.entry_from} 起报考，{session.exam_on} 考试。", session.entry_until,
                        tuple(("pen", "", str(item), f"{fee_of(item):.0f} 元") for item in wanted), url, "去报考")
    return None


def wait_for_admission(case):
    return Next("等待答辩资格审核", f"由 {case.institution} 审核您的答辩申请，结果会在这里和电子邮件里通知您。", url=url_for("requesting.show"), label="看申请")


def prepare(case):
    defence = case.defences.where(case.defences.model.state == "planned").first()
    if defence is None:
        return Next("准备论文答辩", f"{case.institution} 已准予答辩，正在安排评阅和答辩。", url=url_for("requesting.show"), label="看详情")
    return Next("参加论文答辩", f"{defence.held_on}{f' {defence.starts_at:%H:%M}' if defence.starts_at else ''}，{defence.place or '地点由单位通知'}。", defence.held_on, url=url_for("requesting.show"), label="看详情")


def wait_for_degree(case):
    return Next("等待授予学位", f"论文答辩已经通过，由 {case.institution} 学位评定委员会决定授予学位。", url=url_for("requesting.show"), label="看详情")


def finished(case):
    award = case.awards.first()
    if award is None or award.state != "awarded":
        return Next("学位已由单位撤销", award.withdrawal_reason if award else "")
    return Next("已获得硕士学位", f"{award.awarded_on} 授予，证书编号 {award.certificate_number}，决定编号 {award.decision_number}。")


def frozen(case):
    """Frozen until the dismissal is final: till when, why, and how to object."""
    dismissal = case.dismissals.where(case.dismissals.model.state == "approved").get()
    ground = dict(dismissal._meta.fields["ground"].choices)[dismissal.ground]
    return Next("申请已冻结，清退尚未生效", f"有异议的，请在冷静期内向 {contact(case)} 提出；异议成立的，由审核人撤销清退，申请恢复原状。冷静期过后清退生效，不能恢复。",
                dismissal.until, reason=f"{ground}：{dismissal.statement}")


def over(case):
    text = {"rejected": case.opinion, "dismissed": case.dismissal_reason}.get(case.state, "")
    return Next(f"这件申请{case.state_label}", "您可以选择学科重新申请。", reason=text, url=url_for("programmes.search"), label="选择学科")


STEPS = {"draft": fill, "returned": mend, "submitted": go_there, "confirmed": wait_for_review, "registered": study, "defence_requested": wait_for_admission,
         "defence_admitted": prepare, "defended": wait_for_degree, "awarded": finished, "frozen": frozen, "rejected": over, "withdrawn": over, "dismissed": over}
