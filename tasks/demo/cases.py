"""Stages 2 to 5 and 7 of the demo: one person registers, applies, is confirmed and reviewed, studies, or is dismissed."""
import datetime as dt
from decimal import Decimal

from models import clock
from models.applications import Confirmation, Document, start
from models.comments import say
from models.consents import record_consent
from models.courses import CourseResult
from models.files import File
from models.identity import facts_of, suggest_pinyin
from models.people import Person
from tasks.demo.accounts import account, mail

REGISTERED = 21           # days from the beginning of an application to the register
ORIGINALS = ["学士学位证书", "学历证明", "身份证", "成果材料", "单位推荐意见"]
SUBJECTS = (("402", "经济学"), ("403", "法学"), ("404", "教育学"), ("405", "新闻学"), ("408", "机械设计制造及其自动化"), ("408", "计算机科学与技术"), ("410", "临床医学"),
            ("412", "会计学"))
EMPLOYERS = ("市第三人民医院", "省电力设计院", "区教育科学研究院", "某股份制银行分行", "市规划和自然资源局", "某通信设备公司", "农业科学院", "日报社", "区人民法院", "某高等专科学校")
RARE = {"李𠮷安": "LI JIAN"}       # readings that the person has to write himself
TITLES = ("工程师", "讲师", "经济师", "主治医师", "编辑", "农艺师", "")
RETURNED = ("学位证书扫描件不清楚，请重新上传", "学位授予日期与证书不一致，请核对证书右下角的日期", "缺少工作单位推荐意见")
DISMISSALS = {"over_limit": "已超过规定的学习年限，按本单位实施细则清退", "own_request": "本人书面申请终止学习", "breach": "国家统考中违纪，依据考点违纪处理决定书",
              "false_material": "提交的成果材料经核实不真实"}


def days(number):
    return dt.timedelta(days=number)


def register(world, life):
    """The person and his account."""
    who, serial = life.who, world.serial()
    facts = {"ethnic_group": world.rng.choice(("01",) * 20 + ("03", "11", "08", "15")),
             "political_status": world.rng.choice(("01", "13", "13", "03")), "name_pinyin": suggest_pinyin(who.name) or RARE.get(who.name, ""),
             **facts_of(who.document_type, who.document_number),
             **{name: value for name, value in who.more.items() if name != "prior"}}
    email = mail(life.username or f"p{serial:04d}") if serial % 40 else None         # some have none
    person = Person.add(None, name=who.name, document_type=who.document_type, document_number=who.document_number, phone=f"1380000{serial:04d}",
                        email=email or "", consent_version="2026-1", consented_at=clock.now(), **facts)
    life.user = account(who.name, "applicant", life.username, email, person=person)
    record_consent(life.user, person, "privacy")


def begin(world, life):
    """The story of an application, from the account to the register."""
    yield life.start
    if life.before:
        life.user = life.before.user
    else:
        register(world, life)
    if life.plan is None:
        return
    life.case = start(life.user.person, life.plan.row, life.user)
    yield life.start + days(2)
    fill(world, life)
    yield life.start + days(3)
    life.case.submit(by=life.user)
    yield from handle(world, life, world.staff[life.plan.unit, "clerk"], world.staff[life.plan.unit, "reviewer"])


def handle(world, life, clerk, reviewer):
    """What the unit does with what was submitted."""
    case, first = life.case, life.start
    if life.turn == "withdrawn":
        yield first + days(5)
        return case.withdraw(by=life.user)
    if life.turn == "returned":
        yield first + days(8)
        return case.send_back(by=clerk, reason=world.rng.choice(RETURNED))
    yield first + days(13)
    confirm(world, life, clerk, reviewer)
    talks = world.turn("talk", life.plan.unit) % 6 == 1
    if talks:
        say(case, "成果材料只有目录，已请本人在一周内补传全文。", clerk)
    yield first + days(REGISTERED)
    if talks:
        say(case, "全文已收到，与目录一致。", reviewer)
    if life.turn == "rejected":
        return case.reject(by=reviewer, opinion="已有学位的学科与申请学科相差较远，专业基础不足")
    case.approve(by=reviewer, opinion="材料齐全，符合条件，同意入册")


def fill(world, life):
    """The form, the photo and two documents."""
    case, rng = life.case, world.rng
    category, subject = rng.choice(SUBJECTS)
    school = rng.choice(world.schools)
    graduated = dt.date(case.year - rng.randrange(4, 11), 6, rng.randrange(20, 31))
    ground = "master" if rng.random() < 0.05 else "bachelor"
    foreign = case.discipline.is_foreign_literature
    case.change(life.user, **{
        "degree_ground": ground, "degree_unit": school.name, "degree_unit_code": school.code, "degree_date": graduated, "degree_category": category,
        "degree_subject": subject, "degree_number": f"{school.code}4{graduated.year}{rng.randrange(1, 9000):06d}", "graduated_from": school.name,
        "graduated_from_code": school.code, "education_level": "14" if ground == "master" else "21",
        "language": rng.choice(("02", "03", "04", "05")) if foreign else rng.choice(("01",) * 24 + ("05", "02")),
        "employer": rng.choice(EMPLOYERS), "professional_title": rng.choice(TITLES), "years_of_work": case.year - graduated.year,
        "address": f"{rng.randrange(1, 90)} 号院 {rng.randrange(1, 30)} 号楼", "photo": keep(world, life, "photo", "photo.jpg", "image/jpeg"),
        **life.values})
    for title, kind, form in (("学士学位证书", "card", "image/png"), ("单位推荐意见", "paper", "application/pdf")):
        Document.add(life.user, application=case, title=title, file=keep(world, life, kind, f"{title}.{form[-3:]}", form, "document"))


def confirm(world, life, clerk, reviewer):
    """On site: originals, image, fingers - or why they cannot be taken, with a witness."""
    case = life.case
    if life.turn == "no_fingers":
        fingers = {"no_fingers_reason": "双手烧伤，无法采集指纹", "witness": reviewer}
    else:
        fingers = {name: keep(world, life, "finger", f"{name}.png", "image/png", "fingerprint") for name in ("finger_one", "finger_two")}
    Confirmation.add(clerk, application=case, institution=case.institution_id, originals=ORIGINALS, biometric_consent=True, confirmed_by=clerk,
                     scene=keep(world, life, "scene", "scene.jpg", "image/jpeg"),
                     form_scan=keep(world, life, "paper", "资格审查表.pdf", "application/pdf", "form"), **fingers)
    record_consent(clerk, case.person, "biometrics")
    case.confirm(by=clerk)


def keep(world, life, drawn, name, form, kind=None):
    """Store the next drawn picture of a kind for this person."""
    case = life.case
    return File.keep(getattr(world.pictures, drawn)(), name, kind or drawn, form, institution=case.institution_id, person_ref=case.person_id,
                     case_ref=case.id)


def study(world, life):
    """Results come in three terms and are published; the last ones may still wait for it."""
    ends = [day - days(before) for day, before in ((world.today, 3), (life.due, 122), (life.dismissed, 10)) if day]
    first, clerk = life.start + days(REGISTERED + 1), world.staff[life.plan.unit, "clerk"]
    span = max(0, min((min(ends) - first).days, 700))
    for part in range(3):
        yield first + days(span * (part + 1) // 3)
        for place in life.courses[part::3]:
            result(world, life, clerk, place).publish(by=clerk)
    for place in life.drafts:
        result(world, life, clerk, place)


def result(world, life, clerk, place):
    """One result; now and then the first attempt fails."""
    taken = max(life.case.registered_on, clock.today() - days(6))

    def enter(score):
        return CourseResult.add(clerk, application=life.case, course=life.plan.courses[place], score=Decimal(score), taken_on=taken)
    if world.rng.random() < 0.04:
        enter(world.rng.randrange(38, 60)).publish(by=clerk)
    return enter(world.rng.randrange(62, 97))


def dismiss(world, life):
    """Removal from the register, with its ground and reason."""
    yield life.dismissed
    life.case.dismiss(by=world.staff[life.plan.unit, "reviewer"], ground=life.ground, reason=DISMISSALS[life.ground])

