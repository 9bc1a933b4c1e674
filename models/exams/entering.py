"""Stage 6: what a person may sit in a session, and entering for it."""
from models.base import writing
from models.conditions import exam_passes
from models.exams.elsewhere import not_agreed
from models.exams.entries import ExamEntry, full
from models.exams.payments import Payment, fee_of
from models.exams.places import Place
from models.exams.sessions import SessionSubject, Subject
from models.parameters import within_window
from models.rules.sittings import exam_rule, is_for
from models.workflow import Reason, Refused


def subjects_for(application, session):
    """[(SessionSubject, Reason or None)] of what the person may sit in a session: his language, and the paper of his discipline."""
    passed, offered = exam_passes(application), []
    for item in session.subjects.select(SessionSubject, Subject).join(Subject).order_by(Subject.code):
        if is_for(application, item.subject):
            offered.append((item, Reason(f"{item.subject}已经合格，不需再考") if passed.get(item.subject.kind) else None))
    return offered


def against(application, session, subjects, province):
    """Every Reason against entering a person for subjects of a session in a province."""
    reasons = []
    if not application.on_register or application.state != "registered":
        reasons.append(Reason("只有在册的人可以报考", "在册", application.state_label))
    if session.state != "open":
        reasons.append(Reason("这个批次没有开放报考", "报考中", session.state_label))
    else:
        reasons += filter(None, [within_window(session.entry_from, session.entry_until, "报考")])
    reasons += filter(None, [exam_rule(session).reason(application), not_agreed(application, session, province)])
    allowed = {item.id: why for item, why in subjects_for(application, session)}
    for subject in subjects:
        if subject.id not in allowed:
            reasons.append(Reason(f"{subject}不是您要考的科目"))
        elif allowed[subject.id]:
            reasons.append(allowed[subject.id])
    if not subjects:
        reasons.append(Reason("请至少选一科"))
    return reasons


def enter(application, session, subjects, province, site, by, needs=""):
    """Enter a person of the register for subjects of an open session, each with a place at the site (None: where the exam office puts him);
    one payment covers what is not paid yet. `needs` says what somebody with special needs asks for. Refused with every reason."""
    reasons = against(application, session, subjects, province)
    if reasons:
        raise Refused(reasons)
    with writing():
        payment = covering(application, session, subjects, by)
        for subject in sorted(subjects, key=lambda item: item.subject.kind) if site else ():
            if not Place.take(session.id, site.id, subject.subject.kind):
                raise Refused([full(site)])
        entries = [ExamEntry.add(by, session=session, application=application, institution=application.institution_id, subject=subject,
                                 province=province, site=site, payment=payment, special_needs=bool(needs), needs=needs) for subject in subjects]
        payment.recount(by)
        return entries


def covering(application, session, subjects, by):
    """The payment of the case in a session that is still open, held; a new one where there is none."""
    there = application.payments.where(Payment.session == session.id, Payment.state == "open").first()
    if there is not None and (held := Payment.locked(there.id)).state == "open":
        return held
    return Payment.add(by, application=application, session=session, amount=sum(fee_of(subject) for subject in subjects))
