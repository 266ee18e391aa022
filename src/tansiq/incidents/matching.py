"""Which services fit a need, and what is missing: plain data in, reasons and gaps out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    COVERS = "covers"
    NEARBY = "nearby"
    SPEAKS = "speaks"
    ACCESSIBLE = "accessible"
    HAS_ROOM = "has_room"
    UNCOUNTED = "uncounted"


class Gap(StrEnum):
    LANGUAGE = "language"
    ACCESS = "access"
    FULL = "full"
    TOO_SMALL = "too_small"


# With one of these a service is no help to the need at all.
_STOPS = frozenset({Gap.LANGUAGE, Gap.ACCESS, Gap.FULL})


@dataclass(frozen=True)
class Wanted:
    """A need; `areas` is its area and all above it."""

    key: int
    kind: str
    area: int
    areas: frozenset[int]
    left: int
    languages: frozenset[str] = frozenset()
    needs_access: bool = False


@dataclass(frozen=True)
class Offered:
    """A service; `areas` is its area and all above it, `free` is None where nobody counts."""

    key: int
    kind: str
    area: int
    areas: frozenset[int]
    free: int | None = None
    languages: frozenset[str] = frozenset()
    is_accessible: bool = False


@dataclass(frozen=True)
class Fit:
    """How one service fits one need."""

    need: int
    service: int
    reasons: tuple[Reason, ...]
    gaps: tuple[Gap, ...]

    @property
    def helps(self) -> bool:
        """Whether somebody of the need can be sent there."""
        return not _STOPS & set(self.gaps)


def fit(need: Wanted, service: Offered) -> Fit | None:
    """Return how a service fits; None when it is of another kind or somewhere else."""
    if need.kind != service.kind:
        return None
    if service.area in need.areas:
        place = Reason.COVERS
    elif need.area in service.areas:
        place = Reason.NEARBY
    else:
        return None
    found = [_language(need, service), _access(need, service), _room(need, service)]
    reasons = tuple(one for one in found if isinstance(one, Reason))
    gaps = tuple(one for one in found if isinstance(one, Gap))
    return Fit(need.key, service.key, (place, *reasons), gaps)


def _language(need: Wanted, service: Offered) -> Reason | Gap | None:
    if not need.languages:
        return None
    return Reason.SPEAKS if need.languages & service.languages else Gap.LANGUAGE


def _access(need: Wanted, service: Offered) -> Reason | Gap | None:
    if not need.needs_access:
        return None
    return Reason.ACCESSIBLE if service.is_accessible else Gap.ACCESS


def _room(need: Wanted, service: Offered) -> Reason | Gap:
    if service.free is None:
        return Reason.UNCOUNTED
    if service.free <= 0:
        return Gap.FULL
    return Reason.HAS_ROOM if service.free >= need.left else Gap.TOO_SMALL


def fits(need: Wanted, services: Iterable[Offered]) -> list[Fit]:
    """Return the services that come into question: those that help first, the fewest gaps first."""
    found = [one for service in services if (one := fit(need, service)) is not None]
    return sorted(found, key=lambda one: (not one.helps, len(one.gaps), one.service))


def with_nobody(needs: Iterable[Wanted], services: Iterable[Offered]) -> list[Wanted]:
    """Return the needs that no service can help."""
    offered = list(services)
    return [one for one in needs if not any(found.helps for found in fits(one, offered))]
