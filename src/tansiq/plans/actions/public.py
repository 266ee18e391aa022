"""What everybody gets of a plan: its documents, and where its owner is reached."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Contact, Marking, Person
from tansiq.core.editing import save_changes
from tansiq.core.uploads import CleanFile
from tansiq.plans.models import Document, Plan, PublicContact


class DocumentError(Exception):
    """The step cannot be taken with this document; the message says why and what to do."""


class PersonalAddressError(Exception):
    """The address belongs to a person; only those of offices are published."""


@transaction.atomic
def add_document(
    plan: Plan,
    file: CleanFile,
    *,
    details: dict[str, Any],
    by: Actor,
    at: datetime,
) -> Document:
    """Keep a file with the plan; `details` are its kind, title, language, date and marking.

    What is marked CLEAR is published with the plan. Raises DocumentError if the same file is
    there already, or for RED, which is for persons and not for a plan's shelf.
    """
    if details["marking"] == Marking.RED:
        raise DocumentError(_("What is TLP:RED does not belong on a plan's shelf."))
    digest = hashlib.sha256(file.content).hexdigest()
    if plan.documents.filter(sha256=digest).exists():
        raise DocumentError(_("This very file is already among the plan's documents."))
    document = Document.objects.create(
        plan=plan,
        owner=plan.owner,
        file=ContentFile(file.content, name=f"{secrets.token_hex(16)}.{file.kind}"),
        name=file.name[:200],
        size=len(file.content),
        sha256=digest,
        added_at=at,
        published_at=at if details["marking"] == Marking.CLEAR else None,
        **details,
    )
    record(by, "plans.document_add", document, at=at, detail={"sha256": digest})
    return document


@transaction.atomic
def publish_document(document: Document, *, by: Actor, at: datetime) -> None:
    """Show the document on the plan's public page. Raises DocumentError unless it is CLEAR."""
    if document.marking != Marking.CLEAR:
        raise DocumentError(_("Mark the document TLP:CLEAR before you publish it."))
    document.published_at = at
    document.save(update_fields=["published_at"])
    record(by, "plans.document_publish", document, at=at)


@transaction.atomic
def unpublish_document(document: Document, *, by: Actor, at: datetime) -> None:
    """Take the document off the public page; members still read it as its marking says."""
    document.published_at = None
    document.save(update_fields=["published_at"])
    record(by, "plans.document_unpublish", document, at=at)


@transaction.atomic
def remove_document(document: Document, *, by: Actor, at: datetime) -> None:
    """Remove a document and its file for good."""
    record(by, "plans.document_remove", document, at=at, detail={"sha256": document.sha256})
    file = document.file
    document.delete()
    # After the commit: a file cannot be rolled back.
    transaction.on_commit(lambda: file.storage.delete(str(file.name)))


@transaction.atomic
def open_document(document: Document, *, by: Actor, at: datetime) -> File[bytes]:
    """Return the open file; who took what is not public is written down.

    Raises FileNotFoundError.
    """
    file: File[bytes] = document.file.open("rb")
    if by.is_signed_in:
        record(by, "export:plans.document_view", document, at=at)
    return file


@transaction.atomic
def publish_contact(
    plan: Plan, details: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> PublicContact:
    """Say to everybody how the office that answers for the plan is reached.

    Raises PersonalAddressError for an address of a member or contact, ChangedMeanwhileError.
    """
    _refuse_persons(details["email"])
    contact = PublicContact.objects.filter(plan=plan).first()
    if contact is None:
        contact = PublicContact(plan=plan, agreed_at=at, changed_at=at, **details)
        contact.save(force_insert=True)
    else:
        save_changes(contact, details | {"agreed_at": at}, revision=revision, at=at)
    record(by, "plans.contact_publish", plan, at=at)
    return contact


@transaction.atomic
def withdraw_contact(plan: Plan, *, by: Actor, at: datetime) -> None:
    """Take the contact off the public page."""
    PublicContact.objects.filter(plan=plan).delete()
    record(by, "plans.contact_withdraw", plan, at=at)


def _refuse_persons(email: str) -> None:
    """Refuse the address of somebody who is a member or contact: it would name a person."""
    if not email:
        return
    if (
        Person.objects.filter(email__iexact=email).exists()
        or Contact.objects.filter(email__iexact=email).exists()
    ):
        raise PersonalAddressError(
            _("This is the address of a person. Publish one of the office, such as info@….")
        )
