"""Whose voice: counted once, shared out exactly, from what the reader may see; and what to do."""

import datetime as dt
from collections import Counter
from fractions import Fraction

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.access.models import LogEntry, Notice, OrganisationKind
from tansiq.plans.models import VOICE_OF, Consultation, Proposal, Voice
from tansiq.plans.queries import voices as counting
from tansiq.plans.queries.voice_pages import draw, findings_of, voices_of_place, voices_of_plan
from tansiq.plans.queries.voices import Span, Tally, hundredths, tallies
from tansiq.plans.queries.wording import period_name
from tests.factories import (
    TODAY,
    ActionFactory,
    ActivityFactory,
    AlignmentFactory,
    AskedFactory,
    AttendanceFactory,
    ConsultationFactory,
    FactorFactory,
    MembershipFactory,
    OrganisationFactory,
    PictureFactory,
    RemarkFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.reporting import JULY, make_country, sent_report

pytestmark = pytest.mark.django_db

YEAR = Span(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def held(country, *voices, **fields):
    """Enter a consultation of the city at which these kinds were present."""
    meeting = ConsultationFactory(owner=country.city, place=country.place, **fields)
    for voice in voices:
        AttendanceFactory(consultation=meeting, voice=voice)
    return meeting


def tally_of(actor, place, span=YEAR, **more):
    return tallies(actor, [place.pk], [span], **more)[place.pk, 0]


def counted(tally):
    return {voice.value: count for voice, count in tally.by_voice.items() if count}


# --- the arithmetic


@given(counts=st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_shares_add_up_to_a_hundred_and_are_next_to_the_exact_ones(counts):
    parts = hundredths(counts)

    whole = sum(counts)
    assert sum(parts) == (100 if whole else 0)
    if whole:
        exact = [Fraction(100 * one, whole) for one in counts]
        assert all(abs(part - one) < 1 for part, one in zip(parts, exact, strict=True))
        assert [part for part, one in zip(parts, counts, strict=True) if not one] == [
            0 for one in counts if not one
        ]


def test_every_kind_of_organisation_has_a_voice():
    assert set(VOICE_OF) == set(OrganisationKind.values)


# --- what counts


def addressed():
    """Return a country whose plan has an address, as only two small letters give one."""
    country = make_country()
    country.nation.place.code = "id"
    country.nation.place.save()
    return country


def everything(country):
    """Let each source give something; return what a naive count of the rows comes to."""
    report = sent_report(country)
    RemarkFactory(report=report, organisation=country.province, at=JULY)
    asked = ActionFactory(plan=country.plan)
    AlignmentFactory(national_action=asked, place=country.place, changed_at=JULY)
    police = OrganisationFactory(place=country.place, kind="police")
    shared = {"plan": country.plan, "place": country.place, "marking": "green"}
    ActivityFactory(**shared, owner=police)
    ActivityFactory(**shared, owner=police, starts_on=dt.date(2024, 1, 1))
    picture = PictureFactory(owner=country.city, status="agreed", agreed_on=dt.date(2026, 4, 1))
    for code in ("hardship", "tension"):
        AskedFactory(factor=FactorFactory(picture=picture, code=code), voice="women")
    held(country, "elected", "religious")
    Proposal.objects.create(
        plan=country.plan,
        place=country.place,
        owner=country.city,
        subject="plan",
        title="Name the buses",
        why="They end too early.",
        basis="experience",
        language="en",
        status="sent",
        sent_at=JULY,
        answer_due_on=dt.date(2026, 8, 1),
    )
    return {
        # The report, the question on it, the refusal with a reason, the proposal.
        "administration": 1 + 1 + 1 + 1,
        "security": 1,
        "women": 1,
        "elected": 1,
        "religious": 1,
    }


def test_each_input_counts_once_by_the_kind_of_who_gave_it():
    country = make_country()
    country.province.kind = "province"
    country.province.save()
    wanted = everything(country)

    tally = tally_of(actor_of(country.city), country.place)

    assert counted(tally) == wanted
    assert tally.total == sum(wanted.values())
    assert [count for _label, count in tally.sources] == [1, 1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda country: sent_report(country, narrative="", marking="amber"),
        lambda country: sent_report(country, marking="red"),
        lambda country: sent_report(country, status="draft", submitted_at=None),
        lambda country: held(country, "women", marking="red"),
        lambda country: ActivityFactory(
            plan=country.plan, owner=country.city, place=country.place, marking="red"
        ),
        lambda country: AskedFactory(
            factor=FactorFactory(picture=PictureFactory(owner=country.city))
        ),
        lambda country: AlignmentFactory(
            national_action=ActionFactory(plan=country.plan),
            place=country.place,
            local_action=ActionFactory(plan=country.plan.local_plans.get(owner=country.city)),
            relation="adopts",
            reason="",
            changed_at=JULY,
        ),
    ],
    ids=[
        "wordless",
        "red report",
        "draft",
        "red meeting",
        "red activity",
        "draft picture",
        "adopted",
    ],
)
def test_what_says_nothing_or_is_red_is_not_counted(spoil):
    country = make_country()
    spoil(country)

    assert counted(tally_of(actor_of(country.city), country.place)) == {}


@settings(max_examples=40)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(list(Voice)),
            st.sampled_from(["green", "amber", "red", "clear"]),
            st.integers(0, 2),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_shares_equal_a_naive_count_of_what_the_gate_lets_through(rows):
    with transaction.atomic():
        country = make_country()
        places = [country.place, country.other_city.place, country.province.place]
        for voice, marking, where, ours in rows:
            owner = country.city if ours else country.other_city
            meeting = ConsultationFactory(owner=owner, place=places[where], marking=marking)
            AttendanceFactory(consultation=meeting, voice=voice)
        reader = actor_of(country.city, "viewer")
        found = tallies(reader, [one.pk for one in places], [YEAR])
        naive = [naively(reader, place) for place in places]
        result = [found[place.pk, 0].by_voice for place in places]
        transaction.set_rollback(True)
    assert result == naive


def naively(reader, place):
    """Count by going through every meeting and asking the gate about each."""
    counts = Counter()
    for meeting in Consultation.objects.visible_to(reader):
        within = meeting.place.links_up.filter(ancestor=place).exists()
        if within and meeting.marking != "red":
            counts.update(Voice(one.voice) for one in meeting.present.all())
    return counts


def test_naive_count_catches_a_source_that_looks_past_the_gate(monkeypatch):
    country = make_country()
    held(country, "women", marking="amber+strict")
    reader = actor_of(country.other_city)
    assert tally_of(reader, country.place).by_voice == naively(reader, country.place)

    def careless(_actor):
        return counting.Attendance.objects.all()

    planted = [
        counting.Source(**{**vars(one), "rows": careless}) if one.code == "consultations" else one
        for one in counting.SOURCES
    ]
    monkeypatch.setattr(counting, "SOURCES", planted)

    assert tally_of(reader, country.place).by_voice != naively(reader, country.place)


def test_plan_counts_what_belongs_to_it_and_leaves_the_others():
    country = make_country()
    local = country.plan.local_plans.get(owner=country.city)
    held(country, "women", plan=local)
    held(country, "youth", plan=country.plan)
    held(country, "religious")
    actor = actor_of(country.city)

    of_local = tally_of(actor, country.place, plan=local)
    of_nation = tally_of(actor, country.nation.place, plan=country.plan)

    assert counted(of_local) == counted(of_nation) == {"women": 1, "youth": 1}


def test_days_at_both_ends_of_a_period_belong_to_it():
    country = make_country()
    for day in (dt.date(2025, 12, 31), YEAR.since, YEAR.until, dt.date(2027, 1, 1)):
        held(country, "women", held_on=day)
    sent_report(country, submitted_at=dt.datetime(2026, 12, 31, 23, 59, tzinfo=dt.UTC))

    tally = tally_of(actor_of(country.city), country.place)

    assert counted(tally) == {"women": 2, "administration": 1}


# --- what is said about it


def tally(**counts):
    return Tally(Counter({("activities", Voice(voice)): n for voice, n in counts.items()}))


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ({"women": 4}, ["too_few"]),
        ({"security": 3, "elected": 2, "women": 1}, ["civil_society", "youth", "religious"]),
        (
            {"security": 4, "elected": 2, "women": 1},
            ["security", "civil_society", "youth", "religious"],
        ),
        (
            {"administration": 5},
            ["elected", "civil_society", "women", "youth", "religious"],
        ),
        (dict.fromkeys(Voice.values, 1), []),
    ],
)
def test_what_is_one_sided_is_said_with_a_step_that_can_be_taken(counts, codes):
    country = make_country()

    found = findings_of(actor_of(country.city), tally(**counts), country.place, plan=None)

    assert [one.code for one in found] == codes
    assert all(one.step and one.label and (one.url or one.asks) for one in found)


def test_body_that_is_there_can_be_asked_and_is_told(client):
    country = make_country()
    women = OrganisationFactory(place=country.place, kind="women", name="Mothers for peace")
    volunteer = MembershipFactory(organisation=women, role="contributor").person
    for _number in range(5):
        held(country, "elected")
    sign_in(client, country.city, "coordinator", language="en")

    shown = client.get(reverse("plans:place_voices", args=[country.place.code]))
    [finding] = [one for one in shown.context["voices"].findings if one.asks]
    asked = client.post(reverse("plans:voice_ask", args=[country.place.code, women.slug]))

    assert (finding.code, finding.asks) == ("women", women)
    assert asked.url == reverse("plans:place_voices", args=[country.place.code])
    assert [one.person for one in Notice.objects.filter(code="plans.say_wanted")] == [volunteer]
    assert LogEntry.objects.filter(rule="plans.voice_ask").count() == 1


def test_viewer_and_stranger_ask_nobody(client):
    country = make_country()
    women = OrganisationFactory(place=country.place, kind="women")
    sign_in(client, country.city, "viewer")

    answer = client.post(reverse("plans:voice_ask", args=[country.place.code, women.slug]))

    assert answer.status_code == 403


def test_too_few_are_not_drawn_as_shares(client):
    country = make_country()
    for _number in range(4):
        held(country, "security", held_on=dt.date(2026, 3, 1))
    actor = actor_of(country.city)

    few = voices_of_place(actor, country.place, chosen="", on=TODAY)
    held(country, "security", held_on=dt.date(2026, 3, 1))
    enough = voices_of_place(actor, country.place, chosen="", on=TODAY)

    assert "fill-s" not in str(few.drawing_over_time)
    assert "too few to tell" in str(few.drawing_over_time)
    assert "fill-s" in str(enough.drawing)
    assert [one.code for one in enough.findings][:2] == ["security", "elected"]


def test_places_below_stand_by_how_one_sided_they_are_and_lead_on():
    country = make_country()
    for voice in ("security", "security", "security", "security", "women"):
        held(country, voice)
    for voice in ("women", "youth", "elected", "religious", "security"):
        meeting = ConsultationFactory(owner=country.other_city, place=country.other_city.place)
        AttendanceFactory(consultation=meeting, voice=voice)

    page = voices_of_place(actor_of(country.province), country.province.place, chosen="", on=TODAY)

    assert [one.label for one in page.below] == ["Surabaya", "Malang"]
    assert page.below[0].tally.largest.hundredths == 80
    assert page.tally.total == 10
    assert 'class="chart bands"' in draw(page.below)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_tab_of_a_plan_shows_bars_shares_and_table(client, language):
    country = addressed()
    everything(country)
    sign_in(client, country.city, language=language)
    local = country.plan.local_plans.get(owner=country.city)

    for plan in (type(local).objects.get(pk=one.pk) for one in (country.plan, local)):
        url = reverse("plans:voices", args=[plan.country.code, plan.slug])
        answer = client.get(url, {"period": "1"})
        assert answer.status_code == 200
        assert url in answer.content.decode()
    assert client.get(url, {"period": "٩٩"}).context["voices"].chosen == 0
    whole = answer.context["voices"].tally
    assert sum(share.hundredths for share in whole.shares) == 100


def test_passer_by_sees_no_tab_of_voices(client):
    country = addressed()
    country.plan.marking, country.plan.published_at = "clear", JULY
    country.plan.save()

    answer = client.get(reverse("plans:detail", args=["id", country.plan.slug]))

    assert answer.status_code == 200
    assert "/voices/" not in answer.content.decode()


def test_tab_costs_the_same_for_many_inputs_as_for_few(client, flat_queries):
    country = addressed()
    sign_in(client, country.city)
    url = reverse("plans:voices", args=["id", country.plan.slug])
    client.get(url)

    def add_row():
        for voice in ("women", "security", "elected", "youth", "religious"):
            held(country, voice)
        ActivityFactory(plan=country.plan, owner=country.city, place=country.place)

    flat_queries(lambda: client.get(url), add_row=add_row, cost=28)


def test_periods_of_the_plan_are_the_bars_over_time():
    country = make_country()
    actor = actor_of(country.city)

    page = voices_of_plan(actor, country.plan, chosen="", on=dt.date(2026, 7, 9))

    assert [one.label for one in page.over_time] == [period_name(country.period)]


# --- consultations


def filled(country, **changes):
    return {
        "owner": country.city.pk,
        "place": "surabaya",
        "plan": "",
        "held_on": "2026-03-01",
        "about": "Buses at night",
        "present_women": "14",
        "present_elected": "1",
        "said": "The last bus leaves too early.",
        "changed": "",
        "feedback_on": "",
        "language": "en",
        "marking": "green",
    } | changes


def test_consultation_is_entered_read_and_completed(client):
    country = make_country()
    sign_in(client, country.city, "contributor", language="en")

    answer = client.post(reverse("plans:consultation_add"), filled(country))
    meeting = Consultation.objects.get()
    done = filled(country, changed="A bus at ten.", feedback_on="2026-04-01", revision=1)
    client.post(reverse("plans:consultation_edit", args=[meeting.pk]), done)

    assert answer.url == meeting.get_absolute_url()
    meeting.refresh_from_db()
    assert (meeting.changed, meeting.feedback_on) == ("A bus at ten.", dt.date(2026, 4, 1))
    assert dict(meeting.present.values_list("voice", "persons")) == {"women": 14, "elected": 1}
    shown = client.get(meeting.get_absolute_url())
    assert shown.context["persons"] == 15
    assert client.get(reverse("plans:consultations")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"present_women": "", "present_elected": "0"}, "__all__"),
        ({"present_women": "-1"}, "present_women"),
        ({"present_women": "many"}, "present_women"),
        ({"present_women": "9" * 30}, "present_women"),
        ({"held_on": "2999-01-01"}, "held_on"),
        ({"feedback_on": "2026-02-01"}, "feedback_on"),
        ({"said": "Ring 0812-3456-7890"}, "said"),
        ({"about": "With Sheikh Omar"}, "about"),
        ({"said": "Omar Halimbawa was angry"}, "names_checked"),
        ({"marking": "red"}, "marking"),
        ({"place": "Atlantis"}, "place"),
        ({"owner": "0"}, "owner"),
        ({"plan": "99999999999999999999"}, "plan"),
    ],
)
def test_wrong_consultation_is_told_at_its_field_and_not_saved(client, changes, wrong):
    country = make_country()
    sign_in(client, country.city, "contributor", language="en")

    answer = client.post(reverse("plans:consultation_add"), filled(country, **changes))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {wrong}
    assert not Consultation.objects.exists()


def test_second_of_two_editors_of_a_consultation_is_told(client):
    country = make_country()
    meeting = held(country, "women")
    sign_in(client, country.city, "contributor", language="en")
    Consultation.objects.update(revision=2, about="Theirs")

    url = reverse("plans:consultation_edit", args=[meeting.pk])
    answer = client.post(url, filled(country, about="Mine", revision=1))
    again = client.post(url, filled(country, about="Both", revision=2))

    assert (answer.status_code, again.status_code) == (409, 302)
    assert ("Theirs", "Mine") in {
        (one["theirs"], one["yours"]) for one in answer.context["differences"]
    }


@pytest.mark.parametrize(
    ("who", "role", "statuses"),
    [
        ("city", "coordinator", (200, 200, 200)),
        ("city", "contributor", (200, 200, 403)),
        ("city", "viewer", (200, 403, 403)),
        ("other_city", "lead", (404, 404, 404)),
    ],
)
def test_who_reads_changes_and_removes_a_consultation(client, who, role, statuses):
    country = make_country()
    meeting = held(country, "women", marking="amber")
    sign_in(client, getattr(country, who), role)

    names = ("consultation", "consultation_edit", "consultation_remove")
    given_status = tuple(
        client.get(reverse(f"plans:{name}", args=[meeting.pk])).status_code for name in names
    )

    assert given_status == statuses


def test_removed_consultation_counts_no_more(client):
    country = make_country()
    meeting = held(country, "women")
    sign_in(client, country.city, "coordinator")

    client.post(reverse("plans:consultation_remove", args=[meeting.pk]))

    assert counted(tally_of(actor_of(country.city), country.place)) == {}


def test_hostile_words_of_a_consultation_are_harmless(client):
    country = make_country()
    meeting = held(country, "women", about="<script>alert(1)</script>", said="<b>{{ 7 }}")
    sign_in(client, country.city)

    for url in (
        meeting.get_absolute_url(),
        reverse("plans:consultations"),
        reverse("plans:place_voices", args=[country.place.code]),
    ):
        assert "<script>alert" not in client.get(url).content.decode()
