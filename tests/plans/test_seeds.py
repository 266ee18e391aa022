"""Public plans that ship with Tansiq, taken over as if somebody had typed them in."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tansiq.access.actor import Actor
from tansiq.access.log import broken_seals
from tansiq.access.models import LogEntry
from tansiq.core.models import Translation
from tansiq.core.translations import translations_of
from tansiq.plans.actions.plans import edit_part
from tansiq.plans.actions.seeds import freeze_seed, load_plan_seed, take_over
from tansiq.plans.models import Action, Fact, Indicator, Milestone, Pillar, Plan, Stage
from tansiq.plans.seeds import PROPOSAL, facts_only, moved, read_seed, seed_countries
from tests.factories import NOON, OrganisationFactory, PlaceFactory

pytestmark = pytest.mark.django_db
BY = Actor.system("a test")


def owner_in(country):
    place = PlaceFactory(code=country, country_code=country)
    return OrganisationFactory(kind="national_body", place=place, is_lead_of_place=True)


def load(seed):
    owner = owner_in(seed.country)
    return load_plan_seed(seed, owner=owner, by=BY, at=NOON).plan


@pytest.mark.parametrize("country", seed_countries())
def test_a_seed_becomes_a_plan_with_every_part_under_its_code(country):
    seed = read_seed(country)

    plan = load(seed)

    assert plan.is_public
    assert {p.code for p in plan.pillars.all()} == {p.code for p in seed.pillars}
    assert {o.code for o in plan.objectives.all()} == {o.code for o in seed.objectives}
    assert {a.code for a in plan.actions.steps()} == {a.code for a in seed.actions}
    assert {a.code for a in plan.actions.duties()} == {d.code for d in seed.duties}
    assert {i.code for i in plan.indicators.all()} == {i.code for i in seed.indicators}
    assert {f.code for f in plan.facts.all()} == {f.code for f in seed.facts}
    assert Milestone.objects.filter(action__plan=plan).count() == len(seed.milestones)
    assert Stage.objects.filter(plan=plan).count() == len(seed.stages)
    assert list(broken_seals()) == []


def test_every_part_keeps_how_sure_we_are_and_its_source():
    plan = load(read_seed("ph"))

    fact = Fact.objects.get(plan=plan, code="structure")
    assert (plan.certainty, plan.period_certainty) == ("verified", "unverified")
    assert Pillar.objects.get(plan=plan, code="7").certainty == "unverified"
    assert Action.objects.get(plan=plan, code="1.1.1").certainty == PROPOSAL
    assert fact.certainty == "unverified"
    assert Fact.objects.exclude(certainty="unverified").filter(source="").count() == 0


def test_an_end_that_we_only_assume_makes_nobody_late():
    plan = load(read_seed("ke"))

    forum = Action.objects.get(plan=plan, code="7.1.2")

    assert forum.ends_on is None
    assert forum.status == "on_track"


def test_targets_are_kept_in_the_smallest_unit():
    plan = load(read_seed("id"))

    answer = Indicator.objects.get(plan=plan, code="ANSWER")

    assert (answer.decimals, answer.baseline, answer.target) == (1, 600, 300)
    assert answer.falling_is_good


def test_texts_are_there_in_six_languages():
    plan = load(read_seed("my"))
    pillar = Pillar.objects.get(plan=plan, code="1")

    shown = {lang: translations_of([pillar.title], lang) for lang in ("ar", "en", "fr", "id")}

    assert pillar.title == "Pencegahan"
    assert shown["en"][pillar.title].text == "Prevention"
    assert shown["ar"][pillar.title].status == "team"
    # The Indonesian word is the same, so there is nothing to remember.
    assert shown["id"] == {}


def test_loading_again_changes_nothing_and_keeps_what_people_changed():
    seed = read_seed("my")
    plan = take_over(seed, owner=owner_in("my"), by=BY, at=NOON).plan
    pillar = Pillar.objects.get(plan=plan, code="1")
    edit_part(pillar, {"title": "Pencegahan awal"}, revision=1, by=BY, at=NOON)
    freeze_seed(plan, by=BY, at=NOON)
    before = (LogEntry.objects.count(), Translation.objects.count())

    again = load_plan_seed(seed, owner=plan.owner, by=BY, at=NOON)

    pillar.refresh_from_db()
    assert again.added == 0
    assert pillar.title == "Pencegahan awal"
    assert (LogEntry.objects.count(), Translation.objects.count()) == before


def test_what_is_missing_is_added():
    seed = read_seed("my")
    plan = load(seed)
    plan.facts.filter(code="portal").delete()

    again = load_plan_seed(seed, owner=plan.owner, by=BY, at=NOON)

    assert again.added == 1
    assert plan.facts.filter(code="portal").exists()


def test_facts_only_leaves_our_proposals_out():
    seed = facts_only(read_seed("id"))

    plan = load(seed)

    assert {a.code for a in plan.actions.all()} == {"3.1.1"}
    assert plan.actions.get().status == "done"
    assert plan.indicators.count() == 0
    assert plan.facts.count() == len(seed.facts)


def test_moved_moves_every_day_of_actions_and_milestones():
    seed = read_seed("my")

    later = moved(seed, lambda day: day.replace(year=day.year + 4, day=1))

    before, after = seed.actions[0], later.actions[0]
    assert after.starts_on.year == before.starts_on.year + 4
    assert {m.due_on.day for m in later.milestones} == {1}
    assert later.starts_on == seed.starts_on


def test_the_command_loads_for_the_body_that_leads_the_country():
    owner = owner_in("my")
    said = StringIO()

    call_command("load_plans", "my", stdout=said)

    assert Plan.objects.get().owner == owner
    assert "MyPCVE 2024–2028" in said.getvalue()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["xx"], "No plan of xx ships"),
        (["my"], "tansiq load-places my"),
        (["my", "--owner", "nobody"], "has the short name 'nobody'"),
        (["--owner", "somebody"], "Name one country"),
    ],
)
def test_the_command_says_what_is_missing(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("load_plans", *arguments)


def test_the_command_wants_a_body_that_leads_the_country():
    PlaceFactory(code="my", country_code="my")

    with pytest.raises(CommandError, match="No organisation leads"):
        call_command("load_plans", "my")
