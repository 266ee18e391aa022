"""A nation with two provinces of two cities each, as tests of the exchange need it."""

from dataclasses import dataclass

from tests.factories import OrganisationFactory, PlaceFactory


@dataclass
class Country:
    nation: object
    provinces: list
    cities: list


def make_country():
    """Return the bodies that lead the places; each has an active lead organisation."""
    top = PlaceFactory(level=0)
    nation = _lead(top)
    provinces = [_lead(_under(top, 1)) for _ in range(2)]
    cities = [_lead(_under(one.place, 2), kind="city") for one in provinces for _ in range(2)]
    return Country(nation, provinces, cities)


def _under(place, level):
    return PlaceFactory(parent=place, level=level, country_code=place.country_code)


def _lead(place, **more):
    return OrganisationFactory(
        place=place, country_code=place.country_code, is_lead_of_place=True, **more
    )
