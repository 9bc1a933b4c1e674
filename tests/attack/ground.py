"""The ground of the attacks: an abundant world, the whole program before it, every account logged in. Whatever a request does is undone."""
import io
import json
import re
import zipfile
from dataclasses import dataclass

import views
from backoffice.app import create_app
from models import base, clock
from models.roles import ROLES
from models.screens import save_view
from models.tokens import ApiToken
from tests.abundance import fill_up
from tests.world import DAY, World, let_in

MISSING = 999_999_999           # the number of no row
WRITES = re.compile(r'\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')
CHANGING = re.compile(r'nonce="[^"]*"|<b class="mono">[0-9A-F]{8}</b>|name="(?:csrf_token|order_key)"[^>]*|<meta name="csrf-token"[^>]*|"reference": ?"[0-9A-F]{8}"')


@dataclass
class Answer:
    """What came back, and what it cost: statements to the database, and the tables that they wrote to."""
    status: int
    location: str
    kind: str
    data: bytes
    statements: int
    headers: object = None
    seen: object = None
    wrote: frozenset = frozenset()

    @property
    def text(self):
        """What can be read in it; of a workbook the text of its parts but for the time at which it was made."""
        if self.data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(self.data)) as parts:
                return "\n".join(parts.read(name).decode("utf-8", "replace") for name in sorted(parts.namelist()) if "docProps" not in name)
        return self.data.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.data)

    def said(self, *ids):
        """All that a visitor learns, without what differs from answer to answer and without the numbers that he asked for himself."""
        numbers = re.compile(rf"(?<=[=/\"“>D ])({'|'.join(map(str, ids))})(?!\d)" if ids else r"(?!)")
        return self.status, numbers.sub("#", self.location), self.kind, numbers.sub("#", CHANGING.sub("", self.text)), self.statements

    def apart(self, other, *ids):
        """By what the two can be told apart; '' when by nothing."""
        mine, theirs = self.said(*ids), other.said(*ids)
        names = ("status", "location", "type", "content", "statements")
        return "; ".join(f"{name} {differing(a, b) if name == 'content' else f'{a} / {b}'}" for name, a, b in zip(names, mine, theirs) if a != b)


def differing(one, other):
    """The first place at which two texts differ, with what is around it."""
    at = next((n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    return f"…{one[max(0, at - 60):at + 60]!r} / …{other[max(0, at - 60):at + 60]!r}"


class Ground:
    """The world, the application, and a visitor for each account."""

    def __init__(self, settings, fill=fill_up):
        """`fill(world)` puts the rows into the world."""
        clock.stop(DAY)
        self.world = World()
        fill(self.world)
        for user in (self.world.clerk, self.world.clerk2):
            save_view(user, "application", "我的", "?q=1", False)
        self.app = create_app(settings, views.register)
        self.app.config["WTF_CSRF_ENABLED"] = False         # who has a log-in has a token; forged ones have tests of their own
        self.screens = self.app.extensions["screens"]
        self.cookies, self.statements, self.written = {}, 0, set()
        self.tokens = {user.id: ApiToken.issue(user, "程序", clock.today() + clock.days(30))[1] for user in (self.world.officer, self.world.officer2, self.world.centre)}
        self._count()
        for _, user in self.accounts():
            self.cookie(user)

    def _count(self):
        execute = base.db.obj.execute_sql

        def counted(sql, *args, **kwargs):
            self.statements += 1
            if written := WRITES.match(sql):
                self.written.add(written[1])
            return execute(sql, *args, **kwargs)
        base.db.obj.execute_sql = counted

    def accounts(self):
        """[(role, account)]: every role, those that belong to a place once on each side, those of a unit once more in a college to which nearly nothing of it
        belongs; on each side applicants in three states, as far as they are there."""
        world, sides = self.world, self.world.sides
        found = [(role, getattr(world, role)) for role in ROLES if role != "applicant"]
        found += [(role, getattr(world, role + "2")) for role in ("clerk", "reviewer", "unit_admin", "officer")]
        found += world.law.items()
        found += [(role, vars(sides[1])[role]) for role in ("site_head", "door") if role in vars(sides[1])]
        return found + [("applicant", vars(side)[name].applicants()[0]) for side in sides for name in ("master", "register", "draft") if name in vars(side)]

    def cookie(self, user):
        """That of the log-in of an account; '' for nobody."""
        if user is None:
            return ""
        if user.id not in self.cookies:
            client = self.app.test_client()
            let_in(client, user)
            self.cookies[user.id] = f"tongli={client.get_cookie('tongli').value}"
        return self.cookies[user.id]

    def ask(self, user, method, path, data=None, headers=(), look=None, **more):
        """The Answer to a request; what it wrote is taken back, and the next one comes with the same cookie. `look()` is asked before that and is
        the answer's `seen`."""
        headers = {"Cookie": self.cookie(user), **dict(headers)}
        if user is not None and user.id in self.tokens and path.startswith("/api/"):
            headers["Authorization"] = f"Bearer {self.tokens[user.id]}"
        with base.db.atomic() as undone:
            before = self.statements
            self.written.clear()
            answer = self.app.test_client(use_cookies=False).open(path, method=method, data=data, headers=headers, **more)
            wrote = frozenset(self.written)
            found = Answer(answer.status_code, answer.headers.get("Location", ""), answer.mimetype, answer.get_data(), self.statements - before,
                           answer.headers, look() if look else None, wrote)
            undone.rollback()
        return found
