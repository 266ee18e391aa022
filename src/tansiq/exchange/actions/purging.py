"""What is over is deleted, a hundred items at a time, each with its proof."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Membership, Organisation
from tansiq.core.search import take_out
from tansiq.exchange.actions import outbox
from tansiq.exchange.actions.obligations import withdraw_of
from tansiq.exchange.keeping import ENVELOPE, TABLES
from tansiq.exchange.models import Attachment, Hold, Item, LeftFile, Purge, PurgeKind, Receipt
from tansiq.exchange.queries.purging import (
    ITEM,
    count_all,
    hashes_of,
    notices_about,
    red_receipts,
    rows_of,
    translations_under,
)

# So many in one transaction: others wait for the database no longer than that takes.
BATCH: Final = 100
_SYSTEM: Final = Actor.system("tansiq: what is over is deleted")
_YEAR: Final = timedelta(days=365, hours=6)
_MOST_FILES: Final = 1000


def purge_expired(*, at: datetime) -> int:
    """Delete the words of all items whose time is over and that nobody holds; return how many.

    Each batch is one transaction, so a run that is cut off leaves nothing half; the next goes on.
    """
    run = uuid.uuid4()
    done = 0
    while count := _purge_batch(run, at=at):
        done += count
        sweep_files()
    sweep_files()
    return done


@transaction.atomic
def forget_what_was_told(*, at: datetime) -> int:
    """Delete what others were told of items that are over; return how many notices went.

    A held item, and one in its days of grace, is not deleted yet; its recipients do not read it any
    more, and so they do not read its title in a notice either. The sender keeps its own notices.
    """
    over = Item.objects.filter(expires_on__lt=at.date(), purged_at__isnull=True)
    count = 0
    for pk, owner in over.values_list("pk", "owner").order_by("pk"):
        ours = Membership.objects.filter(organisation=owner).values("person")
        for notices in notices_about([pk]):
            deleted, _by_table = notices.exclude(person__in=ours).delete()
            count += deleted
    return count


@transaction.atomic
def _purge_batch(run: uuid.UUID, *, at: datetime) -> int:
    items = list(_due(at=at)[:BATCH])
    if items:
        _purge(items, run, at=at)
    return len(items)


def _due(*, at: datetime) -> QuerySet[Item]:
    over = at.date() - timedelta(days=settings.PURGE_GRACE_DAYS)
    held = Hold.objects.in_force(at.date()).values("item")
    rows: QuerySet[Item] = (
        Item.objects.filter(purged_at__isnull=True, expires_on__lt=over)
        .exclude(pk__in=held)
        .order_by("expires_on", "pk")
        # Two runs at once take different rows.
        .select_for_update(of=("self",), skip_locked=True)
    )
    return rows


@transaction.atomic
def purge_at_once(item: Item, *, at: datetime) -> bool:
    """Delete the words of an item whose origin is gone, with proof; say no while it is held."""
    if Hold.objects.in_force(at.date()).filter(item=item).exists():
        return False
    _purge([item], uuid.uuid4(), at=at)
    return True


def _purge(items: Sequence[Item], run: uuid.UUID, *, at: datetime) -> None:
    keys = [one.pk for one in items]
    hashes = hashes_of(keys)
    before = count_all(keys, hashes)
    digests = _digests(items)
    for one in items:
        withdraw_of(one, at=at)
    _delete_words(keys, hashes, at=at)
    outbox.touch(keys)
    after = count_all(keys, hashes)
    proofs = [
        _proof(one, run, {k: [n, after[one.pk][k]] for k, n in before[one.pk].items()}, at=at)
        for one in items
    ]
    for proof in proofs:
        proof.digest = digests[proof.item_number]
    Purge.objects.bulk_create(proofs)
    # Of what was never sent nobody needs figures.
    Item.objects.filter(pk__in=[one.pk for one in items if one.is_draft]).delete()


def _proof(item: Item, run: uuid.UUID, counts: dict[str, list[int]], *, at: datetime) -> Purge:
    """Write the log and return the proof, not saved, with the seal of that entry."""
    told = {name: pair for name, pair in counts.items() if any(pair)}
    detail = {"run": str(run), "counts": told}
    entry = record(_SYSTEM, "exchange.purge", item, at=at, detail=detail)
    return Purge(
        item=None if item.is_draft else item,
        item_number=item.pk,
        owner_id=item.owner_id,
        what=PurgeKind.DRAFT if item.is_draft else PurgeKind.CONTENT,
        kind=item.kind,
        marking=item.marking,
        sent_at=item.sent_at,
        expired_on=item.expires_on,
        counts=told,
        at=at,
        run=run,
        seal=entry.seal,
    )


def _delete_words(keys: Sequence[int], hashes: dict[str, set[int]], *, at: datetime) -> None:
    for notices in notices_about(keys):
        notices.delete()
    _note_files(keys, at=at)
    for rows in translations_under(list(hashes)):
        rows.delete()
    take_out(ITEM, keys)
    red_receipts(keys).delete()
    for table in TABLES:
        rows = rows_of(table, keys)
        if table.goes:
            rows.delete()
        elif table.emptied:
            rows.update(**table.emptied)
    Item.named_people.through.objects.filter(item__in=keys).delete()
    Item.objects.filter(pk__in=keys).update(**ENVELOPE, purged_at=at)


def _note_files(keys: Sequence[int], *, at: datetime) -> None:
    """Note which files are to go once all this is saved; not those that others still need."""
    of_these = Attachment.objects.filter(item__in=keys).exclude(file="")
    names = set(of_these.values_list("file", flat=True))
    needed = Attachment.objects.filter(file__in=names).exclude(item__in=keys) if names else ()
    names -= {str(one.file) for one in needed}
    LeftFile.objects.bulk_create(
        [LeftFile(name=name, noted_at=at) for name in sorted(names)], ignore_conflicts=True
    )


def sweep_files() -> int:
    """Take noted files from the storage; what an earlier run left, too. Return how many."""
    swept = 0
    while left := list(LeftFile.objects.order_by("pk")[:_MOST_FILES]):
        for one in left:
            default_storage.delete(one.name)
        LeftFile.objects.filter(pk__in=[one.pk for one in left]).delete()
        swept += len(left)
    return swept


def _digests(items: Sequence[Item]) -> dict[int | None, str]:
    files: dict[int, list[str]] = {}
    rows = Attachment.objects.filter(item__in=items).order_by("item", "sha256")
    for item, group in groupby(rows.values_list("item", "sha256"), key=lambda row: row[0]):
        files[item] = [sha256 for _item, sha256 in group]
    return {
        one.pk: digest_of(one.pk, one.title, one.text, files=files.get(one.pk, ())) for one in items
    }


def digest_of(item: int, title: str, text: str, *, files: Iterable[str] = ()) -> str:
    """Return what stands for these words in a proof.

    Keyed with the secret of this platform and the number of the item: who kept a copy can have it
    confirmed here, and who reads the proof alone cannot find the words by trying.
    """
    content = json.dumps([item, title, text, sorted(files)], ensure_ascii=False)
    key = b"tansiq.exchange.purge" + settings.SECRET_KEY.encode()
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def end_envelopes(*, at: datetime) -> int:
    """Delete what was kept for the figures, years after the words; return of how many items."""
    run = uuid.uuid4()
    done = 0
    while count := _end_batch(run, at=at):
        done += count
    return done


@transaction.atomic
def _end_batch(run: uuid.UUID, *, at: datetime) -> int:
    over = at - settings.ENVELOPE_YEARS * _YEAR
    rows = Item.objects.filter(purged_at__lt=over).order_by("owner", "pk")
    items = list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for owner, group in groupby(items, key=lambda one: one.owner_id):
        _end([one.pk for one in group], owner, run, at=at)
    return len(items)


def _end(keys: Sequence[int], owner: int, run: uuid.UUID, *, at: datetime) -> None:
    before = _envelopes(keys)
    Item.objects.filter(pk__in=keys).delete()
    after = _envelopes(keys)
    counts = {name: [number, after[name]] for name, number in before.items()}
    body = Organisation.objects.get(pk=owner)
    detail: dict[str, Any] = {"run": str(run), "counts": counts}
    entry = record(_SYSTEM, "exchange.end_envelopes", body, at=at, detail=detail)
    Purge.objects.create(
        owner=body, what=PurgeKind.ENVELOPE, counts=counts, at=at, run=run, seal=entry.seal
    )


def _envelopes(keys: Sequence[int]) -> dict[str, int]:
    return {
        "item": Item.objects.filter(pk__in=keys).count(),
        "receipt": Receipt.objects.filter(item__in=keys).count(),
    }
