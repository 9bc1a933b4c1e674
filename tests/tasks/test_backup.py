"""Backup and restore: what was there at one moment comes back whole, into either database, or nothing does."""
import datetime as dt
import itertools
import json
import threading

import pytest

import config
from models import base, clock
from models.audit import Entry
from models.files import File
from models.fingerprints.templates import FingerTemplate
from models.people import Person
from models.reference import Announcement
from models.registry import ENTITIES, migrate
from tasks import setup
from tasks.backup import archive, engines, making, restoring
from tests import servers
from tests.databases import Postgres, Sqlite

STRANGE = "行一\t制表\n换行\\反斜线\\N 与 \\t，𠮷，\r\b"


@pytest.fixture(scope="session")
def key():
    return archive.new_key()


@pytest.fixture
def backup(world, tmp_path, key):
    """A world with a graduate, a file, strange text and a number that was given out and is gone; (its backup, what it held)."""
    FingerTemplate.create(application=world.awarded(), finger=1, kept=bytes(range(256)), quality=50, minutiae=40)
    Announcement.create(title="标题", body=STRANGE)          # past the forms, which drop what cannot be seen
    Announcement.create(title="走了", body="").delete_instance()
    made = making.make(tmp_path / "one.tar.age", archive.recipients(key[1]))
    return made, contents()


@pytest.fixture(params=("same", "other"))
def elsewhere(request, engine, running, tmp_path):
    """Function that opens an empty database, of the same kind or the other, and an empty file store."""
    kind = engine if request.param == "same" else {"sqlite": "postgresql", "postgresql": "sqlite"}[engine]

    def go():
        leave()
        place = tmp_path / "elsewhere"
        place.mkdir(exist_ok=True)
        lender = Sqlite(place) if kind == "sqlite" else Postgres(running(lambda: servers.postgresql()))
        open_at(place, lender.blank(place))
    return go


@pytest.fixture
def empty(lender, tmp_path):
    """Function that opens an empty database of the same kind and an empty file store."""
    places = (tmp_path / f"empty-{n}" for n in itertools.count())

    def go():
        leave()
        place = next(places)
        place.mkdir()
        open_at(place, lender.blank(place))
        return place
    return go


def open_at(place, address):
    setup.open_all(config.load(environ={}, demo=True, instance_dir=place, screens_dir=place, database_url=address), immediate=True)
    base.db.connect()


def leave():
    base.db.close_all()


def contents():
    """Every value of every row, as the program reads it."""
    return {name: [{column: bytes(value) if isinstance(value, memoryview) else value for column, value in row.items()}
                   for row in kind.select().order_by(kind.id).dicts()] for name, kind in ENTITIES.items()}


def test_every_row_and_file_comes_back_into_either_database(backup, elsewhere, key):
    made, before = backup
    photo = File.get(File.kind == "photo")
    data, secret = photo.read(), File.get(File.kind == "fingerprint").read()
    elsewhere()
    restored = restoring.restore(made.path, key[0])
    assert contents() == before and Announcement.get(Announcement.title == "标题").body == STRANGE
    assert File.get_by_id(photo.id).read() == data and File.get(File.kind == "fingerprint").read() == secret
    assert (restored.rows, restored.files, restored.missing) == (made.rows, made.files, [])


def test_a_number_that_was_given_out_is_not_given_again(backup, elsewhere, key):
    last = Announcement.select().order_by(Announcement.id.desc()).get().id
    elsewhere()
    restoring.restore(backup[0].path, key[0])
    assert Announcement.create(title="新", body="").id == last + 2


def test_a_backup_is_of_one_moment_while_others_write(world, tmp_path, key, empty):
    stop, failed = threading.Event(), []

    def write():
        with base.db.connection_context(), clock.at(clock.today()):
            while not stop.is_set():
                try:
                    Announcement.add(world.centre, title="写入", body="同时")
                except Exception as error:
                    failed.append(error)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [making.make(tmp_path / f"{n}.tar.age", archive.recipients(key[1])) for n in range(3)]
    finally:
        stop.set()
        writer.join()
    assert not failed
    for one in made:
        empty()
        restoring.restore(one.path, key[0])
        rows = Announcement.select().where(Announcement.title == "写入").count()
        assert rows == Entry.select().where(Entry.entity == "announcement", Entry.verb == "create").count()


@pytest.mark.parametrize("spoil", (lambda data: data[:-1], lambda data: data[:len(data) // 2], lambda data: data[:300] + bytes([data[300] ^ 1]) + data[301:],
                                   lambda data: b"PK\x03\x04" + data, lambda data: b""), ids=("one byte short", "half", "one bit", "something else", "nothing"))
def test_a_file_that_is_cut_off_or_changed_leaves_nothing(backup, empty, key, tmp_path, spoil):
    spoiled = tmp_path / "spoiled.tar.age"
    spoiled.write_bytes(spoil(backup[0].path.read_bytes()))
    place = empty()
    with pytest.raises(archive.Unreadable, match="不完整"):
        restoring.restore(spoiled, key[0])
    assert engines.tables() == [] and not [path for path in (place / "files").rglob("*") if path.is_file()]
    restoring.restore(backup[0].path, key[0])
    assert contents() == backup[1]


def test_another_key_does_not_open_it(backup, empty):
    empty()
    with pytest.raises(archive.Unreadable, match="不是给这把密钥的"):
        restoring.restore(backup[0].path, archive.new_key()[0])
    with pytest.raises(archive.Unreadable, match="AGE-SECRET-KEY"):
        restoring.restore(backup[0].path, "随便写的")


def test_without_the_keys_of_the_fields_it_is_refused_before_anything_is_written(backup, empty, key):
    from models import sealed
    empty()
    for keys, blind, word in (({"demo": ("aes", b"x" * 32)}, b"y" * 32, "SEAL_KEYS"), ({"k2": ("aes", b"x" * 32)}, b"y" * 32, "没有密钥 'demo'")):
        sealed.configure(keys, blind)
        with pytest.raises(restoring.Impossible, match=word):
            restoring.restore(backup[0].path, key[0])
    assert engines.tables() == []


def test_a_database_with_rows_is_not_touched(backup, key):
    with pytest.raises(restoring.Impossible, match="要求空的数据库，实际 .* 个表里有数据"):
        restoring.restore(backup[0].path, key[0])
    assert contents() == backup[1]


def test_a_backup_of_a_newer_program_is_refused_by_name(world, tmp_path, key, empty):
    with archive.writing(tmp_path / "newer", archive.recipients(key[1])) as tar:
        archive.add(tar, "head.json", json.dumps({"format": 1, "version": "9.0", "migrations": ["0001_the_ten_stages", "9999_later"]}).encode())
    empty()
    with pytest.raises(restoring.Impossible, match="9.0.*9999_later"):
        restoring.restore(tmp_path / "newer", key[0])


def test_a_backup_of_an_older_program_is_brought_up_to_date(world, tmp_path, key, empty):
    seal, blind = making.base64.b64encode(making.sealed.seal(making.PROOF, "backup")).decode(), making.sealed.blind("tongli")
    columns = ["id", "edition", "code", "name", "short_name"]
    with archive.writing(tmp_path / "older", archive.recipients(key[1])) as tar:
        archive.add(tar, "head.json", json.dumps({"format": 1, "version": "0.0", "made_at": "2026-01-01", "migrations": ["0001_the_ten_stages"], "seal": seal,
                                                  "blind": blind, "columns": {"province": columns}, "forms": {"province": {}}, "last_ids": {"province": 7}}).encode())
        archive.add(tar, "table/province/0", "7\t0\t11\t北京市\t京\n".encode())
        archive.add(tar, "end.json", json.dumps({"rows": {"province": 1}, "files": 0, "gone": []}).encode())
    empty()
    assert restoring.restore(tmp_path / "older", key[0]).rows == 1
    assert migrate() == [] and list(base.db.execute_sql("SELECT id, name FROM province")) == [(7, "北京市")] and Person.select().count() == 0


def test_a_file_that_was_removed_meanwhile_is_told(backup, tmp_path, key, empty):
    File.get(File.kind == "photo").path.unlink()
    made = making.make(tmp_path / "two.tar.age", archive.recipients(key[1]))
    assert len(made.gone) == 1
    empty()
    assert restoring.restore(made.path, key[0]).missing == made.gone


def test_a_backup_that_cannot_be_written_leaves_no_part(world, tmp_path, key):
    with pytest.raises(OSError):
        making.make(tmp_path / "no folder" / "one.tar.age", archive.recipients(key[1]))
    (tmp_path / "two.tar.age.part").mkdir()
    with pytest.raises(OSError):
        making.make(tmp_path / "two.tar.age", archive.recipients(key[1]))
    assert not (tmp_path / "two.tar.age").exists()
    assert making.make(tmp_path / "three.tar.age", archive.recipients(key[1])).rows > 0


def test_every_night_one_is_made_and_old_ones_go(world, settings, key):
    import dataclasses
    making.configure(settings)
    making.nightly()
    assert not settings.backups.exists()
    making.configure(dataclasses.replace(settings, backup_recipients=key[1]))
    start = dt.datetime.combine(clock.today(), dt.time(2, 15))
    for day in (0, 1, 31):
        with clock.at(start + dt.timedelta(days=day)):
            making.nightly()
    (settings.backups / "别人的文件").write_text("留下")
    assert sorted(path.name for path in settings.backups.iterdir()) == ["tongli-20260321-021500.tar.age", "tongli-20260420-021500.tar.age", "别人的文件"]
    assert Entry.select().where(Entry.verb == "backup").count() == 3
