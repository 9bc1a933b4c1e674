"""Settings of the program: from the environment, over an optional TOML file, typed, and checked all at once.

Every setting is one field of `Settings`; its upper-case name is the environment variable and its own name the key in the
file that `CONFIG` points to (default `instance/config.toml`). `load` never refuses; `problems` says everything that is wrong.
"""
import base64
import binascii
import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VERSION = "0.1.0"

# Secrets that everybody can read in this file. The demo uses them; everything else refuses to start with them.
DEMO_SECRET = "demo-only-secret-demo-only-secret-demo"
DEMO_SEAL_KEYS = "demo:" + base64.b64encode(b"demo-only-seal-key-demo-only-sea").decode()
DEMO_BLIND_KEY = base64.b64encode(b"demo-only-blind-key-demo-only-bl").decode()
DEMO_TICKET_KEY = base64.b64encode(b"demo-only-ticket-key-demo-only-t").decode()

KEY_BYTES = {"aes": 32, "sm4": 16}       # how long a key of SEAL_KEYS is: AES-256, SM4


@dataclass(frozen=True)
class Settings:
    demo: bool = field(default=False, metadata={"help": "演示模式：允许默认密钥，不发真实邮件"})
    instance_dir: Path = field(default=ROOT / "instance", metadata={"help": "运行数据目录：数据库、文件、界面配置"})
    database_url: str = field(default="", metadata={"help": "数据库地址；空 = 运行数据目录中的 SQLite，PostgreSQL 写 postgresql://"})
    redis_url: str = field(default="", metadata={"help": "Redis 地址，用于队列和每小时的次数限制；空 = 运行数据目录中的 SQLite 队列，次数记在数据库"})
    screens_dir: Path = field(default=Path(), metadata={"help": "本站的界面配置目录；空 = instance/screens"})
    host: str = field(default="127.0.0.1", metadata={"help": "监听地址"})
    port: int = field(default=8000, metadata={"help": "监听端口"})
    threads: int = field(default=8, metadata={"help": "每个网页进程的线程数"})
    workers: int = field(default=2, metadata={"help": "后台作业的线程数"})
    job_lease: int = field(default=120, metadata={"help": "后台作业多少秒没有动静就算执行者已死，由别的执行者接手"})
    public_url: str = field(default="", metadata={"help": "对外网址，写进通知和一次性链接；https:// 开头时启用安全 Cookie"})
    trusted_proxy: str = field(default="127.0.0.1", metadata={"help": "有 PUBLIC_URL 时，只相信这个地址的代理所说的来访地址；* = 任何代理"})
    secret_key: str = field(default="", metadata={"help": "会话签名密钥，至少 32 个字符", "secret": True})
    seal_keys: str = field(default="", metadata={"help": "字段加密密钥，形如 k1:BASE64（AES-256）或 k2:sm4:BASE64（SM4），多把用逗号分开，第一把用于加密", "secret": True})
    audit_key: str = field(default="", metadata={"help": "封存日志时签名的密钥，BASE64，32 字节；空 = 不签名", "secret": True})
    blind_key: str = field(default="", metadata={"help": "盲索引密钥，BASE64，32 字节", "secret": True})
    backup_recipients: str = field(default="", metadata={"help": "每夜备份所用的 age 公钥，多把用逗号分开；空 = 不做每夜备份。run.py backup --new-key 生成"})
    backup_dir: Path = field(default=Path(), metadata={"help": "备份目录，宜在另一块盘上；空 = instance/backups"})
    ticket_key: str = field(default="", metadata={"help": "准考证签名密钥（Ed25519），BASE64，32 字节", "secret": True})
    smtp_url: str = field(default="", metadata={"help": "发信服务器，smtp://用户:密码@主机:端口；空 = 写入 instance/mail", "secret": True})
    mail_from: str = field(default="noreply@localhost", metadata={"help": "发信地址"})
    alipay_app_id: str = field(default="", metadata={"help": "支付宝应用号；空 = 不用支付宝"})
    alipay_seller_id: str = field(default="", metadata={"help": "支付宝收款账号（2088 开头的 16 位）"})
    alipay_private_key: str = field(default="", metadata={"help": "应用私钥的文件，PEM"})
    alipay_public_key: str = field(default="", metadata={"help": "支付宝公钥的文件，PEM"})
    alipay_gateway: str = field(default="https://openapi.alipay.com/gateway.do", metadata={"help": "支付宝网关"})
    sms: str = field(default="", metadata={"help": "短信；空 = 不发，folder = 写入 instance/sms"})
    second_factor: bool = field(default=True, metadata={"help": "参数里列出的角色须用第二步验证（验证码或通行密钥）；演示时缺省不要求"})
    challenge: bool = field(default=True, metadata={"help": "注册和多次登录失败以后要求人机验证，不经过任何外部服务"})
    metrics_token: str = field(default="", metadata={"help": "取 /metrics 的口令，至少 16 个字符；空 = 凭口令谁也取不到", "secret": True})
    metrics_local: bool = field(default=False, metadata={"help": "本机不凭口令也可取 /metrics"})
    work_metrics_port: int = field(default=0, metadata={"help": "后台作业进程在本机的这个端口给出自己的数字，供 Prometheus 取；0 = 不给"})
    log_format: str = field(default="text", metadata={"help": "日志：text 或 json（每行一个 JSON）"})
    slow_query_ms: int = field(default=500, metadata={"help": "超过多少毫秒的数据库语句记入日志；0 = 不记"})
    demo_password: str = field(default="Tongli-2013", metadata={"help": "演示账号的密码", "secret": True})
    clamd: str = field(default="", metadata={"help": "病毒检查：clamd 的地址，主机:端口或 /套接字；空 = 不检查"})
    upload_limit_mb: int = field(default=20, metadata={"help": "一次上传的上限，MB"})

    @property
    def database(self):
        return self.database_url or f"sqlite:///{self.instance_dir / 'tongli.db'}"

    @property
    def site_screens(self):
        return self.screens_dir if self.screens_dir != Path() else ROOT / "instance" / "screens"

    @property
    def backups(self):
        return self.backup_dir if self.backup_dir != Path() else self.instance_dir / "backups"

    @property
    def address(self):
        """Where the program is reached from outside, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def files_dir(self):
        return self.instance_dir / "files"


def load(environ=os.environ, **given):
    """Settings from `given` over `environ` over the TOML file over the defaults; unreadable values are kept as text for `problems`."""
    path = Path(environ.get("CONFIG") or ROOT / "instance" / "config.toml")
    stored = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    values = {}
    for item in fields(Settings):
        raw = given.get(item.name, environ.get(item.name.upper(), stored.get(item.name)))
        if raw is None or raw == "":
            continue
        values[item.name] = _typed(item.type, raw)
    if values.get("demo"):
        values.setdefault("second_factor", False)
        values.setdefault("secret_key", DEMO_SECRET)
        values.setdefault("seal_keys", DEMO_SEAL_KEYS)
        values.setdefault("blind_key", DEMO_BLIND_KEY)
        values.setdefault("ticket_key", DEMO_TICKET_KEY)
    return Settings(**values)


def _typed(kind, raw):
    try:
        if kind is bool:
            return raw if isinstance(raw, bool) else str(raw).lower() in ("1", "true", "yes", "on")
        return kind(raw)
    except ValueError:
        return raw


def parse_keys(text):
    """'k2:sm4:BASE64,k1:BASE64' as {name: (cipher, bytes)}, in order; ValueError with a sentence when one is unusable."""
    keys = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, rest = part.partition(":")
        cipher, _, encoded = rest.rpartition(":")
        if cipher not in ("", *KEY_BYTES):
            raise ValueError(f"密钥 {name}：没有“{cipher}”这种算法，可以写 {'、'.join(KEY_BYTES)}")
        cipher = cipher or "aes"
        keys[name] = cipher, _key(encoded, f"密钥 {name or '（无名）'}", KEY_BYTES[cipher])
        if not name.isalnum():
            raise ValueError(f"密钥名 {name!r} 只能是字母和数字")
    if not keys:
        raise ValueError("一把密钥也没有")
    return keys


def _key(encoded, what, size=32):
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError(f"{what} 不是 BASE64") from None
    if len(key) != size:
        raise ValueError(f"{what} 要求 {size} 字节，实际 {len(key)} 字节，差 {abs(size - len(key))} 字节")
    return key


def blind_key(settings):
    return _key(settings.blind_key, "BLIND_KEY")


def audit_key(settings):
    return _key(settings.audit_key, "AUDIT_KEY") if settings.audit_key else None


def ticket_key(settings):
    return _key(settings.ticket_key, "TICKET_KEY")


def _alipay_problems(settings):
    found = [] if settings.alipay_seller_id else ["ALIPAY_SELLER_ID：用支付宝时须写收款账号"]
    if not settings.public_url.startswith("https://"):
        found.append("PUBLIC_URL：用支付宝时须以 https:// 开头，支付结果通知到这个地址")
    for name in ("alipay_private_key", "alipay_public_key"):
        if not Path(getattr(settings, name) or "/").is_file():
            found.append(f"{name.upper()}：没有这个文件：{getattr(settings, name) or '（没有写）'}")
    return found


def problems(settings):
    """Every reason why the program must not start with these settings, as sentences; empty when there is none."""
    found = []
    for item in fields(Settings):
        value = getattr(settings, item.name)
        if not isinstance(value, item.type):
            found.append(f"{item.name.upper()}：要求 {item.type.__name__}，实际是 {value!r}")
    there = next(place for place in (settings.instance_dir, *settings.instance_dir.parents) if os.path.exists(place))
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        found.append(f"INSTANCE_DIR：要求能写的文件夹，实际“{there}”不能写")
    if isinstance(settings.port, int) and not 0 < settings.port < 65536:
        found.append(f"PORT：要求 1 到 65535，实际 {settings.port}")
    if isinstance(settings.work_metrics_port, int) and not 0 <= settings.work_metrics_port < 65536:
        found.append(f"WORK_METRICS_PORT：要求 1 到 65535，或者 0，实际 {settings.work_metrics_port}")
    if isinstance(settings.job_lease, int) and settings.job_lease < 1:
        found.append(f"JOB_LEASE：要求至少 1 秒，实际 {settings.job_lease}")
    if settings.database_url and not settings.database_url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        found.append("DATABASE_URL：要求 sqlite:/// 或 postgresql:// 开头")
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://", "unix://")):
        found.append("REDIS_URL：要求 redis:// 开头")
    if settings.clamd and not settings.clamd.startswith("/") and not settings.clamd.rpartition(":")[2].isdecimal():
        found.append(f"CLAMD：要求 主机:端口 或 / 开头的套接字，实际 {settings.clamd}")
    if settings.alipay_app_id:
        found += _alipay_problems(settings)
    if settings.sms not in ("", "folder"):
        found.append(f"SMS：要求空或 folder，实际 {settings.sms}")
    if settings.log_format not in ("text", "json"):
        found.append(f"LOG_FORMAT：要求 text 或 json，实际 {settings.log_format}")
    if isinstance(settings.slow_query_ms, int) and settings.slow_query_ms < 0:
        found.append(f"SLOW_QUERY_MS：要求不小于 0，实际 {settings.slow_query_ms}")
    if settings.metrics_token and len(settings.metrics_token) < 16:
        found.append(f"METRICS_TOKEN：要求至少 16 个字符，实际 {len(settings.metrics_token)}，差 {16 - len(settings.metrics_token)}")
    strange = [part for part in filter(None, map(str.strip, settings.backup_recipients.split(","))) if not part.startswith("age1")]
    if strange:
        found.append(f"BACKUP_RECIPIENTS：要求 age1 开头的公钥，实际 {strange[0][:12]}…")
    if len(settings.secret_key) < 32:
        found.append(f"SECRET_KEY：要求至少 32 个字符，实际 {len(settings.secret_key)}，差 {32 - len(settings.secret_key)}")
    for name, check in (("SEAL_KEYS", lambda: parse_keys(settings.seal_keys)), ("BLIND_KEY", lambda: blind_key(settings)),
                        ("AUDIT_KEY", lambda: audit_key(settings)),
                        ("TICKET_KEY", lambda: ticket_key(settings))):
        try:
            check()
        except ValueError as error:
            found.append(f"{name}：{error}")
    if not settings.demo:
        for name, default in (("secret_key", DEMO_SECRET), ("seal_keys", DEMO_SEAL_KEYS), ("blind_key", DEMO_BLIND_KEY), ("ticket_key", DEMO_TICKET_KEY)):
            if getattr(settings, name) == default:
                found.append(f"{name.upper()}：演示用的默认密钥只能在演示模式使用，请换成自己的")
    return found
