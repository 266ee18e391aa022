"""Calling people to their seats: at activation, the deputies after a while, and their answers.

All moments but `at` are on the room's clock, so that an exercise that stands still calls nobody.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.queries import people_of
from tansiq.incidents.actions.calling import ring, tell_nobody_comes
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.models import (
    Answer,
    AnsweredBy,
    Call,
    Entry,
    EntryKind,
    Incident,
    Post,
    Seat,
)
from tansiq.incidents.queries.calls import next_to_call, standing_posts
from tansiq.incidents.wording import register

register("called_out", gettext_lazy("People called to their roles: %(count)s."))
register("called_next", gettext_lazy("Next on the list is called: %(role)s."))
register("called_again", gettext_lazy("Called once more: %(role)s."))
register("called_nobody", gettext_lazy("Nobody on the list answered: %(role)s stays empty."))
register("call_coming", gettext_lazy("Takes the role: %(role)s. Answered after %(minutes)s min."))
register("call_instead", gettext_lazy("Somebody else who said they come takes the role: %(role)s."))
register("call_cannot", gettext_lazy("Cannot take the role: %(role)s."))


class CallError(Exception):
    """Nobody can be called or answer so; the message says why and what to do."""


def call_out(incident: Incident, roles: Iterable[str], *, by: Actor, at: datetime) -> list[Call]:
    """Call the holder of each of these roles, in the transaction that opened the room."""
    wanted = set(roles)
    posts = standing_posts(incident.owner, on=at.date())
    seats = Seat.objects.filter(incident=incident, role__in=wanted & set(posts)).order_by("pk")
    pairs = [(seat, posts[seat.role][0]) for seat in seats]
    calls = _call(incident, pairs, at=at)
    line = Line(EntryKind.ROLE, "called_out", facts={"count": len(calls)}, subject=incident)
    write_down(incident, line, rule="incidents.activate", by=by, at=at)
    return calls


def _call(incident: Incident, pairs: list[tuple[Seat, Post]], *, at: datetime) -> list[Call]:
    calls = Call.objects.bulk_create(
        Call(
            incident=incident,
            seat=seat,
            person=post.person,
            contact=post.contact,
            rank=post.rank,
            called_at=incident.room_time(at),
        )
        for seat, post in pairs
    )
    ring(incident, list(zip(calls, (post for _seat, post in pairs), strict=True)), at=at)
    return calls


@transaction.atomic
def call_next(seat: Seat, *, by: Actor, at: datetime) -> Call:
    """Call the next on the list for this seat. Raises CallError when nobody is left."""
    seat = _locked(seat.pk)
    post = next_to_call(seat, on=at.date())
    if post is None:
        raise CallError(_("Nobody else stands on the list for this role. Name somebody yourself."))
    (call,) = _call(seat.incident, [(seat, post)], at=at)
    line = Line(EntryKind.ROLE, "called_next", facts={"role": seat.role}, subject=seat)
    write_down(seat.incident, line, rule="incidents.call", by=by, at=at)
    return call


@transaction.atomic
def call_again(call: Call, *, by: Actor, at: datetime) -> None:
    """Ask the same person once more. Raises CallError when they answered meanwhile."""
    call = _fresh(call)
    if call.is_answered:
        raise CallError(_("There is an answer already. Nobody was called again."))
    incident, role = call.incident, call.seat.role
    call.again_at, call.times_called = incident.room_time(at), call.times_called + 1
    call.save(update_fields=["again_at", "times_called"])
    ring(incident, [(call, _post_of(call))], at=at)
    line = Line(EntryKind.ROLE, "called_again", facts={"role": role}, subject=call.seat)
    write_down(incident, line, rule="incidents.call", by=by, at=at)


def _post_of(call: Call) -> Post | None:
    posts = Post.objects.filter(organisation=call.incident.owner_id, role=call.seat.role)
    return posts.filter(person=call.person_id, contact=call.contact_id).first()


@transaction.atomic
def answer_call(
    call: Call, answer: Answer, *, through: AnsweredBy, by: Actor, at: datetime
) -> Call:
    """Keep what somebody answered: who comes takes the seat if it is free.

    Answering the same twice changes nothing. Who cannot come leaves the seat, and the next on
    the list is called at once. Raises CallError when the incident is over.
    """
    call = _fresh(call)
    if not call.incident.is_open:
        raise CallError(_("This incident is closed. Thank you; nobody is needed any more."))
    if call.answer == answer:
        return call
    call.answer, call.answered_by = answer, through
    call.answered_at = call.incident.room_time(at)
    call.save(update_fields=["answer", "answered_by", "answered_at"])
    if answer == Answer.COMING:
        _come(call, by=by, at=at)
    else:
        _stay_away(call, by=by, at=at)
    return call


def _come(call: Call, *, by: Actor, at: datetime) -> None:
    seat, incident = call.seat, call.incident
    if not seat.is_held:
        _sit_down(seat, call, at=at)
    facts = {"role": seat.role, "minutes": call.minutes or 0}
    line = Line(EntryKind.ROLE, "call_coming", facts=facts, subject=seat, role=seat.role)
    write_down(incident, line, rule="incidents.answer", by=by, at=at)


def _stay_away(call: Call, *, by: Actor, at: datetime) -> None:
    seat, incident = call.seat, call.incident
    if seat.is_held and (seat.holder_id, seat.contact_id) == (call.person_id, call.contact_id):
        _sit_down(seat, None, at=at)
    line = Line(EntryKind.ROLE, "call_cannot", facts={"role": seat.role}, subject=seat)
    write_down(incident, line, rule="incidents.answer", by=by, at=at)
    if not seat.is_held and _who_comes_instead(seat, by=by, at=at):
        return
    # Where somebody further down the list was called already, they are given their time first.
    if not seat.is_held and not seat.calls.filter(rank__gt=call.rank).exists():
        _next_or_nobody(seat, at=at)


def _who_comes_instead(seat: Seat, *, by: Actor, at: datetime) -> bool:
    """Give the seat to the first who said that they come, if anybody did."""
    known = seat.calls.filter(answer=Answer.COMING).select_related("person", "contact")
    other = known.order_by("rank", "pk").first()
    if other is None:
        return False
    _sit_down(seat, other, at=at)
    line = Line(EntryKind.ROLE, "call_instead", facts={"role": seat.role}, subject=seat)
    write_down(seat.incident, line, rule="incidents.answer", by=by, at=at)
    return True


def _sit_down(seat: Seat, call: Call | None, *, at: datetime) -> None:
    seat.holder = call.person if call else None
    seat.contact = call.contact if call else None
    seat.held_since = seat.incident.room_time(at) if call else None
    seat.revision, seat.changed_at = seat.revision + 1, at
    seat.save(update_fields=["holder", "contact", "held_since", "revision", "changed_at"])


def _fresh(call: Call) -> Call:
    """Return the call as it stands now, while nobody else changes its seat."""
    _locked(call.seat_id)
    known = Call.objects.select_related("incident__owner", "seat__incident", "person", "contact")
    return known.get(pk=call.pk)


def _locked(seat: int) -> Seat:
    return Seat.objects.select_for_update(of=("self",)).select_related("incident").get(pk=seat)


def call_deputies(*, at: datetime) -> int:
    """Call the next on the list wherever nobody answered for too long; return how many seats."""
    patience = timedelta(minutes=settings.CALL_DEPUTY_AFTER)
    waiting = Seat.objects.filter(
        incident__in=Incident.objects.running(),
        holder__isnull=True,
        contact__isnull=True,
        calls__answer=Answer.NONE,
    )
    moved = 0
    for pk in waiting.order_by("pk").values_list("pk", flat=True).distinct():
        with transaction.atomic():
            seat = _locked(pk)
            if not seat.is_held and _latest_call(seat) <= seat.incident.room_time(at) - patience:
                moved += _next_or_nobody(seat, at=at)
    return moved


def _latest_call(seat: Seat) -> datetime:
    return max(call.last_called_at for call in seat.calls.all())


def _next_or_nobody(seat: Seat, *, at: datetime) -> bool:
    """Call the next; where none is left, say so once to those who lead."""
    by = Actor.system("calls the next on the list when nobody answers")
    try:
        call_next(seat, by=by, at=at)
    except CallError:
        said = Entry.objects.filter(
            incident=seat.incident_id, code="called_nobody", subject_id=seat.pk
        )
        if said.exists():
            return False
        line = Line(EntryKind.ROLE, "called_nobody", facts={"role": seat.role}, subject=seat)
        write_down(seat.incident, line, rule="incidents.call", by=by, at=at)
        _tell_leaders(seat, at=at)
    return True


def _tell_leaders(seat: Seat, *, at: datetime) -> None:
    tell_nobody_comes(seat, people_of([seat.incident.owner_id], at=at), at=at)
