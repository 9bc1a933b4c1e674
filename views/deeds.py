"""What IT staff do with rows of the machinery - jobs, timed work, notices - in the manner of steps: offered, confirmed, reported, many at once."""
from dataclasses import replace

from flask import flash, redirect, url_for

from backoffice.grid import Grid
from models.jobs import Job
from models.workflow import Act, Refused, Step
from tasks import jobs, notices, timetable


class Deed(Step):
    """A step whose work is a function of the tasks, which moves the row and keeps the log itself: on one row at a time."""
    together = False

    def __init__(self, name, source, target, *, do, by="it", who="", **words):
        super().__init__(source, target, by=by, **words)
        self.name, self.do, self.doers = name, do, who

    def who(self):
        """Who does it, in words."""
        return self.doers or super().who()

    def take(self, row, by, answers, seen=False, edition=None):
        """Do it, unless something stands against it."""
        against = self.reasons(row, Act(by, answers), seen)
        if against:
            raise Refused(against)
        self.do(row, by)


class DeedGrid(Grid):
    """A grid that offers deeds."""
    deeds = ()

    @property
    def screen(self):
        return replace(super().screen, steps=self.deeds)

    def _in_bulk(self, step, ids):
        """Deeds are done at once, and so on no more rows than one request takes."""
        flash(self._chosen(ids), "bad")
        return redirect(url_for(".index"))


class JobGrid(DeedGrid):
    """Everybody sees and stops his own jobs, IT those of all."""
    details_template = "office/job.html"
    deeds = (Deed("retry", "failed|cancelled", "queued", do=jobs.retry, by=Job.readers.replace(" ", "|"), who="提交人或系统管理", label="重新执行", done="已重新排队"),
             Deed("cancel", "queued|running", "cancelled", do=jobs.cancel, by=Job.readers.replace(" ", "|"), who="提交人或系统管理", label="取消", tone="bad",
                  done="已取消，正在进行的到下一段为止"))


class TimedGrid(DeedGrid):
    """The timetable, with its last runs."""
    deeds = (Deed("run_now", "waiting|done|failed", "running", do=timetable.run_now, label="立即执行", done="已交给后台执行"),)


class NoticeGrid(DeedGrid):
    """Notices on their way."""
    deeds = (Deed("send_again", "failed|sent", "waiting", do=notices.send_again, label="重新发送", done="已重新排队"),)
