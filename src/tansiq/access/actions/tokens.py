"""Tokens with which a program acts as a person."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import ApiToken, Person

LIFE = timedelta(days=365)
PREFIX = "tansiq_"
# Writing down every use would make each read a write; once in this time is enough to see
# whether a token is still needed.
_NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_token(
    person: Person, name: str, *, by: Actor, at: datetime, life: timedelta = LIFE
) -> tuple[ApiToken, str]:
    """Make a token; the second value is the token itself, shown this once and never kept."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person,
        name=name,
        digest=_digest(secret),
        hint=secret[-4:],
        made_at=at,
        expires_at=at + min(life, LIFE),
    )
    record(by, "tokens.make", token, at=at)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor, at: datetime) -> None:
    """End a token at once."""
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(by, "tokens.revoke", token, at=at)


def person_of(secret: str, *, at: datetime) -> Person | None:
    """Return whose token this is, if it is in force and the person still takes part."""
    standing = ApiToken.objects.filter(
        digest=_digest(secret), revoked_at=None, expires_at__gt=at, person__is_active=True
    )
    token = standing.select_related("person").first()
    if token is None:
        return None
    if token.used_at is None or at - token.used_at > _NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=at)
    person: Person = token.person
    return person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
