"""Files that go with an item: kept under names of our own, opened only through here."""

import hashlib
import secrets
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.uploads import CleanFile
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.models import Attachment, Item

MOST_FILES = 10


@transaction.atomic
def attach(item: Item, file: CleanFile, *, by: Actor, at: datetime) -> Attachment:
    """Keep a file with a draft. Raises ExchangeError once it is sent, and when it has too many."""
    _refuse_if_sent(item)
    if Attachment.objects.filter(item=item).count() >= MOST_FILES:
        raise ExchangeError(
            _("It has %(number)s files already; more do not go with one item.")
            % {"number": MOST_FILES}
        )
    digest = hashlib.sha256(file.content).hexdigest()
    # The name on the disk says nothing and cannot be guessed; the given one is only shown.
    attachment = Attachment.objects.create(
        item=item,
        file=ContentFile(file.content, name=f"{secrets.token_hex(16)}.{file.kind}"),
        name=file.name[:200],
        size=len(file.content),
        sha256=digest,
        added_at=at,
    )
    record(by, "exchange.attach", attachment, at=at, detail={"sha256": digest})
    return attachment


@transaction.atomic
def open_attachment(attachment: Attachment, *, by: Actor, at: datetime) -> File[bytes]:
    """Return the open file, and write down who took it. Raises FileNotFoundError."""
    file: File[bytes] = attachment.file.open("rb")
    record(by, "export:exchange.file", attachment, at=at)
    return file


@transaction.atomic
def detach(attachment: Attachment, *, by: Actor, at: datetime) -> None:
    """Remove a file from a draft for good. Raises ExchangeError once it is sent."""
    _refuse_if_sent(attachment.item)
    record(by, "exchange.detach", attachment, at=at, detail={"sha256": attachment.sha256})
    remove_file(attachment)
    attachment.delete()


def remove_file(attachment: Attachment) -> None:
    """Remove the file from the disk once the transaction is kept: it cannot be rolled back."""
    file = attachment.file
    transaction.on_commit(lambda: file.storage.delete(str(file.name)))


def _refuse_if_sent(item: Item) -> None:
    if not Item.objects.select_for_update(of=("self",)).get(pk=item.pk).is_draft:
        raise ExchangeError(_("This was sent meanwhile. What was sent stays as it is."))
