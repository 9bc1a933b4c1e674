"""Loading: what the lines of one file need to know of those before. Ids of the database are ids of the files moved by a fixed number."""
import sys
from array import array
from functools import cached_property

from models.base import db, on_sqlite
from models.exams.sessions import ExamSession, SessionSubject, Subject
from models.reference import Discipline, Institution, Office, Province
from models.serials import Serial
from tasks.loading.files import Faulty

CORPS = "66"               # an office without a province of its own code
UNLISTED = "load"          # catalogue of the disciplines that none of the catalogues has under their code and name
LIVE = ("1", "2", "3", "4", "5")       # statuses of a case that counts as the live one of its person


class Known:
    """Look-ups over one folder. `invented` data may give a second live case of a person to one who has none."""

    def __init__(self, folder, invented):
        self.folder, self.invented = folder, invented

    def base(self, kind, count):
        """What is added to the ids of the files for rows of a kind; reserved the first time, together with what is loaded then."""
        table = kind._meta.table_name
        row = Serial.get_or_none(Serial.key == f"load.{self.folder.key}.{table}.from")
        if row is None:
            row = Serial.create(key=f"load.{self.folder.key}.{table}.from", last=_reserve(table, count))
        return row.last

    def enter(self):
        """Add what the later files refer to by a code: units, disciplines, exam sessions."""
        return self.units, self.disciplines, self.papers

    def lines(self, name):
        return self.folder.lines(name)

    @cached_property
    def offices(self):
        """{id of a province in the files: (province, office)}."""
        offices = {office.code: office for office in Office.select()}
        provinces = {province.code: province.id for province in Province.select()}
        found = {}
        for id, code, _ in self.lines("province"):
            if code not in offices:
                raise Faulty("province", int(id), f"没有代码为 {code} 的省份")
            found[id] = (provinces[code] if code != CORPS else offices[code].province_id, offices[code].id)
        return found

    @cached_property
    def units(self):
        """{id in the files: Institution}: by their code; those that are not there yet are added, and all of them take part."""
        there, found = {unit.code: unit for unit in Institution.select()}, {}
        for id, province, code, name in self.lines("institution"):
            where, office = self.offices[province]
            found[id] = there.get(code) or Institution.create(code=code, name=name, province=where, office=office)
        Institution.update(taking_part=True).where(Institution.id.in_([unit.id for unit in found.values()])).execute()
        return found

    @cached_property
    def disciplines(self):
        """{id in the files: id}: by code and name."""
        there, found = {(row.code, row.name): row.id for row in Discipline.select()}, {}
        for id, code, name in self.lines("discipline"):
            found[id] = there.get((code, name)) or Discipline.create(catalogue=UNLISTED, code=code, name=name, level="second").id
        return found

    @cached_property
    def programmes(self):
        """[(institution, discipline, limit in years, credits)] by id in the files."""
        return [None, *((self.units[unit].id, self.disciplines[discipline], int(limit), credits)
                        for _, unit, discipline, _, credits, limit in self.lines("programme"))]

    @cached_property
    def cases(self):
        """(unit, person, discipline, day of entry or '') of every case, as four lists by id in the files."""
        units, persons, disciplines, entered = array("l", [0]), array("l", [0]), array("l", [0]), [""]
        for (id, person, programme, _, status, _, on, _), who in zip(self.lines("application"), self._persons()):
            unit, discipline, *_ = self.programmes[int(programme)]
            units.append(unit)
            persons.append(who)
            disciplines.append(discipline)
            entered.append(sys.intern(on))
        return units, persons, disciplines, entered

    def _persons(self):
        """The person of each case in turn. Of two live cases of one person the second is refused or, in invented data, somebody else's."""
        theirs = [int(person) for _, person, *_ in self.lines("application")]
        busy, taken = set(theirs), set()
        others = (n for n in range(1, len(theirs) + 1) if n not in busy)
        for (id, _, _, _, status, *_), person in zip(self.lines("application"), theirs):
            if status in LIVE:
                if person in taken:
                    other = next(others, None) if self.invented else None
                    if other is None:
                        raise Faulty("application", int(id), f"申请人 {person} 已有一件在办的申请，一人同时只能有一件")
                    person = other
                taken.add(person)
            yield person

    @cached_property
    def papers(self):
        """{(session, kind): (ExamSession id, SessionSubject id)} for every session of the files, published."""
        subjects = {kind: Subject.select().where(Subject.kind == name).order_by(Subject.code).first() for kind, name in (("1", "language"), ("2", "comprehensive"))}
        found = {}
        for session in sorted({line[4] for line in self.lines("exam_result")}):
            year = int(session[:4])
            row, _ = ExamSession.get_or_create(name=f"{session} 统考", defaults={
                "year": year, "entry_from": f"{year}-03-01", "entry_until": f"{year}-03-31", "exam_on": f"{session}-23", "state": "published",
                "published_at": f"{year}-08-01 09:00:00"})
            for kind, subject in subjects.items():
                found[session, kind] = row.id, SessionSubject.get_or_create(session=row, subject=subject)[0].id
        return found


def _reserve(table, count):
    """The highest id given out so far; the `count` after it are ours. Nobody else writes while a load runs."""
    if on_sqlite():
        row = db.execute_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        if row is None:
            db.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, 0)", (table,))
        db.execute_sql("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?", (count, table))
        return row[0] if row else 0
    last = db.execute_sql("SELECT nextval(pg_get_serial_sequence(%s, 'id')) - 1", (table,)).fetchone()[0]
    db.execute_sql("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table, max(last + count, 1)))
    return last
