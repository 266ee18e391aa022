"""What happens to a draft beside its sending: it is handed to who may send it, or deleted."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Person
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.actions.files import remove_file
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.models import Item

register("exchange.to_send", gettext_lazy("%(by)s asks you to send: %(title)s."))


@transaction.atomic
def ask_to_send(item: Item, *, by: Actor, at: datetime) -> int:
    """Tell those who may send this draft that it is ready; return how many were told.

    Raises ExchangeError when there is nobody.
    """
    people = people_of([item.owner_id], at=at, least=Role.COORDINATOR)
    writer = Person.objects.filter(pk=by.person_id).first()
    facts = {"by": str(writer or item.owner), "title": item.title}
    url = reverse("exchange:send", args=[item.pk])
    told = notify(people, "exchange.to_send", item, url=url, facts=facts, at=at)
    if not told:
        raise ExchangeError(
            _("Nobody who may send it can see it. Ask an administrator for a coordinator.")
        )
    record(by, "exchange.ask_to_send", item, at=at, detail={"told": len(told)})
    return len(told)


@transaction.atomic
def delete_draft(item: Item, *, by: Actor, at: datetime) -> None:
    """Delete a draft and its files for good. Raises ExchangeError once it is sent."""
    if not Item.objects.select_for_update(of=("self",)).get(pk=item.pk).is_draft:
        raise ExchangeError(_("This was sent meanwhile. What was sent stays as it is."))
    record(by, "exchange.delete", item, at=at, detail={"kind": item.kind, "marking": item.marking})
    for attachment in item.attachments.all():
        remove_file(attachment)
    item.delete()
