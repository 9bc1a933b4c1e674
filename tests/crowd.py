"""Many people who have entered a session and paid, written in bulk: for the tests and the benchmark of the seats."""
import datetime as dt

from models import bulk
from models.applications import Application
from models.base import writing
from models.exams.entries import ExamEntry
from models.exams.sites import ExamSite, Room
from models.people import Person
from models.reference import Province

CHUNK = 10_000
MOMENT = dt.datetime(2026, 3, 10, 9)


def hall(world, code="101", rooms=4, seats=30, special=1, province="11", **shape):
    """A site with so many rooms and special ones."""
    site = ExamSite.create(province=Province.get(Province.code == province), code=code, name=f"考点{province}{code}", capacity=rooms * seats)
    for number in range(1, rooms + special + 1):
        Room.create(site=site, number=f"{number:03d}", seats=seats, special=number > rooms, **shape)
    return site


def crowd(world, session, people):
    """`people` is [(site or None, institution, whether special)]; each enters every subject of the session, paid; returns their cases' ids."""
    subjects, cases = [subject.id for subject in session.subjects], []
    sample = {name: world.programme.__data__[name] for name in ("discipline", "year", "id")}
    for start in range(0, len(people), CHUNK):
        with writing():
            cases += _chunk(session, people[start:start + CHUNK], subjects, sample)
    return cases


def _chunk(session, people, subjects, sample):
    first = Application.select().count() + 1
    persons, cases = bulk.reserve(Person, len(people)), bulk.reserve(Application, len(people))
    _insert(Person, [Person(id=id, name=f"考生{first + n}", document_type="05", document_number=f"CROWD{first + n}", sex="1", consent_version="1")
                     for n, id in enumerate(persons)])
    _insert(Application, [Application(id=id, number=f"C{number:09d}", person=person, programme=sample["id"], institution=unit, discipline=sample["discipline"], year=sample["year"],
                                      state="registered", submitted_at=MOMENT, registered_on=MOMENT.date(), register_number=f"C{number:09d}", year_limit=5, min_credits=30,
                                      deadline=dt.date(2031, 3, 10))
                          for number, (id, person, (_, unit, _)) in enumerate(zip(cases, persons, people), first)])
    province = {site.id: site.province_id for site in ExamSite.select()}
    default = Province.get(Province.code == "11").id
    rows = [ExamEntry(session=session, application=case, institution=unit, subject=subject, province=province.get(site, default), site=site, state="paid", entered_at=MOMENT,
                      special_needs=special, needs="轮椅" if special else "")
            for case, (site, unit, special) in zip(cases, people) for subject in subjects]
    _insert(ExamEntry, rows, with_id=False)
    return list(cases)


def _insert(kind, rows, with_id=True):
    names = [name for name in kind._meta.fields if with_id or name != "id"]
    stored = bulk.storing(kind, names)
    bulk.insert(kind, names, [stored(row) for row in rows])
