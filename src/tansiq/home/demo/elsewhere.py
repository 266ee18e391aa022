"""Kenya's counties, a Lebanese city without a national plan, and the hub of Southeast Asia."""

from datetime import date, datetime, timedelta

from tansiq.access.actions.sharing import name_organisation
from tansiq.access.models import Place
from tansiq.home.demo.amending import amend_one
from tansiq.home.demo.cast import Cast
from tansiq.home.demo.content import Content, read_content
from tansiq.home.demo.inventions import say_what_is_invented
from tansiq.home.demo.own_plans import tell_of_own_plan
from tansiq.home.demo.register import enter_activity
from tansiq.home.demo.story import Story
from tansiq.plans.actions.plans import set_stage
from tansiq.plans.actions.seeds import load_plan_seed
from tansiq.plans.models import (
    Activity,
    Certainty,
    Plan,
    StageName,
)
from tansiq.plans.seeds import facts_only, read_seed


def _content(name: str) -> Content:
    raw = read_content("elsewhere").raw[name]
    return Content(raw["country"], raw["language"], raw)


def tell_of_kenya(cast: Cast, story: Story) -> None:
    """Tell of Kenya what its public facts say: nine pillars, and 47 counties with a plan."""
    cast.enter(_content("ke"))

    def load(at: datetime) -> None:
        seed = facts_only(read_seed("ke"))
        owner, by = cast.organisations["ke-national"], cast.actor("ke-national")
        plan = load_plan_seed(seed, owner=owner, by=by, at=at).plan
        say_what_is_invented(plan, by=by, at=at)
        fact = plan.facts.get(code="counties")
        for county in Place.objects.filter(country_code="ke", level=1).order_by("code"):
            stage = set_stage(
                plan,
                county,
                StageName.ADOPTED,
                since_on=date(2019, 6, 30),
                by=by,
                at=at,
                note="County action plan; the date is the deadline the President set.",
            )
            stage.certainty, stage.source = Certainty.PARTLY, fact.source
            stage.save(update_fields=["certainty", "source"])

    story.on(cast.begins + timedelta(days=5), load)


def tell_of_lebanon(cast: Cast, story: Story) -> None:
    """Give a city a plan of its own while no national plan is on the platform."""
    content = _content("lb")
    cast.enter(content)
    tell_of_own_plan(content, cast, story)


def tell_of_hub(cast: Cast, story: Story) -> None:
    """Let the hub of the three countries lead one action and hold one activity for all."""
    content = _content("sea")
    cast.enter(content)
    [row] = content["activity"]

    def take_part(at: datetime) -> None:
        plan = Plan.objects.national().filter(country__code="id").latest("starts_on")
        words = {
            name: content.say(text, plan.language) for name, text in content["amendment"].items()
        }
        changes = {"lead": cast.organisations["sea-hub"]}
        amend_one(plan, row["action"], changes, words=words, by=cast.actor("id-national"), at=at)
        enter_activity(plan, content, row, cast=cast, story=story)(at)

    def be_named(at: datetime) -> None:
        """Let a body of one country share something with the hub."""
        hub, by = cast.organisations["sea-hub"], cast.actor("id-csi")
        name_organisation(Activity.objects.get(owner__slug="id-csi"), hub, by=by, at=at)

    story.ago(15, take_part)
    story.ago(4, be_named)
