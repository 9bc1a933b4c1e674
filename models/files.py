"""The file store: a private folder, random names, served only through the scope. Everything is kept encrypted; biometrics are never served."""
import datetime as dt
import errno
import hashlib
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField

from models import clock, pieces, sealed, viruses
from models.base import Entity
from models.reference import Institution
from models.texts import file_name
from models.workflow import Reason, Refused

KINDS = {"photo": "照片", "document": "材料", "scene": "现场照片", "fingerprint": "指纹图像", "form": "资格审查表扫描件",
         "decision": "决定文件", "letter": "函件", "result": "作业结果"}
SECRET = ("scene", "fingerprint")      # never served
LARGE = ("result",)                    # sealed piece by piece, and streamed
SHOWN = {"image/jpeg": "image", "image/png": "image", "image/gif": "image", "image/webp": "image", "application/pdf": "pdf"}      # what a browser shows itself
DISK = {errno.ENOSPC: "磁盘已满", errno.EDQUOT: "磁盘配额已用完", errno.EROFS: "磁盘只能读", errno.EACCES: "没有写入权限", errno.EIO: "磁盘读写出错",
        errno.ENOTDIR: "存储目录不可用"}
AT_ONCE = 5_000                         # names that are looked up together
_folder = Path("instance/files")


def configure(folder):
    global _folder
    _folder = Path(folder)


@contextmanager
def workroom(name, attempt=1):
    """An empty folder beside the store for a file that grows in it; what earlier attempts under the same name left goes first."""
    for left in (_folder / "work").glob(f"{name}.*"):
        shutil.rmtree(left, ignore_errors=True)
    place = _folder / "work" / f"{name}.{attempt}"
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def clear_workrooms(limit):
    """Remove what nobody has worked on since a moment."""
    for left in (_folder / "work").glob("*"):
        if dt.datetime.fromtimestamp(left.stat().st_mtime, clock.SHANGHAI).replace(tzinfo=None) < limit:
            shutil.rmtree(left, ignore_errors=True)


def clear_orphans(limit):
    """Remove the bytes that no row names and that were written before a moment: those of a transaction that was taken back, or of a process that
    died in the middle. How many there were."""
    count = 0
    for folder in _folder.glob("[0-9a-f][0-9a-f]"):
        old = [path for path in folder.iterdir() if path.stat().st_mtime < limit.replace(tzinfo=clock.SHANGHAI).timestamp()]
        for some in (old[start:start + AT_ONCE] for start in range(0, len(old), AT_ONCE)):
            known = {token for token, in File.select(File.token).where(File.token.in_([path.name for path in some])).tuples()}
            for path in some:
                if path.name not in known:
                    path.unlink(missing_ok=True)
                    count += 1
    return count


class File(Entity):
    """One stored file. `person_ref` and `case_ref` are ids of the person and case it belongs to, `user_ref` of whoever may fetch a job's result."""
    label, readers = "文件", "applicant clerk reviewer officer centre exam site_head door it"

    token = CharField(max_length=32, unique=True, verbose_name="存储名")
    name = CharField(max_length=120, verbose_name="文件名")
    kind = CharField(max_length=12, choices=tuple(KINDS.items()), verbose_name="类别")
    content_type = CharField(max_length=80, verbose_name="类型")
    size = IntegerField(verbose_name="字节数")
    sha256 = CharField(max_length=64, verbose_name="摘要")
    encrypted = BooleanField(default=False, verbose_name="加密")
    institution = ForeignKeyField(Institution, null=True, on_delete="RESTRICT", verbose_name="单位")
    person_ref = IntegerField(null=True, index=True, verbose_name="人员编号")
    case_ref = IntegerField(null=True, index=True, verbose_name="申请编号")
    user_ref = IntegerField(null=True, index=True, verbose_name="用户编号")
    created_at = DateTimeField(default=clock.now, verbose_name="上传时间")
    expires_at = DateTimeField(null=True, index=True, verbose_name="过期时间")

    class Meta:
        table_name = "file"

    def __str__(self):
        return self.name

    @classmethod
    def within(cls, level, user):
        """A job's result belongs to whoever ordered it; a file of a case is seen with its case, everything else goes by institution or
        person: an account of a college sees what is of its persons. Biometrics are seen by nobody."""
        open_kinds = cls.kind.not_in(SECRET)
        mine = (cls.user_ref == user.id)
        if level == "own":
            place = user.place("own")
            return mine if place is None else open_kinds & (mine | (cls.person_ref == place))
        cases = cls.application_set.rel_model
        own = cases.within(level, user)
        rows = True if level == "nation" else super().within("unit" if level == "college" else level, user)
        if rows is None or own is None:
            return mine
        with_case = cls.case_ref.in_(cases.select(cases.id).where(own))
        if level == "college":
            rows &= cls.case_ref.is_null(False) | cls.person_ref.in_(cases.select(cases.person).where(own))
        if level == "nation":
            shown = cls.case_ref.is_null() | with_case if "centre" in user.role_names else cls.case_ref.is_null()
        else:
            shown = rows & (cls.case_ref.is_null() | with_case)
        return open_kinds & (mine | (cls.user_ref.is_null() & shown))

    @classmethod
    def keep(cls, data, name, kind, content_type, **owner):
        """Store bytes and return their row. The file is written first, so that a row never points to nothing. What somebody handed in is shown to the
        virus scanner before."""
        token = secrets.token_hex(16)
        if kind not in LARGE:
            viruses.refuse_infected(data)
        try:
            cls.seal(pieces.cut(data), token, kind)
        except OSError as error:
            if error.errno in DISK:
                raise Refused([Reason(f"文件没有保存：{DISK[error.errno]}。请把这句话告诉系统管理员，稍后再试")]) from error
            raise
        return cls.create(token=token, name=file_name(name), kind=kind, content_type=content_type, size=len(data),
                          sha256=hashlib.sha256(data).hexdigest(), encrypted=True, **owner)

    @classmethod
    def keep_path(cls, path, name, kind, content_type, token="", **owner):
        """Store a file that is finished and return its row; what lies at `path`, in clear, goes. Under a `token` that was noted before, a second
        attempt replaces what the first left."""
        token = token or secrets.token_hex(16)
        with open(path, "rb") as data:
            digest, size = hashlib.file_digest(data, "sha256").hexdigest(), os.fstat(data.fileno()).st_size
            data.seek(0)
            cls.seal(pieces.cut(data), token, kind)
        path.unlink()
        return cls.create(token=token, name=file_name(name), kind=kind, content_type=content_type, size=size, sha256=digest, encrypted=True, **owner)

    @classmethod
    def seal(cls, parts, token, kind):
        """Write pieces of bytes sealed under a token, in the place of what lies there: at no moment is a part of a file under its name."""
        path, place = cls.path_of(token), f"file.{token}"
        fresh = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if kind in LARGE:
                pieces.seal(parts, fresh, place)
            else:
                fresh.write_bytes(sealed.seal(b"".join(parts), place))
            os.replace(fresh, path)
        except OSError:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise

    @staticmethod
    def path_of(token):
        return _folder / token[:2] / token

    @property
    def path(self):
        return self.path_of(self.token)

    @property
    def shown(self):
        """How a browser shows it itself, image or pdf; nothing where it can only be saved."""
        return SHOWN.get(self.content_type, "")

    def pieces(self):
        """Iterator over the bytes as they were handed in, piece by piece; ValueError where they are not what the row says."""
        digest = hashlib.sha256()
        for piece in self._opened():
            digest.update(piece)
            yield piece
        if digest.hexdigest() != self.sha256:
            raise ValueError(f"文件 {self.name} 的内容与登记的摘要不符")

    def _opened(self):
        place = f"file.{self.token}"
        if not self.encrypted:                      # kept in clear by an earlier version of the program
            with open(self.path, "rb") as data:
                yield from pieces.cut(data)
        elif self.kind in LARGE:
            yield from pieces.unseal(self.path, place)
        else:
            yield sealed.unseal(self.path.read_bytes(), place)

    def read(self):
        """The bytes as they were handed in, checked against their digest."""
        return b"".join(self.pieces())

    @classmethod
    def broken(cls):
        """Iterator over (file, sentence) of stored files that are not what their rows say."""
        for file in cls.select().order_by(cls.id).iterator():
            try:
                for _ in file.pieces():
                    pass
            except (OSError, ValueError) as error:
                yield file, f"文件 {file.id}（{file.name}）与登记不符：{error}"

    def destroy(self):
        """Remove the bytes and the row; only for clearing a dismissed case, retention and expiry."""
        self.path.unlink(missing_ok=True)
        self.delete_instance(recursive=False)
