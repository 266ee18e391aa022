"""Documents of editions: made at once when small, by a job when large, and opened through here."""

import logging
import secrets
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.plans.actions.national import NationalReportError, too_open
from tansiq.plans.models import Edition, EditionFile, FileKind, FileState
from tansiq.plans.queries.national.audience import still_fits
from tansiq.plans.queries.national.document import Source, document_of
from tansiq.plans.queries.national.editions import source_of

logger = logging.getLogger("tansiq.plans")


def readable_source(edition: Edition) -> Source:
    """Return what the edition is made from. Raises NationalReportError if more may read it now."""
    source = source_of(edition)
    if not still_fits(source.figures["audience"], edition.report):
        raise NationalReportError(too_open())
    return source


def written(source: Source, *, language: str, kind: str) -> bytes:
    """Return the document as a file."""
    document = document_of(source, language)
    if kind == FileKind.WORD:
        # Loaded when first wanted: together they cost every process a third of a second.
        from tansiq.core.documents.word import as_word  # noqa: PLC0415 -- see above

        return as_word(document)
    from tansiq.core.documents.pdf import as_pdf  # noqa: PLC0415 -- see above

    return as_pdf(document)


@transaction.atomic
def hand_out(edition: Edition, *, language: str, kind: str, by: Actor, at: datetime) -> bytes:
    """Make the document at once, and write down who took it."""
    content = written(readable_source(edition), language=language, kind=kind)
    _record_taking(edition, language, kind, by=by, at=at)
    return content


def _record_taking(edition: Edition, language: str, kind: str, *, by: Actor, at: datetime) -> None:
    detail = {"edition": edition.number, "language": language, "kind": kind}
    record(by, "export:plans.national_export", edition.report, at=at, detail=detail)


@transaction.atomic
def ask_for_file(
    edition: Edition, *, language: str, kind: str, at: datetime
) -> tuple[EditionFile, bool]:
    """Return the file of an edition, and whether it must still be made.

    A file that was made from the same figures and words is given again.
    """
    fingerprint = readable_source(edition).fingerprint
    file, _is_new = EditionFile.objects.select_for_update().get_or_create(
        edition=edition,
        language=language,
        kind=kind,
        defaults={"fingerprint": "", "asked_at": at},
    )
    if file.fingerprint == fingerprint and not file.has_failed:
        return file, False
    file.fingerprint, file.state, file.asked_at = fingerprint, FileState.WAITING, at
    file.save(update_fields=["fingerprint", "state", "asked_at"])
    return file, True


def make_file(file: EditionFile, *, at: datetime) -> None:
    """Make the document and keep it; a file that fails says so, for its page."""
    try:
        source = readable_source(file.edition)
        content = written(source, language=file.language, kind=file.kind)
    except Exception:
        logger.exception("The document %s could not be made.", file.pk)
        EditionFile.objects.filter(pk=file.pk).update(state=FileState.FAILED)
        raise
    _keep(file, content, source.fingerprint, at=at)


@transaction.atomic
def _keep(file: EditionFile, content: bytes, fingerprint: str, *, at: datetime) -> None:
    old = file.file.name
    # The name on the disk says nothing and cannot be guessed.
    name = f"{secrets.token_hex(16)}.{file.kind}"
    file.file.save(name, ContentFile(content), save=False)
    file.fingerprint, file.state, file.made_at = fingerprint, FileState.READY, at
    file.save(update_fields=["file", "fingerprint", "state", "made_at"])
    if old:
        # After the commit: a file cannot be rolled back.
        transaction.on_commit(lambda: file.file.storage.delete(old))


@transaction.atomic
def open_file(file: EditionFile, *, by: Actor, at: datetime) -> File[bytes] | None:
    """Return the open file and write down who took it; None if it is out of date or gone.

    Raises NationalReportError if more people may read the report now than when it was made.
    """
    source = readable_source(file.edition)
    if not file.is_ready or source.fingerprint != file.fingerprint:
        return None
    try:
        content: File[bytes] = file.file.open("rb")
    except FileNotFoundError:
        return None
    _record_taking(file.edition, file.language, file.kind, by=by, at=at)
    return content
