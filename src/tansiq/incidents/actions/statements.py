"""What the city says: written, approved by others than its writers."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.gate import can
from tansiq.core.editing import ChangedMeanwhileError, save_changes
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.log import Line, arrived_before, role_of, write_down
from tansiq.incidents.actions.reminders import tell_approvers
from tansiq.incidents.models import (
    EntryKind,
    Incident,
    Statement,
    StatementApproval,
    StatementState,
    StatementText,
)
from tansiq.incidents.queries.statements import (
    approvals_needed,
    approvals_of,
    findings_of,
    stops_left,
)
from tansiq.incidents.statement_checks import Text
from tansiq.incidents.wording import register

register("statement_drafted", gettext_lazy("Statement %(number)s was drafted."))
register("statement_changed", gettext_lazy("Statement %(number)s was changed."))
register(
    "statement_changed_again",
    gettext_lazy("Statement %(number)s was changed. Its approvals no longer count."),
)
register("statement_sent", gettext_lazy("Statement %(number)s waits for approval."))
register(
    "statement_approved",
    gettext_lazy("Statement %(number)s: approval %(count)s of %(needed)s was given."),
)
register(
    "statement_checks_set_aside",
    gettext_lazy("Statement %(number)s: checks that stop it were set aside (%(count)s)."),
)

# A change of these leaves approvals standing: where it goes out is not what it says.
_NOT_SAID = frozenset({"outlets", "formats"})


class StatementError(Exception):
    """The statement cannot be sent, approved or released so; the message says what to do."""


@dataclass(frozen=True)
class Written:
    """What came from a form: fields of `Statement`, words by language, facts by key.

    Without `facts`, those it rests on stay as they are.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    facts: tuple[int, ...] | None = None


@transaction.atomic
def draft_statement(
    incident: Incident,
    written: Written,
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> Statement:
    """Begin a statement. What a device sends twice becomes one."""
    known = arrived_before(incident, client_key)
    if known is not None:
        return Statement.objects.get(pk=known.subject_id or 0)
    append_in_order()
    latest = Statement.objects.filter(incident=incident).aggregate(Max("number"))["number__max"]
    statement = Statement.objects.create(
        **{"language": incident.language} | dict(written.values),
        incident=incident,
        number=(latest or 0) + 1,
        made_at=incident.room_time(at),
        changed_at=at,
    )
    _put_texts(statement, written.texts)
    statement.facts.set(written.facts or ())
    _add_writer(statement, by)
    line = _line("statement_drafted", statement, client_key=client_key)
    write_down(incident, line, rule="incidents.draft_statement", by=by, at=at)
    return statement


@transaction.atomic
def edit_statement(
    statement: Statement, written: Written, *, revision: int, by: Actor, at: datetime
) -> None:
    """Change what is said. Approvals given before no longer count, and it is a draft again.

    Raises ChangedMeanwhileError when somebody was quicker, StatementError when it is out already.
    """
    _take(statement)
    if not statement.is_open:
        raise StatementError(
            _("It was released or withdrawn meanwhile, so it was not changed. Write a correction.")
        )
    says_more = _says_other(statement, written)
    changes = {
        name: value for name, value in written.values.items() if getattr(statement, name) != value
    }
    if not says_more and not changes:
        if statement.revision != revision:
            raise ChangedMeanwhileError(statement)
        return
    had = statement.state != StatementState.DRAFT
    code = "statement_changed"
    if says_more or changes.keys() - _NOT_SAID:
        changes |= {"version": statement.version + 1, "state": StatementState.DRAFT}
        _add_writer(statement, by)
        code = "statement_changed_again" if had and approvals_of(statement).exists() else code
    save_changes(statement, changes, revision=revision, at=at)
    _put_texts(statement, written.texts)
    if written.facts is not None:
        statement.facts.set(written.facts)
    line = _line(code, statement)
    write_down(statement.incident, line, rule="incidents.edit_statement", by=by, at=at)


@transaction.atomic
def send_for_approval(statement: Statement, *, by: Actor, at: datetime) -> None:
    """Ask the others to read and approve it. Raises StatementError when there are no words."""
    _take(statement)
    if not statement.is_draft:
        raise StatementError(_("Somebody sent it for approval already."))
    if not statement.texts.exists():
        raise StatementError(_("Write the text in at least one language first."))
    _move(statement, StatementState.WAITING, at)
    line = _line("statement_sent", statement)
    write_down(statement.incident, line, rule="incidents.edit_statement", by=by, at=at)
    tell_approvers(statement, at=at)


@transaction.atomic
def approve_statement(statement: Statement, *, version: int, by: Actor, at: datetime) -> None:
    """Stand for this version. With as many approvals as the city wants, it may be released.

    Raises StatementError for other words than those that were read, one's own, or a second time.
    """
    _take(statement)
    _refuse_approval(statement, version, by, at)
    incident = statement.incident
    StatementApproval.objects.create(
        statement=statement,
        version=version,
        person_id=by.person_id,
        role=role_of(by, incident),
        at=incident.room_time(at),
    )
    count, needed = approvals_of(statement).count(), approvals_needed(statement)
    if count >= needed:
        _move(statement, StatementState.APPROVED, at)
    line = _line("statement_approved", statement, count=count, needed=needed)
    write_down(incident, line, rule="incidents.approve_statement", by=by, at=at)


def _refuse_approval(statement: Statement, version: int, by: Actor, at: datetime) -> None:
    if statement.version != version:
        raise StatementError(
            _("It was changed after you opened it. Read what stands here now, then approve it.")
        )
    if approvals_of(statement).filter(person=by.person_id or 0).exists():
        raise StatementError(_("You have approved this version already."))
    if not statement.is_waiting:
        raise StatementError(
            _("It does not wait for approval now. It stands as “%(state)s”.")
            % {"state": statement.get_state_display()}
        )
    if statement.is_expired(statement.incident.room_time(at)):
        raise StatementError(_("Its time is over. Set a new time for the next update first."))
    # Asked once more in the transaction: who wrote in it a moment ago is a writer now.
    verdict = can(by, "incidents.approve_statement", statement)
    if not verdict:
        raise StatementError(verdict.reason)


@transaction.atomic
def override_checks(
    statement: Statement, *, version: int, reason: str, by: Actor, at: datetime
) -> None:
    """Set aside what stops this version, with a reason that stands in the log."""
    _take(statement)
    if statement.version != version:
        raise StatementError(
            _("It was changed after you opened it. Read what stands here now, then decide again.")
        )
    stops = stops_left(statement, findings_of(statement))
    if not stops:
        raise StatementError(_("Nothing stops this statement any more."))
    if not reason.strip():
        raise StatementError(_("Write down why. The reason stands in the log."))
    is_current = statement.overridden_version == version
    aside = [*(statement.overridden if is_current else []), *(one.key for one in stops)]
    changes = {"overridden": aside, "overridden_version": version}
    save_changes(statement, changes, revision=statement.revision, at=at)
    line = _line("statement_checks_set_aside", statement, text=reason, count=len(stops))
    write_down(statement.incident, line, rule="incidents.override_checks", by=by, at=at)


def _take(statement: Statement) -> None:
    """Wait for whoever changes something at this moment, then read the statement anew."""
    append_in_order()
    statement.refresh_from_db()


def _move(statement: Statement, state: StatementState, at: datetime) -> None:
    save_changes(statement, {"state": state}, revision=statement.revision, at=at)


def _add_writer(statement: Statement, by: Actor) -> None:
    if by.person_id is not None:
        statement.writers.add(by.person_id)


def _says_other(statement: Statement, written: Written) -> bool:
    """Return whether the words or the facts under them differ from what stands."""
    there = {one.language: Text(one.headline, one.body, one.short) for one in statement.texts.all()}
    wanted = {code: text for code, text in written.texts.items() if text.body.strip()}
    resting = set(statement.facts.values_list("pk", flat=True))
    return wanted != there or (written.facts is not None and set(written.facts) != resting)


def _put_texts(statement: Statement, texts: Mapping[str, Text]) -> None:
    """Keep exactly these words; a language without a text is taken out."""
    wanted = {code: text for code, text in texts.items() if text.body.strip()}
    StatementText.objects.filter(statement=statement).exclude(language__in=wanted).delete()
    for code, text in wanted.items():
        words = {"headline": text.headline, "body": text.body, "short": text.short}
        StatementText.objects.update_or_create(statement=statement, language=code, defaults=words)


def _line(
    code: str,
    statement: Statement,
    *,
    text: str = "",
    client_key: uuid.UUID | None = None,
    **facts: Any,
) -> Line:
    return Line(
        EntryKind.STATEMENT,
        code,
        facts={"number": statement.number} | facts,
        text=text,
        language=statement.incident.language if text else "",
        subject=statement,
        client_key=client_key,
    )
