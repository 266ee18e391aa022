"""How a person and an office want to hear of items: set by the person, by an administrator."""

from datetime import datetime

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation, Person
from tansiq.core.editing import save_changes
from tansiq.exchange.models import MailChoice, MailRhythm, Route


@transaction.atomic
def choose_rhythm(person: Person, rhythm: MailRhythm, *, by: Actor, at: datetime) -> None:
    """Choose how often mails about the exchange come; the next digest counts from today."""
    MailChoice.objects.update_or_create(
        person=person, defaults={"rhythm": rhythm, "last_on": at.date()}
    )
    record(by, "exchange.choose_mails", person, at=at, detail={"rhythm": rhythm})


@transaction.atomic
def add_route(
    organisation: Organisation, values: dict[str, object], *, by: Actor, at: datetime
) -> Route:
    """Let an office hear of items over this route. The address stays out of the log."""
    route = Route.objects.create(organisation=organisation, made_at=at, **values)
    record(by, "exchange.keep_routes", organisation, at=at, detail={"added": route.pk})
    return route


@transaction.atomic
def change_route(
    route: Route, values: dict[str, object], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change a route. Raises ChangedMeanwhileError."""
    save_changes(route, values, revision=revision, at=at)
    record(by, "exchange.keep_routes", route.organisation, at=at, detail={"changed": route.pk})


@transaction.atomic
def remove_route(route: Route, *, by: Actor, at: datetime) -> None:
    """Forget a route and what waits to go over it."""
    record(by, "exchange.keep_routes", route.organisation, at=at, detail={"removed": route.pk})
    route.delete()
