"""Stage 10: the record that is reported, field by field, as one table; what an award still lacks follows from it."""
from dataclasses import dataclass

from models.reference import Code, InstitutionName


@dataclass(frozen=True)
class Field:
    """One field of the record: code, Chinese name, type (C text, D date CCYYMMDD, Y year), width in GBK bytes, whether it is
    mandatory ('always', 'never', or the kinds of person it is mandatory for), the code table behind it, where the value is kept."""
    code: str
    name: str
    type: str
    width: int
    mandatory: str
    table: str = ""
    source: str = ""


ALWAYS, NEVER, MAINLAND, BACHELOR = "always", "never", "mainland", "bachelor"
FIELDS = (
    Field("XM", "姓名", "C", 40, ALWAYS, "", "person"), Field("XMPY", "姓名拼音", "C", 60, ALWAYS, "", "person"),
    Field("XBM", "性别", "C", 1, ALWAYS, "sex", "person"), Field("GBM", "国家或地区", "C", 3, ALWAYS, "country", "person"),
    Field("MZM", "民族", "C", 2, "chinese", "ethnic_group", "person"), Field("ZZMMM", "政治面貌", "C", 2, MAINLAND, "political_status", "person"),
    Field("CSRQ", "出生日期", "D", 8, ALWAYS, "", "person"), Field("ZJLXM", "证件类型", "C", 2, ALWAYS, "document_type", "person"),
    Field("ZJHM", "证件号码", "C", 18, ALWAYS, "", "person"), Field("ZP", "照片文件名", "C", 40, ALWAYS, "", "application"),
    Field("XWSYDWM", "学位授予单位码", "C", 5, ALWAYS, "", "award"), Field("PYDWM", "培养单位码", "C", 5, ALWAYS, "", "award"),
    Field("XZXM", "校长姓名", "C", 40, NEVER, "", "report"), Field("ZXXM", "学位评定委员会主席姓名", "C", 40, NEVER, "", "report"),
    Field("XWLBM", "学位类别", "C", 3, ALWAYS, "degree_category", "discipline"), Field("XKMLM", "学科门类", "C", 2, ALWAYS, "", "discipline"),
    Field("YJXKM", "一级学科", "C", 4, ALWAYS, "", "discipline"), Field("EJXKM", "二级学科", "C", 6, NEVER, "", "discipline"),
    Field("ZSZYMC", "自设专业名称", "C", 60, NEVER, "", "discipline"), Field("SFYJSY", "是否按一级学科授予", "C", 1, ALWAYS, "", "discipline"),
    Field("BKBYXXDM", "本科毕业学校", "C", 5, BACHELOR, "", "application"), Field("XSXWDWM", "学士学位授予单位", "C", 5, BACHELOR, "", "application"),
    Field("HXMLM", "获学士学位门类", "C", 3, BACHELOR, "", "application"), Field("HXZYDM", "获学士学位专业", "C", 60, BACHELOR, "", "application"),
    Field("HXXWRQ", "获学士学位日期", "D", 8, BACHELOR, "", "application"), Field("DSXM", "导师姓名", "C", 40, ALWAYS, "", "thesis"),
    Field("DSZCM", "导师职称", "C", 20, NEVER, "", "thesis"), Field("LWTM", "论文题目", "C", 200, ALWAYS, "", "thesis"),
    Field("LWGJC", "论文关键词", "C", 200, ALWAYS, "", "thesis"), Field("LWLX", "论文类型", "C", 1, ALWAYS, "thesis_type", "thesis"),
    Field("LWXTLY", "选题来源", "C", 2, NEVER, "topic_source", "thesis"), Field("LWZS", "论文字数", "C", 6, NEVER, "", "thesis"),
    Field("LWKSRQ", "论文开始日期", "D", 8, NEVER, "", "thesis"), Field("LWDBRQ", "论文答辩日期", "D", 8, ALWAYS, "", "defence"),
    Field("ZHKSNF", "综合考试年份", "Y", 4, NEVER, "", "exam"), Field("WYYZM", "外国语语种", "C", 2, ALWAYS, "language", "application"),
    Field("WYTKNF", "外国语统考年份", "Y", 4, ALWAYS, "", "exam"), Field("GZDW", "工作单位", "C", 80, NEVER, "", "application"),
    Field("GZDWTXDZ", "单位通信地址", "C", 120, NEVER, "", "application"), Field("GZDWYB", "单位邮编", "C", 6, NEVER, "", "application"),
    Field("XZZW", "行政职务", "C", 40, NEVER, "", "application"), Field("ZYJSZCM", "专业技术职称", "C", 40, NEVER, "", "application"),
    Field("GZNX", "工作年限", "C", 2, NEVER, "", "application"), Field("SQRQ", "申请日期", "D", 8, ALWAYS, "", "application"),
    Field("SQH", "申请号", "C", 20, NEVER, "", "application"), Field("HXWRQ", "获学位日期", "D", 8, ALWAYS, "", "award"),
    Field("XWZSBH", "学位证书编号", "C", 17, ALWAYS, "", "award"), Field("JYBH", "决议编号", "C", 40, ALWAYS, "", "award"),
    Field("BZ", "备注", "C", 120, NEVER, "", "award"),
)
CATEGORIES = {"01": "301", "02": "302", "03": "303", "04": "304", "05": "305", "06": "306", "07": "307", "08": "308", "09": "309", "10": "310",
              "11": "311", "12": "312", "13": "313"}


def build(award, passes):
    """{code: value as text} of the record of an award; `passes` is models.conditions.exam_passes of its case."""
    case, person, discipline = award.application, award.person, award.discipline
    thesis, defence = case.theses.first(), case.defences.where(case.defences.model.state == "passed").first()
    first, own = case.degree_ground == "bachelor", thesis or None
    values = {
        "XM": person.name, "XMPY": person.name_pinyin, "XBM": person.sex, "GBM": person.country, "MZM": person.ethnic_group, "ZZMMM": person.political_status,
        "CSRQ": _day(person.birth_date), "ZJLXM": person.document_type, "ZJHM": person.document_number, "ZP": f"{person.document_number}.jpg" if case.photo_id else "",
        "XWSYDWM": award.institution.code, "PYDWM": award.institution.code, "XWLBM": CATEGORIES.get(discipline.code[:2], ""), "XKMLM": discipline.code[:2],
        "YJXKM": discipline.code[:4], "EJXKM": discipline.code if len(discipline.code) == 6 else "", "SFYJSY": "1" if len(discipline.code) == 4 else "0",
        "BKBYXXDM": case.graduated_from_code, "XSXWDWM": case.degree_unit_code if first else "", "HXMLM": case.degree_category if first else "",
        "HXZYDM": case.degree_subject if first else "", "HXXWRQ": _day(case.degree_date) if first else "",
        "DSXM": own and own.supervisor, "DSZCM": own and own.supervisor_title, "LWTM": own and own.title, "LWGJC": own and own.keywords,
        "LWLX": own and own.thesis_type, "LWXTLY": own and own.topic_source, "LWZS": own and own.length, "LWKSRQ": _day(own.started_on) if own else "",
        "LWDBRQ": _day(defence.held_on) if defence else "", "ZHKSNF": _year(passes, "comprehensive"), "WYYZM": case.language, "WYTKNF": _year(passes, "language"),
        "GZDW": case.employer, "GZDWTXDZ": case.employer_address, "GZDWYB": case.employer_postcode, "XZZW": case.post, "ZYJSZCM": case.professional_title,
        "GZNX": case.years_of_work, "SQRQ": _day(case.submitted_at and case.submitted_at.date()), "SQH": case.number, "HXWRQ": _day(award.awarded_on),
        "XWZSBH": award.certificate_number, "JYBH": award.decision_number, "BZ": award.note,
    }
    return {field.code: "" if values.get(field.code) is None else str(values[field.code]) for field in FIELDS}


def coded_names(values):
    """{code: name} beside each coded field of a record: every coded field travels as code and name."""
    wanted = {(field.table, values[field.code]) for field in FIELDS if field.table and values[field.code]}
    rows = {(c.kind, c.code): c.name for c in Code.select().where(Code.kind.in_([t for t, _ in wanted]))} if wanted else {}
    return {field.code: rows.get((field.table, values[field.code]), "") for field in FIELDS if field.table}


def gaps(award, values):
    """[(Field, sentence)] of what keeps the record from being reported: missing mandatory values, and values too wide."""
    case, kind, found = award.application, award.person.kind, []
    applies = {ALWAYS: True, NEVER: False, MAINLAND: kind == "mainland", "chinese": kind != "foreign",
               BACHELOR: case.degree_ground == "bachelor" and not case.foreign_degree}
    for field in FIELDS:
        value = values[field.code]
        if not value:
            if applies[field.mandatory]:
                found.append((field, f"{field.name}：没有填写"))
        elif width(value) > field.width:
            found.append((field, f"{field.name}：要求不超过 {field.width} 字节，实际 {width(value)} 字节，差 {width(value) - field.width} 字节"))
    return found


def width(value):
    """Width in GBK bytes; a character that GBK lacks counts as the four bytes it takes in GB 18030."""
    return len(value.encode("gb18030"))


def unit_name(award):
    """The unit's name on the day of the award."""
    return InstitutionName.on(award.institution, award.awarded_on)


def _day(day):
    return day.strftime("%Y%m%d") if day else ""


def _year(passes, kind):
    return str(passes[kind][1].year) if kind in passes else ""
