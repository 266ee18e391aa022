from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tansiq.access.models import Place, PlaceShape

pytestmark = pytest.mark.django_db


def load(*countries):
    said = StringIO()
    call_command("load_places", *countries, stdout=said)
    return said.getvalue()


def test_load_places_fills_a_country_once():
    first, again = load("my"), load("my")

    assert Place.objects.filter(country_code="my").count() == 39
    assert PlaceShape.objects.filter(place__country_code="my").count() == 17
    assert first == "my: 39 places added, 0 changed, 17 outlines\n"
    assert again == "my: 0 places added, 0 changed, 0 outlines\n"


def test_load_places_names_the_countries_there_are():
    with pytest.raises(CommandError, match=r"No places of xx ship .* only: id, jo, ke"):
        load("xx")
