"""The file store: a private folder, random names, served only through the scope. What people hand in is kept encrypted; biometrics are never served."""
import datetime as dt
import errno
import hashlib
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField

from models import clock, sealed
from models.base import Entity
from models.reference import Institution
from models.texts import one_line
from models.workflow import Reason, Refused

KINDS = {"photo": "照片", "document": "材料", "scene": "现场照片", "fingerprint": "指纹图像", "form": "资格审查表扫描件",
         "decision": "决定文件", "letter": "函件", "result": "作业结果"}
SECRET = ("scene", "fingerprint")      # never served
PLAIN = ("result",)                    # large, and gone after some days: streamed from the disk
SHOWN = {"image/jpeg": "image", "image/png": "image", "image/gif": "image", "image/webp": "image", "application/pdf": "pdf"}      # what a browser shows itself
DISK = {errno.ENOSPC: "磁盘已满", errno.EDQUOT: "磁盘配额已用完", errno.EROFS: "磁盘只能读", errno.EACCES: "没有写入权限", errno.EIO: "磁盘读写出错",
        errno.ENOTDIR: "存储目录不可用"}
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
        person. Biometrics are seen by nobody."""
        open_kinds = cls.kind.not_in(SECRET)
        mine = (cls.user_ref == user.id)
        if level == "own":
            place = user.place("own")
            return mine if place is None else open_kinds & (mine | (cls.person_ref == place))
        rows = True if level == "nation" else super().within(level, user)
        if rows is None:
            return mine
        cases = cls.application_set.rel_model
        with_case = cls.case_ref.in_(cases.select(cases.id).where(cases.within(level, user)))
        if level == "nation":
            shown = cls.case_ref.is_null() | with_case if "centre" in user.role_names else cls.case_ref.is_null()
        else:
            shown = rows & (cls.case_ref.is_null() | with_case)
        return open_kinds & (mine | (cls.user_ref.is_null() & shown))

    @classmethod
    def keep(cls, data, name, kind, content_type, **owner):
        """Store bytes and return their row. The file is written first, so that a row never points to nothing."""
        token = secrets.token_hex(16)
        path, secret = cls.path_of(token), kind not in PLAIN
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sealed.seal(data, f"file.{token}") if secret else data)
        except OSError as error:
            with suppress(OSError):
                path.unlink(missing_ok=True)        # no part of a file stays
            if error.errno in DISK:
                raise Refused([Reason(f"文件没有保存：{DISK[error.errno]}。请把这句话告诉系统管理员，稍后再试")]) from error
            raise
        return cls.create(token=token, name=one_line(name), kind=kind, content_type=content_type, size=len(data),
                          sha256=hashlib.sha256(data).hexdigest(), encrypted=secret, **owner)

    @classmethod
    def keep_path(cls, path, name, kind, content_type, token="", **owner):
        """Store a file that is finished, by moving it, and return its row. Under a `token` that was noted before, a second attempt
        replaces what the first left."""
        token = token or secrets.token_hex(16)
        with open(path, "rb") as data:
            digest, size = hashlib.file_digest(data, "sha256").hexdigest(), os.fstat(data.fileno()).st_size
        kept = cls.path_of(token)
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, kept)
        return cls.create(token=token, name=one_line(name), kind=kind, content_type=content_type, size=size, sha256=digest, **owner)

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

    def read(self):
        """The bytes, decrypted where they are kept encrypted, checked against their digest."""
        data = self.path.read_bytes()
        if self.encrypted:
            data = sealed.unseal(data, f"file.{self.token}")
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise ValueError(f"文件 {self.name} 的内容与登记的摘要不符")
        return data

    @classmethod
    def broken(cls):
        """Iterator over (file, sentence) of stored files that are not what their rows say."""
        for file in cls.select().order_by(cls.id).iterator():
            try:
                file.read()
            except (OSError, ValueError) as error:
                yield file, f"文件 {file.id}（{file.name}）与登记不符：{error}"

    def destroy(self):
        """Remove the bytes and the row; only for clearing a dismissed case, retention and expiry."""
        self.path.unlink(missing_ok=True)
        self.delete_instance(recursive=False)
