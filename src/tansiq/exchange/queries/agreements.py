"""Which agreement covers an item, and what it does not cover; the agreement as a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import can
from tansiq.access.models import Marking, Organisation
from tansiq.core import formats
from tansiq.core.documents.model import Block, Document, Heading, Paragraph, Table
from tansiq.core.documents.words import paragraphs_of
from tansiq.exchange.audience import organisations_for
from tansiq.exchange.models import Agreement, Channel, Item, Receipt

# So many names are said; the rest is a number.
_MOST_NAMES: Final = 3
_MOST_FOUND: Final = 20
_SHORTEST: Final = 2


@dataclass(frozen=True)
class Coverage:
    """What stands between an item and the agreement it names; nothing, if all is well."""

    agreement: Agreement | None
    concerns: Sequence[str] = ()
    # Why it may not go at all.
    refusal: str = ""


@dataclass(frozen=True)
class OnItem:
    """What the page of an item says about its agreement."""

    item: Item
    coverage: Coverage
    offers: Sequence[Agreement] = ()
    may_choose: bool = False


def in_order(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Return agreements with how many signed, those that hold first."""
    rows: QuerySet[Agreement] = (
        agreements.annotate(
            parties_all=Count("parties", distinct=True),
            parties_signed=Count(
                "parties", filter=Q(parties__signed_at__isnull=False), distinct=True
            ),
        )
        .select_related("owner")
        .order_by(F("ended_at").desc(nulls_first=True), "review_on", "pk")
    )
    return rows


def waiting_for(actor: Actor) -> QuerySet[Agreement]:
    """Return the agreements that an organisation of which this actor is a lead has yet to sign."""
    return (
        Agreement.objects.visible_to(actor)
        .filter(
            offered_at__isnull=False,
            ended_at__isnull=True,
            parties__signed_at__isnull=True,
            parties__organisation__in=actor.organisations_as(Role.LEAD),
        )
        .distinct()
    )


def organisations_found(actor: Actor, words: str, agreement: Agreement) -> list[Organisation]:
    """Return bodies of this name or short name that are not parties yet."""
    words = words.strip()
    if len(words) < _SHORTEST:
        return []
    known = agreement.parties.values("organisation")
    found = Organisation.objects.visible_to(actor).filter(
        Q(name__icontains=words) | Q(place__name__icontains=words), is_active=True
    )
    ordered = found.exclude(pk__in=known).order_by("-is_lead_of_place", "name", "pk")
    return list(ordered.distinct()[:_MOST_FOUND])


def offers_for(item: Item, actor: Actor, *, on: date) -> list[Agreement]:
    """Return the agreements under which the item could go: in force, and signed by its sender.

    Those that most of its recipients signed come first.
    """
    reached = organisations_for(item.audience, by=actor).values("pk")
    rows = (
        Agreement.objects.visible_to(actor)
        .standing(on)
        .filter(in_force_at__isnull=False)
        .signed_by(item.owner_id)
    )
    counted = Agreement.objects.filter(pk__in=rows.values("pk")).annotate(
        covers=Count(
            "parties",
            filter=Q(parties__organisation__in=reached, parties__signed_at__isnull=False),
        )
    )
    return list(counted.order_by("-covers", "title", "pk")[:_MOST_FOUND])


def coverage_of(item: Item, actor: Actor, *, on: date) -> Coverage:
    """Return what the agreement of an item does not cover, in sentences; and if it must not go."""
    agreement = item.agreement
    if agreement is None:
        return Coverage(None, [_("No sharing agreement is named for this.")])
    # A recipient that is no party to it learns neither its words nor who the others are.
    if not Agreement.objects.visible_to(actor).filter(pk=agreement.pk).exists():
        return Coverage(None, [_("It goes under an agreement of others. You have not signed it.")])
    concerns = [
        *_not_in_force(agreement, item, on),
        *_not_signed(agreement, item, actor),
        *_not_as_agreed(agreement, item, on),
    ]
    return Coverage(agreement, concerns, refusal_of(item))


def refusal_of(item: Item) -> str:
    """Return why the agreement does not let an item of this marking go; empty if it may."""
    agreement = item.agreement
    if agreement is None or not agreement.is_binding or item.marking in agreement.markings:
        return ""
    return _("The agreement “%(title)s” does not let %(marking)s go, only %(markings)s.") % {
        "title": agreement.title,
        "marking": f"TLP:{item.marking.upper()}",
        "markings": agreement.marking_words,
    }


def _not_in_force(agreement: Agreement, item: Item, on: date) -> list[str]:
    language = _language()
    if agreement.ended_at is not None or agreement.is_over(on):
        return [_("The agreement has ended.")]
    if agreement.in_force_at is None:
        return [_("The agreement is not in force: too few have signed.")]
    if not agreement.parties.filter(organisation=item.owner_id, signed_at__isnull=False).exists():
        return [_("The sender has not signed the agreement.")]
    if agreement.is_review_late(on):
        day = formats.day(agreement.review_on, language)
        return [_("The agreement was to be reviewed on %(day)s.") % {"day": day}]
    return []


def _not_signed(agreement: Agreement, item: Item, actor: Actor) -> list[str]:
    signed = agreement.parties.signed().values("organisation")
    outside = _recipients(item, actor).exclude(pk__in=signed).exclude(pk=item.owner_id)
    count = outside.count()
    if not count:
        return []
    names = [str(one) for one in outside.order_by("name", "pk")[:_MOST_NAMES]]
    facts = {"names": ", ".join(names), "count": formats.number(count, _language())}
    if count <= _MOST_NAMES:
        return [_("Not covered, because they did not sign: %(names)s.") % facts]
    sentence = ngettext(
        "%(count)s recipient did not sign and is not covered, such as %(names)s.",
        "%(count)s recipients did not sign and are not covered, such as %(names)s.",
        count,
    )
    return [sentence % facts]


def _recipients(item: Item, actor: Actor) -> QuerySet[Organisation]:
    if item.is_draft:
        return organisations_for(item.audience, by=actor).order_by()
    seen = Receipt.objects.visible_to(actor).filter(item=item)
    return Organisation.objects.filter(pk__in=seen.values("organisation"))


def _not_as_agreed(agreement: Agreement, item: Item, on: date) -> list[str]:
    found = []
    if item.marking not in agreement.markings and not agreement.is_binding:
        facts = {
            "marking": f"TLP:{item.marking.upper()}",
            "markings": agreement.marking_words or "–",
        }
        found.append(_("The agreement is not for %(marking)s, only for %(markings)s.") % facts)
    if not agreement.allows_channel(Channel.DESK):
        found.append(_("The agreement does not name this platform as a way to share."))
    if not agreement.allows_channel(Channel.MAIL) and item.may_leave_in_mail:
        found.append(
            _("The agreement does not name e-mail, but notices with the title go by mail.")
        )
    begins = item.sent_at.date() if item.sent_at else on
    days = (item.expires_on - begins).days
    if days > agreement.retention_days:
        language = _language()
        sentence = ngettext(
            "It would be kept longer than the %(count)s day that was agreed.",
            "It would be kept longer than the %(count)s days that were agreed.",
            agreement.retention_days,
        )
        found.append(sentence % {"count": formats.number(agreement.retention_days, language)})
    return found


def agreement_on_item(actor: Actor, item: Item, at: datetime) -> OnItem | None:
    """Return what an item's page says of its agreement; what is for everybody needs none."""
    if item.is_purged or (item.marking == Marking.CLEAR and item.agreement_id is None):
        return None
    may_choose = bool(item.is_draft and can(actor, "exchange.agreement_choose", item))
    offers = offers_for(item, actor, on=at.date()) if may_choose else []
    return OnItem(item, coverage_of(item, actor, on=at.date()), offers, may_choose)


def document_of(agreement: Agreement, *, at: datetime, language: str) -> Document:
    """Return the agreement as a document to print and file, with who signed and when."""
    with override(language):
        return Document(
            title=agreement.title,
            subtitle=_("Agreement about sharing information, version %(version)s")
            % {"version": formats.number(agreement.version, language)},
            language=language,
            author=str(agreement.owner),
            made_at=at,
            marking=f"TLP:{agreement.marking.upper()}",
            state="" if agreement.in_force_at else str(agreement.state(at.date()).label),
            facts=_facts(agreement, language),
            blocks=_blocks(agreement, language),
        )


def _facts(agreement: Agreement, language: str) -> list[tuple[str, str]]:
    label: Any = Agreement._meta.get_field
    facts = [
        (_("what it is for"), agreement.purpose),
        (_("markings that may go"), agreement.marking_words),
        (_("ways on which it may go"), agreement.channel_words),
        (
            str(label("retention_days").verbose_name),
            formats.number(agreement.retention_days, language),
        ),
        (str(label("review_on").verbose_name), formats.day(agreement.review_on, language)),
    ]
    if agreement.ends_on:
        facts.append((_("last day"), formats.day(agreement.ends_on, language)))
    return [(one.capitalize(), two) for one, two in facts]


def _blocks(agreement: Agreement, language: str) -> list[Block]:
    label: Any = Agreement._meta.get_field
    blocks: list[Block] = []
    for name in ("legal_basis", "data_kinds", "roles", "complaints"):
        words = getattr(agreement, name)
        if not words:
            continue
        heading = str(label(name).verbose_name)
        blocks.append(Heading(heading[:1].upper() + heading[1:]))
        blocks += [Paragraph(one, language=agreement.language) for one in paragraphs_of(words)]
        url = {"legal_basis": agreement.legal_url, "complaints": agreement.complaints_url}
        if url.get(name):
            blocks.append(Paragraph(url[name], kind="small"))
    rows = [
        [
            str(one.organisation),
            one.signed_as,
            formats.day(one.signed_at.date(), language) if one.signed_at else "–",
        ]
        for one in agreement.parties.select_related("organisation").order_by("pk")
    ]
    blocks += [
        Heading(_("Parties")),
        Table(
            caption=_("Who signed, and when"),
            headings=[_("Organisation"), _("Signed as"), _("Signed on")],
            rows=rows,
        ),
    ]
    return blocks


def _language() -> str:
    return get_language() or "en"
