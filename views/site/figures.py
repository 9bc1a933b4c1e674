"""All stages in numbers for everybody: the programmes that are open now, where applications stand, how published exams went, degrees by year."""
from flask import Blueprint, render_template, url_for
from peewee import fn

from backoffice.charts import Bar, Bars, Field, Map, Part
from models.figures import SMALL, WITHHELD, latest
from models.programmes import Programme
from models.reference import Discipline, Institution, Province
from models.roles import STAGES
from views.charts import CODES, MAP
from views.site.programmes import now_open

rooms = Blueprint("figures", __name__)
MOST = 12               # disciplines that are drawn
STOOD = (f"2 {STAGES[2]}：退回补正", f"3 {STAGES[3]}：等待确认", f"4 {STAGES[4]}：等待审核", f"5–7 {STAGES[5]}和{STAGES[6]}", f"8 {STAGES[8]}：等待审核", "9 论文答辩")


@rooms.get("/statistics")
def show():
    """The page. Programmes are those of the list that is searched, as they are now; persons those of the last night."""
    found = latest()
    provinces, disciplines, units = programmes()
    content = found and found.content
    return render_template("site/statistics.html", found=found, content=content, units=units, offered=sum(count for *_, count in provinces), provinces=provinces,
                           country=country(provinces), disciplines=by_discipline(disciplines), disciplines_in_all=len(disciplines), most=MOST,
                           charts=content and [stages(content), degrees(content), *(exam(content, *session) for session in content["sessions"])], told=told)


def told(content, count):
    """A number, or the words in its place."""
    return {SMALL: f"不足 {content['floor']}", WITHHELD: "不列出"}.get(count) or f"{count:,}"


def part(content, label, count, tone="busy", drawn=True):
    """The Part of a number; one that is not told has no length."""
    known = isinstance(count, int)
    return Part(label, count if known and drawn else 0, tone=tone, untold="" if known and drawn else told(content, count))


def programmes():
    """([(code, province, programmes)], [(code, discipline, programmes)], units) of what takes applications today."""
    rows, count = Programme.published().where(*now_open()), fn.COUNT(Programme.id)
    provinces = rows.select(Province.code, Province.short_name, count).join(Institution).join(Province).group_by(Province.code, Province.short_name).order_by(Province.code)
    disciplines = rows.select(Discipline.code, Discipline.name, count).join(Discipline).group_by(Discipline.code, Discipline.name).order_by(count.desc(), Discipline.code)
    return list(provinces.tuples()), list(disciplines.tuples()), rows.select(fn.COUNT(Programme.institution.distinct())).scalar()


def country(provinces):
    """The provinces as they lie to each other, each leading to its programmes."""
    found = {code: (name, count) for code, name, count in provinces}

    def field(short):
        code = CODES.get(short)
        if short in " 兵军":                # offices that are no provinces
            return None
        if code not in found:
            return Field(short, "—", f"{short}：现在没有学科接受申请")
        name, count = found[code]
        return Field(short, f"{count:,}", f"{short}{count:,}，{name}有 {count:,} 个学科", url_for("programmes.search", province=code, open="y"), "busy")
    return Map("各省正在接受申请的学科", [[field(short) for short in row.ljust(10)] for row in MAP],
               (Part("有学科接受申请", 0, tone="busy"), Part("现在没有", 0, tone="off")), "点开省份，看是哪些学科") if found else None


def by_discipline(disciplines):
    """The disciplines that most units offer."""
    bars = [Bar(name, (Part("个学科点", count, url_for("programmes.search", discipline=code, open="y")),)) for code, name, count in disciplines[:MOST]]
    return Bars("正在接受申请的学科专业", bars, f"学科点最多的 {MOST} 个专业，共 {len(disciplines)} 个" if len(disciplines) > MOST else "一个单位的一个专业是一个学科点")


def stages(content):
    """Where people stand, and how many came to the end."""
    bars = [Bar(name, (part(content, "人", count),)) for name, count in zip(STOOD, content["standing"])]
    return Bars("申请走到哪一步", [*bars, Bar("已授予学位", (part(content, "人", content["awarded"], "ok"),))], "草稿，以及未通过、撤回和清退的申请没有计入")


def exam(content, session, subjects):
    """How a session went by subject; a bar is drawn only where both its parts are told, and a subject of which nothing is told is only counted."""
    bars, shown = [], [subject for subject in subjects if subject[1] != SMALL or subject[2] != SMALL]
    for name, passed, failed, sat in shown:
        whole = isinstance(sat, int)
        bars.append(Bar(f"{name} 合格率 {passed / sat:.1%}" if whole else name, (part(content, "合格", passed, "ok", whole), part(content, "不合格", failed, "bad", whole))))
    rest = len(subjects) - len(shown)
    return Bars(f"{session}各科成绩", bars, (f"另有 {rest} 科合格和不合格都{told(content, SMALL)} 人；" if rest else "") + "缺考和违纪的人没有计入", whole=True)


def degrees(content):
    """Degrees of each year, the last first."""
    bars = [Bar(f"{year} 年", (part(content, "人", count, "ok"),)) for year, count in reversed(content["years"])]
    return Bars("各年授予学位", bars, f"合计 {told(content, content['awarded'])} 人；撤销的没有计入")
