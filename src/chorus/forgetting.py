"""The first step: after it there is no author, no handle and no text as it was written.

An author and a post's id become SipHash-2-4 under the key of the incident. Who holds the key could
try names against the hashes; so the key lies in a file of its own that only its owner may read, and
is destroyed at the end. What is left then can be linked to nobody, not even by us.
"""

import hashlib
import json
import os
import secrets
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from chorus.kernel import KEY_BYTES, digest, mask

FORGOTTEN_BATCH: Final = pl.Schema(
    {
        "id": pl.UInt64(),
        "at": pl.Int64(),
        "author": pl.UInt64(),
        "text": pl.String(),
        "lang": pl.String(),
        "repost": pl.Boolean(),
        "official": pl.Boolean(),
    }
)

# Clocks of platforms and of people's telephones differ; by more than this a time is wrong.
AHEAD: Final = timedelta(hours=1)

NO_TEXT: Final = "no text"
NO_TIME: Final = "no time that can be read"
FUTURE: Final = "in the future"

_FIRST_LINE: Final = "chorus incident key 1"
_OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077


class KeyFileError(Exception):
    """The key of an incident cannot be made, read or destroyed; the message says what to do."""


class OfficialAccountsError(Exception):
    """The list of official accounts cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Destruction:
    """The proof that a key is gone: which one, and when."""

    fingerprint: str
    destroyed_at: str


@dataclass(frozen=True)
class IncidentKey:
    """The secret of one incident, 16 random bytes. It shows itself nowhere but in its file."""

    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """What names the key without telling anything about it."""
        return hashlib.sha256(b"chorus incident key\0" + self.secret).hexdigest()[:16]

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new key in a new file that only its owner may read.

        Raises KeyFileError if there is already a file, or it cannot be written.
        """
        key = cls(secrets.token_bytes(KEY_BYTES))
        content = f"{_FIRST_LINE}\n{key.secret.hex()}\n".encode()
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        except FileExistsError as error:
            message = f"There is already a file {path.name}; use its key, or name another file."
            raise KeyFileError(message) from error
        except OSError as error:
            raise KeyFileError(f"The key cannot be written: {error.strerror}.") from error
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return key

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the key of a file. Raises KeyFileError if others may read it, or it is no key."""
        try:
            content = path.read_bytes()
            mode = path.stat().st_mode
        except FileNotFoundError as error:
            message = f"There is no key {path.name}; it was destroyed, or never made."
            raise KeyFileError(message) from error
        except OSError as error:
            raise KeyFileError(f"The key cannot be read: {error.strerror}.") from error
        if mode & _OTHERS:
            message = (
                f"Others may read the key {path.name}; run `chmod 600` on it, or make a new one."
            )
            raise KeyFileError(message)
        first, _, rest = content.decode("ascii", "replace").partition("\n")
        try:
            secret = bytes.fromhex(rest.strip())
        except ValueError:
            secret = b""
        if first != _FIRST_LINE or len(secret) != KEY_BYTES:
            raise KeyFileError(f"{path.name} is not a key of an incident; name the right file.")
        return cls(secret)

    @classmethod
    def destroy(cls, path: Path, *, at: datetime, proof: Path) -> Destruction:
        """Overwrite the key, remove its file, and leave a proof that says when.

        The proof is written before anything is lost and takes its name after. Raises KeyFileError
        if the key cannot be read, or one of the files not written. Copies elsewhere, such as
        backups, are not reached; nor is what a drive keeps of overwritten blocks.
        """
        record = Destruction(cls.load(path).fingerprint, at.isoformat())
        aside = proof.with_name(f"{proof.name}.part")
        try:
            aside.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            aside.replace(proof)
        except OSError as error:
            message = f"The key could not be destroyed with a proof: {error.strerror}; try again."
            raise KeyFileError(message) from error
        return record


@dataclass(frozen=True, eq=False)
class OfficialAccounts:
    """The hashes of accounts that speak for authorities; the names are not kept."""

    hashes: npt.NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))

    @classmethod
    def load(cls, path: Path, key: IncidentKey) -> Self:
        """Return the accounts of a text file: a handle or an id a line, # before remarks.

        Raises OfficialAccountsError if the file cannot be read.
        """
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except OSError as error:
            message = f"The list of official accounts cannot be read: {error.strerror}."
            raise OfficialAccountsError(message) from error
        except UnicodeDecodeError as error:
            message = "The list of official accounts is not UTF-8; save it as UTF-8 text."
            raise OfficialAccountsError(message) from error
        names = [name for line in lines if (name := line.partition("#")[0].strip())]
        hashes = np.unique(digest(_alike(pl.Series(names, dtype=pl.String)), key.secret))
        # 0 stands for whoever is not known, and speaks for nobody.
        return cls(hashes[hashes != 0])


NO_ACCOUNTS: Final = OfficialAccounts()


def forget(
    raw: pl.DataFrame,
    key: IncidentKey,
    *,
    official: OfficialAccounts = NO_ACCOUNTS,
    now: datetime | None = None,
) -> pl.DataFrame:
    """Return the posts of a raw batch without anybody in them.

    Posts that `dropped` counts are left out. `at` becomes microseconds since 1970 in UTC; an
    unknown author is 0. `lang` stays only where it looks like the code of a language.
    """
    kept = raw.filter(_reasons(raw, now).is_null())
    authors = digest(_alike(kept["author"]), key.secret)
    return pl.DataFrame(
        {
            "id": pl.Series(digest(kept["id"], key.secret), dtype=pl.UInt64),
            "at": kept["at"].dt.timestamp("us"),
            "author": pl.Series(authors, dtype=pl.UInt64),
            "text": pl.Series(mask(kept["text"]), dtype=pl.String),
            "lang": _language_codes(kept["lang"]),
            "repost": kept["repost"],
            "official": pl.Series(np.isin(authors, official.hashes)),
        },
        schema=FORGOTTEN_BATCH,
    )


def dropped(raw: pl.DataFrame, *, now: datetime | None = None) -> Counter[str]:
    """Return how many posts of a raw batch `forget` leaves out, by reason.

    `now` is the caller's clock; posts more than an hour after it are in the future. Without it
    none is.
    """
    reasons = _reasons(raw, now).drop_nulls()
    return Counter(dict(reasons.value_counts().iter_rows()))


def _reasons(raw: pl.DataFrame, now: datetime | None) -> pl.Series:
    """Return why each post is left out; null where it is kept."""
    is_late = pl.lit(value=False) if now is None else pl.col("at") > now + AHEAD
    has_text = pl.col("text").str.strip_chars().str.len_bytes() > 0
    reason = (
        pl.when(~has_text.fill_null(value=False))
        .then(pl.lit(NO_TEXT))
        .when(pl.col("at").is_null())
        .then(pl.lit(NO_TIME))
        .when(is_late)
        .then(pl.lit(FUTURE))
    )
    return raw.select(reason.alias("reason"))["reason"]


def _alike(accounts: pl.Series) -> pl.Series:
    """Return accounts as they are compared: platforms do not mind case, people write an @."""
    return accounts.str.strip_chars().str.strip_prefix("@").str.to_lowercase()


def _language_codes(hints: pl.Series) -> pl.Series:
    # Whatever else stands there may be somebody's words.
    return hints.str.extract(r"^\s*([A-Za-z]{2,3})(?:[-_][A-Za-z]{2,8})*\s*$").str.to_lowercase()
