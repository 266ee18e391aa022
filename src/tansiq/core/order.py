"""Rows that are read in the order of their ids must also be saved in that order."""

from django.db import connection

# Any fixed number of our own. One for the log and the live events together: two locks taken in
# two orders by two transactions would stop both.
_LOCK = 7_425_001


def append_in_order() -> None:
    """Wait until no other transaction is appending; hold the others back until this one ends.

    PostgreSQL gives out ids when rows are made, not when they are saved: without this, row 11
    could be seen before row 10, and who reads "after 11" would never see 10. SQLite has one
    writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
