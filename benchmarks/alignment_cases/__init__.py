"""A labelled set: local actions in six languages, and the national objectives they belong to."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tansiq.plans
from tansiq.plans.matching.scoring import NationalText

LANGUAGES = ("en", "ar", "id", "ms", "fil", "fr")
PARTS = ("development", "held_out")
HERE = Path(__file__).parent
SHIPPED = {
    "id": "id-ran-pe-2020",
    "ph": "ph-nap-pcve-2019",
    "my": "my-mypcve-2024",
    "ke": "ke-nspcve-2016",
}


@dataclass(frozen=True)
class Case:
    language: str
    text: str
    plan: str
    right: frozenset[str]


def cases(part: str) -> list[Case]:
    rows = tomllib.loads((HERE / f"{part}.toml").read_text("utf-8"))
    return [
        Case(language, text, plan, frozenset(right))
        for language in LANGUAGES
        for text, plan, right in rows[language]
    ]


@cache
def national(plan: str, language: str) -> tuple[NationalText, ...]:
    """Return a national plan as somebody reads it who has it in this language only."""
    return tuple(_shipped(SHIPPED[plan], language) if plan in SHIPPED else _made(language))


def _made(language: str) -> Iterator[NationalText]:
    rows = tomllib.loads((HERE / "plan.toml").read_text("utf-8"))["objective"]
    for key, row in enumerate(rows, start=1):
        title, action = row["title"][language], row["action"][language]
        yield NationalText(key, row["code"], action, language, objective_title=title)


def _shipped(name: str, language: str) -> Iterator[NationalText]:
    folder = Path(tansiq.plans.__file__).parent / "data"
    rows = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    objectives = {row["code"]: row for row in rows["objective"]}
    pillars = {row["code"]: row for row in rows["pillar"]}
    for key, row in enumerate(rows["action"], start=1):
        objective = objectives[row["objective"]]
        yield NationalText(
            key,
            row["objective"],
            row["title"][language],
            language,
            objective_title=objective["title"][language],
            pillar_title=pillars[objective["pillar"]]["title"][language],
            role=row.get("local_role", {}).get(language, ""),
        )
