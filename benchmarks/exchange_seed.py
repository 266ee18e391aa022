"""Two years of exchange in one country, made by the database itself, minutes instead of hours.

Of a thousand items two are of the nation to 2,000 bodies each, fifty of provinces to 100, the rest
go to about a dozen bodies anywhere, every ninth of them also up to the nation. More than half of
the receipts are acknowledged, most within days, some after weeks; what has expired was deleted and
left its envelope. Nothing is drawn by chance: every number follows from the number of the row.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from benchmarks.countries import BATCH, give_leads, make_country
from tansiq.access.actor import Role
from tansiq.access.models import Membership, Organisation, Person
from tansiq.exchange import marking

DAYS = 700
# No password has this for its hash.
NOBODY = "!"
KINDS = ("civil_society", "women", "youth", "religious", "school", "police", "health", "media")
ITEM_KINDS = (
    "briefing",
    "information",
    "support",
    "offer",
    "warning",
    "guidance",
    "feedback",
    "notice",
)
WIDE, MIDDLE, FEW = 2_000, 100, 12
# Of a thousand items.
WIDE_OF_1000, MIDDLE_OF_1000 = 2, 50


@dataclass(frozen=True)
class Size:
    organisations: int
    items: int


@dataclass(frozen=True)
class World:
    """Who there is: the bodies by key, the nation first, then provinces, cities, all others."""

    officer: Person
    bodies: list[int]

    @property
    def some(self) -> list[int]:
        """A province, a city, and a group of citizens."""
        return [self.bodies[1], self.bodies[39], self.bodies[553]]


def world() -> World:
    """Return who there is in a database that was filled before."""
    bodies = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    return World(Person.objects.get(email="officer@id.example.org"), bodies)


def seed(size: Size, *, at: dt.datetime) -> None:
    """Fill an empty database; the receipts are about twenty times the items."""
    country = make_country("id", [38, 514, 3_000], kinds=["province", "regency", "village"])
    provinces, regencies, villages = country.levels[1:]
    first, second = give_leads(provinces, "province"), give_leads(regencies, "city")
    places = regencies + villages
    count = size.organisations - 1 - len(first) - len(second)
    others = Organisation.objects.bulk_create(
        [
            Organisation(
                slug=f"body-{n}",
                name=f"Body {n}",
                kind=KINDS[n % len(KINDS)],
                place=places[n % len(places)],
                country_code="id",
            )
            for n in range(count)
        ],
        batch_size=BATCH,
    )
    bodies = [country.body.pk, *(one.pk for one in first + second + others)]
    assert bodies == list(range(bodies[0], bodies[0] + size.organisations))
    _people(bodies[1:], at)
    with _in_bulk():
        _items(bodies[0], size, at)
        _receipts(bodies[0], size, at)


def _people(bodies: list[int], at: dt.datetime) -> None:
    """Give each body one person who is told what comes."""
    people = Person.objects.bulk_create(
        [Person(email=f"p{pk}@example.org", name=f"Person {pk}", password=NOBODY) for pk in bodies],
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        [
            Membership(
                person=person,
                organisation_id=pk,
                role=Role.COORDINATOR,
                starts_on=dt.date(2020, 1, 1),
                consented_at=at,
            )
            for person, pk in zip(people, bodies, strict=True)
        ],
        batch_size=BATCH,
    )


@contextmanager
def _in_bulk() -> Iterator[None]:
    """Write without triggers, and without the indexes that are quicker made at the end."""
    tables = ("exchange_item", "exchange_receipt")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marking.take_down(using="default")
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
            yield
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA synchronous = FULL")
            marking.put_up(using="default")
            cursor.execute("ANALYZE")
            return
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        made = _indexes(tables)
        for name in made:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for definition in made.values():
            cursor.execute(definition)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            # As autovacuum leaves it: without it, no index answers by itself.
            cursor.execute(f"VACUUM ANALYZE {table}")


def _indexes(tables: tuple[str, ...]) -> dict[str, str]:
    """Return by name how the indexes were made that no constraint rests on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s)"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
            " AND i.indexdef NOT LIKE %s",
            [list(tables), "% UNIQUE %"],
        )
        return dict(cursor.fetchall())


def _items(first: int, size: Size, at: dt.datetime) -> None:
    # The number of an item says what kind it is of: see `_CLASS`.
    kinds = " ".join(f"WHEN {n} THEN '{kind}'" for n, kind in enumerate(ITEM_KINDS))
    sent = _moment(f"{_begin(at)} + {_spread('i', DAYS * 86_400)}")
    last = _day(f"{_begin(at)} + {_spread('i', DAYS * 86_400)} + 17280000")
    soon = _moment(f"{_begin(at)} + {_spread('i', DAYS * 86_400)} + 864000")
    today, present = _day(str(int(at.timestamp()))), _moment(str(int(at.timestamp())))
    _run(
        f"""
        INSERT INTO exchange_item (id, owner_id, marking, is_hub_wide, purpose, published_at,
            revision, changed_at, {_free("exchange_item", _ITEM)}
            kind, title, text, language, audience, reply_by, expires_on, is_list_open, sent_at,
            recall_reason, purged_at)
        SELECT i, {first} + {_owner(size)},
            CASE WHEN i % 20 = 7 THEN 'amber+strict' WHEN i % 5 = 1 THEN 'green' ELSE 'amber' END,
            {_no()}, '', NULL, 1, NULL, {_free_values("exchange_item", _ITEM)}
            CASE i % {len(ITEM_KINDS)} {kinds} END,
            'What we know ' || i, 'Three sentences. They say what is known, and what is asked.',
            'en', '[]',
            CASE WHEN i % 3 = 0 THEN {soon} END,
            {last}, {_yes()}, {sent}, '',
            CASE WHEN {last} < {today} THEN {present} END
        FROM ({_numbers(size.items)}) n
        """  # noqa: S608 -- fixed text of our own
    )
    if connection.vendor == "postgresql":
        _run("SELECT setval('exchange_item_id_seq', (SELECT MAX(id) FROM exchange_item))")


_ITEM = """
    id owner_id marking is_hub_wide purpose published_at revision changed_at kind title text
    language audience reply_by expires_on is_list_open sent_at recall_reason purged_at
"""
_RECEIPT = """
    id item_id organisation_id state sent_at reply_by received_at read_at acknowledged_at reason
    answered_at decided_at decision direction from_level to_level
"""


def _receipts(first: int, size: Size, at: dt.datetime) -> None:
    """Give each item its recipients: never the owner, nobody twice."""
    n = size.organisations
    up = f"i.id % 9 = 0 AND j.i = 0 AND i.owner_id <> {first} AND {_class('i.id')} = 2"
    taker = (
        f"CASE WHEN {up} THEN 0"
        f" ELSE (i.owner_id - {first} + 1 + (j.i * 997 + i.id * 31) % {n - 1}) % {n} END"
    )
    level = (
        "CASE WHEN {0} = 0 THEN 0 WHEN {0} <= 38 THEN 1 WHEN {0} <= 552 THEN 2"
        " WHEN ({0} - 553) % 3514 < 514 THEN 2 ELSE 3 END"
    )
    giving, taking = level.format(f"(r.owner_id - {first})"), level.format("r.taker")
    said = "(r.h % 100 < 55 + (r.taker % 7) * 5 - CASE WHEN r.taker = 0 THEN 25 ELSE 0 END)"
    waited = "CAST(60 * EXP((r.h / 100 % 1000) / 1000.0 * 9.9) AS BIGINT)"
    _run(
        f"""
        INSERT INTO exchange_receipt (item_id, organisation_id, state, sent_at, reply_by,
            received_at, read_at, acknowledged_at, reason, answered_at, decided_at, decision,
            {_free("exchange_receipt", _RECEIPT)} direction, from_level, to_level)
        SELECT q.id, {first} + q.taker,
            CASE WHEN NOT said THEN CASE WHEN h % 3 = 0 THEN 'sent' ELSE 'read' END
                WHEN h % 11 = 0 THEN 'cannot' WHEN h % 2 = 0 THEN 'will_act' ELSE 'understood' END,
            sent_at, reply_by,
            CASE WHEN said OR h % 3 > 0 THEN sent_at END,
            CASE WHEN said OR h % 3 > 0 THEN sent_at END,
            CASE WHEN said THEN {_moment("sent + waited")} END,
            CASE WHEN said AND h % 11 = 0 THEN 'No car.' ELSE '' END,
            CASE WHEN said AND reply_by IS NOT NULL AND h % 10 < 6
                THEN {_moment("sent + waited * 2")} END,
            CASE WHEN said AND h % 13 = 0 THEN {_moment("sent + waited * 3")} END, '',
            {_free_values("exchange_receipt", _RECEIPT)}
            CASE WHEN giving = taking THEN 'across' WHEN taking < giving THEN 'up' ELSE 'down' END,
            giving, taking
        FROM (
            SELECT r.*, {said} AS said, {waited} AS waited, {giving} AS giving, {taking} AS taking
            FROM (
                SELECT i.id, i.owner_id, i.sent_at, i.reply_by, {_epoch("i.sent_at")} AS sent,
                    {taker} AS taker, (i.id * 7919 + j.i * 104729) % 100003 AS h
                FROM exchange_item i JOIN ({_numbers(WIDE, first=0)}) j
                    ON j.i < CASE {_class("i.id")} WHEN 0 THEN {WIDE} WHEN 1 THEN {MIDDLE}
                        ELSE {FEW} END
            ) r
        ) q
        WHERE TRUE ON CONFLICT DO NOTHING
        """  # noqa: S608 -- fixed text of our own
    )


def _class(number: str) -> str:
    """Return 0 for an item to all, 1 for one to many, 2 for one to a few."""
    return (
        f"CASE WHEN {number} % 1000 < {WIDE_OF_1000} THEN 0"
        f" WHEN {number} % 1000 < {WIDE_OF_1000 + MIDDLE_OF_1000} THEN 1 ELSE 2 END"
    )


def _owner(size: Size) -> str:
    """Return the place in the list of bodies: the nation, a province, or anybody."""
    return (
        f"CASE {_class('i')} WHEN 0 THEN 0 WHEN 1 THEN 1 + i / 1000 % 38"
        f" ELSE (i * 7 + i / 1000) % {size.organisations} END"
    )


# -- What the two databases write differently -----------------------------------------------------


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        # Without parameters: then a per cent sign is only a per cent sign.
        cursor.execute(statement)


def _on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _numbers(count: int, *, first: int = 1) -> str:
    if _on_postgresql():
        numbers = f"generate_series({first}::bigint, {first + count - 1})"
        return f"SELECT i FROM {numbers} AS g(i)"  # noqa: S608 -- fixed text of our own
    more = f"SELECT i + 1 FROM g WHERE i < {first + count - 1}"  # noqa: S608 -- as above
    return f"WITH RECURSIVE g(i) AS (SELECT {first} UNION ALL {more}) SELECT i FROM g"  # noqa: S608 -- as above


def _begin(at: dt.datetime) -> int:
    return int((at - dt.timedelta(days=DAYS)).timestamp())


def _spread(number: str, width: int) -> str:
    """Return a whole number below the width that jumps about with the number."""
    return f"({number} * 48271 % {width})"


def _moment(seconds: str) -> str:
    if _on_postgresql():
        return f"to_timestamp({seconds})"
    return f"strftime('%Y-%m-%d %H:%M:%S', {seconds}, 'unixepoch')"


def _day(seconds: str) -> str:
    return f"to_timestamp({seconds})::date" if _on_postgresql() else f"date({seconds}, 'unixepoch')"


def _epoch(moment: str) -> str:
    if _on_postgresql():
        return f"EXTRACT(EPOCH FROM {moment})::bigint"
    return f"CAST(strftime('%s', {moment}) AS INTEGER)"


def _yes() -> str:
    return "TRUE" if _on_postgresql() else "1"


def _no() -> str:
    return "FALSE" if _on_postgresql() else "0"


def _needed(table: str, known: str) -> dict[str, str]:
    """Return the columns that have come since and must not be empty, with a plain value."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    found = {}
    for field in model._meta.concrete_fields:
        if field.column in known.split() or field.null or field.primary_key:
            continue
        value = field.get_default()
        kind = field.get_internal_type()
        if kind == "BooleanField":
            found[field.column] = _yes() if value else _no()
        elif kind == "JSONField":
            found[field.column] = "'[]'" if value == [] else "'{}'"
        else:
            found[field.column] = f"'{value or ''}'" if isinstance(value or "", str) else str(value)
    return found


def _free(table: str, known: str) -> str:
    return "".join(f"{column}, " for column in _needed(table, known))


def _free_values(table: str, known: str) -> str:
    return "".join(f"{value}, " for value in _needed(table, known).values())
