"""Whose voice: who really said something on a plan or about a place, by kind of actor.

Each input counts once, whatever its length and however many people stood behind it; any other
weight would be our opinion. Counted is what the reader may see, and RED never.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import Actor
from tansiq.plans.models import (
    VOICE_OF,
    Activity,
    Alignment,
    Asked,
    Attendance,
    Plan,
    Proposal,
    Remark,
    Report,
    Voice,
)

# Below this nobody can tell whose voice it is: one meeting more would turn the picture over.
FLOOR = 5


@dataclass(frozen=True)
class Span:
    """A stretch of time, both days included."""

    since: dt.date
    until: dt.date

    def covers(self, path: str, *, is_moment: bool) -> Q:
        """Return the condition that a day, or a moment, lies within."""
        if not is_moment:
            return Q(**{f"{path}__gte": self.since, f"{path}__lte": self.until})
        begins = dt.datetime.combine(self.since, dt.time(), tzinfo=dt.UTC)
        ends = dt.datetime.combine(self.until, dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=1)
        return Q(**{f"{path}__gte": begins, f"{path}__lt": ends})


@dataclass(frozen=True)
class Source:
    """One sort of input: which rows, of which place, whose, when, and on which plan."""

    code: str
    label: str | Promise
    rows: Callable[[Actor], QuerySet[Any]]
    place: str
    whose: str
    when: str
    # The path to the plan; empty where an input is about the place and so about all its plans.
    plan: str
    counted: str = "pk"
    is_moment: bool = False
    is_voice: bool = False
    more: Callable[[], Q] = Q


def _reports(actor: Actor) -> QuerySet[Any]:
    written = ~Q(narrative="") | ~Q(blockers="") | ~Q(wishes="")
    seen = Report.objects.visible_to(actor).exclude(marking="red")
    return seen.filter(written, submitted_at__isnull=False)


def _remarks(actor: Actor) -> QuerySet[Any]:
    return Remark.objects.visible_to(actor).exclude(report__marking="red")


def _answers(actor: Actor) -> QuerySet[Any]:
    """Return what places answered in their own words; what was only taken over says nothing."""
    seen = Alignment.objects.visible_to(actor).exclude(national_action__plan__marking="red")
    return seen.exclude(relation="adopts")


def _proposals(actor: Actor) -> QuerySet[Any]:
    seen = Proposal.objects.visible_to(actor).exclude(marking="red")
    return seen.exclude(status__in=("draft", "withdrawn"))


def _activities(actor: Actor) -> QuerySet[Any]:
    return Activity.objects.visible_to(actor).countable()


def _asked(actor: Actor) -> QuerySet[Any]:
    seen = Asked.objects.visible_to(actor).exclude(factor__picture__marking="red")
    return seen.exclude(factor__picture__status="draft")


def _present(actor: Actor) -> QuerySet[Any]:
    return Attendance.objects.visible_to(actor).exclude(consultation__marking="red")


SOURCES = (
    Source(
        "reports",
        _("reports sent with words in them"),
        _reports,
        "place",
        "owner__kind",
        "submitted_at",
        "period__plan",
        is_moment=True,
    ),
    Source(
        "remarks",
        _("questions, replies and corrections on reports"),
        _remarks,
        "report__place",
        "organisation__kind",
        "at",
        "report__period__plan",
        is_moment=True,
    ),
    Source(
        "answers",
        _("national actions adapted, supported or refused with a reason"),
        _answers,
        "place",
        "place__organisations__kind",
        "changed_at",
        "national_action__plan",
        is_moment=True,
        more=lambda: Q(place__organisations__is_lead_of_place=True),
    ),
    Source(
        "proposals",
        _("changes of the national plan proposed"),
        _proposals,
        "place",
        "owner__kind",
        "sent_at",
        "plan",
        is_moment=True,
    ),
    Source(
        "activities",
        _("activities led"),
        _activities,
        "place",
        "owner__kind",
        "starts_on",
        "plan",
    ),
    Source(
        "pictures",
        _("kinds of actors asked for a threat and resilience picture"),
        _asked,
        "factor__picture__place",
        "voice",
        "factor__picture__agreed_on",
        "",
        counted="factor__picture",
        is_voice=True,
    ),
    Source(
        "consultations",
        _("kinds of actors present at a consultation"),
        _present,
        "consultation__place",
        "voice",
        "consultation__held_on",
        "consultation__plan",
        is_voice=True,
    ),
)


_TONES = {
    Voice.ELECTED: "s1",
    Voice.ADMINISTRATION: "s2",
    Voice.SECURITY: "s4",
    Voice.CIVIL_SOCIETY: "s6",
    Voice.RELIGIOUS: "s5",
    Voice.WOMEN: "done",
    Voice.YOUTH: "s3",
    Voice.SERVICES: "calm",
    Voice.PRIVATE: "risk",
}


@dataclass(frozen=True)
class Share:
    """What one kind of actor gave: so many inputs, so many of a hundred."""

    voice: Voice
    count: int
    hundredths: int

    @property
    def tone(self) -> str:
        """Its colour, the same on every page; what has none is drawn as a rail."""
        return _TONES.get(self.voice, "")


class Tally:
    """The inputs of one place or period, by kind of actor and by sort of input."""

    def __init__(self, counts: Counter[tuple[str, Voice]]) -> None:
        self.by_source: Counter[str] = Counter()
        self.by_voice: Counter[Voice] = Counter()
        for (source, voice), count in counts.items():
            self.by_source[source] += count
            self.by_voice[voice] += count

    @property
    def total(self) -> int:
        return sum(self.by_voice.values())

    @property
    def is_enough(self) -> bool:
        return self.total >= FLOOR

    @property
    def shares(self) -> list[Share]:
        """Every kind with its share; together exactly a hundred, as soon as there is anything."""
        parts = hundredths([self.by_voice[one] for one in Voice])
        return [
            Share(one, self.by_voice[one], part) for one, part in zip(Voice, parts, strict=True)
        ]

    @property
    def largest(self) -> Share:
        return max(self.shares, key=lambda one: one.count)

    @property
    def is_mostly_security(self) -> bool:
        return 2 * self.by_voice[Voice.SECURITY] > self.total

    @property
    def has_elected(self) -> bool:
        return bool(self.by_voice[Voice.ELECTED])

    @property
    def sources(self) -> list[tuple[str, int]]:
        """Each sort of input with how many there are, also none."""
        return [(str(one.label), self.by_source[one.code]) for one in SOURCES]


def hundredths(counts: Sequence[int]) -> list[int]:
    """Share a hundred out by these counts, exactly: what is left goes to the largest remainders."""
    whole = sum(counts)
    if not whole:
        return [0] * len(counts)
    parts = [100 * one // whole for one in counts]
    left = 100 - sum(parts)
    order = sorted(range(len(counts)), key=lambda n: (-(100 * counts[n] % whole), n))
    for n in order[:left]:
        parts[n] += 1
    return parts


Key = tuple[int, int]


def tallies(
    actor: Actor, places: Sequence[int], spans: Sequence[Span], *, plan: Plan | None = None
) -> dict[Key, Tally]:
    """Return the inputs of each place with everything below it, in each span: one query a source.

    With a plan, only what belongs to it or to the plans it carries down or comes from.
    """
    counts: dict[Key, Counter[tuple[str, Voice]]] = {
        (place, n): Counter() for place in places for n in range(len(spans))
    }
    for source in SOURCES:
        for row in _counted(source, actor, places, spans, plan=plan):
            voice = Voice(row["whose"]) if source.is_voice else VOICE_OF[row["whose"]]
            for n in range(len(spans)):
                if row[f"n{n}"]:
                    counts[row["above"], n][source.code, voice] += row[f"n{n}"]
    return {key: Tally(one) for key, one in counts.items()}


def _counted(
    source: Source,
    actor: Actor,
    places: Sequence[int],
    spans: Sequence[Span],
    *,
    plan: Plan | None,
) -> QuerySet[Any, Any]:
    above = f"{source.place}__links_up__ancestor"
    rows = source.rows(actor).filter(source.more(), **{f"{above}__in": list(places)})
    if plan is not None and source.plan:
        root = plan.parent_id or plan.pk
        rows = rows.filter(Q(**{source.plan: root}) | Q(**{f"{source.plan}__parent": root}))
    each = {
        f"n{n}": Count(
            source.counted,
            filter=span.covers(source.when, is_moment=source.is_moment),
            distinct=source.counted != "pk",
        )
        for n, span in enumerate(spans)
    }
    counted: QuerySet[Any, Any] = (
        rows.values(above=F(above), whose=F(source.whose)).annotate(**each).order_by()
    )
    return counted
