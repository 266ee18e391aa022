"""What the desks of a made-up room do: support, reports, briefs, rumours, statements."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tansiq.access.models import Marking, Place
from tansiq.incidents.actions.briefs import BriefText, give_brief
from tansiq.incidents.actions.corrections import (
    clear_correction,
    release_correction,
    write_correction,
)
from tansiq.incidents.actions.releases import release_statement
from tansiq.incidents.actions.reports import Signing, begin_report, sign_report
from tansiq.incidents.actions.rumours import (
    Answer,
    Heard,
    Verifier,
    ask_verifier,
    decide_outcome,
    enter_rumour,
    note_answer,
    triage_rumour,
)
from tansiq.incidents.actions.statements import (
    Written,
    approve_statement,
    draft_statement,
    override_checks,
    send_for_approval,
)
from tansiq.incidents.actions.support import (
    Asking,
    Said,
    answer_support,
    ask_for_support,
    settle_support,
)
from tansiq.incidents.models import (
    Brief,
    Outlet,
    Rumour,
    RumourCheck,
    SituationReport,
    Statement,
    SupportKind,
    SupportRequest,
    Urgency,
)
from tansiq.incidents.queries.statements import findings_of, stops_left
from tansiq.incidents.statement_checks import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tansiq.access.actor import Actor
    from tansiq.home.demo.rooms import Room

Row = dict[str, Any]


# -- Support, up and down -----------------------------------------------------------------------


def ask(room: Room, row: Row, by: Actor, at: datetime) -> None:
    asking = Asking(
        from_organisation=room.cast.organisations[row["from"]],
        to_organisation=room.cast.organisations[row["to"]],
        kind=SupportKind(row["kind"]),
        what=room.say(row["text"]),
        urgency=Urgency(row["urgency"]),
        language=room.language_of(row["text"]),
        quantity=row.get("quantity"),
        unit=row.get("unit", ""),
        why=room.say(row.get("why")),
    )
    room.made[row["name"]] = ask_for_support(room.room, asking, by=by, at=at)


def answer(room: Room, row: Row, by: Actor, at: datetime) -> None:
    request = SupportRequest.objects.get(pk=room.made[row["request"]].pk)
    answer_support(request, row["step"], _said(room, row, at), by=by, at=at)


def settle(room: Room, row: Row, by: Actor, at: datetime) -> None:
    request = SupportRequest.objects.get(pk=room.made[row["request"]].pk)
    settle_support(request, row["step"], _said(room, row, at), by=by, at=at)


def _said(room: Room, row: Row, at: datetime) -> Said:
    hours = row.get("hours")
    return Said(
        text=room.say(row.get("text")),
        quantity=row.get("quantity"),
        promised_for=room.room.room_time(at) + timedelta(hours=hours) if hours else None,
        language=room.language_of(row.get("text")),
    )


# -- Reports up, briefs down --------------------------------------------------------------------


def report(room: Room, row: Row, by: Actor, at: datetime) -> None:
    """Begin a report as one person, and sign it as another."""
    owner = room.cast.organisations[room.raw["owner"]]
    draft = begin_report(room.room, owner, language=room.content.language, by=by, at=at)
    recipients = tuple(room.cast.organisations[one] for one in row["to"])
    signer = room.actor(row["signed_by"], at)
    draft = SituationReport.objects.get(pk=draft.pk)
    sign_report(draft, Signing(recipients), revision=draft.revision, by=signer, at=at)


def brief(room: Room, row: Row, by: Actor, at: datetime) -> None:
    owed = Brief.objects.filter(incident=room.room, given_at__isnull=True).order_by("pk")[0]
    said = BriefText(
        text=room.say(row["text"]),
        cleared=room.say(row["cleared"]),
        marking=Marking.AMBER,
        language=room.language_of(row["text"]),
    )
    give_brief(owed, said, revision=owed.revision, by=by, at=at)


# -- Rumours ------------------------------------------------------------------------------------


def hear(room: Room, row: Row, by: Actor, at: datetime) -> None:
    heard = Heard(
        claim=room.say(row["text"]),
        language=room.language_of(row["text"]),
        harm=row["harm"],
        heard_in=tuple(row["heard_in"]),
        place=Place.objects.get(code=room.raw["place"]),
    )
    room.made[row["name"]] = enter_rumour(room.room, heard, by=by, at=at)


def look(room: Room, row: Row, by: Actor, at: datetime) -> None:
    """Look at a rumour and ask somebody who can know."""
    rumour = Rumour.objects.get(pk=room.made[row["rumour"]].pk)
    triage_rumour(rumour, harm=rumour.harm, revision=rumour.revision, by=by, at=at)
    ask_verifier(rumour, Verifier(role=row["role"]), by=by, at=at)


def decide_rumour(room: Room, row: Row, by: Actor, at: datetime) -> None:
    """Note the answer, say what is true, and clear what the city says about it."""
    check = RumourCheck.objects.get(rumour=room.made[row["rumour"]].pk)
    words = row["text"]
    given = Answer(row["answer"], room.say(words), row["source"], room.language_of(words))
    note_answer(check, given, revision=check.revision, by=by, at=at)
    rumour = Rumour.objects.get(pk=check.rumour_id)
    decide_outcome(
        rumour,
        outcome=row["outcome"],
        source=row["source"],
        revision=rumour.revision,
        by=by,
        at=at,
    )
    if "correction" in row:
        _correct(room, row, rumour, by=by, at=at)


def _correct(room: Room, row: Row, rumour: Rumour, *, by: Actor, at: datetime) -> None:
    for language, text in row["correction"].items():
        rumour = Rumour.objects.get(pk=rumour.pk)
        claim = row["claim"][language]
        write_correction(rumour, language, claim=claim, text=text, revision=0, by=by, at=at)
    rumour = Rumour.objects.get(pk=rumour.pk)
    clearing = room.actor(row["cleared_by"], at)
    clear_correction(rumour, revision=rumour.revision, by=clearing, at=at)
    rumour = Rumour.objects.get(pk=rumour.pk)
    through = row["through"]
    release_correction(rumour, through=through, revision=rumour.revision, by=clearing, at=at)


# -- Statements ---------------------------------------------------------------------------------


def state(room: Room, row: Row, by: Actor, at: datetime) -> None:
    """Draft a statement in several languages, let two others approve it, and release it."""
    texts = {
        code: Text(row["headline"].get(code, ""), body, "") for code, body in row["text"].items()
    }
    values = {
        "kind": row["kind"],
        "outlets": [Outlet.PAGE, Outlet.SOCIAL],
        "next_update_at": room.room.room_time(at) + timedelta(minutes=row["next_in"]),
    }
    facts = [room.facts[name] for name in row.get("facts", [])]
    versions = tuple(fact.versions.order_by("-pk")[0].pk for fact in facts)
    written = Written(values=values, texts=texts, facts=versions)
    statement = draft_statement(room.room, written, by=by, at=at)
    send_for_approval(_again(statement), by=by, at=at)
    for name in row["approved_by"]:
        now = _again(statement)
        approve_statement(now, version=now.version, by=room.actor(name, at), at=at)
    now = _again(statement)
    if stops_left(now, findings_of(now)):
        leader = room.actor(row["approved_by"][0], at)
        override_checks(now, version=now.version, reason=row["aside"], by=leader, at=at)
    release_statement(_again(statement), [Outlet.PAGE], by=by, at=at)


def _again(statement: Statement) -> Statement:
    return Statement.objects.get(pk=statement.pk)


DESKS: dict[str, Callable[[Room, Row, Actor, datetime], None]] = {
    "ask": ask,
    "answer": answer,
    "settle": settle,
    "report": report,
    "brief": brief,
    "hear": hear,
    "look": look,
    "decide_rumour": decide_rumour,
    "state": state,
}
