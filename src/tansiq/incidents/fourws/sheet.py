"""The one sheet of services: its columns, its rows as they stand, and the words of its lists."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from tansiq.access.actor import Actor
from tansiq.core.documents.cells import ChoiceWords
from tansiq.core.documents.columns import Column, Kind, Row, SheetPlan, Value
from tansiq.incidents.models import Incident, NeedKind, Service, ServiceActivity, ServiceState
from tansiq.incidents.queries.needs import services_of

SHEET = "services"
NEW_ROWS = 200
# What the sheet says of a service is filled in, but for the name of its place.
CHOICES: dict[str, Any] = {"kind": NeedKind, "activity": ServiceActivity, "state": ServiceState}
YES, NO = "yes", "no"


def plan(incident: Incident) -> SheetPlan:
    """Return the sheet in the language that is active."""
    columns = (
        _text("who", _("Who: organisation"), "#org+name", 28, longest=120),
        _choice("kind", _("What: need that it answers"), "#sector+need", 24),
        _choice("activity", _("What: activity"), "#activity+type", 26),
        _text("place", _("Where: code of the place"), "#adm+code", 16),
        Column("place_name", _("Place"), "#adm+name", width=22),
        Column("starts_on", _("When: from"), "#date+start", Kind.DAY, width=13, is_input=True),
        Column("ends_on", _("When: until"), "#date+end", Kind.DAY, width=13, is_input=True),
        _choice("state", _("State"), "#status", 13),
        _number("capacity", _("For how many people"), "#capacity+num"),
        _number("taken", _("Places taken"), "#reached+num"),
        _text("languages", _("Languages (codes)"), "#meta+languages", 16, longest=60),
        Column(
            "is_accessible", _("Accessible"), "#access", Kind.CHOICE, width=12, is_input=True,
            choices=((YES, pgettext("answer", "yes")), (NO, pgettext("answer", "no"))),
        ),
        _text("hours", _("Open"), "#date+hours", 20, longest=120),
        _text("reach", _("How to reach it"), "#contact+service", 26, longest=160),
        _text("note", _("Note for the public"), "#description", 40, longest=200),
    )  # fmt: skip
    return SheetPlan(SHEET, _("Services (4Ws)"), columns, new_rows=NEW_ROWS)


def _text(key: str, heading: str, hxl: str, width: int, *, longest: int = 0) -> Column:
    return Column(key, heading, hxl, width=width, longest=longest, is_input=True)


def _number(key: str, heading: str, hxl: str) -> Column:
    return Column(key, heading, hxl, Kind.NUMBER, width=14, is_input=True)


def _choice(key: str, heading: str, hxl: str, width: int) -> Column:
    told = tuple((one.value, _capital(str(one.label))) for one in CHOICES[key])
    return Column(key, heading, hxl, Kind.CHOICE, width=width, choices=told, is_input=True)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1)
def choice_words() -> ChoiceWords:
    """Return the codes of the lists by their words in each of our languages."""
    found: dict[str, dict[str, str]] = {key: {} for key in (*CHOICES, "is_accessible")}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for key, choices in CHOICES.items():
                for one in choices:
                    found[key].setdefault(str(one.label).casefold(), one.value)
            answers = {YES: pgettext("answer", "yes"), NO: pgettext("answer", "no")}
            for code, word in answers.items():
                found["is_accessible"].setdefault(str(word).casefold(), code)
    return ChoiceWords(found)


def values_of(service: Service) -> dict[str, Value]:
    """Return what the sheet shows of a service."""
    return {
        "who": who(service),
        "kind": service.kind,
        "activity": service.activity,
        "place": service.place.code,
        "place_name": str(service.place),
        "starts_on": service.starts_on,
        "ends_on": service.ends_on,
        "state": service.state,
        "capacity": None if service.capacity is None else Decimal(service.capacity),
        "taken": Decimal(service.taken),
        "languages": ", ".join(service.languages),
        "is_accessible": YES if service.is_accessible else NO,
        "hours": service.hours,
        "reach": service.reach,
        "note": service.note,
    }


def who(service: Service) -> str:
    """Return the name of the body as it is written itself: a file outlives a reader's language."""
    return service.body if service.organisation is None else service.organisation.name


def key_of(service: Service) -> str:
    return f"service:{service.pk}"


def services(actor: Actor, incident: Incident) -> dict[str, Service]:
    """Return the services of a room by the key of their row."""
    return {key_of(one): one for one in services_of(actor, incident)}


def rows(given: Iterable[Service], columns: Iterable[Column]) -> list[Row]:
    open_cells = frozenset(one.key for one in columns if one.is_input)
    return [Row(key_of(one), one.revision, values_of(one), open_cells) for one in given]
