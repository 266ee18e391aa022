"""What is over is deleted: all of its words, nothing of anybody else's, with a proof of it."""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import LogEntry, Notice
from tansiq.access.notices import notify
from tansiq.core import search
from tansiq.core.translations import remember
from tansiq.exchange.actions.items import acknowledge, write_reply
from tansiq.exchange.actions.purging import (
    BATCH,
    digest_of,
    end_envelopes,
    forget_what_was_told,
    purge_expired,
    sweep_files,
)
from tansiq.exchange.keeping import ENVELOPE, TABLES
from tansiq.exchange.models import (
    Attachment,
    Item,
    LeftFile,
    Purge,
    Receipt,
    ReceiptState,
)
from tansiq.exchange.queries.purging import places_of_word, words_left
from tests.factories import (
    NOON,
    HoldFactory,
    ItemFactory,
    MembershipFactory,
    OrganisationFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WORD = "zarzuela"
LONG_AGO = NOON.date() - 30 * DAY


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def _over(**more):
    return ItemFactory(**{"expires_on": LONG_AGO, **more})


def _full_item():
    """An item with its word in every place where words of an item may stand."""
    owner = OrganisationFactory()
    person = MembershipFactory(organisation=owner, role="lead").person
    item = _over(
        owner=owner,
        title=f"A {WORD} title",
        text=f"The text of the {WORD}.",
        purpose=f"A {WORD} purpose",
        sent_by=person,
        audience=[{"to": "organisation", "pk": 1, "name": WORD}],
    )
    city = ReceiptFactory(item=item)
    by = actor_of(city.organisation)
    MembershipFactory(organisation=city.organisation, role="lead")
    write_reply(city, city.organisation, f"About {WORD}?", language="en", by=by, at=NOON)
    acknowledge(city, ReceiptState.CANNOT, reason=f"No {WORD} here.", by=by, at=NOON)
    Receipt.objects.filter(pk=city.pk).update(decision=f"{WORD} decided")
    Attachment.objects.create(
        item=item,
        file=ContentFile(b"x", name=f"{WORD}.txt"),
        name=f"{WORD}.txt",
        size=1,
        sha256="0" * 64,
        added_at=NOON,
    )
    search.put([search.Text("exchange.item", item.pk, "en", item.title, item.text)])
    remember([(item.title, "fr", f"Un titre {WORD}")], status="machine")
    notify(
        [person], "exchange.sent", item, url="/", facts={"from": "x", "title": item.title}, at=NOON
    )
    return item


def test_no_word_of_it_is_left_anywhere_in_the_database_or_among_the_files(tmp_path):
    item = _full_item()
    assert len(places_of_word(WORD)) > 8
    assert list(tmp_path.rglob(f"{WORD}*"))

    assert purge_expired(at=NOON) == 1

    assert places_of_word(WORD) == []
    assert words_left([item.pk]) == []
    assert not list(tmp_path.rglob(f"{WORD}*"))


def test_the_envelope_and_the_times_stay_for_the_figures():
    item = _full_item()

    purge_expired(at=NOON)

    kept = Item.objects.get(pk=item.pk)
    assert (kept.kind, kept.marking, kept.sent_at, kept.purged_at) == (
        "briefing",
        "amber",
        NOON,
        NOON,
    )
    receipt = Receipt.objects.get(item=item)
    assert (receipt.state, receipt.reason, receipt.acknowledged_by) == ("cannot", "–", None)
    assert receipt.answered_at == NOON


def test_the_proof_counts_what_was_and_what_is_left():
    item = _full_item()

    purge_expired(at=NOON)

    proof = Purge.objects.get()
    assert proof.item_number == item.pk
    # Two notices of the answer, to the owner's lead, and the one of the sending.
    assert proof.counts == {
        "item": [1, 0],
        "reply": [1, 0],
        "attachment": [1, 0],
        "receipt": [1, 0],
        "notices": [3, 0],
        "search": [1, 0],
        "translations": [1, 0],
        "files": [1, 0],
    }
    entry = LogEntry.objects.get(rule="exchange.purge")
    assert (entry.target_id, entry.seal) == (item.pk, proof.seal)
    assert WORD not in json.dumps(entry.detail)


def test_a_copy_can_be_confirmed_by_its_digest_and_words_are_not_guessed_without_the_key(settings):
    item = _over(title="Yes", text="No")

    purge_expired(at=NOON)

    proof = Purge.objects.get()
    assert proof.digest == digest_of(item.pk, "Yes", "No")
    assert proof.digest != digest_of(item.pk, "Yes", "Yes")
    settings.SECRET_KEY = "another"
    assert proof.digest != digest_of(item.pk, "Yes", "No")


def test_only_what_is_over_and_not_held_goes(settings):
    settings.PURGE_GRACE_DAYS = 7
    last_day = NOON.date() - 7 * DAY
    ItemFactory(expires_on=last_day)
    held = HoldFactory(item=_over()).item
    lapsed = HoldFactory(item=_over(), until=NOON.date() - DAY).item
    released = HoldFactory(item=_over(), released_at=NOON).item

    assert purge_expired(at=NOON) == 2

    purged = set(Item.objects.filter(purged_at__isnull=False))
    assert purged == {lapsed, released}
    assert Item.objects.get(pk=held.pk).text
    assert purge_expired(at=NOON + DAY) == 1


def test_a_second_run_changes_nothing():
    _full_item()
    purge_expired(at=NOON)
    stood = list(Purge.objects.values())

    assert purge_expired(at=NOON + DAY) == 0

    assert list(Purge.objects.values()) == stood


def test_of_what_was_for_single_persons_no_receipt_stays():
    item = _over(marking="red")
    for _number in range(2):
        person = MembershipFactory(organisation=item.owner).person
        item.named_people.add(person)
        ReceiptFactory(item=item, organisation=item.owner, person=person)

    purge_expired(at=NOON)

    assert not Receipt.objects.exists()
    assert not item.named_people.exists()
    assert Purge.objects.get().counts["persons"] == [4, 0]


def test_a_draft_whose_day_passed_goes_whole():
    _over(sent_at=None)

    purge_expired(at=NOON)

    assert not Item.objects.exists()
    assert Purge.objects.get().what == "draft"


def test_files_that_another_item_needs_stay():
    first, second = _over(), ItemFactory()
    for item in (first, second):
        Attachment.objects.create(
            item=item, file="exchange/shared.txt", name="x", size=1, sha256="0" * 64, added_at=NOON
        )
    default_storage.save("exchange/shared.txt", ContentFile(b"x"))

    purge_expired(at=NOON)

    assert default_storage.exists("exchange/shared.txt")


def test_files_that_an_earlier_run_left_are_swept():
    name = default_storage.save("exchange/left.txt", ContentFile(b"x"))
    LeftFile.objects.create(name=name, noted_at=NOON)
    LeftFile.objects.create(name="exchange/gone-already.txt", noted_at=NOON)

    assert sweep_files() == 2

    assert not default_storage.exists(name)
    assert not LeftFile.objects.exists()


def test_proofs_are_read_by_sender_recipients_and_overseers():
    item = _over()
    city = ReceiptFactory(item=item).organisation
    purge_expired(at=NOON)
    oversight = OrganisationFactory(kind="oversight", country_code=item.owner.country_code)
    stranger = OrganisationFactory(country_code=item.owner.country_code)

    def seen(organisation, role="lead"):
        return Purge.objects.visible_to(actor_of(organisation, role)).count()

    assert [seen(item.owner), seen(city), seen(oversight, "overseer"), seen(stranger)] == [
        1,
        1,
        1,
        0,
    ]


def test_envelopes_end_after_years_with_proof_and_the_first_proof_stays(settings):
    settings.ENVELOPE_YEARS = 5
    item = _over()
    ReceiptFactory(item=item)
    ReceiptFactory(item=item)
    purge_expired(at=NOON)

    assert end_envelopes(at=NOON + 4 * 366 * DAY) == 0
    assert end_envelopes(at=NOON + 6 * 366 * DAY) == 1

    assert not Item.objects.exists()
    content, envelope = Purge.objects.order_by("pk")
    assert (content.item_number, content.item) == (item.pk, None)
    assert envelope.counts == {"item": [1, 0], "receipt": [2, 0]}


@given(days=st.lists(st.integers(-20, 5), max_size=8), grace=st.integers(0, 10))
@pytest.mark.django_db
def test_what_goes_is_exactly_what_was_over_for_longer_than_the_grace(days, grace):
    Purge.objects.all().delete()
    Item.objects.all().delete()
    owner = OrganisationFactory()
    for n in days:
        ItemFactory(owner=owner, expires_on=NOON.date() + n * DAY)

    with override_settings(PURGE_GRACE_DAYS=grace):
        gone = purge_expired(at=NOON)

    assert gone == sum(n < -grace for n in days)
    assert Item.objects.filter(text="").count() == gone


def test_a_night_of_many_takes_a_batch_at_a_time_and_few_queries_each(
    django_assert_max_num_queries,
):
    owner = OrganisationFactory()
    ItemFactory.create_batch(2 * BATCH, owner=owner, expires_on=LONG_AGO)

    # The log takes a few for each item; the rest does not grow with their number.
    with django_assert_max_num_queries(2 * BATCH * 6 + 250):
        assert purge_expired(at=NOON) == 2 * BATCH


def _belongings():
    """Every table of the exchange that belongs to an item, with the way to it."""
    found = {}
    ways = [(Item, "")]
    while ways:
        parent, path = ways.pop()
        for relation in parent._meta.related_objects:
            model, name = relation.related_model, relation.field.name
            is_child = model._meta.app_label == "exchange" and (
                relation.field.many_to_one or relation.field.one_to_one
            )
            if is_child and model is not Item and model not in found:
                found[model] = f"{name}__{path}".strip("_")
                ways.append((model, found[model]))
    return found


def _wordy(model):
    """The columns in which words, files or persons may stand."""
    return {
        field.name
        for field in model._meta.concrete_fields
        if (
            isinstance(field, models.CharField | models.TextField | models.JSONField)
            and not field.choices
        )
        or isinstance(field, models.FileField)
        or (field.is_relation and field.related_model._meta.label == "access.Person")
    }


def undeclared(tables):
    """Return each column in which something of an item may stand and of which nothing is said."""
    told = {one.label: one for one in tables}
    missing = []
    for model in _belongings():
        table = told.get(model._meta.label)
        if table is None:
            missing += [f"{model._meta.label}.{name}" for name in sorted(_wordy(model))]
        elif not table.goes:
            rest = _wordy(model) - set(table.emptied) - set(table.kept)
            missing += [f"{model._meta.label}.{name}" for name in sorted(rest)]
    return missing


def test_every_column_with_words_of_an_item_is_named_in_what_is_deleted():
    assert undeclared(TABLES) == []
    wordy = _wordy(Item) - {"language", "kind", "marking"}
    assert wordy - set(ENVELOPE) == set()


def test_the_rule_catches_a_table_that_was_forgotten():
    without_replies = [one for one in TABLES if one.label != "exchange.Reply"]

    assert undeclared(without_replies) == ["exchange.Reply.person", "exchange.Reply.text"]


def test_each_declared_way_leads_to_an_item():
    for table in TABLES:
        model = apps.get_model(table.label)
        assert str(model._base_manager.filter(**{f"{table.path}__in": [1]}).query)


def test_what_recipients_were_told_goes_on_the_day_after_the_last_also_while_it_is_held():
    owner = OrganisationFactory()
    sender = MembershipFactory(organisation=owner, role="lead").person
    last_day = ItemFactory(owner=owner, expires_on=NOON.date())
    over = ItemFactory(owner=owner, expires_on=NOON.date() - dt.timedelta(days=1))
    for item in (last_day, over):
        city = ReceiptFactory(item=item).organisation
        reader = MembershipFactory(organisation=city).person
        facts = {"from": "x", "title": item.title}
        at = NOON - dt.timedelta(days=2)
        notify([sender, reader], "exchange.sent", item, url="/", facts=facts, at=at)

    assert forget_what_was_told(at=NOON) == 1

    left = Notice.objects.values_list("target_id", "person")
    assert set(left.filter(target_id=over.pk)) == {(over.pk, sender.pk)}
    assert left.filter(target_id=last_day.pk).count() == 2
