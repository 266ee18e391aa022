"""What the needs board shows: needs and services, what fits, who has nobody, how families fare."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.models import PlaceLink
from tansiq.core import formats
from tansiq.incidents.matching import Fit, Gap, Offered, Reason, Wanted, fits, with_nobody
from tansiq.incidents.models import (
    FamiliesCount,
    Incident,
    Match,
    Need,
    NeedKind,
    NeedState,
    Service,
)


def needs_of(actor: Actor, incident: Incident) -> QuerySet[Need]:
    """Return the needs of a room that this actor sees, open ones first, the largest first."""
    rows = Need.objects.visible_to(actor).filter(incident=incident)
    known: QuerySet[Need] = rows.select_related("place", "organisation")
    return known.order_by("ended_at", "-count", "pk")


def services_of(actor: Actor, incident: Incident) -> QuerySet[Service]:
    rows = Service.objects.visible_to(actor).filter(incident=incident)
    known: QuerySet[Service] = rows.select_related("place", "organisation")
    return known.order_by("kind", "place__name", "pk")


def states() -> list[tuple[str, Any]]:
    """Return the states by which the board is narrowed."""
    return [("unmet", pgettext_lazy("needs", "without enough help")), *NeedState.choices]


def narrowed(rows: QuerySet[Need], *, state: str, kind: str) -> QuerySet[Need]:
    """Return what a filter leaves; unknown values leave what is open."""
    if kind in NeedKind.values:
        rows = rows.filter(kind=kind)
    if state in NeedState.values:
        return rows.filter(state=state)
    return rows.filter(state__in=(NeedState.OPEN, NeedState.PART))


# --- what fits


def _areas(places: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return each place with itself and all above it; one query."""
    found: dict[int, set[int]] = {}
    for place, above in PlaceLink.objects.filter(place__in=set(places)).values_list(
        "place", "ancestor"
    ):
        found.setdefault(place, {place}).add(above)
    return {place: frozenset(above) for place, above in found.items()}


def _wanted(need: Need, areas: dict[int, frozenset[int]]) -> Wanted:
    return Wanted(
        key=need.pk,
        kind=need.kind,
        area=need.place_id,
        areas=areas.get(need.place_id, frozenset({need.place_id})),
        left=need.left,
        languages=frozenset(need.languages),
        needs_access=need.needs_access,
    )


def _offered(service: Service, areas: dict[int, frozenset[int]]) -> Offered:
    return Offered(
        key=service.pk,
        kind=service.kind,
        area=service.place_id,
        areas=areas.get(service.place_id, frozenset({service.place_id})),
        free=service.free,
        languages=frozenset(service.languages),
        is_accessible=service.is_accessible,
    )


@dataclass(frozen=True)
class Candidate:
    """A service for a need, with why and what is missing in words."""

    service: Service
    helps: bool
    reasons: list[str]
    gaps: list[str]
    at_most: int


def candidates(actor: Actor, need: Need, *, on: dt.date, language: str) -> list[Candidate]:
    """Return the services that come into question for a need, those that help first."""
    services = list(services_of(actor, need.incident).filter(kind=need.kind))
    running = [one for one in services if _runs(one, on)]
    areas = _areas([need.place_id, *(one.place_id for one in running)])
    by_key = {one.pk: one for one in running}
    found = fits(_wanted(need, areas), [_offered(one, areas) for one in running])
    return [_candidate(one, by_key[one.service], need, language) for one in found]


def _runs(service: Service, on: dt.date) -> bool:
    is_over = service.ends_on is not None and service.ends_on < on
    return service.state == "running" and service.starts_on <= on and not is_over


def _candidate(found: Fit, service: Service, need: Need, language: str) -> Candidate:
    free = service.free
    return Candidate(
        service,
        found.helps,
        [_reason(one, service, language) for one in found.reasons],
        [_gap(one, service, need, language) for one in found.gaps],
        need.left if free is None else max(min(free, need.left), 0),
    )


def _reason(reason: Reason, service: Service, language: str) -> str:
    if reason == Reason.HAS_ROOM:
        free = service.free or 0
        said = ngettext("%(count)s place free", "%(count)s places free", free)
        return said % {"count": formats.number(free, language)}
    return {
        Reason.COVERS: _("covers the area"),
        Reason.NEARBY: _("lies in the area"),
        Reason.SPEAKS: _("speaks a language they speak"),
        Reason.ACCESSIBLE: _("accessible"),
        Reason.UNCOUNTED: _("does not count its places"),
    }[reason]


def _gap(gap: Gap, service: Service, need: Need, language: str) -> str:
    if gap == Gap.TOO_SMALL:
        return _("has room for %(free)s of %(left)s") % {
            "free": formats.number(service.free or 0, language),
            "left": formats.number(need.left, language),
        }
    return {
        Gap.LANGUAGE: _("speaks none of their languages"),
        Gap.ACCESS: _("is not accessible"),
        Gap.FULL: _("is full"),
    }[gap]


@dataclass(frozen=True)
class Nobody:
    """How many needs of an area have nobody, and which kinds they are of."""

    place: Any
    count: int
    kinds: list[Any]

    def sentence(self, language: str) -> str:
        said = ngettext(
            "%(count)s need in %(place)s has nobody: %(kinds)s.",
            "%(count)s needs in %(place)s have nobody: %(kinds)s.",
            self.count,
        )
        return said % {
            "count": formats.number(self.count, language),
            "place": formats.isolate(self.place, language),
            "kinds": formats.comma(language).join(str(one) for one in self.kinds),
        }


def nobody_for(actor: Actor, incident: Incident, *, on: dt.date) -> list[Nobody]:
    """Return the areas with needs that no service can help, the most first."""
    needs = list(needs_of(actor, incident).filter(state__in=(NeedState.OPEN, NeedState.PART)))
    services = [one for one in services_of(actor, incident) if _runs(one, on)]
    places = [one.place_id for one in needs] + [one.place_id for one in services]
    areas = _areas(places)
    offered = [_offered(one, areas) for one in services]
    alone = {one.key for one in with_nobody([_wanted(one, areas) for one in needs], offered)}
    by_place: dict[Any, list[Need]] = {}
    for need in needs:
        if need.pk in alone:
            by_place.setdefault(need.place, []).append(need)
    rows = [
        Nobody(place, len(found), [kind.label for kind in NeedKind if _has(found, kind)])
        for place, found in by_place.items()
    ]
    return sorted(rows, key=lambda one: (-one.count, str(one.place)))


def _has(needs: list[Need], kind: NeedKind) -> bool:
    return any(one.kind == kind for one in needs)


def matches_of(need: Need) -> QuerySet[Match]:
    """Return what takes care of a need now."""
    rows = need.matches.filter(undone_at__isnull=True)
    return rows.select_related("service__organisation", "service__place").order_by("pk")


# --- the whole


@dataclass
class Families:
    """How families are supported, by the latest count; no share is made of nothing."""

    families: int = 0
    with_navigator: int = 0
    navigators: int = 0
    at: dt.datetime | None = None
    open_by_kind: list[tuple[Any, int]] = field(default_factory=list)

    @property
    def without(self) -> int:
        return self.families - self.with_navigator

    @property
    def load(self) -> float | None:
        """How many families one contact person has on average."""
        return self.with_navigator / self.navigators if self.navigators else None


def families_of(actor: Actor, incident: Incident) -> Families:
    counts = FamiliesCount.objects.visible_to(actor).filter(incident=incident)
    latest = counts.order_by("-at", "-pk").first()
    rows = needs_of(actor, incident).filter(group="families")
    kinds = Counter(
        rows.filter(state__in=(NeedState.OPEN, NeedState.PART))
        .order_by()
        .values_list("kind", flat=True)
    )
    open_by_kind = [(one.label, kinds[one]) for one in NeedKind if kinds[one]]
    if latest is None:
        return Families(open_by_kind=open_by_kind)
    return Families(
        latest.families, latest.with_navigator, latest.navigators, latest.at, open_by_kind
    )


@dataclass
class OfKind:
    """One kind of need: how many requests, for how many people, met for how many, how quickly."""

    kind: NeedKind
    requests: int
    people: int
    met: int
    hours: float | None

    @property
    def left(self) -> int:
        return self.people - self.met


@dataclass
class NeedsSummary:
    """The board in numbers, for the report afterwards. Closed needs count by what was met."""

    kinds: list[OfKind]
    services: int
    places: int

    @property
    def people(self) -> int:
        return sum(one.people for one in self.kinds)

    @property
    def met(self) -> int:
        return sum(one.met for one in self.kinds)

    @property
    def left(self) -> int:
        return self.people - self.met


def needs_summary(incident: Incident) -> NeedsSummary:
    """Return the needs of a room by kind, and how many services and places there were."""
    needs = list(Need.objects.filter(incident=incident))
    services = list(Service.objects.filter(incident=incident))
    return NeedsSummary(
        [
            _of_kind(kind, found)
            for kind in NeedKind
            if (found := [one for one in needs if one.kind == kind])
        ],
        len(services),
        sum(one.capacity or 0 for one in services),
    )


def _of_kind(kind: NeedKind, needs: list[Need]) -> OfKind:
    took = [
        (one.ended_at - one.told_at).total_seconds() / 3600
        for one in needs
        if one.state == NeedState.MET and one.ended_at is not None
    ]
    return OfKind(
        kind,
        len(needs),
        sum(one.count for one in needs),
        sum(one.met for one in needs),
        median(took) if took else None,
    )
