"""Handing out the offline pack; who took the telephone numbers stands in the log."""

from datetime import datetime

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.incidents.queries.pack import pack_of
from tansiq.incidents.queries.posts import Roles


@transaction.atomic
def hand_out_pack(roles: Roles, language: str, *, by: Actor, at: datetime) -> bytes:
    """Return the pack as a PDF, and write down who took it."""
    # Loaded when first wanted: the layout program costs every process a tenth of a second.
    from tansiq.core.documents.pdf import as_pdf  # noqa: PLC0415 -- see above

    record(by, "export:incidents.pack", roles.organisation, at=at, detail={"language": language})
    return as_pdf(pack_of(roles, language, at=at))
