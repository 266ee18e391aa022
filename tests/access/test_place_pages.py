"""Places: found in any language, shown, taken out as a table, and replaced by an official one."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tansiq.access.actor import Role
from tansiq.access.models import FormerParent, LogEntry, Place, PlaceShape
from tests.factories import OrganisationFactory, PersonFactory, PlaceFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}


@pytest.fixture(autouse=True)
def _files_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def country():
    return PlaceFactory(code="id", country_code="id", name="Indonesia")


@pytest.fixture
def national_body(country):
    return OrganisationFactory(kind="national_body", place=country, is_lead_of_place=True)


def found(client, **query):
    return {place.code for place in client.get(reverse("access:places"), query).context["page"]}


def test_places_are_found_by_name_in_any_language(client, country):
    PlaceFactory(parent=country, code="id-ji", name="Jawa Timur", names={"ar": "جاوة الشرقية"})
    PlaceFactory(parent=country, code="id-ba", name="Bali")

    assert found(client) == {"id"}
    assert found(client, q="timur") == {"id-ji"}
    assert found(client, q="جاوة") == {"id-ji"}
    assert found(client, q="nowhere at all") == set()


def test_lists_of_places_cost_the_same_for_more_rows(client, country, django_assert_num_queries):
    pages = [reverse("access:places") + "?q=Place", reverse("access:place", args=["id"])]
    for page, cost in zip(pages, (2, 9), strict=True):
        PlaceFactory(parent=country)
        client.get(page)
        with django_assert_num_queries(cost):
            client.get(page)
        PlaceFactory.create_batch(3, parent=country)
        with django_assert_num_queries(cost):
            client.get(page)


def test_page_of_a_place_shows_where_it_belongs_and_belonged_and_its_outline(client, country):
    old = PlaceFactory(parent=country, name="The old province")
    place = PlaceFactory(parent=country, code="id-new", name="The new province")
    FormerParent.objects.create(place=place, parent=old, until=dt.date(2022, 6, 30))
    PlaceShape.objects.create(place=place, geometry=SQUARE)

    page = client.get(reverse("access:place", args=["id-new"]))

    text = page.content.decode()
    assert [step.code for step in page.context["path"]] == ["id", "id-new"]
    assert "The old province" in text
    assert "<svg" in str(page.context["map"])


def test_organisations_of_a_place_are_for_its_network(client, country, national_body):
    address = reverse("access:place", args=["id"])
    passing = client.get(address).context["organisations"]
    sign_in(client, national_body, role=Role.VIEWER)
    member = client.get(address).context["organisations"]

    assert (list(passing), list(member)) == ([], [national_body])


def table(*rows, header="code,kind,parent,name"):
    return SimpleUploadedFile("places.csv", "\n".join([header, *rows]).encode())


def upload(client, **given):
    return client.post(reverse("access:upload_places", args=["id"]), given)


def test_upload_shows_first_what_would_change_and_saves_only_when_told(
    client, country, national_body
):
    PlaceFactory(parent=country, code="id-ba", name="Bali", kind="province")
    sign_in(client, national_body, role=Role.ADMINISTRATOR)
    rows = ("id,country,,Indonesia", "id-ba,province,id,Bali", "id-ji,province,id,Jawa Timur")

    looked = upload(client, table=table(*rows))

    assert looked.context["preview"].loaded.added == 1
    assert not Place.objects.filter(code="id-ji").exists()
    assert not LogEntry.objects.filter(rule="access.load_places").exists()
    assert upload(client, save="1").status_code == 302
    assert Place.objects.get(code="id-ji").parent == country
    assert LogEntry.objects.filter(rule="access.load_places").count() == 1
    assert "no longer here" in upload(client, save="1").content.decode()


def test_outlines_are_replaced_by_the_code_of_their_place(client, country, national_body):
    PlaceFactory(parent=country, code="id-ba", iso="ID-BA")
    sign_in(client, national_body, role=Role.ADMINISTRATOR)
    feature = {"type": "Feature", "properties": {"code": "ID-BA"}, "geometry": SQUARE}
    outlines = json.dumps({"type": "FeatureCollection", "features": [feature]})
    file = SimpleUploadedFile("a.geojson", outlines.encode())

    looked = upload(client, outlines=file)
    assert looked.context["preview"].problems == []
    upload(client, save="1")

    assert [shape.place.code for shape in PlaceShape.objects.all()] == ["id-ba"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("id-x,province,id-nowhere,X",), "id-nowhere"),
        (("ke,country,,Kenya",), "another country"),
        (("id-x,castle,id,X",), "castle"),
        (("id-x,province,id,X", "id-x,province,id,Y"), "already in row"),
    ],
)
def test_faulty_table_is_explained_and_nothing_is_saved(client, country, national_body, rows, said):
    PlaceFactory(country_code="ke", code="ke")
    before = set(Place.objects.values_list("code", flat=True))
    sign_in(client, national_body, role=Role.ADMINISTRATOR)

    looked = upload(client, table=table("id,country,,Indonesia", *rows))
    saved = upload(client, save="1")

    assert (looked.status_code, saved.status_code) == (422, 422)
    assert said in looked.content.decode()
    assert set(Place.objects.values_list("code", flat=True)) == before


def test_a_file_that_is_no_table_is_explained(client, country, national_body):
    sign_in(client, national_body, role=Role.ADMINISTRATOR)

    looked = upload(client, table=SimpleUploadedFile("a.csv", b"\x00\xff\xfe\x01"))
    nothing = upload(client, is_complete="on")

    assert looked.status_code == 422
    assert "Choose a table, outlines, or both." in nothing.content.decode()


def test_what_is_taken_out_can_be_put_back_and_changes_nothing(client, country, national_body):
    PlaceFactory(parent=country, code="id-ji", kind="province", names={"en": "East Java"})
    operator = PersonFactory(is_staff=True)
    client.force_login(operator)

    taken = b"".join(client.get(reverse("access:download_places", args=["id"])).streaming_content)
    looked = upload(client, table=SimpleUploadedFile("a.csv", taken), is_complete="on")

    assert looked.context["preview"].problems == []
    loaded = looked.context["preview"].loaded
    assert (loaded.added, loaded.changed, loaded.moved, loaded.closed, loaded.removed) == (0,) * 5
    assert LogEntry.objects.filter(rule="export:places.view").count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_of_the_national_body_replace_places(client, national_body, role):
    sign_in(client, national_body, role=role)

    answer = upload(client, table=table("id,country,,Elsewhere"))

    assert answer.status_code == 403


def test_administrator_of_a_province_does_not_replace_the_places_of_the_country(client, country):
    province = OrganisationFactory(place=PlaceFactory(parent=country), is_lead_of_place=True)
    sign_in(client, province, role=Role.ADMINISTRATOR)

    answer = upload(client, table=table("id,country,,Elsewhere"))

    assert answer.status_code == 403
