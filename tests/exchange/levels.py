"""A small country for tests of the exchange: a nation, a province, three cities."""

from dataclasses import dataclass

from tansiq.access.models import Organisation
from tests.factories import OrganisationFactory, PlaceFactory


@dataclass
class Country:
    nation: Organisation
    province: Organisation
    cities: list[Organisation]
    police: Organisation


def country():
    nation = _lead(None, 0, kind="national_body", name="National Centre")
    province = _lead(nation.place, 1, kind="province", name="East Province")
    cities = [
        _lead(province.place, 2, kind="city", name=f"City of {name}")
        for name in ("Aloe", "Birch", "Cedar")
    ]
    police = OrganisationFactory(
        place=cities[0].place,
        country_code=nation.country_code,
        kind="police",
        name="Police of Aloe",
    )
    return Country(nation, province, cities, police)


def _lead(parent, level, **more):
    code = {"country_code": parent.country_code} if parent else {}
    kind = {0: "country", 1: "province", 2: "city"}[level]
    place = PlaceFactory(parent=parent, level=level, kind=kind, **code)
    return OrganisationFactory(
        place=place, country_code=place.country_code, is_lead_of_place=True, **more
    )
