"""The needs board: counts matched to services; who has nobody; never a record of anybody."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.actions.needs import (
    NeedError,
    Told,
    close_need,
    count_families,
    count_need,
    enter_need,
    match_need,
    put_service,
    reopen_need,
    undo_match,
)
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.matching import Gap, Offered, Reason, Wanted, fit, fits, with_nobody
from tansiq.incidents.models import (
    AffectedGroup,
    Entry,
    FamiliesCount,
    Match,
    Need,
    Raised,
    Service,
    Task,
)
from tansiq.incidents.plain_words import problems_of_count
from tansiq.incidents.queries.needs import (
    candidates,
    families_of,
    needs_of,
    needs_summary,
    nobody_for,
)
from tests.factories import (
    NOON,
    TODAY,
    FamiliesCountFactory,
    IncidentFactory,
    MatchFactory,
    NeedFactory,
    OrganisationFactory,
    PlaceFactory,
    ServiceFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def told(place, **changes):
    given = {
        "kind": "medical",
        "count": 3,
        "place": place,
        "source": "helpline",
        "language": "en",
    }
    return Told(**given | changes)


def entered(room, *, by=None, **changes):
    by = by or actor_of(room.owner, "contributor")
    place = changes.pop("place", room.place)
    return enter_need(room, told(place, **changes), by=by, at=NOON)


# --- what may not be written


@pytest.mark.parametrize(
    "text",
    [
        "boy aged 12, broken leg",
        "a 34-year-old needs insulin",
        "pasien dari kamar 4",
        "diagnosis: PTSD",
        "patient needs antidepressants",
        "umur 9, sendirian",
        "prescription for the mother",
        "case no 45/2026",
        "تشخيص اكتئاب",
        "عمره ثلاثون",
        "rekam medis terlampir",
        "Pak Budi needs a bed",
        "+63 917 555 0101",
        "https://example.org/form",
    ],
)
def test_the_case_of_anybody_is_refused(text):
    room = IncidentFactory()

    with pytest.raises(NotAboutPersonsError):
        entered(room, note=text)
    with pytest.raises(NotAboutPersonsError):
        put_service(
            Service(incident=room), {"note": text}, revision=0, by=actor_of(room.owner), at=NOON
        )

    assert not Need.objects.exists()
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "transport to the hospital",
        "children under 12 need a place to play",
        "blankets for 40 people",
        "baby food, ages 0 to 3",
        "interpreters for the family point",
        "ruang untuk 30 anak",
        "ماء للشرب لخمسين شخصا",
        "lits pour 20 personnes, du 4 au 9 mai 2026",
    ],
)
def test_a_count_in_plain_words_is_taken(text):
    assert problems_of_count(text) == []


def test_no_table_of_the_board_has_room_for_a_person():
    words = {
        "name", "person", "holder", "beneficiary", "phone", "email", "age", "sex", "diagnosis",
        "case", "victim",
    }  # fmt: skip

    fields = {
        field.name
        for model in (Need, Service, Match, FamiliesCount)
        for field in model._meta.concrete_fields
    }

    assert fields.isdisjoint(words)


# --- matching, as plain data


@pytest.mark.parametrize(
    ("need", "service", "reasons", "gaps"),
    [
        ({}, {}, {Reason.COVERS, Reason.HAS_ROOM}, set()),
        ({}, {"area": 1, "areas": frozenset({1})}, {Reason.COVERS, Reason.HAS_ROOM}, set()),
        ({}, {"area": 9, "areas": frozenset({9, 2, 1})}, {Reason.NEARBY, Reason.HAS_ROOM}, set()),
        ({}, {"free": None}, {Reason.COVERS, Reason.UNCOUNTED}, set()),
        ({}, {"free": 0}, {Reason.COVERS}, {Gap.FULL}),
        ({}, {"free": 4}, {Reason.COVERS}, {Gap.TOO_SMALL}),
        (
            {"languages": frozenset({"ar"})},
            {"languages": frozenset({"en"})},
            {Reason.COVERS, Reason.HAS_ROOM},
            {Gap.LANGUAGE},
        ),
        (
            {"languages": frozenset({"ar", "fr"}), "needs_access": True},
            {"languages": frozenset({"ar"}), "is_accessible": True},
            {Reason.COVERS, Reason.SPEAKS, Reason.ACCESSIBLE, Reason.HAS_ROOM},
            set(),
        ),
        ({"needs_access": True}, {}, {Reason.COVERS, Reason.HAS_ROOM}, {Gap.ACCESS}),
    ],
)
def test_a_service_fits_with_its_reasons_and_gaps(need, service, reasons, gaps):
    wanted = {"key": 1, "kind": "medical", "area": 2, "areas": frozenset({1, 2}), "left": 5}
    offered = {"key": 7, "kind": "medical", "area": 2, "areas": frozenset({1, 2}), "free": 5}

    found = fit(Wanted(**wanted | need), Offered(**offered | service))

    assert (set(found.reasons), set(found.gaps)) == (reasons, gaps)


@pytest.mark.parametrize(
    "service", [{"kind": "food"}, {"area": 3, "areas": frozenset({1, 3})}], ids=["kind", "area"]
)
def test_another_kind_or_a_neighbouring_area_does_not_come_into_question(service):
    wanted = Wanted(1, "medical", 2, frozenset({1, 2}), 5)
    offered = {"key": 7, "kind": "medical", "area": 2, "areas": frozenset({1, 2}), "free": 5}

    assert fit(wanted, Offered(**offered | service)) is None


tongues = st.frozensets(st.sampled_from(["ar", "en"]), max_size=2)
areas = st.sampled_from([(1, {1}), (2, {1, 2}), (3, {1, 3}), (4, {1, 2, 4})])
wanted = st.builds(
    lambda key, place, left, languages, access, kind: Wanted(
        key, kind, place[0], frozenset(place[1]), left, languages, access
    ),
    st.integers(1, 9), areas, st.integers(1, 9), tongues, st.booleans(),
    st.sampled_from(["medical", "food"]),
)  # fmt: skip
offered = st.builds(
    lambda key, place, free, languages, access, kind: Offered(
        key, kind, place[0], frozenset(place[1]), free, languages, access
    ),
    st.integers(1, 9), areas, st.none() | st.integers(0, 9), tongues, st.booleans(),
    st.sampled_from(["medical", "food"]),
)  # fmt: skip


@given(need=wanted, services=st.lists(offered, max_size=5))
def test_who_has_nobody_agrees_with_a_plain_look_at_every_service(need, services):
    def helps(one):
        return (
            one.kind == need.kind
            and (one.area in need.areas or need.area in one.areas)
            and (one.free is None or one.free > 0)
            and (not need.languages or bool(need.languages & one.languages))
            and (one.is_accessible or not need.needs_access)
        )

    assert (with_nobody([need], services) == [need]) is not any(map(helps, services))
    order = [one.helps for one in fits(need, services)]
    assert order == sorted(order, reverse=True)


# --- the board


def test_a_post_that_arrives_twice_is_one_need():
    room, key = IncidentFactory(), uuid.uuid4()
    by = actor_of(room.owner)

    for _twice in range(2):
        enter_need(room, told(room.place), by=by, at=NOON, sent=Sent(key))

    assert Need.objects.count() == 1


def test_three_needs_without_a_service_are_named_by_area():
    room = IncidentFactory()
    wangon = PlaceFactory(parent=room.place, name="Wangon")
    for kind in ("medical", "medical", "food"):
        NeedFactory(incident=room, place=wangon, kind=kind)
    NeedFactory(incident=room, kind="legal", state="met", met=10, ended_at=NOON)
    ServiceFactory(incident=room, kind="food", ends_on=TODAY - dt.timedelta(days=1))

    [found] = nobody_for(actor_of(room.owner), room, on=TODAY)

    sentence = re.sub("[\u2066-\u2069]", "", found.sentence("en"))
    assert sentence == "3 needs in Wangon have nobody: medical help, food and water."


def test_a_service_above_the_area_is_offered_with_its_reasons():
    room = IncidentFactory()
    need = NeedFactory(
        incident=room, place=PlaceFactory(parent=room.place), languages=["ar"], count=30
    )
    fitting = ServiceFactory(incident=room, languages=["ar"])
    silent = ServiceFactory(incident=room, languages=["en"])
    ServiceFactory(incident=room, state="planned")
    ServiceFactory(incident=room, kind="food")

    found = candidates(actor_of(room.owner), need, on=TODAY, language="en")

    assert [(one.service, one.helps) for one in found] == [(fitting, True), (silent, False)]
    assert found[0].reasons == ["covers the area", "speaks a language they speak"]
    assert (found[0].gaps, found[0].at_most) == (["has room for 20 of 30"], 20)
    assert "speaks none of their languages" in found[1].gaps


def test_matching_counts_on_both_sides_and_can_be_taken_back():
    need = NeedFactory(count=10)
    service = ServiceFactory(incident=need.incident, capacity=6)
    by = actor_of(need.incident.owner)

    match = match_need(need, service, count=6, by=by, at=NOON)

    need.refresh_from_db()
    service.refresh_from_db()
    assert (need.state, need.met, service.free) == ("part", 6, 0)
    with pytest.raises(NeedError, match="0 free places"):
        match_need(need, service, count=1, by=by, at=NOON)
    undo_match(match, by=by, at=NOON)
    need.refresh_from_db()
    service.refresh_from_db()
    assert (need.state, need.met, service.free) == ("open", 0, 6)
    with pytest.raises(NeedError, match="taken back already"):
        undo_match(match, by=by, at=NOON)


def test_nobody_is_helped_twice():
    need = NeedFactory(count=4)
    service = ServiceFactory(incident=need.incident, capacity=None)
    by = actor_of(need.incident.owner)

    with pytest.raises(NeedError, match="At most 4"):
        match_need(need, service, count=5, by=by, at=NOON)
    match_need(need, service, count=4, by=by, at=NOON)
    with pytest.raises(NeedError, match="met or closed already"):
        match_need(need, service, count=1, by=by, at=NOON)
    need.refresh_from_db()
    assert (need.state, need.ended_at) == ("met", NOON)


def test_counting_anew_sets_the_state_and_two_do_not_cover_each_other():
    need = NeedFactory(count=10)
    by = actor_of(need.incident.owner)

    count_need(need, count=5, met=5, revision=1, by=by, at=NOON)

    need.refresh_from_db()
    assert (need.count, need.state) == (5, "met")
    with pytest.raises(ChangedMeanwhileError):
        count_need(need, count=9, met=0, revision=1, by=by, at=NOON)
    with pytest.raises(NeedError):
        count_need(need, count=3, met=4, revision=2, by=by, at=NOON)


def test_a_closed_need_comes_back_as_it_stood():
    need = NeedFactory(count=10, met=4, state="part")
    by = actor_of(need.incident.owner)

    close_need(need, reason="entered twice", revision=1, by=by, at=NOON)
    reopen_need(need, revision=2, by=by, at=NOON)

    need.refresh_from_db()
    assert (need.state, need.closed_because, need.ended_at) == ("part", "", None)


# --- three independent requests


def test_the_third_independent_request_raises_one_task():
    room = IncidentFactory()
    for source in ("helpline", "schools"):
        entered(room, source=source)
    assert not Task.objects.exists()

    entered(room, source="faith")
    entered(room, source="health")

    task = Task.objects.get()
    assert (task.role, task.due_at) == ("COORD", NOON + dt.timedelta(hours=4))
    assert "medical help" in task.title
    assert Entry.objects.filter(code="task_raised").count() == 1


def test_the_same_voice_three_times_raises_none():
    room = IncidentFactory()
    for _n in range(3):
        entered(room, source="helpline")
    entered(room, source="schools", place=PlaceFactory(parent=room.place))
    entered(room, source="schools", kind="food")

    assert not Raised.objects.exists()


def test_a_task_is_raised_in_the_language_of_the_room():
    room = IncidentFactory(language="id", place=PlaceFactory(name="Wangon"))
    for source in ("helpline", "schools", "faith"):
        entered(room, source=source)

    task = Task.objects.get()

    assert (task.language, "Wangon" in task.title) == ("id", True)


# --- families and the whole


def test_families_are_counted_by_the_latest_count_and_never_named():
    room = IncidentFactory()
    FamiliesCountFactory(incident=room, families=20, with_navigator=1)
    by = actor_of(room.owner)
    counted = {"families": 12, "with_navigator": 9, "navigators": 3}
    count_families(room, counted, by=by, at=NOON + dt.timedelta(hours=1))
    NeedFactory(incident=room, group=AffectedGroup.FAMILIES)
    NeedFactory(incident=room, group=AffectedGroup.FAMILIES, state="closed", ended_at=NOON)

    found = families_of(by, room)

    assert (found.families, found.without, found.load) == (12, 3, 3)
    assert [count for _label, count in found.open_by_kind] == [1]
    with pytest.raises(NeedError):
        count_families(room, counted | {"with_navigator": 13}, by=by, at=NOON)


def test_a_board_without_a_count_makes_no_share_of_nothing():
    room = IncidentFactory()

    assert families_of(actor_of(room.owner), room).load is None
    assert needs_summary(room).kinds == []


def test_summary_adds_up_by_kind():
    room = IncidentFactory()
    NeedFactory(incident=room, count=10, met=4, state="part")
    NeedFactory(incident=room, count=5, met=5, state="met", ended_at=NOON + dt.timedelta(hours=3))
    NeedFactory(incident=room, kind="food", count=7)
    NeedFactory(kind="food")
    ServiceFactory(incident=room)
    ServiceFactory(incident=room, capacity=None)

    found = needs_summary(room)

    assert [(one.kind, one.requests, one.people, one.met, one.hours) for one in found.kinds] == [
        ("medical", 2, 15, 9, 3.0),
        ("food", 1, 7, 0, None),
    ]
    assert (found.people, found.left, found.services, found.places) == (22, 13, 2, 20)


def test_a_room_of_others_shows_no_need():
    need = NeedFactory(incident__marking="amber+strict")

    stranger = actor_of(OrganisationFactory(), "lead")

    assert list(needs_of(stranger, need.incident)) == []
    assert list(needs_of(actor_of(need.incident.owner, "viewer"), need.incident)) == [need]


# --- pages


def at(name, *arguments):
    return reverse(f"incidents:{name}", args=arguments)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_need_goes_its_way_through_the_pages(client):
    room = IncidentFactory()
    sign_in(client, room.owner)
    posted = {
        "kind": "medical", "count": 8, "place": room.place_id, "group": "everybody",
        "source": "helpline", "note": "", "language": "en",
    }  # fmt: skip
    answer = client.post(at("need_enter", room.pk), posted)
    need = Need.objects.get()
    assert answer.url == need.get_absolute_url()
    assert "Nobody offers this here" in text_of(client.get(need.get_absolute_url()))
    assert "has nobody: medical help" in text_of(client.get(at("needs", room.pk)))

    service = {
        "body": "District hospital", "kind": "medical", "activity": "clinic",
        "place": room.place_id, "starts_on": TODAY.isoformat(), "state": "running",
        "capacity": 5, "taken": 0, "language": "en", "revision": 0,
    }  # fmt: skip
    assert client.post(at("service_add", room.pk), service).status_code == 302
    made = Service.objects.get()
    assert "has room for 5 of 8" in text_of(client.get(need.get_absolute_url()))
    client.post(at("need_match", room.pk, need.pk), {"service": made.pk, "count": 5})
    assert "5 of 8" in text_of(client.get(need.get_absolute_url()))
    client.post(at("need_unmatch", room.pk, need.pk, Match.objects.get().pk))
    client.post(at("need_count", room.pk, need.pk), {"count": 8, "met": 8, "revision": 3})

    need.refresh_from_db()
    assert need.state == "met"


def test_a_case_is_refused_at_its_field_and_kept_as_typed(client):
    room = IncidentFactory()
    sign_in(client, room.owner)
    posted = {
        "kind": "medical", "count": 8, "place": room.place_id, "group": "everybody",
        "source": "helpline", "note": "girl aged 7", "language": "en",
    }  # fmt: skip

    answer = client.post(at("need_enter", room.pk), posted)

    assert answer.status_code == 422
    assert "Boards hold counts only" in text_of(answer)
    assert 'value="girl aged 7"' in answer.content.decode()


def test_a_service_is_of_one_body(client):
    room = IncidentFactory()
    sign_in(client, room.owner)

    answer = client.post(at("service_add", room.pk), {"kind": "medical"})

    assert answer.status_code == 422
    assert "Choose the organisation, or write the name of another body." in text_of(answer)


def test_two_who_change_a_service_do_not_cover_each_other(client):
    service = ServiceFactory(organisation=None)
    sign_in(client, service.incident.owner)
    url = at("service", service.incident_id, service.pk)
    typed = {}
    for bound in client.get(url).context["form"]:
        given = bound.value()
        typed |= dict.fromkeys(
            (bound.html_name, bound.html_initial_name),
            "" if given is None or given is False else given,
        )
    Service.objects.filter(pk=service.pk).update(capacity=50, revision=2)

    answer = client.post(url, typed | {"capacity": 30})

    assert (answer.status_code, answer.context["form"].errors) == (409, {})
    service.refresh_from_db()
    assert service.capacity == 50


def test_who_only_reads_sees_no_form(client):
    need = NeedFactory()
    sign_in(client, need.incident.owner, "viewer")

    page = client.get(need.get_absolute_url())

    assert "Only contributors" in text_of(page)
    assert f"{need.get_absolute_url()}close/" not in page.content.decode()
    assert client.get(at("need_enter", need.incident_id)).status_code == 403


def test_families_are_counted_on_a_page(client):
    room = IncidentFactory()
    sign_in(client, room.owner)

    wrong = client.post(at("families", room.pk), {"families": 3, "with_navigator": 4})
    client.post(at("families", room.pk), {"families": 12, "with_navigator": 9, "navigators": 3})

    assert wrong.status_code == 422
    assert "9 of 12" in text_of(client.get(at("needs", room.pk)))


def test_a_board_of_many_costs_no_more_than_one_of_few(client, flat_queries):
    room = IncidentFactory()
    sign_in(client, room.owner)
    client.get(at("needs", room.pk))

    flat_queries(
        lambda: client.get(at("needs", room.pk)),
        add_row=lambda: (NeedFactory(incident=room), ServiceFactory(incident=room)),
        cost=24,
    )


@pytest.mark.parametrize("name", ["needs", "services"])
def test_empty_pages_teach(client, name):
    room = IncidentFactory()
    sign_in(client, room.owner)

    assert 'class="empty"' in client.get(at(name, room.pk)).content.decode()


def test_factories_of_the_board_agree_with_its_constraints():
    assert MatchFactory().service.incident == Match.objects.get().need.incident
