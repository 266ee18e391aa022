"""Files that show what a report says: kept under names of our own, opened only through here."""

import hashlib
import secrets
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.uploads import CleanFile
from tansiq.plans.actions.reports import ReportError
from tansiq.plans.models import Evidence, Report


@transaction.atomic
def add_evidence(
    report: Report, file: CleanFile, *, description: str, by: Actor, at: datetime
) -> Evidence:
    """Keep a file with the report. Raises ReportError if the report is locked."""
    _refuse_if_locked(report)
    digest = hashlib.sha256(file.content).hexdigest()
    # The name on the disk says nothing and cannot be guessed; the given one is only shown.
    stored = ContentFile(file.content, name=f"{secrets.token_hex(16)}.{file.kind}")
    evidence = Evidence.objects.create(
        report=report,
        file=stored,
        name=file.name[:200],
        description=description,
        size=len(file.content),
        sha256=digest,
        added_at=at,
    )
    record(by, "plans.evidence_add", evidence, at=at, detail={"sha256": digest})
    return evidence


@transaction.atomic
def open_evidence(evidence: Evidence, *, by: Actor, at: datetime) -> File[bytes]:
    """Return the open file, and write down who took it. Raises FileNotFoundError."""
    file: File[bytes] = evidence.file.open("rb")
    record(by, "export:plans.evidence_view", evidence, at=at)
    return file


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: Actor, at: datetime) -> None:
    """Remove a file for good. Raises ReportError if the report is locked."""
    _refuse_if_locked(evidence.report)
    record(by, "plans.evidence_remove", evidence, at=at, detail={"sha256": evidence.sha256})
    file = evidence.file
    evidence.delete()
    # After the commit: a file cannot be rolled back.
    transaction.on_commit(lambda: file.storage.delete(str(file.name)))


def _refuse_if_locked(report: Report) -> None:
    current = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if current.is_locked:
        raise ReportError(_("This report is locked. Ask the level above to reopen it."))
