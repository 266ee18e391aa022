"""Who holds which role all year, and what is missing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.functional import cached_property

from tansiq.access.actor import Actor
from tansiq.access.models import Contact, Membership, Organisation, Person
from tansiq.incidents.models import PlaybookVersion, Post
from tansiq.incidents.playbook.document import RoleSpec

# Who holds more than these when it happens holds none of them well.
MOST_ROLES = 2


@dataclass(frozen=True)
class RoleRow:
    """One role of the playbook and who stands for it, the holder first."""

    spec: RoleSpec
    posts: tuple[Post, ...]

    @property
    def holder(self) -> Post | None:
        return self.posts[0] if self.posts else None

    @property
    def deputies(self) -> tuple[Post, ...]:
        return self.posts[1:]

    @property
    def is_empty(self) -> bool:
        return not self.posts

    @property
    def lacks_deputy(self) -> bool:
        return len(self.posts) == 1


@dataclass(frozen=True)
class Roles:
    organisation: Organisation
    version: PlaybookVersion | None
    rows: tuple[RoleRow, ...]

    @cached_property
    def empty(self) -> int:
        return sum(row.is_empty for row in self.rows)

    @cached_property
    def without_deputy(self) -> int:
        return sum(row.lacks_deputy for row in self.rows)

    @cached_property
    def overloaded(self) -> list[tuple[str, int]]:
        """Return who holds too many roles, and how many."""
        held = Counter(
            (row.holder.person_id, row.holder.contact_id, row.holder.name)
            for row in self.rows
            if row.holder
        )
        return [(name, count) for (_p, _c, name), count in held.items() if count > MOST_ROLES]


def versions_for(actor: Actor, organisation: Organisation) -> QuerySet[PlaybookVersion]:
    """Return the published versions it could use, its own latest first."""
    own = Case(
        When(playbook__owner=organisation, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    found: QuerySet[PlaybookVersion] = PlaybookVersion.objects.visible_to(actor).published()
    return found.select_related("playbook").order_by(own, "-published_at", "-number", "pk")


def version_for(actor: Actor, organisation: Organisation) -> PlaybookVersion | None:
    return versions_for(actor, organisation).first()


def roles_of(actor: Actor, organisation: Organisation, *, on: date) -> Roles:
    """Return every role of the organisation's playbook with who stands for it."""
    version = version_for(actor, organisation)
    posts = list(posts_of(actor, organisation, on=on))
    specs = version.document.roles if version else ()
    return Roles(organisation, version, tuple(_rows(specs, posts)))


def posts_of(actor: Actor, organisation: Organisation, *, on: date) -> QuerySet[Post]:
    found: QuerySet[Post] = Post.objects.visible_to(actor).standing(on).in_order()
    return found.filter(organisation=organisation)


def _rows(specs: Iterable[RoleSpec], posts: list[Post]) -> Iterable[RoleRow]:
    for spec in specs:
        yield RoleRow(spec, tuple(post for post in posts if post.role == spec.key))


def people_for(organisation: Organisation, actor: Actor, *, on: date) -> list[Membership]:
    """Return the members who may be asked: of this body, of those at its place, and under it."""
    terms = Membership.objects.visible_to(actor).in_force(on)
    terms = terms.filter(person__is_active=True, organisation__in=_around(organisation))
    found = terms.exclude(role="overseer").select_related("person", "organisation")
    by_person = {one.person_id: one for one in found.order_by("-organisation__name", "-pk")}
    return sorted(by_person.values(), key=lambda one: (str(one.organisation), one.person.name))


def contacts_for(organisation: Organisation, actor: Actor) -> list[Contact]:
    found = Contact.objects.visible_to(actor).standing()
    near = found.filter(organisation__in=_around(organisation)).select_related("organisation")
    return list(near.order_by("organisation__name", "name", "pk"))


def _around(organisation: Organisation) -> QuerySet[Organisation]:
    active = Organisation.objects.filter(is_active=True)
    near = active.filter(pk=organisation.pk) | active.filter(parent=organisation)
    if organisation.place_id is not None:
        near |= active.filter(place=organisation.place_id)
    return near.order_by()


def organisations_with_posts(posts: Iterable[Post], *, on: date) -> set[int]:
    """Return the bodies to which those who hold these posts belong."""
    posts = list(posts)
    people = {post.person_id for post in posts if post.person_id is not None}
    terms = Membership.objects.in_force(on).filter(person__in=people)
    return set(terms.values_list("organisation", flat=True)) | {
        post.contact.organisation_id for post in posts if post.contact is not None
    }


def name_of(who: Person | Contact) -> str:
    return who.name
