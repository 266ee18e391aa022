"""Building the whole demo, or one country of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from tansiq.access.actions.places import load_places, load_shapes
from tansiq.access.actions.sharing import change_marking
from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Person
from tansiq.access.notices import told_from
from tansiq.access.place_files.shipped import read_shipped, shipped_countries
from tansiq.exchange.actions.figures import count_changed_months
from tansiq.home.demo.cast import ENDING, Cast
from tansiq.home.demo.content import FICTIONAL, Words, read_content
from tansiq.home.demo.correspondence import Correspondence
from tansiq.home.demo.elsewhere import tell_of_hub, tell_of_kenya, tell_of_lebanon
from tansiq.home.demo.hearing import Hearing
from tansiq.home.demo.inventions import invented
from tansiq.home.demo.nation import Nation
from tansiq.home.demo.overlaps import plan_overlaps
from tansiq.home.demo.oversight import plan_oversight
from tansiq.home.demo.own_plans import tell_of_own_plan
from tansiq.home.demo.papers import Papers
from tansiq.home.demo.promises import Promises
from tansiq.home.demo.purse import Purse
from tansiq.home.demo.register import plan_activities
from tansiq.home.demo.reporting import Reporting
from tansiq.home.demo.roads import Road
from tansiq.home.demo.rooms import plan_room
from tansiq.home.demo.shelves import Shelves
from tansiq.home.demo.story import Story
from tansiq.home.demo.unlinked import plan_unlinked
from tansiq.home.demo.voice import Voice
from tansiq.plans.actions.duties import months_later
from tansiq.plans.actions.seeds import freeze_seed
from tansiq.plans.seeds import facts_only, read_seed

COUNTRIES = ("id", "ph", "my")
# Of how many days notices are waiting for whoever signs in.
TOLD_DAYS = 60
# The one country of the small demo.
SMALL = ("id",)

DEMONSTRATION_PLAN: Words = {
    "en": "Demonstration plan {years}",
    "id": "Rencana peragaan {years}",
    "ms": "Pelan demonstrasi {years}",
    "fil": "Planong pandemonstrasyon {years}",
    "fr": "Plan de démonstration {years}",
    "ar": "الخطة التجريبية {years}",
}


class NotADemoError(Exception):
    """The database holds something else; the message says what to do."""


def is_loaded() -> bool:
    """Return whether the demo is there. Raises NotADemoError if anything else is."""
    if Person.objects.exclude(email__endswith=ENDING).exists():
        raise NotADemoError(
            "There are people in this database who do not belong to the demo, so nothing was "
            "added. Use an empty database, such as another TANSIQ_DATA_DIR."
        )
    return Organisation.objects.exists()


@transaction.atomic
def build(*, at: datetime, countries: Iterable[str] = COUNTRIES) -> Cast:
    """Fill an empty database with the demo as it stands at a moment; return who takes part."""
    wanted = list(countries)
    is_whole = set(wanted) == set(COUNTRIES)
    # Eight months before the earliest period that is told.
    story = Story(at)
    begins = _day_before(at, months=26)
    _load_places(shipped_countries() if is_whole else wanted, at=begins)
    cast = Cast(story, begins)
    for code in wanted:
        _plan_country(code, cast, story)
    if is_whole:
        tell_of_kenya(cast, story)
        tell_of_lebanon(cast, story)
        tell_of_hub(cast, story)
    # Nobody reads notices of last year; writing them took a third of the time.
    with told_from(at - timedelta(days=TOLD_DAYS)):
        story.tell()
    # What the job of the exchange would have counted by now.
    count_changed_months(at=at)
    return cast


def _day_before(at: datetime, *, months: int) -> datetime:
    day = months_later(at.date(), -months)
    return at.replace(year=day.year, month=day.month, day=day.day, hour=2, minute=0, second=0)


def _load_places(countries: Iterable[str], *, at: datetime) -> None:
    by = Actor.system("demonstration data")
    for code in countries:
        table, outlines = read_shipped(code)
        load_places(table.rows, by=by, at=at)
        load_shapes(outlines.shapes, by=by, at=at)


def _plan_country(code: str, cast: Cast, story: Story) -> None:
    content = read_content(code)
    cast.enter(content)
    nation = Nation(content, cast, story)
    tell_of_own_plan(content, cast, story)
    plan_oversight(nation)
    Hearing(nation).plan()
    plan_room(code, cast, story)
    Correspondence(content, cast, story).plan()
    # A plan cannot be taken over before it was launched.
    launched = datetime.combine(
        min(read_seed(code).starts_on, story.at.date()), time(8), tzinfo=UTC
    )
    story.on(max(cast.begins + timedelta(days=3), launched), lambda at: _load_plan(nation, at))


def _load_plan(nation: Nation, at: datetime) -> None:
    """Take over the public plan; Indonesia's is over, so a made-up one goes on from it."""
    seed = read_seed(nation.content.country)
    if nation.content.country == "id":
        freeze_seed(nation.load(facts_only(seed), at), by=nation.by, at=at)
        first = months_later(nation.story.at.date(), -18).year
        years = f"{first}–{first + 4}"
        titles = {one: text.format(years=years) for one, text in DEMONSTRATION_PLAN.items()}
        nation.short_titles = {one: f"{text} ({FICTIONAL[one]})" for one, text in titles.items()}
        plan = nation.load(
            invented(
                seed,
                slug=f"demo-{first}",
                titles=nation.short_titles,
                shorts=nation.short_titles,
                first=first,
            ),
            at,
        )
        change_marking(plan, marking=plan.marking, is_hub_wide=True, by=nation.by, at=at)
    else:
        nation.load(seed, at)
    nation.invent_below(at)
    first_told, *_others = nation.periods()
    carried = first_told.starts_on + timedelta(days=5)
    nation.story.on(carried, lambda moment: _carry_down(nation, moment))
    Road(nation).plan(at)
    Shelves(nation).plan()
    nation.story.ago(45, nation.go_on)
    Purse(nation).plan()
    plan_activities(nation.plan, nation.content, nation.cast, nation.story)
    plan_overlaps(nation.plan, nation.content, nation.cast, nation.story)


def _carry_down(nation: Nation, moment: datetime) -> None:
    nation.carry_down(moment)
    plan_unlinked(nation, moment)
    Promises(nation).plan()
    Reporting(nation).plan()
    Papers(nation).plan()
    Voice(nation).plan()
