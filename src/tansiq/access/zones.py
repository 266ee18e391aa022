"""Which clock people read in a place, as far as the platform knows it; a form can say otherwise."""

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from tansiq.access.models import Place

# The IANA names; a country with several zones is told apart by the code of the province.
_OF_COUNTRY: Final = {
    "id": "Asia/Jakarta",
    "ph": "Asia/Manila",
    "my": "Asia/Kuala_Lumpur",
    "ke": "Africa/Nairobi",
    "ug": "Africa/Kampala",
    "lb": "Asia/Beirut",
    "jo": "Asia/Amman",
    "mk": "Europe/Skopje",
}
# Central and eastern Indonesia, by the province in the place's code.
_MAKASSAR: Final = {"ba", "nb", "nt", "ks", "ki", "ku", "sn", "st", "sr", "sg", "gt"}
_JAYAPURA: Final = {"ma", "mu", "pa", "pb", "pe", "ps", "pt", "pd"}


def zone_of(place: Place) -> str:
    """Return the time zone of a place; UTC where it is not known."""
    for code in (link.ancestor.code for link in place.links_up.select_related("ancestor")):
        country, _dash, province = code.partition("-")
        if country == "id" and province in _MAKASSAR:
            return "Asia/Makassar"
        if country == "id" and province in _JAYAPURA:
            return "Asia/Jayapura"
    return _OF_COUNTRY.get(place.country_code, "UTC")


@cache
def zone_names() -> tuple[str, ...]:
    """Return the zones a person can choose from, in the order of their names."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def zone(name: str) -> ZoneInfo:
    """Return the zone of this name; UTC for a name this machine does not know."""
    # Not asked of the list of all zones: making that takes ten milliseconds.
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
