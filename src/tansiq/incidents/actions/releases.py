"""What the city says goes out, is noted down where it went out by hand, and is taken back."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tansiq.access.actor import Actor
from tansiq.core.editing import save_changes
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.log import Line, arrived_before, write_down
from tansiq.incidents.actions.statements import StatementError
from tansiq.incidents.channels import Message, hand_out
from tansiq.incidents.models import (
    BY_PLATFORM,
    Audience,
    Channel,
    EntryKind,
    Outlet,
    Statement,
    StatementRelease,
    StatementState,
)
from tansiq.incidents.queries.statements import (
    findings_of,
    newsrooms_for,
    stops_left,
    texts_of,
)
from tansiq.incidents.wording import register

register("statement_released", gettext_lazy("Statement %(number)s was released."))
register("statement_gone_out", gettext_lazy("Statement %(number)s went out: %(outlet)s."))
register("statement_withdrawn", gettext_lazy("Statement %(number)s was withdrawn."))


@dataclass(frozen=True)
class ByHand:
    """Where somebody read it out, posted or hung it, and when, on the room's clock."""

    outlet: Outlet
    at: datetime
    link: str = ""
    note: str = ""


@transaction.atomic
def release_statement(
    statement: Statement, outlets: Iterable[Outlet], *, by: Actor, at: datetime
) -> None:
    """Let it go out by the platform's own ways; an exercise only shows what would leave.

    Raises StatementError when it is not approved, too old, or stopped by a check.
    """
    _take(statement)
    _refuse_release(statement, at)
    incident = statement.incident
    wanted = [Outlet(one) for one in dict.fromkeys(outlets) if one in BY_PLATFORM]
    changes: dict[str, Any] = {
        "state": StatementState.RELEASED,
        "released_at": incident.room_time(at),
    }
    if Outlet.PAGE in wanted and statement.audience in {Audience.MEDIA, Audience.STAFF}:
        raise StatementError(
            _("It is not for everybody, so it does not go on the public page. Untick the page.")
        )
    if Outlet.PAGE in wanted and not incident.is_exercise:
        changes["page_at"] = at
    save_changes(statement, changes, revision=statement.revision, at=at)
    for outlet in wanted:
        sent = hand_out(incident, _messages(statement, outlet), at=at)
        StatementRelease.objects.create(
            statement=statement,
            outlet=outlet,
            person_id=by.person_id,
            at=incident.room_time(at),
            recorded_at=at,
            sent_to=len(sent),
        )
    text = texts_of(statement)[_first_language(statement)].body
    line = _line("statement_released", statement, text=text, language=_first_language(statement))
    write_down(incident, line, rule="incidents.release_statement", by=by, at=at)


def _refuse_release(statement: Statement, at: datetime) -> None:
    if statement.is_released:
        raise StatementError(_("Somebody released it already. It went out once."))
    if not statement.is_approved:
        raise StatementError(
            _("It is not approved, so it was not released. It is kept here as it is.")
        )
    if statement.is_expired(statement.incident.room_time(at)):
        raise StatementError(
            _(
                "It was approved for a time that is over, so it was not released. Write the new "
                "time for the next update into it and have it approved again."
            )
        )
    stops = stops_left(statement, findings_of(statement))
    if stops:
        raise StatementError(
            _("A check stops it. Change the words, or let who leads the room set the check aside.")
        )


def _messages(statement: Statement, outlet: Outlet) -> Iterator[Message]:
    """Return what the door is to hand out for this outlet."""
    incident = statement.incident
    language = _first_language(statement)
    with override(language):
        kind = statement.get_kind_display()
    texts = texts_of(statement)
    subject = texts[language].headline or f"{incident.place.name_in(language)}: {kind}"
    every = "\n\n— — —\n\n".join(_as_read(text) for text in texts.values())
    if outlet == Outlet.PAGE:
        for code, text in texts.items():
            yield Message(Channel.PAGE, incident.place.code, subject, _as_read(text), code)
    elif outlet == Outlet.NEWSROOMS:
        for body in newsrooms_for(incident):
            yield Message(Channel.EMAIL, body.email, subject, every, language)
    else:
        yield Message(Channel.WEBHOOK, "statements", subject, every, language)


def _as_read(text: Any) -> str:
    return f"{text.headline}\n\n{text.body}" if text.headline else text.body


def _first_language(statement: Statement) -> str:
    return next(iter(texts_of(statement)))


@transaction.atomic
def note_release(
    statement: Statement,
    how: ByHand,
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> StatementRelease | None:
    """Write down that somebody brought it out by hand. Raises StatementError unless it is out.

    Returns None when a device sends the same once more.
    """
    if arrived_before(statement.incident, client_key) is not None:
        return None
    _take(statement)
    if not statement.is_released:
        raise StatementError(_("Release it first; then note down where it went out."))
    if how.at > statement.incident.room_time(at):
        raise StatementError(_("This moment is still to come. Correct the time."))
    release = StatementRelease.objects.create(
        statement=statement,
        outlet=how.outlet,
        person_id=by.person_id,
        at=how.at,
        recorded_at=at,
        link=how.link,
        note=how.note,
    )
    facts = {"outlet": str(Outlet(how.outlet).label)}
    line = _line("statement_gone_out", statement, client_key=client_key, **facts)
    write_down(statement.incident, line, rule="incidents.release_statement", by=by, at=at)
    return release


@transaction.atomic
def withdraw_statement(statement: Statement, *, reason: str, by: Actor, at: datetime) -> None:
    """Take it back. What was on the public page stays there, marked as withdrawn, with why."""
    _take(statement)
    if statement.is_withdrawn:
        raise StatementError(_("It was withdrawn already."))
    if not reason.strip():
        raise StatementError(_("Write down why. Readers of the statement see the reason."))
    changes = {
        "state": StatementState.WITHDRAWN,
        "withdrawn_at": statement.incident.room_time(at),
        "withdrawn_why": reason.strip(),
    }
    save_changes(statement, changes, revision=statement.revision, at=at)
    language = statement.incident.language
    line = _line("statement_withdrawn", statement, text=reason, language=language)
    write_down(statement.incident, line, rule="incidents.withdraw_statement", by=by, at=at)


def _take(statement: Statement) -> None:
    append_in_order()
    statement.refresh_from_db()


def _line(
    code: str,
    statement: Statement,
    *,
    text: str = "",
    language: str = "",
    client_key: uuid.UUID | None = None,
    **facts: Any,
) -> Line:
    return Line(
        EntryKind.STATEMENT,
        code,
        facts={"number": statement.number} | facts,
        text=text,
        language=language,
        subject=statement,
        client_key=client_key,
    )
