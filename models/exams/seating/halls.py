"""Stage 6: which rooms of a site each subject gets. One subject a room; people with special needs sit in special rooms and nobody else does;
subjects that are sat at the same time share the rooms of the site, those at other times have them anew."""
from collections import Counter
from dataclasses import dataclass, field

from peewee import fn

from models.applications import Application
from models.exams.entries import ExamEntry
from models.exams.sites import ExamSite, Room
from models.exams.seating.layout import lot
from models.workflow import Reason


@dataclass
class Share:
    """The rooms that one subject has in a hall, for the many or for those with special needs."""
    people: int = 0
    spare: int = 0
    lacking: int = 0
    rooms: list = field(default_factory=list)


@dataclass
class Hall:
    """The rooms of one site at one time: free ones by whether they are special, and what each (subject, special) has of them."""
    site: object
    free: dict = field(default_factory=lambda: {False: [], True: []})
    shares: dict = field(default_factory=dict)

    def has_place(self, subject, special):
        share = self.shares.get((subject, special))
        return bool(share and share.spare) or bool(self.free[special])

    def places(self, special):
        return sum(room.seats for room in self.free[special]) + sum(share.spare for (_, which), share in self.shares.items() if which == special)

    def take(self, subject, special, people):
        """Give a subject places for so many more; what cannot be given is lacking."""
        share = self.shares.setdefault((subject, special), Share())
        share.people += people
        while share.spare < people and self.free[special]:
            room = self.free[special].pop(0)
            share.rooms.append(room)
            share.spare += room.seats
        share.lacking += max(0, people - share.spare)
        share.spare = max(0, share.spare - people)


def sittings(session):
    """{SessionSubject id: number of its sitting}: subjects whose times overlap are in one."""
    found, ends = {}, None
    for subject in sorted(session.subjects, key=lambda subject: (*subject.sitting, subject.id)):
        day, begins, until = subject.sitting
        if ends is not None and (day, begins) < ends:
            found[subject.id], ends = len(set(found.values())) - 1, max(ends, (day, until))
        else:
            found[subject.id], ends = len(set(found.values())), (day, until)
    return found


def paid(session):
    """Condition on the entries that get a seat."""
    return (ExamEntry.session == session) & (ExamEntry.state == "paid")


class Halls:
    """The rooms of the nation for one session, given to the entries as they stand: those that named a site have it, the others one of their
    province with room for all their subjects, drawn by lot. `placed` is {(site id, subject id): entries without a site that are sat there}."""

    def __init__(self, session, seed):
        self.times, self.placed = sittings(session), {}
        self.codes = {subject.id: subject.subject.code for subject in session.subjects}
        sites = {site.id: site for site in ExamSite.select()}
        self.halls = {(id, time): Hall(site) for id, site in sites.items() for time in set(self.times.values())}
        for room in Room.select().where(Room.state == "ready").order_by(Room.site, Room.number):
            for time in set(self.times.values()):
                self.halls[room.site_id, time].free[room.special].append(room)
        wanted = ExamEntry.select(ExamEntry.site, ExamEntry.subject, ExamEntry.special_needs, fn.COUNT(ExamEntry.id)).where(
            paid(session), ExamEntry.site.is_null(False)).group_by(ExamEntry.site, ExamEntry.subject, ExamEntry.special_needs)
        for site, subject, special, people in sorted(wanted.tuples()):
            self.halls[site, self.times[subject]].take(subject, bool(special), people)
        self.homeless = []
        self._place(session, seed, sites)

    def _place(self, session, seed, sites):
        people, places = {}, {}
        columns = (ExamEntry.id, ExamEntry.subject, ExamEntry.special_needs, ExamEntry.province, Application.id, Application.register_number)
        rows = ExamEntry.select(*columns).join(Application).where(paid(session), ExamEntry.site.is_null()).order_by(ExamEntry.subject)
        for entry, subject, special, province, case, number in rows.tuples():
            people.setdefault((lot(seed, number), case, province), []).append((entry, subject, bool(special)))
        for site in sorted(sites.values(), key=lambda site: site.code):
            places.setdefault(site.province_id, []).append(site.id)
        for (_, _, province), entries in sorted(people.items()):
            able = [site for site in places.get(province, ())
                    if all(self.hall(site, subject).has_place(subject, special) for _, subject, special in entries)]
            if not able:
                self.homeless += [(province, subject) for _, subject, _ in entries]
                continue
            site = max(able, key=lambda site: sum(self.hall(site, subject).places(special) for _, subject, special in entries))
            for entry, subject, special in entries:
                self.hall(site, subject).take(subject, special, 1)
                self.placed.setdefault((site, subject), []).append(entry)

    def hall(self, site, subject):
        return self.halls[site, self.times[subject]]

    def chunks(self):
        """[(site id, subject id)] that have people, in a fixed order."""
        return sorted({(site, subject) for (site, _), hall in self.halls.items() for (subject, _), share in hall.shares.items() if share.people})

    def rooms(self, site, subject, special):
        share = self.hall(site, subject).shares.get((subject, special))
        return share.rooms if share else []

    def lacking(self, session):
        """A Reason for each site and subject that has too few places."""
        names = {subject.id: str(subject) for subject in session.subjects}
        found = [(hall.site.province_id, hall.site.code, subject, special, hall.site, share) for hall in self.halls.values()
                 for (subject, special), share in hall.shares.items() if share.lacking]
        reasons = [Reason(f"{site} {names[subject]}的{'特殊需要' if special else ''}座位不够", f"{share.people} 个", f"{share.people - share.lacking} 个",
                          f"{share.lacking} 个")
                   for _, _, subject, special, site, share in sorted(found, key=lambda row: row[:4])]
        provinces = {site.province_id: str(site.province) for site in ExamSite.select()}
        for (province, subject), count in sorted(Counter(self.homeless).items()):
            place = provinces.get(province, "没有考点的省份")
            reasons.append(Reason(f"{place} {names[subject]}：由组考部门安排考点的考生没有空座位", f"{count} 个", "0 个", f"{count} 个"))
        return reasons
