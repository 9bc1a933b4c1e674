"""Stage 6: what stands in the QR code of a ticket, signed with Ed25519, so that a reader at the door verifies it without a network.

`TL1.<values>.<signature>`: the values as compact JSON with sorted keys, then the signature over everything before the second dot, both in
base64url without padding. Values: n exam number, s session, e entry, u subject code, t site code with its province, r room, p seat.
"""
import base64
import binascii
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HEAD = "TL1."
_key = None


def configure(key):
    """Take the key in use, 32 bytes."""
    global _key
    _key = Ed25519PrivateKey.from_private_bytes(key)


def public_key():
    """The 32 bytes by which signatures are verified; whoever has them can sign nothing."""
    return _key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign(values):
    """The values as a signed text."""
    text = HEAD + _encoded(json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    return f"{text}.{_encoded(_key.sign(text.encode()))}"


def read(text, public_key):
    """The values of a signed text; ValueError with a sentence when it is none, or was signed with another key."""
    said, _, signature = text.rpartition(".")
    try:
        if not said.startswith(HEAD):
            raise ValueError
        Ed25519PublicKey.from_public_bytes(public_key).verify(_decoded(signature), said.encode())
        return json.loads(_decoded(said.removeprefix(HEAD)))
    except InvalidSignature:
        raise ValueError("签名不符：不是本平台签发的准考证，或内容被改动") from None
    except (ValueError, binascii.Error):
        raise ValueError("不是准考证的二维码") from None


def _encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text):
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
