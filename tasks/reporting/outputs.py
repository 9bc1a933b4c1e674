"""Stage 10: the files of a report - at once where it is short, as a job where it is long. Each leaves one audit entry that says which
version, how many rows, and whether document numbers were in it in full."""
import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from models import clock
from models.audit import record
from models.base import writing
from models.files import File, workroom
from models.parameters import value
from models.reports import Report
from models.workflow import Reason, Refused
from tasks.jobs import job, orderer, submit
from tasks.reporting import machine, photos, summary, table, workbook
from tasks.reporting.lines import count_of, shows_numbers

KIND = "report_output"
VERB = "sheet"
NOT_IN_NAMES = str.maketrans('\\/:*?"<>|', "_" * 9)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Form:
    """One kind of file. `write(report, path, full, say)` writes it; `limit` names the parameter of how many rows are written at once."""
    name: str
    title: str
    help: str
    suffix: str
    content_type: str
    write: Callable
    limit: str = "export.sync_rows"
    empty: bool = False             # whether a report without lines has one too

    def file_name(self, report):
        stem = f"{report.institution.code}_{report}_第{report.version}版_{self.title}".translate(NOT_IN_NAMES)
        return f"{stem[:110]}.{self.suffix}"


FORMS = {form.name: form for form in (
    Form("xlsx", "学位信息", "xlsx，一行字段名称、一行代码", "xlsx", XLSX, workbook.write),
    Form("dbf", "学位信息DBF", "GBK 编码，附缺字清单", "zip", "application/zip", table.write),
    Form("photos", "照片", "以证件号码命名，附缺照片名单", "zip", "application/zip", photos.write, "report.sync_photos"),
    Form("summary", "汇总表", "PDF，打印后签字盖章", "pdf", "application/pdf", summary.write, empty=True),
    Form("json", "机读数据", "JSON，给程序读取", "json", "application/json", machine.write))}


def offered(report):
    """[(Form, whether a job writes it)] of what can be had of a report now."""
    if not report.version:
        return []
    return [(form, long(report, form)) for form in FORMS.values() if count_of(report) or form.empty]


def long(report, form):
    """Whether somebody would wait too long for the file."""
    return count_of(report) > value(form.limit)


def at_once(report, form, user):
    """The bytes of a short file."""
    with workroom(f"now-{secrets.token_hex(8)}") as folder:
        path, full = folder / f"report.{form.suffix}", shows_numbers(user)
        form.write(report, path, full, lambda done: None)
        _record(user, report, form, full)
        return path.read_bytes()


def order(report, form, user, order_key=""):
    """The job that writes a long file."""
    return submit(KIND, f"{form.title}：{report}"[:120], user, order_key, report=report.id, form=form.name)


def _record(user, report, form, full):
    numbers = "证件号完整" if full else "证件号隐去"
    record(user, report, VERB, f"下载报送{form.title}", reason=f"第 {report.version} 版，{count_of(report):,} 行，{numbers}")


@job(KIND, "生成报送文件")
def run(job, progress, report, form):
    """Write the file for whoever ordered it; what he may see is asked anew. Killed anywhere it begins anew, under the name that its
    checkpoint keeps for the result."""
    if job.result_id:
        return job.result
    user, form = orderer(job, Report.readers.split()), FORMS[form]
    row, full = Report.seen(user, report), shows_numbers(user)
    if row is None or form not in [known for known, _ in offered(row)]:
        raise Refused([Reason("这份报送不在您的范围内，或者没有可以导出的内容")])
    token, total = job.checkpoint or secrets.token_hex(16), count_of(row)

    def say(done, message="", **more):
        with writing():
            progress(done, max(total, done), message or f"已写 {done:,} 行", checkpoint=token, **more)
    say(0, f"共 {total:,} 行")
    with workroom(f"job-{job.id}", job.attempts) as folder:
        path = folder / f"report.{form.suffix}"
        form.write(row, path, full, say)
        with writing():
            _record(user, row, form, full)
            result = File.keep_path(path, form.file_name(row), "result", form.content_type, token=token, user_ref=user.id,
                                    expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
            say(total, f"共 {total:,} 行", result=result)
    return result
