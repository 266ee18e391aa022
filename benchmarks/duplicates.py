"""How long it takes to find activities that overlap among 1,000,000, and then those of one more.

Bodies, places of every level, periods, audiences and themes are spread unevenly, as life does: a
few themes and places are crowded.
"""

import random
import statistics
import time
from collections.abc import Iterator

from django.db import connection

from benchmarks.bench import figure, memory_mb, stopwatch
from benchmarks.countries import AT, BATCH, SYSTEM
from tansiq.access.models import Organisation, Place
from tansiq.plans.actions.activities import register_activity
from tansiq.plans.actions.overlaps import find_all, find_in_line, line_of
from tansiq.plans.models import Activity, Audience, Overlap, Theme

BODIES = 5_000
ADDED = 60
_WORDS = (
    *("training", "dialogue", "teachers", "youth", "digital", "literacy", "mothers", "circle"),
    *("mosque", "market", "radio", "camp", "forum", "women", "leaders", "prevention", "school"),
    *("village", "workshop", "mediation", "early", "warning"),
)
# What share of the activities stands at which level, the country first.
_LEVELS = (0.002, 0.05, 0.25, 0.3, 0.398)


def duplicates() -> None:
    """Print the figures; the activities of the country are given themes and other places."""
    chance = random.Random(7)  # noqa: S311 -- the same every time
    levels = _levels()
    bodies = _bodies()
    _spread(levels, bodies, chance)
    connection.cursor().execute("ANALYZE")

    with stopwatch() as taken:
        pairs = find_all(at=AT)
    activities = Activity.objects.count()
    details = {"activities": activities, "pairs": pairs, "memory_mb": round(memory_mb())}
    figure("plans.duplicates_s", taken[0], "s", 20, **details)
    with stopwatch() as taken:
        assert find_all(at=AT) == pairs
    figure("plans.duplicates_again_s", taken[0], "s", None, pairs=pairs)
    median, slowest, found = _one_more(levels, bodies, chance)
    figure("plans.duplicates_one_ms", median, "ms", 50, slowest_ms=round(slowest), found=found)


def _levels() -> list[list[int]]:
    levels: dict[int, list[int]] = {}
    for pk, level in Place.objects.order_by("pk").values_list("pk", "level").iterator():
        levels.setdefault(level, []).append(pk)
    return [levels[level] for level in sorted(levels)]


def _bodies() -> list[int]:
    rows = [
        Organisation(slug=f"body-{n}", name=f"Body {n}", kind="civil_society", country_code="id")
        for n in range(BODIES)
    ]
    Organisation.objects.bulk_create(rows, batch_size=BATCH)
    return [one.pk for one in rows]


def _spread(levels: list[list[int]], bodies: list[int], chance: random.Random) -> None:
    pks = list(Activity.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        marks = "%s, " * 6
        cursor.execute(
            "CREATE TEMPORARY TABLE spread (id bigint PRIMARY KEY, owner bigint, place bigint, "
            "audience text, theme text, title text, days integer)"
        )
        cursor.executemany(
            f"INSERT INTO spread VALUES ({marks}%s)",  # noqa: S608 -- fixed text of our own
            _rows(pks, levels, bodies, chance),
        )
        until = (
            "a.starts_on + s.days"
            if connection.vendor == "postgresql"
            else "date(a.starts_on, '+' || s.days || ' days')"
        )
        cursor.execute(
            f"""
            UPDATE plans_activity AS a SET owner_id = s.owner, place_id = s.place,
                audience = s.audience, theme = s.theme, title = s.title, ends_on = {until}
            FROM spread s WHERE s.id = a.id
            """  # noqa: S608 -- fixed text of our own
        )


def _rows(
    pks: list[int], levels: list[list[int]], bodies: list[int], chance: random.Random
) -> Iterator[tuple[object, ...]]:
    themes = [one.value for one in Theme if one != Theme.OTHER]
    audiences = [one.value for one in Audience]
    for pk in pks:
        [places] = chance.choices(levels, _LEVELS)
        yield (
            pk,
            bodies[int(len(bodies) * chance.random() ** 2)],
            places[int(len(places) * chance.random() ** 1.5)],
            audiences[int(len(audiences) * chance.random() ** 1.3)],
            themes[int(len(themes) * chance.random() ** 1.3)],
            " ".join(chance.choices(_WORDS, k=4)),
            int(180 * chance.random() ** 2),
        )


def _one_more(
    levels: list[list[int]], bodies: list[int], chance: random.Random
) -> tuple[float, float, int]:
    """Return the median and the longest time until the pairs of one more activity are known."""
    times, found = [], 0
    before = Overlap.objects.count()
    [first] = Activity.objects.order_by("pk")[:1]
    rows = list(_rows(list(range(ADDED)), levels, bodies, chance))
    for _pk, owner, place, audience, theme, title, _days in rows:
        activity = Activity(
            plan_id=first.plan_id,
            owner_id=owner,
            place=Place.objects.get(pk=place),
            audience=audience,
            theme=theme,
            title=title,
            language="en",
            marking="green",
            starts_on=first.starts_on,
            ends_on=AT.date(),
            funding="local",
        )
        register_activity(activity, by=SYSTEM, at=AT)
        line = line_of(activity)
        assert line is not None
        begun = time.perf_counter()
        find_in_line(line, at=AT)
        times.append((time.perf_counter() - begun) * 1000)
    found = Overlap.objects.count() - before
    return statistics.median(times), max(times), found
