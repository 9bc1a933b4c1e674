"""Stage 10: report terms - which awards belong to one, when units report and offices file, and the semester that comes next."""
import datetime as dt

from peewee import CharField, Check, DateField, IntegerField

from models import clock
from models.reference import EVERYBODY, Institution
from models.workflow import Ask, Reason, Record, Step


class ReportTerm(Record):
    """A semester, or with `within_days` a rolling regime: each award is reported within so many days of its decision, again and again."""
    label, stage, readers, national, writers = "报送学期", 10, EVERYBODY, True, "centre"
    editable = ("name", "award_from", "award_until", "report_from", "report_until", "office_until", "within_days")
    STATES = {"draft": ("草稿", "off"), "open": ("已开放", "busy"), "closed": ("已结束", "off")}
    clashes = {"name": "已有同名的报送学期"}

    name = CharField(max_length=40, unique=True, verbose_name="学期")
    award_from = DateField(verbose_name="授予日期起")
    award_until = DateField(verbose_name="授予日期止", help_text="最后一天计入")
    report_from = DateField(verbose_name="报送开始")
    report_until = DateField(verbose_name="单位报送截止", help_text="最后一天计入，到 24:00 为止")
    office_until = DateField(null=True, verbose_name="省级备案截止", help_text="最后一天计入；省级学位办最多可以把单位的截止延长到这一天")
    within_days = IntegerField(null=True, verbose_name="授予后报送天数", help_text="填写后为滚动报送：每条授予记录在决定之日起的这些天内报送；空 = 按学期报送")
    state = CharField(max_length=10, default="draft", verbose_name="状态")

    class Meta:
        constraints = [Check("within_days is null or within_days > 0")]

    def __str__(self):
        return self.name

    @property
    def rolling(self):
        return self.within_days is not None

    @classmethod
    def propose(cls):
        """The values of the semester after the last term."""
        last = cls.select().order_by(cls.award_until.desc()).first()
        return next_semester(last.award_until + dt.timedelta(days=1) if last else clock.today())

    def faults(self):
        found = {}
        for first, last in (("award_from", "award_until"), ("report_from", "report_until"), ("report_until", "office_until")):
            start, end = getattr(self, first), getattr(self, last)
            if start and end and end < start:
                found[last] = f"{self._meta.fields[last].verbose_name}：要求不早于 {start}，实际 {end}"
        if self.within_days is not None and self.within_days < 1:
            found["within_days"] = f"授予后报送天数：要求至少 1 天，实际 {self.within_days}"
        return found

    def wrong_deadlines(self, act):
        """新的截止日期早于原来的，或省级截止早于单位截止"""
        until, office = act["until"], act["office_until"] or self.office_until
        found = []
        if until and until <= self.report_until:
            found.append(Reason("新的单位报送截止要求晚于原来的", f"晚于 {self.report_until}", str(until)))
        if until and office and office < until:
            found.append(Reason("省级备案截止不能早于单位报送截止", f"不早于 {until}", str(office), f"{(until - office).days} 天"))
        return found

    def extended(self, act):
        self.report_until, self.office_until = act["until"], act["office_until"] or self.office_until

    def opened(self, act):
        """Every unit that takes part gets its report and its annual report."""
        self.reports.model.open_for(self, list(Institution.select().where(Institution.taking_part == True)), act.by)      # noqa: E712

    open = Step("draft", "open", by="centre", label="开放", stage=10, then=opened, awaits=True)
    reopen = Step("closed", "open", by="centre", label="重新开放", stage=10, then=opened)
    extend = Step("open", "open", by="centre", label="延长截止", stage=10, unless=wrong_deadlines, sets=extended, done="截止日期已对所有单位延长",
                  asks=(Ask("until", "单位报送延长到", "date"), Ask("office_until", "省级备案延长到", "date", required=False), Ask("reason", "延长理由")))
    close = Step("open", "closed", by="centre", label="结束", stage=10)


def next_semester(day):
    """The values of the semester that a day lies in: first 1 Sep to the last day of Feb, second 1 Mar to 31 Aug; reported in the
    month after it, filed in the month after that."""
    first = day.month >= 9 or day.month <= 2
    year = day.year if day.month >= 3 else day.year - 1
    start = dt.date(year, 9, 1) if first else dt.date(year, 3, 1)
    end = dt.date(year + 1, 3, 1) - dt.timedelta(days=1) if first else dt.date(year, 8, 31)
    after = end + dt.timedelta(days=1)
    season = year if first else year - 1
    return {"name": f"{season}—{season + 1} 学年第{'一' if first else '二'}学期", "award_from": start, "award_until": end, "report_from": after,
            "report_until": after.replace(day=31 if after.month == 3 else 30), "office_until": dt.date(after.year, after.month + 1, 30)}
