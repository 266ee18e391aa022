"""Lesser versions, what stays behind them, and notes passed on without the name of their source."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils.timezone import now
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tansiq.access.models import LogEntry, Notice
from tansiq.exchange.actions.items import (
    Draft,
    ExchangeError,
    change_item,
    send_item,
    write_item,
)
from tansiq.exchange.actions.passing_on import Retold, allow_passing_on, pass_on, tell_source
from tansiq.exchange.actions.tearlines import (
    Version,
    change_version,
    keep_back,
    release,
    rest_of,
    write_lesser,
)
from tansiq.exchange.models import Attachment, Handling, Item, ItemKind, Receipt
from tansiq.exchange.queries.checks import check, passages_of
from tansiq.exchange.queries.versions import beside
from tests.factories import (
    NOON,
    ItemFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
TEXT = (
    "The market opens again on Friday. "
    "Two vans left the harbour of Tagum with 23 boxes, says Captain Dela Cruz. "
    "Please keep the road free."
)
SECRET = "Two vans left the harbour of Tagum with 23 boxes, says Captain Dela Cruz."


@pytest.fixture
def nation():
    return OrganisationFactory(
        name="Ministry", place=PlaceFactory(level=0), is_lead_of_place=True, kind="national_body"
    )


@pytest.fixture
def fuller(nation):
    return ItemFactory(owner=nation, title="Harbour", text=TEXT, marking="amber")


def _keep_secret(fuller):
    keys = [one.key for one in passages_of(fuller) if one.words == SECRET]
    keep_back(fuller, keys, by=actor_of(fuller.owner), at=NOON)


def _lesser(fuller, text, **more):
    version = Version(
        **{"title": "Roads", "text": text, "marking": "green", "language": "en", **more}
    )
    item = write_lesser(fuller, version, by=actor_of(fuller.owner), at=NOON)
    everybody = OrganisationFactory(country_code=fuller.owner.country_code)
    Item.objects.filter(pk=item.pk).update(audience=[{"to": "organisation", "pk": everybody.pk}])
    return Item.objects.get(pk=item.pk)


def _send(item):
    return send_item(item, by=actor_of(item.owner), at=NOON)


def test_the_rest_begins_the_lesser_version(fuller):
    _keep_secret(fuller)

    title, text = rest_of(fuller)

    assert title == "Harbour"
    assert text == "The market opens again on Friday. Please keep the road free."


def test_what_is_kept_of_a_choice_is_no_word_of_it(fuller):
    _keep_secret(fuller)

    kept = json.dumps(Handling.objects.get(item=fuller).kept_back)

    assert not [word for word in SECRET.split() if len(word) > 3 and word.strip(".,") in kept]


def test_a_lesser_version_that_holds_what_stays_is_not_sent(fuller):
    _keep_secret(fuller)
    item = _lesser(fuller, "Dela Cruz counted twenty-three boxes. The market opens on Friday.")

    with pytest.raises(ExchangeError, match="2 things that stay behind"):
        _send(item)

    assert {one.words for one in check(item).open} == {"Dela Cruz", "twenty-three"}
    assert Item.objects.get(pk=item.pk).is_draft


def test_what_stands_in_the_open_part_too_may_be_said(fuller):
    _keep_secret(fuller)
    item = _lesser(fuller, "The market opens again on Friday. Please keep the road free.")

    assert check(item).findings == []
    assert _send(item)


def test_each_thing_is_let_out_with_a_reason_of_its_own(fuller):
    _keep_secret(fuller)
    item = _lesser(fuller, "There were 23 boxes in Tagum.")
    by = actor_of(fuller.owner)

    first, second = check(item).open
    with pytest.raises(ExchangeError, match="Say why"):
        release(item, first.sign, " ", by=by, at=NOON)
    release(item, first.sign, "The paper printed it.", by=by, at=NOON)
    with pytest.raises(ExchangeError, match="1 thing"):
        _send(item)
    release(item, second.sign, "Everybody there knows.", by=by, at=NOON)

    assert _send(item)
    details = [one.detail for one in LogEntry.objects.filter(rule="exchange.release")]
    assert {one["reason"] for one in details} == {"The paper printed it.", "Everybody there knows."}
    assert not [one for one in details if "Tagum" in str(one) or "23" in str(one)]


def test_without_a_choice_all_of_the_fuller_version_stays(fuller):
    item = _lesser(fuller, "The market opens again on Friday.")

    assert check(item).open


def test_a_sentence_changed_after_the_choice_makes_all_of_it_stay(fuller):
    _keep_secret(fuller)
    item = _lesser(fuller, "The market opens again on Friday.")
    assert check(item).open == []

    Item.objects.filter(pk=fuller.pk).update(text=TEXT.replace("Two vans", "Three vans"))

    assert check(Item.objects.get(pk=item.pk)).open


def test_a_title_and_the_name_of_a_file_are_checked_too(fuller):
    _keep_secret(fuller)
    item = _lesser(fuller, "Nothing.", title="What Dela Cruz said")
    Attachment.objects.create(
        item=item, file="x", name="Tagum.pdf", size=1, sha256="b" * 64, added_at=NOON
    )

    assert {one.words for one in check(item).open} == {"Dela Cruz", "Tagum"}


def test_the_same_file_in_both_versions_is_found(fuller):
    _keep_secret(fuller)
    item = _lesser(fuller, "Nothing.")
    for one in (fuller, item):
        Attachment.objects.create(
            item=one, file="x", name="map.pdf", size=1, sha256="a" * 64, added_at=NOON
        )

    (found,) = check(item).open

    assert str(found.label) == "the same file"


@pytest.mark.parametrize("marking", ["amber", "amber+strict", "red"])
def test_the_marking_of_a_lesser_version_is_lower(fuller, marking):
    with pytest.raises(ExchangeError, match="lower marking"):
        _lesser(fuller, "Nothing.", marking=marking)

    assert not Item.objects.filter(fullest=fuller).exists()


def test_there_are_two_lesser_versions_at_most_and_each_has_its_marking(nation):
    fuller = ItemFactory(owner=nation, marking="amber+strict")
    _lesser(fuller, "Nothing.", marking="green")
    with pytest.raises(ExchangeError, match="this marking already"):
        _lesser(fuller, "Nothing.", marking="green")
    _lesser(fuller, "Nothing.", marking="clear")

    with pytest.raises(ExchangeError, match="two lesser versions"):
        _lesser(fuller, "Nothing.", marking="amber")


def test_writing_a_draft_anew_does_not_free_it_from_the_check(fuller):
    _keep_secret(fuller)
    item = _lesser(fuller, "Nothing.")
    draft = Draft(
        kind=ItemKind.BRIEFING,
        title="Roads",
        text=SECRET,
        language="en",
        expires_on=item.expires_on,
        audience=item.audience,
        marking="green",
    )

    change_item(item, draft, revision=item.revision, by=actor_of(item.owner), at=NOON)

    assert Item.objects.get(pk=item.pk).fullest_id == fuller.pk
    with pytest.raises(ExchangeError, match="The check found"):
        _send(Item.objects.get(pk=item.pk))


def test_a_version_raised_to_the_marking_of_the_fuller_one_is_not_sent(fuller):
    item = _lesser(fuller, "Nothing.")
    version = Version(title="Roads", text="Nothing.", marking="amber", language="en")

    with pytest.raises(ExchangeError, match="lower marking"):
        change_version(item, version, revision=item.revision, by=actor_of(item.owner), at=NOON)


def test_readers_of_both_see_tabs_and_readers_of_the_lower_one_nothing(fuller):
    _keep_secret(fuller)
    both, low = (OrganisationFactory(country_code=fuller.owner.country_code) for _ in range(2))
    ReceiptFactory(item=fuller, organisation=both)
    item = _lesser(fuller, "There were 23 boxes.")
    release(item, check(item).open[0].sign, "Printed.", by=actor_of(item.owner), at=NOON)
    _send(item)
    item = Item.objects.get(pk=item.pk)

    seen = beside(actor_of(both), item, NOON)

    assert [(one.item, one.let_out) for one in seen.versions] == [(fuller, 0), (item, 1)]
    assert beside(actor_of(low), item, NOON) is None


@pytest.fixture
def group(nation):
    place = PlaceFactory(
        name="Bangkal", level=2, parent=nation.place, country_code=nation.country_code
    )
    return OrganisationFactory(
        name="Mothers of Bangkal", kind="women", country_code=nation.country_code, place=place
    )


@pytest.fixture
def city(nation):
    return OrganisationFactory(name="Cityhall", kind="city", country_code=nation.country_code)


@pytest.fixture
def note(group, city):
    """What the group told the city, which may pass it on as its own."""
    item = ItemFactory(
        owner=group,
        title="Boys are asked to guard a shed",
        text="Some boys of our street are paid to guard a shed at night.",
        marking="amber+strict",
        sent_at=now(),
        expires_on=now().date() + dt.timedelta(days=30),
    )
    receipt = ReceiptFactory(item=item, organisation=city)
    allow_passing_on(item, is_allowed=True, by=actor_of(group), at=NOON)
    return receipt


def _retold(note, nation, text, **more):
    given = {"title": "A shed is watched", "text": text, "marking": "green", "language": "en"}
    made = pass_on(note, Retold(**{**given, **more}), by=actor_of(note.organisation), at=NOON)
    Item.objects.filter(pk=made.pk).update(
        audience=[{"to": "organisation", "pk": nation.pk}],
        expires_on=now().date() + dt.timedelta(days=30),
    )
    return Item.objects.get(pk=made.pk)


def test_what_would_tell_who_it_was_is_found(note, nation, group):
    MembershipFactory(organisation=group, person__name="Rosa Malinao")
    item = _retold(
        note,
        nation,
        "Rosa of the Mothers of Bangkal says boys of our street are paid to guard a shed.",
    )

    found = {(one.words, str(one.nature)) for one in check(item).open}

    assert ("Mothers of Bangkal", "body") in found
    assert ("Rosa", "name") in found
    assert "phrase" in {nature for _words, nature in found}
    with pytest.raises(ExchangeError, match="The check found"):
        _send(item)


def test_a_note_in_other_words_is_sent_and_its_source_hears_what_became_of_it(note, nation, group):
    item = _retold(note, nation, "Young people earn money by watching a building.")
    _send(item)
    assert beside(actor_of(group), note.item, NOON).fates == []

    tell_source(item, is_told=True, by=actor_of(item.owner), at=NOON)
    Receipt.objects.filter(item=item).update(read_at=NOON, decided_at=NOON)

    (fate,) = beside(actor_of(group), note.item, NOON).fates
    assert (fate.organisations, fate.level, fate.led_to_decision) == (1, 0, True)


def test_only_who_was_allowed_passes_on(client, note, group, city):
    allow_passing_on(note.item, is_allowed=False, by=actor_of(group), at=NOON)
    client.force_login(MembershipFactory(organisation=city).person)

    assert client.get(reverse("exchange:pass_on", args=[note.item_id])).status_code == 403


def test_who_sees_the_source_sees_the_link_and_nobody_else(note, nation, city, group):
    item = _retold(note, nation, "Young people earn money by watching a building.")
    _send(item)
    item = Item.objects.get(pk=item.pk)

    assert beside(actor_of(city), item, NOON).source == note.item
    assert beside(actor_of(nation), item, NOON) is None


PAGES = ("item", "forward", "propose_correction", "see_check", "pass_on", "recall")


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    marking=st.sampled_from(["clear", "green", "amber", "amber+strict"]),
    role=st.sampled_from(["viewer", "contributor", "coordinator", "administrator"]),
    who=st.sampled_from(["nation", "third", "group", "city", "overseer"]),
)
def test_no_page_of_what_was_passed_on_shows_its_source_to_who_may_not_see_it(
    client, note, nation, group, city, marking, role, who
):
    item = _retold(note, nation, "Young people earn money by watching a building.", marking=marking)
    _send(item)
    bodies = {
        "nation": nation,
        "group": group,
        "city": city,
        "third": OrganisationFactory(country_code=nation.country_code),
        "overseer": OrganisationFactory(country_code=nation.country_code, kind="oversight"),
    }
    role = "overseer" if who == "overseer" else role
    person = MembershipFactory(organisation=bodies[who], role=role).person
    client.force_login(person)
    actor = actor_of(bodies[who], role, at=now())
    may_see = Item.objects.visible_to(actor).filter(pk=note.item_id).exists()

    shown = {
        name: client.get(reverse(f"exchange:{name}", args=[item.pk]), follow=True).content.decode()
        for name in PAGES
    }
    shown |= {url: client.get(url).content.decode() for url in ("/exchange/", "/notices/")}
    # The page of forwarding names every organisation of the network, this one like the others.
    shown["forward"] = shown["forward"].replace(group.name, "")
    told = [str(one.facts) for one in Notice.objects.filter(person=person)]

    assert may_see == (who in {"group", "city"})
    if not may_see:
        secrets = (group.name, note.item.title, f"/exchange/{note.item_id}/")
        pages = "".join([*shown.values(), *told])
        assert [one for one in secrets if one in pages] == []


def test_the_log_of_what_was_passed_on_does_not_name_its_source(note, nation, group):
    item = _retold(note, nation, "Young people earn money by watching a building.")
    _send(item)

    own = LogEntry.objects.filter(target_kind="exchange.item", target_id=item.pk)
    source = LogEntry.objects.filter(rule="exchange.pass_on", target_id=note.item_id).get()

    assert own.exists()
    assert not [one for one in own if "origin" in one.detail or group.name in str(one.detail)]
    assert source.detail == {}


def test_the_pages_lead_from_ticking_to_sending(client, nation):
    fuller = ItemFactory(
        owner=nation,
        title="Harbour",
        text=TEXT,
        marking="amber",
        sent_at=now(),
        expires_on=now().date() + dt.timedelta(days=9),
    )
    client.force_login(MembershipFactory(organisation=nation, role="coordinator").person)
    url = reverse("exchange:write_lesser", args=[fuller.pk])
    keys = [one.key for one in passages_of(fuller) if one.words == SECRET]
    assert "Tagum" in client.get(url).content.decode()

    answer = client.post(url, {"kept": keys, "marking": "green", "step": "begin"})
    item = Item.objects.get(fullest=fuller)
    page = reverse("exchange:see_check", args=[item.pk])
    assert answer.url == page
    changed = {"title": "Roads", "text": "Go to Tagum.", "marking": "green", "language": "en"}
    client.post(page, changed | {"revision": item.revision})
    shown = client.get(page).content.decode()
    assert "<mark" in shown
    sign = check(Item.objects.get(pk=item.pk)).open[0].sign
    client.post(reverse("exchange:release", args=[item.pk]), {"sign": sign, "reason": "Printed."})

    assert check(Item.objects.get(pk=item.pk)).open == []
    assert "Printed." in client.get(page).content.decode()


def test_a_draft_on_its_own_is_checked_against_nothing(nation):
    by = actor_of(nation)
    draft = Draft(kind=ItemKind.NOTICE, title="A", text="B", language="en", expires_on=NOON.date())

    assert check(write_item(nation, draft, by=by, at=NOON)).findings == []
