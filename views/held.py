"""What the platform holds about one person, as a file for him (PIPL article 45): every row that he may read, his files, and of the rest how much
there is. One page to read, the same as JSON for programs."""
import datetime as dt
import json
import zipfile
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from peewee import ForeignKeyField

from backoffice.fieldkinds import kind_of
from models import clock
from models.applications import Application
from models.audit import in_text, record
from models.base import writing
from models.files import SECRET, File, workroom
from models.jobs import Job
from models.outbox import Outbox
from models.parameters import value
from models.people import User
from models.registry import ENTITIES
from models.sealed import SealedTableField
from tasks.jobs import job, ordered, orderer, submit

KIND, NAME = "my_data", "我的数据.zip"
PAGE = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates" / "site"), autoescape=True)
ACCOUNT = ("username", "name", "email", "state", "last_login_at", "login_count", "create_datetime")
NOTICE = ("subject", "body", "channel", "state", "created_at", "read_at")


@job(KIND, "整理我的数据")
def run(job, progress):
    """The file, for whoever ordered it."""
    user = orderer(job, ("applicant",))
    with workroom(f"my_data.{job.id}", job.attempts) as place:
        path = place / NAME
        tables, files, unseen = parts(user), my_files(user), held_back(user.person)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as kept:
            made = {"姓名": user.person.name, "整理时间": str(clock.now()), "数据": {title: [_plain(row) for row in rows] for title, rows in tables.items()},
                    "文件": [name for name, _ in files], "不显示的": unseen}
            kept.writestr("我的数据.json", json.dumps(made, ensure_ascii=False, indent=1))
            kept.writestr("我的数据.html", PAGE.get_template("my_data_file.html").render(person=user.person, at=clock.now(), tables=tables, files=files, unseen=unseen))
            for done, (name, file) in enumerate(files):
                progress(done, len(files), "写入文件")
                kept.writestr(name, file.read())
        result = File.keep_path(path, NAME, "result", "application/zip", user_ref=user.id, expires_at=clock.now() + dt.timedelta(days=value("files.keep_days")))
        progress(len(files), len(files), f"共 {sum(map(len, tables.values()))} 项数据，{len(files)} 个文件", result=result)
    return result


def order(user, order_key=""):
    """Order the file; the log says that somebody took his data."""
    with writing():
        if job := ordered(user, order_key):
            return job
        record(user, user.person, "my_data", "下载我的数据")
        return submit(KIND, "", user, order_key)


@cache
def own_kinds():
    """The kinds of which a person reads his own rows."""
    return [kind for kind in ENTITIES.values() if "applicant" in kind.readers.split() and not kind.national and kind not in (File, Job)]


def parts(user):
    """{title: [{label: (value, text)} of each row]} of everything that the account may read of its person, and of the account itself."""
    found = {kind.label: [facts(row) for row in kind.visible_to(user).order_by(kind.id)] for kind in own_kinds()}
    found[User.label] = [facts(user, ACCOUNT)]
    found[Outbox.label] = [facts(row, NOTICE) for row in Outbox.select().where(Outbox.user_id == user.id, Outbox.on_site).order_by(Outbox.id)]
    return {title: rows for title, rows in found.items() if rows}


def facts(row, names=None):
    """{label: (value, text)} of a row; what only serves to find it is left out."""
    found = {}
    for field in row._meta.sorted_fields:
        kind = None if field.name == "edition" or (names and field.name not in names) else kind_of(field, row.STATES, full=True)
        if kind is not None and not isinstance(field, SealedTableField):
            present = getattr(row, field.name)
            found[field.verbose_name or field.name] = (row.__data__.get(field.name), kind.text(present))
    return found


def _plain(row):
    return {label: {"值": present if present is None or isinstance(present, (bool, int, float, str, list, dict)) else in_text(present), "文字": text}
            for label, (present, text) in row.items()}


def my_files(user):
    """[(name in the archive, File)] of what the account may fetch of its person."""
    rows = File.visible_to(user).where(File.person_ref == user.person_id, File.kind != "result").order_by(File.id)
    return [(f"文件/{row.id}_{row.name.replace('/', '_')}", row) for row in rows if row.path.is_file()]


def held_back(person):
    """{label: number} of the rows about a person that he does not read: what the offices work with, and what nobody reads."""
    cases, counts = Application.select(Application.id).where(Application.person == person), {}
    for kind in ENTITIES.values():
        if kind not in own_kinds():
            about = [field.in_(cases) if field.rel_model is Application else field == person for field in kind._meta.sorted_fields
                     if isinstance(field, ForeignKeyField) and field.rel_model in (Application, type(person))]
            if about:
                counts[kind.label] = kind.select().where(about[0]).count()
    secret = File.select().where(File.kind.in_(SECRET), (File.person_ref == person.id) | File.case_ref.in_(cases)).count()
    return {label: count for label, count in (counts | {"加密保存的指纹和现场照片": secret}).items() if count}
