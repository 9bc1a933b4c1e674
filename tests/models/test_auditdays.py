"""The log only grows, and every day that is over is sealed: whatever is done to an entry afterwards is found by name."""
import base64
import datetime as dt
import os

import pytest
from peewee import DatabaseError

from models import auditdays, clock, proving
from models.audit import Entry, note
from models.auditdays import AuditDay
from models.base import db, on_sqlite, writing

DAYS = [dt.date(2026, 5, 1), dt.date(2026, 5, 2), dt.date(2026, 5, 4)]


@pytest.fixture
def log(database):
    """Three days with four entries each, the last not over; the first two are sealed."""
    for day in DAYS:
        for hour in (0, 9, 15, 23):
            with clock.at(dt.datetime.combine(day, dt.time(hour, 59 if hour else 0))):
                note(None, "look", "查看", "person", f"{hour} 点 𠮷")
    clock.stop(DAYS[-1])
    yield auditdays.seal()
    clock.stop()


@pytest.fixture
def key(database):
    auditdays.configure(os.urandom(32))
    yield
    auditdays.configure(None)


def behind_the_triggers(statement, *values):
    """Do to the tables what somebody with the rights of the database's owner could."""
    if on_sqlite():
        triggers = list(db.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        for name, _ in triggers:
            db.execute_sql(f"DROP TRIGGER {name}")
        db.execute_sql(statement, values)
        for _, sql in triggers:
            db.execute_sql(sql)
    else:
        with writing():
            db.execute_sql("SET LOCAL session_replication_role = replica")
            db.execute_sql(statement.replace("?", "%s"), values)


def entries(day):
    return list(Entry.select().where(Entry.at >= clock.start_of(day), Entry.at < clock.start_of(day) + clock.days(1)).order_by(Entry.id))


def test_each_day_that_is_over_is_sealed_once(log):
    assert [(row.day, row.count) for row in log] == [(DAYS[0], 4), (DAYS[1], 4)]
    assert auditdays.seal() == []
    proof = proving.prove()
    assert (proof.days, proof.entries, proof.waiting, proof.against) == (2, 8, 0, [])


def test_entries_of_days_that_were_not_sealed_yet_are_counted(log):
    clock.stop(DAYS[-1] + dt.timedelta(days=3))
    assert proving.prove().waiting == 4
    assert [row.day for row in auditdays.seal()] == [DAYS[-1]] and proving.prove().waiting == 0


@pytest.mark.parametrize("table", ("entry", "audit_day"))
@pytest.mark.parametrize("statement", ("UPDATE {} SET edition = edition", "DELETE FROM {}"))
def test_the_database_refuses_to_change_or_delete(log, table, statement):
    with pytest.raises(DatabaseError, match="the log only grows"), writing():
        db.execute_sql(statement.format(table))
    assert Entry.select().count() == 12 and AuditDay.select().count() == 2


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("column", ("at", "user_id", "user_name", "address", "entity", "row_id", "case_ref", "verb", "verb_label", "old_state", "new_state",
                                    "reason", "names", "digest"))
def test_an_entry_of_which_any_column_was_changed_is_named(log, place, column):
    entry = entries(DAYS[1])[place]
    value = {"at": str(entry.at + dt.timedelta(seconds=30)), "user_id": 7, "row_id": 7, "case_ref": 7}.get(column, "别的")
    behind_the_triggers(f'UPDATE entry SET "{column}" = ? WHERE id = ?', value, entry.id)
    assert proving.prove().against == [f"{DAYS[1]}：日志 {entry.id} 的内容与封存时不同"]


@pytest.mark.parametrize("place", range(4))
def test_an_entry_that_is_gone_is_named(log, place):
    entry = entries(DAYS[0])[place]
    behind_the_triggers("DELETE FROM entry WHERE id = ?", entry.id)
    assert proving.prove().against == [f"{DAYS[0]}：日志 {entry.id} 不见了"]


def test_an_entry_that_slipped_in_is_named(log):
    for day in (DAYS[0], dt.date(2026, 5, 3), dt.date(2026, 4, 1)):
        with clock.at(dt.datetime.combine(day, dt.time(12))):
            note(None, "look", "查看", "person", "补进来的")
    first, second, third = Entry.select().where(Entry.reason == "补进来的").order_by(Entry.id)
    assert proving.prove().against == [f"{DAYS[0]}：日志 {first.id} 是封存之后加进来的"]
    behind_the_triggers("DELETE FROM entry WHERE id = ?", first.id)
    assert proving.prove().against == [f"2026-04-01：日志 {third.id} 所在的一天没有封存"]


def test_a_day_that_was_sealed_anew_after_a_change_breaks_the_next_and_differs_from_what_was_kept(log):
    kept = [row.line for row in log]
    behind_the_triggers("UPDATE entry SET reason = ? WHERE id = ?", "别的", entries(DAYS[0])[2].id)
    count, digest, marks = auditdays.run_over(DAYS[0], "")
    behind_the_triggers("UPDATE audit_day SET digest = ?, marks = ? WHERE id = ?", digest, base64.b64encode(marks).decode(), log[0].id)
    assert proving.prove().against == [f"{DAYS[1]}：日志 {entries(DAYS[1])[0].id} 的内容与封存时不同"]
    assert f"另存的 {DAYS[0]} 的封存与库中的不同，或库中没有" in proving.prove(kept=kept).against


def test_with_a_key_each_day_is_signed_and_another_hand_is_found(key, log):
    assert all(row.signed_by(auditdays.public_key()) for row in log) and proving.prove(auditdays.public_key()).against == []
    other = os.urandom(32)
    assert not log[0].signed_by(other)
    behind_the_triggers("UPDATE audit_day SET signature = ? WHERE id = ?", log[1].signature, log[0].id)
    assert proving.prove(auditdays.public_key()).against == [f"{DAYS[0]} 的封存没有有效的签名"]


def test_a_day_sealed_without_entries_being_there_any_more_is_not_passed_over(log):
    behind_the_triggers("DELETE FROM entry WHERE id <= ?", entries(DAYS[0])[-1].id)
    assert proving.prove().against[0].startswith(f"{DAYS[0]}：日志") and proving.prove().against[0].endswith("不见了")
