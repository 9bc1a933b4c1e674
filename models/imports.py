"""Imports: one file that somebody brought in, from its upload over the rehearsal to the rows that it wrote, so that it can be undone."""
from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, JSONField

from models import clock
from models.base import Entity
from models.colleges import College
from models.files import File
from models.jobs import Job
from models.people import User
from models.reference import Institution
from models.workflow import Reason, Record, Step

WHO = "clerk|reviewer|unit_admin|centre|exam|it"


class ImportRun(Record):
    """One file for one kind of import. Whoever brought it in sees it, and his unit or college."""
    label, readers = "导入", WHO.replace("|", " ")
    STATES = {"uploaded": ("待核对", "wait"), "checking": ("试运行中", "busy"), "checked": ("待导入", "wait"), "importing": ("导入中", "busy"),
              "imported": ("已导入", "ok"), "failed": ("没有完成", "bad"), "undoing": ("撤销中", "busy"), "undone": ("已撤销", "off")}

    kind = CharField(max_length=20, verbose_name="种类")
    title = CharField(max_length=40, verbose_name="导入什么")
    user = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="导入人")
    institution = ForeignKeyField(Institution, null=True, on_delete="RESTRICT", verbose_name="单位")
    college = ForeignKeyField(College, null=True, on_delete="RESTRICT", verbose_name="学院")
    name = CharField(max_length=120, verbose_name="文件名")
    file = ForeignKeyField(File, null=True, on_delete="SET NULL", verbose_name="文件")
    head = JSONField(default=dict, verbose_name="表头")
    mapping = JSONField(default=dict, verbose_name="列")
    good_only = BooleanField(default=False, verbose_name="只导入正确的行")
    counts = JSONField(default=dict, verbose_name="行数")
    findings = JSONField(default=dict, verbose_name="试运行结果")
    returned = ForeignKeyField(File, null=True, on_delete="SET NULL", verbose_name="待改正的行")
    job = ForeignKeyField(Job, null=True, on_delete="SET NULL", verbose_name="作业")
    reason = CharField(max_length=500, default="", verbose_name="说明")
    state = CharField(max_length=10, default="uploaded", verbose_name="状态")
    created_at = DateTimeField(default=clock.now, verbose_name="上传时间")
    finished_at = DateTimeField(null=True, verbose_name="完成时间")

    class Meta:
        table_name = "import_run"
        indexes = ((("user", "id"), False),)

    def __str__(self):
        return f"{self.title} {self.name}"

    @classmethod
    def within(cls, level, user):
        """A unit, or a college, sees what its people brought in; in the nation everybody sees his own."""
        mine, where = cls.user == user.id, {"unit": cls.institution, "college": cls.college}.get(level)
        return mine | (where == user.place(level)) if where is not None and user.place(level) else mine

    @property
    def under_way(self):
        """Whether its job still waits or runs."""
        return self.job_id is not None and self.job.state in ("queued", "running")

    def still_running(self, act):
        """上一次作业还没有结束"""
        return Reason("上一次作业还没有结束，请等它完成或先取消它") if self.under_way else None

    def nothing_to_import(self, act):
        """没有可以导入的行"""
        return None if self.counts.get("new", 0) + self.counts.get("changed", 0) else Reason("没有可以导入的行：没有新增，也没有修改")

    def not_all_right(self, act):
        """有错误的行，而没有选择只导入正确的行"""
        wrong = self.counts.get("wrong", 0)
        return Reason("有错误的行，全部导入要求每一行都正确；也可以选择只导入正确的行", "0 行", f"{wrong} 行", f"{wrong} 行") if wrong and not act["good_only"] else None

    def chosen(self, act):
        self.good_only, self.counts = bool(act["good_only"]), {**self.counts, "written": 0}

    def ended(self, act):
        self.finished_at = act.at
        self.reason = str(act["reason"] or "")[:500]

    rehearse = Step("uploaded|checked|checking|failed", "checking", by=WHO, label="试运行", unless=still_running)
    answer = Step("checking", "checked", by="system", label="试运行完成")
    commit = Step("checked", "importing", by=WHO, label="导入", unless=(still_running, nothing_to_import, not_all_right), sets=chosen)
    finish = Step("importing", "imported", by="system", label="完成导入", sets=ended)
    fail = Step("checking|importing", "failed", by="system", label="没有完成", sets=ended)
    undo = Step("imported|undoing", "undoing", by=WHO, label="撤销导入", unless=still_running)
    finish_undo = Step("undoing", "undone", by="system", label="完成撤销", sets=ended)
    keep = Step("undoing|imported", "imported", by="system", label="没有撤销", sets=ended)


class ImportChunk(Entity):
    """The rows that one chunk of an import wrote: [table, row id, edition after, entry id, whether new]."""
    label = "导入的行"

    run = ForeignKeyField(ImportRun, backref="chunks", on_delete="RESTRICT", verbose_name="导入")
    number = IntegerField(verbose_name="段")
    rows = JSONField(default=list, verbose_name="行")

    class Meta:
        table_name = "import_chunk"
        indexes = ((("run", "number"), True),)
