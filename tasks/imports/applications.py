"""Stage 2: applications out of a unit's own records. Each becomes a draft that its person takes over, completes and hands in himself."""
from models.applications import Application
from models.bulk import among
from models.identity import facts_of, normal_document, normal_name, normal_phone, suggest_pinyin
from models.parameters import within_window
from models.people import Person
from models.programmes import Programme
from models.reference import Discipline
from tasks.imports.description import Column, Import, Look, Part

HIS_OWN = "本人已经注册，请本人登录后自己填写"


def programmes(user, wants):
    """{(discipline code, year): the published programme of the user's unit or college}."""
    if not wants:
        return {}
    rows = (Programme.kept_at(user).select(Programme, Discipline).join(Discipline)
            .where(Programme.state == "published", among([Discipline.code, Programme.year], wants)))
    return {(row.discipline.code, row.year): row for row in rows}


def person_of(line, user):
    """What is kept of a person, as registration keeps it."""
    kind, number = line.get("document_type"), normal_document(line.get("document_number"))
    return {"name": normal_name(line.get("name")), "document_number": number, "phone": normal_phone(line.get("phone")) or line.get("phone"), **facts_of(kind, number)}


def new_person(line, user):
    return {"name_pinyin": suggest_pinyin(line.get("name"))[:60]}


def his_own(row, before, line):
    """Somebody with an account fills in his own application, and whom the unit does not see is not the unit's to enter."""
    found = {} if normal_phone(row.phone) else {"phone": f"手机：要求真实的号码，实际“{row.phone}”"}
    known = Person.by_document(row.document_number) if before is None else row
    if known is not None and (before is None or known.users.exists()):
        found["document_number"] = HIS_OWN if known.users.exists() else "已有单位为这个人代填"
    return found


def case_of(line, user):
    programme = line.found["programme"]
    return {"institution": programme.institution_id, "college": programme.college_id, "discipline": programme.discipline_id, "year": programme.year, "prepared": True}


def may_begin(row, before, line):
    """What stands against a new application stands against a prepared one too."""
    if before is not None:
        return {"person": HIS_OWN} if row.person.users.exists() else {}
    programme = line.found["programme"]
    closed = within_window(programme.apply_from, programme.apply_until, "申请")
    other = row.other_live_case(None) if row.person_id else None
    return ({"programme": str(closed)} if closed else {}) | ({"name": f"{row.person} 已有一件在办的申请"} if other else {})


def own(field, sample, **more):
    return Column(field.name, fills=field, sample=sample, **more)


APPLICATIONS = Import(
    name="application", title="申请", screen="application", roles=("clerk",), on_behalf=True,
    help="一行是一个人的一件申请，按证件号和学科对上。导入后是草稿：本人用同样的姓名、证件号和手机注册，核对、补齐照片和材料后自己提交。",
    columns=(
        own(Person.name, "林叙白"), own(Person.document_type, "01 居民身份证", required=True), own(Person.document_number, "110105199001010017", width=22),
        own(Person.phone, "13800138000", required=True, width=16), own(Person.ethnic_group, "汉族"), own(Person.political_status, "中共党员", width=16),
        Column("discipline_code", "学科代码", required=True, sample="0202"), Column("year", "年度", fills=Programme.year, sample="2026"),
        own(Application.degree_ground, "学士"), own(Application.degree_unit, "北京大学", width=20), own(Application.degree_date, "2015-07-01"),
        own(Application.degree_subject, "经济学"), own(Application.degree_number, "1000142015000001", width=20), own(Application.graduated_from, "北京大学", width=20),
        own(Application.employer, "北京市第一设计院", width=24), own(Application.employer_address, "海淀区颐和园路 5 号", width=24),
        own(Application.employer_postcode, "100871"), own(Application.post, "科长"), own(Application.professional_title, "经济师"),
        own(Application.years_of_work, "6"), own(Application.address, "海淀区颐和园路 5 号", width=24)),
    looks=(Look("programme", "discipline_code", lambda line: (line.get("discipline_code"), line.get("year")), programmes,
                "您的范围内这一年度没有发布代码为“{}”的学科"),),
    parts=(
        Part(Person, key=("document_index",), given=person_of, fresh=new_person, check=his_own),
        Part(Application, key=("person", "programme"), links={"person": Person, "programme": "programme"}, given=case_of, check=may_begin)))
