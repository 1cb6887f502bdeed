"""WebAuthn as the panel uses it: passkeys that devices keep and unlock by themselves.

What is asked for: a key that the device can find by itself (no login is typed), and that the
person unlocks it (a fingerprint, a PIN), so that a passkey counts as two factors.
https://www.w3.org/TR/webauthn-3/
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ari_app.store.accounts import Account
from ari_app.store.passkeys import Passkey

NAME = "Autosecretary"
# Besides its own errors the library lets through what parsers of hostile values raise.
_UNFIT = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError)


class UnfitError(Exception):
    """What a browser sent is no proof."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where people reach the panel: passkeys belong to its `host`."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Key:
    """A new key: its name, what its signatures are checked with, and its count of uses."""

    credential: bytes
    public_key: bytes
    uses: int


def address(asked: str, set_: str, *, is_https: bool) -> Address | None:
    """Passkeys need a name and https (or localhost): None where they cannot be had.

    `asked` is the request's host (and port), `set_` the panel's public address if there is one.
    """
    set_host, host = _host(set_), _host(f"//{asked}")
    if not _is_name(host) or (_is_name(set_host) and host != set_host):
        return None
    if not is_https and host != "localhost":
        return None
    return Address(host, f"{'https' if is_https else 'http'}://{asked}")


def _host(address: str) -> str:
    """The name in an address, "" where there is none or the address is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return bool(host)
    return False


def new_options(at: Address, person: Account, known: list[Passkey], challenge: bytes) -> str:
    """What the browser needs to make a key, as JSON."""
    return options_to_json(
        generate_registration_options(
            rp_id=at.host,
            rp_name=NAME,
            user_id=str(person.employee).encode(),
            user_name=person.login,
            user_display_name=person.name,
            challenge=challenge,
            exclude_credentials=[PublicKeyCredentialDescriptor(one.credential) for one in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
    )


def login_options(at: Address, challenge: bytes) -> str:
    """What the browser needs to find a key, as JSON; it tells nothing of anybody."""
    verification = UserVerificationRequirement.REQUIRED
    options = generate_authentication_options(
        rp_id=at.host, challenge=challenge, user_verification=verification
    )
    return options_to_json(options)


def made(at: Address, answer: str, challenge: bytes) -> Key:
    """The key that a browser has made. Raises UnfitError."""
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=at.host,
            expected_origin=at.origin,
            require_user_verification=True,
        )
    except _UNFIT as error:
        raise UnfitError(str(error)) from error
    return Key(found.credential_id, found.credential_public_key, found.sign_count)


def credential_of(answer: str) -> bytes:
    """Which key an answer says that it is of. Raises UnfitError."""
    try:
        return parse_authentication_credential_json(answer).raw_id
    except _UNFIT as error:
        raise UnfitError(str(error)) from error


def proved(at: Address, answer: str, challenge: bytes, key: Passkey) -> int:
    """The key's count of uses after this one. Raises UnfitError for an answer of another key."""
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=at.host,
            expected_origin=at.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.uses,
            require_user_verification=True,
        )
    except _UNFIT as error:
        raise UnfitError(str(error)) from error
    return found.new_sign_count
