"""What was written without a connection: it arrives once, whole, and only from whom it should."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from tansiq.access.models import LogEntry
from tansiq.plans.actions.arrivals import Written, forget_arrivals, take_in
from tansiq.plans.models import Arrival, Report
from tests.factories import NOON, actor_of
from tests.people import sign_in
from tests.plans.reporting import make_country
from tests.plans.test_report_writing import draft_of, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]


def put_away(client, report, *, then="keep", key=None, **changes):
    """Return what a device keeps of the page as it was opened, with these fields changed."""
    page = client.get(reverse("plans:report_write", args=[report.pk]))
    kept = {"key": str(key or uuid.uuid4()), "then": then}
    return {name: str(value) for name, value in typed(page, **changes).items()} | kept


def deliver(client, report, kept):
    return client.post(reverse("plans:report_arrive", args=[report.pk]), kept)


def test_what_was_put_away_arrives_and_is_sent_with_a_receipt(client):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "coordinator")
    kept = put_away(
        client, report, then="send", narrative="On the boat", **{f"v{country.people.pk}": "41"}
    )

    answer = deliver(client, report, kept)

    assert answer.json() == {"sent": True, "url": f"/reports/{report.pk}/receipt/"}
    report = Report.objects.get(pk=report.pk)
    assert (report.status, report.narrative) == ("submitted", "On the boat")
    assert report.receipt
    whole = report.datapoints.get(indicator=country.people, part="")
    assert country.people.as_number(whole.amount) == Decimal(41)
    assert LogEntry.objects.get(rule="plans.report_arrive").detail == {"sent": True}


@pytest.mark.parametrize("then", ["keep", "send"])
def test_same_delivery_again_changes_nothing_and_gives_the_same_answer(client, then):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "coordinator")
    kept = put_away(client, report, then=then, narrative="Once")
    first = deliver(client, report, kept)
    stands = Report.objects.values().get(pk=report.pk)
    entries = LogEntry.objects.count()

    again = deliver(client, report, kept | {"narrative": "Twice"})

    assert (again.status_code, again.json()) == (200, first.json())
    assert Report.objects.values().get(pk=report.pk) == stands
    assert LogEntry.objects.count() == entries
    assert Arrival.objects.count() == 1


def test_later_text_of_the_same_open_page_is_no_conflict(client):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "coordinator")
    kept = put_away(client, report, narrative="First")
    deliver(client, report, kept)

    later = deliver(client, report, kept | {"narrative": "Second", "key": str(uuid.uuid4())})

    assert later.status_code == 200
    assert Report.objects.get(pk=report.pk).narrative == "Second"


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(client):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "coordinator")
    mine = put_away(client, report, then="send", narrative="Mine")
    theirs = put_away(client, report, narrative="Theirs")
    deliver(client, report, theirs)

    answer = deliver(client, report, mine)

    assert answer.status_code == 409
    assert "Somebody else" in answer.json()["problem"]
    report = Report.objects.get(pk=report.pk)
    assert (report.narrative, report.status) == ("Theirs", "draft")
    assert not Arrival.objects.filter(key=mine["key"]).exists()


def test_wrong_figure_keeps_everything_on_the_device_and_saves_nothing(client):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "coordinator")
    kept = put_away(
        client, report, then="send", narrative="Good", **{f"v{country.people.pk}": "many"}
    )

    answer = deliver(client, report, kept)

    assert answer.status_code == 422
    assert answer.json()["problem"]
    assert Report.objects.get(pk=report.pk).narrative != "Good"
    assert not Arrival.objects.exists()


def test_empty_report_is_not_sent_from_a_device_either(client):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "coordinator")
    kept = put_away(client, report, then="send", narrative="", wishes="A wish")

    answer = deliver(client, report, kept)

    assert answer.status_code == 422
    report = Report.objects.get(pk=report.pk)
    assert (report.wishes, report.status) != ("A wish", "submitted")
    assert not Arrival.objects.exists()


def test_only_those_who_may_send_it_send_it(client):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "contributor")
    kept = put_away(client, report, then="send", narrative="Too early")
    address = reverse("plans:report_arrive", args=[report.pk])

    refused = deliver(client, report, kept)
    allowed = deliver(client, report, kept | {"then": "keep"})
    sign_in(client, country.other_city, "coordinator")
    strangers = {client.get(address).status_code, client.post(address, kept).status_code}

    assert (refused.status_code, allowed.status_code) == (403, 200)
    assert "coordinator" in refused.json()["problem"]
    assert Report.objects.get(pk=report.pk).status == "draft"
    assert strangers == {404}


def test_key_of_another_person_opens_nothing(client):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "coordinator")
    kept = put_away(client, report, then="send", narrative="Mine")
    deliver(client, report, kept)
    colleague = sign_in(client, country.city, "coordinator")

    answer = deliver(client, report, kept)

    assert Arrival.objects.get().person_id != colleague.pk
    assert answer.status_code == 403
    assert "already sent" in answer.json()["problem"]


@pytest.mark.parametrize("bad", [{"key": "1"}, {"then": "publish"}, {"key": ""}])
def test_nonsense_about_the_delivery_is_refused(client, bad):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "coordinator")
    kept = put_away(client, report, narrative="Text")

    assert deliver(client, report, kept | bad).status_code == 422
    assert not Arrival.objects.exists()


def test_device_is_told_who_is_signed_in_and_gets_a_fresh_proof(client):
    country = make_country()
    report = draft_of(country)
    person = sign_in(client, country.city, "coordinator")

    told = client.get(reverse("plans:report_arrive", args=[report.pk])).json()

    assert told["person"] == person.pk
    assert len(told["token"]) == 64


def test_keys_are_forgotten_when_no_device_can_still_deliver_them():
    country = make_country()
    report = draft_of(country)
    for key, age in (("old", 91), ("young", 89)):
        at = NOON - dt.timedelta(days=age)
        Arrival.objects.create(report=report, key=key, has_sent=False, at=at)

    assert forget_arrivals(at=NOON) == 1
    assert [one.key for one in Arrival.objects.all()] == ["young"]


def test_second_of_two_deliveries_at_once_is_stopped_by_the_action_itself():
    """Both may pass the page's own question before either has saved."""
    country = make_country()
    report = draft_of(country)
    by = actor_of(country.city, "coordinator")
    words = {"narrative": "Once", "blockers": "", "wishes": "", "language": "en"}
    written = Written(words, {}, revision=report.revision, pen="p")

    first, second = (
        take_in(report, written, key="k", and_send=True, by=by, at=NOON) for _time in range(2)
    )

    assert first == second
    assert LogEntry.objects.filter(rule="plans.report_send").count() == 1
