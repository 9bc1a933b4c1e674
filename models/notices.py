"""The words of notices, as the site has changed them: a template per code (models/wording.py), with named fields, over the words of the program."""
import logging

from peewee import BooleanField, CharField, TextField

from models import clock
from models.base import Entity
from models.memory import recalled
from models.outbox import as_written, worded_by
from models.texts import one_line
from models.wording import FILTERS, fault, filled
from models.workflow import Record

log = logging.getLogger(__name__)
OTHERS = {"Report.remind": "报送：催报", "Award.gaps": "学位授予：报送信息不完整", "AwardObjection.raised": "公示异议：待答复",
          "Application.stale": "申请：草稿即将撤回", "Payment.due": "缴费：即将截止", "Application.deadline": "申请：学习年限将到期", "Recheck.found": "资格复核：结果", "Comment.said": "往来留言",
          "Objection.asked": "成绩异议：待答复", "ReleaseRequest.asked": "放行申请：待答复", "ReleaseRequest.due": "放行申请：即将到期、逾期"}
FIELDS = {"标题": "通过：张三 申请", "内容": "张三 申请：已通过。说明：材料齐全", "收件人": "张三", "日期": "2026-03-20"}
OF_STEPS = {"事项": "张三 申请", "步骤": "通过", "结果": "已通过", "说明": "材料齐全"}


class Codes:
    """(code, what it is about) of every notice that the program writes: those of steps, and the others."""

    def __iter__(self):
        steps = [(f"{step.model_name}.{step.name}", f"{kind.label}：{step.label}") for kind in Entity.kinds().values()
                 for step in getattr(kind, "steps", {}).values() if step.tell]
        return iter(sorted([*steps, *OTHERS.items()], key=lambda item: item[1]))


class NoticeTemplate(Record):
    """How one notice is worded and by which ways it goes; without a template it goes as the program has it, by mail and on the site."""
    label, readers, writers = "通知模板", "it", "it"
    editable = ("code", "subject", "body", "mail", "site", "sms", "valid")
    clashes = {"code": "这种通知已有模板"}

    code = CharField(max_length=60, unique=True, choices=Codes(), verbose_name="通知")
    subject = CharField(max_length=240, default="{{ 标题 }}", verbose_name="标题", help_text=f"字段写作 {{{{ 标题 }}}}：{'、'.join(FIELDS)}；由步骤发出的还有{'、'.join(OF_STEPS)}。标题和内容是系统原来的文字")
    body = TextField(default="{{ 内容 }}", verbose_name="内容", help_text=f"字段同标题；按条件写：{{% if 说明 %}}…{{% else %}}…{{% endif %}}；换个写法：{{{{ 日期|日期 }}}}，可用 {'、'.join(FILTERS)}")
    mail = BooleanField(default=True, verbose_name="发邮件")
    site = BooleanField(default=True, verbose_name="站内显示")
    sms = BooleanField(default=False, verbose_name="发短信", help_text="只发给登记了手机的申请人；系统设置里要打开短信")
    valid = BooleanField(default=True, verbose_name="启用", help_text="停用时按系统原来的文字发")

    class Meta:
        table_name = "notice_template"

    def __str__(self):
        return dict(type(self).code.choices).get(self.code, self.code)

    @property
    def fields(self):
        """Names of the fields that it may have, each with a sample."""
        return FIELDS if self.code in OTHERS else FIELDS | OF_STEPS

    def faults(self):
        found = {name: sentence for name in ("subject", "body") if (sentence := fault(getattr(self, name) or "", self.fields))}
        if not (self.mail or self.site or self.sms):
            found["site"] = "邮件、站内、短信至少要有一种"
        return found

    def sample(self, name):
        """(one of its texts with the sample values in it, or the sentence against it; whether it is that)"""
        text = getattr(self, name)
        wrong = fault(text, self.fields)
        return wrong or filled(text, self.fields), bool(wrong)

    @property
    def sample_subject(self):
        """标题示例"""
        return self.sample("subject")[0]

    @property
    def sample_body(self):
        """内容示例"""
        return self.sample("body")[0]


def worded(code, subject, body):
    """Function from a user and further fields to the words of a notice, in the site's own template where one is in force."""
    own = recalled((NoticeTemplate, code), lambda: NoticeTemplate.get_or_none(NoticeTemplate.code == code, NoticeTemplate.valid))
    if own is None:
        return as_written(code, subject, body)

    def words(user, fields):
        fields = dict.fromkeys(OF_STEPS, "") | fields | {"标题": subject, "内容": body, "收件人": str(user.person if user.person_id else user), "日期": str(clock.today())}
        said = {"subject": subject, "body": body} | _filled(own, {name: fields[name] for name in own.fields})
        return said | {"mail": own.mail, "site": own.site, "sms": own.sms}
    return words


def _filled(template, fields):
    """{subject, body} of a template; nothing, so that no notice is lost over its words, where one of them can no longer be filled."""
    try:
        return {"subject": one_line(filled(template.subject, fields)), "body": filled(template.body, fields)}
    except ValueError as error:
        log.warning("the template of %s cannot be used, the notice goes in the words of the program: %s", template.code, error)
        return {}


worded_by(worded)
