"""Stage 7: what would happen, before it is done - a dismissal of many cases, and another value of a parameter. Nothing is written."""
from dataclasses import dataclass, field

from peewee import fn

from models import clock
from models.applications import LIVE, ON_REGISTER, Application
from models.audit import Version
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.sessions import ExamSession
from models.files import File
from models.parameters import supposing
from models.register import VERDICTS, verdict_of
from models.rules.book import DEFENCE, REGISTER, RULES, Register, read
from models.rules.sql import View, flag
from models.workflow import GONE, Act

CHUNK = 1000      # cases asked for in one statement


@dataclass
class Rehearsed:
    """One case as its dismissal would find it: `refused` are the reasons for which it would not be done, `why` what speaks for it,
    `against` what speaks against it now, `cleared` {label: count} of what would go."""
    id: int
    case: Application | None = None
    refused: list = field(default_factory=list)
    why: list = field(default_factory=list)
    against: list = field(default_factory=list)
    cleared: dict = field(default_factory=dict)


def rehearse_dismissal(ids, user):
    """[Rehearsed] for each id in its order, as far as `user` may see it; a foreign case is like one that does not exist."""
    found = []
    for start in range(0, len(ids), CHUNK):
        part = ids[start:start + CHUNK]
        cases = {case.id: case for case in Application.visible_to(user).where(Application.id.in_(part))}
        lines = {id: Rehearsed(id, cases.get(id), [] if id in cases else [GONE]) for id in part}
        _refusals(cases, lines, user)
        _reasons(cases, lines)
        for sentence, query in objections(list(cases)):
            for id, count in query.tuples():
                lines[id].against.append(f"{sentence} {count} 件")
        for label, query in tallies(list(cases)):
            for id, count in query.tuples():
                lines[id].cleared[label] = lines[id].cleared.get(label, 0) + count
        found += lines.values()
    return found


def _refusals(cases, lines, user):
    """The reasons of the step itself. A guard that asks the parameters of the unit answers for all of its cases alike."""
    step, act, by_unit = Application.dismiss, Act(user, {}), {}
    awarded = {id for id, in Application.awards.rel_model.select(Application.awards.rel_model.application)
               .where(Application.awards.rel_model.application.in_(list(cases)), Application.awards.rel_model.state == "awarded").tuples()}
    for id, case in cases.items():
        if case.state in step.sources and id not in awarded:
            if case.institution_id not in by_unit:
                by_unit[case.institution_id] = step.reasons(case, act, seen=True)
            lines[id].refused += by_unit[case.institution_id]
        else:
            lines[id].refused += step.reasons(case, act, seen=True)


def _reasons(cases, lines):
    """The conditions that do not hold today, in their figures."""
    for row in Register(DEFENCE, View(clock.today()), Application.id.in_(list(cases))).rows():
        lines[row["id"]].why += [condition.reason for condition in (rule.told(read(rule, row)) for rule in DEFENCE) if not condition.met]


def objections(ids):
    """[(sentence, query of case id and count)]: what a unit should know before it clears these cases."""
    results, requests = Application.course_results.rel_model, Application.defence_requests.rel_model
    pending = ExamEntry.session.in_(ExamSession.select(ExamSession.id).where(ExamSession.state != "published"))
    return [("课程成绩尚未公布", _count(results.application, ids, results.state == "draft")),
            ("已缴费、成绩尚未公布的统考报考", _count(ExamEntry.application, ids, ExamEntry.state == "paid", pending)),
            ("已缴费、考试尚未举行，须先办退费", _count(Payment.application, ids, Payment.state == "paid", Payment.session.in_(
                ExamSession.select(ExamSession.id).where(ExamSession.exam_on > clock.today())))),
            ("待审的答辩申请", _count(requests.application, ids, requests.state == "submitted")),
            ("待审的延长年限申请", _count(Application.extensions.rel_model.application, ids, Application.extensions.rel_model.state == "submitted"))]


def _count(link, ids, *where):
    return link.model.select(link, fn.COUNT(link.model.id)).where(link.in_(ids), *where).group_by(link)


def tallies(ids):
    """(label, query of case id and count) of everything that a dismissal clears, by kind; a row that several ways lead to is one."""
    for kind, ways in _below(Application, (), {}).items():
        rows = None
        for links in ways:
            query = kind.select(links[0].alias("owner"), kind.id.alias("row"))
            for link in reversed(links[1:]):
                query = query.join(link.rel_model, on=link == link.rel_model.id)
            query = query.where(links[0].in_(ids))
            rows = query if rows is None else rows | query
        yield kind.label, rows.select_from(rows.c.owner, fn.COUNT(rows.c.row)).group_by(rows.c.owner)
    yield File.label, _count(File.case_ref, ids)
    yield Version.label, _count(Version.case_ref, ids)


def _below(kind, links, found):
    """{kind: [the foreign keys that lead from it up to the case, the topmost first]} of every kind that is cleared with a case."""
    for link, child in kind._meta.backrefs.items():
        if child.cleared_with_case:
            found.setdefault(child, []).append((*links, link))
            _below(child, (*links, link), found)
    return found


def rehearse_parameter(name, value, since, institution=None):
    """[(case id, what is judged, verdict now, verdict then)] of the cases that another value of a parameter would judge differently
    from a day on, for the nation or one unit."""
    view, unit, found = View(since), [Application.institution == institution] if institution else [], []

    def both(rules, judged, *where):
        """(case id, judgement now, judgement then) where they differ."""
        now = Register(rules, view, *where, *unit, name="now")
        before = judged(now)
        with supposing(name, value, institution):
            later = Register(rules, view, *where, *unit, name="later")
            after = judged(later)
        return (now.select(now.id, before, after).join(later.cases, on=now.id == later.id).where(before != after).order_by(now.id)
                .with_cte(*now.parts, *later.parts).tuples())
    if name == "recheck.soon_days":
        titles = dict(VERDICTS)
        found += [(id, "资格复核", titles[old], titles[new]) for id, old, new in both(REGISTER, lambda register: verdict_of(register, view), Application.state.in_(ON_REGISTER))]
    for rule in RULES.values():
        if name in rule.parameters:
            rows = both((rule,), lambda register, rule=rule: flag(register.holds(rule)), Application.state.in_(LIVE))
            found += [(id, rule.title, *("满足" if held else "不满足" for held in moments)) for id, *moments in rows]
    return found
