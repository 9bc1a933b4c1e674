"""Retention: each kind of data goes when its days are over and not before; what went is told, and a rehearsal takes nothing."""
import datetime as dt

import pytest

from models import clock
from models.applications import Application, Document
from models.audit import Entry, Version
from models.consents import record_consent
from models.files import SECRET, File
from models.fingerprints.templates import FingerTemplate, enrol
from models.jobs import Job
from models.logins import Login
from models.outbox import Outbox
from models.parameters import Parameter, value
from models.retention import RetentionReport
from tasks import retention
from tests.doors import read
from tests.world import picture


def days_later(days):
    return clock.at(clock.now() + dt.timedelta(days=days))


def reports():
    return {report.rule: (report.due, report.removed, report.days) for report in RetentionReport.select()}


def test_result_files_go_with_their_jobs_after_the_days_allowed(database):
    result = File.keep(b"x", "x.xlsx", "result", "application/zip")
    Job.create(kind="export", title="导出", state="done", finished_at=clock.now(), result=result)
    waiting = Job.create(kind="export", title="导出")
    keep = value("files.keep_days")
    with days_later(keep - 1):
        retention.sweep()
    assert result.path.exists() and reports() == {}
    with days_later(keep + 1):
        retention.sweep()
    assert not result.path.exists() and not File.select().exists()
    assert [row.id for row in Job.select()] == [waiting.id] and reports() == {"jobs": (1, 1, keep)}


def test_the_days_of_the_day_count_and_a_result_without_its_job_goes_too(database):
    File.keep(b"x", "x.xlsx", "result", "application/zip", expires_at=clock.now() + dt.timedelta(days=2))
    Login.create(user_name="x", token="t", means="password", at=clock.now())
    Parameter.update(valid_to=clock.today()).where(Parameter.name == "login.keep_days").execute()
    Parameter.create(name="login.keep_days", title="保留", value=3, valid_from=clock.today() + dt.timedelta(days=1))
    with days_later(2.5):
        retention.sweep()
    assert Login.select().exists() and reports() == {"results": (1, 1, value("files.keep_days"))}
    with days_later(4):
        retention.sweep()
    assert not Login.select().exists() and reports()["log_ins"] == (1, 1, 3)


def test_notices_go_and_those_that_wait_stay(database):
    for state in ("sent", "none", "failed", "waiting"):
        Outbox.create(user_id=1, template="t", subject=state, body="b", state=state)
    with days_later(value("keep.notice_days") + 1):
        retention.sweep()
    assert [row.state for row in Outbox.select()] == ["waiting"] and reports()["notices"][:2] == (3, 3)


def test_a_withdrawn_case_loses_its_contents_after_its_days_and_keeps_its_stump_and_log(world):
    user = world.applicant()
    case = world.draft(user)
    scan = File.keep(picture(60, 80), "证书.jpg", "document", "image/jpeg", institution=case.institution_id, person_ref=user.person_id, case_ref=case.id)
    Document.add(user, application=case, title="学位证书", file=scan)
    other = world.draft(world.applicant("仍在填写"))
    case.withdraw(by=user)
    keep = value("keep.withdrawn_days")
    with days_later(keep - 1):
        retention.sweep()
    assert Application.get_by_id(case.id).employer and scan.path.exists()
    with days_later(keep + 1):
        retention.sweep()
        retention.sweep()
    stump = Application.get_by_id(case.id)
    assert (stump.state, stump.employer, stump.degree_number, stump.photo, stump.person) == ("withdrawn", "", "", None, case.person)
    assert stump.cleared == {"申请材料": 1, "文件": 2, "修改历史": stump.cleared["修改历史"]} and not scan.path.exists()
    assert not Version.select().where(Version.case_ref == case.id).exists() and Application.get_by_id(other.id).employer
    assert Entry.select().where(Entry.entity == "application", Entry.row_id == case.id, Entry.verb == "purge").count() == 1
    assert reports()["withdrawn"] == (1, 1, keep)


@pytest.mark.parametrize("ended", ["rejected", "awarded", "registered"])
def test_pictures_and_prints_go_when_a_case_is_over_for_long_and_stay_while_it_is_not(world, ended):
    case = world.awarded() if ended == "awarded" else world.registered() if ended == "registered" else world.confirmed().reject(by=world.reviewer, opinion="不符合")
    enrol(world.clerk, case, 1, read(1))
    record_consent(world.clerk, case.person, "biometrics")
    secret = list(File.select().where(File.kind.in_(SECRET), File.case_ref == case.id))
    with days_later(value("keep.capture_days") + 1):
        retention.sweep()
    gone = ended != "registered"
    assert [file.path.exists() for file in secret] == [not gone] * 3 and FingerTemplate.select().exists() != gone
    assert Entry.select().where(Entry.verb == "forget", Entry.row_id == case.id).exists() == gone and ("captures" in reports()) == gone


def test_a_rehearsal_tells_what_is_due_and_what_comes_within_a_week_and_takes_nothing(world):
    for days in (500, 410, 396, 10):
        Login.create(user_name="x", token=f"t{days}", means="password", at=clock.now() - dt.timedelta(days=days))
    told = {report.rule: report for report in retention.rehearse(world.security)}
    assert set(told) == {rule.name for rule in retention.RULES}
    assert (told["log_ins"].due, told["log_ins"].coming, told["log_ins"].removed, told["log_ins"].rehearsed) == (2, 1, 0, True)
    assert Login.select().count() == 4 and Entry.select().where(Entry.verb == "rehearse", Entry.user_id == world.security.id).count() == len(told)
