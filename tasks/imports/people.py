"""Units and accounts."""
import uuid

from models.people import Grant, Role, User
from models.reference import Institution, Office, Province
from models.roles import ROLES
from tasks.imports.description import Column, Import, Look, Part
from tasks.imports.looking import by
from tasks.imports.readers import Choice

INSTITUTIONS = Import(
    name="institution", title="学位授予单位", screen="institution", roles=("centre",), help="按单位代码对上。",
    columns=(
        Column("code", fills=Institution.code, sample="10001"), Column("name", fills=Institution.name, sample="北京大学", width=24),
        Column("province_code", "省份代码", required=True, sample="11"), Column("office_code", "省级学位办代码", required=True, sample="11"),
        Column("taking_part", fills=Institution.taking_part, sample="是")),
    looks=(
        Look("province", "province_code", lambda line: line.get("province_code"), by(Province.code), "没有代码为“{}”的省份"),
        Look("office", "office_code", lambda line: line.get("office_code"), by(Office.code), "没有代码为“{}”的省级学位办")),
    parts=(Part(Institution, key=("code",), links={"province": "province", "office": "office"}),))


def own_units(user, wants):
    """The units for which the user keeps accounts: his own, or all where he has none."""
    return {code: unit for code, unit in by(Institution.code)(user, wants).items() if user.institution_id in (None, unit.id)}


def place(line, user):
    """The unit of a unit's own people; who keeps the accounts of all names it."""
    return {"institution": line.found.get("unit") or user.institution_id}


def new_account(line, user):
    return {"fs_uniquifier": uuid.uuid4().hex, "must_change": True, "college": user.college_id}


def right_account(row, before, line):
    """A name or an address that somebody else has, and a role without the place that it needs."""
    if before is not None:       # whoever sets the address of an account could take it over: that is done on its page, by its rules
        return {"username": "已有这个账号，内容不同：导入只新建账号，请在账号页面修改"}
    found = {name: User.clashes[name] for name in ("username", "email") if row.__data__.get(name) and User.select().where(
        User._meta.fields[name] == row.__data__[name], User.id != (row.id or 0)).exists()}
    level = ROLES[line.get("role")][1]
    if level not in ("nation", "unit") or (level == "unit") != (row.institution_id is not None):
        found["role"] = f"角色“{ROLES[line.get('role')][0]}”与单位不相配：单位的角色要写单位代码，全国的角色不写"
    return found


def givable(row, before, line):
    """Nobody gives a role that is not his to give, and roles of accounts that are there are given on their page."""
    if line.writes[0].before is not None:
        return {"role": "已有这个账号：导入只新建账号，请在账号页面授予角色"}
    return {} if line.found["role"].name in line.found["givable"] else {"role": f"您不能授予角色“{line.found['role']}”"}


def roles_to_give(user, wants):
    """The roles that the user gives, for every line the same."""
    return {want: user.gives() or {""} for want in wants}


def role_rows(user, wants):
    return {row.name: row for row in Role.select().where(Role.name.in_(list(wants)))} if wants else {}


USERS = Import(
    name="user", title="账号", screen="user", roles=("unit_admin", "it"), about=User,
    help="一行是一个新账号的一个角色。账号没有密码，首次登录用一次性链接设置。",
    columns=(
        Column("username", fills=User.username, required=True, sample="zhangsan"), Column("name", fills=User.name, required=True, sample="张三"),
        Column("email", fills=User.email, sample="zhangsan@example.cn", width=24),
        Column("unit_code", "单位代码", sample="10001", help="本单位的账号可以不填"),
        Column("role", "角色", required=True, sample="经办", reader=Choice(None, tuple((name, label) for name, (label, _) in ROLES.items())))),
    looks=(
        Look("unit", "unit_code", lambda line: line.get("unit_code"), own_units, "没有代码为“{}”的单位，或不在您的范围内"),
        Look("role", "role", lambda line: line.get("role"), role_rows, "没有“{}”这个角色"),
        Look("givable", "role", lambda line: line.get("role"), roles_to_give, "没有“{}”这个角色")),
    parts=(
        Part(User, key=("username",), given=place, fresh=new_account, check=right_account),
        Part(Grant, key=("user", "role"), links={"user": User, "role": "role"}, check=givable)))
