"""Two bodies find that they do the same, and talk about it."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from tansiq.home.demo.cast import Cast
from tansiq.home.demo.content import Content, read_content
from tansiq.home.demo.register import enter_activity
from tansiq.home.demo.story import Story
from tansiq.plans.actions.conversations import close_conversation, open_conversation, say
from tansiq.plans.actions.overlaps import find_all
from tansiq.plans.models import Outcome, Overlap, Plan


def plan_overlaps(plan: Plan, content: Content, cast: Cast, story: Story) -> None:
    """Let more activities be entered, and the bodies of this country talk about theirs."""
    told = read_content("overlaps")
    for row in told.rows("activity"):
        if row["country"] == content.country:
            days = max(-row["from"] - 1, 6)
            story.ago(days, enter_activity(plan, content, row, cast=cast, story=story))
    for row in told.rows("talk"):
        if row["country"] == content.country:
            Talk(row, cast).plan(story)
    story.ago(0.5, find_what_overlaps)


def find_what_overlaps(at: datetime) -> None:
    """Find the pairs at once; in the demo no job runs between two steps."""
    find_all(at=at)


class Talk:
    """One conversation: opened, answered, ended."""

    def __init__(self, row: dict[str, Any], cast: Cast) -> None:
        self.row, self.cast = row, cast

    def plan(self, story: Story) -> None:
        (opener, days, text), *replies = self.row["messages"]
        story.ago(days, lambda at: self._open(opener, text, at))
        for slug, ago, words in replies:
            story.ago(ago, self._reply(slug, words))
        if "outcome" in self.row:
            outcome, slug, ago, words = self.row["outcome"]
            story.ago(ago, lambda at: self._close(Outcome(outcome), slug, words, at))

    def _pair(self) -> Overlap:
        one, other = (self.cast.organisations[slug] for slug in self.row["between"])
        both = Q(first__owner=one, second__owner=other) | Q(first__owner=other, second__owner=one)
        of_kind = Overlap.objects.filter(theme=self.row["theme"], audience=self.row["audience"])
        return of_kind.filter(both).latest("score", "pk")

    def _who(self, slug: str, at: datetime) -> dict[str, Any]:
        return {
            "organisation": self.cast.organisations[slug],
            "language": self.row["language"],
            "by": self.cast.actor(slug),
            "at": at,
        }

    def _open(self, slug: str, text: str, at: datetime) -> None:
        find_what_overlaps(at)
        open_conversation(self._pair(), text, **self._who(slug, at))

    def _reply(self, slug: str, text: str) -> Any:
        def step(at: datetime) -> None:
            conversation = self._pair().conversation
            if conversation is not None:
                say(conversation, text, **self._who(slug, at))

        return step

    def _close(self, outcome: Outcome, slug: str, words: str, at: datetime) -> None:
        conversation = self._pair().conversation
        if conversation is not None:
            close_conversation(conversation, outcome, words, **self._who(slug, at))
