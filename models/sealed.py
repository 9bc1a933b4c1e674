"""Encrypted fields with a keyed blind index: document numbers, phones, numbers of payments, biometrics.

AES-256-GCM or SM4-GCM, as the key says; the cipher text names its key ("k1:..."), so keys and ciphers can be changed while old rows stay
readable. The blind index is an HMAC-SHA256 of the normalised value: equal values are found and kept unique without the value being readable.
"""
import base64
import hashlib
import hmac
import json
import os
import unicodedata
from functools import cached_property

from cryptography.exceptions import InvalidTag
from peewee import CharField, FieldAccessor, JSONField, TextField

from models.ciphers import CIPHERS

_keys = {}           # name -> (cipher, key)
_blind = b""
_ciphers = {}        # name -> its cipher with the key in it: thousands of values are opened in one extraction


def configure(keys, blind):
    """Take the keys in use: {name: (cipher, bytes)}, the first one encrypts; `blind` is the 32-byte index key."""
    global _blind
    _keys.clear()
    _keys.update(keys)
    _ciphers.clear()
    _ciphers.update({name: CIPHERS[cipher](key) for name, (cipher, key) in keys.items()})
    _blind = blind


def seal(plain, place):
    """Encrypt bytes for a place ('table.column'): the same bytes moved to another place no longer open."""
    name = newest()
    return name.encode() + b":" + _closed(name, plain, place)


def _closed(name, plain, place):
    nonce = os.urandom(12)
    return nonce + _ciphers[name].encrypt(nonce, plain, place.encode())


def unseal(sealed, place):
    head, _, rest = sealed.partition(b":")
    return _opened(head.decode("ascii", "replace"), rest, place)


def _opened(name, rest, place):
    if name.isalnum() and name not in _keys:
        raise ValueError(f"没有密钥 {name!r}，{place} 无法解密")
    try:
        return _ciphers[name].decrypt(rest[:12], rest[12:], place.encode())
    except (InvalidTag, KeyError, ValueError):
        raise ValueError(f"{place} 的密文已损坏或被移动") from None


def seal_text(text, place):
    """A text sealed for a place, as a column of text holds it."""
    name = newest()
    return f"{name}:{base64.b64encode(_closed(name, text.encode(), place)).decode()}"


def unseal_text(kept, place):
    name, _, body = kept.partition(":")
    return _opened(name, base64.b64decode(body), place).decode()


def newest():
    """The name of the key that encrypts."""
    return next(iter(_keys))


def is_newest(kept):
    """Whether something sealed, as bytes or as text, was sealed with the newest key."""
    head = f"{newest()}:"
    return kept.startswith(head.encode() if isinstance(kept, bytes) else head)


def blind(value):
    """The blind index of a value: NFKC, no spaces, upper case, then HMAC-SHA256 in hex; None stays None."""
    if value in (None, ""):
        return None
    normal = "".join(unicodedata.normalize("NFKC", str(value)).split()).upper()
    return hmac.new(_blind, normal.encode(), hashlib.sha256).hexdigest()


class _SealedAccessor(FieldAccessor):
    def __set__(self, instance, value):
        super().__set__(instance, value)
        if self.field.index_name:
            setattr(instance, self.field.index_name, blind(value))


class Sealing:
    """What fields with a sealed value share: text that opens only in its own column."""

    @cached_property
    def place(self):
        return f"{self.model._meta.table_name}.{self.column_name}"

    def sealed(self, text):
        return seal_text(text, self.place)

    def opened(self, text):
        return unseal_text(text, self.place)


class SealedField(Sealing, TextField):
    """Text kept encrypted; `blind_index` names the column that is set along with it."""
    accessor_class = _SealedAccessor

    def __init__(self, *args, blind_index=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.index_name = blind_index

    def db_value(self, value):
        return None if value in (None, "") else self.sealed(str(value))

    def python_value(self, value):
        return None if value is None else self.opened(value)


class SealedJSONField(Sealing, JSONField):
    """A JSON value kept encrypted, as one JSON string."""

    def db_value(self, value):
        return super().db_value(self.sealed(json.dumps(value, ensure_ascii=False)))

    def stored(self, value):
        """The text that is written past the field, many rows at once."""
        return json.dumps(self.sealed(json.dumps(value, ensure_ascii=False)))

    def python_value(self, value):
        value = super().python_value(value)
        return None if value is None else json.loads(self.opened(value))


class SealedTableField(Sealing, TextField):
    """A {name: text} kept encrypted, in rows that people write to: the history keeps it encrypted too."""

    def db_value(self, value):
        return None if value is None else self.sealed(json.dumps(value, ensure_ascii=False, sort_keys=True))

    def python_value(self, value):
        return None if value is None else json.loads(self.opened(value))


class BlindIndexField(CharField):
    """The hex HMAC that a SealedField fills; never shown, never edited."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 64, "null": True, **kwargs})
