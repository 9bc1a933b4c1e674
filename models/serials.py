"""Running numbers without gaps or doubles: application, register and certificate serials."""
from peewee import CharField, IntegerField

from models.base import Entity, writing


class Serial(Entity):
    """The last number given out under a key such as 'certificate.10001.2026'. The row is the lock."""
    label = "流水号"

    key = CharField(max_length=60, unique=True, verbose_name="键")
    last = IntegerField(default=0, verbose_name="最后号")

    @classmethod
    def take(cls, key):
        """The next number under `key`, from 1; two transactions that ask at once wait for each other."""
        with writing():
            cls.insert(key=key, last=0).on_conflict_ignore().execute()
            cls.update(last=cls.last + 1).where(cls.key == key).execute()
            return cls.select(cls.last).where(cls.key == key).scalar()
