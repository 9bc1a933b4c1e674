"""The two ceremonies of a passkey, WebAuthn by the library: a key is made, and a key signs. Every challenge is ours, young, and serves once. Who
needs it reads it in then: the library is the largest of all."""
import datetime as dt
import json
from urllib.parse import urlparse

import webauthn
from flask import current_app, request, session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (AuthenticatorSelectionCriteria, PublicKeyCredentialDescriptor, ResidentKeyRequirement,
                                      UserVerificationRequirement)

from models import clock
from models.passkeys import Passkey
from models.sealed import blind
from models.throttles import use_once

KEY = "ceremony"
LIFE = dt.timedelta(minutes=5)
NAME = "同力信息平台"


def place():
    """(the name to which keys are bound, the address from which they are used): from the settings where they say it."""
    address = urlparse(current_app.settings.public_url or request.host_url)
    return address.hostname, f"{address.scheme}://{address.netloc}"


def making_options(user):
    """What the browser needs to make a key for an account, as JSON."""
    keys = [PublicKeyCredentialDescriptor(base64url_to_bytes(key.credential)) for key in Passkey.of(user)]
    return _offer(webauthn.generate_registration_options(
        rp_id=place()[0], rp_name=NAME, user_id=blind(f"passkey:{user.id}").encode(), user_name=user.username or user.email or str(user),
        user_display_name=str(user),
        exclude_credentials=keys, authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.PREFERRED)))


def made(user, name, answer):
    """The new Passkey, or None when the browser's answer does not fit."""
    host, origin = place()
    try:
        found = webauthn.verify_registration_response(credential=answer, expected_challenge=_taken(), expected_rp_id=host, expected_origin=origin)
        transports = json.loads(answer).get("response", {}).get("transports", [])
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return Passkey.add(user, user=user, name=name, credential=bytes_to_base64url(found.credential_id), uses=found.sign_count,
                       public_key=bytes_to_base64url(found.credential_public_key), transports=[str(way) for way in transports][:8])


def signing_options(user=None):
    """What the browser needs to sign: with a key of this account, or with any that it has for us, and then after the person showed who he is."""
    keys = [PublicKeyCredentialDescriptor(base64url_to_bytes(key.credential)) for key in Passkey.of(user)] if user else []
    return _offer(webauthn.generate_authentication_options(
        rp_id=place()[0], allow_credentials=keys,
        user_verification=UserVerificationRequirement.DISCOURAGED if user else UserVerificationRequirement.REQUIRED))


def signed(answer, user=None):
    """The Passkey that signed - of this account, or of anybody - or None."""
    host, origin = place()
    try:
        key = Passkey.get_or_none(Passkey.credential == json.loads(answer)["id"], Passkey.state == "valid")
        if key is None or (user is not None and key.user_id != user.id):
            return None
        found = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=_taken(), expected_rp_id=host, expected_origin=origin, require_user_verification=user is None,
            credential_public_key=base64url_to_bytes(key.public_key), credential_current_sign_count=key.uses)
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    Passkey.update(uses=found.new_sign_count, used_at=clock.now()).where(Passkey.id == key.id).execute()
    return key


def _offer(options):
    session[KEY] = [bytes_to_base64url(options.challenge), clock.now().isoformat()]
    return webauthn.options_to_json(options)


def _taken():
    """The challenge that this browser was given; ValueError when there is none, or it is old or used."""
    challenge, at = session.pop(KEY, None) or (None, None)
    if challenge is None or clock.now() - dt.datetime.fromisoformat(at) > LIFE or not use_once("ceremony", challenge):
        raise ValueError("no challenge")
    return base64url_to_bytes(challenge)
