"""The reports of what was kept long enough: read by security and auditor, rehearsed by security."""
import datetime as dt

import pytest

from models import clock
from models.logins import Login
from models.retention import RetentionReport
from tasks import retention

PAGE = "/office/retention_report/"


@pytest.fixture
def old(world):
    Login.create(user_name="x", token="t", means="password", at=clock.now() - dt.timedelta(days=500))


def test_security_rehearses_and_reads_how_much_would_go(world, enter, old):
    page = enter(world.security).post(f"{PAGE}rehearse/")
    assert "现在到期 1 项" in page and "没有清除任何数据" in page and "登录记录" in page and Login.select().where(Login.token == "t").exists()
    assert RetentionReport.select().where(RetentionReport.rehearsed, RetentionReport.due == 1).count() == 1


def test_the_auditor_reads_what_went_and_rehearses_nothing(world, enter, old):
    retention.sweep()
    visitor = enter(world.auditor)
    page = visitor.get(PAGE)
    assert "登录记录" in page and "login.keep_days" in page and "试算现在会清除什么" not in page
    visitor.post(f"{PAGE}rehearse/", 403)


@pytest.mark.parametrize("role", ["it", "clerk", "centre", "unit_admin"])
def test_nobody_else_opens_it(world, enter, role):
    visitor = enter(getattr(world, role))
    visitor.get(PAGE, 403)
    visitor.post(f"{PAGE}rehearse/", 403)
