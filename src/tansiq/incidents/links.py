"""The link in a call by which somebody answers without signing in: signed, for a day, for that."""

from datetime import timedelta
from typing import Final

from django.core import signing

from tansiq.incidents.models import Call

GOOD_FOR: Final = timedelta(hours=24)
_SALT = "tansiq.incidents.answer"


def key_for(call: Call) -> str:
    """Return what stands in the link; short, since it must fit into a text message."""
    return _signer().sign(str(call.pk))


def call_for(key: str) -> Call | None:
    """Return the call that this link answers, if the link is ours and still good."""
    try:
        pk = _signer().unsign(key, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    known = Call.objects.select_related("incident__place", "incident__owner", "seat")
    return known.filter(pk=int(pk)).first()


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_SALT, sep="~")
