"""The facts of public plans that ship with Tansiq, read from TOML. Knows neither tables nor people.

Every text is in six languages; every entry says how sure it is and where it was read. What is
marked "proposal" is ours: it gives a plan substance and is not official text.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

FOLDER = Path(__file__).parent / "data"
PROPOSAL = "proposal"

# A text in every language of the platform, by language.
Words = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every entry has: how sure we are, and where it was read."""

    certainty: str = PROPOSAL
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class FactSeed(Entry):
    code: str
    text: Words


@dataclass(frozen=True, kw_only=True)
class StageSeed(Entry):
    """How far the country as a whole had come on a day."""

    name: str
    since_on: date
    note: Words


@dataclass(frozen=True, kw_only=True)
class PillarSeed(Entry):
    code: str
    title: Words


@dataclass(frozen=True, kw_only=True)
class ObjectiveSeed(Entry):
    code: str
    pillar: str
    title: Words


@dataclass(frozen=True, kw_only=True)
class ActionSeed(Entry):
    code: str
    objective: str
    title: Words
    lead: str
    supporting: tuple[str, ...] = ()
    local_role: Words = field(default_factory=dict)
    local_role_certainty: str = PROPOSAL
    local_role_source: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    # Empty: as sure as the action itself.
    period_certainty: str = ""
    gender_note: Words = field(default_factory=dict)
    rights_note: Words = field(default_factory=dict)
    sustainability_note: Words = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DutySeed(Entry):
    """What the national level owes to each place."""

    code: str
    objective: str
    kind: str
    title: Words
    every_months: int
    due_days: int


@dataclass(frozen=True, kw_only=True)
class MilestoneSeed(Entry):
    action: str
    title: Words
    due_on: date
    reached_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class IndicatorSeed(Entry):
    """A baseline and a target are in the indicator's own unit."""

    code: str
    title: Words
    definition: Words
    unit: Words
    decimals: int
    frequency: str
    rule: str
    level: int | None = None
    dimensions: tuple[str, ...] = ()
    falling_is_good: bool = False
    baseline: float | None = None
    target: float | None = None


@dataclass(frozen=True, kw_only=True)
class PlanSeed(Entry):
    """One national plan with all its parts."""

    slug: str
    country: str
    title: Words
    short_title: str
    summary: Words
    legal_instrument: Words = field(default_factory=dict)
    starts_on: date
    ends_on: date
    period_certainty: str
    language: str
    languages: tuple[str, ...]
    status: str
    facts: tuple[FactSeed, ...] = ()
    stages: tuple[StageSeed, ...] = ()
    pillars: tuple[PillarSeed, ...] = ()
    objectives: tuple[ObjectiveSeed, ...] = ()
    actions: tuple[ActionSeed, ...] = ()
    duties: tuple[DutySeed, ...] = ()
    milestones: tuple[MilestoneSeed, ...] = ()
    indicators: tuple[IndicatorSeed, ...] = ()

    def texts(self) -> Iterator[Words]:
        """Yield every text of the plan and its parts."""
        yield from _texts_of(self)
        for part in (*self.facts, *self.stages, *self.pillars, *self.objectives, *self.actions):
            yield from _texts_of(part)
        for part in (*self.duties, *self.milestones, *self.indicators):
            yield from _texts_of(part)


SHORT_TITLES = {
    "ran-pe-2020": "RAN PE 2020–2024",
    "nap-pcve-2019": "NAP P/CVE",
    "mypcve-2024": "MyPCVE 2024–2028",
    "nspcve-2016": "NSPCVE",
}


def seed_countries() -> list[str]:
    """Return the codes of the countries whose plan ships with Tansiq."""
    return sorted(path.name[:2] for path in _files())


def read_seed(country: str) -> PlanSeed:
    """Return the plan of one of these countries. Raises KeyError for another one."""
    found = {path.name[:2]: path for path in _files()}
    content = tomllib.loads(found[country].read_text(encoding="utf-8"))
    plan = content["plan"]
    return PlanSeed(
        short_title=SHORT_TITLES.get(plan["slug"], ""),
        facts=_entries(FactSeed, content, "fact"),
        stages=_entries(StageSeed, content, "stage"),
        pillars=_entries(PillarSeed, content, "pillar"),
        objectives=_entries(ObjectiveSeed, content, "objective"),
        actions=_entries(ActionSeed, content, "action"),
        duties=_entries(DutySeed, content, "duty"),
        milestones=_entries(MilestoneSeed, content, "milestone"),
        indicators=_entries(IndicatorSeed, content, "indicator"),
        **{key: _tidy(value) for key, value in plan.items() if key != "kind"},
    )


def facts_only(seed: PlanSeed) -> PlanSeed:
    """Return the plan without our proposals: pillars, facts, and what the sources speak of."""
    actions = tuple(action for action in seed.actions if action.certainty != PROPOSAL)
    codes = {action.code for action in actions}
    objectives = {action.objective for action in actions}
    return replace(
        seed,
        actions=actions,
        objectives=tuple(o for o in seed.objectives if o.code in objectives),
        milestones=tuple(
            m for m in seed.milestones if m.action in codes and m.certainty != PROPOSAL
        ),
        duties=tuple(duty for duty in seed.duties if duty.certainty != PROPOSAL),
        indicators=tuple(i for i in seed.indicators if i.certainty != PROPOSAL),
    )


def moved(seed: PlanSeed, move: Callable[[date], date]) -> PlanSeed:
    """Return the plan with the dates of its actions and milestones moved."""
    return replace(
        seed,
        actions=tuple(_moved(action, move) for action in seed.actions),
        milestones=tuple(_moved(milestone, move) for milestone in seed.milestones),
    )


SeedT = TypeVar("SeedT", ActionSeed, MilestoneSeed)


def _moved(part: SeedT, move: Callable[[date], date]) -> SeedT:
    dates: dict[str, Any] = {
        one.name: move(getattr(part, one.name))
        for one in fields(part)
        if isinstance(getattr(part, one.name), date)
    }
    return replace(part, **dates)


def _files() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.toml") if path.name[2:3] == "-")


EntryT = TypeVar("EntryT", bound=Entry)


def _entries(kind: type[EntryT], content: dict[str, Any], name: str) -> tuple[EntryT, ...]:
    return tuple(
        kind(**{key: _tidy(value) for key, value in entry.items()})
        for entry in content.get(name, [])
    )


def _tidy(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _texts_of(entry: Entry) -> Iterator[Words]:
    for one in fields(entry):
        value = getattr(entry, one.name)
        if isinstance(value, dict) and value:
            yield value
