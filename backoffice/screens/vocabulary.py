"""Every word that a screen file or the site file may say, once: the checks of the loader, the JSON Schema for editors and the page
docs/screens.md all follow from this table."""
from dataclasses import dataclass

TEXT, NUMBER, DECIMAL, FLAG, TABLE, LIST, TEXTS, TABLES, ANY = "文字", "整数", "数", "是非", "表", "列表", "文字列表", "表的列表", "任意值"
TONES = ("ok", "bad", "wait", "busy", "off")
TYPES = ("text", "long", "integer", "decimal", "date", "choice", "flag", "file")       # of extra fields
FILTER_KINDS = ("value", "empty")
FORMATS = ("day", "thousands", "bytes", "kind", "job", "account")


@dataclass(frozen=True)
class Key:
    """One word: of what type its value is, what stands for it when it is left out, what it does, an example in TOML; `among` what it may say."""
    name: str
    type: str
    what: str
    default: str = ""
    example: str = ""
    among: tuple = ()


WORDS = {
    "screen": (
        Key("model", TEXT, "显示哪种记录；一种记录可以有几个界面。出厂的界面不能改换", "", '"Application"'),
        Key("title", TEXT, "界面的名称", "记录的名称", '"在册申请人"'),
        Key("help", TEXT, "名称下面的一句话", '""', '"从提交到审核结束的申请。"'),
        Key("menu", TEXT, "菜单里的分组；空 = 不在菜单里", '""', '"招生与申请"'),
        Key("order", NUMBER, "在菜单里的次序，小的在前", "100", "20"),
        Key("icon", TEXT, "菜单里的图标", '"rows"', '"file"'),
        Key("roles", TEXTS, "谁能打开；只能在出厂给出的角色里收窄", "出厂给出的全部", '["clerk", "reviewer"]'),
        Key("where", TABLE, '只显示哪些行：字段 = 值，= 值的列表，= "" 是没有值的行', "{}", '{ state = ["submitted", "confirmed"] }'),
        Key("columns", LIST, "列：字段名，可以跨外键写，或写成表（见“列”）", '["id"]', '["person.name", "state"]'),
        Key("order_by", TEXT, "缺省的次序，前面加 - 是从后往前", '"-id"', '"-submitted_at"'),
        Key("filters", LIST, "筛选：字段名，或写成表（见“筛选”）；怎样筛选随字段的类型", "[]", '["state", "submitted_at"]'),
        Key("search", TEXTS, "查找框查哪些字段：名称按开头，加密的号码按整个", "[]", '["person.name", "number"]'),
        Key("page_size", NUMBER, "一页多少行，1 到 200", "50", "50"),
        Key("find", TEXTS, "哪些角色用 Ctrl K 找人时查这个界面，按 search 的字段", "[]", '["clerk", "reviewer"]'),
        Key("totals", TEXTS, "列表下面合计哪些列；只能是自己的数字列", "[]", '["amount"]'),
        Key("inline", TEXTS, "列表里可以就地修改的列；只能是 form 里填写的文字、数字、日期和选择，界面不带自己的页面", "[]", '["score", "taken_on"]'),
        Key("empty", TEXT, "一行也没有时说的话：它从哪里来，现在该做什么", "按能不能新建", '"单位公布成绩以后出现在这里。"'),
        Key("views", TABLES, "保存的视图，列表上面的页签", "[]", '[{ title = "待审核", where = { state = "confirmed" } }]'),
        Key("tiles", TABLES, "工作台上的数字和小图：这个界面里符合条件的行数", "[]", '[{ title = "待确认", where = { state = "submitted" } }]'),
        Key("form", TABLES, "填写的页面，分成几节", "[]", '[{ title = "学科", fields = ["year", "place"] }]'),
        Key("create", FLAG, "能不能在这个界面新建", "false", "true"),
        Key("lines", TABLE, "表单里另一种记录的若干行", "没有", '{ model = "Course", through = "plan", columns = ["code"] }'),
        Key("details", TABLES, "一行的页面，分成几节", "列表的列", '[{ title = "身份", fields = ["person.name"] }]'),
        Key("related", TABLES, "一行的页面下面，别的界面里指向它的行", "[]", '[{ screen = "course", through = "plan" }]'),
        Key("steps", LIST, "这里提供哪些步骤：步骤名，或写成表（见“步骤”）。能不能做由章程决定，这里不能增加", "全部", '["approve", "reject"]'),
        Key("prints", TEXTS, "这里能打印哪些表格：一行的页面上，有的也在列表上成批。谁能打印由程序决定，这里不能增加；界面要带自己的页面", "没有", '["review", "transcript"]'),
        Key("export", LIST, "导出的列", "列表的列", '["person.name", "number"]'),
        Key("full", TEXTS, "哪些加密的号码在一行的页面上完整显示，列表里总是遮住；只能在出厂给出的范围内", "[]", '["person.document_number"]'),
        Key("hide", TABLE, "对谁隐藏哪些字段：角色 = 字段的列表。列、一行的页面、表单、筛选、查找、导出、历史里都没有", "{}", '{ officer = ["person.phone"] }'),
        Key("extra", TABLES, "给这种记录补充的字段（见“补充字段”）；写作 extra.名字", "[]", '[{ name = "campus_number", label = "校内编号", type = "text" }]'),
        Key("grid", TEXT, "带自己的页面的表格，程序里有的才能写", '""', '"CaseGrid"')),
    "column": (
        Key("name", TEXT, "字段", "", '"person.name"'),
        Key("label", TEXT, "列名", "字段的名称", '"姓名"'),
        Key("width", NUMBER, "导出时的列宽，0 到 200 个字符；0 = 按内容", "0", "20"),
        Key("format", TEXT, "怎样写出来", "随字段", '"day"', FORMATS),
        Key("codes", TEXT, "字段里是哪个代码表的代码", "同名的代码表", '"sex"'),
        Key("mask", FLAG, "中间以星号代替；这样的列不能排序、筛选和查找", "false", "true")),
    "filter": (
        Key("name", TEXT, "字段", "", '"submitted_at"'),
        Key("label", TEXT, "名称", "字段的名称", '"提交时间"'),
        Key("kind", TEXT, "value = 按值，empty = 有没有填", '"value"', '"empty"', FILTER_KINDS),
        Key("format", TEXT, "字段里是什么，写法同列的 format", "随字段", '"kind"', FORMATS),
        Key("codes", TEXT, "字段里是哪个代码表的代码", "同名的代码表", '"sex"')),
    "section": (
        Key("title", TEXT, "标题", '""', '"身份"'),
        Key("help", TEXT, "标题下面的一句话", '""', '"发布后在公开目录中显示。"'),
        Key("fields", LIST, "字段名，或写成表（一行的页面见“列”，表单见“填写项”）", "[]", '["year", "place"]')),
    "box": (
        Key("name", TEXT, "字段", "", '"place"'),
        Key("label", TEXT, "名称", "字段的名称", '"地点"'),
        Key("help", TEXT, "填写说明", "字段的说明", '"楼名和房间号"'),
        Key("example", TEXT, "例子，写在说明后面", '""', '"研究生院 102 室"'),
        Key("codes", TEXT, "填哪个代码表的代码", "同名的代码表", '"language"'),
        Key("where", TABLE, "从另一种记录里选时，只能选哪些：字段 = 值或值的列表", "{}", '{ catalogue = "2022" }'),
        Key("optional", FLAG, "false = 必填，哪怕字段可空；true = 可以不填", "随字段", "false"),
        Key("default", ANY, "新建时先填好的值", "随字段", "5")),
    "view": (
        Key("name", TEXT, "网址里的名字", "次序", '"drafts"'),
        Key("title", TEXT, "页签上的字", "", '"草稿"'),
        Key("where", TABLE, "条件，写法同界面的 where", "", '{ state = "draft" }')),
    "tile": (
        Key("title", TEXT, "数字上面的字", "", '"待确认"'),
        Key("where", TABLE, "条件，写法同界面的 where", "{}", '{ state = "submitted" }'),
        Key("by", TEXT, "画成一张小图而不是一个数：按这个字段分，状态、选择、是非每个值一条，日期每月一条（长了每年一条），每条点开就是那些行。要是 filters 里的字段", '""', '"state"'),
        Key("hint", TEXT, "数字或图下面的一句话", '""', '"请在窗口期内确认"'),
        Key("tone", TEXT, "那句话的颜色", '""', '"wait"', TONES)),
    "lines": (
        Key("model", TEXT, "哪种记录", "", '"Course"'),
        Key("through", TEXT, "由哪个字段指回来", "", '"plan"'),
        Key("title", TEXT, "标题", "记录的名称", '"课程"'),
        Key("help", TEXT, "标题下面的一句话", '""', '"必修课至少三门。"'),
        Key("columns", LIST, "每行填写什么：字段名，或写成表（见“填写项”）", "[]", '["code", "credits"]')),
    "related": (
        Key("screen", TEXT, "哪个界面", "", '"course"'),
        Key("through", TEXT, "由哪个字段指回来，可以跨外键写", "", '"plan"'),
        Key("title", TEXT, "标题", "那个界面的名称", '"课程"')),
    "step": (
        Key("name", TEXT, "步骤名", "", '"dismiss"'),
        Key("label", TEXT, "按钮上的字；日志和通知里仍用章程的名称", "章程的名称", '"退出培养"'),
        Key("tone", TEXT, "颜色", "随步骤", '"bad"', TONES),
        Key("confirm", TEXT, "确认页上另加的一句提醒", '""', '"请先核对人事处的名单。"')),
    "extra": (
        Key("name", TEXT, "名字：小写字母、数字和下划线", "", '"campus_number"'),
        Key("label", TEXT, "名称", "", '"校内编号"'),
        Key("type", TEXT, "类型：一行文字、多行文字、整数、小数、日期、选择、是非、文件", '"text"', '"text"', TYPES),
        Key("help", TEXT, "填写说明", '""', '"学号，十位数字"'),
        Key("example", TEXT, "例子", '""', '"2026000123"'),
        Key("choices", TABLE, "type = \"choice\" 时可选什么：存的值 = 显示的字；去掉的选项在旧行里照样显示", "{}", '{ full = "全日制", part = "在职" }'),
        Key("min", DECIMAL, "最小的数，或最少的字数", "不限", "1"),
        Key("max", DECIMAL, "最大的数，或最多的字数（一行文字缺省 200）", "不限", "20"),
        Key("places", NUMBER, "小数最多几位，1 到 6", "2", "1"),
        Key("pattern", TEXT, "整个值要符合的正则表达式（RE2，不会卡死）", "不限", '"[0-9]{10}"'),
        Key("required", FLAG, "在表单里必填", "false", "true"),
        Key("visible", TEXTS, "哪些角色能看；只能是看得到这种记录的工作人员", "能看这种记录的全部", '["clerk", "reviewer"]'),
        Key("editable", TEXTS, "哪些角色能填；必须也能看", "[]", '["clerk"]'),
        Key("indexed", FLAG, "给它建索引，行多而又常按它筛选、排序时用", "false", "true"),
        Key("was", TEXT, "从前的名字：值随之改名，不丢", '""', '"school_number"')),
    "print": (
        Key("title", TEXT, "表格的标题，可以写项目，写法同 intro", "出厂的标题", '"硕士学位申请资格审查表"'),
        Key("intro", TEXTS, "项目上面的话，一项一段。可以写 {{ 项目 }}、{% if 项目 %}…{% endif %} 和几种换个写法，如 {{ 入册日期|日期 }}", "[]", '["{{ 姓名 }} 同志："]'),
        Key("fields", LIST, "印哪些项目和次序：项目名，或写成表（见“表格的项目”）", "出厂的全部", '["姓名", "注册号", "extra.campus_number"]'),
        Key("columns", LIST, "表里印哪些列和次序：列名，或写成表（见“表格的项目”）", "出厂的全部", '["课程名称", { name = "成绩", label = "得分" }]'),
        Key("text", TEXTS, "正文，一项一段，写法同 intro；写了就代替出厂的正文", "出厂的正文", '["因{{ 清退依据 }}，终止您的申请资格。"]'),
        Key("boxes", TEXTS, "签字、盖章的框，最多四个", "出厂的框", '["经办人（签字）", "研究生院（盖章）"]'),
        Key("notes", TEXTS, "框下面的小字，一项一段，写法同 intro", "[]", '["一式两份，本人和单位各执一份。"]')),
    "field": (
        Key("name", TEXT, "项目或列，或补充字段", "", '"证件号码"'),
        Key("label", TEXT, "印出来的名称，不超过 20 字", "项目、列或字段的名称", '"身份证号"')),
    "site": (
        Key("name", TEXT, "平台的名称", '"同力信息平台"', '"某省同力平台"'),
        Key("logo", TEXT, "标志：站点文件旁边的 PNG 文件，不超过 200 KB", "一个“同”字", '"logo.png"'),
        Key("accent", TEXT, "主色，白字在上面要看得清（对比 4.5 : 1）", "石青", '"#1c4f9c"'),
        Key("accent_dark", TEXT, "深色模式下的主色，在深底上要看得清", "石青", '"#8db6f7"'),
        Key("footer", TEXT, "申请人页面底部的一行字", "平台全称", '"某省学位委员会办公室"'),
        Key("announcement", TABLE, "每页上方的通告（见“通告”）", "没有", '{ text = "今晚 22:00 停机维护", tone = "wait" }'),
        Key("groups", TEXTS, "菜单分组的次序；没写的排在后面", "出厂的次序", '["在册管理", "招生与申请"]'),
        Key("renamed", TABLE, "菜单分组改叫什么：原名 = 新名", "{}", '{ "报送" = "学位信息报送" }')),
    "announcement": (
        Key("text", TEXT, "通告的话，不超过 200 字", "", '"今晚 22:00 停机维护"'),
        Key("tone", TEXT, "颜色", '"busy"', '"wait"', TONES)),
}
TITLES = {"screen": "界面", "column": "列", "filter": "筛选", "section": "节", "box": "填写项", "view": "视图", "tile": "工作台的数字和图", "lines": "表单里的行",
          "related": "下面的行", "step": "步骤", "extra": "补充字段", "print": "打印的表格（prints/表格.toml）", "field": "表格的项目", "site": "站点（site.toml）", "announcement": "通告"}
INSIDE = {("screen", "columns"): "column", ("screen", "export"): "column", ("screen", "filters"): "filter", ("screen", "form"): "section",
          ("screen", "details"): "section", ("screen", "views"): "view", ("screen", "tiles"): "tile", ("screen", "lines"): "lines",
          ("screen", "related"): "related", ("screen", "steps"): "step", ("screen", "extra"): "extra", ("lines", "columns"): "box",
          ("section", "fields"): "box", ("print", "fields"): "field", ("print", "columns"): "field", ("site", "announcement"): "announcement"}
VOCABULARY = {where: {key.name: key for key in keys} for where, keys in WORDS.items()}


def _texts(value):
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _number(value):
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31


FITS = {TEXT: lambda value: isinstance(value, str) and "\x00" not in value, NUMBER: _number, FLAG: lambda value: isinstance(value, bool),
        DECIMAL: lambda value: _number(value) or isinstance(value, float) and abs(value) < 1e15, TABLE: lambda value: isinstance(value, dict),
        LIST: lambda value: isinstance(value, list), TEXTS: _texts, ANY: lambda value: isinstance(value, (str, int, float, bool)),
        TABLES: lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value)}


def fault(key, value):
    """The sentence against a value of a word; None when it is of its type."""
    if not FITS[key.type](value):
        return f"要求{key.type}，实际是 {_short(value)}"
    return f"没有“{value}”这一种" if key.among and value not in key.among else None


def _short(value):
    text = repr(value)
    return text if len(text) < 80 else text[:77] + "…"
