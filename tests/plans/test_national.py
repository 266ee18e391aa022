"""The report of a nation: frozen figures, words that are kept, who may do what with it."""

import datetime as dt

import pytest
from django.urls import reverse

from tansiq.access.actor import Actor
from tansiq.access.models import LogEntry
from tansiq.plans.actions.edition_files import make_file
from tansiq.plans.actions.national import (
    NationalReportError,
    finalise_report,
    reopen_national,
    start_national_report,
    take_figures,
    write_text,
)
from tansiq.plans.actions.rollups import add_values
from tansiq.plans.models import (
    Action,
    Datapoint,
    Edition,
    EditionFile,
    NationalReport,
    Plan,
    ReportText,
)
from tansiq.plans.queries.national.changes import numbers_in
from tansiq.plans.queries.national.editions import (
    changes_since,
    figures_of,
    is_intact,
    latest_edition,
    source_of,
    stale_in,
)
from tests.factories import (
    ActionFactory,
    DatapointFactory,
    ObjectiveFactory,
    PillarFactory,
    ReportFactory,
)
from tests.people import sign_in
from tests.plans.reporting import JULY, make_country, sent_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]
BY = Actor.system("test")
DAY = dt.timedelta(days=1)


def accepted_report(country, **fields):
    """Return the province's report to the nation, accepted, with words that may be quoted."""
    details = {
        "status": "accepted",
        "submitted_at": JULY,
        "accepted_at": JULY,
        "answered_at": None,
        "answer_due_on": dt.date(2026, 7, 1),
        "blockers": "No budget line for halls",
        "wishes": "A trainer for schools",
    }
    report = ReportFactory(
        period=country.period,
        place=country.province.place,
        owner=country.province,
        addressee=country.nation,
        **details | fields,
    )
    report.named_organisations.add(country.nation)
    DatapointFactory(report=report, indicator=country.people, amount=40, status="accepted")
    return report


def with_actions(country):
    """Give the plan two actions that are done, one that is late, one on its way."""
    objective = ObjectiveFactory(plan=country.plan, pillar=PillarFactory(plan=country.plan))
    shared = {"plan": country.plan, "objective": objective}
    ActionFactory(**shared, status="done")
    ActionFactory(**shared, status="done")
    ActionFactory(**shared, status="on_track", ends_on=dt.date(2026, 1, 1))
    ActionFactory(**shared, status="on_track", ends_on=dt.date(2027, 1, 1))
    return objective


def begun(country, at=JULY):
    return start_national_report(country.period, by=BY, at=at)


def test_report_begins_once_with_the_figures_of_now(client):
    country = make_country()
    with_actions(country)
    accepted_report(country)
    sign_in(client, country.nation, "coordinator")
    start = reverse("plans:national_start", args=[country.period.pk])

    first = client.post(start, follow=True)
    client.post(start)

    report = NationalReport.objects.get()
    assert first.redirect_chain[-1][0] == report.get_absolute_url()
    assert report.marking == "amber"
    edition = Edition.objects.get()
    assert is_intact(edition)
    total = figures_of(edition)["progress"]["total"]
    assert total == {"done": 2, "on_track": 1, "at_risk": 0, "late": 1, "not_started": 0}
    assert figures_of(edition)["reporting"]["reported"] == 1
    assert LogEntry.objects.filter(rule="plans.national_start").count() == 1


def test_words_are_kept_when_figures_are_taken_anew_and_old_figures_in_them_are_marked():
    country = make_country()
    with_actions(country)
    report = begun(country)
    text = write_text(
        report,
        "progress",
        "en",
        "So far 2 actions are done.\nTeachers like it.",
        revision=0,
        by=BY,
        at=JULY + DAY,
    )
    Action.objects.filter(status="on_track").update(status="done")

    edition = take_figures(report, by=BY, at=JULY + 2 * DAY)

    text.refresh_from_db()
    assert text.text == "So far 2 actions are done.\nTeachers like it."
    assert edition.number == 2
    assert stale_in(report) == {text.pk: ["So far 2 actions are done."]}
    changed = {(one.subject, one.name): (one.before, one.after) for one in changes_since(edition)}
    assert changed["", "done"] == ("2", "4")


def test_closed_edition_can_be_made_again_to_the_letter():
    country = make_country()
    with_actions(country)
    report = begun(country)
    write_text(report, "summary", "en", "As it was.", revision=0, by=BY, at=JULY)
    first = latest_edition(report)
    before = source_of(first)

    take_figures(report, by=BY, at=JULY + DAY)
    write_text(report, "summary", "en", "Another.", revision=2, by=BY, at=JULY + DAY)
    Action.objects.update(status="cancelled")

    first.refresh_from_db()
    assert not first.is_open
    assert source_of(first) == before
    assert source_of(latest_edition(report)).words[0].text == "Another."


def test_final_report_is_closed_has_a_receipt_and_can_be_opened_with_a_reason():
    country = make_country()
    report = begun(country)

    edition = finalise_report(report, by=BY, at=JULY)

    report.refresh_from_db()
    assert report.is_final
    assert report.receipt == f"ID-N-2026-{report.pk:05d}"
    assert edition.is_final
    with pytest.raises(NationalReportError, match="final"):
        write_text(report, "summary", "en", "Late.", revision=0, by=BY, at=JULY)
    with pytest.raises(NationalReportError, match="final"):
        take_figures(report, by=BY, at=JULY)
    with pytest.raises(NationalReportError, match="Say why"):
        reopen_national(report, " ", by=BY, at=JULY)
    again = reopen_national(report, "A figure was wrong", by=BY, at=JULY + DAY)
    assert (again.number, again.is_open) == (2, True)
    edition.refresh_from_db()
    assert edition.is_final


def test_accepted_words_of_places_are_quoted_only_to_those_who_may_read_them():
    country = make_country()
    accepted_report(country)
    sent_report(country, status="accepted", blockers="Secret of the city")
    report = begun(country)

    assert [one["blockers"] for one in figures_of(latest_edition(report))["voices"]["quotes"]] == [
        "No budget line for halls"
    ]
    report.marking = "green"
    report.save()
    voices = figures_of(take_figures(report, by=BY, at=JULY))["voices"]
    assert voices == {"quotes": [], "kept_back": 1}


def test_page_of_two_writers_keeps_both_texts(client):
    country = make_country()
    report = begun(country)
    sign_in(client, country.nation, "contributor")
    url = reverse("plans:national_write", args=[report.pk, "progress"]) + "?language=en"
    form = client.get(url).context["form"]
    typed = {"revision": form["revision"].value(), "initial-text": "", "text": "Mine"}
    write_text(report, "progress", "en", "Theirs", revision=0, by=BY, at=JULY)

    answer = client.post(url, typed)

    assert answer.status_code == 409
    assert answer.context["form"]["text"].value() == "Mine"
    assert "Theirs" in answer.content.decode()
    assert ReportText.objects.get().text == "Theirs"


@pytest.mark.parametrize(
    ("role", "step", "status"),
    [
        ("viewer", "national_write", 403),
        ("contributor", "national_write", 200),
        ("contributor", "national_figures", 403),
        ("coordinator", "national_figures", 302),
        ("coordinator", "national_finalise", 403),
        ("lead", "national_finalise", 302),
    ],
)
def test_each_step_needs_its_role(client, role, step, status):
    country = make_country()
    report = begun(country)
    sign_in(client, country.nation, role)
    more = ["progress"] if step == "national_write" else []
    url = reverse(f"plans:{step}", args=[report.pk, *more])

    answer = client.get(url) if step == "national_write" else client.post(url)

    assert answer.status_code == status


def test_strangers_learn_nothing(client):
    country = make_country()
    report = begun(country)
    edition = latest_edition(report)
    sign_in(client, country.city, "lead")

    pages = [
        reverse("plans:national", args=[report.pk]),
        reverse("plans:national_preview", args=[report.pk]),
        reverse("plans:edition", args=[report.pk, 1]),
    ]
    assert [client.get(url).status_code for url in pages] == [404, 404, 404]
    ask = reverse("plans:edition_document", args=[edition.pk])
    assert client.post(ask, {"language": "en", "kind": "pdf"}).status_code == 404


def test_pages_show_figures_words_and_editions(client):
    country = make_country()
    with_actions(country)
    accepted_report(country)
    report = begun(country)
    write_text(report, "progress", "id", "Dua selesai", revision=0, by=BY, at=JULY)
    sign_in(client, country.nation, "lead", language="en")

    page = client.get(report.get_absolute_url()).content.decode()
    paper = client.get(reverse("plans:national_preview", args=[report.pk])).content.decode()
    edition = client.get(reverse("plans:edition", args=[report.pk, 1]))

    assert "Dua selesai" in page
    assert "2 of 4 actions are done, 0 under way" not in page
    assert "2 of 4 actions are done, 1 under way, 1 late." in page
    assert "Dua selesai" in paper
    assert "Written in Bahasa Indonesia" in paper
    assert "No budget line for halls" in paper
    assert edition.status_code == 200


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("language", ["ar", "en", "fil", "fr", "id", "ms"])
def test_document_of_any_language_is_given_out_and_written_down(client, kind, language):
    country = make_country()
    with_actions(country)
    accepted_report(country)
    report = begun(country)
    sign_in(client, country.nation, "viewer")
    url = reverse("plans:edition_document", args=[latest_edition(report).pk])

    answer = client.post(url, {"language": language, "kind": kind})

    assert answer.content.startswith(b"%PDF" if kind == "pdf" else b"PK")
    assert answer["Cache-Control"] == "private, no-store"
    taken = LogEntry.objects.get(rule="export:plans.national_export")
    assert taken.detail == {"edition": 1, "language": language, "kind": kind}


def test_red_report_leaves_in_no_file(client):
    country = make_country()
    report = begun(country)
    person = sign_in(client, country.nation, "lead")
    report.marking = "red"
    report.save()
    report.named_people.add(person)
    url = reverse("plans:edition_document", args=[latest_edition(report).pk])

    answer = client.post(url, {"language": "en", "kind": "pdf"})

    assert answer.status_code == 403


def test_report_is_withheld_from_those_for_whom_its_figures_were_not_gathered(client):
    country = make_country()
    accepted_report(country)
    report = begun(country)
    report.marking = "green"
    report.save()
    sign_in(client, country.city, "lead", language="en")
    url = reverse("plans:edition_document", args=[latest_edition(report).pk])

    answer = client.post(url, {"language": "en", "kind": "pdf"}, follow=True)

    assert answer.redirect_chain[-1][0] == report.get_absolute_url()
    assert answer.context["sections"] == []
    assert "No budget line for halls" not in answer.content.decode()
    assert client.get(reverse("plans:edition", args=[report.pk, 1])).status_code == 403
    with pytest.raises(NationalReportError, match="anew"):
        finalise_report(report, by=BY, at=JULY)


def test_words_are_saved_in_the_language_that_was_chosen(client):
    country = make_country()
    report = begun(country)
    sign_in(client, country.nation, "contributor", language="en")
    url = reverse("plans:national_write", args=[report.pk, "outlook"]) + "?language=ar"

    page = client.get(url)
    answer = client.post(url, {"revision": "0", "text": "في الفترة القادمة"})

    assert 'action="?language=ar"' in page.content.decode()
    assert answer.url == f"{report.get_absolute_url()}#outlook"
    written = ReportText.objects.get()
    assert (written.language, written.text) == ("ar", "في الفترة القادمة")


def test_large_document_is_made_by_a_job_and_served_through_the_gate(client, monkeypatch, settings):
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr("tansiq.plans.views.editions._AT_ONCE", 0)
    country = make_country()
    report = begun(country)
    sign_in(client, country.nation, "viewer", language="en")
    ask = reverse("plans:edition_document", args=[latest_edition(report).pk])

    waiting = client.post(ask, {"language": "en", "kind": "pdf"}, follow=True)
    file = EditionFile.objects.get()
    asked_again = client.post(ask, {"language": "en", "kind": "pdf"})
    make_file(file, at=JULY)
    ready = client.get(reverse("plans:edition_file", args=[file.pk])).content.decode()
    content = b"".join(client.get(reverse("plans:edition_download", args=[file.pk])))

    assert waiting.redirect_chain[-1][0] == reverse("plans:edition_file", args=[file.pk])
    assert asked_again.url == reverse("plans:edition_file", args=[file.pk])
    assert reverse("plans:edition_download", args=[file.pk]) in ready
    assert content.startswith(b"%PDF")
    write_text(report, "summary", "en", "New words.", revision=0, by=BY, at=JULY)
    out_of_date = client.get(reverse("plans:edition_download", args=[file.pk]))
    assert out_of_date.url == report.get_absolute_url()
    sign_in(client, country.city, "lead")
    assert client.get(reverse("plans:edition_download", args=[file.pk])).status_code == 404


def test_figures_equal_what_is_counted_naively():
    country = make_country()
    with_actions(country)
    for report in (accepted_report(country), sent_report(country, status="accepted")):
        add_values(report.pk, column="report_id")
    data = figures_of(latest_edition(begun(country)))

    day = JULY.date()
    steps = list(Action.objects.filter(plan=country.plan, kind="step"))
    late = [one for one in steps if one.status != "done" and one.ends_on and one.ends_on < day]
    done = [one for one in steps if one.status == "done"]
    total = data["progress"]["total"]
    assert (total["late"], total["done"]) == (len(late), len(done))
    assert sum(total.values()) == len(steps)
    local = Plan.objects.filter(parent=country.plan)
    assert data["reporting"]["expected"] == local.count() == len(data["places"])
    states = {one["code"]: one["state"] for one in data["places"]}
    # The nation does not see the city's report; that its figures count, it does.
    assert states == {
        country.province.place.code: "accepted",
        country.city.place.code: "counted",
        country.other_city.place.code: "",
    }
    people = next(one for one in data["indicators"] if one["code"] == "1.1")
    accepted = Datapoint.objects.filter(indicator=country.people, status="accepted", part="")
    assert (people["places"], people["number"]) == (2, str(sum(one.amount for one in accepted)))


def test_numbers_are_found_in_words_as_people_write_them():
    assert numbers_in("132 of 135 actions") == {"132", "135"}
    assert "12345" in numbers_in("12,345 people")
    assert "12345" in numbers_in("12.345 orang")
    assert "12345" in numbers_in("١٢٬٣٤٥ شخصا")
    assert "61.5" in numbers_in("61,5 persen")
    assert numbers_in("no number at all") == set()
