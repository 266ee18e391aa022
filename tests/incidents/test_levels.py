"""Who takes part in a room, what stays for one's own eyes, and all running incidents at once."""

import datetime as dt

import pytest
from django.urls import reverse

from tansiq.incidents.actions.levels import LevelError, leave_level, name_level
from tansiq.incidents.models import Entry, Incident
from tansiq.incidents.queries.levels import participants_of, running_incidents, suggested_levels
from tests.factories import (
    NOON,
    IncidentFactory,
    OrganisationFactory,
    PlaceFactory,
    SituationReportFactory,
    SupportRequestFactory,
    TaskFactory,
    actor_of,
)
from tests.incidents.test_support import two_levels
from tests.people import sign_in

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def test_a_named_organisation_sees_the_room_from_then_on_and_the_page_says_since_when():
    room, city, _nation = two_levels()
    province = OrganisationFactory(place=room.place)

    for _twice in range(2):
        name_level(room, province, by=actor_of(city), at=NOON)

    assert Incident.objects.visible_to(actor_of(province)).filter(pk=room.pk).exists()
    assert Entry.objects.filter(code="level_joined").count() == 1
    since = {
        one.organisation: (one.since, one.is_ours)
        for one in participants_of(actor_of(province), room)
    }
    assert since[province] == (NOON, True)
    assert since[city] == (None, False)


def test_who_leaves_sees_nothing_more_and_what_it_said_stays():
    room, _city, nation = two_levels()

    leave_level(room, nation, reason="Handed to the ministry.", by=actor_of(nation), at=NOON)

    assert not Incident.objects.visible_to(actor_of(nation)).exists()
    line = Entry.objects.get(code="level_left")
    assert (line.organisation, line.text) == (nation, "Handed to the ministry.")


def test_who_owes_an_answer_does_not_slip_away():
    room, _city, nation = two_levels()
    SupportRequestFactory(incident=room, to_organisation=nation)

    with pytest.raises(LevelError, match="Answer or refuse"):
        leave_level(room, nation, reason="Busy.", by=actor_of(nation), at=NOON)

    assert room.named_organisations.filter(pk=nation.pk).exists()


def test_leads_of_the_places_above_are_suggested_until_they_take_part():
    country = PlaceFactory()
    province = PlaceFactory(parent=country)
    nation = OrganisationFactory(place=country, is_lead_of_place=True)
    middle = OrganisationFactory(place=province, is_lead_of_place=True)
    city = OrganisationFactory(place=PlaceFactory(parent=province), is_lead_of_place=True)
    room = IncidentFactory(owner=city)
    room.named_organisations.add(nation)

    assert suggested_levels(room) == [middle]


def test_the_overview_counts_what_is_late_on_each_rooms_own_clock():
    room, _city, nation = two_levels()
    quiet, _other, _more = two_levels()
    quiet.named_organisations.add(nation)
    practice, _third, _fourth = two_levels(is_exercise=True)
    practice.named_organisations.add(nation)
    TaskFactory(incident=room, due_at=NOON - HOUR)
    TaskFactory(incident=room, due_at=NOON + HOUR)
    SupportRequestFactory(incident=room, to_organisation=nation, answer_due_at=NOON - HOUR)
    report = SituationReportFactory(incident=room, state="sent", sent_at=NOON - 2 * HOUR)
    report.recipients.add(nation)
    officer = actor_of(nation)
    seen = Incident.objects.visible_to(officer).filter(is_exercise=False)

    rows = running_incidents(seen, officer, at=NOON)

    assert [
        (row.incident, row.late_tasks, row.open_requests, row.late_requests, row.report_age)
        for row in rows
    ] == [(room, 1, 1, 1, 2 * HOUR), (quiet, 0, 0, 0, None)]


def test_the_overview_costs_the_same_for_many_incidents(flat_queries):
    _room, _city, nation = two_levels()
    officer = actor_of(nation)

    def add_room():
        room, _body, _above = two_levels()
        room.named_organisations.add(nation)

    flat_queries(
        lambda: running_incidents(
            Incident.objects.visible_to(officer).filter(is_exercise=False), officer, at=NOON
        ),
        add_row=add_room,
        cost=7,
    )


def test_levels_in_the_browser(client):
    room, city, nation = two_levels()
    stranger = OrganisationFactory(place=room.place, name="Stranger")
    sign_in(client, nation, "contributor")
    page = client.get(reverse("incidents:levels", args=[room.pk]))
    client.post(reverse("incidents:level_own", args=[room.pk]), {"text": "Source is weak."})
    refused = client.post(
        reverse("incidents:level_name", args=[room.pk]), {"organisation": stranger.pk}
    )
    sign_in(client, city, "coordinator")
    named = client.post(
        reverse("incidents:level_name", args=[room.pk]), {"organisation": stranger.pk}
    )
    theirs = client.get(reverse("incidents:levels", args=[room.pk]))

    assert page.status_code == 200
    assert refused.status_code == 403
    assert named.status_code == 302
    assert room.named_organisations.filter(pk=stranger.pk).exists()
    assert "Source is weak" not in theirs.content.decode()
    sign_in(client, nation, "coordinator")
    ours = client.get(reverse("incidents:levels", args=[room.pk]))
    assert [line.text for line in ours.context["kept"]] == ["Source is weak."]
    overview = client.get(reverse("incidents:overview"))
    assert [row.incident for row in overview.context["rows"]] == [room]
    exercises = client.get(reverse("incidents:overview") + "?exercises")
    assert exercises.context["rows"] == []
    client.post(reverse("incidents:level_leave", args=[room.pk]), {"reason": "Over for us."})
    assert client.get(reverse("incidents:levels", args=[room.pk])).status_code == 404
