"""Situation reports: begun from the room, signed by somebody else, fixed, and answered."""

import datetime as dt
import io
import zipfile

import pytest
from django.urls import reverse

from tansiq.access.models import Notice
from tansiq.incidents.actions.briefs import (
    BriefError,
    BriefText,
    give_brief,
    remind_of_brief,
    warn_of_late_briefs,
)
from tansiq.incidents.actions.reports import (
    ReportError,
    Signing,
    Written,
    acknowledge_report,
    begin_report,
    correct_report,
    fill_anew,
    sign_report,
    write_report,
)
from tansiq.incidents.models import Brief, Entry, SituationReport, Task
from tansiq.incidents.playbook.document import Duration, Offset, Recurrence, TaskSpec
from tansiq.incidents.queries.reports import (
    brief_times,
    changes_between,
    document_of,
    version_before,
)
from tests.factories import (
    NOON,
    FactFactory,
    OrganisationFactory,
    PlaybookVersionFactory,
    SituationReportFactory,
    SupportRequestFactory,
    TaskFactory,
    actor_of,
)
from tests.incidents.small import small_playbook, words
from tests.incidents.test_support import two_levels
from tests.people import sign_in

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
SAID = BriefText("Two more cells are looked for.", "Police patrol markets.", "amber", "en")


def sent(room, *to, at=NOON, **fields):
    report = SituationReportFactory(incident=room, **fields)
    signer = actor_of(report.organisation)
    return sign_report(report, Signing(to), revision=1, by=signer, at=at)


def test_a_report_begins_with_what_the_room_knows():
    room, city, nation = two_levels(hazards="Gas")
    FactFactory(incident=room, text="One site", state="confirmed", source="police")
    FactFactory(incident=room, text="A second device")
    TaskFactory(incident=room, title="Open the hall", key="", due_at=NOON - HOUR)
    SupportRequestFactory(incident=room, to_organisation=nation, what="Ambulances", quantity=4)

    report = begin_report(room, city, language="en", by=actor_of(city), at=NOON)

    given = report.sections
    assert "Confirmed by police" in given["situation"]
    assert "Not confirmed" in given["situation"]
    assert given["methane"] == "Hazards: Gas"
    assert "Ambulances (4)" in given["requests"]
    assert given["priorities"].startswith("Late since")
    assert (report.number, report.covers_from) == (1, room.began_at)


def test_two_who_begin_write_the_same_draft():
    room, city, _nation = two_levels()

    one = begin_report(room, city, language="en", by=actor_of(city), at=NOON)
    two = begin_report(room, city, language="en", by=actor_of(city), at=NOON)

    assert one == two


def test_taking_in_what_happened_since_keeps_what_the_writer_changed():
    room, city, _nation = two_levels()
    by = actor_of(city)
    report = begin_report(room, city, language="en", by=by, at=NOON)
    written = report.sections | {"needs": "Blood."}
    write_report(report, Written(written), revision=1, by=by, at=NOON)
    FactFactory(incident=room, text="The road is open", state="confirmed", source="traffic desk")

    fill_anew(report, by=by, at=NOON + HOUR)

    report.refresh_from_db()
    assert "The road is open" in report.sections["situation"]
    assert report.sections["needs"] == "Blood."


def test_who_wrote_it_signs_only_when_nobody_else_can_be_reached_and_the_report_says_so():
    room, city, nation = two_levels()
    by = actor_of(city)
    report = begin_report(room, city, language="en", by=by, at=NOON)

    with pytest.raises(ReportError, match="Somebody else signs"):
        sign_report(report, Signing((nation,)), revision=1, by=by, at=NOON)
    sign_report(report, Signing((nation,), is_alone=True), revision=1, by=by, at=NOON)

    report.refresh_from_db()
    assert (report.state, report.is_signed_alone) == ("sent", True)
    assert "signed by its writer alone" in dict(document_of(report).facts)["Signed"]


def test_what_was_sent_is_fixed_and_a_correction_is_a_new_version():
    room, city, nation = two_levels()
    report = sent(room, nation)

    with pytest.raises(ReportError, match="signed and sent"):
        write_report(report, Written({}), revision=2, by=actor_of(city), at=NOON)
    with pytest.raises(ReportError, match="signed and sent"):
        sign_report(report, Signing((nation,)), revision=2, by=actor_of(city), at=NOON)
    draft = correct_report(report, by=actor_of(city), at=NOON)
    again = correct_report(report, by=actor_of(city), at=NOON)
    changed = {"situation": "Two sites, police say."}
    write_report(draft, Written(changed), revision=1, by=actor_of(city), at=NOON)
    signed = sign_report(draft, Signing((nation,)), revision=2, by=actor_of(city), at=NOON)

    assert (draft, signed.number, signed.version) == (again, report.number, 2)
    earlier = version_before(actor_of(nation), signed)
    assert earlier == report
    assert [one.lines for one in changes_between(earlier, signed)] == [
        [("gone", "One site, police say."), ("new", "Two sites, police say.")]
    ]
    assert Brief.objects.count() == 1


def test_a_draft_is_read_where_it_is_written_and_a_sent_one_where_it_was_sent():
    room, city, nation = two_levels()
    province = OrganisationFactory(place=room.place)
    room.named_organisations.add(province)
    draft = SituationReportFactory(incident=room)
    report = sent(room, nation)

    seen = {
        name: set(SituationReport.objects.visible_to(actor_of(body, "viewer")))
        for name, body in {"city": city, "nation": nation, "province": province}.items()
    }

    assert seen == {"city": {draft, report}, "nation": {report}, "province": set()}


def test_the_recurring_task_is_ticked_and_times_that_passed_without_a_report_are_said():
    spec = TaskSpec(
        key="D-02",
        phase="P2",
        title=words("Send the report"),
        role="COORD",
        due=Offset.read("T0+PT12H"),
        repeats=Recurrence(every=Duration.read("PT12H"), until=Offset.read("T0+P3D")),
        worksheet="SituationReport",
        checks=(),
    )
    document = small_playbook(spec).as_json()
    room, _city, nation = two_levels(playbook=PlaybookVersionFactory(document_json=document))
    for number in range(1, 5):
        TaskFactory(
            incident=room,
            key="D-02",
            occurrence=number,
            due_at=room.began_at + number * 12 * HOUR,
            needs_evidence=True,
        )

    sent(room, nation, at=room.began_at + 25 * HOUR, number=1)

    states = Task.objects.order_by("occurrence").values_list("state", "evidence")
    assert list(states) == [
        ("not_needed", ""),
        ("done", "Situation report 1"),
        ("open", ""),
        ("open", ""),
    ]


def test_the_brief_comes_back_and_what_is_cleared_stands_in_the_log_for_everybody():
    room, city, nation = two_levels()
    province = OrganisationFactory(place=room.place)
    room.named_organisations.add(province)
    brief = sent(room, nation, province).brief

    give_brief(brief, SAID, revision=1, by=actor_of(nation), at=NOON + 2 * HOUR)
    with pytest.raises(BriefError, match="given already"):
        give_brief(brief, SAID, revision=2, by=actor_of(nation), at=NOON + 3 * HOUR)

    assert (brief.due_at, brief.given_at) == (NOON + 6 * HOUR, NOON + 2 * HOUR)
    assert list(Brief.objects.visible_to(actor_of(province))) == []
    told = Entry.objects.visible_to(actor_of(province)).filter(code="brief_cleared")
    assert [entry.text for entry in told] == ["Police patrol markets."]
    times = brief_times(room, at=NOON + 9 * HOUR)
    assert (times.owed, times.given, times.late, times.median_minutes) == (1, 1, 0, 120)
    del city


def test_a_late_brief_is_told_once_to_both_and_the_city_reminds_once_an_hour(client):
    room, city, nation = two_levels()
    sign_in(client, nation, "contributor", name="Officer")
    sign_in(client, city, "contributor", name="Aide")
    brief = sent(room, nation).brief
    Notice.objects.all().delete()

    told = [warn_of_late_briefs(at=NOON + hours * HOUR) for hours in (6, 7, 8)]
    remind_of_brief(brief, by=actor_of(city), at=NOON + 8 * HOUR)
    with pytest.raises(BriefError, match="less than an hour"):
        remind_of_brief(brief, by=actor_of(city), at=NOON + 8.5 * HOUR)

    assert told == [0, 1, 0]
    named = Notice.objects.filter(person__name__in=("Aide", "Officer"))
    assert sorted(named.values_list("code", "person__name")) == [
        ("incidents.brief_late", "Aide"),
        ("incidents.brief_late", "Officer"),
        ("incidents.brief_wanted", "Officer"),
    ]
    assert brief_times(room, at=NOON + 9 * HOUR).late == 1


def test_an_organisation_reads_once():
    room, _city, nation = two_levels()
    report = sent(room, nation)

    for hours in (1, 2):
        acknowledge_report(report, nation, by=actor_of(nation), at=NOON + hours * HOUR)

    assert [one.at for one in report.receipts.all()] == [NOON + HOUR]
    assert Entry.objects.filter(code="report_read").count() == 1


@pytest.mark.parametrize("is_exercise", [True, False])
def test_files_carry_the_marking_and_of_an_exercise_the_word(client, is_exercise):
    room, city, nation = two_levels(is_exercise=is_exercise)
    report = sent(
        room,
        nation,
        casualties=[{"kind": "injured", "count": 12, "source": "hospital", "is_confirmed": True}],
    )
    sign_in(client, city, "viewer")

    def file(kind):
        return client.get(reverse("incidents:report_file", args=[room.pk, report.pk, kind]))

    pdf, word, page = file("pdf"), file("docx"), client.get(report.get_absolute_url())

    document = document_of(report)
    assert (document.marking, "EXERCISE" in document.state) == ("TLP:AMBER", is_exercise)
    assert pdf.content.startswith(b"%PDF")
    assert ("exercise-" in word.headers["Content-Disposition"]) is is_exercise
    with zipfile.ZipFile(io.BytesIO(word.content)) as package:
        text = "".join(
            package.read(name).decode() for name in package.namelist() if name.endswith(".xml")
        )
    assert ("EXERCISE" in text) is is_exercise
    assert "TLP:AMBER" in text
    assert page.context["text"].startswith("EXERCISE · TLP:AMBER" if is_exercise else "TLP:AMBER")
    assert file("xlsx").status_code == 404


def test_writing_signing_and_answering_in_the_browser(client):
    room, city, nation = two_levels()
    sign_in(client, city, "contributor")
    client.post(reverse("incidents:report_begin", args=[room.pk]))
    report = SituationReport.objects.get()
    write = reverse("incidents:report_write", args=[room.pk, report.pk])
    data = {"revision": 1, "marking": "amber", "situation": "Quiet.", "injured_count": "3"}

    unsourced = client.post(write, data)
    client.post(write, data | {"injured_source": "hospital"})
    outdated = client.post(write, data | {"injured_source": "clinic", "situation": "Loud."})
    refused = client.get(reverse("incidents:report_sign", args=[room.pk, report.pk]))
    sign_in(client, city, "coordinator")
    sign = reverse("incidents:report_sign", args=[room.pk, report.pk])
    unticked = client.post(sign, {"recipients": [nation.pk], "revision": 2})
    client.post(sign, {"recipients": [nation.pk], "revision": 2, "counts_only": "on"})
    sign_in(client, nation, "contributor")
    client.post(reverse("incidents:report_read", args=[room.pk, report.pk]))
    owed = client.get(reverse("incidents:requests"))
    brief = Brief.objects.get()
    client.post(
        reverse("incidents:brief", args=[room.pk, brief.pk]),
        {"text": "We know more.", "marking": "amber", "cleared": "", "revision": 1},
    )

    assert set(unsourced.context["form"].errors) == {"injured_source"}
    assert outdated.status_code == 409
    assert {(one["theirs"], one["yours"]) for one in outdated.context["differences"]} == {
        ("Quiet.", "Loud.")
    }
    assert refused.status_code == 403
    assert unticked.status_code == 422
    assert [row.brief for row in owed.context["briefs"]] == [brief]
    report.refresh_from_db()
    brief.refresh_from_db()
    assert (report.state, report.casualties[0]["count"]) == ("sent", 3)
    assert (brief.text, brief.is_given) == ("We know more.", True)
    assert client.get(reverse("incidents:reports", args=[room.pk])).status_code == 200
