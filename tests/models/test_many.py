"""A step taken on many rows together leaves exactly what it leaves when it is taken on each."""
import pytest

from models import bulk, many
from models.applications import Application, Confirmation
from models.audit import Entry, Version
from models.base import db
from models.outbox import Outbox, gathering, tell
from models.parameters import Parameter
from tests.world import DAY

APPROVE = Application.approve
OF_ENTRY = ("verb", "verb_label", "user_id", "old_state", "new_state", "reason", "names")


def fresh(row):
    return type(row).get_by_id(row.id)


def left(cases):
    """What a step left of each case, without what differs from one to the other by nature: numbers and names."""
    found = []
    for case in cases:
        entry = Entry.select().where(Entry.entity == "application", Entry.row_id == case.id).order_by(Entry.id.desc()).get()
        version = Version.get(Version.entry == entry)
        notice = Outbox.get(Outbox.key.startswith(f"application.{case.id}.{fresh(case).edition}.approve"))
        values = {name: pair for name, pair in version.values.items() if name != "register_number"}
        found.append(({name: getattr(entry, name) for name in OF_ENTRY}, values, version.case_ref == case.id, entry.case_ref == case.id, len(entry.digest),
                      notice.template, notice.user_id == case.applicants()[0].id, notice.body.replace(str(fresh(case)), "")))
    return found


def test_the_rows_the_history_and_the_notices_are_those_of_the_single_step(world):
    alone, *together = [world.confirmed(world.applicant(name)) for name in ("甲", "乙", "丙")]
    alone.approve(by=world.reviewer, opinion="同意")
    assert many.take(APPROVE, Application, [case.id for case in together], world.reviewer, {"opinion": "同意"}) == {}
    one, *others = left([alone, *together])
    assert others == [one, one]
    assert [fresh(case).register_number[-5:] for case in (alone, *together)] == ["00001", "00002", "00003"]
    assert [(fresh(case).edition, fresh(case).reviewer, fresh(case).state) for case in together] == [(alone.edition, world.reviewer, "registered")] * 2


def test_three_rows_take_as_many_statements_as_two(world, monkeypatch):
    cases, asked = [world.confirmed(world.applicant()).id for _ in range(5)], []
    monkeypatch.setattr(db.obj, "query_hooks", [lambda event: asked.append(event.sql)])
    counts = []
    for ids in (cases[:2], cases[2:]):
        asked.clear()
        assert many.take(APPROVE, Application, ids, world.reviewer, {"opinion": "同意"}) == {}
        counts.append(len(asked))
    assert 0 < counts[1] <= counts[0]


def test_each_refusal_has_its_reasons_and_hinders_nobody(world):
    good, user = world.confirmed(), world.applicant("没有确认")
    bad = world.draft(user).submit(by=user)
    foreign = world.confirmed(world.applicant(), world.publish(world.unit2, world.clerk2))
    refused = many.take(APPROVE, Application, [good.id, bad.id, foreign.id, 999999], world.reviewer, {"opinion": "同意"})
    assert "现在的状态不能“通过”" in refused.pop(bad.id) and set(refused) == {foreign.id, 999999} and len(set(refused.values())) == 1
    assert [fresh(case).state for case in (good, bad, foreign)] == ["registered", "submitted", "confirmed"]


def test_a_missing_answer_and_another_role_are_refused_to_all(world):
    case = world.confirmed()
    assert "请填写审核意见" in many.take(APPROVE, Application, [case.id], world.reviewer, {})[case.id]
    assert "您的角色不能" in many.take(APPROVE, Application, [case.id], world.clerk, {"opinion": "同意"})[case.id]
    assert fresh(case).state == "confirmed"


def test_a_guard_that_asks_a_parameter_of_the_unit_is_heard(world):
    case = world.confirmed()
    Parameter.add(world.centre, name="review.four_eyes", title="四眼", value=True, valid_from=DAY, institution=world.unit)
    Confirmation.update(confirmed_by=world.reviewer).execute()
    assert "由两个人办理" in many.take(APPROVE, Application, [case.id], world.reviewer, {"opinion": "同意"})[case.id]


def test_what_the_database_refuses_to_one_of_them_is_told_of_that_one_only(world, monkeypatch):
    first, second = world.confirmed(), world.confirmed(world.applicant())
    taken = world.registered(world.applicant()).register_number
    numbers = iter([taken, "10001-2026-00099", taken, "10001-2026-00099"])

    def enter(row, act):
        row.registered_on, row.year_limit, row.deadline, row.register_number = DAY, 5, DAY, next(numbers)
    monkeypatch.setattr(APPROVE, "sets", enter)
    refused = many.take(APPROVE, Application, [first.id, second.id], world.reviewer, {"opinion": "同意"})
    assert set(refused) == {first.id} and (fresh(first).state, fresh(second).state) == ("confirmed", "registered")


def test_a_step_with_an_effect_is_taken_one_by_one(world):
    cases = [world.registered(world.applicant()) for _ in range(2)]
    assert many.take(Application.dismiss, Application, [case.id for case in cases], world.clerk, {"ground": "over_limit", "reason": "超期"}) == {}
    assert [(fresh(case).state, fresh(case).photo_id) for case in cases] == [("dismissed", None)] * 2


def test_a_row_that_has_changed_since_it_was_looked_at_is_refused_where_the_state_does_not_tell(world, monkeypatch):
    monkeypatch.setattr(APPROVE, "target", "confirmed")
    cases = [world.confirmed(world.applicant()) for _ in range(2)]
    looked_at = {cases[0].id: cases[0].edition, cases[1].id: cases[1].edition - 1}
    rows, refused = many.taken(APPROVE, Application, list(looked_at), world.reviewer, {"opinion": "同意"}, looked_at)
    assert set(rows) == set(looked_at) and set(refused) == {cases[1].id} and "有了变化" in str(refused[cases[1].id])
    assert [fresh(case).opinion for case in cases] == ["同意", ""]


def test_the_confirmations_of_many_cases_are_void_as_that_of_one_is(world):
    alone, *together = [world.confirmed(world.applicant()) for _ in range(3)]
    answers = {"reason": "不是本人", "void_confirmation": True}
    alone.send_back(by=world.clerk, **answers)
    assert many.take(Application.send_back, Application, [case.id for case in together], world.clerk, answers) == {}
    kept = []
    for case in (alone, *together):
        [confirmation] = fresh(case).confirmations
        entry = Entry.get(Entry.entity == "confirmation", Entry.row_id == confirmation.id, Entry.verb == "void")
        kept.append((fresh(case).state, fresh(case).returned_reason, confirmation.valid, confirmation.edition, entry.user_id, entry.reason, entry.names, entry.case_ref == case.id,
                     Version.get(Version.entry == entry).values))
    assert kept[1:] == kept[:1] * 2 and kept[0][2:4] == (False, 1)


def test_a_notice_that_is_there_already_is_not_written_again(world):
    case = world.confirmed()
    with gathering():
        for _ in range(2):
            tell(case.applicants(), "Award.gaps", "一次", "一次", "key.1")
    with gathering():
        tell(case.applicants(), "Award.gaps", "两次", "两次", "key.1")
    assert [(row.subject, row.state, row.data) for row in Outbox.select().where(Outbox.key.startswith("key.1."))] == [("一次", "waiting", {})]


def test_nothing_stays_of_a_transaction_that_is_taken_back(world):
    case = world.confirmed()
    before = Entry.select().count(), Outbox.select().count()
    with pytest.raises(bulk.Overtaken), db.atomic():
        many.take(APPROVE, Application, [case.id], world.reviewer, {"opinion": "同意"})
        raise bulk.Overtaken
    assert (fresh(case).state, Entry.select().count(), Outbox.select().count()) == ("confirmed", *before)
