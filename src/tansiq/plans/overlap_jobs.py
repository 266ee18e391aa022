"""Looks for overlaps beside the page that changed an activity, so that nobody waits for it."""

from collections.abc import Iterable

from django.utils.timezone import now
from django_tasks import task

from tansiq.plans.actions.overlaps import Line, find_all, find_in_line, line_of
from tansiq.plans.models import Activity


def look_again(activities: Iterable[Activity]) -> None:
    """Put the lines in which these activities stand into the queue, each once."""
    lines = sorted({line for line in map(line_of, activities) if line is not None})
    if lines:
        find_overlaps_in.enqueue([list(line) for line in lines])


@task()
def find_overlaps_in(lines: list[list[str | int]]) -> str:
    """Find the pairs of these lines anew."""
    changed = sum(
        find_in_line(Line(str(theme), str(audience), int(place)), at=now())
        for theme, audience, place in lines
    )
    return f"{changed} pairs changed"


@task()
def find_all_overlaps() -> str:
    return f"{find_all(at=now())} pairs"
