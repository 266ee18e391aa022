"""Plans that carry down no national one: a women's group's, a city's without a national plan."""

from datetime import date, datetime, timedelta
from typing import Any

from tansiq.access.models import Marking
from tansiq.home.demo.cast import Cast
from tansiq.home.demo.content import FICTIONAL, Content, marked
from tansiq.home.demo.register import enter_activity
from tansiq.home.demo.story import Step, Story
from tansiq.plans.actions.plans import add_part, create_plan, set_status
from tansiq.plans.actions.seeds import freeze_seed
from tansiq.plans.models import Action, ActionStatus, Objective, Pillar, Plan, PlanStatus


def tell_of_own_plan(content: Content, cast: Cast, story: Story) -> None:
    row = content["own_plan"]
    _OwnPlan(row, content, cast, story).plan_steps()


class _OwnPlan:
    plan: Plan

    def __init__(self, row: dict[str, Any], content: Content, cast: Cast, story: Story) -> None:
        self.row, self.content, self.cast, self.story = row, content, cast, story
        self.language: str = row.get("language", content.language)
        self.by = cast.actor(row["owner"])

    def plan_steps(self) -> None:
        self.story.ago(self.row["days_ago"], self._begin)
        self.story.ago(2, self._say_how_it_stands)
        for one in self.row.get("activity", []):
            self.story.ago(max(-one["from"] - 1, 6), self._enter(one))

    def _say(self, words: dict[str, str]) -> str:
        return self.content.say(words, self.language)

    def _begin(self, at: datetime) -> None:
        owner, row = self.cast.organisations[self.row["owner"]], self.row
        titles = {one: f"{text} {at.year}–{at.year + 2}" for one, text in row["title"].items()}
        self.plan = Plan(
            owner=owner,
            marking=Marking.GREEN,
            purpose=self.content.phrase("purpose"),
            slug=row["slug"],
            place=owner.place,
            kind=row["kind"],
            title=self._say(marked(titles, FICTIONAL)),
            summary=self._say(row["summary"]),
            legal_instrument=self._say(row["legal_instrument"]),
            language=self.language,
            languages=[self.language],
            starts_on=date(at.year, 1, 1),
            ends_on=date(at.year + 2, 12, 31),
            status=PlanStatus.UNDER_WAY,
            adopted_on=at.date(),
        )
        create_plan(self.plan, by=self.by, at=at)
        self._add_parts(at)

    def _add_parts(self, at: datetime) -> None:
        plan, today = self.plan, self.story.at.date()
        for one in self.row["pillar"]:
            pillar = Pillar(plan=plan, code=one["code"], title=self._say(one["title"]))
            add_part(pillar, by=self.by, at=at)
        for one in self.row["objective"]:
            objective = Objective(
                plan=plan,
                pillar=plan.pillars.get(code=one["pillar"]),
                code=one["code"],
                title=self._say(one["title"]),
            )
            add_part(objective, by=self.by, at=at)
        for one in self.row["action"]:
            action = Action(
                plan=plan,
                objective=plan.objectives.get(code=one["objective"]),
                code=one["code"],
                title=self._say(one["title"]),
                lead=plan.owner,
                status=ActionStatus.ON_TRACK,
                starts_on=today + timedelta(days=one["from"]),
                ends_on=today + timedelta(days=one["until"]),
            )
            add_part(action, by=self.by, at=at)
        freeze_seed(plan, by=self.by, at=at)

    def _say_how_it_stands(self, at: datetime) -> None:
        for one in self.row["action"]:
            action = self.plan.actions.get(code=one["code"])
            if action.status != one["status"]:
                status, revision = one["status"], action.revision
                set_status(action, status, revision=revision, by=self.by, at=at)

    def _enter(self, row: dict[str, Any]) -> Step:
        def step(at: datetime) -> None:
            enter_activity(self.plan, self.content, row, cast=self.cast, story=self.story)(at)

        return step
