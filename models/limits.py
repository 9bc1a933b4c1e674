"""For everybody: how often something may be asked in an hour - from one address, for one number, with one token. The counts lie in Redis where
there is one, else in the database, so that they hold over all processes and hosts; with Redis away the database goes on from nothing."""
import datetime as dt
import ipaddress

from peewee import CharField, DateTimeField, IntegerField

from models import clock
from models.base import Entity, writing
from models.parameters import value
from models.sealed import blind
from models.workflow import Reason, Refused

HOUR = dt.timedelta(hours=1)
_elsewhere = None       # function (what, who, hour) that counts elsewhere and returns the count, or None when it cannot


def configure(elsewhere=None):
    """Say what counts, where it is not the database (tasks.tallies)."""
    global _elsewhere
    _elsewhere = elsewhere


class Tally(Entity):
    """How often something was asked in one hour of the clock. `who` is a blind index: neither addresses nor numbers are kept."""
    label = "查询计数"

    what = CharField(max_length=40, verbose_name="参数名")
    who = CharField(max_length=64, verbose_name="对象")
    hour = DateTimeField(index=True, verbose_name="小时")
    count = IntegerField(default=1, verbose_name="次数")

    class Meta:
        table_name = "tally"
        indexes = ((("what", "who", "hour"), True),)


class TooOften(Refused):
    """More than an hour allows; `seconds` until it may be asked again."""

    def __init__(self, most, number, seconds, deed):
        self.seconds = seconds
        super().__init__([Reason(f"{deed}太频繁", f"每小时不超过 {most:,} 次", f"第 {number:,} 次", f"{-(-seconds // 60)} 分钟后可以再{deed[0]}")])


def count(what, who, deed="查询"):
    """Count one more for `who` under the parameter `what`, which says how many an hour are allowed; TooOften when they are more: `deed` says of
    what. Those that are refused count too. Not inside a transaction that may be taken back."""
    now, most = clock.now(), value(what)
    hour = now.replace(minute=0, second=0, microsecond=0)
    number = _counted(what, blind(who) or "", hour)
    if number > most:
        raise TooOften(most, number, int((hour + HOUR - now).total_seconds()), deed)


def _counted(what, who, hour):
    """The count of an hour, with one more."""
    if _elsewhere is not None and (number := _elsewhere(what, who, hour)) is not None:
        return number
    with writing():
        taken = Tally.insert(what=what, who=who, hour=hour).on_conflict(
            conflict_target=[Tally.what, Tally.who, Tally.hour], update={Tally.count: Tally.count + 1}).returning(Tally.count)
        return taken.execute()[0].count


def network(address):
    """What counts as one visitor: an IPv4 address, or the /64 network that an IPv6 address can be changed in at will."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address or "unknown"
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
