"""How far the places of a country have come with its national plan."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from tansiq.core.marks import stage_name
from tansiq.plans.models import Plan, Stage, StageName
from tansiq.plans.queries.coverage import columns_of
from tansiq.plans.queries.maps import outline_under, stage_map
from tansiq.plans.queries.wording import written

# Stages from "adopted" on mean that the place has a plan in force.
_STAGE_OF_STATUS = {
    "draft": "drafting",
    "adopted": "adopted",
    "under_way": "under_way",
    "review": "reviewed",
    "expired": "reviewed",
}
_IN_FORCE = ("adopted", "funded", "under_way", "reviewed")


@dataclass(frozen=True)
class Reach:
    """How far the places have come with a national plan."""

    title: str
    counts: list[tuple[str, str, int]]
    places: int
    in_force: int
    picture: SafeString
    stage: str


def reach_of(plan: Plan, *, at: datetime) -> Reach:
    """Return the map of stages of the level below, its title, and the counts of all levels."""
    level = plan.place.level + 1
    rows = list(
        Stage.objects.filter(plan=plan, is_latest=True).values_list(
            "place_id", "place__code", "place__level", "name"
        )
    )
    here = {code: name for _pk, code, depth, name in rows if depth == level}
    below = [name for pk, _code, depth, name in rows if depth >= level]
    drawing = outline_under(plan.place, level, at=at)
    address = reverse("plans:places", args=[plan.country.code, plan.slug])
    in_force = sum(name in _IN_FORCE for name in here.values())
    whole = len(drawing.shapes) or columns_of(plan.place, level).order_by().count()
    title = ngettext(
        "%(n)s of %(all)s places has a plan in force",
        "%(n)s of %(all)s places have a plan in force",
        in_force,
    ) % {"n": written(in_force), "all": written(whole)}
    picture = stage_map(drawing, here, title=title, link=lambda code: f"{address}{code}/")
    counts = [
        (stage, stage_name(stage), below.count(stage))
        for stage in map(str, StageName.values)
        if below.count(stage)
    ]
    own = Stage.objects.filter(plan=plan, place=plan.place_id, is_latest=True).first()
    stage = own.name if own is not None else _STAGE_OF_STATUS[plan.status]
    return Reach(title, counts, len(below), in_force, picture, stage)
