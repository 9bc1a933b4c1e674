"""Tokens of the interface: shown once, kept as a hash, each one's own; security sees and revokes all of them."""
import datetime as dt

import pytest

from models import clock
from models.audit import Entry, Version
from models.base import db
from models.tokens import ApiToken
from models.workflow import Refused

UNTIL = dt.date(2026, 9, 1)


def test_a_token_is_known_by_its_secret_and_the_secret_is_kept_nowhere(world):
    row, secret = ApiToken.issue(world.officer, "数据中心", UNTIL)
    assert ApiToken.of(secret) == row and row.unfit() == "" and secret.startswith(row.hint)
    assert ApiToken.of(secret[:-1]) is None and ApiToken.of("") is None and ApiToken.of(row.hint) is None
    stored = [str(cell) for line in db.execute_sql("SELECT * FROM api_token").fetchall() for cell in line]
    assert not any(secret in cell for cell in stored) and secret not in str([version.values for version in Version.select()])
    assert Entry.get(Entry.entity == "api_token").verb == "create"


def test_everybody_sees_his_own_and_security_all(world):
    mine, theirs = (ApiToken.issue(user, "程序", UNTIL)[0] for user in (world.officer, world.centre))
    assert list(ApiToken.visible_to(world.officer)) == [mine] and list(ApiToken.visible_to(world.centre)) == [theirs]
    assert set(ApiToken.visible_to(world.security)) == {mine, theirs}
    for user in (world.officer2, world.clerk, world.it, world.auditor, world.applicant()):
        assert not ApiToken.visible_to(user).exists()


def test_it_serves_through_its_last_day_and_not_after_it_nor_once_revoked(world):
    row, secret = ApiToken.issue(world.officer, "程序", UNTIL)
    with clock.at(dt.datetime.combine(UNTIL, dt.time(23, 59))):
        assert ApiToken.of(secret).unfit() == ""
    with clock.at(UNTIL + dt.timedelta(days=1)):
        assert ApiToken.of(secret).unfit() == f"这个令牌已过期：有效期至 {UNTIL}"
    row.revoke(by=world.security)
    assert ApiToken.of(secret).unfit() == "这个令牌已收回"


def test_it_serves_only_as_long_as_its_owner_has_the_role(world):
    _, secret = ApiToken.issue(world.officer, "程序", UNTIL)
    world.officer.disable(by=world.it)
    assert "不是省级学位办或学位中心" in ApiToken.of(secret).unfit()


@pytest.mark.parametrize("until, fits", [("2026-03-19", False), ("2026-03-20", True), ("2027-03-20", True), ("2027-03-21", False)])
def test_it_ends_within_the_time_that_the_parameter_allows(world, until, fits):
    until = dt.date.fromisoformat(until)
    if fits:
        assert ApiToken.issue(world.officer, "程序", until)[0].valid_until == until
    else:
        with pytest.raises(Refused, match=f"有效期至：要求 2026-03-20 至 2027-03-20，实际 {until}"):
            ApiToken.issue(world.officer, "程序", until)


def test_a_foreign_token_is_revoked_by_security_alone(world):
    row, _ = ApiToken.issue(world.officer, "程序", UNTIL)
    for user in (world.officer2, world.centre, world.clerk):
        with pytest.raises(Refused):
            row.revoke(by=user)
    assert row.revoke(by=world.officer).state == "revoked"
