"""A national plan and what its places made of it: carried down, adopted, adapted, refused."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from tansiq.access.actions.sharing import change_marking
from tansiq.access.actor import Actor
from tansiq.access.models import Marking, Organisation, Place
from tansiq.core.models import TranslationStatus
from tansiq.core.translations import remember
from tansiq.home.demo.cast import Cast
from tansiq.home.demo.content import FICTIONAL, Content, Words
from tansiq.home.demo.inventions import say_what_is_invented
from tansiq.home.demo.story import Story
from tansiq.plans.actions.answers import align, refuse, unalign
from tansiq.plans.actions.cascade import carry_down
from tansiq.plans.actions.duties import months_later, owe
from tansiq.plans.actions.plans import (
    add_part,
    adopt_plan,
    edit_part,
    edit_plan,
    publish_plan,
    reach_milestone,
    remove_part,
    set_stage,
    set_status,
    set_target,
)
from tansiq.plans.actions.reports import open_periods
from tansiq.plans.actions.seeds import freeze_seed, take_over
from tansiq.plans.models import (
    Action,
    ActionKind,
    ActionStatus,
    Alignment,
    Indicator,
    Milestone,
    Objective,
    Period,
    Plan,
    PlanStatus,
    Relation,
    Target,
)
from tansiq.plans.seeds import PlanSeed

REACHED_IN_TIME, DONE_IN_TIME = 0.8, 0.85
# What two actions that were on track became this week.
FRESH = (ActionStatus.DONE, ActionStatus.AT_RISK)
STATUSES = {
    "behind": (ActionStatus.NOT_STARTED, ActionStatus.ON_TRACK),
    "middle": (ActionStatus.ON_TRACK, ActionStatus.AT_RISK, ActionStatus.ON_TRACK),
    "ahead": (ActionStatus.ON_TRACK, ActionStatus.DONE, ActionStatus.ON_TRACK),
}


class Nation:
    """One country of the demo while its story is planned and told."""

    plan: Plan

    def __init__(self, content: Content, cast: Cast, story: Story) -> None:
        self.content, self.cast, self.story = content, cast, story
        self.random = random.Random(content.country)  # noqa: S311 -- the same every time
        self.places = list(Place.objects.filter(code__in=content["carried_to"]).order_by("level"))
        self.rows: dict[str, dict[str, Any]] = {
            row["place"]: row for row in content.rows("local_plan")
        }

    @property
    def national(self) -> str:
        slug: str = self.content["national"]
        return slug

    @property
    def by(self) -> Actor:
        return self.cast.actor(self.national)

    @property
    def owner(self) -> Organisation:
        return self.cast.organisations[self.national]

    def government(self, place: Place | str) -> str:
        return f"gov-{place if isinstance(place, str) else place.code}"

    def periods(self) -> list[Period]:
        """Return the reporting periods, the last one due at the second place from the end.

        -2 and -1 in the content stand for the two last ones due, 0 for the one after them.
        """
        today = self.story.at.date()
        begun = list(
            Period.objects.filter(plan=self.plan, starts_on__lte=today).order_by("starts_on")
        )
        due = [period for period in begun if period.due_on < today]
        open_still = [period for period in begun if period.due_on >= today]
        return [*due[-2:], *open_still[:1]]

    # -- The national plan --------------------------------------------------------------------

    def load(self, seed: PlanSeed, moment: datetime) -> Plan:
        """Take the public plan over; it is not kept as a version yet."""
        loaded = take_over(seed, owner=self.owner, by=self.by, at=moment)
        self.plan = loaded.plan
        return loaded.plan

    def invent_below(self, moment: datetime) -> None:
        """Say on the plan's page what is invented, and let every level report every figure."""
        say_what_is_invented(self.plan, by=self.by, at=moment)
        for indicator in Indicator.objects.filter(plan=self.plan, level__gt=1):
            changes = {"level": None}
            edit_part(indicator, changes, revision=indicator.revision, by=self.by, at=moment)
        self._name_leads(self.plan, by=self.by, at=moment)
        freeze_seed(self.plan, by=self.by, at=moment)
        open_periods(self.plan, until=self.story.at.date(), by=self.by, at=moment)

    def go_on(self, moment: datetime) -> None:
        """Say how the national level's own actions stand."""
        today = self.story.at.date()
        for action in self.plan.actions.steps().order_by("position", "pk"):
            self._stand(action, 0.6, today, by=self.by, at=moment)
        for milestone in Milestone.objects.filter(
            action__plan=self.plan, reached_on=None, due_on__lt=today - timedelta(days=20)
        ).order_by("due_on", "pk"):
            if self.random.random() < REACHED_IN_TIME:
                on = milestone.due_on - timedelta(days=self.random.randint(0, 12))
                reach_milestone(milestone, on=on, by=self.by, at=moment)

    def _stand(
        self, action: Action, progress: float, today: date, *, by: Actor, at: datetime
    ) -> None:
        if action.starts_on is not None and action.starts_on > today:
            return
        status = self._status_of(action, progress, today)
        if status != action.status:
            set_status(action, status, revision=action.revision, by=by, at=at)

    def _status_of(self, action: Action, progress: float, today: date) -> str:
        """Return how an action stands: what should be over mostly is, and little is late."""
        if action.ends_on is not None and action.ends_on < today:
            return (
                ActionStatus.DONE if self.random.random() < DONE_IN_TIME else ActionStatus.DELAYED
            )
        drawn = self.random.random()
        mood = "ahead" if drawn < progress - 0.3 else "middle" if drawn < progress else "behind"
        return self.random.choice(STATUSES[mood])

    # -- The places ---------------------------------------------------------------------------

    def carry_down(self, moment: datetime) -> None:
        made = carry_down(self.plan, self.places, by=self.by, at=moment)
        for local in made.plans:
            self._name(local, moment)
            self._plan_life_of(local, moment)
        self._set_targets(moment)

    def _set_targets(self, moment: datetime) -> None:
        """Say what each place wants to reach; counts are higher where more people live."""
        targets = Target.objects.filter(indicator__plan=self.plan, target=None)
        for target in targets.select_related("indicator", "place").order_by("pk"):
            indicator = target.indicator
            if indicator.target is None:
                continue
            times = 3 if indicator.code == "REACH" and target.place.level == 1 else 1
            set_target(
                target,
                baseline=indicator.baseline,
                wanted=indicator.target * times,
                revision=target.revision,
                by=self.by,
                at=moment,
            )

    def local_plan(self, code: str) -> Plan:
        return Plan.objects.get(parent=self.plan, place__code=code)

    def _name(self, local: Plan, moment: datetime) -> None:
        """Mark the local plan as invented where its name does not say so, in every language."""
        title = f"{local.place.name} · {self.plan.short_title}"
        mark = FICTIONAL[self.plan.language]
        if mark not in title:
            title = f"{title} ({mark})"
            edit_plan(local, {"title": title}, revision=local.revision, by=self.by, at=moment)
        short = {one: self._short_title_in(one) for one in FICTIONAL}
        names = {one: f"{local.place.name_in(one)} · {text}" for one, text in short.items()}
        rows = [(title, one, text) for one, text in names.items() if text != title]
        remember(rows, status=TranslationStatus.TEAM)

    def _short_title_in(self, language: str) -> str:
        """Return the plan's short name with the mark; an invented plan bears it in its name."""
        mark, own = FICTIONAL[language], FICTIONAL[self.plan.language]
        short = self.plan.short_title
        return self.short_titles.get(language, short) if own in short else f"{short} ({mark})"

    # Of an invented plan, by language.
    short_titles: Words = {}

    def _plan_life_of(self, local: Plan, moment: datetime) -> None:
        code = local.place.code
        row = self.rows.get(code, {"progress": 0.1 + 0.3 * self.random.random(), "stages": []})
        by = self.cast.actor(self.government(code))
        drafted = moment + timedelta(days=20 + self.random.randint(0, 30))
        self.story.on(drafted, lambda at: self._answer(code, row, by=by, at=at))
        if "adopted" in row:
            adopted = moment + timedelta(days=60 + self.random.randint(0, 40))
            self.story.on(adopted, lambda at: self._adopt(code, row, by=by, at=at))
            for number, stage in enumerate(row["stages"], start=1):
                self._plan_stage(local.place, stage, adopted + timedelta(days=45 * number))
        days = 20 + self.random.random() * 30
        self.story.ago(days, lambda at: self._go_on_below(code, row["progress"], by=by, at=at))
        if by.is_signed_in:
            # Whoever signs in finds that something changed since last week.
            self.story.ago(2, lambda at: self._change_some(code, by=by, at=at))

    def _plan_stage(self, place: Place, stage: str, moment: datetime) -> None:
        def step(at: datetime) -> None:
            set_stage(self.plan, place, stage, since_on=at.date(), by=self.by, at=at)
            local = self.local_plan(place.code)
            if stage == "under_way":
                changes = {"status": PlanStatus.UNDER_WAY}
                by = self.cast.actor(self.government(place))
                edit_plan(local, changes, revision=local.revision, by=by, at=at)

        self.story.on(moment, step)

    def _answer(self, code: str, row: dict[str, Any], *, by: Actor, at: datetime) -> None:
        """Let a place answer the national plan: adapt, refuse, drop, add actions of its own."""
        local = self.local_plan(code)
        for national_code, words in row.get("adapted", []):
            alignment = self._alignment(national_code, local.place)
            reason = self.content.say(words)
            national, own = alignment.national_action, alignment.local_action
            if own is not None:
                align(national, own, Relation.ADAPTS, by=by, at=at, reason=reason)
        for national_code, words in row.get("refused", []):
            national = self.plan.actions.get(code=national_code)
            self._take_out(national_code, local.place, by=by, at=at)
            refuse(national, local.place, self.content.say(words), by=by, at=at)
        for national_code in row.get("dropped", []):
            unalign(self._alignment(national_code, local.place), by=by, at=at)
        refused = {national_code for national_code, _words in row.get("refused", [])}
        for national_code in sorted({*self.content["untaken"], *self._not_yet(row)} - refused):
            self._take_out(national_code, local.place, by=by, at=at)
        for own_row in row.get("own", []):
            self._add_own(local, own_row, by=by, at=at)
        for duty_row in row.get("duty", []):
            self._add_duty(local, duty_row, by=by, at=at)

    def _take_out(self, national_code: str, place: Place, *, by: Actor, at: datetime) -> None:
        """Leave a national action without an answer of this place."""
        copy = self._alignment(national_code, place).local_action
        if copy is not None:
            remove_part(copy, by=by, at=at)

    def _not_yet(self, row: dict[str, Any]) -> list[str]:
        """Return what a place at the beginning has no answer to yet: what comes after awareness."""
        if "place" in row:
            return []
        steps = self.plan.actions.steps().exclude(objective__code="1.1").exclude(local_role="")
        codes = list(steps.order_by("position").values_list("code", flat=True))
        return self.random.sample(codes, k=self.random.randint(0, len(codes) // 2))

    def _alignment(self, national_code: str, place: Place) -> Alignment:
        return Alignment.objects.select_related("national_action", "local_action__plan").get(
            national_action__plan=self.plan, national_action__code=national_code, place=place
        )

    def _add_own(self, local: Plan, row: dict[str, Any], *, by: Actor, at: datetime) -> None:
        action = Action(
            plan=local,
            objective=Objective.objects.get(plan=local, code=row["objective"]),
            code=row["code"],
            title=self.content.say(row["title"]),
            position=200,
            lead=local.owner,
            starts_on=at.date(),
            ends_on=months_later(self.story.at.date(), 9),
        )
        add_part(action, by=by, at=at)
        if "supports" in row:
            national = self.plan.actions.get(code=row["supports"])
            align(national, action, Relation.SUPPORTS, by=by, at=at)

    def _add_duty(self, local: Plan, row: dict[str, Any], *, by: Actor, at: datetime) -> None:
        """Let a province owe something to its cities, as the nation does to all."""
        duty = Action(
            plan=local,
            objective=Objective.objects.get(plan=local, code=row["objective"]),
            kind=ActionKind.DUTY,
            code=row["code"],
            title=self.content.say(row["title"]),
            position=300,
            every_months=3,
        )
        add_part(duty, by=by, at=at)
        for code, days in row["owed_to"]:
            due_on = self.story.at.date() + timedelta(days=days)
            owe(duty, Place.objects.get(code=code), due_on=due_on, by=by, at=at)

    def _adopt(self, code: str, row: dict[str, Any], *, by: Actor, at: datetime) -> None:
        local = self.local_plan(code)
        if by.is_signed_in:
            self._name_leads(local, by=by, at=at)
        changes = {"legal_instrument": self.content.say(row["adopted"])}
        edit_plan(local, changes, revision=local.revision, by=by, at=at)
        adopt_plan(local, on=at.date(), by=by, at=at)
        if row.get("is_public"):
            change_marking(local, marking=Marking.CLEAR, is_hub_wide=False, by=by, at=at)
            publish_plan(local, by=by, at=at)

    def _name_leads(self, plan: Plan, *, by: Actor, at: datetime) -> None:
        """Name the bodies that lead actions: those of the place itself, of each kind."""
        bodies = {one.kind: one for one in Organisation.objects.filter(place=plan.place)}
        for action in plan.actions.steps().filter(lead=None).order_by("position", "pk"):
            if action.lead_kind in bodies:
                changes = {"lead": bodies[action.lead_kind]}
                edit_part(action, changes, revision=action.revision, by=by, at=at)

    def _go_on_below(self, code: str, progress: float, *, by: Actor, at: datetime) -> None:
        local, today = self.local_plan(code), self.story.at.date()
        for action in local.actions.steps().order_by("position", "pk"):
            if action.status != ActionStatus.CANCELLED:
                self._stand(action, progress, today, by=by, at=at)

    def _change_some(self, code: str, *, by: Actor, at: datetime) -> None:
        under_way = self.local_plan(code).actions.steps().filter(status=ActionStatus.ON_TRACK)
        for action, status in zip(under_way.order_by("position", "pk"), FRESH, strict=False):
            set_status(action, status, revision=action.revision, by=by, at=at)
