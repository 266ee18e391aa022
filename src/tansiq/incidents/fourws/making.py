"""The workbook that is given out; its hidden seal says of which room and language it is."""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils.translation import get_language, get_language_bidi, pgettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.core import formats
from tansiq.core.documents.columns import Column, Row, canonical
from tansiq.core.documents.package import WorkbookError
from tansiq.core.documents.workbook_files import base_line
from tansiq.core.documents.workbooks import Page, Words, WorkbookWriter
from tansiq.core.practice import stamped
from tansiq.incidents.fourws import sheet
from tansiq.incidents.models import Incident
from tansiq.incidents.queries.rumours import areas_of

_SALT = "tansiq.incidents.fourws"
FORMAT = 1


def token_of(incident: Incident) -> str:
    """Return what the sheet of this room carries, so that a foreign sheet is known."""
    return hashlib.sha256(f"{FORMAT}/fourws/{incident.pk}".encode()).hexdigest()[:12]


def make(incident: Incident, actor: Actor, *, author: str, at: datetime) -> bytes:
    """Return the workbook of the services of a room, in the language that is active."""
    language = get_language() or "en"
    plan = sheet.plan(incident)
    rows = sheet.rows(sheet.services(actor, incident).values(), plan.columns)
    target = io.BytesIO()
    marking = f"TLP:{incident.marking.upper()}"
    writer = WorkbookWriter(
        target,
        scope=token_of(incident),
        marking=stamped(marking) if incident.is_exercise else marking,
        words=_words(),
        rtl=get_language_bidi(),
        author=author,
    )
    writer.front(_front(incident, language, at))
    writer.sheet(plan, rows)
    writer.table(_("Places"), _("Codes of places"), _place_columns(), _place_rows(incident))
    writer.close(_manifest(incident, language, rows, plan.columns))
    return target.getvalue()


def _words() -> Words:
    return Words(
        pick=_("Choose one from the list."),
        not_a_day=_("Write the day as year, month and day: 2026-05-14."),
        not_a_number=_("Write the number alone, in digits, such as 1200."),
        too_long=_("This text is too long for the field. Shorten it."),
    )


def _front(incident: Incident, language: str, at: datetime) -> Page:
    title = stamped(incident.title) if incident.is_exercise else incident.title
    about = [
        (_("Place"), str(incident.place)),
        (_("Taken"), formats.moment(at, language)),
        (_("What it is"), _("Who does what, where, until when and for how many people.")),
        (_("Never in it"), _("Names of people who are helped, and anything about their case.")),
    ]
    how = [
        ("1", _("Fill in the yellow cells; new services go below the others.")),
        ("2", _("Where: the code of the place, from the sheet of places.")),
        ("3", _("Send it in on the page it came from. You see what changes before it is saved.")),
    ]
    blocks: list[tuple[str, list[tuple[str, ...]]]] = [
        (_("What this is"), list(about)),
        (_("How to fill it in"), list(how)),
    ]
    return Page(pgettext("sheet", "Read me"), title, blocks)


def _place_columns() -> list[Column]:
    return [
        Column("code", _("Code of the place"), "#adm+code", width=16),
        Column("name", _("Place"), "#adm+name", width=34),
    ]


def _place_rows(incident: Incident) -> list[Row]:
    return [Row(one.code, 0, {"code": one.code, "name": str(one)}) for one in areas_of(incident)]


def _manifest(
    incident: Incident, language: str, rows: Iterable[Row], columns: Iterable[Column]
) -> str:
    inputs = [one.key for one in columns if one.is_input]
    lines = [
        base_line(
            sheet.SHEET,
            row.key,
            row.revision,
            json.dumps(
                {key: canonical(row.values.get(key)) for key in inputs},
                ensure_ascii=False,
                sort_keys=True,
            ),
        )
        for row in rows
    ]
    told = {
        "format": FORMAT, "room": incident.pk, "language": language, "base": _hash(lines),
    }  # fmt: skip
    return signing.Signer(salt=_SALT).sign_object(told)


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def opened(sealed: str, lines: list[str], incident: Incident) -> Mapping[str, Any]:
    """Return what a file says of itself. Raises WorkbookError unless it is of this room."""
    broken = WorkbookError(
        _(
            "The hidden sheets of this workbook were changed, or it comes from another "
            "installation. Take a new one and copy your values into it."
        )
    )
    try:
        given: Mapping[str, Any] = signing.Signer(salt=_SALT).unsign_object(sealed)
    except (signing.BadSignature, ValueError) as fault:
        raise broken from fault
    if given.get("base") != _hash(lines) or given.get("format") != FORMAT:
        raise broken
    if given.get("room") != incident.pk:
        raise WorkbookError(_("This workbook is of another incident. Send it in there."))
    return given
