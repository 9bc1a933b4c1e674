"""Stages 6 and 8: the national exams. The foreign language always, the comprehensive paper where the discipline has one."""
from peewee import Case, Value, fn

from models import clock
from models.applications import Application
from models.exams.results import ExamResult, PriorPass
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.people import FormerDocument, Person
from models.reference import Discipline
from models.rules.rule import Found, Rule
from models.rules.sittings import coming, soonest
from models.rules.sql import View, flag, months_after, of_cases
from models.written import ask, blank

KINDS = {"language": "外国语水平考试", "comprehensive": "学科综合水平考试"}


class Exams(Rule):
    name, title, clause = "exams", "通过国家统考", "同等学力申请硕士学位规定：通过国家组织的外国语水平考试和学科综合水平考试"
    text = "外国语水平考试合格；学科设有综合水平考试的，综合水平考试也合格。只计已公布、在有效期内的成绩，合格库中的成绩同样计入。"
    parameters = ("Programme.exam_valid_years",)

    def tables(self, view, cases):
        return {"first_passes": first_passes(view, cases)}

    def figures(self, view, tables):
        has_paper, first = Discipline.has_comprehensive_exam == True, tables["first_passes"].c      # noqa: E712
        return {"wanted": 1 + flag(has_paper), "language": flag(first.language.is_null(False)),
                "comprehensive": flag(has_paper & first.comprehensive.is_null(False))}

    def holds(self, figures):
        return figures["language"] + figures["comprehensive"] >= figures["wanted"]

    def told(self, figures):
        wanted, have = figures["wanted"], figures["language"] + figures["comprehensive"]
        return self.condition(figures, f"{wanted} 科", f"{have} 科", f"{wanted - have} 科" if have < wanted else "无", have / wanted)

    def explained(self, case, figures, view):
        wanted = ["language", "comprehensive"][:figures["wanted"]]
        rows = sorted(passes(case, view), key=lambda row: row["day"])
        best = best_of(rows)
        missing = [kind for kind in wanted if not figures[kind]]
        why = [f"{KINDS[kind]}（{best[kind]['subject']}）{best[kind]['day']} 合格，{best[kind]['source']}" for kind in wanted if figures[kind]]
        why += [f"还没有合格：{'、'.join(KINDS[kind] for kind in missing)}"] if missing else []
        lapsed = {row["kind"] for row in rows if not row["counts"]} & set(missing)
        why += [f"{KINDS[kind]}的成绩已过有效期，不再计入" for kind in wanted if kind in lapsed]
        text = "；".join(why) + ("。本学科没有综合水平考试。" if len(wanted) == 1 else "。")
        found = [Found(f"{KINDS[row['kind']]} {row['subject']}", f"合格（{row['source']}）", str(row["day"]), row["counts"], row["note"]) for row in rows]
        if not missing:
            return self.with_reasons(figures, text, found, view.day, helper="组考部门")
        standing = {kind: [row["day"] for row in rows if row["kind"] == kind] for kind in wanted}
        first, takes = soonest(wanted, standing, coming(case, view), case.programme.exam_valid_years, view.day)
        return self.with_reasons(figures, text, found, first, told_todo(takes, missing, view.day), f"组考部门；{case.institution}", told_outlook(takes, view.day))


def first_passes(view, cases):
    """Query over (owner, language, comprehensive): the day of the first pass of each kind that counts, of every case that has one - a published
    result, or a pass from before the platform under any document of the person."""
    years, owner = cases.c.exam_valid_years, cases.c.id.alias("owner")
    columns = ExamResult.select(owner, Subject.kind.alias("kind"), ExamSession.exam_on.alias("day"))
    results = sat(view, cases.c.discipline, of_cases(cases, columns, ExamResult.application, cases.c.id)).where(
        valid(ExamSession.exam_on, years, view.date))
    columns = PriorPass.select(owner, PriorPass.kind.alias("kind"), PriorPass.passed_on.alias("day")).where(
        PriorPass.passed_on <= view.date, valid(PriorPass.passed_on, years, view.date))
    own, former = (of_cases(cases, columns.clone(), person, cases.c.person_id).join_from(person.model, PriorPass, on=person.model.document_index == PriorPass.document_index)
                   for person in (Person.id, FormerDocument.person))
    every = results.union_all(own).union_all(former)
    return every.select_from(every.c.owner, *(fn.MIN(Case(None, ((every.c.kind == kind, every.c.day),))).alias(kind) for kind in KINDS)).group_by(every.c.owner)


def sat(view, code, query):
    """What is left of a query over ExamResult: published passes, of a comprehensive paper only of the one that serves the discipline with the code."""
    serves = fn.REPLACE(joined(Subject.disciplines), joined(fn.SUBSTR(code, 1, 4)), "") != joined(Subject.disciplines)
    return (query.join_from(ExamResult, SessionSubject).join_from(SessionSubject, Subject).join_from(ExamResult, ExamSession, on=ExamResult.session == ExamSession.id)
            .where((Subject.kind == "language") | serves, view(ExamResult.outcome) == "pass", ExamSession.state == "published",
                   view.passed(ExamSession.published_at)))


def joined(codes):
    """Codes between semicolons, so that one is found whole."""
    return Value(";", converter=False).concat(codes).concat(";")


def valid(day, years, on):
    """Whether a pass of a day is still within the years of the programme on another; the last day counts."""
    return years.is_null() | (months_after(day, years * 12) >= on)


def passes(case, view):
    """[{kind, subject, day, source, counts, note}] of every pass of one case's person, those that lapsed too; asked once of a view."""
    return view.once(("passes", case.id), lambda: _passes(case, view))


def _results(day, past):
    columns = ExamResult.select(Subject.kind, Subject.name, ExamSession.exam_on, ExamSession.name).join(Application).join(Discipline)
    return sat(View.shaped(day, past), Discipline.code, columns).where(ExamResult.application == blank("case")).tuples()


def _prior():
    own = Person.select(Person.document_index).where(Person.id == blank("person"))
    former = FormerDocument.select(FormerDocument.document_index).where(FormerDocument.person == blank("person"))
    return (PriorPass.select(PriorPass.kind, PriorPass.subject_name, PriorPass.passed_on)
            .where(PriorPass.document_index.in_(own) | PriorPass.document_index.in_(former), PriorPass.passed_on <= blank("day")).tuples())


def _passes(case, view):
    found = [(kind, subject, day, f"统考成绩 {session}") for kind, subject, day, session in ask(_results, *view.shape, case=case.id)]
    found += [(kind, subject, day, "合格库") for kind, subject, day in ask(_prior, person=case.person_id, day=view.day)]
    years, answer = case.programme.exam_valid_years, []
    for kind, subject, day, source in found:
        last = years and clock.years_after(day, years)
        counts = last is None or last >= view.day
        note = "" if last is None else f"有效期至 {last}" if counts else f"有效期至 {last}，已过期，不计入"
        answer.append({"kind": kind, "subject": subject, "day": day, "source": source, "counts": counts, "note": note})
    return answer


def best_of(rows):
    """{kind: the pass that lasts longest} of those that count; a result of the platform before one from 合格库."""
    best = {}
    for row in sorted((row for row in rows if row["counts"]), key=lambda row: (row["source"] != "合格库", row["day"])):
        best[row["kind"]] = row
    return best


def told_todo(takes, missing, day):
    """What the person does about the papers that he lacks, by the sittings that they take."""
    if not takes:
        return f"等候下一次统考的报考通知：{'、'.join(KINDS[kind] for kind in missing)}。"
    words = []
    for session, kinds, entered in by_session(takes):
        names = "、".join(KINDS[kind] for kind in kinds)
        words.append(f"报考{session}（{session.entry_from} 至 {session.entry_until}）：{names}。" if not entered else
                     f"参加{session}（{session.exam_on} 考试）：{names}。" if session.exam_on >= day else f"等候{session}公布成绩：{names}。")
    return "".join(words)


def told_outlook(takes, day):
    """What the first day hangs on; without a sitting, why nobody can say."""
    if not takes:
        return "还没有公布可以报考的统考批次"
    return "；".join(f"{'、'.join(KINDS[kind] for kind in kinds)}在{session}（{session.exam_on} 考试）合格并公布" if session.exam_on > day else
                    f"{session}（{session.exam_on} 考试）公布{'、'.join(KINDS[kind] for kind in kinds)}合格" for session, kinds, _ in by_session(takes))


def by_session(takes):
    """[(session, its papers, whether all are entered for)] of the sittings of some papers, in the order of the exams."""
    found = {}
    for kind, sitting in sorted(takes.items(), key=lambda item: (item[1].day, item[0] != "language")):
        found.setdefault(sitting.session.id, []).append((kind, sitting))
    return [(parts[0][1].session, [kind for kind, _ in parts], all(sitting.entered for _, sitting in parts)) for parts in found.values()]


EXAMS = Exams()
