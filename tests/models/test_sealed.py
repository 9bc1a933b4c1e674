"""Encrypted values: they open with the key they were sealed with, in their own place only, and are found by their blind index."""
import base64

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from config import parse_keys
from models import sealed
from models.ciphers import SM4GCM
from models.people import Person
from models.reports import ReportLine
from models.sealed import blind, seal, unseal

OLD, NEW, SM4, BLIND = ("aes", b"o" * 32), ("aes", b"n" * 32), ("sm4", b"s" * 16), b"b" * 32


@pytest.fixture(autouse=True)
def keys():
    """Keys of this test's own; those in use before are put back."""
    before = dict(sealed._keys), sealed._blind
    sealed.configure({"k1": OLD}, BLIND)
    yield
    sealed.configure(*before)


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_to_the_same(plain):
    sealed.configure({"k1": OLD}, BLIND)
    kept = seal(plain, "person.phone")
    assert unseal(kept, "person.phone") == plain and (len(plain) < 8 or plain not in kept)


def test_the_same_value_never_looks_the_same():
    assert seal(b"13800138000", "person.phone") != seal(b"13800138000", "person.phone")


def test_a_value_that_was_moved_or_changed_does_not_open():
    kept = seal(b"13800138000", "person.phone")
    for place, data in (("prior_pass.document_number", kept), ("person.phone", kept[:-1] + bytes([kept[-1] ^ 1]))):
        with pytest.raises(ValueError, match="已损坏或被移动"):
            unseal(data, place)


@given(st.binary(max_size=200))
def test_what_was_sealed_by_sm4_opens_to_the_same_and_nothing_that_was_moved_or_cut_off_does(plain):
    sealed.configure({"k1": SM4}, BLIND)
    kept = seal(plain, "person.phone")
    assert unseal(kept, "person.phone") == plain and len(kept) == len(b"k1:") + 12 + len(plain) + 16
    for place, data in (("person.email", kept), ("person.phone", kept[:-1]), ("person.phone", kept[:9]), ("person.phone", kept[:-1] + bytes([kept[-1] ^ 1]))):
        with pytest.raises(ValueError, match="已损坏或被移动"):
            unseal(data, place)


def test_sm4_is_that_of_the_standard():
    """The example of GB/T 32907 appendix A, and SM4-GCM of RFC 8998 appendix A.1."""
    block = algorithms.SM4(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    within = Cipher(block, modes.ECB()).encryptor()
    assert within.update(bytes.fromhex("0123456789abcdeffedcba9876543210")).hex() == "681edf34d206965e86b3e94f536e4246"
    plain = bytes.fromhex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa")
    place = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    kept = SM4GCM(bytes.fromhex("0123456789abcdeffedcba9876543210")).encrypt(bytes.fromhex("00001234567800000000abcd"), plain, place)
    assert kept[:16].hex() == "17f399f08c67d5ee19d0dc9969c4bb7d" and kept[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_the_key_says_which_cipher_and_how_long_it_is():
    aes, sm4 = base64.b64encode(b"a" * 32).decode(), base64.b64encode(b"s" * 16).decode()
    assert parse_keys(f"k2:sm4:{sm4},k1:{aes},k0:aes:{aes}") == {"k2": ("sm4", b"s" * 16), "k1": ("aes", b"a" * 32), "k0": ("aes", b"a" * 32)}
    for text, sentence in ((f"k2:sm4:{aes}", "要求 16 字节，实际 32 字节，差 16 字节"), (f"k2:des:{aes}", "没有“des”这种算法"), (f"k1:{sm4}", "要求 32 字节")):
        with pytest.raises(ValueError, match=sentence):
            parse_keys(text)


def test_old_values_stay_readable_after_a_change_of_keys_and_new_ones_use_the_new_key():
    old = seal(b"x", "p")
    sealed.configure({"k2": NEW, "k1": OLD}, BLIND)
    assert unseal(old, "p") == b"x" and seal(b"x", "p").startswith(b"k2:")
    sealed.configure({"k2": NEW}, BLIND)
    with pytest.raises(ValueError, match="没有密钥 'k1'"):
        unseal(old, "p")


def test_the_blind_index_is_that_of_the_number_and_not_of_its_spelling():
    assert blind("１１０１０５ 19491231002x") == blind("11010519491231002X") != blind("110105194912310021")
    assert blind("") is None and blind(None) is None
    first = blind("1")
    sealed.configure({"k1": OLD}, b"c" * 32)
    assert blind("1") != first


def test_a_sealed_field_sets_its_index_and_stores_no_clear_text():
    person = Person(document_number="11010519491231002X", phone=None)
    assert person.document_index == blind("11010519491231002X") and person.phone_index is None
    stored = Person.document_number.db_value(person.document_number)
    assert stored.startswith("k1:") and "19491231" not in stored and Person.document_number.python_value(stored) == person.document_number
    assert Person.phone.db_value("") is None and Person.phone.python_value(None) is None


def test_the_values_of_a_report_line_are_sealed_as_a_whole(database):
    sealed.configure({"k1": OLD}, BLIND)
    stored = ReportLine.values.sealed('{"ZJHM": "11010519491231002X"}')
    assert stored.startswith("k1:") and "19491231" not in stored and ReportLine.values.opened(stored) == '{"ZJHM": "11010519491231002X"}'
