"""Two doors at once, with real threads on both databases: one person comes in once. The twin shows the race without the lock."""
import threading

from peewee import IntegrityError

from models import clock
from models.exams.admitting import find, standing, verify
from models.exams.door import CheckIn
from tests.doors import MORNING, capture, client, exam_day
from tests.test_races import PATIENCE, losers, together


def at_the_door(world, person, take):
    """The call of one door that scanned the person and has his finger; the clock of a thread is its own."""
    def call():
        with clock.at(MORNING):
            verify(world.door, find(world.door, person.language.exam_number), capture(person.seed, take), client())
    return call


def test_one_person_at_six_doors_comes_in_once(world):
    person, = exam_day(world, "温景行")
    lost = losers(together(*[at_the_door(world, person, take) for take in range(1, 7)]))
    assert len(lost) == 5 and all("已经入场" in text for text in lost)
    assert [row.state for row in CheckIn.select()] == ["matched"]


def test_two_doors_that_look_without_the_lock_both_find_nobody_inside(world):
    """The twin: each counts the tries before the other writes. Only the unique columns keep the second one out, with no sentence for the person."""
    person, = exam_day(world, "温景行")
    seat, looked, wrong = person.language, threading.Barrier(2, timeout=PATIENCE), []

    def naive():
        number = standing(seat.entry.id).tries + 1
        looked.wait()
        try:
            CheckIn.create(entry=seat.entry.id, site=world.site, attempt=number, score=99)
        except IntegrityError as error:
            wrong.append(error)
    together(naive, naive)
    assert len(wrong) == 1 and CheckIn.select().count() == 1
