import pytest

from tansiq.access.zones import zone, zone_names, zone_of
from tests.factories import PlaceFactory


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "province", "expected"),
    [
        ("id", "id-ji", "Asia/Jakarta"),
        ("id", "id-ba", "Asia/Makassar"),
        ("id", "id-pa", "Asia/Jayapura"),
        ("ph", "ph-ncr", "Asia/Manila"),
        ("zz", "zz-1", "UTC"),
    ],
)
def test_a_place_reads_the_clock_of_its_province(country, province, expected):
    nation = PlaceFactory(code=country, country_code=country)
    city = PlaceFactory(parent=PlaceFactory(parent=nation, code=province), code=f"{province}-x")

    assert zone_of(city) == expected
    assert expected in zone_names()


@pytest.mark.parametrize("name", ["", "Nowhere/Here", "../etc/passwd"])
def test_a_zone_this_machine_does_not_know_is_utc(name):
    assert str(zone(name)) == "UTC"
