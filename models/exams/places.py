"""Stage 6: how many places of a site are taken in a session, so that nobody has to count entries to know whether one is left."""
from peewee import CharField, Check, ForeignKeyField, IntegerField

from models.base import Entity
from models.exams.sessions import ALL, ExamSession, Subject
from models.exams.sites import ExamSite


class Place(Entity):
    """The counter of one site in the papers of one kind, which are sat at the same hours. It moves only with the entry that takes or leaves the
    place, in the same transaction, and never beyond the capacity of the site."""
    label, stage, readers, national = "考点名额", 6, ALL, True

    session = ForeignKeyField(ExamSession, backref="places", on_delete="RESTRICT", verbose_name="批次")
    site = ForeignKeyField(ExamSite, backref="places", on_delete="RESTRICT", verbose_name="考点")
    kind = CharField(max_length=14, choices=Subject.kind.choices, verbose_name="类别")
    taken = IntegerField(default=0, verbose_name="已报人数")

    class Meta:
        indexes = ((("session", "site", "kind"), True),)
        constraints = [Check("taken >= 0")]

    def __str__(self):
        return f"{self.site} {dict(Subject.kind.choices)[self.kind]}"

    @property
    def left(self):
        """剩余名额"""
        return max(0, self.site.capacity - self.taken)

    @classmethod
    def take(cls, session, site, kind):
        """Take one place, compared and counted in one statement; whether there was one. `session` and `site` are ids."""
        if cls._taken(session, site, kind):
            return True
        cls.insert(session=session, site=site, kind=kind).on_conflict_ignore().execute()        # the first one who comes; or the site is full
        return cls._taken(session, site, kind)

    @classmethod
    def _taken(cls, session, site, kind):
        capacity = ExamSite.select(ExamSite.capacity).where(ExamSite.id == site)
        return bool(cls.update(taken=cls.taken + 1).where(cls.session == session, cls.site == site, cls.kind == kind, cls.taken < capacity).execute())

    @classmethod
    def give_back(cls, session, site, kind):
        """Leave one place to somebody else."""
        cls.update(taken=cls.taken - 1).where(cls.session == session, cls.site == site, cls.kind == kind).execute()

    @classmethod
    def taken_at(cls, session, sites):
        """{(site id, kind): places taken} of some sites."""
        rows = cls.select(cls.site, cls.kind, cls.taken).where(cls.session == session, cls.site.in_([site.id for site in sites])).tuples()
        return {(site, kind): taken for site, kind, taken in rows}
