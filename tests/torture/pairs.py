"""People at work while something is done to the platform: an applicant and a clerk who pass a case to and fro."""
import threading

import httpx

from tests.visitors import HttpVisitor, log_in

ENTRIES = "SELECT COUNT(*) FROM entry WHERE entity = 'application' AND row_id = {} AND verb = '{}'"
OWNER = "SELECT u.username FROM application a JOIN account u ON u.person_id = a.person_id WHERE a.id = {}"


class Pair(threading.Thread):
    """An applicant who hands his case in and a clerk who returns it, over and over; `done` is how often each was answered, `fault` what went wrong."""

    def __init__(self, installation, address, case, clerk, over):
        super().__init__(daemon=True)
        self.address, self.case, self.over, self.done, self.fault = address, case, over, {"edit": 0, "submit": 0, "send_back": 0}, None
        self.applicant = log_in(HttpVisitor(address), installation.one(OWNER.format(case)))
        self.clerk = log_in(HttpVisitor(address), clerk)
        self.before = self.told(installation)

    def run(self):
        try:
            while not self.over.is_set():
                self.round()
        except (AssertionError, httpx.HTTPError) as fault:
            self.fault = fault

    def round(self):
        """Change the employer, hand in, look through the list, return it."""
        self.applicant.open(f"/apply/{self.case}/work")
        self.applicant.fill("工作单位", f"单位{self.done['edit']}")
        self.taken("edit", self.applicant, "保存")
        self.applicant.open(f"/apply/{self.case}/check")
        self.taken("submit", self.applicant, "再次提交" if self.done["submit"] else "提交")
        self.clerk.open("/office/course_result/")
        self.clerk.open(f"/office/application/step/send_back/?id={self.case}")
        self.clerk.fill("退回原因", "证书扫描件看不清")
        self.taken("send_back", self.clerk, "退回补正")

    def taken(self, verb, visitor, button):
        """Press a button; it is done when the answer leads on to a page."""
        visitor.press(button)
        assert visitor.answer.status_code == 200 and visitor.answer.history, f"{verb} {visitor.answer.status_code}: {visitor.text()[:300]}"
        self.done[verb] += 1

    def until_round(self):
        """Wait until it has been round once more."""
        goal = self.done["send_back"] + 1
        while self.done["send_back"] < goal and self.is_alive():
            self.join(0.05)

    def kept(self, installation):
        """How often the log of an installation holds each of them since they began."""
        return {verb: count - self.before[verb] for verb, count in self.told(installation).items()}

    def told(self, installation):
        return {verb: installation.one(ENTRIES.format(self.case, verb)) for verb in self.done}
