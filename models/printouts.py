"""Stages 3, 7 and 8: the papers of a case that are printed for a seal and a signature - what each says, and the row by which it is verified."""
from peewee import CharField, DateTimeField, ForeignKeyField

from models import clock
from models.applications import GROUNDS, Application
from models.belonging import latest
from models.conditions import conditions
from models.people import User
from models.reference import Institution, names
from models.transcripts import digest
from models.workflow import Reason, Record, Refused

FORMS = {"review": "资格审查表", "defence": "答辩资格审核表", "dismissal": "清退通知"}
PRINTERS = ("clerk", "reviewer")
WHO = ("姓名", "证件号码", "学位授予单位", "学科专业")
FIELDS = {          # what stands on each form, beside a value, and may be named by a site's own layout of it
    "review": (*WHO, "性别", "出生日期", "申请号", "年度", "工作单位", "专业技术职务", "已有学位", "授予单位", "授予日期", "证书编号", "毕业学校", "外语语种", "提交", "现场确认", "审核", "审核意见"),
    "defence": (*WHO, "注册号", "入册日期", "学习年限至", "论文题目", "申请日期", "审核结果", "审核日期", "审核意见"),
    "dismissal": (*WHO, "注册号", "入册日期", "清退依据", "清退日期")}
MORE = {"review": ("打印日期", "成果说明"), "defence": ("打印日期",), "dismissal": ("打印日期", "清退理由")}        # what only a text may name


class Printout(Record):
    """One paper that was printed. What is printed before a dismissal is verified until the case is cleared, and its notice after that."""
    label, stage, readers, cleared_with_case = "打印件", 0, "applicant clerk reviewer officer centre", True
    seen_through = "application"
    clashes = {"code": "验证码重复，请再试一次"}

    application = ForeignKeyField(Application, backref="printouts", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    form = CharField(max_length=10, choices=tuple(FORMS.items()), verbose_name="表格")
    code = CharField(max_length=19, unique=True, verbose_name="验证码")
    sha256 = CharField(max_length=64, verbose_name="内容摘要")
    issued_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="打印人")
    issued_at = DateTimeField(default=clock.now, verbose_name="打印时间")

    def __str__(self):
        return f"{self.application} {FORMS[self.form]}"


def against(form, case):
    """The Reason why a case has no such paper, or None."""
    if form == "review" and (case.number is None or case.state in ("withdrawn", "dismissed")):
        return Reason("提交了申请、没有撤回和清退的人才有资格审查表", "已提交", case.state_label)
    if form == "defence" and _request(case) is None:
        return Reason("申请过答辩的人才有答辩资格审核表", "已申请答辩", case.state_label)
    if form == "dismissal" and case.state != "dismissed":
        return Reason("已清退的人才有清退通知", Application.STATES["dismissed"][0], case.state_label)
    return None


def forms_of(case):
    """The papers that a case has."""
    return [form for form in FORMS if against(form, case) is None]


def says(form, case):
    """What a paper says today, as plain data: `facts` in groups, `rows` of a table, paragraphs of `text`, and `more` {name: value} for texts of a site's own;
    Refused when the case has none."""
    if reason := against(form, case):
        raise Refused([reason])
    person = case.person
    who = list(zip(WHO, (person.name, person.document_number, str(case.institution), f"{case.discipline.name}（{case.discipline.code}）"), strict=True))
    more = {"打印日期": str(clock.today()), "成果说明": case.achievements, "清退理由": case.dismissal_reason}
    return {"form": form, "on": str(clock.today()), "more": {name: more[name] for name in MORE[form]}, "name": person.name, "number": case.register_number or case.number or "", "unit": str(case.institution)} | _PARTS[form](case, who)


def issue(form, case, said, by, code):
    """Note a paper that says something under a new code."""
    return Printout.add(by, application=case, institution=case.institution_id, form=form, code=code, sha256=digest(said), issued_by=by)


def _review(case, who):
    person, ground = case.person, dict(case._meta.fields["degree_ground"].choices).get(case.degree_ground, "")
    return {"facts": [[*who, ("性别", names("sex").get(person.sex, "")), ("出生日期", _day(person.birth_date)), ("申请号", case.number), ("年度", str(case.year)),
                       ("工作单位", case.employer), ("专业技术职务", case.professional_title)],
                      [("已有学位", f"{ground}　{case.degree_subject}".strip()), ("授予单位", case.degree_unit), ("授予日期", _day(case.degree_date)), ("证书编号", case.degree_number),
                       ("毕业学校", case.graduated_from), ("外语语种", names("language").get(case.language, ""))],
                      [("提交", _day(case.submitted_at)), ("现场确认", _day(case.confirmed_at)), ("审核", _day(case.reviewed_at)), ("审核意见", case.opinion)]],
            "rows": [], "text": [f"成果说明：{line}" if first else line for first, line in _lines(case.achievements)]}


def _defence(case, who):
    request = _request(case)
    found = request.evidence or [{"title": c.title, "required": c.required, "actual": c.actual, "gap": c.gap, "met": c.met} for c in conditions(case)]
    rows = [[item["title"], item["required"], item["actual"], "满足" if item["met"] else f"差 {item['gap']}"] for item in found]
    rows += [[title, "符合", "", "已核对" if ticked else "未核对"] for title, ticked in request.checklist()]
    thesis = case.theses.first()
    return {"facts": [[*who, ("注册号", case.register_number), ("入册日期", _day(case.registered_on)), ("学习年限至", _day(case.deadline)), ("论文题目", thesis.title if thesis else "")],
                      [("申请日期", _day(request.requested_on)), ("审核结果", request.state_label), ("审核日期", _day(request.decided_on)), ("审核意见", request.opinion)]],
            "rows": rows, "text": []}


def _dismissal(case, who):
    ground = dict(GROUNDS).get(case.dismissal_ground, "")
    return {"facts": [[*who, ("注册号", case.register_number), ("入册日期", _day(case.registered_on)), ("清退依据", ground), ("清退日期", _day(case.dismissed_at))]], "rows": [],
            "text": [f"{case.person.name}：", f"因{ground}，{case.institution}已终止您以同等学力申请硕士学位的资格。", *(line for _, line in _lines(case.dismissal_reason)),
                     "您已登记的课程成绩和提交的材料不再保留；全国统考的合格成绩仍在合格库中。您可以重新提出申请。对本决定有异议的，请与本单位联系。"]}


_PARTS = {"review": _review, "defence": _defence, "dismissal": _dismissal}


def _request(case):
    """The request for the defence that the paper is about: the latest one that was handed in."""
    return latest(row for row in case.defence_requests if row.state != "draft")


def _lines(text):
    """[(whether it is the first, line)] of the lines of a text."""
    return [(number == 0, line) for number, line in enumerate(text.splitlines()) if line.strip()]


def _day(value):
    return f"{value:%Y-%m-%d}" if value else ""
