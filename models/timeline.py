"""The ten stages of one case as a time line: what is done, what is under way, what comes next. Office and applicant site show the same."""
from models import clock
from models.belonging import latest
from models.conditions import conditions
from models.register import VERDICTS
from models.roles import STAGES

DONE, NOW, NEXT = "done", "now", "next"


def timeline(case, found=()):
    """[{number, name, state: done|now|next, date, who, note, late, lines}] of the ten stages of an Application; `found` are its conditions
    today, where they are known already.

    `date` is a date or None, `who` and `note` are text, `late` is what asks for attention; `lines` are date, who and note as the
    texts that there are, in this order.
    """
    return [entry(number, **part) for number, part in enumerate((
        published(case), applied(case), confirmed(case), reviewed(case), *studying(case, found), rechecked(case), requested(case), defended(case),
        reported(case)), start=1)]


def entry(number, state=NEXT, date=None, who="", note="", late=""):
    return {"number": number, "name": STAGES[number], "state": state, "date": date, "who": str(who or ""), "note": note, "late": late,
            "lines": [str(part) for part in (date, who, note) if part]}


def day(moment):
    return moment.date() if moment else None


def published(case):
    return {"state": DONE, "date": day(case.programme.published_at), "who": case.institution}


def applied(case):
    if case.state == "draft":
        return {"state": NOW, "who": "本人", "note": "正在填写", "late": f"{case.programme.apply_until} 截止"}
    if case.state == "returned":
        return {"state": NOW, "date": day(case.submitted_at), "who": "本人", "late": "退回补正，请修改后再次提交"}
    if case.state == "withdrawn":
        return {"state": DONE, "date": day(case.submitted_at), "who": "本人", "note": "已撤回"}
    return {"state": DONE, "date": day(case.submitted_at), "who": "本人"}


def confirmed(case):
    if case.state == "submitted":
        return {"state": NOW, "who": "本人到场", "late": f"{case.programme.confirm_until} 前带原件到场"}
    if case.confirmed_at is None or case.state in ("draft", "returned"):
        return {}
    confirmation = case.confirmation
    return {"state": DONE, "date": day(case.confirmed_at), "who": confirmation and confirmation.confirmed_by}


def reviewed(case):
    if case.state == "confirmed":
        return {"state": NOW, "who": case.institution, "note": "等待审核"}
    if case.reviewed_at is None:
        return {}
    passed = case.registered_on is not None
    return {"state": DONE, "date": day(case.reviewed_at), "who": case.reviewer, "note": "通过，已入册" if passed else "未通过"}


def studying(case, found):
    """The two stages that run side by side while the case is on the register: courses and national exam."""
    if case.state == "dismissed" or case.registered_on is None:
        return {}, {}
    _, exams, credits = found or conditions(case)
    closed = case.state in ("awarded", "frozen")
    return [{"state": DONE if condition.met or case.state == "awarded" else NEXT if closed else NOW, "note": f"{condition.actual} / {condition.required}",
             "late": "" if condition.met or closed else f"差 {condition.gap}"} for condition in (credits, exams)]


def rechecked(case):
    if case.state == "dismissed":
        return {"state": DONE, "date": day(case.dismissed_at), "who": case.institution, "note": "已清退"}
    if case.state == "frozen":
        dismissal = latest(row for row in case.dismissals if row.state == "approved")
        return {"state": NOW, "date": dismissal.decided_on, "who": case.institution, "note": "已冻结", "late": f"清退冷静期至 {dismissal.until}"}
    finding = latest(case.findings)
    if finding is None:
        return {"note": "由单位定期进行"} if case.on_register else {}
    return {"state": DONE, "date": day(finding.recheck.run_at), "who": case.institution, "note": dict(VERDICTS)[finding.verdict]}


def requested(case):
    request = latest(case.defence_requests)
    if request is None or request.state in ("draft", "withdrawn"):
        return {}
    if request.state == "approved":
        return {"state": DONE, "date": request.decided_on, "who": case.institution, "note": "准予答辩"}
    if request.state == "returned":
        return {"state": NOW, "date": request.decided_on, "who": "本人", "late": "退回补正"}
    return {"state": NOW, "date": request.requested_on, "who": case.institution, "note": "等待审核"}


def defended(case):
    award = latest(case.awards)
    if award is not None and award.awarded_on:
        return {"state": DONE, "date": award.awarded_on, "who": case.institution, "note": award.state_label}
    if case.state not in ("defence_admitted", "defended"):
        return {}
    if award is not None:
        return {"state": NOW, "who": case.institution, "note": "答辩通过，等待授予学位"}
    defence = max(case.defences, key=lambda row: row.attempt, default=None)
    if defence is None:
        return {"state": NOW, "note": "等待安排答辩"}
    return {"state": NOW, "date": defence.held_on, "note": f"答辩{defence.state_label}", "late": "" if defence.held_on >= clock.today() else "等待登记结果"}


def reported(case):
    award = latest(case.awards)
    line = award and latest(award.report_lines)
    if line is None:
        return {"state": NOW, "who": case.institution, "note": "等待报送"} if award and award.state == "awarded" else {}
    report = line.report
    return {"state": DONE if report.state == "filed" else NOW, "who": report.term, "note": report.state_label}
