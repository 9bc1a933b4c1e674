"""A list as a file: its filters, its order, the columns that are wanted; at once where it is short, as a job where it is long."""
import datetime as dt
import secrets
from dataclasses import dataclass

from backoffice.choices import Kept
from backoffice.extract import Extract, outputs, sealed
from backoffice.listing import Listing
from backoffice.sheets import FORMS
from models import clock
from models.audit import note
from models.base import writing
from models.files import File, workroom
from models.parameters import value
from models.workflow import Refused
from tasks.jobs import job, orderer, submit

CHUNK = 1000
_screens = {}


def configure(screens):
    """Take the screens whose lists the jobs export."""
    global _screens
    _screens = screens


def offered(screen):
    """Every column that a list can be exported with: those of its sheet first, then what its list and its details show besides, each label once."""
    shown = [*screen.columns, *(column for section in screen.details for column in section.items)]
    known, labels = {column.name: column for column in screen.export if not isinstance(column.kind, Kept)}, {column.label for column in screen.export}
    for column in shown:
        if column.name not in known and column.label not in labels and not isinstance(column.kind, Kept):
            known[column.name] = column
            labels.add(column.label)
    return list(known.values())


def may_show_numbers(user):
    """Whether one of the user's roles exports numbers in full that are kept encrypted; the roles are a parameter."""
    return bool(set(value("export.full_roles", institution=user.institution_id)) & {role for role, _ in user.powers()})


@dataclass(frozen=True)
class Wish:
    """How a list is wanted: names of columns (none: those of its sheet), xlsx or csv, with codes, with full numbers and why."""
    columns: tuple = ()
    form: str = "xlsx"
    codes: bool = False
    full: bool = False
    reason: str = ""

    def columns_of(self, screen):
        """The columns as they are offered; those that are offered no more are left out."""
        return [column for column in offered(screen) if column.name in self.columns] if self.columns else list(screen.export)

    def faults(self, screen, user, count):
        """Sentences against it."""
        most = FORMS[self.form].most
        if self.full and not may_show_numbers(user):
            yield "您的角色不能导出完整的证件号"
        if self.full and not self.reason and sealed(self.columns_of(screen)):
            yield "导出完整的证件号，请写明理由"
        if not self.columns_of(screen):
            yield "请至少选择一列"
        if most and count > most:
            yield f"一张工作表放不下：要求不超过 {most:,} 行，实际 {count:,} 行，差 {count - most:,} 行。请先筛选，或改用 csv"


def number_of(listing):
    """How many rows the list has, all counted."""
    return listing.query().count()


def file_name(screen, wish):
    return f"{screen.title}_{clock.today():%Y%m%d}.{wish.form}"


def write(listing, wish, folder, progress=lambda done: None):
    """(path of the finished file in a folder, rows in it); `progress(rows)` is called after every batch."""
    found, path = outputs(wish.columns_of(listing.screen), wish.codes, wish.full), folder / f"list.{wish.form}"
    with FORMS[wish.form](path, listing.screen.title, found) as sheet:
        for columns in Extract(listing, found).batches(CHUNK):
            sheet.write(columns)
            progress(sheet.rows)
    return path, sheet.rows


def at_once(listing, wish, user):
    """The bytes of a short list."""
    with workroom(f"now-{secrets.token_hex(8)}") as folder:
        path, rows = write(listing, wish, folder)
        _log(user, listing.screen, wish, rows)
        return path.read_bytes()


def order(listing, wish, user, count, order_key=""):
    """The job that writes a long list."""
    args = {key: listing.args.getlist(key) for key in listing.args}
    return submit("export", f"导出{listing.screen.title} {count:,} 行", user, order_key, screen=listing.screen.name, args=args, columns=list(wish.columns),
                  form=wish.form, codes=wish.codes, full=wish.full, reason=wish.reason)


def _log(user, screen, wish, rows):
    """The audit entry of an export: which screen, how many rows, and of full numbers why."""
    whole = wish.full and sealed(wish.columns_of(screen))
    verb, label = ("export_full", "导出完整证件号") if whole else ("export", "导出")
    note(user, verb, label, screen.model._meta.table_name, f"{screen.title}：{rows} 行" + (f"；{wish.reason}" if whole else ""))


@job("export", "导出")
def run(job, progress, screen, args, columns=(), form="xlsx", codes=False, full=False, reason=""):
    """Write the list for whoever ordered it; what he may see is asked anew. Killed anywhere it begins anew, under the name that
    its checkpoint keeps for the result."""
    if job.result_id:
        return job.result
    user, screen, wish = orderer(job), _screens.get(screen), Wish(tuple(columns), form, codes, full, reason)
    if screen is None or not screen.open_to(user):
        raise Refused(["没有这个界面，或者它已不对您开放"])
    screen = screen.seen_by(user)
    listing = Listing(screen, user, args)
    total, token = number_of(listing), job.checkpoint or secrets.token_hex(16)
    against = list(wish.faults(screen, user, total))
    if against:
        raise Refused(against)

    def say(done, message, **more):
        with writing():
            progress(done, max(total, done), message, checkpoint=token, **more)
    say(0, f"共 {total:,} 行")
    with workroom(f"job-{job.id}", job.attempts) as folder:
        path, rows = write(listing, wish, folder, lambda done: say(done, f"已写 {done:,} 行"))
        with writing():
            _log(user, screen, wish, rows)
            result = File.keep_path(path, file_name(screen, wish), "result", FORMS[form].content_type, token=token, user_ref=user.id,
                                    expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
            say(rows, f"共 {rows:,} 行", result=result)
    return result
