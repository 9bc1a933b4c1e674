"""The charts of the desk: where people stand in the ten stages, which years of study end, how the exam went, how far the reports of a season are."""
import datetime as dt

from peewee import Case, fn

from backoffice.charts import Bar, Bars, Field, Map, Part
from models import clock
from models.applications import Application
from models.defences import DefenceRequest
from models.exams.results import OUTCOMES, ExamResult
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.reference import Institution, Office
from models.reports import Report, ReportTerm
from models.roles import STAGES

CASES = "clerk reviewer officer centre"
BESIDE = 3           # units beside each other
MONTHS = 12          # ahead, of which the ends of the years of study are shown
TONES = {"pass": "ok", "fail": "bad", "absent": "off", "breach": "wait"}
REPORTED = {"filed": "ok", "submitted": "busy", "no_award": "busy", "returned": "bad", "open": "wait"}
# the offices as they lie to each other: a character by which each is known, blanks where nothing lies
MAP = ("         黑",
       "新兵    蒙 辽吉",
       "  甘宁 晋冀京津 ",
       "藏青  陕豫鲁",
       "  川渝鄂皖苏沪",
       "   贵湘赣浙",
       "  滇桂粤闽   军",
       "    琼")
CODES = dict(zip("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵滇藏陕甘青宁新兵军",
                 "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 66 90".split()))


def register(desk):
    """Tell the desk."""
    for roles, function in ((CASES, stages), ("exam", results), ("centre", season_of_nation), ("officer", season_of_office), (CASES, ending)):
        desk.chart(roles, function)


def stages(user, lists):
    """Who stands at which of the ten stages. Everybody sees every published programme: counted are those of the own place."""
    own = {"f.institution": user.institution_id} if user.institution_id else {"f.institution.office": user.office_id} if user.office_id else {}
    own |= {"f.college": user.college_id} if user.college_id else {}
    wanted = ((1, "programme", {"f.state": "published"} | own, "个学科", ""), (2, "application", {"f.state": "returned"}, "人退回补正", "本人"),
              (3, "application", {"f.state": "submitted"}, "人", Application.confirm.who()), (4, "application", {"f.state": "confirmed"}, "人", Application.approve.who()),
              (5, "register", {"f.state": "registered"}, "人在册", "本人"),
              (6, "exam_entry", {"view": "ahead"}, "科次", "组考部门"), (7, "register", {"f.state": "frozen"}, "人冻结", Application.restore.who()),
              (8, "register", {"f.state": "defence_requested"}, "人", DefenceRequest.approve.who()),
              (9, "register", {"f.state": ["defence_admitted", "defended"]}, "人", Application.defend.who()),
              (10, "report", {"f.state": ["open", "returned"]}, "份未报送", Report.submit.who()))
    found = lists.counted([(screen, args) for _, screen, args, _, _ in wanted])
    bars = [Bar(f"{number} {STAGES[number]}", (Part(unit, *counted, "wait" if number in (3, 4, 8) else "busy"),), who and f"等{who}")
            for (number, _, _, unit, who), counted in zip(wanted, found) if counted]
    return Bars("十个阶段", bars, "每个数字都是一张表的行数，点开就是这些行")


def ending(user, lists):
    """Of how many people on the register the years of study end, month by month; first those of whom they have ended."""
    today = clock.today()
    first = [today.replace(day=1)]
    while len(first) <= MONTHS:
        first.append((first[-1] + dt.timedelta(days=32)).replace(day=1))
    spans = [(None, today - dt.timedelta(days=1))] + [(max(today, begin), end - dt.timedelta(days=1)) for begin, end in zip(first, first[1:])]
    found = lists.counted([("register", {"f.state": "registered", "f.deadline.to": last} | ({"f.deadline.from": begin} if begin else {})) for begin, last in spans])
    bars = [Bar("已超期" if begin is None else f"{last:%Y-%m}", (Part("人", *counted, "bad" if begin is None else "wait" if n <= 3 else "busy"),))
            for n, ((begin, last), counted) in enumerate(zip(spans, found)) if counted]
    return Bars("学习年限到期", bars, f"在册的人，今后 {MONTHS} 个月，最后一天计入") if any(bar.total for bar in bars) else None


def results(user, lists):
    """How the last session that is published went, by subject."""
    screen = lists.of("exam_result", "f.subject", "f.outcome")
    if screen is None:
        return None
    last = ExamSession.select(ExamSession.id).where(ExamSession.state == "published").order_by(ExamSession.exam_on.desc()).limit(1)
    rows = (screen.rows(user).select(ExamSession.name, ExamResult.subject, Subject.name, ExamResult.outcome, fn.COUNT(ExamResult.id))
            .join(SessionSubject, on=ExamResult.subject == SessionSubject.id).join(Subject).join_from(ExamResult, ExamSession, on=ExamResult.session == ExamSession.id)
            .where(ExamResult.session == last).group_by(ExamSession.name, ExamResult.subject, Subject.code, Subject.name, ExamResult.outcome).order_by(Subject.code).tuples())
    counts, session = {}, ""
    for session, subject, name, outcome, count in rows:
        counts.setdefault((subject, name), {})[outcome] = count
    bars = []
    for (subject, name), of in counts.items():
        parts = tuple(Part(label, of.get(outcome, 0), screen.address(**{"f.subject": subject, "f.outcome": outcome}), TONES[outcome]) for outcome, label in OUTCOMES)
        sat = of.get("pass", 0) + of.get("fail", 0)
        bars.append(Bar(name, parts, f"合格率 {of.get('pass', 0) / sat:.1%}" if sat else "无人参加"))
    return Bars(f"{session}各科成绩", bars, "合格率按参加考试的人计算", whole=True) if bars else None


def of_the_season(reports, *columns):
    """Query over the reports of the term that is open, else of the last: its name and id, the columns, and how many."""
    term = ReportTerm.select(ReportTerm.id).where(ReportTerm.state != "draft").order_by(Case(ReportTerm.state, (("open", 0),), 1), ReportTerm.award_from.desc()).limit(1)
    return (reports.select(ReportTerm.name, ReportTerm.id, *columns, fn.COUNT(Report.id)).join(ReportTerm).join_from(Report, Institution)
            .join(Office).where(Report.term == term).group_by(ReportTerm.name, ReportTerm.id, *columns).tuples())


def season_of_nation(user, lists):
    """How many units of each office are filed, on a map."""
    screen = lists.of("report", "f.term", "f.institution.office")
    if screen is None:
        return None
    found, term, name = {}, None, ""
    for name, term, code, id, office, state, count in of_the_season(screen.rows(user), Office.code, Office.id, Office.name, Report.state):
        of = found.setdefault(code, [id, office, 0, 0])
        of[2], of[3] = of[2] + count * (state == "filed"), of[3] + count

    def field(short):
        if CODES.get(short) not in found:
            return Field(short, "—", f"{short}：没有报送的单位") if short != " " else None
        id, office, done, total = found[CODES[short]]
        return Field(short, f"{done}/{total}", f"{office}：已备案 {done}，共 {total}", screen.address(**{"f.term": term, "f.institution.office": id}),
                     "ok" if done == total else "busy" if done else "wait")
    legend = tuple(Part(label, 0, "", tone) for label, tone in (("全部已备案", "ok"), ("部分已备案", "busy"), ("都没有备案", "wait")))
    return Map(f"报送进度 {name}", [[field(short) for short in row.ljust(10)] for row in MAP], legend, "已备案的单位 / 全部单位") if found else None


def season_of_office(user, lists):
    """How far each unit of the office is."""
    screen = lists.of("report", "f.term", "f.institution", "f.state")
    rows = screen and sorted(of_the_season(screen.rows(user), Institution.code, Institution.id, Institution.name, Report.state), key=lambda row: row[2])
    if not rows:
        return None
    name, term, states = *rows[0][:2], [row[5] for row in rows]
    fields = [Field(unit, Report.STATES[state][0], f"{unit}：{Report.STATES[state][0]}", screen.address(**{"f.term": term, "f.institution": id}), REPORTED[state])
              for _, _, _, id, unit, state, _ in rows]
    legend = tuple(Part(Report.STATES[state][0], states.count(state), screen.address(**{"f.term": term, "f.state": state}), tone) for state, tone in REPORTED.items() if state in states)
    return Map(f"报送进度 {name}", [fields[n:n + BESIDE] for n in range(0, len(fields), BESIDE)], legend)
