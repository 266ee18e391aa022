"""The same as JSON: who I am, places, organisations."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query, Router, Schema
from ninja.security import HttpBearer, SessionAuth

from tansiq.access.actions.tokens import person_of
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Person, Place
from tansiq.access.paging import one_of, page_of
from tansiq.access.queries import actor_for
from tansiq.core.openness import open_to_all
from tansiq.core.problems import READING

router = Router(tags=["Who is who"])

# Numbers of rows and identifiers that every database can take.
Limit = Annotated[int, Query(50, ge=1, le=200)]
Offset = Annotated[int, Query(0, ge=0, le=1_000_000)]


class Token(HttpBearer):
    """`Authorization: Bearer …` with a token made under "My account"."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        person = person_of(token, at=now())
        if person is not None:
            request.user = person
            request.actor = actor_for(person, at=now())  # type: ignore[attr-defined]  # -- ours, see middleware.Request
        return person


class SignedIn(SessionAuth):
    """The session of a signed-in browser; writing then needs the CSRF token, too."""


AUTHENTICATION: list[Any] = [Token(), SignedIn()]


class MembershipOut(Schema):
    organisation_id: int
    organisation: str
    role: str
    starts_on: date
    ends_on: date | None


class MeOut(Schema):
    id: int
    name: str
    email: str
    language: str
    memberships: list[MembershipOut]


class PlaceOut(Schema):
    code: str
    name: str
    names: dict[str, str]
    kind: str
    level: int
    country_code: str
    parent: str | None
    iso: str
    national_code: str
    latitude: float | None
    longitude: float | None
    population: int | None
    valid_from: date | None
    valid_to: date | None

    @staticmethod
    def resolve_parent(place: Place) -> str | None:
        return place.parent.code if place.parent else None


class OrganisationOut(Schema):
    id: int
    slug: str
    name: str
    kind: str
    country_code: str
    place: str | None
    is_lead_of_place: bool

    @staticmethod
    def resolve_place(organisation: Organisation) -> str | None:
        return organisation.place.code if organisation.place else None


class PlacePage(Schema):
    total: int
    rows: list[PlaceOut]


class OrganisationPage(Schema):
    total: int
    rows: list[OrganisationOut]


@router.get("/me", response={200: MeOut, 401: READING[401]}, summary="Who I am")
@open_to_all("a person's own record and memberships only")
def me(request: Request) -> Any:
    person: Any = request.user
    memberships = person.memberships.in_force(now().date()).select_related("organisation")
    rows = [
        MembershipOut(
            organisation_id=one.organisation_id,
            organisation=str(one.organisation),
            role=one.role,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
        )
        for one in memberships.order_by("pk")
    ]
    return MeOut(
        id=person.pk,
        name=person.name,
        email=person.email,
        language=person.language,
        memberships=rows,
    )


@router.get("/places", response={200: PlacePage, **READING}, summary="Places")
def places(
    request: Request,
    limit: Limit,
    offset: Offset,
    country: str = "",
    level: Annotated[int | None, Query(ge=0, le=20)] = None,
    parent: str = "",
) -> Any:
    rows = Place.objects.visible_to(request.actor).select_related("parent")
    if country:
        rows = rows.filter(country_code=_plain(country))
    if level is not None:
        rows = rows.filter(level=level)
    if parent:
        rows = rows.filter(parent__code=_plain(parent))
    return page_of(rows.order_by("code"), limit, offset)


@router.get("/places/{code}", response={200: PlaceOut, **READING}, summary="One place")
def place(request: Request, code: str) -> Any:
    found = Place.objects.visible_to(request.actor).select_related("parent")
    return one_of(found, code=_plain(code))


@router.get("/organisations", response={200: OrganisationPage, **READING}, summary="Organisations")
def organisations(
    request: Request, limit: Limit, offset: Offset, country: str = "", kind: str = ""
) -> Any:
    rows = Organisation.objects.visible_to(request.actor).select_related("place")
    if country:
        rows = rows.filter(country_code=_plain(country))
    if kind:
        rows = rows.filter(kind=_plain(kind))
    return page_of(rows.order_by("name", "pk"), limit, offset)


def _plain(text: str) -> str:
    # PostgreSQL refuses NUL in text; no code holds one.
    return text.replace("\x00", "")
