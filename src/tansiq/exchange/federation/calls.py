"""Requests from one platform to another: who calls, when, and that nobody changed anything."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from tansiq.exchange.federation import canonical, keys, records
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.federation.keys import Key

PURPOSE: Final = "tansiq-call/1"
FROM: Final = "X-Tansiq-From"
AT: Final = "X-Tansiq-At"
SEAL: Final = "X-Tansiq-Seal"


def signed_headers(
    key: Key, *, to: str, method: str, path: str, body: bytes, at: dt.datetime
) -> dict[str, str]:
    """Return the headers by which the other side knows who calls; `to` is its fingerprint."""
    moment = records.moment(at)
    content = canonical.write([method, path, to, moment, canonical.digest(body)])
    return {FROM: key.fingerprint, AT: moment, SEAL: key.sign(PURPOSE, content)}


def check_call(
    headers: Mapping[str, str], *, public: str, to: str, method: str, path: str, body: bytes
) -> dt.datetime:
    """Return when the call was made, if the owner of this key made it. Raises BundleError."""
    moment = headers.get(AT, "")
    made = records.read_moment(moment) if records.is_moment(moment) else None
    if made is None:
        raise BundleError("form", "no moment of the call")
    content = canonical.write([method, path, to, moment, canonical.digest(body)])
    keys.verify(public, PURPOSE, content, headers.get(SEAL, ""))
    return made


def check_clock(made: dt.datetime, *, at: dt.datetime, skew: dt.timedelta) -> None:
    """Return if the two clocks agree well enough. Raises BundleError."""
    if abs(at - made) > skew:
        raise BundleError("clock", f"the clocks differ by {abs(at - made)}")
