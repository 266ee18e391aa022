"""The key pair of a platform, and the digits by which two people make sure of it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from tansiq.exchange.federation.errors import BundleError

_NAME: Final = "federation.key"
_GROUPS = 8
_CARD = "tansiq1"


@dataclass(frozen=True)
class Key:
    """A private key; `public` and `fingerprint` may be shown, `secret` never."""

    secret: bytes

    @property
    def public(self) -> str:
        return self._private.public_key().public_bytes_raw().hex()

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.public)

    def sign(self, purpose: str, content: bytes) -> str:
        """Return the signature; one made for one purpose is worth nothing for another."""
        return self._private.sign(_for(purpose, content)).hex()

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    def __repr__(self) -> str:
        return f"Key({self.fingerprint[:12]})"


def verify(public: str, purpose: str, content: bytes, signature: str) -> None:
    """Return if this key signed this for this purpose. Raises BundleError."""
    try:
        found = bytes.fromhex(signature)
        if found.hex() != signature:
            raise BundleError("signature", "not written in lower case")
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            found, _for(purpose, content)
        )
    except (InvalidSignature, ValueError) as problem:
        raise BundleError("signature", "the signature does not fit") from problem


def is_key(public: str) -> bool:
    try:
        raw = bytes.fromhex(public)
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        return False
    return raw.hex() == public


def fingerprint_of(public: str) -> str:
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()


def digits(fingerprint: str) -> str:
    """Return eight groups of five digits, to be read out on the telephone in any language."""
    raw = bytes.fromhex(fingerprint)
    groups = [int.from_bytes(raw[at : at + 4]) % 100_000 for at in range(0, 4 * _GROUPS, 4)]
    return " ".join(f"{group:05d}" for group in groups)


def card(public: str) -> str:
    """Return the line that one platform shows and the other one pastes."""
    return f"{_CARD}:{public}"


def read_card(text: str) -> str:
    """Return the public key of such a line. Raises BundleError."""
    name, _colon, public = text.strip().partition(":")
    if name != _CARD or not is_key(public):
        raise BundleError("form", "no key of a platform")
    return public


def load(folder: Path) -> Key:
    """Return the key of this platform; made at first use, readable for its user alone."""
    path = folder / _NAME
    if not path.exists():
        _keep(path, Ed25519PrivateKey.generate().private_bytes_raw())
    return Key(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def load_all(folder: Path) -> list[Key]:
    """Return the key of this platform and those it had before, the present one first."""
    present = load(folder)
    former = sorted(folder.glob("federation-*.key"))
    found = [Key(bytes.fromhex(one.read_text(encoding="ascii").strip())) for one in former]
    return [present, *(one for one in found if one != present)]


def renew(folder: Path) -> Key:
    """Make a new key and keep the old one beside it until every peer knows the new one."""
    old = load(folder)
    _keep(folder / f"federation-{old.fingerprint[:16]}.key", old.secret)
    waiting = folder / f"{_NAME}.new"
    waiting.unlink(missing_ok=True)
    _keep(waiting, Ed25519PrivateKey.generate().private_bytes_raw())
    waiting.replace(folder / _NAME)
    return load(folder)


def _keep(path: Path, secret: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written whole under another name first: two processes that start at once get one key.
    draft = path.with_name(f"{path.name}.{hashlib.sha256(secret).hexdigest()[:8]}")
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(secret.hex(), encoding="ascii")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _for(purpose: str, content: bytes) -> bytes:
    return purpose.encode() + b"\0" + content
