"""The road of each national plan: phases, key dates, and who was trained on it."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from tansiq.access.models import Place
from tansiq.home.demo.content import read_content
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.duties import months_later
from tansiq.plans.actions.plans import edit_part
from tansiq.plans.actions.roadmap import add_to_road
from tansiq.plans.models import KeyDate, Milestone, Phase, Plan, Training, TrainingGoal

# How many courses a place gives, by turn; and how long ago the earliest was.
COURSES = (4, 2, 3, 1)
EARLIEST = 400


class Road:
    """The road of one country's plan, drawn early and walked since."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.words = nation, read_content("roads")
        self.random = random.Random(f"road {nation.content.country}")  # noqa: S311 -- the same every time

    def plan(self, drawn: datetime) -> None:
        self.nation.story.on(drawn + timedelta(days=2), self._draw)
        for number, place in enumerate(self.nation.places):
            for _course in range(COURSES[number % len(COURSES)]):
                row = self.random.choice(self.words.rows("course"))
                days = self.random.randint(10, EARLIEST)
                self.nation.story.ago(days, self._teach(place, row))
        self.nation.story.ago(30, self._teach(self.nation.plan.place, self.words.rows("course")[0]))

    def _say(self, words: dict[str, str]) -> str:
        return self.nation.content.say(words)

    def _draw(self, at: datetime) -> None:
        plan, today = self.nation.plan, self.nation.story.at.date()
        for row in self.words.rows("phase"):
            phase = Phase(
                plan=plan,
                kind=row["kind"],
                title=self._say(row["title"]),
                starts_on=_along(plan, row["from"]),
                ends_on=_along(plan, row["until"]) - timedelta(days=1),
                leads_to=row.get("leads_to", ""),
            )
            add_to_road(phase, by=self.nation.by, at=at)
        for row in self.words.rows("date"):
            on = today + timedelta(days=row["days"])
            key = KeyDate(
                plan=plan, title=self._say(row["title"]), on=on, why=self._say(row.get("why", {}))
            )
            add_to_road(key, by=self.nation.by, at=at)
        for row in self.words.rows("goal"):
            goal = TrainingGoal(plan=plan, **row, by_on=months_later(today, 6))
            add_to_road(goal, by=self.nation.by, at=at)
        self._name_what_others_wait_for(at)

    def _name_what_others_wait_for(self, at: datetime) -> None:
        """Mark every third milestone: it keeps the drawing readable."""
        milestones = Milestone.objects.filter(action__plan=self.nation.plan).order_by(
            "due_on", "pk"
        )
        for milestone in list(milestones)[::3]:
            changes = {"is_critical": True}
            edit_part(milestone, changes, revision=milestone.revision, by=self.nation.by, at=at)

    def _teach(self, place: Place, row: dict[str, Any]) -> Any:
        people = self.random.randint(*row["people"])

        def step(at: datetime) -> None:
            national = self.nation.plan
            plan = Plan.objects.filter(parent=national, place=place).first() or national
            by = self.nation.by if plan == national else self._government_of(place)
            training = Training(
                plan=plan,
                place=place,
                title=self._say(row["title"]),
                role=row["role"],
                on=at.date(),
                days=self.random.choice((1, 1, 2, 3)),
                people=people,
                women=round(people * row["share_of_women"]),
                provider=self.nation.owner,
            )
            add_to_road(training, by=by, at=at)

        return step

    def _government_of(self, place: Place) -> Any:
        return self.nation.cast.actor(self.nation.government(place))


def _along(plan: Plan, share: float) -> date:
    """Return the day after this share of the plan's time."""
    return plan.starts_on + (plan.ends_on - plan.starts_on) * share + timedelta(days=share == 1)
