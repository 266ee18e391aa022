"""Starting, drafting and publishing playbooks. A running incident keeps the version it has."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation
from tansiq.core.editing import save_changes
from tansiq.incidents.models import Playbook, PlaybookVersion
from tansiq.incidents.playbook.document import Document

_LONGEST_TITLE = 200


class PlaybookStateError(Exception):
    """The playbook cannot be changed so; the message says what to do."""


@dataclass(frozen=True)
class NewPlaybook:
    """What a playbook begins with."""

    owner: Organisation
    title: str
    document: Document
    marking: Marking = Marking.GREEN


@transaction.atomic
def start_playbook(begun: NewPlaybook, *, by: Actor, at: datetime) -> Playbook:
    """Make a playbook with a first draft, under a short name that is still free."""
    slug = _free_slug(begun.owner, begun.document.key)
    playbook = Playbook.objects.create(
        owner=begun.owner,
        slug=slug,
        title=begun.title[:_LONGEST_TITLE],
        marking=begun.marking,
        purpose=_("How this organisation responds to an incident"),
        published_at=at,
        changed_at=at,
    )
    _keep_draft(playbook, begun.document, at=at)
    record(by, "incidents.start_playbook", playbook, at=at)
    return playbook


@transaction.atomic
def save_draft(
    playbook: Playbook, document: Document, *, revision: int, by: Actor, at: datetime
) -> PlaybookVersion:
    """Keep what the next version will say. Raises ChangedMeanwhileError."""
    save_changes(playbook, {}, revision=revision, at=at)
    version = _keep_draft(playbook, document, at=at)
    record(by, "incidents.edit_playbook", playbook, at=at, detail={"version": version.number})
    return version


@transaction.atomic
def discard_draft(playbook: Playbook, *, revision: int, by: Actor, at: datetime) -> None:
    """Throw the draft away. Raises PlaybookStateError when nothing was published before it."""
    if not playbook.versions.filter(published_at__isnull=False).exists():
        raise PlaybookStateError(
            _("This draft is all there is of the playbook. Change it instead.")
        )
    save_changes(playbook, {}, revision=revision, at=at)
    draft = _draft_of(playbook)
    number = draft.number
    draft.delete()
    record(by, "incidents.edit_playbook", playbook, at=at, detail={"discarded": number})


@transaction.atomic
def publish_playbook(
    playbook: Playbook, *, note: str = "", revision: int, by: Actor, at: datetime
) -> PlaybookVersion:
    """Put the draft into force; incidents that run keep the version they began with.

    Raises PlaybookStateError without a draft, or when the draft says what is in force already.
    """
    draft = _draft_of(playbook)
    latest = playbook.versions.filter(published_at__isnull=False).order_by("-number").first()
    if latest is not None and latest.document_json == draft.document_json:
        raise PlaybookStateError(
            _("The draft says what is in force already. Change something, or discard it.")
        )
    words = draft.document.title.in_language(draft.document.language)
    changes = {"title": words[:_LONGEST_TITLE]} if latest is not None else {}
    save_changes(playbook, changes, revision=revision, at=at)
    draft.published_at, draft.published_by_id, draft.note = at, by.person_id, note
    draft.save(update_fields=["published_at", "published_by", "note"])
    record(by, "incidents.publish_playbook", playbook, at=at, detail={"version": draft.number})
    return draft


@transaction.atomic
def load_playbook(
    document: Document, *, owner: Organisation, by: Actor, at: datetime
) -> PlaybookVersion | None:
    """Take over a file as what is in force, as at installation; None when it says so already.

    A draft that somebody is writing stays as it is: raises PlaybookStateError then.
    """
    playbook = Playbook.objects.filter(owner=owner, slug=document.key).first()
    if playbook is None:
        words = document.title.in_language(document.language)
        playbook = start_playbook(NewPlaybook(owner, words, document), by=by, at=at)
        return publish_playbook(playbook, revision=playbook.revision, by=by, at=at)
    if playbook.versions.filter(published_at__isnull=True).exists():
        raise PlaybookStateError(
            _("Somebody is changing this playbook. Publish or discard the draft first.")
        )
    latest = playbook.versions.order_by("-number").first()
    if latest is not None and latest.document_json == document.as_json():
        return None
    save_draft(playbook, document, revision=playbook.revision, by=by, at=at)
    return publish_playbook(playbook, revision=playbook.revision, by=by, at=at)


def _keep_draft(playbook: Playbook, document: Document, *, at: datetime) -> PlaybookVersion:
    draft = playbook.versions.filter(published_at__isnull=True).first()
    if draft is None:
        latest = playbook.versions.order_by("-number").first()
        draft = PlaybookVersion(playbook=playbook, number=latest.number + 1 if latest else 1)
    draft.document_json, draft.made_at = document.as_json(), at
    draft.__dict__.pop("document", None)
    draft.save()
    return draft


def _draft_of(playbook: Playbook) -> PlaybookVersion:
    draft = playbook.versions.filter(published_at__isnull=True).first()
    if draft is None:
        raise PlaybookStateError(_("There is no draft. Somebody published or discarded it."))
    return draft


def _free_slug(owner: Organisation, key: str) -> str:
    """Return the key, or the key with a number where the owner has a playbook of that name."""
    taken = set(Playbook.objects.filter(owner=owner).values_list("slug", flat=True))
    slugs = [key, *(f"{key[:56]}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in slugs if slug not in taken)
