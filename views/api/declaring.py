"""How a route of the interface is declared - its path, what it asks, what it answers - and what stands before every one of them: the
token, the limit, the check of what is asked, and one audit entry for each request that was answered."""
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps

from flask import Blueprint, abort, jsonify, make_response, request

from models.audit import note, record
from models.limits import TooOften, count
from models.tokens import ApiToken
from views.api import narrowing

rooms = Blueprint("api", __name__, url_prefix="/api")
ROUTES = []
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Asked:
    """One parameter of a request."""
    name: str
    title: str
    type: str = "string"                # or integer
    choices: tuple = ()
    most: int = LARGEST
    default: object = None

    @property
    def schema(self):
        """What it may be, as JSON schema."""
        limits = {"minimum": 0, "maximum": self.most} if self.type == "integer" else {"enum": list(self.choices)} if self.choices else {}
        return {"type": self.type} | limits | ({} if self.default is None else {"default": self.default})

    def read(self, text):
        """The value that was typed; ValueError with a sentence."""
        if self.type == "integer":
            if not (text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= self.most):
                raise ValueError(f"{self.name}（{self.title}）：要求 0 至 {self.most} 的整数，实际“{text[:20]}”")
            return int(text)
        if self.choices and text not in self.choices:
            raise ValueError(f"{self.name}（{self.title}）：要求 {'、'.join(self.choices)} 之一，实际“{text[:20]}”")
        return text


@dataclass(frozen=True)
class Route:
    """One address: `function(user, **asked)` returns (what is answered, the row that it is about or None). Where rows have fields of the site's own, `added`
    says of which kinds of record and where they are told, and the function gets the conditions `wanted` and the `order` of views.api.narrowing too."""
    path: str
    title: str
    asks: tuple
    shape: str
    added: dict
    function: Callable = field(repr=False)

    def asks_of(self, user):
        """What the owner of a token may ask."""
        return [*self.asks, *narrowing.asks(self.added, user)]

    def read(self, args, user):
        """{name: value} of what a request asks; refused with every sentence at once."""
        known, found, wrong = {asked.name: asked for asked in self.asks_of(user)}, {asked.name: asked.default for asked in self.asks}, []
        if self.added:
            found |= {"wanted": [], narrowing.ORDER: None}
        for name in args:
            try:
                value = known[name].read(args[name])
                if isinstance(known[name], narrowing.AddedAsk):
                    found["wanted"].append(value)
                else:
                    found[name] = value
            except KeyError:
                wrong.append(f"没有“{name[:20]}”这个参数，可用的有 {'、'.join(known) or '（没有）'}")
            except ValueError as error:
                wrong.append(str(error))
        if wrong:
            refuse(422, "；".join(wrong))
        return found


def route(path, title, *asks, shape, added={}):
    """Declare the function below as what answers GET /api`path`; {id} in it is the number of a row. `shape` names that of the answer."""
    def declare(function):
        declared = Route(path, title, asks, shape, added, function)
        ROUTES.append(declared)

        @rooms.get(path.replace("{id}", f"<int(max={LARGEST}):id>"), endpoint=function.__name__)
        @wraps(function)
        def answer(**named):
            return _answer(declared, **named)
        return function
    return declare


def refuse(status, error, **headers):
    """End the request with a sentence, as JSON."""
    answer = make_response(jsonify(error=error), status)
    answer.headers.update({name.replace("_", "-"): str(text) for name, text in headers.items()})
    abort(answer)


def _answer(route, **named):
    token = bearer()
    user = token.owner
    asked = route.read(request.args, user)
    found, row = route.function(user, **named, **asked)
    what = f"令牌“{token.name}”：{request.full_path.rstrip('?')}"[:300]
    if row is not None:
        record(user, row, "api", "接口读取", reason=what)
    else:
        note(user, "api", "接口读取", "report", what)
    return jsonify(found)


def bearer():
    """The token that the request bears, fit to be used, and counted."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = ApiToken.of(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        refuse(401, "请在 Authorization 头中带上有效的令牌：Bearer 令牌", WWW_Authenticate="Bearer")
    if why := token.unfit():
        refuse(403, why)
    try:
        count("api.per_token", f"token {token.id}")
    except TooOften as often:
        refuse(429, str(often), Retry_After=often.seconds)
    token.used()
    return token
