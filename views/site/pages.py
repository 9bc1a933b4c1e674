"""Stage 2: the application form as pages, one topic each. What a page asks depends on the person and on the degree."""
from dataclasses import dataclass

from backoffice.choices import Choice
from models import clock
from models.applications import Application, latest_bachelor_date
from models.identity import facts_of, normal_phone
from models.parameters import value
from models.people import Person
from models.reference import Institution, InstitutionName, names
from views.site.boxes import box

CHINESE_PARTS = {"hongkong_macau": ("344", "446"), "taiwan": ("158",)}
LEVELS = {"bachelor": "4", "master": "3", "doctor": "2"}      # GB/T 6864: the first digit of a degree category says which degree


@dataclass(frozen=True)
class Page:
    """One page of boxes. `asks(case)` names the fields, in order, of the person (`of` = Person) or of the case."""
    name: str
    title: str
    heading: str
    of: type
    asks: object
    help: str = ""

    def row(self, case):
        """The row that this page writes to."""
        return case.person if self.of is Person else case

    def boxes(self, case):
        """{field name: box} for this case."""
        needed = needed_of(case)
        fields = [getattr(self.of, name) for name in self.asks(case)]
        return {field.name: box(field, needed=field.name in needed, **options(field, case)) for field in fields}


def identity(case):
    person = case.person
    derived = facts_of(person.document_type, person.document_number)
    return ("name_pinyin", *(name for name in ("sex", "birth_date") if name not in derived), *(("country",) if person.kind != "mainland" else ()),
            *(("ethnic_group",) if person.kind != "foreign" else ()), *(("political_status",) if person.kind == "mainland" else ()), "phone")


PAGES = {page.name: page for page in (
    Page("identity", "身份信息", "请核对您的身份信息", Person, identity, "姓名和证件号在注册时已经登记。写错了的，现场确认时凭证件由学校更正。"),
    Page("degree", "学位", "您已有的最高学位", Application,
         lambda case: ("degree_ground", "degree_unit", "degree_date", "degree_category", "degree_subject", "degree_number", "foreign_degree",
                       "certification_number"), "照学位证书填写。已有硕士或博士学位的，不受学士学位年限的限制。"),
    Page("education", "学历与毕业学校", "您的学历和本科毕业学校", Application, lambda case: ("education_level", "graduated_from")),
    Page("language", "外语", "您考哪一种外国语？", Application, lambda case: ("language",), "入册以后，外国语水平的全国统考按这个语种报名。"),
    Page("work", "工作", "您的工作单位和成果", Application,
         lambda case: ("employer", "employer_address", "employer_postcode", "post", "professional_title", "years_of_work", "achievements", "address")),
)}
MORE = {
    "name_pinyin": {"description": "系统按姓名给出建议，请核对，多音字可以改", "render_kw": {"autocapitalize": "characters"}},
    "phone": {"must": True, "render_kw": {"inputmode": "tel", "autocomplete": "tel"}},
    "degree_unit": {"description": "写全称，以学位证书为准"},
    "foreign_degree": {"description": "在国（境）外取得的学位"},
    "certification_number": {"description": "境外学位须先经教育部留学服务中心认证", "render_kw": {"data-only": "foreign_degree"}},
    "graduated_from": {"description": "写全称，以毕业证书为准"},
    "employer_postcode": {"render_kw": {"inputmode": "numeric"}},
    "years_of_work": {"description": "满几年写几，不足一年写 0"},
    "achievements": {"description": "论文、著作、获奖等，一项一行；原件在现场确认时带来"},
}
ORDER = (*PAGES, "photo", "materials", "check")
TITLES = {**{name: page.title for name, page in PAGES.items()}, "photo": "照片", "materials": "材料", "check": "核对并提交"}


def needed_of(case):
    """Names of what must be filled: what an empty form of this kind of person and degree would be refused for."""
    person = Person(document_type=case.person.document_type, country="" if case.person.country != "156" else "156")
    return set(Application(person=person, degree_ground=case.degree_ground, foreign_degree=case.foreign_degree).missing_fields())


def options(field, case):
    """What a box has beyond its field: choices that fit the case, help, the day that the live hint compares with."""
    name = field.name
    if name == "country":
        codes = CHINESE_PARTS.get(case.person.kind)
        return {"kind": Choice(field, [(code, label) for code, label in names("country").items() if codes is None or code in codes])}
    if name == "sex":
        return {"kind": Choice(field, [(code, label) for code, label in names("sex").items() if code in "12"])}
    if name == "degree_category":
        level = LEVELS[case.degree_ground]
        return {"kind": Choice(field, [(level + code[1:], label) for code, label in names("degree_category").items()])}
    if name == "degree_date":
        years = value("application.bachelor_years")
        return {"render_kw": {"data-latest": latest_bachelor_date(case.year, years), "data-years": years, "max": clock.today()}}
    return MORE.get(name, {})


def completed(page, values):
    """The values of a page with what follows from them."""
    for name in ("degree_unit", "graduated_from"):
        if name in values:
            values[f"{name}_code"] = code_of(values[name])
    if "degree_category" in values and values["degree_category"]:
        values["degree_category"] = LEVELS[values["degree_ground"]] + values["degree_category"][1:]
    if "phone" in values:
        values["phone"] = normal_phone(values["phone"])
    return values


def code_of(name):
    """The code of the unit that is or was called so; '' when the name is not known."""
    unit = Institution.get_or_none(Institution.name == name)
    former = None if unit else InstitutionName.select().where(InstitutionName.name == name).first()
    return unit.code if unit else former.institution.code if former else ""


def page_of(field):
    """The page on which a field is asked."""
    if field in ("photo", "materials"):
        return field
    return "identity" if field in Person._meta.fields else next(
        (page.name for page in PAGES.values() if page.of is Application and field in page.asks(None)), "check")
