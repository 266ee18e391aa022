"""The reading vocabulary of versions, amendments and proposals."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from tansiq.access.querysets import SharedQuerySet

if TYPE_CHECKING:
    import datetime as dt

    from tansiq.access.actor import Actor
    from tansiq.plans.models import (  # noqa: F401 -- named in the base classes
        Amendment,
        Consequence,
        Contribution,
        Proposal,
        Support,
        Version,
    )


class VersionQuerySet(SharedQuerySet["Version"]):
    through = "plan"

    def without_content(self) -> Self:
        """Do not load the kept text, which is long."""
        return self.defer("content")


class AmendmentQuerySet(SharedQuerySet["Amendment"]):
    """What is drafted is read by the plan's owner only, whatever the plan's marking."""

    through = "plan"

    def visible_to(self, actor: "Actor") -> Self:
        seen = super().visible_to(actor)
        if actor.is_system:
            return seen
        return seen.filter(plan__owner__in=actor.organisation_ids)

    def known_to(self, actor: "Actor") -> Self:
        return self.visible_to(actor)

    def open(self) -> Self:
        return self.filter(status="open")


class ConsequenceQuerySet(SharedQuerySet["Consequence"]):
    through = "version__plan"


class ProposalQuerySet(SharedQuerySet["Proposal"]):
    def _open_to(self, actor: "Actor") -> Q:
        """As its marking says; but what was never sent is its own organisation's only."""
        own = Q(owner__in=actor.organisation_ids)
        return super()._open_to(actor) & (Q(sent_at__isnull=False) | own)

    def open(self) -> Self:
        """Keep those that wait for an answer of their own."""
        return self.filter(status__in=("sent", "considered"), merged_into__isnull=True)

    def late_on(self, day: "dt.date") -> Self:
        return self.open().filter(answer_due_on__lt=day)


class SupportQuerySet(SharedQuerySet["Support"]):
    through = "proposal"


class ContributionQuerySet(SharedQuerySet["Contribution"]):
    through = "proposal"
