"""The front door: every way to start or look after the platform is a subcommand of this file. `run.py --help` lists them."""
import argparse
import gc
import logging
import shutil
import sys
import tomllib
import unicodedata
from pathlib import Path

from peewee import OperationalError

import config
from models.roles import ROLES
from tasks import logs

BY_HAND = [name for name, (_, level) in ROLES.items() if level in ("nation", "office", "unit")]      # the others register or belong to a site
DEMO = {"demo": True, "instance_dir": config.ROOT / "instance" / "demo"}


def demo(args):
    """演示：网页和后台作业在一个进程里，数据在 instance/demo/，人都是虚构的；打印地址和账号"""
    settings = config.load(**DEMO, **_address(args))
    _refuse_unsafe(settings)
    if args.fresh and settings.database_url:
        _fail(["--fresh 只清空 instance/demo；DATABASE_URL 指向的数据库请自行清空"])
    if args.fresh:
        shutil.rmtree(settings.instance_dir, ignore_errors=True)
    from flask_security import hash_password
    from models.people import Person
    from tasks import demo as world, queue, setup
    setup.open_all(settings)
    setup.bring_up_to_date()
    app = _application(settings)
    with queue.connected(), app.app_context():
        if not Person.select().exists():
            print("第一次启动，正在生成演示数据，大约要一两分钟……", flush=True)
            world.build(settings.demo_password, hash_password)
        accounts = _accounts()
    logging.getLogger("backoffice.watching").setLevel(logging.WARNING)        # the accounts stay in sight
    _serve(app, worker=True, ready=f"\n{accounts}\n\n口令都是 {settings.demo_password}\n\n"
                                   f"打开 http://{settings.host}:{settings.port}/    Ctrl-C 结束\n")


def serve(args):
    """网页服务：设置有问题时列出全部问题并拒绝启动；--worker 连同后台作业一起运行"""
    gc.disable()            # what a process begins with stays, and need not be looked through for what can go
    settings = _opened(config.load(**_address(args)))
    app = _application(settings)
    gc.freeze()
    gc.enable()
    _serve(app, args.worker, f"http://{settings.host}:{settings.port}/")


def work(args):
    """后台作业：导出、打印、通知和定时任务；可在多台机器上同时运行"""
    settings = _opened(config.load())
    _application(settings).extensions["screens"].watch()      # the rooms further right register their runners
    from backoffice import watching
    from backoffice.serving import told_to_end
    from tasks import worker
    watching.of_worker(settings)
    told, stop = told_to_end(), worker.start(settings.workers)
    told.wait()
    stop()


def setup(args):
    """安装和升级：建表、迁移、基础数据；没有系统管理账号时建一个并打印一次性链接。可以重复执行"""
    settings = _opened(config.load())
    from models.people import Grant, Role, User
    from tasks import queue, setup as steps
    steps.bring_up_to_date()
    print("数据库和基础数据已是最新")
    with queue.connected():
        if Grant.select().join(Role).where(Role.name == "it").exists():
            print("已有系统管理账号，没有改动；忘记密码用 run.py user reset 用户名")
        else:
            account = User.get_or_none(User.username == "it") or steps.create_account("it", "it", "系统管理")
            print(f"系统管理账号 {account.username}，请用这个链接设置密码，只能用一次：\n{_link(settings, account)}")


def backup(args):
    """备份：数据库和全部文件，一个加密的文件；运行中即可做。--new-key 生成一对密钥"""
    from tasks import custody
    if args.new_key:
        return custody.new_key(print)
    settings = _opened_for(args)
    _told(lambda say: custody.backup(settings, args.to, say))


def restore(args):
    """恢复：把备份恢复到空的数据库和空的文件目录，可以换数据库种类；不成时什么也不留下"""
    from tasks import custody
    _opened_for(args)
    _told(lambda say: custody.restore(args.file, args.identity, say))


def load(args):
    """装载：把一个目录中的 CSV 文件（全国的申请、成绩、学位）成批写进数据库；中断后再执行一次就接着做"""
    from tasks import custody
    settings = _opened(config.load())
    _told(lambda say: custody.load(settings, args.folder, args.invented, say))


def verify(args):
    """核对：操作日志与每天的封存、文件与登记的摘要；有不符的逐条列出并以 1 结束。--lines 打印每天的封存，可另存"""
    from tasks import custody
    settings = _opened_for(args)
    _told(custody.list_seals if args.lines else lambda say: custody.verify(settings, args.kept, say))


def reseal(args):
    """更换加密密钥：把加密的字段、历史、指纹和文件逐批改用 SEAL_KEYS 的第一把密钥；可以中断，再执行时接着做"""
    from tasks import custody
    _opened_for(args)
    _told(custody.reseal)


def check(args):
    """检查设置、全部界面和打印的表格，一次列出所有问题；有问题时以 1 结束"""
    settings = config.load()
    missing = [name for name in ("secret_key", "seal_keys", "blind_key", "ticket_key") if not getattr(settings, name)]
    if len(missing) == 4:       # nothing is set up here: that is information, not a problem
        print(f"还没有设置 {'、'.join(missing).upper()}，正式运行需要它们；下面按演示的密钥检查")
        settings = config.load(demo=True)
    found = [*config.problems(settings), *_screen_problems(settings.site_screens)]
    if found:
        _fail(found)
    print("设置和界面没有问题")


def words(args):
    """写出界面文件的全部用词：docs/screens.md 和 docs/screens.schema.json"""
    from backoffice.screens import documents
    (config.ROOT / "docs" / "screens.md").write_text(documents.reference(), "utf-8")
    (config.ROOT / "docs" / "screens.schema.json").write_text(documents.schema(), "utf-8")
    print("已写出 docs/screens.md 和 docs/screens.schema.json")


def stages(args):
    """打印章程表：十个阶段里谁在什么条件下做哪一步，从哪个状态到哪个状态"""
    from models import law
    for number, name, rows in law.table():
        print(f"\n{number or '*'}  {name}\n\n{_columns([law.HEAD, *rows])}")


def user(args):
    """账号：create 新建，reset 打印一次性的设置密码链接，disable 停用"""
    settings = _opened_for(args)
    from models.people import User
    from models.workflow import Refused
    from tasks import queue, setup
    with queue.connected():
        try:
            if args.action == "create":
                account = setup.create_account(args.username, args.role, args.name, args.email, args.institution, args.office)
            else:
                account = User.get_or_none(User.username == args.username) or _fail([f"没有用户名为 {args.username} 的账号"])
            if args.action == "disable":
                account.disable(by=None)
                print(f"账号 {account.username} 已停用")
            else:
                print(f"请用这个链接设置 {account.username} 的密码，只能用一次：\n{_link(settings, account)}")
        except Refused as refusal:
            _fail([*refusal.reasons, *refusal.fields.values()])


def _accounts():
    """The accounts with a user name, as the table that the demo prints."""
    from models.people import User
    named = User.select().where(User.username.is_null(False)).order_by(User.id)
    return _columns([("用户名", "姓名", "角色", "范围"), *((u.username, u.name, "、".join(map(str, u.roles)), u.place_label()) for u in named)])


def _columns(rows):
    """Rows as aligned text; a Chinese character is two columns wide."""
    def width(text):
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    widths = [max(map(width, column)) for column in zip(*rows)]
    return "\n".join("  ".join(text + " " * (w - width(text)) for text, w in zip(row, widths)).rstrip() for row in rows)


def _address(args):
    return {name: getattr(args, name) for name in ("host", "port") if getattr(args, name) is not None}


def _opened(settings):
    _refuse_unsafe(settings)
    from tasks import setup
    setup.open_all(settings)
    return settings


def _opened_for(args):
    return _opened(config.load(**(DEMO if args.demo else {})))


def _told(work):
    """Do some work that tells what it has done."""
    from tasks import custody, queue
    try:
        with queue.connected():
            work(lambda text: print(text, flush=True))
    except custody.Failed as failed:
        _fail(failed.args)


def _refuse_unsafe(settings):
    found = config.problems(settings)
    if found:
        _fail(found)


def _fail(problems):
    sys.exit("\n".join(f"· {problem}" for problem in problems))


def _application(settings):
    """The application with everything in it; the program does not start on broken screens."""
    from backoffice.screens import Problems
    try:
        return _build(settings)
    except Problems as problems:
        return _fail(problems.found)


def _screen_problems(folder):
    """What is wrong with the screens and the forms that are printed, found by building the application as a start would, whatever the other settings are."""
    from backoffice.screens import Problems
    try:
        app = _build(config.Settings(demo=True, screens_dir=folder, secret_key=config.DEMO_SECRET, seal_keys=config.DEMO_SEAL_KEYS,
                               blind_key=config.DEMO_BLIND_KEY, ticket_key=config.DEMO_TICKET_KEY))
    except Problems as problems:
        return problems.found
    return [problem for found in app.extensions["screens"].laid_wrong.values() for problem in found]


def _build(settings):
    from backoffice.app import create_app
    from views import register
    return create_app(settings, register)


def _link(settings, account):
    from backoffice.security import one_time_link
    with _application(settings).test_request_context(base_url=settings.public_url or f"http://{settings.host}:{settings.port}"):
        return one_time_link(account)


def _serve(app, worker, ready):
    from backoffice.serving import serve
    try:
        serve(app, worker, lambda: print(ready, flush=True))
    except OSError as error:
        _fail([f"不能在 {app.settings.host}:{app.settings.port} 监听（{error.strerror}），换一个端口用 PORT"])


def _option(*names, **said):
    return names, said


ADDRESS = (_option("--host", help="监听地址，缺省看 HOST，再缺省 127.0.0.1"), _option("--port", help="监听端口，缺省看 PORT，再缺省 8000", type=int))
ON_DEMO = _option("--demo", action="store_true", help="用演示数据")
OPTIONS = {
    demo: (*ADDRESS, _option("--fresh", action="store_true", help="清空 instance/demo，从头开始")),
    serve: (*ADDRESS, _option("--worker", action="store_true", help="同一进程里也运行后台作业")),
    backup: (_option("--to", type=Path, help="目录，缺省看 BACKUP_DIR"), _option("--new-key", action="store_true", help="只生成一对密钥"), ON_DEMO),
    restore: (_option("file", type=Path, help="备份文件"), _option("--identity", type=Path, required=True, help="存有 AGE-SECRET-KEY 的文件"), ON_DEMO),
    load: (_option("folder", type=Path, help="CSV 文件所在的目录"),
           _option("--invented", action="store_true", help="数据是虚构的：一个人的第二件在办申请改给没有申请的人")),
    verify: (_option("--lines", action="store_true", help="只打印每天的封存"), _option("--kept", type=Path, help="以前打印并另存的封存，一并核对"), ON_DEMO),
    reseal: (ON_DEMO,),
    user: (_option("action", choices=("create", "reset", "disable"), help="新建、重设密码、停用"), _option("username", help="用户名"),
           _option("--role", choices=BY_HAND, default="it", help="角色，缺省 it"), _option("--institution", help="单位代码，五位；经办、审核、单位管理员必填"),
           _option("--office", help="省级学位办代码；省级学位办账号必填"), _option("--name", default="", help="姓名，缺省同用户名"),
           _option("--email", help="电子邮箱"), ON_DEMO)}


def main(given=None):
    parser = argparse.ArgumentParser(prog="run.py", description="同力信息平台", epilog="设置写在环境变量里或 instance/config.toml，README 列出全部设置")
    commands = parser.add_subparsers(required=True, metavar="命令")
    for function in (demo, serve, work, setup, backup, restore, verify, load, check, stages, words, user, reseal):
        command = commands.add_parser(function.__name__, help=function.__doc__, description=function.__doc__)
        command.set_defaults(function=function)
        for names, said in OPTIONS.get(function, ()):
            command.add_argument(*names, **said)
    args = parser.parse_args(given)
    try:
        logs.begin(config.load().log_format)
        args.function(args)
    except tomllib.TOMLDecodeError as error:
        _fail([f"设置文件不是正确的 TOML：{error}"])
    except OperationalError as error:
        _fail([f"数据库没有回答：{error}"])


if __name__ == "__main__":
    main()
