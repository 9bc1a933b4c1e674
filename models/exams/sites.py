"""Stage 6: the sites of the exam and their rooms. What is planned there follows when a room fails."""
from peewee import BooleanField, CharField, Check, ForeignKeyField, IntegerField

from models.exams.sessions import ExamSession
from models.reference import Province
from models.workflow import Ask, Record, Step

WIDE = 5                # columns of a room that does not say how many


class ExamSite(Record):
    label, stage, readers, national, writers = "考点", 6, "exam officer centre site_head door applicant clerk", True, "exam"
    editable = ("province", "code", "name", "address", "capacity")
    clashes = {"code": "这个省已有这个考点代码"}

    province = ForeignKeyField(Province, on_delete="RESTRICT", verbose_name="省份")
    code = CharField(max_length=3, verbose_name="考点代码")
    name = CharField(max_length=60, verbose_name="名称")
    address = CharField(max_length=120, default="", verbose_name="地址")
    capacity = IntegerField(default=0, verbose_name="可容人数")

    class Meta:
        indexes = ((("province", "code"), True),)

    def __str__(self):
        return self.name


class Room(Record):
    label, stage, readers, writers = "考场", 6, "exam site_head door", "exam"
    editable = ("site", "number", "seats", "rows", "columns", "special")
    STATES = {"ready": ("可用", "ok"), "closed": ("停用", "off")}
    clashes = {"number": "这个考点已有这个考场号"}

    site = ForeignKeyField(ExamSite, backref="rooms", on_delete="RESTRICT", verbose_name="考点")
    number = CharField(max_length=3, verbose_name="考场号")
    seats = IntegerField(default=30, verbose_name="座位数")
    rows = IntegerField(null=True, verbose_name="排数", help_text="从讲台往后数；空 = 按列数和座位数算")
    columns = IntegerField(null=True, verbose_name="列数", help_text=f"空 = {WIDE} 列")
    special = BooleanField(default=False, verbose_name="特殊需要")
    state = CharField(max_length=10, default="ready", verbose_name="状态")

    class Meta:
        indexes = ((("site", "number"), True),)
        constraints = [Check("seats > 0 and seats <= 99")]

    def __str__(self):
        return f"{self.site} {self.number} 考场"

    @property
    def shape(self):
        """(rows, columns) in which the seats stand."""
        columns = self.columns or (-(-self.seats // self.rows) if self.rows else min(WIDE, self.seats))
        return self.rows or -(-self.seats // columns), columns

    def faults(self):
        found, seats = {}, self.seats or 0
        for name in ("rows", "columns"):
            if getattr(self, name) is not None and getattr(self, name) < 1:
                found[name] = f"{self._meta.fields[name].verbose_name}：要求至少 1，实际 {getattr(self, name)}"
        if not found and seats > 0 and self.rows and self.columns and self.rows * self.columns < seats:
            found["seats"] = f"座位数：要求不超过 {self.rows} 排 × {self.columns} 列 = {self.rows * self.columns}，实际 {seats}，差 {seats - self.rows * self.columns}"
        if self.id and self.taken.where(self.taken.model.number > seats).exists():
            found["seats"] = "已有考生排在后面的座位上，不能减少"
        return found

    def vacated(self, act):
        """Whoever has a seat here for an exam that is still to come gets another one at the site; nobody else moves."""
        for session in ExamSession.select().where(ExamSession.exam_on >= act.at.date()):
            for plan in session.plans:
                plan.vacate(self, act)

    close = Step("ready", "closed", by="exam", label="停用考场", stage=6, tone="bad", then=vacated, danger=True, asks=(Ask("reason", "停用的原因"),),
                 done="考场已停用，已排在这里的考生改排到同一考点的其他考场")
    reopen = Step("closed", "ready", by="exam", label="恢复使用", stage=6)
