"""The container: a head in canonical JSON, its signature, and the files behind it.

    tansiq-bundle/1 LF
    ten digits: the length of the head in bytes LF
    the head LF
    the signature over it, 128 hexadecimal digits LF
    the files, one after another, each as long as the head says

Lengths stand before what they measure and nothing is compressed, so that reading never grows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tansiq.exchange.federation import canonical, keys, records
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.federation.keys import Key
from tansiq.exchange.federation.records import Record

FIRST_LINE: Final = b"tansiq-bundle/1\n"
PURPOSE: Final = "tansiq-bundle/1"
RECEIPT_PURPOSE: Final = "tansiq-receipt/1"
KEY_PURPOSE: Final = "tansiq-key/1"
LARGEST_HEAD: Final = 8 * 1024 * 1024
MOST_RECORDS: Final = 5000
GENESIS: Final = "0" * 64
_SIGNATURE = 128
_DIGITS = 10


@dataclass(frozen=True)
class Head:
    """What a bundle says; `sender` and `receiver` are fingerprints."""

    sender: str
    receiver: str
    chain: str
    sequence: int
    previous: str
    made_at: str
    records: Sequence[Record]
    # Receipts for bundles of the other direction, as `Receipt.plain` gives them.
    receipts: Sequence[dict[str, Any]] = ()
    files: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class Bundle:
    """A bundle that was read; before `check_signature` nothing in it may be believed."""

    head: Head
    signed: bytes
    signature: str
    contents: dict[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return canonical.digest(self.signed)

    def check_signature(self, public: str) -> None:
        """Return if the owner of this key signed the head, and so the files. Raises BundleError."""
        keys.verify(public, PURPOSE, self.signed, self.signature)


@dataclass(frozen=True)
class Receipt:
    """What the receiver made of a bundle; signed when it stands alone."""

    sender: str
    receiver: str
    chain: str
    sequence: int
    digest: str
    taken_at: str
    # Records that were not taken: their place in the bundle, and the reason.
    refused: Sequence[dict[str, Any]] = ()

    def plain(self) -> dict[str, Any]:
        return {
            "from": self.sender,
            "to": self.receiver,
            "chain": self.chain,
            "sequence": self.sequence,
            "digest": self.digest,
            "taken_at": self.taken_at,
            "refused": list(self.refused),
        }


_is_refused = records.shape(
    {"n": records.number(MOST_RECORDS), "reason": records.line(20, least=1)}
)
_RECEIPT = {
    "from": records.is_sha256,
    "to": records.is_sha256,
    "chain": records.is_uuid,
    "sequence": records.number(2**53),
    "digest": records.is_sha256,
    "taken_at": records.is_moment,
    "refused": records.each(_is_refused, most=MOST_RECORDS + records.MOST_RECIPIENTS),
}
_HEAD = {
    "from": records.is_sha256,
    "to": records.is_sha256,
    "chain": records.is_uuid,
    "sequence": records.number(2**53),
    "previous": records.is_sha256,
    "made_at": records.is_moment,
    "receipts": records.each(records.shape(_RECEIPT), most=1000),
    "files": records.each(
        records.shape({"sha256": records.is_sha256, "size": records.number(2**40)}), most=2000
    ),
}


def seal(head: Head, contents: dict[str, bytes], key: Key) -> bytes:
    """Return the bundle as a file, signed."""
    for record in head.records:
        records.check_record(record)
    signed = canonical.write(_plain(head))
    if len(signed) > LARGEST_HEAD:
        raise BundleError("size", "the head is too long")
    signature = key.sign(PURPOSE, signed).encode()
    length = f"{len(signed):0{_DIGITS}d}\n".encode()
    files = b"".join(contents[name] for name, _size in head.files)
    return b"".join([FIRST_LINE, length, signed, b"\n", signature, b"\n", files])


def digest_of(head: Head) -> str:
    """Return the digest by which the next bundle and the receipt name this one."""
    return canonical.digest(canonical.write(_plain(head)))


def open_bundle(content: bytes, *, most: int) -> Bundle:
    """Return what the file says, its shape and its files checked. Raises BundleError."""
    bundle, rest = open_first(content, most=most)
    if rest != len(content):
        raise BundleError("form", "something stands behind the last file")
    return bundle


def open_first(content: bytes, *, most: int, start: int = 0) -> tuple[Bundle, int]:
    """Return the bundle that begins there, and where it ends: a file may hold several."""
    signed, signature, behind = _frame(content, start)
    head = _head(canonical.read(signed))
    if behind - start + sum(size for _name, size in head.files) > most:
        raise BundleError("size", f"longer than {most} bytes")
    contents: dict[str, bytes] = {}
    for name, size in head.files:
        part = content[behind : behind + size]
        if len(part) != size or hashlib.sha256(part).hexdigest() != name:
            raise BundleError("digest", "a file is not what the head says")
        contents[name] = part
        behind += size
    return Bundle(head, signed, signature, contents), behind


def sign_receipt(receipt: Receipt, key: Key) -> bytes:
    """Return the receipt as it answers a call: canonical JSON, a line end, the signature."""
    signed = canonical.write(receipt.plain())
    return signed + b"\n" + key.sign(RECEIPT_PURPOSE, signed).encode()


def read_receipt(content: bytes, public: str) -> Receipt:
    """Return the receipt that the owner of this key signed. Raises BundleError."""
    signed, _line, signature = content.rpartition(b"\n")
    keys.verify(public, RECEIPT_PURPOSE, signed, signature.decode("ascii", "replace"))
    return plain_receipt(canonical.read(signed))


def plain_receipt(found: Any) -> Receipt:
    """Return a receipt from plain data. Raises BundleError."""
    if not records.shape(_RECEIPT)(found):
        raise BundleError("form", "no receipt")
    return Receipt(
        sender=found["from"],
        receiver=found["to"],
        chain=found["chain"],
        sequence=found["sequence"],
        digest=found["digest"],
        taken_at=found["taken_at"],
        refused=tuple(found["refused"]),
    )


def key_record(new: Key, *, known_as: str) -> Record:
    """Return the record by which the new key takes the place of the one known so far."""
    return {
        "type": "key",
        "public": new.public,
        "signature": new.sign(KEY_PURPOSE, known_as.encode()),
    }


def check_key_record(record: Record, *, known_as: str) -> str:
    """Return the new public key if it agreed to follow the known one. Raises BundleError."""
    keys.verify(record["public"], KEY_PURPOSE, known_as.encode(), record["signature"])
    return str(record["public"])


def _frame(content: bytes, start: int) -> tuple[bytes, str, int]:
    at = start + len(FIRST_LINE)
    if content[start:at] != FIRST_LINE:
        raise BundleError("form", "no bundle of this platform")
    length = content[at : at + _DIGITS]
    head = at + _DIGITS + 1
    if not length.isdigit() or content[head - 1 : head] != b"\n":
        raise BundleError("form", "no length")
    ends = head + int(length)
    if int(length) > LARGEST_HEAD:
        raise BundleError("size", "the head is too long")
    behind = ends + 1 + _SIGNATURE
    marks = content[ends : ends + 1] + content[behind : behind + 1]
    if marks != b"\n\n":
        raise BundleError("form", "cut off")
    signature = content[ends + 1 : behind].decode("ascii", "replace")
    return content[head:ends], signature, behind + 1


def _plain(head: Head) -> dict[str, Any]:
    return {
        "from": head.sender,
        "to": head.receiver,
        "chain": head.chain,
        "sequence": head.sequence,
        "previous": head.previous,
        "made_at": head.made_at,
        "receipts": list(head.receipts),
        "files": [{"sha256": name, "size": size} for name, size in head.files],
        "records": list(head.records),
    }


def _head(found: Any) -> Head:
    told = found.get("records") if isinstance(found, dict) else None
    if not isinstance(told, list) or len(told) > MOST_RECORDS:
        raise BundleError("form", "records")
    rest = {name: value for name, value in found.items() if name != "records"}
    if not records.shape(_HEAD)(rest):
        raise BundleError("form", "head")
    for record in told:
        records.check_record(record)
    _check_files(told, [(one["sha256"], one["size"]) for one in found["files"]])
    return Head(
        sender=found["from"],
        receiver=found["to"],
        chain=found["chain"],
        sequence=found["sequence"],
        previous=found["previous"],
        made_at=found["made_at"],
        records=told,
        receipts=found["receipts"],
        files=[(one["sha256"], one["size"]) for one in found["files"]],
    )


def _check_files(told: list[Record], given: list[tuple[str, int]]) -> None:
    named = {(one["sha256"], one["size"]) for record in told for one in record.get("files", ())}
    if named != set(given) or len(named) != len(given):
        raise BundleError("form", "the files are not those of the items")
