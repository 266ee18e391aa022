"""Writing an item: the form, whom it offers, the look before sending, files, and hostile input."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from tansiq.access.models import Notice
from tansiq.exchange.models import Attachment, Item, Receipt
from tansiq.exchange.queries.audience import offers_for
from tests.exchange.levels import country
from tests.factories import MembershipFactory, OrganisationFactory, actor_of
from tests.factories.exchange import GroupFactory, ItemFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def land():
    return country()


def _posted(owner, **more):
    fields = {
        "owner": owner.pk,
        "kind": "briefing",
        "marking": "amber",
        "title": "What we know this month",
        "text": "Two sentences.",
        "language": "en",
        "is_list_open": "on",
        "then": "look",
        "reach": [f"level.{owner.place_id}.2."],
    }
    return fields | more


def _draft(client, owner, **more):
    response = client.post("/exchange/write/", _posted(owner, **more))
    assert response.status_code == 302, response.context["form"].errors
    return Item.objects.latest("pk")


def _seen(client, item):
    return client.get(f"/exchange/{item.pk}/send/").context["seen"]


def _send(client, item):
    return client.post(f"/exchange/{item.pk}/send/", {"seen": _seen(client, item)})


def test_from_the_form_to_the_recipients(client, land):
    sign_in(client, land.province)

    item = _draft(client, land.province)
    before = client.get(f"/exchange/{item.pk}/send/")
    assert "This reaches 3 recipients" in before.content.decode()
    response = _send(client, item)

    assert response.url == f"/exchange/{item.pk}/"
    reached = set(Receipt.objects.filter(item=item).values_list("organisation", flat=True))
    assert reached == {one.pk for one in land.cities}
    assert item.expires_on > now().date()


def test_a_city_is_offered_who_stands_above_it_and_who_stands_beside_it(land):
    GroupFactory(owner=land.nation, name="River cities").named_organisations.add(land.cities[0])

    offers = offers_for(actor_of(land.cities[0]), land.cities[0])

    listed = {group.label: [(one.label, one.count) for one in group.offers] for group in offers}
    province, nation = land.province, land.nation
    assert listed["Above us"] == [(str(province), 0), (str(nation), 0)]
    assert listed["Whole levels"] == [
        (f"All in {province.place}: city", 2),
        (f"All in {nation.place}: province", 1),
        (f"All in {nation.place}: city", 2),
    ]
    assert listed["Sharing groups and networks"] == [("River cities", 1)]
    assert ("Police (city)", 1) in listed[f"By kind, in {province.place}"]


def test_a_kind_of_body_on_a_level_is_reached(client, land):
    sign_in(client, land.province)

    item = _draft(client, land.province, reach=[f"level.{land.province.place_id}.2.police"])
    _send(client, item)

    assert [one.organisation for one in Receipt.objects.filter(item=item)] == [land.police]


def test_find_keeps_what_was_typed_and_checks_nothing(client, land):
    sign_in(client, land.province)

    response = client.post(
        "/exchange/write/", _posted(land.province, then="find", find="police", title="Half a ti")
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "Half a ti" in page
    assert str(land.police) in page
    assert "error" not in response.context["form"].errors
    assert not Item.objects.exists()


def test_under_red_persons_are_chosen_and_nobody_else_reads_it(client, land):
    writer = sign_in(client, land.province)
    reader = MembershipFactory(organisation=land.cities[0]).person
    colleague = actor_of(land.cities[0])

    item = _draft(client, land.province, marking="red", people=[reader.pk])
    _send(client, item)

    assert set(item.named_people.all()) == {writer, reader}
    receipt = Receipt.objects.get(item=item)
    assert (receipt.person, receipt.organisation) == (reader, land.cities[0])
    assert not Item.objects.visible_to(colleague).exists()


def test_a_contributor_leaves_a_draft_and_asks_for_it_to_be_sent(client, land):
    coordinator = MembershipFactory(organisation=land.province, role="coordinator").person
    sign_in(client, land.province, role="contributor")
    item = _draft(client, land.province)

    page = client.get(f"/exchange/{item.pk}/send/").content.decode()
    refused = client.post(f"/exchange/{item.pk}/send/")
    client.post(f"/exchange/{item.pk}/ask/")

    assert str(coordinator) in page
    assert refused.status_code == 403
    assert Item.objects.get().is_draft
    assert [one.person for one in Notice.objects.filter(code="exchange.to_send")] == [coordinator]


def test_what_is_clear_says_that_everybody_reads_it(client, land):
    sign_in(client, land.province)
    item = _draft(client, land.province, marking="clear")

    assert "everybody in the world" in client.get(f"/exchange/{item.pk}/send/").content.decode()


def test_who_left_between_look_and_sending_stops_the_sending(client, land):
    sign_in(client, land.province)
    item = _draft(client, land.province)
    seen = _seen(client, item)
    land.cities[1].is_active = False
    land.cities[1].save()

    response = client.post(f"/exchange/{item.pk}/send/", {"seen": seen})

    assert response.status_code == 409
    assert "changed meanwhile" in response.content.decode()
    assert not Receipt.objects.exists()
    _send(client, item)
    assert Receipt.objects.count() == 2


def test_a_colleague_who_changes_the_text_after_the_look_stops_the_sending(client, land):
    sign_in(client, land.province)
    item = _draft(client, land.province)
    seen = _seen(client, item)
    client.post(f"/exchange/{item.pk}/edit/", _posted(land.province, revision=1, text="Other."))

    response = client.post(f"/exchange/{item.pk}/send/", {"seen": seen})

    assert response.status_code == 409
    assert not Receipt.objects.exists()


def test_sending_twice_sends_once(client, land):
    sign_in(client, land.province)
    item = _draft(client, land.province)
    seen = _seen(client, item)

    answers = [client.post(f"/exchange/{item.pk}/send/", {"seen": seen}) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 403]
    assert Receipt.objects.count() == 3


def test_a_post_that_comes_twice_writes_one_draft(client, land):
    sign_in(client, land.province)
    key = str(uuid.uuid4())

    for _ in range(2):
        _draft(client, land.province, client_key=key)

    assert Item.objects.count() == 1


def test_the_key_of_another_organisation_gives_nobody_its_draft(client, land):
    theirs = ItemFactory(owner=land.nation, sent_at=None, client_key=uuid.uuid4())
    sign_in(client, land.province)

    response = client.post(
        "/exchange/write/", _posted(land.province, client_key=str(theirs.client_key))
    )

    assert response.status_code == 422
    assert "used up" in response.content.decode()


def test_two_who_change_one_draft_see_both_texts(client, land):
    sign_in(client, land.province)
    item = _draft(client, land.province)
    client.post(f"/exchange/{item.pk}/edit/", _posted(land.province, revision=1, text="Theirs."))

    response = client.post(
        f"/exchange/{item.pk}/edit/", _posted(land.province, revision=1, text="Mine.")
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs." in page
    assert "Mine." in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "One\r\nBcc: all@example.org"}, "A title is one line"),
        ({"expires_on": "2001-01-01"}, "This day is over"),
        ({"expires_on": "2999-01-01"}, "Nothing holds longer"),
        ({"reply_by": "2001-01-01T10:00"}, "This moment is over"),
        ({"marking": "purple"}, "purple"),
        ({"reach": ["level.1.x."]}, "level.1.x."),
        ({"organisations": ["9" * 40]}, "9"),
        ({"title": ""}, "This field is required"),
    ],
)
def test_what_makes_no_sense_is_refused_at_the_field(client, land, fields, words):
    sign_in(client, land.province)

    response = client.post("/exchange/write/", _posted(land.province, **fields))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Item.objects.exists()


def test_nobody_writes_for_another_organisation(client, land):
    sign_in(client, land.province)

    assert client.post("/exchange/write/", _posted(land.nation)).status_code == 403
    assert (
        client.post("/exchange/write/", _posted(land.province) | {"owner": "x"}).status_code == 404
    )


def test_an_organisation_of_another_country_cannot_be_reached(client, land):
    stranger = OrganisationFactory(country_code="xx")
    sign_in(client, land.province)

    response = client.post(
        "/exchange/write/", _posted(land.province, reach=[], organisations=[stranger.pk])
    )

    assert response.status_code == 422


def test_a_file_goes_with_the_item_and_only_its_readers_get_it(client, land, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sign_in(client, land.province)
    plan = SimpleUploadedFile("plan.txt", b"One, two, three.")
    item = _draft(client, land.province, reach=[], papers=[plan], then="keep")
    _choose_first_city(client, land, item)
    _send(client, item)
    attachment = Attachment.objects.get()

    for reader, status in ((land.cities[0], 200), (land.cities[1], 404)):
        sign_in(client, reader)
        response = client.get(f"/exchange/files/{attachment.pk}/")
        assert response.status_code == status
        if status == 200:
            assert b"".join(response.streaming_content) == b"One, two, three."
    sign_in(client, land.province)
    assert client.post(f"/exchange/files/{attachment.pk}/remove/").status_code == 403


def _choose_first_city(client, land, item):
    chosen = _posted(land.province, reach=[], organisations=[land.cities[0].pk], revision=1)
    assert client.post(f"/exchange/{item.pk}/edit/", chosen).status_code == 302


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("photo.png", b"<html><script>1</script>"),
        SimpleUploadedFile("run.exe", b"MZ"),
        SimpleUploadedFile("page.txt", b"<!doctype html><script>1</script>"),
        SimpleUploadedFile("empty.txt", b""),
    ],
    ids=lambda file: file.name,
)
def test_a_disguised_file_is_refused(client, land, file):
    sign_in(client, land.province)

    response = client.post("/exchange/write/", _posted(land.province, papers=[file]))

    assert response.status_code == 422
    assert not Item.objects.exists()


def test_a_file_that_is_too_large_is_refused(client, land, settings):
    settings.UPLOAD_LIMIT = 10
    sign_in(client, land.province)
    file = SimpleUploadedFile("long.txt", b"twelve bytes")

    response = client.post("/exchange/write/", _posted(land.province, papers=[file]))

    assert response.status_code == 422


def test_a_draft_is_deleted_with_its_files_and_what_was_sent_is_not(
    client, land, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    sign_in(client, land.province)
    _draft(client, land.province, papers=[SimpleUploadedFile("plan.txt", b"One.")])
    sent = ItemFactory(owner=land.province)
    draft = Item.objects.drafts().get()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/exchange/{draft.pk}/delete/")
    refused = client.post(f"/exchange/{sent.pk}/delete/")

    assert refused.status_code == 403
    assert [one.pk for one in Item.objects.all()] == [sent.pk]
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
