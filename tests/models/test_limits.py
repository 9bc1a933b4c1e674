"""How often something may be asked in an hour: counted in Redis or in the database, by all processes together."""
import datetime as dt
import subprocess
import sys
from dataclasses import replace

import pytest
from redis import Redis

import config
from models import clock
from models.base import db
from models.limits import Tally, TooOften, count, network
from models.parameters import Parameter
from tasks import tallies, upkeep
from tests import servers
from tests.test_races import together

WHAT = "public.per_number"


@pytest.fixture
def three(world):
    """Three an hour."""
    Parameter.update(value=3).where(Parameter.name == WHAT).execute()


def asked(times, who="1000132026000001"):
    """How many of so many questions were let through."""
    passed = 0
    for _ in range(times):
        try:
            count(WHAT, who)
            passed += 1
        except TooOften:
            pass
    return passed


def test_the_fourth_of_three_is_refused_with_figures_and_when_it_may_be_asked_again(three):
    assert asked(3) == 3
    with clock.at(dt.datetime(2026, 3, 20, 9, 40, 30)), pytest.raises(TooOften) as refused:
        count(WHAT, "1000132026000001")
    assert str(refused.value) == "查询太频繁：要求 每小时不超过 3 次，实际 第 4 次，差 20 分钟后可以再查" and refused.value.seconds == 1170


def test_every_number_and_every_hour_counts_for_itself(three):
    assert asked(5) == 3 and asked(5, "another") == 3
    with clock.at(dt.datetime(2026, 3, 20, 10, 0)):
        assert asked(5) == 3


def test_neither_numbers_nor_addresses_are_kept(three):
    asked(1)
    assert "1000132026000001" not in str(db.execute_sql("SELECT * FROM tally").fetchall())


def test_of_many_at_once_exactly_as_many_get_through_as_may(three):
    found = together(*[lambda: count(WHAT, "number")] * 8)
    assert sum(outcome is None for outcome in found) == 3 and all(outcome is None or isinstance(outcome, TooOften) for outcome in found)
    assert Tally.get().count == 8


def test_counting_by_reading_and_writing_would_let_more_through(three):
    """The twin: everybody reads the same count before anybody writes."""
    import threading
    count(WHAT, "number")
    read = threading.Barrier(4, timeout=60)

    def loosely():
        row = Tally.get()
        read.wait()
        Tally.update(count=row.count + 1).where(Tally.id == row.id).execute()
        return row.count + 1 <= 3
    assert together(*[loosely] * 4) == [True] * 4 and Tally.get().count == 2


def test_counts_of_yesterday_are_forgotten(three):
    asked(2)
    upkeep.forget_tallies()
    assert Tally.select().count() == 1
    with clock.at(dt.datetime(2026, 3, 21, 10, 0)):
        upkeep.forget_tallies()
    assert Tally.select().count() == 0


@pytest.mark.parametrize("address, visitor", [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("", "unknown"), ("nonsense", "nonsense")])
def test_an_ipv6_visitor_is_his_network(address, visitor):
    assert network(address) == visitor


# in Redis -----------------------------------------------------------------------------------------------------------------------------
ELSEWHERE = """
import datetime as dt
import sys
import config
from models import clock, limits
from tasks import setup
setup.open_all(config.load(environ={}, demo=True, instance_dir=sys.argv[1], database_url=sys.argv[2], redis_url=sys.argv[3]))
clock.stop(dt.datetime.fromisoformat(sys.argv[4]))
for _ in range(2):
    limits.count("public.per_number", "1000132026000001")
"""


@pytest.fixture
def shared(three, settings, redis_url):
    """The counts lie in an empty Redis; yields a client of it."""
    client = Redis.from_url(redis_url, decode_responses=True)
    client.flushdb()
    tallies.configure(replace(settings, redis_url=redis_url))
    yield client
    tallies.configure(settings)


def test_in_redis_of_many_at_once_exactly_as_many_get_through_as_may(shared):
    found = together(*[lambda: count(WHAT, "number")] * 8)
    assert sum(outcome is None for outcome in found) == 3 and all(outcome is None or isinstance(outcome, TooOften) for outcome in found)
    assert shared.mget(shared.keys()) == ["8"] and not Tally.select().exists()


def test_in_redis_another_process_counts_with(shared, settings, redis_url):
    db.close()
    subprocess.run([sys.executable, "-c", ELSEWHERE, settings.instance_dir, settings.database_url, redis_url, str(clock.now())], cwd=config.ROOT, check=True)
    db.connect()
    assert asked(3) == 1


def test_in_redis_every_number_and_every_hour_counts_for_itself_and_is_forgotten(shared):
    assert asked(5) == 3 and asked(5, "another") == 3
    with clock.at(dt.datetime(2026, 3, 20, 10, 0)):
        assert asked(5) == 3
    keys = shared.keys()
    assert len(keys) == 3 and all(0 < shared.ttl(key) <= 2 * 60 * 60 for key in keys) and "1000132026000001" not in str(keys)


def test_with_redis_away_the_database_counts(three, settings, caplog):
    tallies.configure(replace(settings, redis_url=f"redis://127.0.0.1:{servers.free_port()}/0"))
    assert asked(5) == 3 and Tally.get().count == 5 and "Redis does not answer" in caplog.text
    tallies.configure(settings)
