"""Items as STIX 2.1, for programs of threat intelligence: a report or a note with its marking.

Never a person: no author, no recipient, no name of a reader leaves; what looks like a person's
data in the words is replaced by the kind of thing it is. Files do not travel.

Sources: STIX Version 2.1, OASIS Standard, sections 3.2, 4.10, 4.14 and 7.2; the TLP 2.0 markings
are the fixed objects that OASIS published as common objects under one extension.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final

from tansiq.access.models import Marking, Organisation, OrganisationKind
from tansiq.exchange.models import Item, ItemKind

MEDIA_TYPE: Final = "application/stix+json;version=2.1"
_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_TLP_MADE = "2022-10-01T00:00:00.000Z"
TLP_IDS: Final = {
    Marking.CLEAR: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    Marking.GREEN: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Marking.AMBER: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Marking.AMBER_STRICT: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
}
# Kinds that tell what is known; the others are notes about working together.
_REPORTS = frozenset(
    {ItemKind.BRIEFING, ItemKind.WARNING, ItemKind.GUIDANCE, ItemKind.FEEDBACK, ItemKind.NOTICE}
)
# From the open vocabulary `industry-sector-ov`.
_SECTORS = {
    OrganisationKind.NATIONAL_BODY: "government-national",
    OrganisationKind.MINISTRY: "government-national",
    OrganisationKind.POLICE: "government-public-services",
    OrganisationKind.SECURITY: "government-public-services",
    OrganisationKind.ELECTED: "government",
    OrganisationKind.PROVINCE: "government-regional",
    OrganisationKind.CITY: "government-local",
    OrganisationKind.VILLAGE: "government-local",
    OrganisationKind.CIVIL_SOCIETY: "non-profit",
    OrganisationKind.WOMEN: "non-profit",
    OrganisationKind.YOUTH: "non-profit",
    OrganisationKind.RELIGIOUS: "non-profit",
    OrganisationKind.SCHOOL: "education",
    OrganisationKind.HEALTH: "healthcare",
    OrganisationKind.MEDIA: "communications",
    OrganisationKind.OVERSIGHT: "government",
}


def bundle_of(items: Sequence[Item], *, origin: str) -> dict[str, Any]:
    """Return one bundle with these items, who sent them, and each marking once.

    `origin` is the address of this installation, such as https://tansiq.example.org; ids follow
    from it, so that the same item has the same id in each export. Raises ValueError for what is
    RED or not sent.
    """
    refused = [item.pk for item in items if item.is_red or item.sent_at is None]
    if refused:
        message = f"Never exported: drafts and TLP:RED, here {refused}."
        raise ValueError(message)
    objects = [
        *_markings(items),
        *(_identity(one, origin) for one in _each_once(item.owner for item in items)),
        *(_told(item, origin) for item in items),
    ]
    name = ",".join(one["id"] + one.get("modified", "") for one in objects)
    return {"type": "bundle", "id": _id("bundle", origin, name), "objects": objects}


def _each_once(organisations: Iterable[Organisation]) -> list[Organisation]:
    return list({one.pk: one for one in organisations}.values())


def _markings(items: Sequence[Item]) -> list[dict[str, Any]]:
    return [_marking(Marking(one)) for one in sorted({item.marking for item in items})]


def _marking(marking: Marking) -> dict[str, Any]:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP_IDS[marking],
        "created": _TLP_MADE,
        "name": f"TLP:{marking.value.upper()}",
        "extensions": {
            _TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": marking.value}
        },
    }


def _identity(organisation: Organisation, origin: str) -> dict[str, Any]:
    identity: dict[str, Any] = {
        "type": "identity",
        "spec_version": "2.1",
        "id": _id("identity", origin, organisation.slug),
        # When a body came to be is not known here; a fixed moment keeps the object the same.
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "name": organisation.name,
        "identity_class": "organization",
    }
    sector = _SECTORS.get(OrganisationKind(organisation.kind))
    return identity | ({"sectors": [sector]} if sector else {})


def _told(item: Item, origin: str) -> dict[str, Any]:
    sender = _id("identity", origin, item.owner.slug)
    kind = "report" if item.kind in _REPORTS else "note"
    sent = _moment(item.sent_at)
    common = {
        "type": kind,
        "spec_version": "2.1",
        "id": _id(kind, origin, f"item/{item.pk}"),
        "created_by_ref": sender,
        "created": sent,
        "modified": _moment(item.recalled_at) if item.recalled_at else sent,
        "lang": item.language,
        "labels": [f"tansiq-{item.kind.replace('_', '-')}"],
        "object_marking_refs": [TLP_IDS[Marking(item.marking)]],
        # Both kinds must point at something: the only thing that may leave is who says it.
        "object_refs": [sender],
        "external_references": [
            {"source_name": "tansiq", "url": f"{origin}{item.get_absolute_url()}"}
        ],
    }
    if item.is_recalled:
        # Taken back: the words are gone, the id says of what.
        words = "Taken back by the sender."
        told = {"abstract": words, "content": words, "revoked": True}
    else:
        told = {"abstract": item.title, "content": item.text}
    if kind == "note":
        return common | told
    renamed = {"name": told.pop("abstract"), "description": told.pop("content")}
    return common | renamed | told | {"published": sent}


def _id(kind: str, origin: str, name: str) -> str:
    return f"{kind}--{uuid.uuid5(uuid.NAMESPACE_URL, f'{origin}/stix/{kind}/{name}')}"


def _moment(moment: dt.datetime | None) -> str:
    if moment is None:
        message = "What was not sent has no moment."
        raise ValueError(message)
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
