"""What a made-up room does for people, and for years: needs, tension, recovery, lessons."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tansiq.access.models import Place
from tansiq.incidents.actions.after_action import add_piece, share_report, write_report
from tansiq.incidents.actions.aftercare import (
    Booking,
    NewFund,
    add_recommendation,
    book,
    decide_memorial,
    open_fund,
    publish_fund,
)
from tansiq.incidents.actions.exercises import set_up_exercise
from tansiq.incidents.actions.milestones import Dated, set_milestone
from tansiq.incidents.actions.needs import Told, count_families, enter_need, match_need, put_service
from tansiq.incidents.actions.tension import Counted, Reading, count_hate, read_tension
from tansiq.incidents.models import (
    Corrective,
    Finding,
    Fund,
    FundCategory,
    MemorialDecision,
    MilestoneKind,
    Need,
    Recommendation,
    Service,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tansiq.access.actor import Actor
    from tansiq.home.demo.rooms import Room

Row = dict[str, Any]


def _day(room: Room, at: datetime) -> date:
    return room.room.room_time(at).astimezone(room.zone).date()


def _place(room: Room) -> Place:
    return Place.objects.get(code=room.raw["place"])


def need(room: Room, row: Row, by: Actor, at: datetime) -> None:
    told = Told(
        kind=row["kind"],
        count=row["count"],
        place=_place(room),
        source=row["source"],
        language=room.language_of(row["text"]),
        group=row.get("group", "everybody"),
        note=room.say(row["text"]),
    )
    room.made[row["name"]] = enter_need(room.room, told, by=by, at=at)


def serve(room: Room, row: Row, by: Actor, at: datetime) -> None:
    """Say which service is open, and match it to a need."""
    service = Service(incident=room.room, language=room.content.language)
    changes = {
        "organisation": room.cast.organisations[row["organisation"]],
        "activity": row["activity"],
        "kind": row["kind"],
        "place": _place(room),
        "starts_on": _day(room, at),
        "capacity": row["capacity"],
        "state": "running",
        "hours": row.get("hours", ""),
        "note": room.say(row.get("text")),
    }
    put_service(service, changes, revision=1, by=by, at=at)
    if "need" in row:
        wanted = Need.objects.get(pk=room.made[row["need"]].pk)
        match_need(wanted, service, count=row["count"], by=by, at=at)


def families(room: Room, row: Row, by: Actor, at: datetime) -> None:
    counted = {name: row[name] for name in ("families", "with_navigator", "navigators")}
    count_families(room.room, counted, by=by, at=at)


def tension(room: Room, row: Row, by: Actor, at: datetime) -> None:
    reading = Reading(
        place=_place(room),
        on=_day(room, at),
        level=row["level"],
        basis=row["basis"],
        domain=row["domain"],
        confidence=row["confidence"],
        seen=room.say(row["text"]),
        language=room.language_of(row["text"]),
    )
    read_tension(room.room, reading, by=by, at=at)


def hate(room: Room, row: Row, by: Actor, at: datetime) -> None:
    counted = Counted(
        place=_place(room),
        on=_day(room, at),
        kind=row["kind"],
        target=row["target"],
        source=row["source"],
        count=row["count"],
    )
    count_hate(room.room, counted, by=by, at=at)


def milestone(room: Room, row: Row, by: Actor, at: datetime) -> None:
    dated = Dated(
        kind=MilestoneKind(row["kind"]),
        title=room.say(row["text"]),
        on=_day(room, at) + timedelta(days=row["in_days"]),
        is_month_only=False,
        language=room.language_of(row["text"]),
    )
    set_milestone(room.room, dated, by=by, at=at)


def memorial(room: Room, row: Row, by: Actor, at: datetime) -> None:
    decision = MemorialDecision(
        about=room.say(row["about"]),
        step=row["step"],
        why=room.say(row["why"]),
        consulted=row["consulted"],
        language=room.language_of(row["why"]),
    )
    decide_memorial(room.room, decision, by=by, at=at)


def fund(room: Room, row: Row, by: Actor, at: datetime) -> None:
    new = NewFund(
        title=room.say(row["text"]),
        keeper=room.cast.organisations[room.raw["owner"]],
        currency=row["currency"],
        rules=room.say(row["rules"]),
        language=room.language_of(row["text"]),
    )
    opened = open_fund(room.room, new, by=by, at=at)
    room.made["the fund"] = opened
    publish_fund(opened, is_public=True, by=by, at=at)


def booking(room: Room, row: Row, by: Actor, at: datetime) -> None:
    now_open = Fund.objects.get(pk=room.made["the fund"].pk)
    entry = Booking(
        category=FundCategory(row["category"]),
        amount=row["amount"],
        on=_day(room, at),
        recipients=row.get("recipients"),
    )
    book(now_open, entry, by=by, at=at)


def recommend(room: Room, row: Row, by: Actor, at: datetime) -> None:
    recommendation = Recommendation(
        source=room.say(row["source"]),
        text=room.say(row["text"]),
        language=room.language_of(row["text"]),
        answerable=room.cast.organisations[row["answerable"]],
        due_on=_day(room, at) + timedelta(days=120),
        is_public=True,
    )
    add_recommendation(room.room, recommendation, by=by, at=at)


def learn(room: Room, row: Row, by: Actor, at: datetime) -> None:
    """Write the words of the after-action report, a finding and what follows from it."""
    changes = {name: room.say(row[name]) for name in ("summary", "went_well", "to_improve")}
    language = room.content.language
    write_report(room.room, changes, language=language, revision=0, by=by, at=at)
    finding = Finding(
        incident=room.room, kind="improve", text=room.say(row["finding"]), language=language
    )
    add_piece(finding, by=by, at=at)
    corrective = Corrective(
        incident=room.room,
        finding=finding,
        text=room.say(row["corrective"]),
        language=language,
        lead=room.cast.organisations[room.raw["owner"]],
        due_on=_day(room, at) + timedelta(days=60),
    )
    add_piece(corrective, by=by, at=at)
    share_report(room.room, by=by, at=at)


def practise(room: Room, row: Row, by: Actor, at: datetime) -> None:
    set_up_exercise(room.room, row["story"], by=by, at=at)


CARE: dict[str, Callable[[Room, Row, Actor, datetime], None]] = {
    "need": need,
    "serve": serve,
    "families": families,
    "tension": tension,
    "hate": hate,
    "milestone": milestone,
    "memorial": memorial,
    "fund": fund,
    "book": booking,
    "recommend": recommend,
    "learn": learn,
    "practise": practise,
}
