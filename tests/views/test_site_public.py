"""What everybody sees: the start page, the search, one programme, announcements."""
import datetime as dt

import pytest

from models import clock
from models.consents import ConsentText
from models.programmes import Programme
from models.reference import Announcement
from tests.world import DAY


@pytest.fixture
def offers(world):
    """Three more programmes: another discipline, another unit, and one whose time is over."""
    world.publish(world.unit, world.clerk, "1204", direction="数字治理")
    world.publish(world.unit2, world.clerk2, "0202", apply_until=DAY + dt.timedelta(days=3))
    world.publish(world.unit2, world.clerk2, "0835", apply_until=DAY - dt.timedelta(days=1))
    return world


def text(answer):
    return answer.get_data(as_text=True)


def found(answer):
    return text(answer).count('class="pin"><a')


def test_the_start_page_says_what_is_open_now(offers, visit):
    offers.session()
    Announcement.add(offers.centre, title="统考报名通知", body="请按时报名").publish(by=offers.centre)
    page = text(visit().get("/"))
    assert "2026 年统考" in page and "还剩 11 天" in page and "3 个学科" in page and "统考报名通知" in page


def test_the_search_narrows_by_place_unit_discipline_and_words(offers, visit):
    client = visit()
    assert found(client.get("/programmes")) == 4
    assert found(client.get("/programmes?province=31")) == 2
    assert found(client.get("/programmes?unit=10001")) == 2
    assert found(client.get("/programmes?discipline=0202")) == 2
    assert found(client.get("/programmes?q=数字 北京")) == 1
    assert found(client.get("/programmes?q=08")) == 1
    assert found(client.get("/programmes?open=y")) == 3
    assert "没有查到学科" in text(client.get("/programmes?q=不存在的学科"))
    assert "没有查到学科" in text(client.get("/programmes?q=%25"))
    assert client.get("/programmes?q=%00&province=%00&page=-1").status_code == 200
    assert client.get(f"/programmes/{10**20}").status_code == client.get(f"/announcements/{10**20}").status_code == 404


def test_a_long_list_comes_in_pages_that_keep_the_search(offers, visit, monkeypatch):
    monkeypatch.setattr("views.site.programmes.PAGE", 1)
    first = text(visit().get("/programmes?unit=10246&open=y"))
    assert "第 1 页" in first and "下一页" not in first
    first = text(visit().get("/programmes?unit=10246"))
    assert "unit=10246" in first.split("下一页")[0].rsplit("<a", 1)[1] and "page=2" in first
    assert found(visit().get("/programmes?unit=10246&page=2")) == 1
    assert visit().get("/programmes?unit=10246&page=9").status_code == 404


def test_a_programme_shows_plan_windows_place_and_contact(world, visit):
    page = text(visit().get(f"/programmes/{world.programme.id}"))
    for words in ("课程1", "合计 3 门", "2026-01-01 至 2026-04-15", "还剩 26 天", "研究生院 102 室", "张老师", "注册后申请"):
        assert words in page


def test_a_draft_is_found_by_nobody_and_a_closed_one_takes_no_application(world, visit):
    draft = Programme.add(world.clerk, **{name: getattr(world.programme, name) for name in (
        "institution", "discipline", "apply_from", "apply_until", "confirm_from", "confirm_until")}, year=2027)
    assert visit().get(f"/programmes/{draft.id}").status_code == 404
    world.programme.close(by=world.clerk)
    user = world.applicant()
    assert "已关闭" in text(visit(user).get(f"/programmes/{world.programme.id}"))
    refused = visit(user).post(f"/programmes/{world.programme.id}/apply")
    assert refused.status_code == 422 and "没有发布或已经关闭" in text(refused)
    assert found(visit().get("/programmes")) == 0


def test_announcements_are_shown_until_their_last_day(world, visit):
    row = Announcement.add(world.centre, title="通知", body="第一行\n第二行", until=DAY)
    client = visit()
    assert client.get(f"/announcements/{row.id}").status_code == 404
    row.publish(by=world.centre)
    assert "第二行" in text(client.get(f"/announcements/{row.id}")) and "通知" in text(client.get("/announcements"))
    clock.stop(DAY + dt.timedelta(days=1))
    assert client.get(f"/announcements/{row.id}").status_code == 404


def test_the_consent_can_be_read_by_version(world, visit):
    assert "2026-1" in text(visit().get("/consent")) and visit().get("/consent/2026-1").status_code == 200
    assert visit().get("/consent/1999-1").status_code == 404 and visit().get("/consent/biometrics/1999-1").status_code == 404
    assert "指纹" in text(visit().get("/consent/biometrics")) and visit().get("/consent/biometrics/2026-1").status_code == 200


def test_a_new_text_is_read_from_its_day_on_and_the_earlier_one_stays(world, visit):
    ConsentText.add(world.centre, kind="privacy", version="2026-2", title="个人信息处理同意书", body="# 新的一条\n新的内容", valid_from=DAY + dt.timedelta(days=1))
    assert "新的内容" not in text(visit().get("/consent")) and visit().get("/consent/2026-2").status_code == 404
    clock.stop(DAY + dt.timedelta(days=1))
    assert "<h2>新的一条</h2>" in text(visit().get("/consent")) and "较早的版本" in text(visit().get("/consent/2026-1"))
