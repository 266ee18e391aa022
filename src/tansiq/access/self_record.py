"""What is kept about one person, in full: shown on their page and given as a file."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from tansiq.access.models import ApiToken, BreakGlass, LogEntry, Membership, Notice, Person

_LATEST = 1000
Rows = list[dict[str, Any]]
_further: dict[str, Callable[[Person], Rows]] = {}


def further(name: str) -> Callable[[Callable[[Person], Rows]], Callable[[Person], Rows]]:
    """Let a part above tell under this name what it keeps about a person."""

    def register(rows: Callable[[Person], Rows]) -> Callable[[Person], Rows]:
        _further[name] = rows
        return rows

    return register


def what_is_kept(person: Person) -> dict[str, Any]:
    """Return everything that is kept about this person and refers to them by name or number.

    Refusals of what was hidden from them are left out: they would tell that it exists.
    """
    mine: Any = {"person": person}
    return {name: rows(person) for name, rows in sorted(_further.items())} | {
        "person": _row(
            person, "email name greeting language mails joined_at last_login is_active is_staff"
        ),
        "memberships": [
            {"organisation": str(one.organisation)}
            | _row(one, "role title starts_on ends_on invited_at consented_at")
            for one in Membership.objects.filter(**mine).select_related("organisation")
        ],
        "second_factor": [
            _row(one, "type created_at last_used_at")
            for one in Authenticator.objects.filter(user=person)
        ],
        "other_sign_in": [
            _row(one, "provider uid date_joined last_login")
            for one in SocialAccount.objects.filter(user=person)
        ],
        "tokens": [
            _row(one, "name hint made_at expires_at used_at revoked_at")
            for one in ApiToken.objects.filter(**mine)
        ],
        "notices": [
            _row(one, "code facts made_at read_at mailed_at")
            for one in Notice.objects.filter(**mine)
        ],
        "openings": [
            _row(one, "target_kind target_id reason opened_at closes_at")
            for one in BreakGlass.objects.filter(**mine)
        ],
        "record": [
            _row(one, "at rule target_kind target_id")
            for one in LogEntry.objects.filter(person_id=person.pk)
            .exclude(rule__startswith="refused:")
            .order_by("-pk")[:_LATEST]
        ],
    }


def _row(thing: Any, fields: str) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in fields.split()}
