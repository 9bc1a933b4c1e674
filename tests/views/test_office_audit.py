"""The log as the auditor reads it: by who did it, to what, in which case, when and from where; who read a case stands there too."""
import pytest

from models.applications import Application
from models.audit import Entry, origin

PAGE = "/office/audit/"


@pytest.fixture
def case(world, enter):
    """A case that an officer has read, whose number a clerk asked for, and that a reviewer passed from an address of its own."""
    case = world.confirmed()
    enter(world.officer).get(f"/office/application/details/?id={case.id}")
    enter(world.clerk).post("/office/application/reveal/", 200, id=case.id, field="person.document_number", reason="核对")
    origin.set("203.0.113.9")
    case.approve(by=world.reviewer, opinion="同意")
    origin.set("")
    return case



@pytest.mark.parametrize("query, verbs", [
    ("f.user_name={officer.name}", {"read"}), ("f.verb_label=查看", {"read", "reveal"}), ("f.address=203.0.113.9", {"approve"}),
    ("view=reading", {"read", "reveal"}), ("f.case_ref.from={case.id}&f.case_ref.to={case.id}&f.verb_label=通过", {"approve"}),
    ("f.entity=application&f.row_id.from={case.id}&f.row_id.to={case.id}&f.user_name={clerk.name}&f.verb_label=查看", {"reveal"}),
    ("f.at.from=2031-01-01", set())])
def test_entries_are_found_by_person_object_case_kind_time_and_address(world, enter, case, query, verbs):
    page = enter(world.auditor).get(PAGE + "?" + query.format(case=case, officer=world.officer, clerk=world.clerk))
    labels = {entry.verb: entry.verb_label for entry in Entry.select()}
    shown = {verb for verb in ("read", "reveal", "approve", "create") if f">{labels[verb]}</td>" in page}
    assert shown == verbs and "有的条件没有用上" not in page


def test_nobody_but_the_auditor_reads_the_log_and_he_reads_no_case(world, enter, case):
    for role in ("clerk", "centre", "it", "security"):
        enter(getattr(world, role)).get(PAGE, 403)
    enter(world.auditor).get(f"/office/application/details/?id={case.id}", 403)
    assert not Application.visible_to(world.auditor).exists()
