"""The documents of a plan, as a reader may see them."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Marking
from tansiq.core import formats
from tansiq.core.translations import show, show_each
from tansiq.plans.models import Document, Plan, PublicContact

_KILO = 1024


@dataclass(frozen=True)
class DocumentLine:
    """One document, its size in words, and what this reader may do with it."""

    document: Document
    size: str
    may_change: bool

    @property
    def may_publish(self) -> bool:
        document = self.document
        return self.may_change and document.marking == Marking.CLEAR and not document.is_public

    @property
    def may_unpublish(self) -> bool:
        return self.may_change and self.document.is_public


def lines_of(actor: Actor, plan: Plan) -> list[DocumentLine]:
    """Return the documents this reader may see, the newest first, titles in their language."""
    rows = list(Document.objects.visible_to(actor).filter(plan=plan).order_by("-dated_on", "-pk"))
    show_each(rows, "title", language_of=lambda one: str(one.language))
    return [
        DocumentLine(
            one,
            size_in_words(one.size),
            actor.is_at_least(Role.COORDINATOR, in_organisation=one.owner_id),
        )
        for one in rows
    ]


def contact_of(actor: Actor, plan: Plan) -> PublicContact | None:
    """Return the office of a plan, in the reader's language, if it is published."""
    contact = PublicContact.objects.visible_to(actor).filter(plan=plan).first()
    if contact is not None:
        show([contact], "office", written_in=plan.language)
    return contact


def size_in_words(size: int) -> str:
    """Write "340 kB" or "1.2 MB", so that nobody on a phone loads too much."""
    language = get_language() or "en"
    if size < _KILO * _KILO:
        kilo = formats.number(max(1, round(size / _KILO)), language)
        return _("%(size)s kB") % {"size": kilo}
    mega = formats.number(round(size / _KILO / _KILO, 1), language)
    return _("%(size)s MB") % {"size": mega}
