"""Another cipher on either database: from AES to SM4 and back while everything stays readable; and numbers of payments that were kept in clear."""
import importlib.util

import pytest

from models import resealing, sealed
from models.audit import Version
from models.base import db
from models.exams.payments import Payment
from models.fingerprints.templates import FingerTemplate, enrol
from models.people import Person
from models.registry import ENTITIES, MIGRATIONS
from tests.doors import read

SM4, AES = ("sm4", b"s" * 16), ("aes", b"a" * 32)


@pytest.fixture
def keys(database):
    """Uses the keys that a test names, the first one to encrypt; those of before are put back."""
    before = dict(sealed._keys), sealed._blind
    yield lambda **keys: sealed.configure(keys, before[1])
    sealed.configure(*before)


def stop_after_the_first_place_that_had_something():
    places = resealing.reseal()
    assert next(count.done for count in places if count.done)
    places.close()


def heads():
    """The names of the keys under which sealed columns, templates and the history stand in the database itself."""
    found = set()
    for kind in ENTITIES.values():
        for field in kind._meta.sorted_fields:
            if isinstance(field, sealed.Sealing):
                rows = db.execute_sql(f'SELECT CAST("{field.column_name}" AS TEXT) FROM "{kind._meta.table_name}" WHERE "{field.column_name}" IS NOT NULL')
                found |= {text.strip('"').partition(":")[0] for text, in rows.fetchall()}
    return found | {bytes(row.kept).partition(b":")[0].decode() for row in FingerTemplate.select()}


def test_everything_goes_from_aes_to_sm4_and_back_stopped_in_the_middle_each_time(world, keys):
    case = world.registered()
    enrol(world.clerk, case, 1, read(1))
    case.person.change(world.clerk, phone="13900000002")
    world.sat(case, world.session())
    (old, key), number = next(iter(sealed._keys.items())), case.person.document_number
    for name, newest, earlier in (("k2", SM4, {old: key}), ("k3", AES, {"k2": SM4})):
        keys(**{name: newest}, **earlier)
        stop_after_the_first_place_that_had_something()
        counts = list(resealing.reseal())
        assert sum(count.done for count in counts) > 5 and not any(count.unreadable for count in counts)
        keys(**{name: newest})
        assert heads() == {name}
        person = Person.by_document(number)
        assert (person.id, person.document_number, person.phone) == (case.person_id, number, "13900000002")
        assert FingerTemplate.get().template == read(1).template and Payment.get().reference == "线下-001"
        told, = [version.values["phone"] for version in Version.of(person) if "phone" in version.values]
        assert Person.phone.opened(told[1]) == "13900000002"


def test_numbers_of_payments_that_stood_in_clear_are_sealed_with_their_history(world, keys):
    case = world.registered()
    world.sat(case, world.session())
    payment = Payment.get()
    version, = [version for version in Version.of(payment) if "reference" in version.values]
    in_clear(payment, version)
    spec = importlib.util.spec_from_file_location("sealing", MIGRATIONS / "0019_the_numbers_of_payments.py")
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    migration.up(None, db.obj)
    found = Payment.get(Payment.reference_index == sealed.blind("汇款 0001"))
    assert (found.id, found.reference, found.refund_reference) == (payment.id, "汇款 0001", None)
    kept, = db.execute_sql("SELECT reference FROM payment").fetchone()
    before, after = Version.get_by_id(version.id).values["reference"]
    assert "0001" not in kept and before is None and "0001" not in after and Payment.reference.opened(after) == "汇款 0001"


def in_clear(payment, version):
    """The tables as an earlier version of the program left them."""
    for table, column, index in (("payment", "reference", "reference_index"), ("payment", "refund_reference", ""), ("payment_try", "trade_number", "trade_index"),
                                 ("payment_notice", "trade_number", "trade_index")):
        if index:
            db.execute_sql(f'DROP INDEX "{table}_{index}"')
        for name in filter(None, (column, index)):
            db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "{name}"')
        db.execute_sql(f"""ALTER TABLE "{table}" ADD COLUMN "{column}" VARCHAR(64) NOT NULL DEFAULT ''""")
    db.execute_sql("UPDATE payment SET reference = '汇款 0001'")
    Version.update(values={**version.values, "reference": ["", "汇款 0001"]}).where(Version.id == version.id).execute()
