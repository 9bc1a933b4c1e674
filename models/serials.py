"""Running numbers without gaps or doubles: application, register and certificate serials."""
from contextlib import contextmanager
from contextvars import ContextVar

from peewee import CharField, IntegerField

from models.base import Entity

_block = ContextVar("block", default=None)          # {key: last number} of the transaction under way


class Serial(Entity):
    """The last number given out under a key such as 'certificate.10001.2026'. The row is the lock."""
    label = "流水号"

    key = CharField(max_length=60, unique=True, verbose_name="键")
    last = IntegerField(default=0, verbose_name="最后号")

    @classmethod
    def take(cls, key):
        """The next number under `key`, from 1; two transactions that ask at once wait for each other."""
        if (last := (_block.get() or {}).get(key)) is not None:
            _block.get()[key] = last + 1
            return last + 1
        taken = cls.insert(key=key, last=1).on_conflict(conflict_target=[cls.key], update={cls.last: cls.last + 1}).returning(cls.last)
        number = taken.execute()[0].last
        if _block.get() is not None:
            _block.get()[key] = number
        return number


@contextmanager
def in_a_block():
    """Inside the block, in one transaction, the first number under a key is taken from the database, which holds the row from then on;
    those after it are counted here and written at the end."""
    token = _block.set({})
    try:
        yield
        for key, last in _block.get().items():
            Serial.update(last=last).where(Serial.key == key).execute()
    finally:
        _block.reset(token)
