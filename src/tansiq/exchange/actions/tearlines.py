"""Lesser versions of a note, what stays behind, and what is let out all the same."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.editing import save_changes
from tansiq.exchange.actions.items import Draft, ExchangeError, write_item
from tansiq.exchange.leaks import passage_key, passages
from tansiq.exchange.models import Handling, Item, ItemKind, Release
from tansiq.exchange.queries.checks import check, passages_of
from tansiq.exchange.rules.handling import is_lower

# The fullest and two below it: more cannot be kept apart by those who write them.
MOST_LESSER = 2


@dataclass(frozen=True)
class Version:
    """What a lesser version says, and under which marking."""

    title: str
    text: str
    marking: str
    language: str
    client_key: uuid.UUID | None = field(default=None, compare=False)


@transaction.atomic
def keep_back(fuller: Item, keys: Iterable[str], *, by: Actor, at: datetime) -> None:
    """Write down which sentences stay in the fuller version; only signs of them are kept."""
    possible = [one.key for one in passages_of(fuller)]
    wanted = set(keys)
    kept = [key for key in possible if key in wanted]
    Handling.objects.update_or_create(item=fuller, defaults={"kept_back": kept})
    record(by, "exchange.keep_back", fuller, at=at, detail={"sentences": len(kept)})


def rest_of(fuller: Item) -> tuple[str, str]:
    """Return title and text of a fuller version without the sentences that stay there."""
    kept = {one.key for one in passages_of(fuller) if one.is_kept}
    lines = []
    for line in fuller.text.split("\n"):
        freed = [one for one in passages(line) if passage_key(one) not in kept]
        if freed or not line.strip():
            lines.append(" ".join(freed))
    title = "" if passage_key(fuller.title) in kept else fuller.title
    return title, "\n".join(lines).strip()


@transaction.atomic
def write_lesser(fuller: Item, version: Version, *, by: Actor, at: datetime) -> Item:
    """Begin a version with less in it, for the day and the language of the fuller one.

    Raises ExchangeError when its marking is not lower, or when there are enough of them.
    """
    if version.client_key is not None:
        before = Item.objects.filter(client_key=version.client_key).first()
        if before is not None:
            return before
    current = Item.objects.select_for_update(of=("self",)).get(pk=fuller.pk)
    others = Item.objects.filter(fullest=fuller, corrects__isnull=True, recalled_at__isnull=True)
    if others.count() >= MOST_LESSER:
        raise ExchangeError(_("There are two lesser versions already. Change one of them."))
    if others.filter(marking=version.marking).exists():
        raise ExchangeError(_("There is a version with this marking already. Change that one."))
    item = write_item(
        fuller.owner,
        Draft(
            kind=ItemKind(current.kind),
            title=version.title,
            text=version.text,
            language=version.language,
            expires_on=current.expires_on,
            marking=version.marking,
            reply_by=current.reply_by,
            fullest=fuller,
            origin=fuller.origin,
            client_key=version.client_key,
        ),
        by=by,
        at=at,
    )
    _check_marking(item)
    return item


@transaction.atomic
def change_version(item: Item, version: Version, *, revision: int, by: Actor, at: datetime) -> None:
    """Change the words and the marking of a draft that is checked.

    Raises ExchangeError once it is sent, and ChangedMeanwhileError.
    """
    if not Item.objects.select_for_update(of=("self",)).get(pk=item.pk).is_draft:
        raise ExchangeError(_("This was sent meanwhile. What was sent stays as it is."))
    changes = {"title": version.title, "text": version.text, "marking": version.marking}
    save_changes(item, changes, revision=revision, at=at)
    _check_marking(item)
    record(by, "exchange.edit", item, at=at, detail={"marking": item.marking})


def _check_marking(item: Item) -> None:
    if item.fullest is not None and not is_lower(item, item.fullest):
        raise ExchangeError(_("A lesser version needs a lower marking than the fuller one."))


@transaction.atomic
def release(item: Item, sign: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Let out one thing that the check found. The log keeps its kind and the reason.

    Raises ExchangeError without a reason, and when nothing of this sign is found any more.
    """
    if not reason.strip():
        raise ExchangeError(_("Say why this may be known."))
    found = next((one for one in check(item).open if one.sign == sign), None)
    if found is None:
        raise ExchangeError(_("This is not found any more. Look at the check again."))
    Release.objects.create(
        item=item, sign=sign, reason=reason.strip(), person_id=by.person_id, at=at
    )
    detail = {"nature": str(found.nature), "reason": reason.strip()}
    record(by, "exchange.release", item, at=at, detail=detail)
