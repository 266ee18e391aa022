"""The threat and resilience picture: drawn, agreed, read, compared; of conditions alone."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.access.models import LogEntry
from tansiq.plans.actions import pictures as drawing
from tansiq.plans.factors import all_known, codes_of
from tansiq.plans.models import Asked, Factor, Mechanism, Picture
from tansiq.plans.no_persons import possible_names, problems_of
from tansiq.plans.queries import desk
from tansiq.plans.queries.picture_compare import beside_neighbours, over_time
from tansiq.plans.queries.pictures import needs_of
from tests.factories import (
    NOON,
    TODAY,
    ContactFactory,
    FactorFactory,
    MechanismFactory,
    OrganisationFactory,
    PersonFactory,
    PictureFactory,
    PlaceFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.reporting import make_country

pytestmark = pytest.mark.django_db


def page(client, name, *arguments):
    return client.get(reverse(f"plans:{name}", args=arguments))


def agreed(owner, **fields):
    """Return an agreed picture of the owner's place with one factor that nothing answers."""
    code = fields.pop("code", "hardship")
    details = {"status": "agreed", "agreed_on": dt.date(2026, 4, 1), "took_part": ["women"]}
    picture = PictureFactory(owner=owner, **details | fields)
    FactorFactory(picture=picture, code=code)
    return picture


# --- the closed list


def test_list_has_drivers_risks_and_resilience_each_said_in_a_sentence():
    known = all_known().values()

    assert {one.kind for one in known} == {"driver", "risk", "resilience"}
    assert len(known) == len({one.code for one in known}) >= 20
    assert all(one.meaning.endswith(".") for one in known)


@pytest.mark.parametrize(
    ("kind", "code"), [("driver", "a_community"), ("driver", "trust"), ("group", "hardship")]
)
def test_database_refuses_what_is_not_in_the_list(kind, code):
    picture = PictureFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        FactorFactory(picture=picture, kind=kind, code=code)


def test_no_table_of_a_picture_has_room_for_a_person():
    words = {"name", "first_name", "person", "email", "phone", "handle", "religion", "ethnicity"}

    fields = {
        field.name for model in (Picture, Factor, Asked) for field in model._meta.concrete_fields
    }

    assert fields.isdisjoint(words)


# --- what may not be written


@pytest.mark.parametrize(
    "text",
    [
        "Ring 0812-3456-7890",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "+63 917 555 0101",
        "3578 0112 3456 7890",
        "follow @abu_something",
        "t.me/channel",
        "IG: somebody99",
        "write to a@b.example",
        "Ustadz Budi preaches",
        "Datuk Bandar Ahmad menolak",
        "p\u200bak Budi said",
        "Sheikh Omar and others",
        "M. Mme Dupont",
        "قال الشيخ محمد",
        "Masjid Al-Ikhlas",
        "Church of St. Mary",
        "Grand Mosque",
        "مسجد النور",
        "Muslims are angry",
        "الشيعة يشكون",
        "etnis Tionghoa",
    ],
)
def test_texts_about_somebody_are_refused_with_a_sentence(text):
    problems = problems_of(text, speaks_of_risk=True)

    assert problems
    assert all(one.endswith(".") for one in problems)


@pytest.mark.parametrize(
    "text",
    [
        "Between 2024-2025 twelve schools closed; 1.500.000 rupiah were missing.",
        "Seen from 2026-01-01 until 2026-06-30 in 4 of 31 districts.",
        "The mosque and the church share a kitchen; imams and priests meet.",
        "الشيخ في المدينة والكاهن يلتقيان",
        "Prices of rice rose by 12 % and buses stop at 6.30.",
        "Les mosquées et les églises ouvrent leurs cours.",
        "Datuk Bandar dan majlis bandaran bertemu setiap bulan.",
        "",
    ],
)
def test_texts_about_conditions_pass(text):
    assert problems_of(text, speaks_of_risk=False) == []


def test_community_may_be_named_where_it_holds_but_not_where_it_would_be_a_risk():
    text = "Buddhists and sikhs run the kitchen together"

    assert problems_of(text, speaks_of_risk=False) == []
    assert problems_of(text, speaks_of_risk=True)


@given(text=st.text(max_size=200))
def test_any_text_is_looked_at_without_a_fault(text):
    problems_of(text, speaks_of_risk=True)
    possible_names(text, known=["East Java"])


@given(digits=st.lists(st.sampled_from("0123456789٠١٢٣٤٥٦٧٨٩"), min_size=8, max_size=15))
def test_number_of_a_telephone_is_found_in_any_digits(digits):
    assert problems_of(f"Ring {''.join(digits)} at night", speaks_of_risk=False)


@pytest.mark.parametrize("factory", [PersonFactory, ContactFactory])
def test_members_and_contacts_are_known_by_name(factory):
    somebody = factory(name="Siti Rahmawati")
    picture = PictureFactory()
    new = Factor(picture=picture, kind="driver", code="hardship", language="en")
    changes = {"level": "high", "confidence": "low", "basis": "potential"}
    changes["note"] = f"as {somebody.name.lower()} told us"

    with pytest.raises(drawing.NotAboutPersonsError):
        drawing.put_factor(new, changes, asked=[], revision=0, by=actor_of(picture.owner), at=NOON)

    assert not Factor.objects.exists()


# --- drawing


def filled(**changes):
    return {
        "level": "high",
        "trend": "rising",
        "confidence": "medium",
        "basis": "experienced",
        "note": "Prices rise faster than wages.",
        "source": "Round of talks, March",
        "language": "en",
        "asked": ["women", "youth"],
    } | changes


def test_contributor_draws_from_the_first_page_to_the_card(client):
    country = make_country()
    sign_in(client, country.city, "contributor", language="en")
    code = country.place.code

    empty = page(client, "place_picture", code)
    start = {
        "starts_on": "2026-01-01",
        "ends_on": "2026-06-30",
        "purpose": "To choose what the plan does",
        "review_on": "2027-06-30",
        "language": "en",
        "marking": "amber",
    }
    begun = client.post(reverse("plans:picture_start", args=[code]), start)
    picture = Picture.objects.get()
    add = reverse("plans:factor_add", args=[code, picture.pk, "hardship"])
    saved = client.post(add, filled())

    assert reverse("plans:picture_start", args=[code]) in empty.content.decode()
    assert begun.url == reverse("plans:picture_draw", args=[code, picture.pk])
    assert saved.url == f"{begun.url}#f-hardship"
    factor = picture.factors.get()
    assert (factor.kind, factor.level, factor.note) == (
        "driver",
        "high",
        "Prices rise faster than wages.",
    )
    assert set(factor.asked.values_list("voice", flat=True)) == {"women", "youth"}
    assert (picture.owner, picture.marking, picture.is_draft) == (country.city, "amber", True)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"level": "catastrophic"}, "level"),
        ({"asked": ["islamists"]}, "asked"),
        ({"note": "Ring 0812-3456-7890"}, "note"),
        ({"source": "Ustadz Budi"}, "source"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "said Omar Halimbawa"}, "names_checked"),
        ({"confidence": ""}, "confidence"),
    ],
)
def test_wrong_card_is_told_at_its_field_and_not_saved(client, changes, wrong):
    country = make_country()
    picture = PictureFactory(owner=country.city)
    sign_in(client, country.city, "contributor", language="en")

    add = reverse("plans:factor_add", args=[country.place.code, picture.pk, "hardship"])
    answer = client.post(add, filled(**changes))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {wrong}
    assert not Factor.objects.exists()


def test_what_could_be_a_name_is_asked_about_once(client):
    country = make_country()
    OrganisationFactory(place=country.place, name="Blue Lantern Forum")
    picture = PictureFactory(owner=country.city)
    sign_in(client, country.city, "contributor", language="en")
    add = reverse("plans:factor_add", args=[country.place.code, picture.pk, "hardship"])

    known = client.post(add, filled(note="The Blue Lantern Forum in East Java keeps a stall."))
    Factor.objects.all().delete()
    asked = client.post(add, filled(note="Rising Tide keeps a stall."))
    told = client.post(add, filled(note="Rising Tide keeps a stall.", names_checked="on"))

    assert (known.status_code, asked.status_code, told.status_code) == (302, 422, 302)


def test_second_of_two_editors_is_told_and_keeps_the_words(client):
    country = make_country()
    factor = FactorFactory(picture=PictureFactory(owner=country.city), note="First")
    sign_in(client, country.city, "contributor", language="en")
    Factor.objects.update(revision=2, note="Theirs")

    data = filled(note="Mine", revision=1) | {"initial-note": "First", "initial-level": "high"}
    answer = client.post(reverse("plans:factor", args=[factor.pk]), data)

    assert answer.status_code == 409
    assert ("Theirs", "Mine") in {(one.theirs, one.yours) for one in answer.context["differences"]}
    assert Factor.objects.get().note == "Theirs"


def test_mechanism_closes_a_gap_and_taking_it_out_opens_it(client):
    country = make_country()
    factor = FactorFactory(picture=PictureFactory(owner=country.city), code="hardship")
    member = sign_in(client, country.city, "contributor", language="en")
    data = {"name": "Job fair", "body_kind": "city", "works": "well", "language": "en"}
    detail = ["picture", country.place.code, factor.picture_id]

    before = page(client, *detail).context["shown"].gaps
    client.post(reverse("plans:mechanism_add", args=[factor.pk]), data)
    after = page(client, *detail).context["shown"].gaps
    client.post(reverse("plans:mechanism_remove", args=[Mechanism.objects.get().pk]))

    assert ([one.known.code for one in before], after) == (["hardship"], [])
    assert not Mechanism.objects.exists()
    entries = LogEntry.objects.filter(rule="plans.picture_edit", person_id=member.pk)
    assert entries.count() == 2


def test_next_picture_begins_with_what_was_said_and_asks_anew():
    country = make_country()
    last = agreed(country.city)
    MechanismFactory(factor=last.factors.get())
    Asked.objects.create(factor=last.factors.get(), voice="women")
    actor = actor_of(country.city)
    new = Picture(
        owner=country.city,
        place=country.place,
        starts_on=dt.date(2026, 7, 1),
        ends_on=dt.date(2026, 12, 31),
        review_on=dt.date(2027, 12, 31),
        language="en",
    )

    drawing.start_picture(new, by=actor, at=NOON, like=Picture.objects.get(pk=last.pk))

    assert [one.code for one in new.factors.all()] == ["hardship"]
    assert Mechanism.objects.filter(factor__picture=new).count() == 1
    assert not Asked.objects.filter(factor__picture=new).exists()
    assert last.factors.count() == 1


# --- agreeing


def test_agreed_picture_replaces_the_one_before_and_names_who_may_read():
    country = make_country()
    old = agreed(country.city, starts_on=dt.date(2025, 7, 1), ends_on=dt.date(2025, 12, 31))
    new = PictureFactory(owner=country.city)
    FactorFactory(picture=new, code="tension")

    drawing.agree_picture(
        new,
        took_part=["elected", "women"],
        on=TODAY,
        by=actor_of(country.city),
        at=NOON,
        share_with=[country.province],
    )

    old.refresh_from_db()
    assert (old.status, new.status) == ("superseded", "agreed")
    assert Picture.objects.visible_to(actor_of(country.province)).get() == new
    assert LogEntry.objects.get(rule="plans.picture_agree").detail == {
        "took_part": ["elected", "women"]
    }


def test_opened_again_the_one_before_counts():
    country = make_country()
    old = agreed(
        country.city,
        starts_on=dt.date(2025, 7, 1),
        ends_on=dt.date(2025, 12, 31),
        status="superseded",
    )
    new = agreed(country.city)

    drawing.reopen_picture(new, by=actor_of(country.city), at=NOON)

    old.refresh_from_db()
    assert (old.status, new.status, new.agreed_on) == ("agreed", "draft", None)


@pytest.mark.parametrize("has_factor", [False, True])
def test_picture_that_says_nothing_or_was_drawn_alone_is_not_agreed(has_factor):
    picture = PictureFactory()
    if has_factor:
        FactorFactory(picture=picture)

    with pytest.raises(drawing.PictureError):
        drawing.agree_picture(
            picture,
            took_part=[] if has_factor else ["women"],
            on=TODAY,
            by=actor_of(picture.owner),
            at=NOON,
        )


def test_agreed_picture_is_locked_for_its_cards(client):
    country = make_country()
    picture = agreed(country.city)
    sign_in(client, country.city, "lead")
    factor = picture.factors.get()

    answers = [
        client.get(reverse("plans:factor", args=[factor.pk])),
        client.post(reverse("plans:factor_remove", args=[factor.pk])),
        client.get(reverse("plans:picture_draw", args=[country.place.code, picture.pk])),
    ]

    assert {one.status_code for one in answers} == {403}
    assert picture.factors.count() == 1


# --- who may


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("city", "contributor", {"picture": 200, "picture_draw": 200, "picture_agree": 403}),
        ("city", "lead", {"picture": 200, "picture_draw": 200, "picture_agree": 200}),
        ("city", "viewer", {"picture": 200, "picture_draw": 403, "picture_agree": 403}),
        ("province", "lead", {"picture": 404, "picture_draw": 404, "picture_agree": 404}),
        ("other_city", "lead", {"picture": 404, "picture_draw": 404, "picture_agree": 404}),
    ],
)
def test_who_may_read_draw_and_agree(client, who, role, status):
    country = make_country()
    picture = PictureFactory(owner=country.city)
    sign_in(client, getattr(country, who), role)

    given_status = {
        name: page(client, name, country.place.code, picture.pk).status_code for name in status
    }

    assert given_status == status


MARKINGS = ("clear", "green", "amber", "amber+strict", "red")


@settings(max_examples=40)
@given(
    markings=st.lists(st.sampled_from(MARKINGS), min_size=1, max_size=3),
    named=st.booleans(),
)
def test_list_comparison_needs_and_parts_agree_with_the_gate(markings, named):
    with transaction.atomic():
        country = make_country()
        for n, marking in enumerate(markings):
            owner = OrganisationFactory(
                place=PlaceFactory(parent=country.province.place), is_lead_of_place=True
            )
            picture = agreed(owner, marking=marking)
            if named and n == 0:
                picture.named_organisations.add(country.other_city)
        reader = actor_of(country.other_city)

        seen = set(Picture.objects.visible_to(reader))
        wrong = disagreements(reader, seen, country)

        transaction.set_rollback(True)
    assert wrong == []


def disagreements(reader, seen, country):
    """Return where a comparison, the needs or the parts show more or less than the gate."""
    wrong = []
    if {one.picture for one in Factor.objects.visible_to(reader)} != seen:
        wrong.append("factors")
    compared = beside_neighbours(reader, country.other_city.place)
    if set(compared.pictures) != seen:
        wrong.append("neighbours")
    for picture in Picture.objects.all():
        told = bool(needs_of(reader, picture.place))
        if told != (picture in seen and not picture.is_red):
            wrong.append("needs")
        if bool(over_time(reader, picture.place).pictures) != (picture in seen):
            wrong.append("over time")
    return wrong


def test_property_catches_a_comparison_that_looks_past_the_gate(monkeypatch):
    country = make_country()
    agreed(country.city, marking="amber")
    reader = actor_of(country.other_city)
    seen = set(Picture.objects.visible_to(reader))
    assert disagreements(reader, seen, country) == []

    class Careless(type(Picture.objects.all())):
        def visible_to(self, _actor):
            return self

    monkeypatch.setattr(Picture, "objects", Careless.as_manager())
    Picture.objects.model = Picture

    assert set(disagreements(reader, seen, country)) >= {"neighbours", "needs", "over time"}


# --- comparing


def test_changes_are_said_in_sentences_and_drawn_with_a_table(client):
    country = make_country()
    old = agreed(country.city, starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 6, 30))
    new = agreed(country.city)
    new.factors.update(level="low")
    MechanismFactory(factor=new.factors.get())
    FactorFactory(picture=new, kind="resilience", code="trust")
    FactorFactory(picture=old, kind="risk", code="hate_speech")
    sign_in(client, country.city, "viewer", language="en")

    answer = page(client, "picture_over_time", country.place.code)

    assert answer.context["compared"].changes == [
        "Economic hardship: from high to low. Economic hardship: now something answers it.",
        "No longer spoken of: Hate speech and calls for violence online.",
        "New: Trust in local institutions (high).",
    ]
    text = answer.content.decode()
    assert text.count('class="chart levels"') == 3
    assert "not spoken of" in text


def test_neighbours_are_beside_each_other_by_name_and_strangers_only_if_they_touch():
    country = make_country()
    own, beside = agreed(country.city), agreed(country.other_city, marking="green")
    west = PlaceFactory(parent=country.nation.place, name="West Java")
    far, touching = (PlaceFactory(parent=west, name=name) for name in ("Far", "Touching"))
    squares = {country.place: 0, touching: 1, far: 5}
    for place, x in squares.items():
        ring = [[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]
        type(place).shape.related.related_model.objects.create(
            place=place, geometry={"type": "Polygon", "coordinates": [ring]}
        )
    leads = [OrganisationFactory(place=one, is_lead_of_place=True) for one in (far, touching)]
    _far, near = (agreed(lead, marking="green") for lead in leads)

    compared = beside_neighbours(actor_of(country.city), country.place)

    assert compared.pictures == [own, beside, near]
    assert compared.marking == "amber"


def test_count_of_hidden_neighbours_is_not_told(client):
    country = make_country()
    agreed(country.city)
    sign_in(client, country.city, language="en")
    alone = page(client, "picture_neighbours", country.place.code).content
    agreed(country.other_city)

    beside = page(client, "picture_neighbours", country.place.code).content

    assert text_of(alone) == text_of(beside)


def text_of(content):
    """Return the page without what differs from request to request."""
    text = content.decode()
    return text[text.index("<main") : text.index("</main")]


# --- needs, age, paper


def test_needs_are_unanswered_first_and_only_from_the_picture_in_force():
    country = make_country()
    agreed(country.city, starts_on=dt.date(2025, 1, 1), status="superseded", code="injustice")
    picture = agreed(country.city)
    answered = FactorFactory(picture=picture, code="tension", level="very_high")
    MechanismFactory(factor=answered)
    FactorFactory(picture=picture, kind="resilience", code="trust")

    needs = needs_of(actor_of(country.city), country.place)

    assert [(one.code, one.is_answered) for one in needs] == [
        ("hardship", False),
        ("tension", True),
    ]


def test_who_draws_is_told_that_the_picture_is_a_year_old():
    country = make_country()
    picture = agreed(country.city, agreed_on=dt.date(2025, 3, 1))

    def told(role, at):
        items = desk.now(actor_of(country.city, role), at)
        return [one.url for one in items if one.kind == "picture_old"]

    assert told("contributor", NOON) == [picture.get_absolute_url()]
    assert told("viewer", NOON) == []
    assert told("contributor", NOON - dt.timedelta(days=200)) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_picture_reads_and_prints_in_any_language_with_hostile_words_harmless(client, language):
    country = make_country()
    picture = agreed(country.city)
    picture.factors.update(note="<script>alert(1)</script>", source="{{ 7 }} & <b>")
    MechanismFactory(factor=picture.factors.get(), name="<img src=x>")
    sign_in(client, country.city, language=language)

    for name in ("picture", "picture_paper"):
        text = page(client, name, country.place.code, picture.pk).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
        assert "TLP:AMBER" in text


def test_page_costs_the_same_for_one_factor_as_for_three(client, flat_queries):
    country = make_country()
    picture = agreed(country.city)
    sign_in(client, country.city)
    page(client, "place_picture", country.place.code)
    codes = iter(codes_of("risk"))

    def add_row():
        factor = FactorFactory(picture=picture, kind="risk", code=next(codes))
        MechanismFactory(factor=factor)
        Asked.objects.create(factor=factor, voice="women")

    flat_queries(
        lambda: page(client, "place_picture", country.place.code), add_row=add_row, cost=18
    )


def test_removed_picture_is_gone_and_the_record_stays(client):
    country = make_country()
    picture = agreed(country.city)
    sign_in(client, country.city, "lead")

    client.post(reverse("plans:picture_remove", args=[country.place.code, picture.pk]))

    assert not Picture.objects.exists()
    assert LogEntry.objects.filter(rule="plans.picture_remove").count() == 1


def test_kept_longer_than_three_years_is_refused(client):
    country = make_country()
    sign_in(client, country.city, "contributor", language="en")
    start = {
        "starts_on": "2026-01-01",
        "ends_on": "2026-06-30",
        "purpose": "To choose",
        "review_on": "2036-06-30",
        "language": "en",
        "marking": "red",
    }

    answer = client.post(reverse("plans:picture_start", args=[country.place.code]), start)

    assert set(answer.context["form"].errors) == {"review_on", "marking"}
