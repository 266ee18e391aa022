"""A made-up month of exchange in each country: what was sent, what became of it, what it led to."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from tansiq.access.models import Marking, Organisation, Place
from tansiq.exchange.actions.agreements import (
    Terms,
    add_party,
    offer_agreement,
    sign_agreement,
    write_agreement,
)
from tansiq.exchange.actions.answers import note_decision
from tansiq.exchange.actions.consultations import (
    Remark,
    Said,
    respond,
    split_text,
    write_comment,
)
from tansiq.exchange.actions.items import Draft, acknowledge, mark_read, send_item, write_item
from tansiq.exchange.actions.items import write_reply as answer
from tansiq.exchange.actions.passing_on import allow_passing_on
from tansiq.exchange.actions.rhythms import Beat, make_rhythm
from tansiq.exchange.audience import Choice
from tansiq.exchange.models import (
    Every,
    Item,
    ItemKind,
    ObligationKind,
    Outcome,
    Receipt,
    ReceiptState,
    Way,
)
from tansiq.home.demo.cast import Cast
from tansiq.home.demo.content import Content, Words, read_content
from tansiq.home.demo.story import Story

# So many weeks are told.
_WEEKS = 6


class Correspondence:
    """The items of one country, each planned with everything that follows from it."""

    def __init__(self, content: Content, cast: Cast, story: Story) -> None:
        everything = read_content("exchange").raw
        self.raw: dict[str, Any] = everything.get(content.country, {})
        self.content = Content(content.country, content.language, content.raw)
        self.cast, self.story = cast, story
        self.items: dict[str, Item] = {}

    def plan(self) -> None:
        """Enter who takes part only here, and plan every step."""
        for code in self.raw.get("mayors", []):
            self.cast.enter_government(code, self.content)
        for row in self.raw.get("item", []):
            self.story.ago(row["days_ago"], self._sending(row))
        for row in self.raw.get("weekly", []):
            self._plan_weeks(row)
        for row in self.raw.get("agreement", []):
            self.story.ago(_WEEKS * 7 + 20, self._agreeing(row))
        for row in self.raw.get("rhythm", []):
            self.story.ago(_WEEKS * 7 + 10, self._owing(row))

    def _sending(self, row: dict[str, Any]) -> Callable[[datetime], None]:
        return lambda at: self._send(row, at)

    def _send(self, row: dict[str, Any], at: datetime) -> None:
        by = self.cast.actor(row["from"])
        item = write_item(self._organisation(row["from"]), self._draft(row, at), by=by, at=at)
        self.items[row["name"]] = item
        if row.get("is_draft"):
            return
        if row.get("may_pass_on"):
            allow_passing_on(item, is_allowed=True, by=by, at=at)
        send_item(item, by=by, at=at)
        if row.get("is_parted"):
            split_text(item, by=by, at=at)
        for days, step in self._what_follows(item, row):
            self._later(days, step)

    def _what_follows(
        self, item: Item, row: dict[str, Any]
    ) -> Iterator[tuple[float, Callable[[datetime], None]]]:
        for slug, days, state, *reason in row.get("said", []):
            yield days, self._saying(item, slug, state, reason[0] if reason else None)
        for slug, at_slug, days, words in row.get("answers", []):
            yield days, self._answering(item, slug, at_slug, words)
        for slug, days, number, words in row.get("comments", []):
            yield days, self._commenting(item, slug, number, words)
        for slugs, days, outcome, words in row.get("responses", []):
            yield days, self._responding(item, slugs, outcome, words)
        for slug, days, words in row.get("led_to", []):
            yield days, self._deciding(item, slug, words)

    def _later(self, days: float, step: Callable[[datetime], None]) -> None:
        # Not in the minute in which it was sent, even on the same day.
        self.story.ago(max(days - 0.2, 0.05), step)

    def _draft(self, row: dict[str, Any], at: datetime) -> Draft:
        language = row.get("language", next(iter(row["text"])))
        answer_in = row.get("answer_in")
        origin = self.items[row["origin"]] if "origin" in row else None
        return Draft(
            kind=ItemKind(row["kind"]),
            title=self.content.say(row["title"], language),
            text=self.content.say(row["text"], language),
            language=language,
            expires_on=at.date() + timedelta(days=row["holds"]),
            audience=[self._choice(one) for one in row["to"]],
            marking=row.get("marking", Marking.AMBER),
            reply_by=at + timedelta(days=answer_in) if answer_in else None,
            origin=origin,
        )

    def _choice(self, row: dict[str, Any]) -> Choice:
        if row["to"] == "organisation":
            return {"to": "organisation", "pk": self.cast.organisations[row["slug"]].pk}
        place = Place.objects.get(code=row["place"])
        return {"to": "level", "place": place.pk, "level": row["level"], "kind": ""}

    def _receipt(self, item: Item, slug: str) -> Receipt:
        return Receipt.objects.select_related("item__owner", "organisation").get(
            item=item, organisation=self.cast.organisations[slug]
        )

    def _saying(
        self, item: Item, slug: str, state: str, reason: Words | None
    ) -> Callable[[datetime], None]:
        def say(at: datetime) -> None:
            by = self.cast.actor(slug)
            mark_read(item, by=by, at=at)
            language = next(iter(reason)) if reason else ""
            words = self.content.say(reason, language)
            said = ReceiptState(state)
            acknowledge(self._receipt(item, slug), said, reason=words, by=by, at=at)

        return say

    def _answering(
        self, item: Item, slug: str, at_slug: str, words: Words
    ) -> Callable[[datetime], None]:
        def reply(at: datetime) -> None:
            language = next(iter(words))
            answer(
                self._receipt(item, at_slug),
                self._organisation(slug),
                self.content.say(words, language),
                language=language,
                by=self.cast.actor(slug),
                at=at,
            )

        return reply

    def _deciding(self, item: Item, slug: str, words: Words) -> Callable[[datetime], None]:
        def decide(at: datetime) -> None:
            said = self.content.say(words, next(iter(words)))
            note_decision(self._receipt(item, slug), said, by=self.cast.actor(slug), at=at)

        return decide

    # -- A consultation -----------------------------------------------------------------------

    def _commenting(
        self, item: Item, slug: str, number: int, words: Words
    ) -> Callable[[datetime], None]:
        def comment(at: datetime) -> None:
            language = next(iter(words))
            said = self.content.say(words, language)
            remark = Remark(said, language, portion=item.portions.get(number=number))
            write_comment(self._receipt(item, slug), remark, by=self.cast.actor(slug), at=at)

        return comment

    def _responding(
        self, item: Item, slugs: list[str], outcome: str, words: Words
    ) -> Callable[[datetime], None]:
        def answer_them(at: datetime) -> None:
            language = next(iter(words))
            said = Said(Outcome(outcome), self.content.say(words, language), language)
            keys = item.comments.filter(organisation__slug__in=slugs).values_list("pk", flat=True)
            respond(item, list(keys), said, by=self.cast.actor(item.owner.slug), at=at)

        return answer_them

    # -- What comes every week ----------------------------------------------------------------

    def _plan_weeks(self, row: dict[str, Any]) -> None:
        for week in range(1, _WEEKS + 1):
            for number, slug in enumerate(row["from"]):
                days_ago = 7 * (_WEEKS - week) + 3 + 0.2 * number
                self.story.ago(days_ago, self._weekly(row, slug, week, number))

    def _weekly(
        self, row: dict[str, Any], slug: str, week: int, number: int
    ) -> Callable[[datetime], None]:
        def send(at: datetime) -> None:
            title = {one: text.format(week=week) for one, text in row["title"].items()}
            draft = self._draft(row | {"title": title, "holds": 120}, at)
            by = self.cast.actor(slug)
            item = write_item(self._organisation(slug), draft, by=by, at=at)
            for turn, receipt in enumerate(send_item(item, by=by, at=at), start=week + number):
                self._take_in_turn(receipt, row, turn, at)

        return send

    def _take_in_turn(self, receipt: Receipt, row: dict[str, Any], turn: int, at: datetime) -> None:
        slug = receipt.organisation.slug
        said, answered = row["said_after"], row["answered_after"]
        if hours := said[turn % len(said)]:
            saying = self._saying(receipt.item, slug, ReceiptState.UNDERSTOOD, None)
            self._within(at, hours, saying)
        if hours := answered[turn % len(answered)]:
            self._within(at, hours, self._answering(receipt.item, slug, slug, row["answer"]))

    def _within(self, at: datetime, hours: float, step: Callable[[datetime], None]) -> None:
        """Plan a step for so many hours later, unless that is still to come."""
        moment = at + timedelta(hours=hours)
        if moment < self.story.at:
            self.story.on(moment, step)

    # -- What was agreed ----------------------------------------------------------------------

    def _owing(self, row: dict[str, Any]) -> Callable[[datetime], None]:
        def owe(at: datetime) -> None:
            beat = Beat(
                way=Way(row["way"]),
                kind=ObligationKind(row["kind"]),
                what=self.content.say(row["what"], next(iter(row["what"]))),
                language=next(iter(row["what"])),
                audience=[self._choice(one) for one in row["to"]],
                every=Every(row["every"]),
                first_due_on=self.story.at.date() + timedelta(days=row["in_days"]),
            )
            make_rhythm(self._organisation(row["by"]), beat, by=self.cast.actor(row["by"]), at=at)

        return owe

    def _agreeing(self, row: dict[str, Any]) -> Callable[[datetime], None]:
        def agree(at: datetime) -> None:
            language = next(iter(row["title"]))
            say = self.content.say
            terms = Terms(
                title=say(row["title"], language),
                purpose=say(row["purpose"], language),
                legal_basis=say(row["legal_basis"], language),
                data_kinds=say(row["data_kinds"], language),
                complaints=say(row["complaints"], language),
                language=language,
                markings=row["markings"],
                channels=row["channels"],
                review_on=self.story.at.date() + timedelta(days=200),
            )
            by = self.cast.actor(row["owner"])
            agreement = write_agreement(self._organisation(row["owner"]), terms, by=by, at=at)
            for slug in row["parties"]:
                add_party(agreement, self._organisation(slug), by=by, at=at)
            offer_agreement(agreement, by=by, at=at)
            for slug in [row["owner"], *row["parties"]]:
                if slug not in row["unsigned"]:
                    party = agreement.parties.get(organisation=self._organisation(slug))
                    office = str(party.organisation)
                    sign_agreement(party, signed_as=office, by=self.cast.actor(slug), at=at)

        return agree

    def _organisation(self, slug: str) -> Organisation:
        return self.cast.organisations[slug]
