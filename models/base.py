"""The ground under every entity: the database, the one write transaction, and who may see which rows, written once."""
from contextlib import contextmanager
from urllib.parse import urlparse

from peewee import AutoField, DatabaseProxy, IntegerField, Model, Node, SqliteDatabase
from playhouse.db_url import connect as connect_url
from playhouse.pool import PooledSqliteDatabase

from models import measures
from models.rows import Rows, by_id, id_asked, insert

db = DatabaseProxy()


def connect(url):
    """Open the database at `url` (sqlite:///path or postgresql://...) and make it the one that every model uses."""
    if url.startswith("sqlite"):
        path = urlparse(url).path[1:] or ":memory:"
        # kept open: a new connection reads the whole schema first, a quarter of what a list costs; what was written is carried into the file every
        # 40 MB: a step on a thousand cases touches some thousand pages, many of them again in the next one
        database = PooledSqliteDatabase(path, max_connections=0, stale_timeout=300, lock_type="IMMEDIATE", check_same_thread=False, pragmas={
            "journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 15000, "cache_size": -16000, "wal_autocheckpoint": 10_000})
    else:
        pooled = url.replace("postgresql://", "postgresql+pool://", 1).replace("postgres://", "postgresql+pool://", 1)
        # compiling a statement of many subqueries takes a hundred times as long as running it for one case
        database = connect_url(pooled, prefer_psycopg3=True, max_connections=32, stale_timeout=300, timeout=15, options="-c jit=off")
    measures.watch(database)
    db.initialize(database)
    return database


def on_sqlite():
    return isinstance(db.obj, SqliteDatabase)


@contextmanager
def writing():
    """The one write transaction: everything in it happens or nothing does. Inside another one it is a savepoint."""
    with db.atomic():
        yield


class Entity(Model):
    """A kind of record. What it is called, who may read it at all, and through which row it belongs to a place.

    `readers` names the roles that may read this kind ('clerk officer'; nobody when it is empty). Which rows a reader sees
    follows from the level of the role (models.roles.ROLES): the whole nation, one office, one institution, one exam site, or
    the person himself. A kind says where it belongs by a field named institution, site or person, or by `seen_through`, the
    foreign key that leads there. `national` kinds belong to everybody. An account of one college sees of its unit the rows that
    lead to the college (`towards_college`), and reads what is `unit_wide`; a kind that is neither is not for it.
    """
    id = AutoField(verbose_name="编号")
    edition = IntegerField(default=0, verbose_name="版本")

    label = ""            # what one is called, in Chinese
    stage = 0             # which of the ten stages it belongs to; 0 = all
    readers = ""
    writers = ""          # roles that may add and edit by hand
    editable = ()         # names of the fields that a form may offer
    seen_through = None
    national = False
    unit_wide = False     # rows of the unit as a whole that tell of no case: an account of a college reads them, and writes none
    cleared_with_case = False      # whether the row is work of a case, deleted when the case is dismissed
    STATES = {}           # state -> (label, tone); tones: ok bad wait busy off
    TONES = {}            # another field that is shown as a badge -> {value: tone}
    COUNTED = {}          # a field that holds {code: number} -> {code: what is counted}

    class Meta:
        database = db
        legacy_table_names = False
        only_save_dirty = True

    def __init__(self, *args, __no_default__=None, **values):
        """As in peewee; but a row that comes from the database takes its values as they are, instead of having each set as if it were new."""
        if __no_default__ and values.keys() <= self._meta.fields.keys():
            self.__data__, self.__rel__, self._dirty = values, {}, set()
        else:
            super().__init__(*args, __no_default__=__no_default__, **values)

    @classmethod
    def select(cls, *fields):
        """Query over the rows of this kind, with all of their fields or with these."""
        return Rows(cls, fields or cls._meta.sorted_fields, is_default=not fields)

    @classmethod
    def get(cls, *conditions, **values):
        """As in peewee; a row by its id, as foreign keys ask for theirs, through a statement that is worded already."""
        id = None if values else id_asked(cls, conditions)
        if id is None:
            return super().get(*conditions, **values)
        if (row := by_id(cls, id)) is None:
            raise cls.DoesNotExist(f"{cls.__name__} {id}")
        return row

    def save(self, force_insert=False, only=None):
        """As in peewee; a new row of plain values through a statement that is worded already."""
        if only is not None or not (force_insert or self.id is None) or any(isinstance(value, Node) for value in self.__data__.values()):
            return super().save(force_insert, only)
        self._populate_unsaved_relations(self.__data__)
        id = insert(type(self), {name: value for name, value in self.__data__.items() if name != "id" or value is not None})
        self.__data__["id"] = id
        self._dirty.clear()
        return 1

    @classmethod
    def kinds(cls):
        """{table: kind} of every kind of record below this one."""
        found = {}
        for kind in cls.__subclasses__():
            found |= {kind._meta.table_name: kind} | kind.kinds()
        return found

    @classmethod
    def visible_to(cls, user):
        """Query over the rows of this kind that `user` may see: the union of what each of his roles sees; else nothing."""
        seen = cls.scope(user)
        return cls.select() if seen is True else cls.select().where(seen)

    @classmethod
    def scope(cls, user):
        """The rows of this kind that `user` may see, as an expression; True for all of them."""
        seen = None
        for role, level in user.powers():
            if role in cls.readers.split():
                rows = cls.within(level, user)
                if rows is True:
                    return True
                if rows is not None:
                    seen = rows if seen is None else (seen | rows)
        return cls.id < 0 if seen is None else seen

    @classmethod
    def within(cls, level, user):
        """True (all rows), an expression, or None (no row) for a level: nation, office, unit, college, site or own."""
        if level == "nation" or cls.national:
            return True
        if level == "college":
            return cls._within_college(user)
        place = user.place(level)
        if place is None:
            return None
        owner = cls._meta.fields.get({"office": "institution", "unit": "institution", "site": "site", "own": "person"}[level])
        if owner is not None:
            if level != "office":
                return owner == place
            units = owner.rel_model
            return owner.in_(units.select(units.id).where(units.office == place))
        if cls.seen_through is None:
            return None
        link = getattr(cls, cls.seen_through)
        rows = link.rel_model.within(level, user)
        if rows is None or rows is True:
            return rows
        return link.in_(link.rel_model.select(link.rel_model.id).where(rows))

    @classmethod
    def _within_college(cls, user):
        """The rows of the user's college: by their own field, else those of the unit that belong to a row of the college."""
        link, place = cls.towards_college(), user.place("college")
        if link is None or place is None:
            return cls.within("unit", user) if cls.unit_wide and place is not None else None
        if link.name == "college":
            return link == place
        owner, unit = link.rel_model, cls._meta.fields.get("institution")
        rows = link.in_(owner.select(owner.id).where(owner.within("college", user)))
        return rows if unit is None else (unit == user.place("unit")) & rows

    @classmethod
    def towards_college(cls):
        """The field by which rows of this kind belong to a college: their own, else the one that leads to a row, a case or a person that does; None
        where there is none."""
        for name in ("college", cls.seen_through, "application", "person"):
            if field := cls._meta.fields.get(name):
                return field if name == "college" or field.rel_model.towards_college() else None
        return None

    @classmethod
    def beyond_college(cls):
        """Whether rows of this kind belong to a unit and to no college of it, and tell of more than one: accounts of a college have nothing to do with them."""
        if cls.national or cls.unit_wide or cls.towards_college():
            return False
        return "institution" in cls._meta.fields or cls.seen_through is not None and getattr(cls, cls.seen_through).rel_model.beyond_college()

    @classmethod
    def kept_by(cls, user):
        """Whether the place of the user lets him write rows of this kind at all: what belongs to the whole unit is not written from a college."""
        return user.college_id is None or not (cls.unit_wide or cls.beyond_college())

    @classmethod
    def seen(cls, user, id, along=()):
        """The row `id` when `user` may see it, else None - for a foreign and for a missing row alike; with what foreign keys lead to, where they are named."""
        try:
            return cls.visible_to(user).along(along).where(cls.id == int(id)).first()
        except (ValueError, TypeError, OverflowError):
            return None

    def belongs_to(self, user):
        """Whether this row, which `user` sees, is also his to write. Kinds that are shown more widely than they are written say less."""
        return self.kept_by(user)

    @classmethod
    def locked(cls, id):
        """The row as it stands, held against others until the transaction ends (SQLite's write transaction holds everything)."""
        query = cls.select().where(cls.id == id)
        return (query if on_sqlite() else query.for_update()).get()

    @property
    def case_id(self):
        """Id of the Application that this row is part of, or None."""
        if "application" in self._meta.fields:
            return self.application_id
        owner = getattr(self, self.seen_through) if self.seen_through else None
        return owner.case_id if owner is not None else None

    @property
    def state_label(self):
        return self.STATES[self.state][0]

    @classmethod
    def given_by(cls, user):
        """Values of a new row that follow from who adds it, not from a form: the unit's own rows belong to the unit, and to the college."""
        place = {"institution": user.institution_id, "college": user.college_id}
        return {name: id for name, id in place.items() if name in cls._meta.fields and id}

    def faults(self):
        """What is wrong with the values of this row, as {field name: sentence}; asked before every write by hand."""
        return {}

    def locks(self):
        """Why nobody may edit this row now, as sentences; empty when it may be edited."""
        return []

    def __str__(self):
        return f"{self.label} {self.id}"
