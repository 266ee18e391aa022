"""What a backup says about itself, and how that is checked."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

FORMAT = 1
NAME = "manifest.json"
# One value each that two copies of the same data must share, as SQL that gives one value.
# A part registers its own; the log registers its latest seal.
facts: dict[str, str] = {}


class BackupError(Exception):
    """A backup cannot be made or used; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Contents:
    """What is in a database: applied migrations, rows by table, and the registered facts."""

    migrations: tuple[str, ...]
    counts: dict[str, int]
    facts: dict[str, str]


@dataclass(frozen=True)
class Member:
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    version: str
    made_at: str
    database: str
    contents: Contents
    members: dict[str, Member]

    def as_json(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read a manifest. Raises BackupError for anything that is not one of ours."""
        try:
            given = json.loads(text)
            if given["format"] > FORMAT:
                raise BackupError("This backup was made by a newer version. Upgrade Tansiq first.")
            return cls._from_dict(given)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise BackupError("The manifest of this backup cannot be read.") from problem

    @classmethod
    def _from_dict(cls, given: dict[str, Any]) -> Self:
        contents = given["contents"]
        return cls(
            version=str(given["version"]),
            made_at=str(given["made_at"]),
            database=str(given["database"]),
            contents=Contents(
                migrations=tuple(str(one) for one in contents["migrations"]),
                counts={str(name): int(number) for name, number in contents["counts"].items()},
                facts={str(name): str(value) for name, value in contents["facts"].items()},
            ),
            members={
                str(name): Member(int(one["size"]), str(one["sha256"]))
                for name, one in given["members"].items()
            },
        )
