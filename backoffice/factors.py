"""The second factor: codes of an authenticator app, each good once; recovery codes, shown once and kept as a keyed digest; and who must have one."""
import re
import secrets

from flask import current_app
from passlib.exc import TokenError
from passlib.totp import TOTP

from models.base import writing
from models.parameters import value
from models.passkeys import Passkey
from models.people import User
from models.sealed import blind

ISSUER = "同力信息平台"
STEP = 30                # seconds that a code lasts; one before and one after are taken too
RECOVERY = 10            # codes at a time


def new_secret():
    """A secret for an authenticator app, in base 32."""
    return TOTP.new().base32_key


def address_of(secret, user):
    """What the app reads from the picture."""
    return TOTP(secret).to_uri(label=user.username or user.email or str(user), issuer=ISSUER)


def counter_of(secret, code, last=None):
    """The number of the code, counted from 1970, when it fits and is later than the last that was used; else None."""
    try:
        return TOTP(secret).match(re.sub(r"\s", "", code), window=STEP, last_counter=last).counter
    except (TokenError, ValueError):
        return None


def has_second(user):
    """Whether the account has a second factor."""
    return user.code_counter is not None or Passkey.of(user).exists()


def must_have(user):
    """Whether one of the roles demands a second factor here."""
    return current_app.settings.second_factor and bool(set(value("login.second_factor")) & {role for role, _ in user.powers()})


def code_serves(user, code):
    """Whether this is the app's code of now and was not used before; from now on it is used."""
    counter = counter_of(user.code_secret, code, user.code_counter) if user.code_counter is not None else None
    return counter is not None and bool(User.update(code_counter=counter).where(User.id == user.id, User.code_counter < counter).execute())


def recovery_serves(user, code):
    """Whether this is one of the recovery codes that are left; from now on it is used."""
    digest = blind(re.sub(r"[\s-]", "", code))
    with writing():
        row = User.locked(user.id)
        if digest is None or digest not in row.recovery_codes:
            return False
        row.recovery_codes = [kept for kept in row.recovery_codes if kept != digest]
        row.save()
    return True


def serves(user, code):
    """By what means this second factor serves - 'code', 'recovery' - or None."""
    if re.fullmatch(r"\s*\d{3}\s*\d{3}\s*", code):
        return "code" if code_serves(user, code) else None
    return "recovery" if recovery_serves(user, code) else None


def new_recovery_codes(user):
    """Ten codes, in words for paper; those before are void. They cannot be read again."""
    codes = [secrets.token_hex(6) for _ in range(RECOVERY)]
    User.update(recovery_codes=[blind(code) for code in codes]).where(User.id == user.id).execute()
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def take_code_app(user, secret, counter):
    """The app with this secret is the second factor from now on."""
    User.update(code_secret=secret, code_counter=counter).where(User.id == user.id).execute()


def drop_code_app(user):
    User.update(code_secret=None, code_counter=None).where(User.id == user.id).execute()


def drop_all(user):
    """No second factor any more: the app, the keys and the recovery codes are void."""
    User.update(code_secret=None, code_counter=None, recovery_codes=[]).where(User.id == user.id).execute()
    for key in Passkey.of(user):
        key.remove(by=None)
