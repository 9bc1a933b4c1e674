"""Stage 6: the seats. Never more than a room holds, one seat a person, the same seed the same plan, late ones move nobody, neighbours apart where they can be."""
import datetime as dt
import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some
from peewee import JOIN

from models import clock
from models.applications import Application
from models.exams.entries import ExamEntry
from models.exams.results import ExamResult
from models.exams.seating.halls import Halls, sittings
from models.exams.seating.layout import alike, arranged, beside, chequered, deal, lot, place
from models.exams.seating.plan import SeatPlan
from models.exams.seats import SeatedRoom, Seat, Seed
from models.exams.sessions import SessionSubject, Subject
from models.exams.sites import ExamSite, Room
from models.exams.tickets import AdmissionTicket
from models.jobs import Job
from models.outbox import Outbox
from models.reference import Institution
from models.registry import ENTITIES
from tasks import seating
from tests.crowd import crowd, hall
from tests.models.refusals import refused, sentences

units_of_a_room = some.lists(some.integers(0, 12), min_size=1, max_size=40)


def people(units):
    return sorted((lot("seed", number), number, f"U{unit:02d}") for number, unit in enumerate(units))


# one room ---------------------------------------------------------------------------------------------------------------------------------
def test_seats_run_in_a_serpentine():
    assert [place(number, 3) for number in range(1, 8)] == [(0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (0, 1), (0, 2)]
    assert set(beside(9, 3)[4]) == {1, 3, 5, 7} and set(beside(9, 3)[0]) == {1, 5}


@given(count=some.integers(1, 99), rows=some.integers(1, 20))
def test_nobody_on_a_field_of_a_chessboard_sits_beside_one_of_his_colour(count, rows):
    order, links = chequered(count, rows), beside(count, rows)
    dark = set(order[:-(-count // 2)]) if count > 1 else set(order)
    assert sorted(order) == list(range(count))
    colours = {seat: sum(place(seat + 1, rows)) % 2 for seat in range(count)}
    assert all(colours[seat] != colours[near] for seat in range(count) for near in links[seat]) and len({colours[seat] for seat in list(dark)[:1]}) == 1


@given(units=units_of_a_room, rows=some.integers(2, 10))
def test_a_room_seats_each_of_its_people_once_and_counts_its_neighbours_rightly(units, rows):
    who = people(units)
    order, pairs = arranged(who, rows)
    assert sorted(order) == sorted(who) and pairs == alike([unit for *_, unit in order], rows)


@given(units=units_of_a_room, rows=some.integers(2, 10))
def test_neighbours_are_apart_when_no_unit_fills_more_than_half_and_else_no_more_alike_than_its_surplus_makes_them(units, rows):
    who = people(units)
    _, pairs = arranged(who, rows)
    most, dark = max(Counter(units).values()), sum(sum(place(n, rows)) % 2 == 0 for n in range(1, len(units) + 1))
    half = max(dark, len(units) - dark)
    assert max(0, most - half) <= pairs <= max(0, 4 * (most - min(dark, len(units) - dark)))


@given(units=some.lists(some.integers(0, 6), min_size=1, max_size=120), sizes=some.lists(some.integers(1, 40), min_size=1, max_size=8))
def test_dealing_never_puts_more_into_a_room_than_it_holds_and_loses_nobody(units, sizes):
    while sum(sizes) < len(units):
        sizes = [*sizes, 40]
    who = people(units)
    rooms = deal(who, sizes)
    assert sorted(person for room in rooms for person in room) == who and all(len(room) <= size for room, size in zip(rooms, sizes))


# a plan -----------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def session(world):
    """An open session of English in the morning and economics in the afternoon; tickets in May."""
    return world.session(subjects=("101", "202")).change(world.exam, ticket_from=dt.date(2026, 5, 10), ticket_until=dt.date(2026, 5, 23))


def closed(world, session):
    with clock.at(dt.date(2026, 4, 10)):
        session.close(by=world.exam)
    return SeatPlan.get(SeatPlan.session == session)


def drawn(world, plan):
    plan.draw(by=world.exam)
    job = seating.order(plan, world.exam)
    return SeatPlan.get_by_id(plan.id), Job.get_by_id(job.id)


def mixed(world, site, count, special=0):
    others = [unit.id for unit in Institution.select().where(Institution.id.not_in([world.unit.id, world.unit2.id])).order_by(Institution.code).limit(7)]
    units = [world.unit.id if n % 3 == 0 else world.unit2.id if n % 3 == 1 else others[n % 7] for n in range(count)]
    return [(site and site.id, unit, n < special) for n, unit in enumerate(units)]


def seats():
    rows = (Seat.select(Application.register_number, Subject.code, ExamSite.code, Room.number, Seat.number).join(ExamEntry).join(Application)
            .switch(Seat).join(SessionSubject).join(Subject).switch(Seat).join(ExamSite).switch(Seat).join(Room, JOIN.LEFT_OUTER))
    return {(case, subject): tuple(place) for case, subject, *place in rows.tuples()}


def test_the_seed_is_sealed_when_entries_open_and_shown_with_the_plan(world, session):
    seed = Seed.get(Seed.session == session)
    assert session.seed_hash == hashlib.sha256(seed.value.encode()).hexdigest()
    crowd(world, session, mixed(world, hall(world), 20))
    plan = closed(world, session)
    assert plan.seed == ""
    plan, _ = drawn(world, plan)
    assert hashlib.sha256(plan.seed.encode()).hexdigest() == session.seed_hash


def test_a_plan_seats_everybody_once_within_the_rooms_one_subject_a_room_and_special_needs_apart(world, session):
    north, south = hall(world, "101", rooms=4), hall(world, "102", rooms=3, seats=20)
    crowd(world, session, mixed(world, north, 100, special=4) + mixed(world, south, 50, special=2))
    plan, job = drawn(world, closed(world, session))
    assert plan.state == "draft" and (plan.seats_count, plan.rooms_count) == (300, 18) and "已排 300 个座位" in job.message
    assert Seat.select().count() == 300 and {seat.entry_id for seat in Seat.select()} == {entry.id for entry in ExamEntry.select()}
    for row in SeatedRoom.select():
        taken = [seat for seat in Seat.select().where(Seat.room == row.room, Seat.subject == row.subject)]
        assert len(taken) == row.seated <= row.room.seats and sorted(seat.number for seat in taken) == list(range(1, row.seated + 1))
        assert all(seat.entry.special_needs == row.room.special and seat.site_id == row.site_id == seat.entry.site_id for seat in taken)
        units = [seat.entry.institution_id for seat in sorted(taken, key=lambda seat: seat.number)]
        assert row.neighbours_alike == alike(units, row.room.shape[0]) == 0


def test_the_same_seed_gives_the_same_plan_again_and_another_seed_another(world, session):
    Seed.update(value="0f" * 16).where(Seed.session == session).execute()
    crowd(world, session, mixed(world, hall(world), 60) + mixed(world, None, 12))
    plan, _ = drawn(world, closed(world, session))
    first, digest = seats(), plan.digest
    plan.redraw(by=world.exam, reason="核对")
    seating.order(plan, world.exam)
    assert seats() == first and SeatPlan.get().digest == digest
    Seed.update(value="1e" * 16).where(Seed.session == session).execute()
    SeatPlan.get().redraw(by=world.exam, reason="另一种子")
    seating.order(SeatPlan.get(), world.exam)
    assert seats() != first and len(seats()) == len(first) == 144


def test_too_few_places_are_refused_with_figures_for_each_site_and_subject(world, session):
    crowd(world, session, mixed(world, hall(world, "101", rooms=1), 45, special=0) + mixed(world, hall(world, "102", special=0), 10, special=1))
    plan = closed(world, session)
    assert sentences(plan.draw, by=world.exam) == [
        "考点11101 英语的座位不够：要求 45 个，实际 30 个，差 15 个", "考点11101 经济学的座位不够：要求 45 个，实际 30 个，差 15 个",
        "考点11102 英语的特殊需要座位不够：要求 1 个，实际 0 个，差 1 个", "考点11102 经济学的特殊需要座位不够：要求 1 个，实际 0 个，差 1 个"]
    assert SeatPlan.get().state == "waiting" and not Seat.select().exists()


def test_subjects_at_the_same_time_share_the_rooms_and_those_at_another_have_them_anew(world, session):
    SessionSubject.add(world.exam, session=session, subject=Subject.get(Subject.code == "102"))
    times = {subject.subject.code: sittings(session)[subject.id] for subject in session.subjects}
    assert times["101"] == times["102"] != times["202"]
    crowd(world, session, mixed(world, hall(world, "101", rooms=2, special=0), 30))
    drawn(world, closed(world, session))
    rooms = {row.subject.subject.code: row.room.number for row in SeatedRoom.select()}
    assert rooms["101"] != rooms["102"] and len(rooms) == 3


def test_who_named_no_site_is_placed_in_his_province_with_all_his_subjects_at_one_site(world, session):
    hall(world, "101", rooms=1), hall(world, "102", rooms=1), hall(world, "201", rooms=9, province="31")
    crowd(world, session, mixed(world, None, 55))
    drawn(world, closed(world, session))
    at = {}
    for (case, _), (site, *_) in seats().items():
        at.setdefault(case, set()).add(site)
    assert all(len(sites) == 1 for sites in at.values()) and {site for sites in at.values() for site in sites} == {"101", "102"}


def test_a_plan_is_drawn_again_only_as_a_draft_and_with_a_reason(world, session):
    crowd(world, session, mixed(world, hall(world), 20))
    plan, _ = drawn(world, closed(world, session))
    assert refused(plan.redraw, by=world.exam).fields == {"reason": "请填写重新排座的原因"}
    plan.fix(by=world.exam)
    assert "现在的状态不能“重新排座”" in sentences(plan.redraw, by=world.exam, reason="再来")[0]


def test_a_failed_room_is_left_out_when_the_draft_is_drawn_again(world, session):
    site = hall(world)
    crowd(world, session, mixed(world, site, 60))
    plan, _ = drawn(world, closed(world, session))
    Room.update(state="closed").where(Room.site == site, Room.number == "001").execute()
    plan.redraw(by=world.exam, reason="一考场漏水")
    seating.order(plan, world.exam)
    assert {row.room.number for row in SeatedRoom.select().where(SeatedRoom.used == True)} == {"002", "003"}      # noqa: E712
    assert Seat.select().count() == 120 and {seat.room.number for seat in Seat.select()} == {"002", "003"}


# fixed: numbers, late ones, a room that fails -----------------------------------------------------------------------------------------------
@pytest.fixture
def fixed(world, session):
    """Seventy people in three of four rooms, fixed."""
    world.hall = hall(world)
    crowd(world, session, mixed(world, world.hall, 70))
    plan, _ = drawn(world, closed(world, session))
    return plan.fix(by=world.exam)


def test_a_fixed_plan_numbers_its_tickets_by_year_province_site_subject_room_and_seat(world, fixed):
    for ticket in AdmissionTicket.select():
        seat = Seat.get(Seat.entry == ticket.entry)
        assert ticket.number == f"2611101{seat.subject.subject.code}{seat.room.number}{seat.number:02d}"
    assert AdmissionTicket.select().count() == 140


def test_late_ones_get_free_seats_and_nobody_else_is_moved(world, session, fixed):
    before = seats()
    assert sentences(fixed.add_late, by=world.exam, reason="补缴费") == ["已缴费的报考都有座位，没有需要补排的人"]
    crowd(world, session, mixed(world, world.hall, 30))
    fixed.add_late(by=world.exam, reason="补缴费")
    after = seats()
    assert {key: after[key] for key in before} == before and len(after) == 200 == AdmissionTicket.select().count()
    assert SeatPlan.get().seats_count == 200 and SeatPlan.get().rooms_count == 8
    crowd(world, session, mixed(world, world.hall, 30))
    reasons = sentences(fixed.add_late, by=world.exam, reason="补缴费")
    assert len(reasons) == 20 and "没有空座位" in reasons[0] and seats() == after


def test_a_room_that_fails_moves_its_people_alone_with_new_numbers_and_tells_them(world, session, fixed):
    before, numbers = seats(), {ticket.entry_id: ticket.number for ticket in AdmissionTicket.select()}
    room = Room.get(Room.site == world.hall, Room.number == "002")
    user = world.applicant("江南")
    seat = Seat.get(Seat.room == room)
    type(seat.entry.application).update(person=user.person).where(type(seat.entry.application).id == seat.entry.application_id).execute()
    room.close(by=world.exam, reason="漏水")
    after = seats()
    stay = {key: place for key, place in before.items() if place[1] != "002"}
    assert {key: after[key] for key in stay} == stay and {place[1] for place in after.values()} == {"001", "003", "004"}
    moved = {ticket.entry_id for ticket in AdmissionTicket.select() if ticket.number != numbers[ticket.entry_id]}
    assert len(moved) == len(before) - len(stay) and all(ticket.number[10:13] != "002" for ticket in AdmissionTicket.select())
    assert "漏水" in Outbox.get(Outbox.user_id == user.id, Outbox.template == "Seat.moved").body
    assert SeatPlan.get().seats_count == 140
    third = Room.get(Room.site == world.hall, Room.number == "003")
    assert "没有足够的空座位改排" in sentences(third.close, by=world.exam, reason="停电")[0] and seats() == after


def test_results_are_published_only_when_every_seat_has_one_and_no_stranger_has(world, session, fixed):
    entries = list(ExamEntry.select())
    for entry in entries[1:]:
        ExamResult.create(entry=entry, session=session, application=entry.application_id, institution=entry.institution_id, subject=entry.subject_id, score=70, outcome="pass")
    said = sentences(type(session).get_by_id(session.id).publish, by=world.exam)
    assert said[1:] == ["英语：有座位没有成绩：要求 70 条，实际 69 条，差 1 条"]
    assert "SeatPlan" in ENTITIES and Halls(session, "x").lacking(session) == []
