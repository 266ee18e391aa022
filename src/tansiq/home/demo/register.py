"""Who does what, where, for whom, with whose money."""

from datetime import datetime, timedelta
from typing import Any

from tansiq.access.actions.sharing import name_organisation, name_person
from tansiq.access.models import Place
from tansiq.home.demo.cast import Cast
from tansiq.home.demo.content import Content
from tansiq.home.demo.story import Step, Story
from tansiq.plans.actions.activities import register_activity
from tansiq.plans.models import Activity, Plan


def plan_activities(plan: Plan, content: Content, cast: Cast, story: Story) -> None:
    for row in content.rows("activity"):
        # Entered when it begins, or a week ago if it is still to come.
        days = max(-row["from"] - 1, 6)
        story.ago(days, enter_activity(plan, content, row, cast=cast, story=story))


def enter_activity(
    plan: Plan, content: Content, row: dict[str, Any], *, cast: Cast, story: Story
) -> Step:
    """Return the step in which a body enters one activity of the content."""

    def step(at: datetime) -> None:
        by = cast.actor(row["owner"])
        activity = _activity(plan, content, row, cast=cast, story=story)
        activity.full_clean()
        register_activity(activity, by=by, at=at)
        for slug in row.get("named", []):
            name_organisation(activity, cast.organisations[slug], by=by, at=at)
        for email in row.get("named_people", []):
            name_person(activity, cast.people[email], by=by, at=at)

    return step


def _activity(
    plan: Plan, content: Content, row: dict[str, Any], *, cast: Cast, story: Story
) -> Activity:
    language = row.get("language", content.language)
    starts_on = story.at.date() + timedelta(days=row["from"])
    has_amount = "amount" in row
    return Activity(
        owner=cast.organisations[row["owner"]],
        marking=row["marking"],
        is_hub_wide=row.get("hub_wide", False),
        purpose=content.phrase("purpose"),
        plan=plan,
        action=plan.actions.filter(code=row["action"]).first(),
        place=Place.objects.get(code=row["place"]),
        title=content.say(row["title"], language),
        language=language,
        audience=row["audience"],
        theme=row.get("theme", ""),
        partners=row.get("partners", ""),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=row["days"] - 1),
        status=row["status"],
        funding=row["funding"],
        funder=row.get("funder", ""),
        amount=row.get("amount"),
        currency=row.get("currency") or (content["currency"] if has_amount else ""),
        people_reached=row.get("people"),
        women_reached=row.get("women"),
    )
