"""What places report for the last periods, in every state a report can be in."""

import random
from datetime import datetime, timedelta
from typing import Any

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.access.queries import lead_above
from tansiq.home.demo.figures import evidence_file, figures_of
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.evidence import add_evidence
from tansiq.plans.actions.reports import (
    accept_report,
    remind_of_answer,
    remind_place,
    reopen_report,
    reply,
    return_report,
    start_report,
    submit_report,
)
from tansiq.plans.actions.values import Value, correct_value, withdraw_value
from tansiq.plans.actions.writing import save_report
from tansiq.plans.models import Datapoint, Indicator, Period, Report
from tansiq.plans.queries.reporting import asked_of

_PLACES_FOR = {-2: 0, -1: 1, 0: 2}


class Reporting:
    """The reports of one country: one row of the content each, the rest is plainly accepted."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.story, self.content = nation, nation.story, nation.content
        self.indicators = list(
            Indicator.objects.filter(plan=nation.plan).order_by("position", "pk")
        )

    def plan(self) -> None:
        rows = {(row["place"], row["period"]): row for row in self.content.rows("report")}
        periods = self.nation.periods()
        for place in self.nation.places:
            for number, position in _PLACES_FOR.items():
                if position >= len(periods):
                    continue
                default = {"end": "accepted"} if number < 0 else None
                row = rows.get((place.code, number), default)
                if row is not None:
                    _OneReport(self, place, periods[position], row).plan()


class _OneReport:
    """How one report came about, step by step."""

    def __init__(
        self, reporting: Reporting, place: Place, period: Period, row: dict[str, Any]
    ) -> None:
        self.nation, self.content = reporting.nation, reporting.content
        self.story, self.indicators = reporting.story, reporting.indicators
        self.place, self.period, self.row = place, period, row
        self.language: str = row.get("language", self.content.language)
        self.random = random.Random(f"{place.code} {period.starts_on}")  # noqa: S311 -- the same every time
        self.delay = self.random.randrange(4)

    @property
    def slug(self) -> str:
        return self.nation.government(self.place)

    @property
    def by(self) -> Actor:
        return self.nation.cast.actor(self.slug)

    def receiver(self) -> Actor:
        above = lead_above(self.place)
        return self.nation.cast.actor(above.slug if above else self.nation.national)

    def report(self) -> Report:
        return Report.objects.select_related("period__plan", "place", "owner", "addressee").get(
            period=self.period, place=self.place
        )

    def say(self, name: str) -> str:
        if name in self.row:
            return self.content.say(self.row[name], self.language)
        return self.content.phrase(name, self.random.randrange(9), self.language)

    def plan(self) -> None:
        getattr(self, f"_plan_{self.row['end']}")()

    def _after(self, days: int, step: Any) -> None:
        """Plan a step for so many days after the period."""
        moment = self.period.ends_on + timedelta(days=days + self.delay)
        self.story.on(moment, step)

    def _ago(self, number: int, step: Any) -> None:
        """Plan a step for the day the content names for it."""
        days = self.row.get("days", [26, 14, 4])[number]
        # At another hour for each place, and the steps of one report in their order.
        self.story.ago(days + self.delay / 9, step)

    # -- How it ends --------------------------------------------------------------------------

    def _plan_accepted(self) -> None:
        self._after(6, self.write)
        self._after(10, self.send)
        if self.row.get("asked_after"):
            self._after(14, self.give_back)
            self._after(17, self.answer_back)
            self._after(18, self.send)
        self._after(24, self.accept)

    def _plan_unanswered(self) -> None:
        self._ago(0, self.write)
        self._ago(0, self.send)
        self._ago(1, self.accept_without_answer)
        self.story.ago(3, self.ask_for_answer)

    def _plan_submitted(self) -> None:
        self._ago(0, self.write)
        self._ago(0, self.send)

    def _plan_returned(self) -> None:
        self._plan_submitted()
        self._ago(1, self.give_back)
        if "reply" in self.row:
            self._ago(1, self.answer_back)

    def _plan_resent(self) -> None:
        self._plan_submitted()
        self._ago(1, self.give_back)
        self._ago(2, self.answer_back)
        self._ago(2, self.send)

    def _plan_draft(self) -> None:
        self._ago(0, self.write)

    def _plan_overdue(self) -> None:
        self.story.ago(20, self.write)
        self.story.ago(6, self.ask_for_report)

    def _plan_none(self) -> None:
        self.story.ago(7, self.ask_for_report)

    def _plan_corrected(self) -> None:
        self._plan_accepted()
        self.story.ago(34, self.correct)

    def _plan_withdrawn(self) -> None:
        self._plan_accepted()
        self.story.ago(33, self.withdraw)

    def _plan_reopened(self) -> None:
        self._plan_accepted()
        self.story.ago(44, self.reopen)
        self.story.ago(39, self.send)
        self.story.ago(35, self.accept)

    # -- The steps ----------------------------------------------------------------------------

    def write(self, at: datetime) -> None:
        report = start_report(
            self.period,
            self.place,
            owner=self.nation.cast.organisations[self.slug],
            language=self.language,
            by=self.by,
            at=at,
        )
        words = {"narrative": self.say("narrative")}
        if "filled" not in self.row or "blockers" in self.row:
            words["blockers"] = self.say("blockers")
        if "wishes" in self.row:
            words["wishes"] = self.say("wishes")
        entries = self._figures()
        save_report(report, words, entries, revision=report.revision, pen="", by=self.by, at=at)
        if kind := self.row.get("evidence"):
            file = evidence_file(kind, self.place)
            description = self.say("quality")
            add_evidence(report, file, description=description, by=self.by, at=at)

    def _figures(self) -> dict[tuple[Indicator, str], Value | None]:
        self.period.plan = self.nation.plan
        asked = asked_of(self.indicators, self.period, self.place)
        # What is filled counts the words, too.
        wanted = round((len(asked) + 1) * self.row.get("filled", 1.0)) - 1
        as_of = min(self.period.ends_on, self.story.at.date())
        note = self.say("quality")
        counted = {"TRAIN", "REACH"}
        entries: dict[tuple[Indicator, str], Value | None] = {}
        for indicator in asked[: max(wanted, 0)]:
            for part, (number, base) in figures_of(indicator, self.place, self.random).items():
                said = note if indicator.code in counted and not part else ""
                entries[indicator, part] = Value(number, as_of, part, base, said)
        return entries

    def send(self, at: datetime) -> None:
        submit_report(self.report(), by=self.by, at=at)

    def accept(self, at: datetime) -> None:
        accept_report(self.report(), answer=self.say("answer"), by=self.receiver(), at=at)

    def accept_without_answer(self, at: datetime) -> None:
        accept_report(self.report(), answer="", by=self.receiver(), at=at)

    def give_back(self, at: datetime) -> None:
        return_report(self.report(), self.say("question"), by=self.receiver(), at=at)

    def answer_back(self, at: datetime) -> None:
        reply(self.report(), self.say("reply"), by=self.by, at=at)

    def ask_for_answer(self, at: datetime) -> None:
        remind_of_answer(self.report(), by=self.by, at=at)

    def ask_for_report(self, at: datetime) -> None:
        remind_place(self.period, self.place, by=self.receiver(), at=at)

    def reopen(self, at: datetime) -> None:
        reopen_report(self.report(), self.say("reopened"), by=self.receiver(), at=at)

    def correct(self, at: datetime) -> None:
        value = self._accepted("TRAIN")
        number = value.indicator.as_number(value.amount)
        if number is None:
            return
        # No fewer than the parts that stand beside it would need a correction of their own.
        corrected = Value(number + 7, value.as_of, value.part, value.weight, self.say("quality"))
        correct_value(value, corrected, by=self.by, at=at, reason=self.say("correction"))

    def withdraw(self, at: datetime) -> None:
        value = self._accepted("SEATS")
        withdraw_value(value, by=self.by, at=at, reason=self.say("withdrawal"))

    def _accepted(self, code: str) -> Datapoint:
        return Datapoint.objects.select_related("indicator", "report__period__plan").get(
            report=self.report(), indicator__code=code, part=""
        )
