from dataclasses import dataclass, field
from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    VIEWER = "viewer", pgettext_lazy("role", "viewer")
    CONTRIBUTOR = "contributor", pgettext_lazy("role", "contributor")
    COORDINATOR = "coordinator", pgettext_lazy("role", "coordinator")
    LEAD = "lead", pgettext_lazy("role", "lead")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "administrator")
    OVERSEER = "overseer", _("independent overseer")


# Each role may do what the ones before it may. The overseer stands outside: it watches.
LADDER = (Role.VIEWER, Role.CONTRIBUTOR, Role.COORDINATOR, Role.LEAD, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Actor:
    """Who is asking: a signed-in person, a passer-by, or the system itself."""

    person_id: int | None = None
    # Only memberships that are in force on the day of the request.
    roles: frozenset[tuple[int, Role]] = frozenset()
    # The countries (code, such as "id") whose network the person's organisations belong to;
    # overseeing a country does not make one a member of its network.
    countries: frozenset[str] = frozenset()
    # The countries that share a regional hub with one of those.
    hub_countries: frozenset[str] = frozenset()
    # The hubs these countries belong to, and those the person is a member of.
    hubs: frozenset[int] = frozenset()
    # The countries in which the person is an independent overseer, and their hubs.
    overseen: frozenset[str] = frozenset()
    overseen_hubs: frozenset[int] = frozenset()
    # Runs the platform: keeps places and organisations, and sees nothing of what they share.
    is_operator: bool = False
    # The day of the request: what ends on a day is asked of it. None asks nothing.
    on: date | None = None
    # What an overseer has opened for a short time, with a logged reason: (kind, pk).
    unsealed: frozenset[tuple[str, int]] = field(default=frozenset())
    system_reason: str = ""

    @classmethod
    def system(cls, reason: str) -> Self:
        """Return an actor that sees everything; `reason` goes into the log."""
        return cls(system_reason=reason)

    @property
    def is_system(self) -> bool:
        return bool(self.system_reason)

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations whose things this actor sees as a member (an overseer does not)."""
        return frozenset(pk for pk, role in self.roles if role != Role.OVERSEER)

    @property
    def is_overseer(self) -> bool:
        return bool(self.overseen)

    def is_at_least(self, role: Role, *, in_organisation: int | None) -> bool:
        """Return whether a membership in this organisation reaches the role on the ladder."""
        if self.is_system:
            return True
        wanted = LADDER[LADDER.index(role) :]
        return any((in_organisation, one) in self.roles for one in wanted)

    def organisations_as(self, role: Role) -> frozenset[int]:
        """Return the organisations in which this actor has at least this role."""
        wanted = LADDER[LADDER.index(role) :]
        return frozenset(pk for pk, one in self.roles if one in wanted)


PASSER_BY = Actor()
