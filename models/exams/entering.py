"""Stage 6: what a person may sit in a session, and entering for it."""
from models.base import writing
from models.conditions import exam_passes
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.sessions import SessionSubject, Subject
from models.parameters import within_window
from models.rules.book import exam_rule
from models.workflow import Reason, Refused

LANGUAGE_PAPERS = {"01": "101", "02": "102", "03": "103", "04": "104", "05": "105"}     # language code -> paper of the national exam


def subjects_for(application, session):
    """[(SessionSubject, Reason or None)] of what the person may sit in a session: his language, and the paper of his discipline."""
    passed, offered = exam_passes(application), []
    language = LANGUAGE_PAPERS.get(application.language)
    for item in session.subjects.select(SessionSubject, Subject).join(Subject).order_by(Subject.code):
        subject = item.subject
        if subject.kind == "language" and subject.code != language:
            continue
        if subject.kind == "comprehensive" and not (application.discipline.has_comprehensive_exam and subject.serves(application.discipline)):
            continue
        offered.append((item, Reason(f"{subject}已经合格，不需再考") if passed.get(subject.kind) else None))
    return offered


def enter(application, session, subjects, province, site, by):
    """Enter a person of the register for subjects of an open session; one payment covers them. Refused with every reason."""
    reasons = []
    if not application.on_register or application.state != "registered":
        reasons.append(Reason("只有在册的人可以报考", "在册", application.state_label))
    if session.state != "open":
        reasons.append(Reason("这个批次没有开放报考", "报考中", session.state_label))
    else:
        reasons += filter(None, [within_window(session.entry_from, session.entry_until, "报考")])
    reasons += filter(None, [exam_rule(session).reason(application)])
    allowed = {item.id: why for item, why in subjects_for(application, session)}
    for subject in subjects:
        if subject.id not in allowed:
            reasons.append(Reason(f"{subject}不是您要考的科目"))
        elif allowed[subject.id]:
            reasons.append(allowed[subject.id])
    if not subjects:
        reasons.append(Reason("请至少选一科"))
    if reasons:
        raise Refused(reasons)
    with writing():
        payment = Payment.add(by, application=application, session=session, amount=session.fee * len(subjects))
        return [ExamEntry.add(by, session=session, application=application, institution=application.institution_id, subject=subject,
                              province=province, site=site, payment=payment) for subject in subjects]
