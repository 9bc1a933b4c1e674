"""Stage 10: legacy records for the annual report system, by the unit's own clerk; each line is judged by the one function of the door."""
import datetime as dt

from models.applications import DEGREES
from models.bulk import among
from models.identity import normal_document
from models.legacy import LegacyRecord
from models.record import ALWAYS, FIELDS, GROUND
from models.reports import AnnualReport, ReportTerm
from tasks.imports.description import Column, Import, Look, Part
from tasks.imports.readers import Choice, Day, Text

TERM = "2012—2013 学年第一学期"
FOLLOWS = ("XWSYDWM", "ZP", "XBM", "CSRQ", "PYDWM")          # known without being told, or from the document
SAMPLES = {"XM": "裘国栋", "XMPY": "QIU GUODONG", "ZJLXM": "居民身份证", "GBM": "中国", "MZM": "汉族", "ZZMMM": "群众", "XZXM": "柳一舟", "ZXXM": "柳一舟",
           "XWLBM": "经济学", "XKMLM": "02", "YJXKM": "0202", "SFYJSY": "1", "HXXWRQ": "1980-07-01", "LWTM": "论产业结构", "LWGJC": "产业；结构",
           "LWLX": "应用研究", "LWDBRQ": "2012-11-20", "WYYZM": "英语", "WYTKNF": "2010", "SQRQ": "2009-03-20", "HXWRQ": "2012-12-20",
           "XWZSBH": "T1000132012000001", "JYBH": "校学位〔2012〕9 号"}


def column(field):
    """The column of one field of the record."""
    required = field.mandatory == ALWAYS and field.code not in FOLLOWS
    if field.code == "ZJHM":
        return Column(field.code, field.name, fills=LegacyRecord.document_number, required=True, sample="110105195603121019", width=22)
    reader = Choice(None, table=field.table) if field.table else Day(None) if field.type == "D" else Text()
    wide = max(10, min(28, field.width // 2))
    return Column(field.code, field.name, required=required, sample=SAMPLES.get(field.code, ""), reader=reader, width=wide)


def annuals(user, wants):
    """{name of a term: the annual report of the user's unit}."""
    if not wants:
        return {}
    rows = (AnnualReport.visible_to(user).select(AnnualReport, ReportTerm).join(ReportTerm)
            .where(AnnualReport.institution == user.institution_id, among([ReportTerm.name], wants)))
    return {row.term.name: row for row in rows}


def record_of(line, user):
    """The record of a line; what follows from it is set by the record itself."""
    texts = {field.code: line.get(field.code) for field in FIELDS}
    values = {code: f"{text:%Y%m%d}" if isinstance(text, dt.date) else text or "" for code, text in texts.items()}
    return {"values": values | {GROUND: line.get("ground") or "bachelor"}, "document_number": normal_document(values["ZJHM"])}


LEGACY = Import(
    name="legacy_record", title="年报补录", screen="legacy_record", roles=("clerk",),
    help="一行是一个人。只受理 2011 年 11 月以前通过全部统考、没有在平台确认过、2012—2013 学年第一学期授予的人；不能录入的逐行说明理由。",
    columns=(
        Column("term", "学期", sample=TERM, help=f"空 = {TERM}", width=24),
        *(column(field) for field in FIELDS if field.code not in ("XWSYDWM", "ZP")),
        Column("passed_on", fills=LegacyRecord.passed_on, required=True, sample="2010-05-30"),
        Column("ground", "已有最高学位", sample="学士", reader=Choice(None, (*DEGREES, ("foreign", "境外学位"))))),
    looks=(Look("annual", "term", lambda line: line.get("term") or TERM, annuals, "本单位没有学期“{}”的年报，或这一学期没有开放"),),
    parts=(Part(LegacyRecord, key=("annual", "document_index"), links={"annual": "annual"}, given=record_of),),
    step=lambda line, row: ("enter", {}) if row.state == "draft" else None)
