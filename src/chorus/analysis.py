"""What a run begins with: the state it counts into, the key, and the recipe for its posts.

Without a folder nothing is kept: the key exists in memory only and is gone with the process.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from chorus.foldable import Settings
from chorus.forgetting import NO_ACCOUNTS, IncidentKey, OfficialAccounts
from chorus.heads import Heads, load_heads
from chorus.inputs import Marks
from chorus.kernel import KEY_BYTES
from chorus.places import Gazetteer, load_gazetteer
from chorus.process import Recipe
from chorus.state import FILE, State

KEY_FILE: Final = "incident.key"
_LOCK_FILE: Final = "lock"


class AnalysisError(Exception):
    """A run cannot begin as it was asked for; the message says what to do."""


@dataclass(frozen=True)
class Request:
    """What is asked for. `at` is the moment of the incident; `now` the caller's clock."""

    at: datetime
    now: datetime
    folder: Path | None = None
    key: Path | None = None
    heads: Path | None = None
    places: Path | None = None
    official: Path | None = None
    since: datetime | None = None
    until: datetime | None = None
    k: int = 10


@dataclass(frozen=True, eq=False)
class Prepared:
    """What the engine needs, and what the picture needs besides the state."""

    state: State
    marks: Marks
    recipe: Recipe
    gazetteer: Gazetteer


def prepare(request: Request) -> Prepared:
    """Return what a run begins with; a state that was saved before is taken up.

    Raises AnalysisError, KeyFileError, OfficialAccountsError, GazetteerError, HeadsError,
    StateFileError or SettingsDifferError; each says what to do.
    """
    key = _key(request)
    heads = load_heads(request.heads)
    gazetteer = Gazetteer() if request.places is None else load_gazetteer(request.places)
    settings = Settings(
        incident_at=round(request.at.timestamp() * 1_000_000),
        key=key.fingerprint,
        k=request.k,
        gazetteer=gazetteer.fingerprint,
        heads=fingerprint_of(heads),
    )
    state = State(settings)
    if request.folder is not None and (request.folder / FILE).exists():
        state = State.load(request.folder)
        settings.require_same(state.settings)
    recipe = Recipe(
        key=key,
        heads=heads,
        places=gazetteer.phrasebook() if gazetteer.places else None,
        official=(
            NO_ACCOUNTS
            if request.official is None
            else OfficialAccounts.load(request.official, key)
        ),
        since=request.since,
        until=request.until,
        now=request.now,
    )
    return Prepared(state, Marks.of(state.position), recipe, gazetteer)


@contextmanager
def held(folder: Path | None) -> Iterator[None]:
    """Keep other runs from counting into the same state. Raises AnalysisError where one does."""
    if folder is None:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = f"The folder of the state cannot be used: {error.strerror}; name another."
        raise AnalysisError(message) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = f"Another run counts into {folder.name}; wait for it, or name another folder."
        raise AnalysisError(message) from error
    else:
        yield
    finally:
        os.close(handle)


def fingerprint_of(heads: Heads) -> str:
    """Return what tells these heads from others: two states with the same can be added up."""
    digest = hashlib.blake2b(digest_size=8)
    for name, values in sorted(heads.arrays().items()):
        digest.update(name.encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


def key_path(folder: Path) -> Path:
    """Return where the key of a saved state lies."""
    return folder / KEY_FILE


def _key(request: Request) -> IncidentKey:
    if request.key is not None:
        return IncidentKey.load(request.key)
    if request.folder is None:
        return IncidentKey(secrets.token_bytes(KEY_BYTES))
    path = key_path(request.folder)
    if path.exists() or (request.folder / FILE).exists():
        return IncidentKey.load(path)
    return IncidentKey.create(path)
