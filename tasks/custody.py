"""Looking after the data from a shell: backup, restore, load, verify, reseal. Each tells `say` what it has done; `run.py` prints that."""
import time

from models import auditdays, proving, resealing, sealed
from models.files import File
from tasks.backup import archive, making, restoring
from tasks.loading import files, loading

NAMED = 20          # ids that one sentence names


class Failed(Exception):
    """It cannot be done, or is not as it should be; the arguments are the sentences that say why."""


def new_key(say):
    """Make a pair of keys for backups."""
    secret, public = archive.new_key()
    say(f"{secret}\n\n上面一行是解密用的密钥，请离线保存，不要留在服务器上。公钥写进 BACKUP_RECIPIENTS：\n{public}")


def backup(settings, folder, say):
    """Write one encrypted file into a folder."""
    try:
        keys = archive.recipients(settings.backup_recipients)
    except ValueError as error:
        raise Failed(f"BACKUP_RECIPIENTS：{error}") from None
    if not keys:
        raise Failed("没有设置 BACKUP_RECIPIENTS；run.py backup --new-key 生成一对密钥")
    say(making.into(folder or settings.backups, keys))


def restore(file, identity, say):
    """Bring a backup into an empty database and an empty file store."""
    try:
        say(restoring.restore(file, identity.read_text("utf-8")))
    except (OSError, archive.Unreadable, restoring.Impossible) as reason:
        raise Failed(reason) from None


def load(settings, folder, invented, say):
    """Load the files of a folder."""
    started = time.monotonic()
    try:
        count = loading.load(folder, settings.instance_dir, invented, say)
    except files.Faulty as fault:
        raise Failed(fault) from None
    taken = time.monotonic() - started
    say(f"共 {count:,} 行，{taken:.0f} 秒，每秒 {count / taken:,.0f} 行")


def list_seals(say):
    """Say one line for each sealed day, to be kept elsewhere."""
    for day in auditdays.AuditDay.select().order_by(auditdays.AuditDay.day):
        say(day.line)


def verify(settings, kept, say):
    """Hold the log against its seals and the files against what is known of them."""
    proof = proving.prove(auditdays.public_key(), kept.read_text("utf-8").splitlines() if kept else ())
    against = [*proof.against, *(sentence for _, sentence in File.broken())]
    if against:
        raise Failed(*against)
    signed = "，签名有效" if settings.audit_key and proof.days else ""
    say(f"操作日志 {proof.days} 天 {proof.entries:,} 条与封存一致{signed}，{proof.waiting:,} 条等待封存；文件都与登记一致")


def reseal(say):
    """Write everything anew under the first of the keys."""
    lost = []
    for count in resealing.reseal():
        say(f"{count.place}：改写 {count.done} 条")
        if count.unreadable:
            lost.append(f"{count.place} 有 {len(count.unreadable)} 条用现有的密钥打不开，编号 {'、'.join(map(str, count.unreadable[:NAMED]))}")
    if lost:
        raise Failed(*lost)
    say(f"全部由密钥 {sealed.newest()} 加密；其余密钥可以从 SEAL_KEYS 中删去")
