"""Sharing groups and networks: made, kept up, ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.core.editing import save_changes
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.models import Group


@dataclass(frozen=True)
class GroupWords:
    name: str
    members: Iterable[Organisation]
    is_network: bool = False
    purpose: str = ""


@transaction.atomic
def make_group(owner: Organisation, words: GroupWords, *, by: Actor, at: datetime) -> Group:
    """Make a group of these organisations. Raises ExchangeError when the name is taken."""
    try:
        with transaction.atomic():
            group = Group.objects.create(
                owner=owner,
                name=words.name,
                is_network=words.is_network,
                purpose=words.purpose,
                changed_at=at,
            )
    except IntegrityError as problem:
        raise ExchangeError(_("You have a group of this name already.")) from problem
    group.named_organisations.set(words.members)
    record(by, "exchange.group_make", group, at=at)
    return group


@transaction.atomic
def change_group(
    group: Group, words: GroupWords, *, revision: int, by: Actor, at: datetime
) -> None:
    """Change name and members. Raises ExchangeError and ChangedMeanwhileError."""
    changes = {"name": words.name, "is_network": words.is_network, "purpose": words.purpose}
    try:
        with transaction.atomic():
            save_changes(group, changes, revision=revision, at=at)
    except IntegrityError as problem:
        raise ExchangeError(_("You have a group of this name already.")) from problem
    group.named_organisations.set(words.members)
    members = group.named_organisations.count()
    record(by, "exchange.group_keep", group, at=at, detail={"members": members})


@transaction.atomic
def end_group(group: Group, *, by: Actor, at: datetime) -> None:
    """End a group: nothing more can be sent to it; what was sent stays with those who have it."""
    if group.ended_at is None:
        Group.objects.filter(pk=group.pk).update(ended_at=at)
        group.ended_at = at
        record(by, "exchange.group_end", group, at=at)
