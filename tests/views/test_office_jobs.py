"""The screen of background jobs: one's own, IT everybody's; stopping and repeating."""
import pytest

import views
from backoffice.app import create_app
from models import clock
from models.audit import Entry
from models.jobs import Job
from tests.world import DAY


@pytest.fixture
def enter(settings, world):
    clock.stop(DAY)
    app = create_app(settings, views.register)
    app.config["WTF_CSRF_ENABLED"] = False

    def entered(user):
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.fs_uniquifier, True
        return client
    yield entered
    clock.stop()


def test_whoever_ordered_a_job_can_cancel_it_and_have_it_repeated(enter, world):
    row = Job.create(kind="export", title="导出", user_id=world.clerk.id, state="queued", params={"screen": "nothing", "args": {}})
    client = enter(world.clerk)
    assert "取消" in client.get(f"/office/job/details/?id={row.id}").text
    client.post("/office/job/do/cancel/", data={"id": row.id})
    assert Job.get().state == "cancelled"
    assert "这个作业已经结束" in client.post("/office/job/do/cancel/", data={"id": row.id}, follow_redirects=True).text
    assert "重新执行" in client.get(f"/office/job/details/?id={row.id}").text
    client.post("/office/job/do/retry/", data={"id": row.id})
    assert Job.get().state == "failed" and "不对您开放" in Job.get().error          # the queue of the tests works at once
    assert [entry.verb for entry in Entry.select().where(Entry.entity == "job").order_by(Entry.id)] == ["cancel", "retry"]


def test_it_sees_every_job_and_nobody_else_that_of_another(enter, world):
    row = Job.create(kind="export", title="导出", user_id=world.clerk.id, state="running")
    assert enter(world.it).get(f"/office/job/details/?id={row.id}").status_code == 200
    stranger = enter(world.reviewer)
    assert stranger.get(f"/office/job/details/?id={row.id}").status_code == 404
    assert stranger.post("/office/job/do/cancel/", data={"id": row.id}).status_code == 404
    assert stranger.post("/office/job/do/nothing/", data={"id": row.id}).status_code == 404
    assert Job.get().state == "running"
