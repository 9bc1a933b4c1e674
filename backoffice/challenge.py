"""A challenge against robots, without any outside service: the browser finds a number by trying (ALTCHA), which costs a person nothing.
Where no script runs, waiting some seconds with the form open does as well. Each challenge serves once."""
import base64
import datetime as dt
import json

from altcha import create_challenge, verify_solution
from flask import current_app, request

from models import clock
from models.throttles import use_once

FIELD = "challenge"
PREFIX = "0000"                        # 65,536 hashes on average: about a second
WAIT = dt.timedelta(seconds=15)        # what a person without scripts waits instead
LIFE = dt.timedelta(hours=2)


def wanted():
    """Whether there is a challenge at all in this installation."""
    return current_app.settings.challenge


def offered():
    """What the form carries as `challenge`: the one that was sent along, so that the wait goes on, else a new one."""
    sent = request.form.get(FIELD, "")
    if _opened(sent)[1] is not None:
        return sent
    made = create_challenge("SHA-256", 1, key_prefix=PREFIX, data={"at": clock.now().isoformat()}, hmac_secret=_secret())
    return _packed({"challenge": made.to_dict(), "solution": {"counter": 0, "derivedKey": "", "time": 0}})


def fault():
    """Why the challenge that was sent along does not serve, as a sentence; None when it does, and then it is used up."""
    if not wanted():
        return None
    sent = request.form.get(FIELD, "")
    result, at = _opened(sent)
    if at is None:
        return "请先完成人机验证：页面上的验证要重新开始。"
    waited = clock.now() - at
    if not result.verified and waited < WAIT:
        return f"人机验证还没有完成。没有启用脚本的浏览器，请等 {(WAIT - waited).seconds} 秒再提交。填写的内容已经保留。"
    signature = json.loads(base64.b64decode(sent))["challenge"]["signature"]
    return None if use_once("challenge", signature) else "这次人机验证已经用过，请再提交一次。"


def _opened(sent):
    """(what the library says of it, the moment when it was made); the moment is None unless we made it, and not long ago."""
    result = verify_solution(sent, _secret())
    if result.invalid_signature is not False:
        return result, None
    at = dt.datetime.fromisoformat(json.loads(base64.b64decode(sent))["challenge"]["parameters"]["data"]["at"])
    return result, at if clock.now() - at < LIFE else None


def _secret():
    return f"challenge:{current_app.settings.secret_key}"


def _packed(what):
    return base64.b64encode(json.dumps(what).encode()).decode()
