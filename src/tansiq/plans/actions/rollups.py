"""Keeping every ancestor's figures exact while values come and go.

Only two statements touch `plans_rollup`: one adds or takes away the accepted values of one
report (or one value) for all ancestors of its place at once; one looks up the next latest
value where the latest one went. Cost grows with the depth of the place, not with the number of
places. docs/decisions/0004-exact-roll-ups.md gives the reasons; `queries.rollups.recomputed` is
the naive twin
that tests and `tansiq check` compare with.
"""

from collections.abc import Iterable
from typing import Any, Literal

from django.db import connection

from tansiq.plans.models import RollUp

# The values of one call must be of one place: two rows for one ancestor in a single statement
# are an error on PostgreSQL. Rows are touched in one order everywhere, against deadlocks.
_APPLY = """
INSERT INTO plans_rollup (indicator_id, place_id, period_id, part, values_count, total, weight,
    weighted_total, places_above_zero, latest_amount, latest_on, latest_id)
SELECT v.indicator_id, l.ancestor_id, v.period_id, v.part, {sign} 1, {sign} v.amount,
    {sign} v.weight, {sign} (v.amount * v.weight),
    {sign} (CASE WHEN v.amount > 0 THEN 1 ELSE 0 END), {latest}
FROM plans_datapoint v JOIN access_placelink l ON l.place_id = v.place_id
WHERE v.{column} = %s AND v.status = '{status}'
ORDER BY v.indicator_id, v.part, l.ancestor_id
ON CONFLICT (indicator_id, period_id, place_id, part) DO UPDATE SET
    values_count = plans_rollup.values_count + excluded.values_count,
    total = plans_rollup.total + excluded.total,
    weight = plans_rollup.weight + excluded.weight,
    weighted_total = plans_rollup.weighted_total + excluded.weighted_total,
    places_above_zero = plans_rollup.places_above_zero + excluded.places_above_zero
    {keep_latest}
"""
_NEWER = (
    "plans_rollup.latest_on IS NULL OR (excluded.latest_on, excluded.latest_id)"
    " > (plans_rollup.latest_on, plans_rollup.latest_id)"
)
_KEEP_NEWER = "".join(
    f", {name} = CASE WHEN {_NEWER} THEN excluded.{name} ELSE plans_rollup.{name} END"
    for name in ("latest_amount", "latest_on", "latest_id")
)
_ADD = {"sign": "", "latest": "v.amount, v.as_of, v.id", "keep_latest": _KEEP_NEWER}
_TAKE = {"sign": "-", "latest": "NULL, NULL, NULL", "keep_latest": ""}

_NEXT_LATEST = """
SELECT v.amount, v.as_of, v.id FROM plans_datapoint v
JOIN access_placelink l ON l.place_id = v.place_id AND l.ancestor_id = %s
WHERE v.indicator_id = %s AND v.period_id = %s AND v.part = %s AND v.status = 'accepted'
ORDER BY v.as_of DESC, v.id DESC LIMIT 1
"""

_ANEW = """
INSERT INTO plans_rollup (indicator_id, place_id, period_id, part, values_count, total, weight,
    weighted_total, places_above_zero, latest_amount, latest_on, latest_id)
SELECT indicator_id, ancestor_id, period_id, part, COUNT(*), SUM(amount), SUM(weight),
    SUM(amount * weight), SUM(CASE WHEN amount > 0 THEN 1 ELSE 0 END),
    MAX(CASE WHEN turn = 1 THEN amount END), MAX(CASE WHEN turn = 1 THEN as_of END),
    MAX(CASE WHEN turn = 1 THEN id END)
FROM (
    SELECT v.*, l.ancestor_id, ROW_NUMBER() OVER (
        PARTITION BY v.period_id, l.ancestor_id, v.part ORDER BY v.as_of DESC, v.id DESC
    ) AS turn
    FROM plans_datapoint v JOIN access_placelink l ON l.place_id = v.place_id
    WHERE v.indicator_id = %s AND v.status = 'accepted'
) numbered
GROUP BY indicator_id, ancestor_id, period_id, part
"""

Column = Literal["id", "report_id"]
Status = Literal["submitted", "accepted"]


def add_values(pk: int, *, column: Column = "id", status: Status = "accepted") -> None:
    """Add the values in this status of a datapoint (`id`) or of a report (`report_id`).

    A report may hold values that were accepted one by one before; so its acceptance adds those
    that are `submitted`, before they change their status.
    """
    with connection.cursor() as cursor:
        cursor.execute(_APPLY.format(column=column, status=status, **_ADD), [pk])


def take_values(pk: int, *, column: Column = "id") -> None:
    """Take them away again; call it while they are still accepted and unchanged."""
    with connection.cursor() as cursor:
        cursor.execute(_APPLY.format(column=column, status="accepted", **_TAKE), [pk])


def find_next_latest(datapoint_ids: list[int]) -> None:
    """Replace these values where they were the latest; call it after they are gone."""
    orphaned = RollUp.objects.filter(latest_id__in=datapoint_ids)
    for rollup in orphaned.select_for_update().order_by("indicator_id", "part", "place_id"):
        with connection.cursor() as cursor:
            key: list[Any] = [rollup.place_id, rollup.indicator_id, rollup.period_id, rollup.part]
            cursor.execute(_NEXT_LATEST, key)
            found = cursor.fetchone() or (None, None, None)
        rollup.latest_amount, rollup.latest_on, rollup.latest_id = found
        rollup.save(update_fields=["latest_amount", "latest_on", "latest_id"])


def add_up_anew(indicator_ids: Iterable[int]) -> None:
    """Make all roll-ups of these indicators again; for when places got other ancestors."""
    for pk in sorted(indicator_ids):
        RollUp.objects.filter(indicator=pk).delete()
        with connection.cursor() as cursor:
            cursor.execute(_ANEW, [pk])
