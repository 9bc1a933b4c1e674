"""Stage 10: the record that is reported, field by field, as one table; what a record lacks, and what is wrong with it, follows from it."""
import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache

from models.awards.numbers import certificate_faults
from models.identity import document_faults
from models.memory import recalled
from models.people import kind_of
from models.reference import CODE_TABLES, Code, InstitutionName
from models.workflow import Reason


@dataclass(frozen=True)
class Field:
    """One field of the record: code, Chinese name, type (C text, N digits of exactly the width, D date CCYYMMDD, Y year), width in GBK bytes,
    when it is mandatory (ALWAYS, NEVER, or for which records), the code table behind it, and the record that it comes from."""
    code: str
    name: str
    type: str
    width: int
    mandatory: str
    table: str = ""
    source: str = ""


# mandatory for everybody, for nobody, for mainlanders, for all but foreigners, for a bachelor's degree of this country, for a second-level discipline
ALWAYS, NEVER, MAINLAND, CHINESE, BACHELOR, SECOND = "always", "never", "mainland", "chinese", "bachelor", "second"
GROUND = "ground"               # beside the fields of a record: on which degree it rests, bachelor, master, doctor or foreign
FIELDS = (
    Field("XM", "姓名", "C", 40, ALWAYS, "", "person"), Field("XMPY", "姓名拼音", "C", 60, ALWAYS, "", "person"),
    Field("XBM", "性别", "C", 1, ALWAYS, "sex", "person"), Field("GBM", "国家或地区", "C", 3, ALWAYS, "country", "person"),
    Field("MZM", "民族", "C", 2, CHINESE, "ethnic_group", "person"), Field("ZZMMM", "政治面貌", "C", 2, MAINLAND, "political_status", "person"),
    Field("CSRQ", "出生日期", "D", 8, ALWAYS, "", "person"), Field("ZJLXM", "证件类型", "C", 2, ALWAYS, "document_type", "person"),
    Field("ZJHM", "证件号码", "C", 18, ALWAYS, "", "person"), Field("ZP", "照片文件名", "C", 40, ALWAYS, "", "application"),
    Field("XWSYDWM", "学位授予单位码", "N", 5, ALWAYS, "", "award"), Field("PYDWM", "培养单位码", "N", 5, ALWAYS, "", "award"),
    Field("XZXM", "校长姓名", "C", 40, ALWAYS, "", "head"), Field("ZXXM", "学位评定委员会主席姓名", "C", 40, ALWAYS, "", "head"),
    Field("XWLBM", "学位类别", "C", 3, ALWAYS, "degree_category", "discipline"), Field("XKMLM", "学科门类", "N", 2, ALWAYS, "", "discipline"),
    Field("YJXKM", "一级学科", "C", 4, ALWAYS, "", "discipline"), Field("EJXKM", "二级学科", "C", 6, SECOND, "", "discipline"),
    Field("ZSZYMC", "自设专业名称", "C", 60, NEVER, "", "discipline"), Field("SFYJSY", "是否按一级学科授予", "N", 1, ALWAYS, "", "discipline"),
    Field("BKBYXXDM", "本科毕业学校", "N", 5, BACHELOR, "", "application"), Field("XSXWDWM", "学士学位授予单位", "N", 5, BACHELOR, "", "application"),
    Field("HXMLM", "获学士学位门类", "N", 3, BACHELOR, "", "application"), Field("HXZYDM", "获学士学位专业", "C", 60, BACHELOR, "", "application"),
    Field("HXXWRQ", "获学士学位日期", "D", 8, BACHELOR, "", "application"), Field("DSXM", "导师姓名", "C", 40, ALWAYS, "", "thesis"),
    Field("DSZCM", "导师职称", "C", 20, NEVER, "", "thesis"), Field("LWTM", "论文题目", "C", 200, ALWAYS, "", "thesis"),
    Field("LWGJC", "论文关键词", "C", 200, ALWAYS, "", "thesis"), Field("LWLX", "论文类型", "C", 1, ALWAYS, "thesis_type", "thesis"),
    Field("LWXTLY", "选题来源", "C", 2, NEVER, "topic_source", "thesis"), Field("LWZS", "论文字数", "C", 6, NEVER, "", "thesis"),
    Field("LWKSRQ", "论文开始日期", "D", 8, NEVER, "", "thesis"), Field("LWDBRQ", "论文答辩日期", "D", 8, ALWAYS, "", "defence"),
    Field("ZHKSNF", "综合考试年份", "Y", 4, NEVER, "", "exam"), Field("WYYZM", "外国语语种", "C", 2, ALWAYS, "language", "application"),
    Field("WYTKNF", "外国语统考年份", "Y", 4, ALWAYS, "", "exam"), Field("GZDW", "工作单位", "C", 80, NEVER, "", "application"),
    Field("GZDWTXDZ", "单位通信地址", "C", 120, NEVER, "", "application"), Field("GZDWYB", "单位邮编", "N", 6, NEVER, "", "application"),
    Field("XZZW", "行政职务", "C", 40, NEVER, "", "application"), Field("ZYJSZCM", "专业技术职称", "C", 40, NEVER, "", "application"),
    Field("GZNX", "工作年限", "C", 2, NEVER, "", "application"), Field("SQRQ", "申请日期", "D", 8, ALWAYS, "", "application"),
    Field("SQH", "申请号", "C", 20, NEVER, "", "application"), Field("HXWRQ", "获学位日期", "D", 8, ALWAYS, "", "award"),
    Field("XWZSBH", "学位证书编号", "C", 17, ALWAYS, "", "award"), Field("JYBH", "决议编号", "C", 40, ALWAYS, "", "award"),
    Field("BZ", "备注", "C", 120, NEVER, "", "award"),
)
BY_CODE = {field.code: field for field in FIELDS}
CATEGORIES = {f"{n:02d}": str(300 + n) for n in range(1, 14)}          # degree category of each 门类
NEEDED = tuple((field.code, field) for field in FIELDS if field.mandatory != NEVER)
CODED = tuple((field.code, field) for field in FIELDS if field.table)
TYPED = tuple((field.code, field) for field in FIELDS if field.type != "C")
TEXTS = tuple((field.code, field.width // 4, field) for field in FIELDS if field.type == "C" and not field.table)     # so many signs always fit
TYPES = {"N": "{} 位数字", "D": "CCYYMMDD 形式的真实日期", "Y": "四位年份"}


def applying(field, values):
    """Whether a field is mandatory in a record."""
    when = field.mandatory
    if when in (ALWAYS, NEVER):
        return when == ALWAYS
    if when == BACHELOR:
        return values.get(GROUND) == "bachelor"
    if when == SECOND:
        return values.get("SFYJSY") == "0"
    kind = kind_of(values["ZJLXM"], values["GBM"])
    return kind == "mainland" or (when == CHINESE and kind != "foreign")


def gaps(values):
    """[(Field, Reason)] of the mandatory values that a record lacks."""
    return [(field, Reason(f"{field.name}：没有填写")) for code, field in NEEDED if not values[code] and applying(field, values)]


def wrong(values):
    """[(Field, Reason)] of the values that are there and cannot stay: too wide, not a date, not in the code table."""
    found, tables = [], codes()
    for code, field in CODED:
        if (value := values[code]) and value not in tables[field.table]:
            found.append((field, Reason(f"{field.name}没有“{value}”这个代码", f"{CODE_TABLES[field.table]}代码表中的代码", value)))
    for code, field in TYPED:
        if (value := values[code]) and not of_type(field.type, field.width, value):
            found.append((field, Reason(field.name, TYPES[field.type].format(field.width), value)))
    for code, fits, field in TEXTS:
        if len(values[code]) > fits and (wide := width(values[code])) > field.width:
            found.append((field, Reason(field.name, f"不超过 {field.width} 字节", f"{wide} 字节", f"{wide - field.width} 字节")))
    return found


def wrong_numbers(values):
    """[(Field, Reason)] of a document or certificate number that cannot be right, in a record that somebody has typed."""
    found = [(BY_CODE["ZJHM"], Reason(text)) for text in document_faults(values["ZJLXM"], values["ZJHM"]).values() if values["ZJHM"]]
    if values["XWZSBH"] and of_type("D", 8, values["HXWRQ"]):
        day = dt.datetime.strptime(values["HXWRQ"], "%Y%m%d").date()
        found += [(BY_CODE["XWZSBH"], reason) for reason in certificate_faults(values["XWZSBH"], values["XWSYDWM"], day)]
    return found


@lru_cache(4096)
def of_type(kind, width, value):
    """Whether a text is what a field of type N, D or Y holds: digits of exactly the width, and of those a real day or a year."""
    if not (len(value) == width and value.isascii() and value.isdigit()):
        return False
    try:
        return kind == "N" or dt.date(int(value[:4]), int(value[4:6] or 1), int(value[6:8] or 1)) is not None
    except ValueError:
        return False


def codes():
    """{code table: {code: name}}."""
    def ask():
        found = {kind: {} for kind in CODE_TABLES}
        for kind, code, name in Code.select(Code.kind, Code.code, Code.name).tuples():
            found.setdefault(kind, {})[code] = name
        return found
    return recalled(Code, ask)


def coded_names(values):
    """{code: name} beside each coded field of a record: every coded field travels as code and name."""
    tables = codes()
    return {field.code: tables[field.table].get(values[field.code], "") for field in FIELDS if field.table}


def differences(before, after):
    """{code: (before, after)} of the fields in which two records differ."""
    return {code: (before.get(code, ""), after.get(code, "")) for code in BY_CODE if before.get(code, "") != after.get(code, "")}


def digest_of(values):
    """SHA-256 of the canonical form: sorted keys, no blanks, UTF-8."""
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def width(value):
    """Width in GBK bytes; a character that GBK lacks counts as the four bytes it takes in GB 18030."""
    return len(value) if value.isascii() else len(value.encode("gb18030"))


def beyond_gbk(text):
    """The characters of a text that GBK lacks, once each, in their order."""
    try:
        text.encode("gbk")
        return []
    except UnicodeEncodeError:
        return [character for character in dict.fromkeys(text) if not character.encode("gbk", "ignore")]


def unit_name(award):
    """The unit's name on the day of the award."""
    return InstitutionName.on(award.institution, award.awarded_on)
