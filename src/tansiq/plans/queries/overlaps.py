"""Pairs of activities that overlap, as pages show them: found, in groups, with their reasons."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Place
from tansiq.core import formats
from tansiq.core.formats import isolate
from tansiq.core.translations import show_each
from tansiq.plans.models import Activity, Conversation, Message, Overlap, OverlapState

# Above this a list says "more than", and asks to narrow down.
COUNTED = 10_000
MOST_BESIDE = 5
# From here on the words of two titles are worth a sentence.
_ALIKE = 30
SETTLED = "settled"
_SETTLED = [one for one in OverlapState if one not in {OverlapState.NEW, OverlapState.TALKING}]


@dataclass(frozen=True)
class WantedPairs:
    """Which pairs a reader asks for; what is empty does not narrow."""

    place: Place | None = None
    theme: str = ""
    audience: str = ""
    state: str = ""
    owners: frozenset[int] = frozenset()


@dataclass
class Group:
    """An activity, and those that do nearly the same."""

    activity: Activity
    pairs: list[Overlap] = field(default_factory=list)


def find_pairs(visible: QuerySet[Overlap], wanted: WantedPairs) -> QuerySet[Overlap]:
    """Return what is asked for among what is visible, the most alike first."""
    pairs = with_both(visible)
    equal = {"theme": wanted.theme, "audience": wanted.audience}
    pairs = pairs.filter(**{name: value for name, value in equal.items() if value})
    if wanted.state:
        states = _SETTLED if wanted.state == SETTLED else [wanted.state]
        pairs = pairs.filter(state__in=states)
    if wanted.place is not None:
        pairs = pairs.filter(second__place__in=Place.objects.under(wanted.place).values("pk"))
    if wanted.owners:
        pairs = pairs.filter(_of(wanted.owners))
    return pairs.order_by("-score", "-pk")


def _of(owners: Iterable[int]) -> Q:
    mine = Activity.objects.filter(owner__in=owners).values("pk")
    return Q(first__in=mine) | Q(second__in=mine)


def with_both(pairs: QuerySet[Overlap]) -> QuerySet[Overlap]:
    """Load pairs with all that a page says about them."""
    return pairs.select_related(
        "first__owner",
        "first__place",
        "second__owner",
        "second__place",
        "settled_by",
    )


def has_pairs_of(actor: Actor) -> bool:
    """Return whether anything that this person's organisations do overlaps."""
    owners = actor.organisation_ids
    return bool(owners) and Overlap.objects.visible_to(actor).filter(_of(owners)).exists()


def in_groups(pairs: Iterable[Overlap]) -> list[Group]:
    """Put together the pairs that share an activity, in the order of their best."""
    pairs = list(pairs)
    show_titles([one for pair in pairs for one in (pair.first, pair.second)])
    groups: dict[int, Group] = {}
    for pair in pairs:
        groups.setdefault(pair.first_id, Group(pair.first)).pairs.append(pair)
    return list(groups.values())


def show_titles(activities: Iterable[Activity]) -> None:
    """Give each activity its title in the reader's language, where there is a translation."""
    show_each(activities, "title", language_of=lambda one: one.language)


def beside(actor: Actor, activity: Activity) -> list[tuple[Overlap, Activity]]:
    """Return what others do that is much like this activity, with the pair that says so."""
    pairs = (
        with_both(Overlap.objects.visible_to(actor))
        .filter(Q(first=activity) | Q(second=activity))
        .exclude(state=OverlapState.DIFFERENT)
        .order_by("-score", "pk")[:MOST_BESIDE]
    )
    others = [(pair, pair.second if pair.first_id == activity.pk else pair.first) for pair in pairs]
    show_titles([other for _pair, other in others])
    return others


def reasons_for(pair: Overlap) -> Iterator[str]:
    """Yield why two activities are held to overlap, each a sentence in the reader's language."""
    where = {"place": isolate(pair.second.place), "above": isolate(pair.first.place)}
    if pair.levels:
        yield _("One is in %(place)s, the other in %(above)s, which it belongs to.") % where
    else:
        yield _("Both are in %(place)s.") % where
    yield _("Both are for: %(audience)s.") % {"audience": pair.get_audience_display()}
    yield _("Both are about: %(theme)s.") % {"theme": pair.get_theme_display()}
    yield _days(pair.days)
    if pair.likeness >= _ALIKE:
        yield _("Their titles share words.")


def _days(days: int) -> str:
    count = {"count": formats.number(abs(days), get_language() or "en")}
    if days > 0:
        said = ngettext("They share %(count)s day.", "They share %(count)s days.", days)
        return said % count
    if days == 0:
        return _("One begins the day after the other ends.")
    said = ngettext(
        "Only %(count)s day lies between them.", "Only %(count)s days lie between them.", -days
    )
    return said % count


# -- Talking about it -----------------------------------------------------------------------------


def speaking_for(actor: Actor, organisations: Iterable[int]) -> Organisation | None:
    """Return for which of these organisations this person writes."""
    mine = actor.organisations_as(Role.CONTRIBUTOR) & set(organisations)
    return Organisation.objects.filter(pk__in=mine).order_by("pk").first()


def conversations_of(actor: Actor) -> QuerySet[Conversation]:
    """Return the conversations this person may read, the latest first."""
    return (
        Conversation.objects.visible_to(actor)
        .select_related("owner", "other", "latest_by")
        .order_by("-latest_at", "-pk")
    )


def messages_of(actor: Actor, conversation: Conversation) -> QuerySet[Message]:
    """Return what was written, in order."""
    return (
        Message.objects.visible_to(actor)
        .filter(conversation=conversation)
        .select_related("organisation", "person")
        .order_by("at", "pk")
    )


def pairs_talked_about(actor: Actor, conversation: Conversation) -> list[Overlap]:
    """Return what a conversation is about, as far as this person may still see it."""
    about = Overlap.objects.visible_to(actor).filter(conversation=conversation)
    pairs = list(with_both(about).order_by("pk"))
    show_titles([one for pair in pairs for one in (pair.first, pair.second)])
    return pairs
