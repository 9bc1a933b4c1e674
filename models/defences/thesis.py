"""Stage 9: the thesis with its supervisor and the report on copied text, and its reviewers."""
from peewee import BooleanField, CharField, DateField, DecimalField, ForeignKeyField, JSONField, TextField

from models.applications import Application
from models.files import File
from models.parameters import value
from models.reference import Institution
from models.staff import Expert, FromTheList, same_person
from models.workflow import Reason, Record


class Thesis(Record):
    label, stage, readers, writers, cleared_with_case = "学位论文", 9, "applicant clerk reviewer", "clerk", True
    seen_through = "application"
    editable = ("title", "keywords", "thesis_type", "topic_source", "length", "started_on", "handed_in_on", "supervised_by", "supervisor_title",
                "language", "file", "plagiarism_report", "plagiarism_ratio")
    clashes = {"application": "这个人已有论文记录"}

    application = ForeignKeyField(Application, unique=True, backref="theses", on_delete="RESTRICT", verbose_name="姓名")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    title = CharField(max_length=120, default="", verbose_name="论文题目")
    keywords = CharField(max_length=120, default="", verbose_name="关键词", help_text="三到五个，用分号分开")
    thesis_type = CharField(max_length=1, default="", verbose_name="论文类型")
    topic_source = CharField(max_length=2, default="", verbose_name="选题来源")
    length = DecimalField(max_digits=5, decimal_places=1, null=True, verbose_name="论文字数（万字）")
    started_on = DateField(null=True, verbose_name="开题日期")
    handed_in_on = DateField(null=True, verbose_name="提交日期")
    supervised_by = ForeignKeyField(Expert, null=True, backref="theses", on_delete="RESTRICT", verbose_name="导师",
                                    help_text="从本单位的“导师与专家”中选择")
    supervisor = CharField(max_length=40, default="", verbose_name="导师姓名")
    supervisor_title = CharField(max_length=20, default="", verbose_name="导师职称", help_text="空 = 名单中的职称")
    supervisor_number = CharField(max_length=30, default="", verbose_name="导师工号或证件号")
    language = CharField(max_length=2, default="", verbose_name="撰写语种")
    file = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="论文文件")
    plagiarism_report = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="文字复制检测报告")
    plagiarism_ratio = DecimalField(max_digits=4, decimal_places=1, null=True, verbose_name="文字复制比（%）")
    extra = JSONField(default=dict, verbose_name="补充字段")

    class Meta:
        table_name = "thesis"

    def __str__(self):
        return self.title or f"{self.application.person} 的论文"

    def follow(self):
        """Name and number of the supervisor follow from the list; the title is that of the day, once it is there."""
        chosen = self.supervised_by
        if chosen is not None:
            self.supervisor, self.supervisor_number = chosen.name, chosen.number
            self.supervisor_title = self.supervisor_title or chosen.title

    def faults(self):
        found, chosen = {}, self.supervised_by
        if chosen is not None and chosen.institution_id != self.institution_id:
            found["supervised_by"] = f"{chosen.name} 不在本单位的“{Expert.label}”中"
        elif chosen is not None and not chosen.supervises:
            found["supervised_by"] = f"{chosen.name} 在名单中不是研究生导师"
        if self.plagiarism_ratio is not None and not 0 <= self.plagiarism_ratio <= 100:
            found["plagiarism_ratio"] = f"文字复制比：要求 0 到 100，实际 {self.plagiarism_ratio}"
        if self.started_on and self.handed_in_on and self.handed_in_on < self.started_on:
            found["handed_in_on"] = f"提交日期：要求不早于开题日期 {self.started_on}，实际 {self.handed_in_on}"
        return found

    def locks(self):
        award = self.application.awards.first()
        return award.locks() if award else []

    def lacking(self, day):
        """What the thesis still lacks for a defence on a day: title, supervisor, the report on copied text, reviewers in number and time."""
        found = [] if self.title else [Reason("还没有登记论文题目")]
        if not self.supervisor:
            found.append(Reason("还没有登记论文导师"))
        return found + self._copied(day) + self._reviewers(day)

    def _copied(self, day):
        limit = value("thesis.copied_limit", day, self.institution_id)
        if limit is None:
            return []
        if self.plagiarism_ratio is None or self.plagiarism_report_id is None:
            return [Reason("还没有登记文字复制检测的报告和比例", f"不超过 {limit}%")]
        over = self.plagiarism_ratio - limit
        return [Reason("文字复制比太高", f"不超过 {limit}%", f"{self.plagiarism_ratio}%", f"{over} 个百分点")] if over > 0 else []

    def _reviewers(self, day):
        rows, found = list(self.reviewers), []
        for name, have, what in (("thesis.reviewers", len(rows), "论文评阅人"), ("thesis.outside_reviewers", sum(r.outsider for r in rows), "外单位评阅人")):
            need = value(name, day, self.institution_id)
            if have < need:
                found.append(Reason(f"{what}不够", f"{need} 人", f"{have} 人", f"{need - have} 人"))
        if any(same_person(row, self) for row in rows):
            found.append(Reason(f"导师 {self.supervisor} 不能评阅自己学生的论文"))
        days = value("thesis.review_days", day, self.institution_id)
        for row in rows:
            ahead = (day - row.sent_on).days if row.sent_on else None
            if ahead is None or ahead < days:
                found.append(Reason(f"{row.name} 的评阅材料送出太晚", f"答辩前 {days} 天", "没有登记" if ahead is None else f"{ahead} 天",
                                    "" if ahead is None else f"{days - ahead} 天"))
            if row.opinion.strip() and not row.agrees:
                found.append(Reason(f"{row.name} 评阅后不同意答辩"))
        return found


class ThesisReviewer(FromTheList, Record):
    label, stage, readers, writers, cleared_with_case = "论文评阅", 9, "clerk reviewer", "clerk", True
    seen_through = "thesis"
    editable = ("thesis", "expert", "sent_on", "opinion", "agrees")
    TONES = {"agrees": {True: "ok", False: "bad"}}
    clashes = {"expert": "这个人已是这篇论文的评阅人"}

    thesis = ForeignKeyField(Thesis, backref="reviewers", on_delete="RESTRICT", verbose_name="论文")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    expert = ForeignKeyField(Expert, null=True, backref="reviews", on_delete="RESTRICT", verbose_name="评阅人", help_text="从本单位的“导师与专家”中选择")
    name = CharField(max_length=40, default="", verbose_name="姓名")
    title = CharField(max_length=20, default="", verbose_name="职称")
    number = CharField(max_length=30, default="", verbose_name="工号或证件号")
    unit = CharField(max_length=60, default="", verbose_name="工作单位")
    outsider = BooleanField(default=False, verbose_name="外单位", help_text="既不在授予单位，也不在申请人的工作单位")
    sent_on = DateField(null=True, verbose_name="送审日期")
    opinion = TextField(default="", verbose_name="评阅意见")
    agrees = BooleanField(null=True, verbose_name="同意答辩", help_text="写了评阅意见而没有勾选，就是不同意")

    class Meta:
        indexes = ((("thesis", "expert"), True),)

    def __str__(self):
        return self.name

    @property
    def case(self):
        """The case whose thesis it is."""
        return self.thesis.application

    def faults(self):
        found = self.unlisted()
        if not found and same_person(self, self.thesis):
            found["expert"] = f"{self.expert.name} 是这篇论文的导师，不能评阅"
        return found

    def locks(self):
        done = self.case.defences.where(self.case.defences.model.state == "passed").exists()
        return [Reason("论文已通过答辩，评阅不再修改")] if done else []
