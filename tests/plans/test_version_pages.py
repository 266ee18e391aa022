"""Pages about versions: the list, one version, the difference, drafting, what it means for us."""

import datetime as dt

import pytest
from django.urls import reverse

from tansiq.access.models import Notice
from tansiq.core.formats import short_day
from tansiq.plans.actions.amendments import drop_part
from tansiq.plans.actions.answers import align
from tansiq.plans.actions.consequences import pass_on, pass_on_waiting
from tansiq.plans.models import (
    Action,
    Alignment,
    Amendment,
    Consequence,
    Delivery,
    Target,
    Version,
)
from tests.factories import (
    NOON,
    AlignmentFactory,
    BudgetLineFactory,
    CostFactory,
    DeliveryFactory,
    DutyFactory,
    IndicatorFactory,
    MilestoneFactory,
    OrganisationFactory,
    PlaceFactory,
    ProposalFactory,
)
from tests.people import sign_in
from tests.plans.amending import BY, add, amend, into_force, keep, part_of, write
from tests.plans.nation import local_action, local_plan, make_nation

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 4)


@pytest.fixture(autouse=True)
def in_may(monkeypatch):
    for name in ("amending", "consequences"):
        monkeypatch.setattr(f"tansiq.plans.views.{name}.now", lambda: NOON)
    monkeypatch.setattr("tansiq.plans.views.amending.localdate", lambda: TODAY)
    monkeypatch.setattr("tansiq.plans.passing_on.now", lambda: NOON)


def make_adopted(**fields):
    nation = make_nation(**fields)
    MilestoneFactory(action=nation.train)
    IndicatorFactory(plan=nation.plan, objective=nation.objective, code="I1", target=100)
    keep(nation.plan)
    return nation


def amended(nation):
    """Put a version 2 into force that re-words one action, drops one and adds one."""
    amendment = amend(nation.plan)
    write(amendment, "actions", "1.1.1", title="Train all teachers")
    add(amendment, "actions", "1.1.1", code="1.1.9", title="Train nurses")
    key = part_of(amendment, "actions", "1.1.2")["key"]
    drop_part(amendment, "actions", key, by=BY, at=NOON)
    return into_force(amendment)


def test_list_shows_every_version_with_its_instrument_and_what_it_changed(client):
    nation = make_adopted()
    amended(nation)
    sign_in(client, nation.east, "viewer")

    page = client.get(nation.at("versions"))

    assert [(one.version.number, one.sentence, one.is_intact) for one in page.context["lines"]] == [
        (2, "1 added · 1 dropped · 1 re-worded", True),
        (1, "", True),
    ]
    assert "Decree 2" in page.content.decode()


def test_first_version_without_a_date_says_when_it_was_taken_over(client):
    nation = make_adopted()
    Version.objects.update(legal_instrument="", in_force_on=None)
    sign_in(client, nation.east, "viewer")

    listed = client.get(nation.at("versions")).content.decode()
    one = client.get(nation.at("version", 1)).content.decode()

    day = short_day(NOON.date(), "en")
    assert f"As it was taken over on {day};" in " ".join(listed.split())
    assert "Version 1, as it was taken over on" in " ".join(one.split())


def test_difference_marks_words_for_eyes_and_screen_readers(client):
    nation = make_adopted()
    amended(nation)
    sign_in(client, nation.east, "viewer")

    page = client.get(nation.at("versions_compare"), {"from": 2, "to": 1})

    text = page.content.decode()
    assert page.context["comparison"].sentence == "1 added · 1 dropped · 1 re-worded"
    assert "all" in text.split("<ins")[1].split("</ins>")[0]
    assert "added:" in text.split("<ins")[1].split("</ins>")[0]


def test_a_version_stands_as_it_was_adopted(client):
    nation = make_adopted()
    amended(nation)
    sign_in(client, nation.east, "viewer")

    first = client.get(nation.at("version", 1)).content.decode()
    second = client.get(nation.at("version", 2)).content.decode()

    assert ["Train teachers" in first, "Talk with parents" in first] == [True, True]
    assert ["Train all teachers" in second, "Talk with parents" in second] == [True, False]
    assert "A later version is in force" in first


def test_tampered_version_says_so_on_its_page_and_in_the_list(client):
    nation = make_adopted()
    version = nation.plan.versions.get()
    Version.objects.filter(pk=version.pk).update(
        content=version.content.replace("Train teachers", "Train nobody")
    )
    sign_in(client, nation.east, "viewer")

    assert "not what was kept" in client.get(nation.at("versions")).content.decode()
    assert "not what was kept" in client.get(nation.at("version", 1)).content.decode()


@pytest.mark.parametrize(
    "asked", [{}, {"from": "1"}, {"from": "1", "to": "x"}, {"from": 1, "to": 9}]
)
def test_difference_of_versions_that_are_not_there_is_not_found(client, asked):
    nation = make_adopted()
    sign_in(client, nation.east, "viewer")

    assert client.get(nation.at("versions_compare"), asked).status_code == 404


def test_adopted_plan_leads_its_coordinator_to_the_amendment(client):
    nation = make_adopted()
    sign_in(client, nation.body, "coordinator")

    page = client.get(nation.at("edit"))
    direct = client.post(nation.at("change", "pillar", nation.objective.pillar_id), {"title": "x"})

    assert page.url == nation.at("amendment")
    assert direct.status_code == 403
    assert "Open an amendment" in direct.content.decode()


def test_details_of_an_adopted_plan_keep_what_was_adopted(client):
    nation = make_adopted()
    sign_in(client, nation.body, "coordinator")
    form = client.get(nation.at("edit_details")).context["form"]
    data = {name: form[name].value() for name in form.fields} | {"title": "Other", "report_days": 9}

    answer = client.post(
        nation.at("edit_details"), {k: v for k, v in data.items() if v is not None}
    )

    nation.plan.refresh_from_db()
    assert answer.status_code == 302
    assert (nation.plan.title, nation.plan.report_days) == ("National plan", 9)


def test_coordinator_drafts_the_next_version_and_a_lead_puts_it_into_force(client):
    nation = make_adopted()
    sign_in(client, nation.body, "coordinator")

    client.post(nation.at("amendment"), {"reason": "The review found gaps."})
    key = str(nation.train.pk)
    form = client.get(nation.at("amendment_change", "action", key)).context["form"]
    data = {one.html_name: one.value() for one in form if one.value() not in (None, [])}
    data |= {"title": "Train all teachers", "ends_on": "2027-06-30"}
    saved = client.post(nation.at("amendment_change", "action", key), data)
    client.post(
        nation.at("amendment_add", "objective") + "?under=x",
        {"code": "1.2", "title": "Cities", "under": str(nation.objective.pillar_id)},
    )
    refused = client.post(nation.at("amendment_in_force"), {"legal_instrument": "D", "on": TODAY})
    sign_in(client, nation.body, "lead")
    done = client.post(
        nation.at("amendment_in_force"), {"legal_instrument": "Decree 2", "on": "2026-05-04"}
    )

    nation.train.refresh_from_db()
    assert [saved.status_code, refused.status_code, done.url] == [302, 403, nation.at("versions")]
    assert (nation.train.title, nation.train.ends_on) == (
        "Train all teachers",
        dt.date(2027, 6, 30),
    )
    assert set(nation.plan.objectives.values_list("code", flat=True)) == {"1.1", "1.2"}
    assert nation.plan.versions.latest("number").legal_instrument == "Decree 2"


def test_a_plan_with_money_can_be_amended(client):
    nation = make_nation()
    CostFactory(plan=nation.plan, action=nation.train, year=2026)
    BudgetLineFactory(plan=nation.plan, action=nation.train, title="Trainers")
    keep(nation.plan)
    sign_in(client, nation.body, "coordinator")

    client.post(nation.at("amendment"), {"reason": "The review found gaps."})
    page = client.get(nation.at("amendment"))

    assert page.status_code == 200
    assert "Trainers" in page.text
    assert nation.at("amendment_change", "action", str(nation.train.pk)) in page.text


def test_every_kind_of_part_can_be_added_changed_dropped_and_restored(client):
    nation = make_adopted()
    amendment = amend(nation.plan)
    sign_in(client, nation.body, "coordinator")
    objective, action = str(nation.objective.pk), str(nation.train.pk)
    new = {
        "pillar": ({}, {"code": "2", "title": "Two"}),
        "objective": ({}, {"code": "2.1", "title": "Two", "under": "n1"}),
        "action": ({}, {"code": "2.1.1", "title": "Act", "under": "n2"}),
        "duty": (
            {},
            {"code": "D9", "title": "Brief", "under": objective, "every_months": 3, "due_days": 9},
        ),
        "milestone": ({"under": action}, {"title": "First", "due_on": "2026-08-01"}),
        "indicator": (
            {},
            {
                "code": "I9",
                "title": "People",
                "under": "",
                "decimals": 1,
                "rule": "sum",
                "frequency": "period",
                "target_number": "12.5",
            },
        ),
    }

    codes = {
        kind: client.post(
            nation.at("amendment_add", kind) + ("?under=" + asked["under"] if asked else ""), data
        ).status_code
        for kind, (asked, data) in new.items()
    }
    page = client.get(nation.at("amendment"))
    dropped = client.post(nation.at("amendment_drop", "objective", objective))
    restored = client.post(nation.at("amendment_restore", "objectives", objective))
    version = into_force(Amendment.objects.get(pk=amendment.pk))

    assert codes == dict.fromkeys(new, 302)
    assert page.context["comparison"].count == 6
    assert [dropped.status_code, restored.status_code] == [302, 302]
    assert Action.objects.get(plan=nation.plan, code="2.1.1").objective.code == "2.1"
    assert nation.plan.indicators.get(code="I9").target == 125
    assert version.number == 2


def test_second_writer_of_a_part_sees_both_and_loses_nothing(client):
    nation = make_adopted()
    amendment = amend(nation.plan)
    sign_in(client, nation.body, "coordinator")
    url = nation.at("amendment_change", "pillar", str(nation.objective.pillar_id))
    form = client.get(url).context["form"]
    data = {one.html_name: one.value() for one in form if one.value() is not None}
    data |= {one.html_initial_name: one.value() for one in form if one.name != "revision"}

    write(amendment, "pillars", "1", title="Theirs")
    answer = client.post(url, data | {"title": "Mine"})

    assert answer.status_code == 409
    assert [(one.theirs, one.yours) for one in answer.context["differences"]] == [
        ("Theirs", "Mine")
    ]
    assert part_of(amendment, "pillars", "1")["title"] == "Theirs"


def test_nobody_but_the_owner_reads_the_draft(client):
    nation = make_adopted()
    amend(nation.plan)
    stranger = OrganisationFactory(place=PlaceFactory(country_code="ph", code="ph"))

    seen = {}
    for name, organisation, role in (
        ("owner", nation.body, "coordinator"),
        ("viewer", nation.body, "viewer"),
        ("place", nation.east, "lead"),
        ("stranger", stranger, "lead"),
    ):
        sign_in(client, organisation, role)
        listed = client.get(nation.at("versions"))
        draft = listed.context["amendment"] is not None if listed.status_code == 200 else None
        seen[name] = (client.get(nation.at("amendment")).status_code, draft)

    assert seen == {
        "owner": (200, True),
        "viewer": (403, True),
        "place": (403, False),
        "stranger": (404, None),
    }


# --- what it means for places


def answering(nation):
    """Let the east carry the plan down and answer both actions; the west answers nothing."""
    plan = local_plan(nation, nation.east)
    own = local_action(plan, title="Our training")
    return plan, {
        name: AlignmentFactory(
            national_action=action,
            place=nation.east.place,
            local_action=own,
            relation="adopts",
            reason="",
        )
        for name, action in (("train", nation.train), ("talk", nation.talk))
    }


def test_places_are_told_and_answers_to_changed_actions_are_marked(client):
    nation = make_adopted()
    _plan, answers = answering(nation)
    sign_in(client, nation.east, "coordinator", name="Aide")
    sign_in(client, nation.west, "coordinator", name="Elsewhere")
    amendment = amend(nation.plan)
    write(amendment, "actions", "1.1.1", title="Train all teachers")
    version = into_force(amendment)

    told = pass_on(version, at=NOON)
    again = pass_on_waiting(at=NOON)

    assert (told, again) == (1, 0)
    assert set(Consequence.objects.values_list("place__code", flat=True)) == {"id-ji"}
    assert set(Notice.objects.values_list("code", "person__name")) == {
        ("plans.version_in_force", "Aide")
    }
    assert {
        name: Alignment.objects.get(pk=one.pk).look_again_id for name, one in answers.items()
    } == {"train": version.pk, "talk": None}


def test_place_sees_what_it_means_and_confirms_answer_by_answer(client):
    nation = make_adopted()
    answering(nation)
    version = amended(nation)
    pass_on(version, at=NOON)
    sign_in(client, nation.east, "coordinator")
    url = nation.at("consequence", 2, "id-ji")

    page = client.get(url)
    meaning = page.context["meaning"]
    first, second = (one.answers[0].pk for one in meaning.touched)
    client.post(nation.at("consequence_looked", 2, "id-ji"), {"answer": first})
    between = Consequence.objects.get().looked_at
    client.post(nation.at("consequence_looked", 2, "id-ji"), {"answer": second})

    assert [one.line.code for one in meaning.touched] == ["1.1.1", "1.1.2"]
    assert [line.code for line in meaning.unanswered] == ["1.1.9"]
    assert "Our training" in page.content.decode()
    assert between is None
    assert Consequence.objects.get().looked_at == NOON
    assert not Alignment.objects.filter(look_again__isnull=False).exists()


def test_only_the_place_itself_confirms(client):
    nation = make_adopted()
    answering(nation)
    pass_on(amended(nation), at=NOON)

    codes = {}
    for name, organisation in (("east", nation.east), ("west", nation.west), ("body", nation.body)):
        sign_in(client, organisation, "lead")
        codes[name] = client.post(nation.at("consequence_looked", 2, "id-ji")).status_code

    assert codes == {"east": 302, "west": 403, "body": 403}


def test_new_duties_and_figures_reach_the_places_that_carry_the_plan_down():
    nation = make_adopted()
    plan, _answers = answering(nation)
    duty = DutyFactory(
        plan=nation.plan, objective=nation.objective, code="D1", ends_on="2026-09-01"
    )
    keep(nation.plan)
    DeliveryFactory(action=duty, place=nation.east.place, due_on=dt.date(2026, 9, 1))
    amendment = amend(nation.plan)
    write(amendment, "actions", "D1", ends_on="2026-10-01")
    add(amendment, "actions", "D1", code="D2", title="Brief mayors", ends_on=None, due_days=30)
    add(amendment, "indicators", "I1", code="I2", title="Nurses trained")

    pass_on(into_force(amendment), at=NOON)

    assert set(Delivery.objects.values_list("action__code", "place__code", "due_on")) == {
        ("D1", "id-ji", dt.date(2026, 10, 1)),
        ("D2", "id-ji", dt.date(2026, 6, 3)),
    }
    assert set(Target.objects.values_list("indicator__code", "place")) == {("I2", plan.place_id)}


def test_answering_anew_is_looking_again(client):
    nation = make_adopted()
    plan, _answers = answering(nation)
    pass_on(amended(nation), at=NOON)
    own = plan.actions.get()
    align(nation.train, own, "adapts", by=BY, at=NOON)

    assert set(
        Alignment.objects.filter(look_again__isnull=False).values_list(
            "national_action__title", flat=True
        )
    ) == {"Talk with parents"}


def test_adopted_local_plan_takes_in_a_national_action_by_amendment(client):
    nation = make_adopted()
    plan = local_plan(nation, nation.east)
    local_action(plan)
    keep(plan)
    sign_in(client, nation.east, "coordinator")

    answer = client.post(reverse("plans:adopt_one", args=["id", plan.slug, "1.1.1"]))

    assert answer.url == reverse("plans:amendment", args=["id", plan.slug])
    assert plan.actions.count() == 1


def test_programs_read_versions_their_changes_and_proposals(client):
    nation = make_adopted()
    amended(nation)
    proposal = ProposalFactory(plan=nation.plan, owner=nation.east, place=nation.east.place)
    sign_in(client, nation.west, "viewer")
    base = f"/api/1/plans/{nation.plan.pk}"

    listed = client.get(f"{base}/versions").json()
    whole = client.get(f"{base}/versions/1").json()
    changes = client.get(f"{base}/versions/2/changes").json()
    proposals = client.get(f"{base}/proposals", {"status": "sent"}).json()

    assert [one["number"] for one in listed["rows"]] == [1, 2]
    assert whole["is_intact"]
    assert {one["code"] for one in whole["content"]["actions"]} == {"1.1.1", "1.1.2"}
    assert {(one["code"], *one["sorts"]) for one in changes} == {
        ("1.1.1", "reworded"),
        ("1.1.2", "dropped"),
        ("1.1.9", "added"),
    }
    assert [one["id"] for one in proposals["rows"]] == [proposal.pk]
    assert client.get(f"/api/1/proposals/{proposal.pk}").json()["place"] == "id-ji"
    assert client.get(f"{base}/versions/9").status_code == 404
