"""kill -9 of the web process right after 提交 was answered: the step is there. And in the middle of it: it is there as a whole or not at all."""
import threading
import time

import httpx

from tests.torture import KILLS
from tests.visitors import HttpVisitor, log_in

CASE = "SELECT state, number FROM application WHERE id = {}"
OWNER = "SELECT u.username FROM application a JOIN account u ON u.person_id = a.person_id WHERE a.id = {}"
ENTRIES = "SELECT old_state, new_state FROM entry WHERE entity = 'application' AND row_id = {} AND verb = '{}'"
NOTICES = "SELECT COUNT(*) FROM outbox WHERE template = 'Application.send_back' AND key LIKE 'application.{}.%'"


def test_what_was_answered_is_there_after_the_restart(base, trial):
    """Each application is submitted and the server killed at the answer; the next server shows it."""
    installation, given = trial("bare"), []
    for case in base.drafts[:KILLS]:
        web, address = installation.web()
        applicant = arrive(installation, address, case, "check")
        press_and_kill(applicant, web, "提交")
        (state, number), = installation.ask(CASE.format(case))
        assert state == "submitted" and number and installation.ask(ENTRIES.format(case, "submit")) == [("draft", "submitted")]
        given.append(number)
    web, address = installation.web()
    for case, number in zip(base.drafts, given):
        arrive(installation, address, case, "done").sees(number)
    assert len(set(given)) == KILLS


def test_a_notice_goes_with_the_step_that_was_answered(base, trial):
    """A clerk returns an application, and the server is killed at the answer: step, entry and notice are there, once."""
    installation, case = trial("bare"), base.drafts[0]
    web, address = installation.web()
    arrive(installation, address, case, "check").press("提交")
    clerk = log_in(HttpVisitor(address), base.clerk)
    clerk.open(f"/office/application/step/send_back/?id={case}")
    clerk.fill("退回原因", "学位证书扫描件看不清")
    press_and_kill(clerk, web, "退回补正")
    assert installation.one(CASE.format(case)) == "returned" and installation.ask(ENTRIES.format(case, "send_back")) == [("submitted", "returned")]
    assert installation.one(NOTICES.format(case)) == 1


def test_a_submission_that_was_cut_off_is_there_as_a_whole_or_not_at_all(base, trial, chance):
    installation = trial("bare")
    for case in base.drafts[:KILLS // 2]:
        web, address = installation.web()
        applicant = arrive(installation, address, case, "check")
        sending = threading.Thread(target=pressed, args=(applicant,))
        sending.start()
        time.sleep(chance.uniform(0, 0.15))
        web.kill()
        sending.join(30)
        (state, number), = installation.ask(CASE.format(case))
        assert (state, bool(number), installation.ask(ENTRIES.format(case, "submit"))) in (
            ("submitted", True, [("draft", "submitted")]), ("draft", False, [])), f"{case}：{state} {number}"


def arrive(installation, address, case, page):
    """The applicant of a case, logged in, at a page of it."""
    visitor = log_in(HttpVisitor(address), installation.one(OWNER.format(case)))
    visitor.open(f"/apply/{case}/{page}")
    return visitor


def press_and_kill(visitor, web, button):
    """Press a button and kill the server when the answer is there, before the page that it leads to is asked for."""
    visitor.http.follow_redirects = False
    visitor.press(button)
    web.kill()
    assert visitor.answer.status_code == 302, visitor.text()[:600]


def pressed(visitor):
    try:
        visitor.press("提交")
    except httpx.TransportError:
        pass          # the server died before it answered
