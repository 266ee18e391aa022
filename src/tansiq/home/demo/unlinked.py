"""What places added of their own and linked to nothing yet, and plans shared with the hub."""

import tomllib
from datetime import datetime, timedelta
from typing import Any

from tansiq.access.actions.sharing import change_marking
from tansiq.access.actor import Actor
from tansiq.home.demo.content import FOLDER
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.duties import months_later
from tansiq.plans.actions.matching import decline_match
from tansiq.plans.actions.plans import add_part
from tansiq.plans.models import Action, ActionStatus, Objective

# Before the first place adopts its plan, and after all have answered the nation's.
ADDED_AFTER = timedelta(days=53)


def plan_unlinked(nation: Nation, carried: datetime) -> None:
    """Let places add actions they link to nothing, and share their plans with the hub."""
    rows = tomllib.loads((FOLDER / "unlinked.toml").read_text("utf-8"))[nation.content.country]
    for row in rows:
        if row["place"] in {one.code for one in nation.places}:
            nation.story.on(carried + ADDED_AFTER, _adding(nation, row))
            if "declined" in row:
                nation.story.ago(12, _declining(nation, row))
    for code in sorted({row["place"] for row in rows}):
        nation.story.ago(70, _sharing(nation, code))


def _by(nation: Nation, row: dict[str, Any]) -> Actor:
    return nation.cast.actor(nation.government(row["place"]))


def _adding(nation: Nation, row: dict[str, Any]) -> Any:
    def step(at: datetime) -> None:
        local = nation.local_plan(row["place"])
        action = Action(
            plan=local,
            objective=Objective.objects.get(plan=local, code=row["objective"]),
            code=row["code"],
            title=nation.content.say(row["title"]),
            position=250,
            lead=local.owner,
            status=ActionStatus.ON_TRACK,
            starts_on=at.date(),
            ends_on=months_later(nation.story.at.date(), 10),
        )
        add_part(action, by=_by(nation, row), at=at)

    return step


def _declining(nation: Nation, row: dict[str, Any]) -> Any:
    def step(at: datetime) -> None:
        action = nation.local_plan(row["place"]).actions.get(code=row["code"])
        objective = Objective.objects.get(plan=nation.plan, code=row["declined"])
        decline_match(action, objective, by=_by(nation, row), at=at)

    return step


def _sharing(nation: Nation, code: str) -> Any:
    def step(at: datetime) -> None:
        local = nation.local_plan(code)
        by = nation.cast.actor(nation.government(code))
        change_marking(local, marking=local.marking, is_hub_wide=True, by=by, at=at)

    return step
