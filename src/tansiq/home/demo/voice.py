"""Places propose changes to the national plan; some of them become its next version."""

from datetime import datetime
from typing import Any

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.home.demo.amending import write_action
from tansiq.home.demo.content import read_content
from tansiq.home.demo.nation import Nation
from tansiq.home.demo.story import Step
from tansiq.plans.actions.amendments import (
    drop_part,
    open_amendment,
    put_into_force,
    write_part,
)
from tansiq.plans.actions.consequences import look_again, pass_on
from tansiq.plans.actions.duties import months_later
from tansiq.plans.actions.proposals import (
    answer_proposal,
    consider_proposal,
    link_proposal,
    merge_proposals,
    send_proposal,
    support_proposal,
    withdraw_proposal,
    write_proposal,
)
from tansiq.plans.models import Amendment, Consequence, Proposal, Subject
from tansiq.plans.queries.versions.content import read

# So many days ago the changes that were agreed came into force; what was proposed before
# that was answered shortly before.
IN_FORCE, ANSWERED, CONSIDERED = 34, 40, 3
# The place whose mayor signs in has not looked yet; every third other place has not either.
_LOOKED = 28


class Voice:
    """What the places of one country propose, and what becomes of it."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.story, self.content = nation, nation.story, nation.content
        self.raw: dict[str, Any] = read_content("voice").raw[nation.content.country]
        self.made: dict[int, Proposal] = {}

    def plan(self) -> None:
        for number, row in enumerate(self.raw["proposal"]):
            self._plan_one(number, row)
        self.story.ago(IN_FORCE, self._amend)
        self.story.ago(_LOOKED, self._look)

    # -- Proposals ----------------------------------------------------------------------------

    def _plan_one(self, number: int, row: dict[str, Any]) -> None:
        days = row["days_ago"]
        self.story.ago(days, lambda at: self._propose(number, row, at))
        answered = min(ANSWERED, days - 1)
        for place in row.get("support", []):
            self.story.ago((days + answered) / 2, self._supporting(number, place))
        if "merged_with" in row:
            main = row["merged_with"]
            self.story.ago(answered + 1, lambda at: self._merge(main, number, at))
        state = row.get("state", "sent")
        if state in {"accepted", "partly", "declined"}:
            self.story.ago(answered, lambda at: self._answer(number, row, at))
        elif state == "considered":
            self.story.ago(CONSIDERED, lambda at: self._consider(number, at))
        elif state == "withdrawn":
            self.story.ago(days - 6, lambda at: self._withdraw(number, at))

    def _propose(self, number: int, row: dict[str, Any], at: datetime) -> None:
        language = row.get("language", self.content.language)
        place = Place.objects.get(code=row["place"])
        by = self._actor(row["place"])
        plan = self.nation.plan
        action = plan.actions.filter(code=row.get("action", "")).first()
        proposal = Proposal(
            plan=plan,
            owner=self.nation.cast.organisations[self.nation.government(place)],
            place=place,
            marking="green",
            purpose=self.content.say(self.raw["proposal"][number]["title"], language)[:200],
            subject=row.get("subject", Subject.ACTION),
            action=action,
            objective=plan.objectives.filter(code=row.get("objective", "")).first(),
            language=language,
            title=self.content.say(row["title"], language),
            why=self.content.say(row["why"], language),
            basis=row["basis"],
            rests_on=self.content.say(row.get("rests_on"), language),
        )
        self.made[number] = write_proposal(proposal, by=by, at=at)
        if row.get("state") != "draft":
            send_proposal(proposal, by=by, at=at)

    def _actor(self, code: str) -> Actor:
        return self.nation.cast.actor(self.nation.government(code))

    def _supporting(self, number: int, place: str) -> Step:
        return lambda at: self._support(number, place, at)

    def _support(self, number: int, place: str, at: datetime) -> None:
        body = self.nation.cast.organisations[self.nation.government(place)]
        support_proposal(self.made[number], body, by=self._actor(place), at=at)

    def _merge(self, main: int, number: int, at: datetime) -> None:
        merge_proposals(self.made[main], [self.made[number]], by=self.nation.by, at=at)

    def _answer(self, number: int, row: dict[str, Any], at: datetime) -> None:
        answer = self.content.say(row["answer"])
        proposal, status = self.made[number], row["state"]
        answer_proposal(proposal, status=status, answer=answer, by=self.nation.by, at=at)

    def _consider(self, number: int, at: datetime) -> None:
        consider_proposal(self.made[number], by=self.nation.by, at=at)

    def _withdraw(self, number: int, at: datetime) -> None:
        proposal = self.made[number]
        by = self.nation.cast.actor(proposal.owner.slug)
        withdraw_proposal(proposal, by=by, at=at)

    # -- The next version ---------------------------------------------------------------------

    def _amend(self, at: datetime) -> None:
        row, by = self.raw["amendment"], self.nation.by
        reason = self.content.say(row["reason"], self.nation.plan.language)
        amendment = open_amendment(self.nation.plan, reason=reason, by=by, at=at)
        keys = self._write(amendment, row, at)
        for number, proposal in self.made.items():
            code = self.raw["proposal"][number].get("changed")
            if code is not None:
                link_proposal(proposal, amendment, "actions", keys[code], by=by, at=at)
        instrument = self.content.say(row["instrument"], self.nation.plan.language)
        version = put_into_force(amendment, legal_instrument=instrument, on=at.date(), by=by, at=at)
        pass_on(version, at=at)

    def _write(self, amendment: Amendment, row: dict[str, Any], at: datetime) -> dict[str, str]:
        """Write all changes into the draft; return the keys of actions by their codes."""
        by, language = self.nation.by, self.nation.plan.language
        before = read(amendment.content)
        objectives = {one["code"]: one["key"] for one in before["objectives"]}
        actions = {one["code"]: one for one in before["actions"]}
        for one in row["reword"]:
            words = {"title": self.content.say(one["title"], language)}
            write_action(amendment, one["code"], words, by=by, at=at)
        for code, objective in row["move"]:
            write_action(amendment, code, {"objective": objectives[objective]}, by=by, at=at)
        for code, months in row["later"]:
            ends_on = self.nation.plan.actions.get(code=code).ends_on
            if ends_on is not None:
                later = min(months_later(ends_on, months), self.nation.plan.ends_on)
                write_action(amendment, code, {"ends_on": later}, by=by, at=at)
        keys = {code: one["key"] for code, one in actions.items()}
        for one in row["add"]:
            part = actions[one["like"]] | {"key": "", "code": one["code"]}
            for name in ("title", "local_role"):
                part[name] = self.content.say(one.get(name), language)
            written = write_part(amendment, "actions", part, revision=0, by=by, at=at)
            keys[one["code"]] = written["key"]
        for code in row["drop"]:
            drop_part(amendment, "actions", keys[code], by=by, at=at)
        return keys

    def _look(self, at: datetime) -> None:
        """Let most places say that they have looked at what the version means for them."""
        waiting = Consequence.objects.filter(version__plan=self.nation.plan, looked_at=None)
        for number, one in enumerate(waiting.select_related("place", "version__plan")):
            by = self._actor(one.place.code)
            if not by.is_signed_in and number % 3:
                look_again(one, None, by=by, at=at)
