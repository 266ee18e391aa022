from typing import ClassVar

from django.db import models

from tansiq.access.models import Visible
from tansiq.plans.models.plans import Action, Objective
from tansiq.plans.querysets import DeclinedMatchQuerySet


class DeclinedMatch(Visible):
    """Somebody said that a local action does not belong to a national objective.

    It counts while both are worded as they were; `fingerprint` holds the wording.
    """

    local_action = models.ForeignKey(Action, models.CASCADE, related_name="declined_matches")
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=32)
    at = models.DateTimeField()

    objects: ClassVar = DeclinedMatchQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["local_action", "objective"], name="match_declined_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local_action} is not of {self.objective}"
