"""The interface described for programs: /api/openapi.json, made from the declarations of the routes and from the field table."""
from apispec import APISpec
from flask import jsonify, request

import config
from models.record import FIELDS
from models.reports import Report, ReportTerm
from models.statistics import BY
from views.api.declaring import ROUTES, bearer, rooms

TEXT, NUMBER, FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
ABOUT = ("省级学位办和学位中心的程序读取报送数据。令牌在“接口令牌”页生成，能读到的与令牌所有人在页面上能看到的一样；每次读取记入操作日志。"
         "时间都是北京时间。分页：把上一页的 next 作为 after 再读，直到 next 为 null。出错时回答 {\"error\": 一句话}。")
ERRORS = {"401": "没有令牌", "403": "令牌已收回、过期，或所有人已没有这个角色", "404": "没有这一行，或不在范围内", "409": "明细与提交时的摘要不符",
          "422": "参数不对，逐项说明", "429": "超过一个令牌每小时的次数；Retry-After 是可以再读的秒数"}


def shape(title, **properties):
    """An object in which every property is there; a name ending in _ may be null."""
    found = {name.removesuffix("_"): kind | {"nullable": True} if name.endswith("_") else kind for name, kind in properties.items()}
    return {"type": "object", "title": title, "properties": found, "required": list(found)}


def list_of(name):
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def coded(fields):
    """An object of texts by the codes of fields."""
    return {"type": "object", "properties": {field.code: TEXT | {"title": field.name} for field in fields}, "required": [field.code for field in fields]}


ADDED = {"type": "object", "title": "本站补充字段：名字 = 值", "additionalProperties": {"nullable": True}}
UNTOLD = {"name": "added", "in": "query", "style": "form", "explode": True, "schema": {"type": "object", "additionalProperties": TEXT}}
SHAPES = {
    "Report": shape("报送", id=NUMBER, unit=shape("单位", code=TEXT, name=TEXT, extra=ADDED), term=shape("学期", id=NUMBER, name=TEXT, award_from=TEXT, award_until=TEXT),
                    state=TEXT | {"enum": list(Report.STATES)}, state_name=TEXT, round=NUMBER | {"title": "第几次报送"}, version=NUMBER | {"title": "第几版"}, lines=NUMBER, digest=TEXT,
                    submitted_at_=TEXT, returned_at_=TEXT, returned_reason=TEXT, filed_at_=TEXT),
    "Line": shape("明细", extra=shape("补充字段，现在的值，不在摘要之内", award=ADDED, application=ADDED), number=NUMBER | {"title": "第几行"}, version_=NUMBER | {"title": "从第几版起，年报补录的没有"}, digest=TEXT, masked=FLAG | {"title": "证件号是否隐去"}, values=coded(FIELDS),
                  names=coded([field for field in FIELDS if field.table])),
    "Term": shape("报送学期", id=NUMBER, name=TEXT, award_from=TEXT, award_until=TEXT, state=TEXT | {"enum": list(ReportTerm.STATES)}, reports=NUMBER),
    "Count": shape("一行统计", code=TEXT, name=TEXT, units=NUMBER, awarded=NUMBER, reported=NUMBER, filed=NUMBER),
    "Error": shape("为什么没有答复", error=TEXT),
    "Reports": shape("报送的一页", reports=list_of("Report"), next_=NUMBER),
    "Lines": shape("明细的一页", report={"$ref": "#/components/schemas/Report"}, lines=list_of("Line"), next_=NUMBER),
    "Terms": shape("报送学期", terms=list_of("Term")),
    "Statistics": shape("统计", by=TEXT | {"enum": list(BY)}, rows=list_of("Count")),
}


def described(user=None):
    """The OpenAPI document; with each added field that a user may narrow by, for everybody else without their names."""
    spec = APISpec("同力信息平台报送接口", config.VERSION, "3.0.3", info={"description": ABOUT}, security=[{"token": []}])
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for name, schema in SHAPES.items():
        spec.components.schema(name, schema)
    for route in ROUTES:
        row = [{"name": "id", "in": "path", "required": True, "description": "报送编号", "schema": NUMBER}] if "{id}" in route.path else []
        asks = [{"name": asked.name, "in": "query", "description": asked.title, "schema": asked.schema} for asked in (route.asks_of(user) if user else route.asks)]
        if route.added and user is None:
            asks.append(UNTOLD | {"description": f"按本站补充字段筛选和排列（order）：{'、'.join(f'{place}.名字' for place in route.added)}，数和日期另有 .from 和 .to；带令牌读本说明时逐个列出"})
        errors = {status: _answers(words, "Error") for status, words in ERRORS.items()}
        answers = {"200": _answers(route.title, route.shape)} | errors
        spec.path("/api" + route.path, operations={"get": {
            "operationId": route.function.__name__, "summary": route.title, "parameters": row + asks, "responses": answers}})
    return spec.to_dict()


def _answers(words, shape):
    return {"description": words, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}}}


@rooms.get("/openapi.json")
def openapi():
    """The description: for everybody, and with the fields of the site that the owner of a token may ask for."""
    return jsonify(described(bearer().owner if "Authorization" in request.headers else None))
