"""The file store at rest: nothing lies in clear, nothing can be exchanged or cut off, and no bytes stay that no row names."""
import datetime as dt
import os

import pytest

from models import clock, files, pieces, sealed
from models.base import writing
from models.files import File
from tasks import upkeep

ROWS = bytes(range(256)) * 5000         # more than one piece
PLACE = "file.x"


@pytest.fixture
def sealed_rows(database, tmp_path):
    """(path of three pieces, the pieces)."""
    parts, path = [b"one", b"two", b"three"], tmp_path / "kept"
    pieces.seal(iter(parts), path, PLACE)
    return path, parts


def parts_of(path):
    """The sealed pieces of a file, each with its length before it."""
    data, found = path.read_bytes(), []
    while data:
        length = pieces.LENGTH + int.from_bytes(data[:pieces.LENGTH])
        found.append(data[:length])
        data = data[length:]
    return found


def test_a_result_lies_sealed_and_comes_back_piece_by_piece(database):
    kept = File.keep(ROWS, "a.csv", "result", "text/csv")
    assert kept.encrypted and ROWS[:64] not in kept.path.read_bytes()
    assert [len(piece) for piece in kept.pieces()] == [pieces.PIECE, len(ROWS) - pieces.PIECE] and kept.read() == ROWS


def test_a_finished_file_is_kept_sealed_and_what_lay_in_clear_is_gone(database, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(ROWS)
    kept = File.keep_path(path, "a.xlsx", "result", "application/octet-stream")
    assert not path.exists() and kept.read() == ROWS and kept.size == len(ROWS)
    assert [found for found in files._folder.rglob("*") if found.is_file() and ROWS[:64] in found.read_bytes()] == []


@pytest.mark.parametrize("data", [b"", b"x", b"x" * pieces.PIECE], ids=["empty", "one byte", "one whole piece"])
def test_every_length_comes_back(database, data):
    assert File.keep(data, "a", "result", "text/plain").read() == data


@pytest.mark.parametrize("how", [lambda parts: parts[:-1], lambda parts: parts[1:], lambda parts: [parts[1], parts[0], parts[2]], lambda parts: [*parts, parts[0]],
                                 lambda parts: [parts[0], parts[2]], lambda parts: [parts[0], parts[1][:-1] + b"\x00", parts[2]], lambda parts: [*parts[:2], parts[2][:-5]]],
                         ids=["cut off", "begun later", "exchanged", "longer", "left out", "changed", "torn"])
def test_pieces_that_were_changed_moved_or_cut_off_do_not_open(sealed_rows, how):
    path, parts = sealed_rows
    assert list(pieces.unseal(path, PLACE)) == parts
    path.write_bytes(b"".join(how(parts_of(path))))
    with pytest.raises(ValueError):
        list(pieces.unseal(path, PLACE))


def test_a_sealed_file_under_the_name_of_another_does_not_open(database):
    one, other = (File.keep(text, "a", "result", "text/plain") for text in (b"one", b"other"))
    other.path.write_bytes(one.path.read_bytes())
    with pytest.raises(ValueError):
        other.read()
    assert [file for file, _ in File.broken()] == [other]


def test_what_an_earlier_version_kept_in_clear_can_still_be_read(database):
    kept = File.keep(ROWS, "a", "result", "text/plain")
    kept.path.write_bytes(ROWS)
    File.update(encrypted=False).where(File.id == kept.id).execute()
    assert File.get_by_id(kept.id).read() == ROWS


def test_only_the_key_that_sealed_it_opens_it(database):
    kept, before = File.keep(ROWS, "a", "result", "text/plain"), (dict(sealed._keys), sealed._blind)
    sealed.configure({"k2": ("sm4", b"n" * 16)}, before[1])
    with pytest.raises(ValueError):
        kept.read()
    sealed.configure(*before)


# bytes without a row ------------------------------------------------------------------------------------------------------------------
def old(path):
    """Written two hours ago."""
    moment = (clock.now() - dt.timedelta(hours=2)).replace(tzinfo=clock.SHANGHAI).timestamp()
    os.utime(path, (moment, moment))
    return path


def lost():
    """The path of bytes whose transaction was taken back."""
    with pytest.raises(ZeroDivisionError), writing():
        kept = File.keep(b"scan", "a.pdf", "document", "application/pdf")
        1 / 0
    return kept.path


def test_the_bytes_of_an_upload_that_was_taken_back_go_after_an_hour_and_the_log_says_how_many(database, caplog):
    kept, young, gone = File.keep(b"letter", "a.pdf", "letter", "application/pdf"), lost(), [old(lost()), old(lost())]
    half = old(young.parent / "half.new") if (young.parent / "half.new").write_bytes(b"half") else None
    old(kept.path)
    with caplog.at_level("INFO"):
        upkeep.forget_orphans()
    assert kept.read() == b"letter" and young.exists() and not half.exists() and [path for path in gone if path.exists()] == []
    assert "removed 3 files that no row names" in caplog.text
