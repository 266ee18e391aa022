import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Place, Shared, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Action, Objective, Plan
from tansiq.plans.models.versions import Amendment
from tansiq.plans.querysets import (
    ContributionQuerySet,
    ProposalQuerySet,
    SupportQuerySet,
)


class ProposalStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("proposal", "being written")
    SENT = "sent", pgettext_lazy("proposal", "sent")
    CONSIDERED = "considered", pgettext_lazy("proposal", "being considered")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
    PARTLY = "partly", pgettext_lazy("proposal", "accepted in part")
    DECLINED = "declined", pgettext_lazy("proposal", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")


OPEN = (ProposalStatus.SENT, ProposalStatus.CONSIDERED)
ANSWERS = (ProposalStatus.ACCEPTED, ProposalStatus.PARTLY, ProposalStatus.DECLINED)
TAKEN = (ProposalStatus.ACCEPTED, ProposalStatus.PARTLY)


class Subject(models.TextChoices):
    PLAN = "plan", _("the plan as a whole")
    OBJECTIVE = "objective", _("an objective")
    ACTION = "action", _("an action")
    MISSING = "missing", _("something that is missing")


class Basis(models.TextChoices):
    EXPERIENCE = "experience", _("our own experience")
    EVIDENCE = "evidence", _("figures, studies or an evaluation")
    BOTH = "both", _("both")


class Proposal(Shared, Editable):
    """What a place asks to change in the national plan, why, and what became of it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="proposals")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    subject = models.CharField(_("what it is about"), max_length=9, choices=Subject)
    objective = models.ForeignKey(
        Objective,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("objective"),
    )
    action = models.ForeignKey(
        Action,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("action"),
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    title = models.CharField(_("what should change"), max_length=250)
    why = models.TextField(_("why"))
    basis = models.CharField(_("what it rests on"), max_length=10, choices=Basis)
    rests_on = models.TextField(_("the experience or evidence"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ProposalStatus, default=ProposalStatus.DRAFT
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    answer = models.TextField(_("answer and reason"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    # Similar ones get one answer: that of the proposal they were put together with.
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged"
    )

    objects: ClassVar = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Proposals")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=("draft", "withdrawn"))
                | models.Q(sent_at__isnull=False, answer_due_on__isnull=False),
                name="proposal_sent_has_a_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=("accepted", "partly", "declined"))
                | ~models.Q(answer=""),
                name="proposal_answer_has_a_reason",
                violation_error_message=_("Give the reason; the place reads it."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plan", "status", "answer_due_on"], name="proposal_inbox"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        plan = self.plan
        return reverse("plans:proposal", args=[plan.country.code, plan.slug, self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == ProposalStatus.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether an answer is owed."""
        return self.status in OPEN

    @property
    def is_answered(self) -> bool:
        return self.status in ANSWERS

    @property
    def is_taken_up(self) -> bool:
        return self.status in TAKEN

    def answer_is_late_on(self, day: dt.date) -> bool:
        return self.is_open and self.answer_due_on is not None and self.answer_due_on < day


class Support(Visible):
    """That another body of the same level wants the same."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="supports")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar = SupportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "organisation"], name="support_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} supports {self.proposal_id}"


class Contribution(Visible):
    """Which part of which version a proposal changed."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="contributions")
    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="contributions")
    # The part as the content of the version names it: such as "actions" and "12".
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=20)

    objects: ClassVar = ContributionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["proposal", "amendment", "kind", "key"], name="contribution_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} changed {self.kind} {self.key}"
