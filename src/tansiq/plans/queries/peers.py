"""Places like one place: how they are alike, and how far their plans are, as the reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language, gettext, pgettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.models import Contact, Organisation, Place
from tansiq.core import formats
from tansiq.core.translations import show_each
from tansiq.plans.models import Activity, Alignment, Plan, Relation, Report, Stage, StageName

# How many times as large or as small a place of similar size may be.
_TIMES = 2
MOST = 1000
# Of the most alike so many are asked how they solved an objective.
MOST_ANSWERS = 200
LIKENESSES = {
    "kind": pgettext_lazy("places are alike", "the same kind of place"),
    "size": pgettext_lazy("places are alike", "a similar size"),
    "stage": pgettext_lazy("places are alike", "the same stage"),
    "region": pgettext_lazy("places are alike", "the same region"),
    "hub": pgettext_lazy("places are alike", "other countries of the hub"),
}


@dataclass(frozen=True)
class Peer:
    """A place with a plan the reader may see, and in which ways it is like the one asked about."""

    plan: Plan
    stage: str
    alike: dict[str, str]
    nearness: float

    @property
    def place(self) -> Place:
        return self.plan.place

    @property
    def reasons(self) -> list[str]:
        return list(self.alike.values())


@dataclass(frozen=True)
class Whom:
    """Whom to ask: the body that speaks for a place, as far as the reader sees it."""

    office: Organisation | None
    contacts: int


@dataclass(frozen=True)
class PeerLine:
    peer: Peer
    steps: int
    done: int
    aligned: int
    activities: int
    report: Report | None
    whom: Whom


def wanted_from(asked: Iterable[str]) -> tuple[str, ...]:
    """Return the likenesses that count; all of them unless some were chosen."""
    asked = set(asked)
    return tuple(one for one in LIKENESSES if one in asked) or tuple(LIKENESSES)


def plan_of(actor: Actor, place: Place) -> Plan | None:
    """Return the plan of a place that carries down a national one, the newest first."""
    plans = Plan.objects.visible_to(actor).filter(place=place, parent__isnull=False)
    related = "country", "place", "parent__country"
    found: Plan | None = plans.select_related(*related).order_by("-starts_on", "-pk").first()
    return found


def peers_of(
    actor: Actor, place: Place | None, wanted: tuple[str, ...], *, country: str = ""
) -> list[Peer]:
    """Return the places like this one, the most alike first; without a place, all of the country.

    Only places whose plan the reader may see; those of other countries only from their hub.
    """
    code = place.country_code if place is not None else country
    plans = _plans(actor, place, code, abroad="hub" in wanted)
    stages = _stages(actor, plans, place)
    own = stages.get(place.pk, "") if place is not None else ""
    peers = [
        Peer(one, stages.get(one.place_id, ""), {}, 0.0)
        if place is None
        else _compared(one, place, wanted, stages=(stages.get(one.place_id, ""), own))
        for one in plans
    ]
    kept = [one for one in peers if place is None or one.alike]
    return sorted(
        kept, key=lambda one: (-len(one.alike), one.nearness, one.place.name, one.plan.pk)
    )


def _plans(actor: Actor, place: Place | None, code: str, *, abroad: bool) -> list[Plan]:
    """Return one plan for each place: the newest. RED stays with the persons it names."""
    where = Q(place__country_code=code)
    if abroad:
        where |= Q(is_hub_wide=True)
    rows = (
        Plan.objects.visible_to(actor)
        .filter(where, parent__isnull=False)
        .exclude(marking="red")
        .exclude(place=place)
        .select_related("country", "place__parent")
        .order_by("-starts_on", "-pk")[:MOST]
    )
    newest: dict[int, Plan] = {}
    for one in rows:
        newest.setdefault(one.place_id, one)
    return list(newest.values())


def _stages(actor: Actor, plans: list[Plan], place: Place | None) -> dict[int, str]:
    places = [one.place_id for one in plans] + ([place.pk] if place is not None else [])
    rows = Stage.objects.visible_to(actor).filter(place__in=places, is_latest=True)
    return dict(rows.order_by("since_on", "pk").values_list("place", "name"))


def _compared(plan: Plan, mine: Place, wanted: tuple[str, ...], *, stages: tuple[str, str]) -> Peer:
    theirs, (stage, own) = plan.place, stages
    sentences = {
        "kind": _same_kind(theirs, mine),
        "size": _similar_size(theirs, mine)
        or ("" if "kind" in wanted else _same_unit(theirs, mine)),
        "stage": _same_stage(stage, own),
        "region": _same_region(theirs, mine),
        "hub": _same_hub(plan, mine),
    }
    alike = {name: words for name in wanted if (words := sentences[name])}
    # Being abroad is no likeness by itself; a place abroad must be like this one in another way.
    if set(alike) == {"hub"} and len(wanted) > 1:
        alike = {}
    return Peer(plan, stage, alike, _distance(theirs, mine))


def _same_kind(theirs: Place, mine: Place) -> str:
    if theirs.kind == mine.kind:
        return gettext("It is a %(kind)s, too.") % {"kind": theirs.get_kind_display()}
    if theirs.level == mine.level and theirs.country_code == mine.country_code:
        return gettext("It is on the same level of government.")
    return ""


def _similar_size(theirs: Place, mine: Place) -> str:
    if not theirs.population or not mine.population:
        return ""
    larger = max(theirs.population, mine.population)
    if larger > _TIMES * min(theirs.population, mine.population):
        return ""
    language = get_language() or "en"
    return gettext("About as many people live there: %(theirs)s; here %(ours)s.") % {
        "theirs": formats.compact(theirs.population, language),
        "ours": formats.compact(mine.population, language),
    }


def _same_unit(theirs: Place, mine: Place) -> str:
    """Say what stands in for the size where it is not known how many people live there."""
    if (theirs.population and mine.population) or theirs.kind != mine.kind:
        return ""
    return gettext("How many people live there is not entered; it is a %(kind)s, too.") % {
        "kind": theirs.get_kind_display()
    }


def _same_stage(stage: str, own: str) -> str:
    if not own or stage != own or own == StageName.NONE:
        return ""
    return gettext("It is at the same stage: %(stage)s.") % {"stage": StageName(own).label}


def _same_region(theirs: Place, mine: Place) -> str:
    if not mine.parent_id or theirs.parent_id != mine.parent_id or theirs.level < _TIMES:
        return ""
    return gettext("It lies in %(region)s, too.") % {"region": theirs.parent}


def _same_hub(plan: Plan, mine: Place) -> str:
    if plan.place.country_code == mine.country_code:
        return ""
    return gettext("It lies in another country of the hub: %(country)s.") % {
        "country": plan.country
    }


def _distance(theirs: Place, mine: Place) -> float:
    """Return how many times as large or small it is; what is not known comes last."""
    if not theirs.population or not mine.population:
        return float(10**6)
    return max(theirs.population, mine.population) / min(theirs.population, mine.population)


def peer_lines(actor: Actor, peers: Iterable[Peer]) -> list[PeerLine]:
    """Add to each place how far it is; the same few queries for any number of places."""
    peers = list(peers)
    plans = [one.plan for one in peers]
    show_each(plans, "title", language_of=lambda one: str(one.language))
    with_counts: dict[int, Any] = {
        one.pk: one
        for one in Plan.objects.visible_to(actor)
        .filter(pk__in=[one.pk for one in plans])
        .with_progress()
    }
    there = [one.place_id for one in plans]
    # Most are registered under the national plan; what counts is where they are.
    activities = _count(
        Activity.objects.visible_to(actor).countable().filter(place__in=there), "place"
    )
    linked = Alignment.objects.visible_to(actor).filter(local_action__plan__in=plans)
    aligned = _count(
        linked.exclude(relation=Relation.NOT_APPLICABLE), "local_action__plan", "national_action"
    )
    reports = latest_reports(actor, there)
    whom = whom_to_ask(actor, there)
    return [
        PeerLine(
            one,
            with_counts[one.plan.pk].steps_total,
            with_counts[one.plan.pk].steps_done,
            aligned.get(one.plan.pk, 0),
            activities.get(one.plan.place_id, 0),
            reports.get(one.plan.place_id),
            whom[one.plan.place_id],
        )
        for one in peers
        if one.plan.pk in with_counts
    ]


def _count(rows: Any, by: str, what: str = "pk") -> dict[int, int]:
    return dict(rows.values_list(by).annotate(n=Count(what, distinct=True)).order_by())


def latest_reports(actor: Actor, places: list[int]) -> dict[int, Report]:
    """Return the newest sent report of each place that the reader may see."""
    rows = (
        Report.objects.visible_to(actor)
        .filter(place__in=places, status__in=("submitted", "accepted"))
        .exclude(marking="red")
        .select_related("period")
        .order_by("period__starts_on", "pk")
    )
    return {one.place_id: one for one in rows}


def whom_to_ask(actor: Actor, places: list[int]) -> dict[int, Whom]:
    """Return the office of each place that the reader sees, and how many contacts it lists."""
    offices = {
        one.place_id: one
        for one in Organisation.objects.visible_to(actor).filter(
            place__in=places, is_lead_of_place=True, is_active=True
        )
    }
    contacts = Contact.objects.visible_to(actor).standing()
    listed = _count(contacts.filter(organisation__in=list(offices.values())), "organisation")
    return {
        pk: Whom(office, listed.get(office.pk, 0)) if (office := offices.get(pk)) else Whom(None, 0)
        for pk in places
    }
