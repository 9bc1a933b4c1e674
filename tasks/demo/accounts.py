"""The accounts of the demo: the fixed names that scripts and readers know, and the people of the other units and offices."""
import datetime as dt
from secrets import token_hex

from models.colleges import College
from models.logins import Login
from models.passkeys import Passkey
from models.people import Grant, Role, User
from models.reference import Institution

UNITS = ("10001", "10002", "10003", "10246", "10248", "10284", "10285", "10288", "10486", "10487", "10497", "10504")
NATION = (("it", "陶立诚", "it"), ("security", "祁望岳", "security"), ("auditor", "邵清衡", "auditor"), ("centre", "骆景川", "centre"), ("exam", "柏知舟", "exam"))
OFFICES = (("officer", "10001", "穆承安"), ("officer2", "10246", "凌若溪"), (None, "10284", "项书岚"), (None, "10486", "阮怀瑾"))
NAMED = {("10001", "clerk"): ("clerk", "何静琳"), ("10001", "reviewer"): ("reviewer", "顾元衡"), ("10001", "unit_admin"): ("unit_admin", "管立平"),
         ("10246", "clerk"): ("clerk2", "喻晓棠"), ("10246", "reviewer"): ("reviewer2", "盛鸿飞")}
COLLEGES = (("0202", "经济学院", "clerk_econ", "温书瑶"), ("0301", "法学院", "clerk_law", "柯以安"))      # of 10001: discipline, name, and its clerk
STAFF = ("苏敏华", "梁永杰", "汪婉怡", "卢志鹏", "夏锦霞", "童少峰", "姚思琪", "江立刚", "蔡云舒", "崔海涛", "龚嘉玲", "邢文辉", "葛佳宁", "纪春燕",
         "彭景浩", "田若兰", "傅国强", "倪子涵", "贺望川", "尹雨桐", "伍修哲")


def account(name, role, username=None, email=None, **place):
    """An account with one role; its password comes with all the others at the end."""
    user = User.add(None, username=username, name=name, email=email or (username and mail(username)), fs_uniquifier=token_hex(32), **place)
    Grant.add(None, user=user, role=Role.get(Role.name == role))
    return user


def mail(box):
    """An address that can never exist."""
    return f"{box}@tongli.example"


def staff():
    """({role or (code, role): account}) of everybody but the applicants and the exam sites; the units take part from now on."""
    found = {role: account(name, role, username) for username, name, role in NATION}
    for username, code, name in OFFICES:
        office = Institution.get(Institution.code == code).office
        found[office.id] = account(name, "officer", username, mail(username or f"office{office.code}"), office=office)
    others = iter(STAFF)
    for code in UNITS:
        unit = Institution.get(Institution.code == code).change(found["centre"], taking_part=True)
        for role in ("clerk", "reviewer", "unit_admin"):
            username, name = NAMED.get((code, role)) or (None, None)
            if name or role != "unit_admin":
                found[code, role] = account(name or next(others), role, username, mail(username or f"{role}.{code}"), institution=unit)
    admin = found["10001", "unit_admin"]
    for _, name, username, clerk in COLLEGES:
        account(clerk, "clerk", username, institution=admin.institution, college=College.add(admin, institution=admin.institution, name=name))
    return found


def leave(world):
    """The story of a clerk who left: the administrator of the unit disabled the account."""
    yield world.today - dt.timedelta(900)
    gone = account("薛长林", "clerk", email=mail("clerk.1.10001"), institution=world.staff["10001", "clerk"].institution)
    login(gone)
    Passkey.add(gone, user=gone, name="安全钥匙", credential=token_hex(16), public_key=token_hex(32))
    old = Passkey.add(gone, user=gone, name="旧手机", credential=token_hex(16), public_key=token_hex(32))
    yield world.today - dt.timedelta(200)
    old.remove(by=gone)
    Login.end_all(gone, "由管理员结束")
    gone.disable(by=world.staff["10001", "unit_admin"])


def login(user, means="password"):
    """A log-in of now, at a desk."""
    Login.begin(user, token_hex(16), means, address="10.0.0.8", device="Firefox · Windows")


def come_and_go(world):
    """Log-ins of the last days, one of which failed."""
    for days, name in ((3, "clerk"), (2, "reviewer"), (1, "security")):
        yield world.today - dt.timedelta(days)
        user = User.get(User.username == name)
        login(user)
        Login.end_all(user, "退出")
    Login.create(user=user, user_name=str(user), means="failed", address="10.0.0.9", device="Chrome · Android")
