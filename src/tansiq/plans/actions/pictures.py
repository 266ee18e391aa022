"""The threat and resilience picture of a place: begun, filled, agreed, opened again, removed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.core.editing import save_changes
from tansiq.plans.models import Asked, Factor, FactorKind, Mechanism, Picture, PictureStatus, Voice
from tansiq.plans.queries.names import problems_in


class PictureError(Exception):
    """The picture cannot become that; the message says what is missing."""


class NotAboutPersonsError(Exception):
    """A text names somebody or something that must not stand here; the message says what."""


def refuse_names(texts: Iterable[str], *, speaks_of_risk: bool) -> None:
    """Raise NotAboutPersonsError if one of these texts speaks of a person or the like."""
    for text in texts:
        for problem in problems_in(text, speaks_of_risk=speaks_of_risk):
            raise NotAboutPersonsError(problem)


@transaction.atomic
def start_picture(
    picture: Picture, *, by: Actor, at: datetime, like: Picture | None = None
) -> Picture:
    """Begin a picture of a place; with `like`, from the factors of an earlier one.

    Raises PictureError when one of this period is there already.
    """
    refuse_names([picture.purpose], speaks_of_risk=False)
    picture.changed_at = at
    try:
        with transaction.atomic():
            picture.save(force_insert=True)
    except IntegrityError as problem:
        raise PictureError(
            _("There is a picture that begins on this day already. Go on with that one.")
        ) from problem
    if like is not None:
        _copy_factors(like, picture, at)
    if picture.is_red and by.person_id is not None:
        picture.named_people.add(by.person_id)
    record(by, "plans.picture_start", picture, at=at)
    return picture


def _copy_factors(source: Picture, picture: Picture, at: datetime) -> None:
    """Take over what was said last time; whom was asked is asked anew."""
    for factor in source.factors.order_by("pk").prefetch_related("mechanisms"):
        mechanisms = list(factor.mechanisms.order_by("pk"))
        factor.pk, factor.picture, factor.revision, factor.changed_at = None, picture, 1, at
        factor.save(force_insert=True)
        for one in mechanisms:
            one.pk, one.factor, one.revision, one.changed_at = None, factor, 1, at
            one.save(force_insert=True)


@transaction.atomic
def edit_picture(
    picture: Picture, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change the period, purpose or day of review. Raises ChangedMeanwhileError."""
    refuse_names([changes.get("purpose", "")], speaks_of_risk=False)
    save_changes(picture, changes, revision=revision, at=at)
    record(by, "plans.picture_edit", picture, at=at, detail={"fields": sorted(changes)})


@transaction.atomic
def put_factor(
    factor: Factor,
    changes: dict[str, Any],
    *,
    asked: Iterable[str],
    revision: int,
    by: Actor,
    at: datetime,
) -> Factor:
    """Say how a factor stands and whom was asked; a new one has no key yet.

    Raises NotAboutPersonsError and ChangedMeanwhileError; PictureError if it stands there already.
    """
    texts = (changes.get("note", factor.note), changes.get("source", factor.source))
    refuse_names(texts, speaks_of_risk=factor.kind != FactorKind.RESILIENCE)
    if factor.pk is None:
        _add_factor(factor, changes, at)
    else:
        save_changes(factor, changes, revision=revision, at=at)
    wanted = {Voice(one) for one in asked}
    factor.asked.exclude(voice__in=wanted).delete()
    known = set(factor.asked.values_list("voice", flat=True))
    Asked.objects.bulk_create(
        Asked(factor=factor, voice=one) for one in Voice if one in wanted - known
    )
    record(by, "plans.picture_edit", factor.picture, at=at, detail={"factor": factor.code})
    return factor


def _add_factor(factor: Factor, changes: dict[str, Any], at: datetime) -> None:
    for name, value in changes.items():
        setattr(factor, name, value)
    factor.changed_at = at
    try:
        with transaction.atomic():
            factor.save(force_insert=True)
    except IntegrityError as problem:
        raise PictureError(_("This stands in the picture already. Change it there.")) from problem


@transaction.atomic
def remove_factor(factor: Factor, *, by: Actor, at: datetime) -> None:
    """Take a factor out of the picture, with what was said to answer it."""
    record(by, "plans.picture_edit", factor.picture, at=at, detail={"removed": factor.code})
    factor.delete()


@transaction.atomic
def put_mechanism(
    mechanism: Mechanism, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> Mechanism:
    """Enter or change what answers a factor. Raises NotAboutPersonsError, ChangedMeanwhileError."""
    texts = (changes.get("name", mechanism.name), changes.get("hands", mechanism.hands))
    refuse_names(texts, speaks_of_risk=False)
    if mechanism.pk is None:
        for name, value in changes.items():
            setattr(mechanism, name, value)
        mechanism.changed_at = at
        mechanism.save(force_insert=True)
    else:
        save_changes(mechanism, changes, revision=revision, at=at)
    picture = mechanism.factor.picture
    record(by, "plans.picture_edit", picture, at=at, detail={"mechanism": mechanism.pk})
    return mechanism


@transaction.atomic
def remove_mechanism(mechanism: Mechanism, *, by: Actor, at: datetime) -> None:
    picture = mechanism.factor.picture
    record(by, "plans.picture_edit", picture, at=at, detail={"removed_mechanism": mechanism.pk})
    mechanism.delete()


@transaction.atomic
def agree_picture(
    picture: Picture,
    *,
    took_part: Iterable[str],
    on: date,
    by: Actor,
    at: datetime,
    share_with: Iterable[Organisation] = (),
) -> None:
    """Make the picture the one that counts; an earlier one of the place is replaced by it.

    Raises PictureError if it says nothing yet, or nobody but its writer took part.
    """
    present = [one.value for one in Voice if one in set(took_part)]
    if not picture.factors.exists():
        raise PictureError(_("Say at least one thing about the place before you agree on it."))
    if not present:
        raise PictureError(_("Say which kinds of actors took part."))
    picture.status, picture.agreed_on, picture.took_part = PictureStatus.AGREED, on, present
    picture.save(update_fields=["status", "agreed_on", "took_part"])
    picture.named_organisations.add(*share_with)
    _settle(picture)
    record(by, "plans.picture_agree", picture, at=at, detail={"took_part": present})


@transaction.atomic
def reopen_picture(picture: Picture, *, by: Actor, at: datetime) -> None:
    """Make an agreed picture a draft again; the one before it counts meanwhile."""
    picture.status, picture.agreed_on = PictureStatus.DRAFT, None
    picture.save(update_fields=["status", "agreed_on"])
    _settle(picture)
    record(by, "plans.picture_reopen", picture, at=at)


def _settle(picture: Picture) -> None:
    """Let the latest of the place's agreed pictures count, and the others be replaced by it."""
    agreed = Picture.objects.filter(place=picture.place_id).agreed()
    latest = agreed.order_by("-starts_on", "-pk").first()
    agreed.update(status=PictureStatus.SUPERSEDED)
    if latest is not None:
        Picture.objects.filter(pk=latest.pk).update(status=PictureStatus.AGREED)
    picture.refresh_from_db(fields=["status"])


@transaction.atomic
def remove_picture(picture: Picture, *, by: Actor, at: datetime) -> None:
    """Remove a draft, or what is past the day until which it was to be kept."""
    record(by, "plans.picture_remove", picture, at=at)
    place = picture.place_id
    picture.delete()
    left = Picture.objects.filter(place=place).agreed().order_by("-starts_on").first()
    if left is not None:
        _settle(left)
