"""What was done with an item beside reading it, as far as each reader may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tansiq.access.actor import Actor
from tansiq.access.gate import can_each
from tansiq.access.models import Notice
from tansiq.access.verdict import Verdict
from tansiq.exchange.models import (
    Answer,
    Correction,
    Dispatch,
    DispatchState,
    ForwardRequest,
    Handling,
    Item,
    Receipt,
)
from tansiq.exchange.rules.handling import recall_ends

_STEPS = (
    "recall",
    "forward",
    "ask_forward",
    "propose_correction",
    "correct",
    "review",
    "write_lesser",
    "allow_passing_on",
    "tell_source",
)


@dataclass(frozen=True)
class Change:
    """That an item was put right, and the item that says how, if this reader sees it."""

    at: datetime
    made: Item | None


@dataclass(frozen=True)
class Taken:
    """How far an item had come when its sender took it back."""

    readers: Sequence[Receipt]
    mailed: int


@dataclass(frozen=True)
class OnTop:
    """What changes how the note is read."""

    item: Item
    changes: Sequence[Change]
    corrects: Item | None
    taken: Taken | None
    requests: Sequence[ForwardRequest]
    corrections: Sequence[Correction]


@dataclass(frozen=True)
class Below:
    """What can be done with the note, and what was."""

    item: Item
    may: dict[str, Verdict]
    recall_ends: datetime | None
    forwarded: Sequence[Receipt] = ()
    requests: Sequence[ForwardRequest] = ()
    corrections: Sequence[Correction] = ()
    may_be_passed_on: bool = False
    tells_source: bool = False


def on_top(actor: Actor, item: Item, at: datetime) -> OnTop | None:
    """Return what stands above the note, or None where there is nothing to say."""
    is_owner = item.owner_id in actor.organisation_ids
    found = OnTop(
        item=item,
        changes=_changes(actor, item),
        corrects=_corrected_by(actor, item),
        taken=_taken(item) if is_owner and item.is_recalled else None,
        requests=list(_requests(actor, item).waiting()) if is_owner else [],
        corrections=list(_corrections(actor, item).waiting()) if is_owner else [],
    )
    shown = (found.changes, found.corrects, found.taken, found.requests, found.corrections)
    return found if any(shown) else None


def below(actor: Actor, item: Item, at: datetime) -> Below | None:
    """Return what this reader may do with the note, and what became of it there."""
    asked = can_each(actor, [f"exchange.{step}" for step in _STEPS], item)
    may = {step: asked[f"exchange.{step}"] for step in _STEPS}
    ends = recall_ends(item)
    if ends is None or ends < at:
        may.pop("recall")
        ends = None
    handling = Handling.objects.filter(item=item).first()
    forwarded = Receipt.objects.visible_to(actor).filter(item=item, forwarded_by__isnull=False)
    found = Below(
        item=item,
        may={step: verdict for step, verdict in may.items() if verdict},
        recall_ends=ends,
        forwarded=list(forwarded.select_related("organisation", "forwarded_by").order_by("pk")),
        may_be_passed_on=handling is not None and handling.may_pass_on,
        tells_source=handling is not None and handling.tells_source,
        requests=list(_requests(actor, item).exclude(state=Answer.OPEN)),
        corrections=list(_corrections(actor, item).exclude(state=Answer.OPEN)),
    )
    shown = (found.may, found.forwarded, found.requests, found.corrections)
    return found if any(shown) else None


def _changes(actor: Actor, item: Item) -> list[Change]:
    """Return when it was put right; everybody who reads the item may know that it was."""
    rows = Correction.objects.filter(item=item, state=Answer.YES, made__isnull=False)
    found = [(one.answered_at or one.at, one.made_id) for one in rows.order_by("pk")]
    seen = Item.objects.visible_to(actor).in_bulk([made for _at, made in found])
    return [Change(at, seen.get(made)) for at, made in found]


def _corrected_by(actor: Actor, item: Item) -> Item | None:
    """Return the item that this one puts right, if this reader sees it."""
    correction = Correction.objects.filter(made=item).first()
    if correction is None:
        return None
    first: Item | None = Item.objects.visible_to(actor).filter(pk=correction.item_id).first()
    return first


def _taken(item: Item) -> Taken:
    readers = Receipt.objects.filter(item=item, read_at__isnull=False)
    return Taken(
        readers=list(readers.select_related("organisation").order_by("read_at", "pk")),
        mailed=mails_that_left(item),
    )


def mails_that_left(item: Item) -> int:
    """Return how many mails had left that named what was taken back afterwards."""
    if not item.may_leave_in_mail:
        return 0
    # Afterwards they are only claimed: nobody may see what they tell of.
    reworded = Notice.objects.filter(
        code="exchange.was_taken_back", mailed_at__lte=item.recalled_at
    )
    about: Any = reworded.filter(target_kind="exchange.item", target_id=item.pk)
    return int(about.count()) + messages_that_left(item)


def messages_that_left(item: Item) -> int:
    """Return how many messages with words of the item had left by mail, telephone or program."""
    if not item.may_leave_in_mail:
        return 0
    return Dispatch.objects.filter(receipt__item=item, state=DispatchState.SENT).count()


def _requests(actor: Actor, item: Item) -> Any:
    rows = ForwardRequest.objects.visible_to(actor).filter(item=item)
    return rows.select_related("receipt__organisation").prefetch_related("to").order_by("pk")


def _corrections(actor: Actor, item: Item) -> Any:
    rows = Correction.objects.visible_to(actor).filter(item=item, wrong__gt="")
    return rows.select_related("organisation").order_by("pk")


def taken_back_from(actor: Actor, pk: int) -> Receipt | None:
    """Return the actor's own receipt of an item that its sender took back."""
    rows = Receipt.objects.visible_to(actor).filter(
        item__in=Item.objects.filter(pk=pk, recalled_at__isnull=False),
        organisation__in=actor.organisation_ids,
    )
    found: Receipt | None = rows.select_related("item__owner", "organisation").first()
    return found


def receipt_to_speak_for(actor: Actor, item: Item, organisations: Any) -> Receipt | None:
    """Return the receipt at one of these organisations; of several, that of the lead."""
    rows = Receipt.objects.visible_to(actor).filter(item=item, organisation__in=organisations)
    found: Receipt | None = (
        rows.select_related("item__owner__place", "organisation")
        .order_by("-organisation__is_lead_of_place", "pk")
        .first()
    )
    return found
