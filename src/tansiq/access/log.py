"""The record of every action, export and refused access: append-only, each row sealed.

`seal` is the SHA-256 of the seal before and the row's own content, so that a changed, removed
or inserted row breaks the chain from there on. Who can write to the database can also rebuild
the whole chain; therefore `tansiq audit head` prints the latest seal to be kept elsewhere.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from tansiq.access.actor import Actor
from tansiq.access.models import LogEntry, Organisation
from tansiq.core.guarding import current_watch
from tansiq.core.order import append_in_order

GENESIS = "0" * 64


def record(
    by: Actor,
    rule: str,
    target: models.Model | None,
    *,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> LogEntry:
    """Write down who did what. Call it inside the action, so that both happen or neither.

    Behind the entry stands what its writer sent in spite of the guard of personal data.
    """
    entry = _append(by, rule, target, at=at, detail=detail)
    leave_trace(by, target, at=at)
    return entry


def leave_trace(by: Actor, target: models.Model | None, *, at: datetime) -> None:
    """Write down what the guard found and its writer sent all the same; never the words."""
    watch = current_watch()
    accepted = watch.take() if watch is not None else []
    if watch is None or not accepted:
        return
    kinds: Counter[str] = Counter()
    for one in accepted:
        kinds.update(one.kinds)
    detail: dict[str, Any] = {"kinds": dict(kinds), "fields": [one.field for one in accepted]}
    if any(one.is_unasked for one in accepted):
        rule = "guard.unasked"
    else:
        rule = "guard.override"
        detail["reason"] = accepted[0].reason
    entry = _append(by, rule, target, at=at, detail=detail)
    watch.written[entry.pk] = accepted


def stands_in_log(pk: int) -> bool:
    """Return whether an entry is there: not if the action that wrote it failed afterwards."""
    return LogEntry.objects.filter(pk=pk).exists()


def _append(
    by: Actor,
    rule: str,
    target: models.Model | None,
    *,
    at: datetime,
    detail: dict[str, Any] | None,
) -> LogEntry:
    owner = _owner_of(target)
    entry = LogEntry(
        at=at,
        rule=rule,
        target_kind=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        person_id=by.person_id,
        organisation_id=owner.pk if owner else None,
        country_code=owner.country_code if owner else "",
        system_reason=by.system_reason,
        detail=_as_stored(detail or {}),
    )
    # No savepoint: the entry stands or falls with the action around it.
    with transaction.atomic(savepoint=False):
        # Two that append at once must not read the same last seal.
        append_in_order()
        entry.seal = seal_of(entry, latest_seal())
        entry.save(force_insert=True)
    return entry


def seal_of(entry: LogEntry, previous: str) -> str:
    """Return the seal this row must carry when it follows the row sealed with `previous`."""
    content = [
        previous,
        entry.at.astimezone(UTC).isoformat(),
        entry.rule,
        entry.target_kind,
        entry.target_id,
        entry.person_id,
        entry.organisation_id,
        entry.country_code,
        entry.system_reason,
        entry.detail,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def latest_seal() -> str:
    """Return the seal of the latest row. Kept elsewhere, it shows later that none was removed."""
    # By hand: every action asks this, and building the query takes longer than answering it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal FROM access_logentry ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return str(row[0]) if row else GENESIS


def knows_seal(seal: str) -> bool:
    """Return whether a row carries this seal; of an unbroken chain, that it was not cut before."""
    return seal == GENESIS or LogEntry.objects.filter(seal=seal).exists()


def broken_seals() -> Iterator[LogEntry]:
    """Yield each row whose seal does not follow from the row before it.

    One changed row gives one; so does a gap, at the row after it.
    """
    previous = GENESIS
    for entry in LogEntry.objects.order_by("pk").iterator(chunk_size=2000):
        if entry.seal != seal_of(entry, previous):
            yield entry
        previous = entry.seal


def export_lines() -> Iterator[str]:
    """Yield every row as one JSON object, in order, with all that its seal was made of."""
    for entry in LogEntry.objects.order_by("pk").iterator(chunk_size=2000):
        row = {
            "id": entry.pk,
            "at": entry.at.astimezone(UTC).isoformat(),
            "rule": entry.rule,
            "target_kind": entry.target_kind,
            "target_id": entry.target_id,
            "person_id": entry.person_id,
            "organisation_id": entry.organisation_id,
            "country_code": entry.country_code,
            "system_reason": entry.system_reason,
            "detail": entry.detail,
            "seal": entry.seal,
        }
        yield json.dumps(row, ensure_ascii=False)


def _as_stored(detail: dict[str, Any]) -> dict[str, Any]:
    """Return the detail as any database gives it back, since the seal is made of it.

    Days and moments become text. So do huge decimal numbers, which PostgreSQL gives back as
    whole ones, and what it cannot keep (a zero byte, half a character) is replaced.
    """
    if not detail:
        return detail
    text = json.dumps(detail, ensure_ascii=False, allow_nan=False, default=str)
    text = _ZERO.sub(_replaced, text.encode("utf-8", "replace").decode())
    stored: dict[str, Any] = json.loads(text, parse_float=_plain_number)
    return stored


# A zero byte as JSON writes it; behind an odd number of backslashes more it is six letters.
_ZERO = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def _replaced(found: re.Match[str]) -> str:
    return found[1] + "\ufffd"


def _plain_number(text: str) -> float | str:
    # Zero has no sign in PostgreSQL.
    return text if "e" in text else float(text) + 0.0


def _owner_of(target: models.Model | None) -> Organisation | None:
    if isinstance(target, Organisation):
        return target
    for name in ("owner", "organisation", "plan", "report"):
        found = getattr(target, name, None)
        if isinstance(found, Organisation):
            return found
        if isinstance(found, models.Model):
            return _owner_of(found)
    return None
