"""How quickly the exchange answers when it holds two years of a whole country.

    make bench-exchange              a tenth of the size, on PostgreSQL and on SQLite
    make bench-exchange SIZE=full    10,000 organisations, 1,000,000 items, 20,000,000 receipts on
                                     PostgreSQL; a tenth of the items and receipts on SQLite

Server times are of the whole request through Django, signed in, warm, over several people in turn.
"""

import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

from benchmarks.bench import figure, memory_mb, start, stopwatch

start()

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from benchmarks.exchange_seed import Size, World, seed, world
from tansiq.access.models import Membership, Notice, Organisation, Person
from tansiq.access.queries import actor_for
from tansiq.exchange.actions.figures import count_changed_months
from tansiq.exchange.actions.items import Draft, send_item, write_item
from tansiq.exchange.models import Item, ItemKind, Receipt

IS_FULL = os.environ.get("SIZE", "") == "full"
ORGANISATIONS, ITEMS = 10_000, 1_000_000
ROUNDS = 40
SENT_TO = 2_000


def size() -> Size:
    tenth = (not IS_FULL) + (connection.vendor == "sqlite")
    return Size(ORGANISATIONS, ITEMS // 10**tenth)


def main() -> None:
    wanted, at = size(), now()
    if wanted.items < ITEMS:
        print(
            f"{ITEMS // wanted.items} times smaller than the whole: {wanted.items} items on"
            f" {connection.vendor}. SIZE=full takes all of it on PostgreSQL.",
            file=sys.stderr,
        )
    told = {
        "database": connection.vendor,
        "organisations": wanted.organisations,
        "items": wanted.items,
    }
    # In a database that was filled by an earlier run, only the pages are asked for again.
    if not Item.objects.exists():
        with stopwatch() as taken:
            seed(wanted, at=at)
        figure("exchange.seed_s", taken[0], "s", None, **told)
    told["receipts"] = Receipt.objects.count()
    with stopwatch() as taken:
        months = count_changed_months(at=at)
    figure("exchange.count_month_s", taken[0] / max(months, 1), "s", None, months=months, **told)
    who = world()
    visit(who, told)
    send(who, told)
    figure("exchange.memory_mb", memory_mb(), "MB", None, **told)


def visit(who: World, told: dict[str, Any]) -> None:
    """Ask for the pages as the officer of the nation, of a province, a city and a group."""
    officer = who.officer
    people = [officer, *map(_person, who.some)]
    held = Receipt.objects.filter(organisation=who.bodies[0]).count()
    told = told | {"of_the_nation": held}
    pages = {
        "desk": (reverse("home:desk"), 50),
        "inbox": (reverse("exchange:index"), 50),
        "reciprocity": (reverse("exchange:country_figures", args=["id"]), 150),
        "own_figures": (reverse("exchange:figures"), 150),
    }
    for name, (address, aim) in pages.items():
        _figure(name, [(one, address) for one in people], aim, told)
    wide = Item.objects.filter(pk__in=range(1_000, told["items"] + 1, 1_000))
    item = wide.filter(owner=who.bodies[0], purged_at__isnull=True).latest("pk")
    reached = Receipt.objects.filter(item=item)
    takers = list(reached.order_by("pk").values_list("organisation", flat=True)[10:1_600:500])
    _figure(
        "item",
        [(one, item.get_absolute_url()) for one in (officer, *map(_person, takers))],
        30,
        told | {"recipients": reached.count()},
    )


def _person(organisation: int) -> Person:
    return Membership.objects.filter(organisation=organisation).earliest("pk").person


def _figure(
    name: str, asked: Sequence[tuple[Person, str]], aim: float, told: dict[str, Any]
) -> None:
    """Print the median and 95th percentile over these people, and the median of the slowest."""
    visits = []
    for person, address in asked:
        client = Client()
        client.force_login(person)
        visits.append((client, address))
    times: dict[int, list[float]] = {}
    for turn, (client, address) in enumerate(islice(cycle(visits), ROUNDS + 2 * len(visits))):
        begun = time.perf_counter()
        response = client.get(address, headers={"host": "127.0.0.1"})
        passed = (time.perf_counter() - begun) * 1000
        assert response.status_code == 200, (address, response.status_code)
        if turn >= 2 * len(visits):
            times.setdefault(turn % len(visits), []).append(passed)
    every = sorted(one for some in times.values() for one in some)
    figure(
        f"exchange.{name}_ms",
        statistics.median(every),
        "ms",
        aim,
        p95=round(every[int(len(every) * 0.95)], 2),
        by_person=[round(statistics.median(some), 1) for _n, some in sorted(times.items())],
        rounds=len(every),
        **told,
    )


def send(who: World, told: dict[str, Any]) -> None:
    """Send one item to 2,000 bodies, each with a person who is told."""
    at = now()
    by = actor_for(who.officer, at=at)
    nation = Organisation.objects.get(pk=who.bodies[0])
    times = []
    for _turn in range(3):
        draft = Draft(
            kind=ItemKind.BRIEFING,
            title="To all of you",
            text="What we know this month.",
            language="en",
            expires_on=at.date() + dt.timedelta(days=90),
            audience=[{"to": "organisation", "pk": pk} for pk in who.bodies[1 : SENT_TO + 1]],
        )
        item = write_item(nation, draft, by=by, at=at)
        before = Notice.objects.count()
        with stopwatch() as taken:
            made = send_item(item, by=by, at=at)
        times.append(taken[0])
        assert len(made) == SENT_TO
        assert Notice.objects.count() - before == SENT_TO
    notices = {"recipients": SENT_TO, "notices": SENT_TO, "rounds": len(times)}
    figure("exchange.send_2000_s", statistics.median(times), "s", 1.0, **notices, **told)


if __name__ == "__main__":
    main()
