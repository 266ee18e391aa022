"""What `tansiq check` looks at: whether the log is guarded, and whether somebody is in charge."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.db import DatabaseError, connection
from django.utils.timezone import now

from tansiq.access import queries
from tansiq.core.checking import when_asked

_GUARDS = {
    "sqlite": (
        2,
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "
        "AND name IN ('log_no_update', 'log_no_delete')",
    ),
    "postgresql": (
        1,
        "SELECT count(*) FROM pg_trigger WHERE tgname = 'log_append_only' AND tgenabled = 'O' "
        "AND tgrelid = to_regclass('access_logentry')",
    ),
}


@when_asked
def log_and_people() -> list[CheckMessage]:
    try:
        return [*_log_is_guarded(), *_somebody_is_in_charge()]
    except DatabaseError:
        # Said already: no database, or one that is not up to date.
        return []


def _log_is_guarded() -> Iterator[CheckMessage]:
    wanted, query = _GUARDS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        (found,) = cursor.fetchone()
        cursor.execute("SELECT 1 FROM access_logentry LIMIT 1")
    if found != wanted:
        yield Error(
            "The database lets rows of the log be changed: its guard was taken away.",
            hint="Run `tansiq audit verify`, keep a copy of the database, and find out who can "
            "write to it. A restored backup has the guard again.",
            id="access.E001",
        )


def _somebody_is_in_charge() -> Iterator[CheckMessage]:
    if not queries.has_administrator(at=now()):
        yield Caution(
            "Nobody is an administrator of any organisation at present.",
            hint="Run `tansiq begin` to set up the first organisation and its administrator.",
            id="access.W001",
        )
