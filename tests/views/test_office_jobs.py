"""The machinery in the office: one's own jobs, IT everybody's; stopping and repeating them; timed work; notices and their templates."""
import datetime as dt

import pytest

from models.audit import Entry
from models.files import File
from models.jobs import Job
from models.notices import NoticeTemplate
from models.outbox import Outbox, tell
from models.timed import TimedRun


@pytest.fixture
def failed(world):
    """A job of the clerk that failed."""
    return Job.create(kind="export", title="导出申请", user_id=world.clerk.id, state="failed", attempts=3, error="坏了", params={"screen": "nothing", "args": {}})


def test_whoever_ordered_a_job_can_cancel_it_and_have_it_repeated(enter, world):
    row = Job.create(kind="export", title="导出", user_id=world.clerk.id, state="queued", params={"screen": "nothing", "args": {}})
    client = enter(world.clerk)
    assert "取消" in client.get(f"/office/job/details/?id={row.id}")
    assert "由提交人或系统管理办理" in client.get(f"/office/job/step/cancel/?id={row.id}")
    client.post("/office/job/step/cancel/", id=row.id, confirm="1")
    assert Job.get().state == "cancelled"
    assert "现在的状态不能“取消”" in client.post("/office/job/step/cancel/", 422, id=row.id, confirm="1")
    client.post("/office/job/step/retry/", id=row.id, confirm="1")
    assert Job.get().state == "failed" and "不对您开放" in Job.get().error          # the queue of the tests works at once
    assert [entry.verb for entry in Entry.select().where(Entry.entity == "job").order_by(Entry.id)] == ["cancel", "retry"]


def test_it_sees_every_job_and_nobody_else_that_of_another(enter, world, failed):
    assert "坏了" in enter(world.it).get(f"/office/job/details/?id={failed.id}")
    stranger = enter(world.reviewer)
    stranger.get(f"/office/job/details/?id={failed.id}", 404)
    for step in ("cancel", "retry", "nothing"):
        stranger.post(f"/office/job/step/{step}/", 404, id=failed.id, confirm="1")
    assert Job.get().state == "failed" and "导出申请" not in stranger.get("/office/job/")


def test_the_screen_of_jobs_says_kind_orderer_age_attempts_and_error(enter, world, failed):
    page = enter(world.it).get("/office/job/?f.state=failed&f.kind=export")
    assert all(words in page for words in ("导出申请", world.clerk.name, "历时", "坏了", ">3<", "筛选")) and "导出</td>" in page
    assert "导出申请" not in enter(world.it).get("/office/job/?f.kind=recheck")


def test_many_jobs_are_repeated_at_once(enter, world, failed):
    other = Job.create(kind="export", title="另一个", user_id=world.it.id, state="failed", params={"screen": "nothing", "args": {}})
    page = enter(world.it).post("/office/job/step/retry/", 200, id=[failed.id, other.id], shown=[failed.id, other.id], confirm="1")
    assert "完成 2 项" in page


def test_the_page_of_a_job_says_until_when_its_result_is_kept(enter, world):
    result = File.keep(b"x", "x.xlsx", "result", "text/plain", user_ref=world.clerk.id, expires_at=dt.datetime(2026, 3, 27, 9))
    row = Job.create(kind="export", title="导出", user_id=world.clerk.id, state="done", result=result)
    assert "结果保留到 3月27日 09:00" in enter(world.clerk).get(f"/office/job/details/?id={row.id}")


def test_it_runs_timed_work_at_once_and_others_do_not_see_it(enter, world):
    row = TimedRun.get(TimedRun.name == "leftovers")
    assert "每小时 30 分" in enter(world.it).get("/office/timed/")
    enter(world.clerk).get("/office/timed/", 403)
    enter(world.it).post("/office/timed/step/run_now/", id=row.id, confirm="1")
    row = TimedRun.get_by_id(row.id)
    assert (row.state, row.runs) == ("done", 1)
    assert Entry.get(Entry.entity == "timed_run").user_id == world.it.id


def test_it_sends_a_failed_notice_again(enter, world):
    row = Outbox.create(user_id=world.clerk.id, template="t", subject="通过", body="b", state="failed", attempts=5, error="对方拒收")
    page = enter(world.it).get("/office/outbox/?f.state=failed")
    assert "对方拒收" in page and "重新发送" in page and world.clerk.name in page
    enter(world.it).post("/office/outbox/step/send_again/", id=row.id, confirm="1")
    assert (Outbox.get().state, Outbox.get().attempts) == ("waiting", 0)
    enter(world.clerk).post("/office/outbox/step/send_again/", 403, id=row.id, confirm="1")


def test_it_words_a_notice_anew_and_sees_a_sample(enter, world):
    client = enter(world.it)
    assert "申请：草稿即将撤回" in client.get("/office/notice_template/create/")
    page = client.post("/office/notice_template/create/", 422, code="Application.stale", subject="{{ 标提 }}", body="{{ 内容 }}", mail="1", site="1", valid="1")
    assert "没有“标提”这个字段，是不是“标题”" in page
    page = client.post("/office/notice_template/create/", code="Application.stale", subject="提醒：{{ 标题 }}", body="{{ 收件人 }}：{{ 内容 }}", mail="1", site="1", valid="1")
    assert "提醒：通过：张三 申请" in page and NoticeTemplate.get().code == "Application.stale"


def test_a_notice_is_seen_with_sample_values_before_it_is_saved(enter, world):
    client, typed = enter(world.it), {"code": "Application.stale", "subject": "提醒：{{ 标题 }}", "body": "{{ 收件人 }}：\n{{ 内容", "act": "preview"}
    page = client.post("/office/notice_template/create/", 200, **typed)
    assert ">提醒：通过：张三 申请</dd>" in page and ' bad">第 2 行：花括号要成对' in page and not NoticeTemplate.select().exists()
    kept = NoticeTemplate.add(world.it, code="Application.stale")
    page = client.post(f"/office/notice_template/edit/?id={kept.id}", 200, **typed | {"id": kept.id, "body": "{{ 步骤 }}"})
    assert "没有“步骤”这个字段" in page and "{{ 步骤 }}</textarea>" in page and NoticeTemplate.get().body == "{{ 内容 }}"
    enter(world.centre).post("/office/notice_template/create/", 403, **typed)


def test_staff_read_their_own_notices_on_the_site(enter, world):
    tell([world.clerk], "Application.stale", "站内的", "内容", "a")
    NoticeTemplate.add(world.it, code="Application.stale", site=False)
    tell([world.clerk], "Application.stale", "只发邮件的", "内容", "b")
    tell([world.reviewer], "Recheck.found", "别人的", "内容", "c")
    page = enter(world.clerk).get("/office/notices/")
    assert "站内的" in page and "只发邮件的" not in page and "别人的" not in page
    assert "还没有通知" in enter(world.it).get("/office/notices/")
