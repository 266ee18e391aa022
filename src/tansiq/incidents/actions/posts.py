"""Naming who holds a role all year, and their deputies in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Contact, Organisation, Person
from tansiq.access.notices import notify, register
from tansiq.core.editing import save_changes
from tansiq.incidents.models import PlaybookVersion, Post
from tansiq.incidents.wording import role_title

register(
    "incidents.post_named",
    gettext_lazy("%(organisation)s names you for a role when something happens: %(role)s."),
)

# Ranks are moved out of the way by this much while others take their numbers.
_ASIDE = 10_000


class PostError(Exception):
    """Nobody can be named so; the message says why."""


@dataclass(frozen=True)
class Reach:
    """How somebody is reached at any hour, beside their e-mail address."""

    phone: str = ""
    languages: tuple[str, ...] = ()
    channel_note: str = ""


@transaction.atomic
def name_to_role(
    organisation: Organisation,
    role: str,
    who: Person | Contact,
    reach: Reach,
    *,
    playbook: PlaybookVersion,
    by: Actor,
    at: datetime,
) -> Post:
    """Name a member or a contact, as holder where there is none, else as the next deputy.

    Raises PostError when they stand there already, or the playbook has no such role.
    """
    if not playbook.document.has("roles", role):
        raise PostError(_("The playbook has no such role. Choose one of its roles."))
    standing = list(_locked(organisation.pk, role))
    field = "person" if isinstance(who, Person) else "contact"
    if who.pk in {getattr(one, f"{field}_id") for one in standing}:
        raise PostError(_("This person stands in this role already."))
    post = Post(
        organisation=organisation,
        role=role,
        rank=standing[-1].rank + 1 if standing else 0,
        phone=reach.phone,
        languages=list(reach.languages),
        channel_note=reach.channel_note,
        changed_at=at,
    )
    setattr(post, field, who)
    post.save(force_insert=True)
    record(by, "incidents.post_add", post, at=at, detail={"role": role, "rank": post.rank})
    if isinstance(who, Person) and who.pk != by.person_id:
        _tell(who, post, playbook, at=at)
    return post


def _locked(organisation: int, role: str) -> Iterable[Post]:
    rows = Post.objects.select_for_update(of=("self",))
    return rows.filter(organisation=organisation, role=role).order_by("rank", "pk")


def _tell(person: Person, post: Post, playbook: PlaybookVersion, *, at: datetime) -> None:
    language = person.language or playbook.document.language
    facts = {
        "organisation": str(post.organisation),
        "role": role_title(playbook.document, post.role, language),
    }
    url = reverse("incidents:roles_of", args=[post.organisation.slug])
    notify([person], "incidents.post_named", post, url=url, facts=facts, at=at)


@transaction.atomic
def change_post(
    post: Post, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Correct how somebody is reached. Raises ChangedMeanwhileError if another was quicker."""
    save_changes(post, changes, revision=revision, at=at)
    record(by, "incidents.post_change", post, at=at, detail={"fields": sorted(changes)})


@transaction.atomic
def put_first(post: Post, *, by: Actor, at: datetime) -> None:
    """Make a deputy the holder; who held it becomes the first deputy."""
    others = [one for one in _locked(post.organisation_id, post.role) if one.pk != post.pk]
    _number([post, *others])
    record(by, "incidents.post_change", post, at=at, detail={"fields": ["rank"]})


@transaction.atomic
def remove_post(post: Post, *, by: Actor, at: datetime) -> None:
    """Take somebody off the list; the deputies behind move up."""
    record(by, "incidents.post_remove", post, at=at, detail={"role": post.role})
    organisation, role = post.organisation_id, post.role
    post.delete()
    _number(list(_locked(organisation, role)))


def _number(posts: list[Post]) -> None:
    """Give the posts the ranks 0, 1, 2 …; in two steps, since no rank may stand there twice."""
    keys = [post.pk for post in posts]
    for offset in (_ASIDE, 0):
        for rank, pk in enumerate(keys):
            Post.objects.filter(pk=pk).update(rank=rank + offset)
