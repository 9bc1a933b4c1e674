"""What is written down about log-ins, and the locks that follow from failures, by account and by address. Only failures count. An identity without
an account is counted and answered like one that has an account."""
from models import clock
from models.audit import Entry, origin
from models.limits import network
from models.measures import LOGINS
from models.parameters import value
from models.sealed import blind
from models.throttles import Throttle, forgive, standing, take_try

__all__ = ["Counted", "forgive", "record_account"]


def record_account(user, verb, label, identity=""):
    """Append the audit entry for something that befell an account; of an identity without an account only the blind index is kept."""
    LOGINS.labels(verb).inc()
    Entry.create(user_id=user and user.id, user_name=str(user) if user else "未知账号", address=origin.get(), entity="account",
                 row_id=user and user.id, verb=verb, verb_label=label, digest="" if user else blind(identity) or "")


class Counted:
    """The counts behind one try to log in: that of the account, or of the identity where there is none, and that of the address.

    `halfway`: a right password is not the end, so nothing is forgiven by it, and a try is counted only once it has failed."""

    def __init__(self, user, identity="", halfway=False):
        self.row, self.address = user or Throttle.row("identity", identity), Throttle.row("address", network(origin.get()))
        self.tries, self.halfway = value("login.tries"), halfway

    def take(self):
        """Count a try before it is looked at, so that parallel ones cannot get past the limit; False while account or address is locked."""
        return self.open_here and (standing(self.row)[1] is None if self.halfway else take_try(self.row, self.tries))

    @property
    def open_here(self):
        """Whether anybody may try from this address."""
        return standing(self.address)[1] is None

    def failed(self):
        """The try has failed: the address counts it too. A success never takes that back, or one account would open the way to all others."""
        if self.halfway:
            take_try(self.row, self.tries)
        take_try(self.address, value("login.address_tries"))

    def right(self):
        """The try was right."""
        if not self.halfway:
            forgive(self.row)

    @property
    def suspicious(self):
        """Whether the next try has to show that no robot makes it."""
        many = value("login.challenge_after")
        return standing(self.row)[0] >= many or standing(self.address)[0] >= 2 * many

    def sentence(self, what="账号或密码不对"):
        """What is said after a failure: how many tries are left, or until when there are none."""
        failed, until = standing(self.row)
        if until:
            return f"已连续失败 {failed} 次，账号锁定到 {_moment(until)}。请到时再试，或者找回密码。"
        until = standing(self.address)[1]
        if until:
            return f"这个地址失败的次数太多，锁定到 {_moment(until)}。请到时再试。"
        lock = f" {value('login.lock_minutes')} 分钟" if failed < self.tries else "更久"
        return f"{what}。还可以再试 {self.tries - failed % self.tries} 次；之后账号锁定{lock}。"


def _moment(until):
    return f"{until:%H:%M}" if until.date() == clock.today() else f"{until:%m-%d %H:%M}"
