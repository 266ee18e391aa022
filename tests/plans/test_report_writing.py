"""Writing a report: begun, kept, saved by two people, sent with a receipt."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from tansiq.access.models import LogEntry
from tansiq.plans.models import Datapoint, Report
from tests.factories import ActivityFactory, DatapointFactory, PeriodFactory, ReportFactory
from tests.people import sign_in
from tests.plans.reporting import make_country

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]


def draft_of(country, **fields):
    return ReportFactory(
        period=country.period,
        place=country.city.place,
        owner=country.city,
        addressee=None,
        **fields,
    )


def typed(page, **changes):
    """Return what a browser would send back from this page, with these fields changed."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data |= {name.replace("_", "-") if name[0] == "v" else name: v for name, v in changes.items()}
    return {name: "" if value is None else value for name, value in data.items()}


def test_report_begins_with_the_register_and_last_times_blockers(client):
    country = make_country()
    sign_in(client, country.city, "contributor")
    earlier = PeriodFactory(
        plan=country.plan,
        starts_on=dt.date(2025, 7, 1),
        ends_on=dt.date(2025, 12, 31),
        due_on=dt.date(2026, 1, 30),
    )
    ReportFactory(
        period=earlier,
        place=country.place,
        owner=country.city,
        blockers="No money for buses",
        wishes="Guidance for schools",
    )
    shared = {"plan": country.plan, "owner": country.city, "place": country.place}
    ActivityFactory(**shared, title="Mothers' circle", people_reached=40)
    ActivityFactory(**shared, title="Kept among us", marking="amber+strict")
    ActivityFactory(**shared, title="Last year", starts_on="2025-03-01", ends_on="2025-03-02")
    start = reverse("plans:report_start", args=[country.period.pk, country.place.code])

    assert client.get(start).status_code == 200
    assert not Report.objects.filter(period=country.period).exists()
    page = client.post(start, follow=True)

    report = Report.objects.get(period=country.period)
    assert report.narrative == "– Mothers' circle (40 people)"
    assert (report.blockers, report.wishes) == ("No money for buses", "Guidance for schools")
    assert page.redirect_chain[-1][0] == reverse("plans:report_write", args=[report.pk])
    assert client.get(start).url == page.redirect_chain[-1][0]


def test_figures_are_read_in_the_readers_way_and_kept_exactly(client):
    country = make_country()
    sign_in(client, country.city, "contributor", language="id")
    report = draft_of(country)
    url = reverse("plans:report_write", args=[report.pk])
    people, trust = f"v{country.people.pk}", f"v{country.trust.pk}"

    sent = typed(client.get(url), narrative="Kami mulai.")
    sent |= {people: "1.234", f"{people}-sex=female": "٧٠٠"}
    sent |= {trust: "61,5", f"{trust}-base": "2.000"}
    answer = client.post(url, sent)

    assert answer.status_code == 302
    values = {
        (one.indicator_id, one.part): (one.indicator.as_number(one.amount), one.weight)
        for one in Datapoint.objects.all()
    }
    assert values == {
        (country.people.pk, ""): (Decimal(1234), 1),
        (country.people.pk, "sex=female"): (Decimal(700), 1),
        (country.trust.pk, ""): (Decimal("61.5"), 2000),
    }
    page = client.get(url)
    assert page.context["form"][trust].value() == "61,5"
    assert page.context["filled"] == 100


@pytest.mark.parametrize(
    "text", ["1.234", "NaN", "Infinity", "1e5", "-3", "9" * 30, "12 people", "1,23,4", "1" * 500]
)
def test_figure_that_cannot_be_right_gets_a_sentence_and_nothing_is_saved(client, text):
    country = make_country()
    sign_in(client, country.city, "contributor", language="en")
    report = draft_of(country)
    url = reverse("plans:report_write", args=[report.pk])
    field = f"v{country.people.pk}"

    answer = client.post(url, typed(client.get(url), narrative="Typed") | {field: text})

    assert answer.status_code == 422
    assert answer.context["form"][field].value() == text
    assert len(answer.context["form"].errors[field]) == 1
    assert not Datapoint.objects.exists()
    report.refresh_from_db()
    assert report.narrative == ""


def test_weighted_figure_needs_its_base(client):
    country = make_country()
    sign_in(client, country.city, "contributor")
    url = reverse("plans:report_write", args=[draft_of(country).pk])

    answer = client.post(url, typed(client.get(url)) | {f"v{country.trust.pk}": "61.5"})

    assert set(answer.context["form"].errors) == {f"v{country.trust.pk}-base"}


def test_date_outside_the_period_is_refused_at_the_figure(client):
    country = make_country()
    sign_in(client, country.city, "contributor")
    url = reverse("plans:report_write", args=[draft_of(country).pk])
    field = f"v{country.people.pk}"

    data = typed(client.get(url)) | {field: "12", f"{field}-on": "2025-01-01"}
    answer = client.post(url, data)

    assert set(answer.context["form"].errors) == {field}


def test_page_keeps_itself_and_what_is_wrong_stays_as_it_was(client):
    country = make_country()
    sign_in(client, country.city, "contributor")
    report = draft_of(country)
    DatapointFactory(report=report, indicator=country.people, amount=5)
    page = client.get(reverse("plans:report_write", args=[report.pk]))
    keep = reverse("plans:report_keep", args=[report.pk])

    sent = typed(page, narrative="Three circles") | {f"v{country.people.pk}": "many"}
    answer = client.post(keep, sent, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    report.refresh_from_db()
    assert report.narrative == "Three circles"
    assert Datapoint.objects.get().amount == 5
    assert "1 field cannot be kept yet" in answer.content.decode()


def test_page_that_kept_itself_is_no_conflict_to_itself_and_is_recorded_once(client):
    country = make_country()
    sign_in(client, country.city, "contributor")
    report = draft_of(country)
    url = reverse("plans:report_write", args=[report.pk])
    page = client.get(url)
    keep = reverse("plans:report_keep", args=[report.pk])

    for text in ("One", "One, two"):
        client.post(keep, typed(page, narrative=text), headers={"HX-Request": "true"})
    answer = client.post(url, typed(page, narrative="One, two, three"))

    assert answer.status_code == 302
    report.refresh_from_db()
    assert report.narrative == "One, two, three"
    assert LogEntry.objects.filter(rule="plans.report_edit").count() == 1


def test_second_of_two_people_sees_both_versions_and_loses_nothing(client):
    country = make_country()
    dewi = sign_in(client, country.city, "contributor", name="Dewi")
    report = draft_of(country)
    url = reverse("plans:report_write", args=[report.pk])
    dewis = typed(client.get(url), narrative="Three schools") | {f"v{country.people.pk}": "3"}
    client.logout()
    sign_in(client, country.city, "contributor", name="Budi")
    budis = typed(client.get(url), narrative="Four schools") | {f"v{country.people.pk}": "4"}
    client.post(url, budis)
    client.force_login(dewi)

    answer = client.post(url, dewis)

    assert answer.status_code == 409
    shown = {(one["theirs"], one["yours"]) for one in answer.context["differences"]}
    assert shown == {("Four schools", "Three schools"), ("4", "3")}
    assert str(answer.context["changed_by"]) == "Budi"
    assert answer.context["form"]["narrative"].value() == "Three schools"
    report.refresh_from_db()
    assert report.narrative == "Four schools"
    again = client.post(url, typed(answer, narrative="Seven schools"))
    assert again.status_code == 302
    report.refresh_from_db()
    assert report.narrative == "Seven schools"


def test_keeping_by_itself_tells_of_a_conflict_and_saves_nothing(client):
    country = make_country()
    sign_in(client, country.city, "contributor")
    report = draft_of(country)
    page = client.get(reverse("plans:report_write", args=[report.pk]))
    Report.objects.filter(pk=report.pk).update(revision=9, pen="another page", narrative="Theirs")

    keep = reverse("plans:report_keep", args=[report.pk])
    answer = client.post(keep, typed(page, narrative="Mine"), headers={"HX-Request": "true"})

    assert answer.status_code == 409
    report.refresh_from_db()
    assert report.narrative == "Theirs"


def test_look_before_sending_lists_what_is_missing_and_does_not_forbid(client):
    country = make_country()
    sign_in(client, country.city, "coordinator")
    report = draft_of(country, narrative="Three circles")
    DatapointFactory(report=report, indicator=country.people, amount=12)
    DatapointFactory(report=report, indicator=country.people, amount=20, part="sex=female")
    url = reverse("plans:report_send", args=[report.pk])

    page = client.get(url)

    doubts = [re.sub("[\u2068\u2069]", "", one.sentence) for one in page.context["checks"]]
    assert doubts == [
        "1.1 People trained: the parts come to 20, the whole is 12.",
        "2.1 Residents who trust: no figure yet.",
    ]
    assert client.post(url).url == reverse("plans:report_receipt", args=[report.pk])


def test_sent_report_gives_a_receipt_with_the_day_an_answer_is_owed(client):
    country = make_country()
    sign_in(client, country.city, "coordinator")
    report = draft_of(country, narrative="Three circles")

    page = client.post(reverse("plans:report_send", args=[report.pk]), follow=True)

    report.refresh_from_db()
    assert report.addressee == country.province
    assert report.answer_due_on == dt.date(2026, 7, 30)
    text = page.content.decode()
    assert report.receipt in text
    assert "Thursday 30 July 2026" in text


def test_empty_report_is_not_sent(client):
    country = make_country()
    sign_in(client, country.city, "coordinator")
    report = draft_of(country)

    answer = client.post(reverse("plans:report_send", args=[report.pk]))

    assert answer.status_code == 409
    assert "before you send it" in answer.context["problem"]
    report.refresh_from_db()
    assert report.status == "draft"


@pytest.mark.parametrize(
    ("role", "step", "status"),
    [
        ("viewer", "report_write", 403),
        ("viewer", "report_send", 403),
        ("contributor", "report_send", 403),
        ("contributor", "report_write", 200),
        ("coordinator", "report_send", 200),
    ],
)
def test_who_may_write_and_send(client, role, step, status):
    country = make_country()
    sign_in(client, country.city, role)
    report = draft_of(country)

    assert client.get(reverse(f"plans:{step}", args=[report.pk])).status_code == status


@pytest.mark.parametrize("who", ["nation", "province", "other_city"])
def test_draft_does_not_exist_for_others(client, who):
    country = make_country()
    sign_in(client, getattr(country, who))
    report = draft_of(country)

    for step in ("report", "report_write", "report_send", "report_receipt"):
        assert client.get(reverse(f"plans:{step}", args=[report.pk])).status_code == 404


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_locked_report_is_not_written(client, status):
    country = make_country()
    sign_in(client, country.city)
    report = draft_of(country, status=status, narrative="Sent")
    data = {"narrative": "Changed", "revision": 1, "pen": "p", "language": "en"}

    for step in ("report_write", "report_keep"):
        answer = client.post(reverse(f"plans:{step}", args=[report.pk]), data)
        assert answer.status_code == 403
    report.refresh_from_db()
    assert report.narrative == "Sent"


def test_nobody_writes_without_signing_in(client):
    report = draft_of(make_country())

    answer = client.get(reverse("plans:report_write", args=[report.pk]))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
