"""One map put together from what stands in its address."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.core.geometry import Outline
from tansiq.plans.models import Indicator, Plan
from tansiq.plans.queries.coverage import columns_of
from tansiq.plans.queries.mapping import progress, topics
from tansiq.plans.queries.mapping.figures import figure_layer, latest_with_figures, target_layer
from tansiq.plans.queries.mapping.layer import Layer, Moment, Topic, Value
from tansiq.plans.queries.mapping.money import gap_layer
from tansiq.plans.queries.maps import outline_under
from tansiq.plans.queries.places import level_choices


@dataclass(frozen=True)
class Row:
    """One place of the map, for its table and its files."""

    place: Place
    value: Value


@dataclass(frozen=True)
class MapPage:
    """What is shown, where, when; and what else could be."""

    plan: Plan
    parent: Place
    topics: list[Topic]
    topic: Topic
    levels: list[tuple[int, str]]
    level: int
    moments: list[Moment]
    moment: Moment
    layer: Layer
    rows: list[Row]
    outline: Outline
    sort: str

    @property
    def as_of(self) -> dt.date:
        return self.moment.day

    @property
    def has_slider(self) -> bool:
        return len(self.moments) > 1

    @property
    def has_deeper(self) -> bool:
        return any(level > self.level for level, _words in self.levels)

    @property
    def known(self) -> int:
        return sum(row.value.number is not None for row in self.rows)

    @property
    def few(self) -> int:
        return sum(row.value.is_few for row in self.rows)

    @cached_property
    def query(self) -> str:
        """Return the address of exactly this map, to share and for its files."""
        asked = {"show": self.topic.key, "level": self.level}
        if self.parent.pk != self.plan.place_id:
            asked["place"] = self.parent.code
        if self.moment.key:
            asked["at"] = self.moment.key
        return urlencode(asked)

    def place_url(self, code: str) -> str:
        return f"{self._places_url}{code}/"

    @cached_property
    def _places_url(self) -> str:
        return reverse("plans:places", args=[self.plan.country.code, self.plan.slug])


def map_page(
    actor: Actor, plan: Plan, parent: Place, asked: Mapping[str, str], *, day: dt.date
) -> MapPage:
    """Return the map asked for; what the address does not say, or says wrongly, is chosen.

    The number of queries does not grow with the number of places.
    """
    indicators = topics.indicators_of(plan)
    for one in indicators:
        one.plan = plan
    offered = topics.topics_of(actor, indicators)
    topic = next((one for one in offered if one.key == asked.get("show")), offered[0])
    levels = [one for one in level_choices(plan) if one[0] > parent.level]
    level = _level_of(asked.get("level", ""), levels, parent)
    moments = topics.moments_of(actor, plan, topic, day) or [Moment("", "", day)]
    indicator = _indicator_of(topic, indicators)
    moment = _moment_of(asked.get("at", ""), moments, indicator, day=day)
    places = list(columns_of(parent, level))
    if topic.key == topics.GAP:
        year = int(moment.key or day.year)
        layer = gap_layer(actor, plan, places, level, year=year, on=day)
    else:
        layer = _layer_of(
            plan, topic, indicator=indicator, places=places, level=level, moment=moment
        )
    sort = asked.get("sort", "")
    rows = _sorted([Row(one, layer.value_of(one.pk)) for one in places], sort)
    outline = outline_under(parent, level, at=_noon(day))
    return MapPage(
        plan, parent, offered, topic, levels, level, moments, moment, layer, rows, outline, sort
    )


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


def _level_of(asked: str, levels: list[tuple[int, str]], parent: Place) -> int:
    known = [level for level, _words in levels]
    if asked.isdecimal() and int(asked) in known:
        return int(asked)
    return known[0] if known else parent.level + 1


def _indicator_of(topic: Topic, indicators: list[Indicator]) -> Indicator | None:
    code = topic.key.partition("-")[2]
    if not topic.key.startswith((topics.FIGURE, topics.TARGET)):
        return None
    return next(one for one in indicators if one.code == code)


def _moment_of(
    asked: str, moments: list[Moment], indicator: Indicator | None, *, day: dt.date
) -> Moment:
    """Return the moment asked for, else the latest; of figures the latest that has one."""
    named = {one.key: one for one in moments if one.key}
    if asked in named:
        return named[asked]
    if indicator is not None:
        return latest_with_figures(indicator, moments) or moments[-1]
    due = [one for one in moments if one.period is not None and one.period.due_on <= day]
    return due[-1] if due else named.get(str(day.year), moments[-1])


def _layer_of(
    plan: Plan,
    topic: Topic,
    *,
    indicator: Indicator | None,
    places: list[Place],
    level: int,
    moment: Moment,
) -> Layer:
    if indicator is not None:
        draw = figure_layer if topic.key.startswith(topics.FIGURE) else target_layer
        return draw(indicator, places, level, moment.period)
    if topic.key == topics.REPORTS and moment.period is not None:
        return progress.reports_layer(plan, places, level, moment.period)
    if topic.key == topics.ANSWERED:
        return progress.answered_layer(plan, places, level)
    return progress.stage_layer(plan, places, level, moment.day)


_KEYS = {
    "place": lambda row: (str(row.place).casefold(), row.place.pk),
    "value": lambda row: (row.value.number is not None, row.value.number or 0, row.place.pk),
    "base": lambda row: (row.value.base, row.value.of, row.place.pk),
}


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    """Return the rows in the order asked for; places without a value come last or first."""
    key = _KEYS.get(sort.removeprefix("-"), _KEYS["place"])
    return sorted(rows, key=key, reverse=sort.startswith("-"))
