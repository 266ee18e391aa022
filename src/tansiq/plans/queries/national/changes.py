"""What differs between the figures of two editions, and which sentences still say the old ones."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.money import parts_of

# A number as people write it: digits with marks between thousands, and perhaps a fraction.
_NUMBER = re.compile(r"\d+(?:[.,٬٫'’\u00a0\u202f ]\d+)*")
_MARKS = re.compile(r"[.,٬٫'’\u00a0\u202f ]")
_POINTS = ".,٫"


@dataclass(frozen=True)
class Fact:
    """One figure: in which section it stands, of what it is, what is counted, and its value."""

    section: str
    subject: str
    name: str
    value: str


@dataclass(frozen=True)
class Change:
    section: str
    subject: str
    name: str
    before: str
    after: str


def facts_of(data: Data) -> dict[tuple[str, str, str], Fact]:
    """Return every figure of an edition by its section, subject and name."""
    facts = (Fact(*one[:3], str(one[3])) for one in _all(data))
    return {(one.section, one.subject, one.name): one for one in facts}


Row = tuple[str, str, str, object]


def _all(data: Data) -> Iterator[Row]:
    for tell in (_places, _progress, _coverage, _indicators, _duties, _money):
        yield from tell(data)


def _places(data: Data) -> Iterator[Row]:
    for name, value in data["reporting"].items():
        yield "places", "", name, value


def _progress(data: Data) -> Iterator[Row]:
    total = data["progress"]["total"]
    yield "progress", "", "total", sum(total.values())
    for tone, value in total.items():
        yield "progress", "", tone, value
    for row in data["progress"]["objectives"]:
        for tone, value in row["counts"].items():
            yield "progress", row["code"], tone, value


def _coverage(data: Data) -> Iterator[Row]:
    for level in data["coverage"]:
        for name in ("complete", "places"):
            yield "coverage", f"#{level['level']}", name, level[name]
        for row in level["rows"]:
            yield "coverage", f"{row['code']}#{level['level']}", "whole", row["whole"]


def _indicators(data: Data) -> Iterator[Row]:
    for row in data["indicators"]:
        for name in ("number", "target", "baseline", "places", "expected"):
            yield "indicators", row["code"], name, row[name]


def _duties(data: Data) -> Iterator[Row]:
    for row in data["duties"]:
        for name in ("places", "given", "received", "late"):
            yield "duties", row["code"], name, row[name]
    for name, value in data["answers"].items():
        yield "duties", "", f"answers_{name}", value


def _money(data: Data) -> Iterator[Row]:
    for part, told in parts_of(data["money"]):
        for row in told["lines"]:
            subject = f"{row['year']} {row['currency']} {row['source']}"
            for name in ("planned", "committed", "spent"):
                yield "money", subject, f"{part}_{name}", row[name]
        for row in told["years"]:
            for name in ("needed", "missing"):
                subject = f"{row['year']} {row['currency']}"
                yield "money", subject, f"{part}_{name}", row[name]


def changes_between(before: Data, after: Data) -> list[Change]:
    """Return each figure that is new, gone or another one, in the order of the report."""
    old, new = facts_of(before), facts_of(after)
    keys = [*new, *(key for key in old if key not in new)]
    return [
        Change(*key, _value(old, key), _value(new, key))
        for key in keys
        if _value(old, key) != _value(new, key)
    ]


def _value(facts: dict[tuple[str, str, str], Fact], key: tuple[str, str, str]) -> str:
    return facts[key].value if key in facts else ""


def stale_paragraphs(text: str, section: str, before: Data, after: Data) -> list[int]:
    """Return which paragraphs name a figure that was true then and is not now, counted from 0.

    `before` are the figures beside which the text was written. A number that also stands for
    something unchanged in the section is given the benefit of the doubt.
    """
    changed = changes_between(before, after)
    concerned = [one for one in changed if section in {one.section, "summary"}]
    old = {_plain(one.before) for one in concerned if one.before}
    facts = facts_of(after).values()
    now = {_plain(one.value) for one in facts if section in {one.section, "summary"} and one.value}
    gone = old - now
    return [
        number for number, paragraph in enumerate(text.split("\n")) if numbers_in(paragraph) & gone
    ]


def _plain(value: str) -> str:
    """Return a stored number without its empty decimals."""
    return value.rstrip("0").rstrip(".") if "." in value else value


def numbers_in(text: str) -> set[str]:
    """Return every number a text names, in Latin digits; one that may be two is given as both."""
    found: set[str] = set()
    latin = "".join(_latin(one) for one in text)
    for match in _NUMBER.finditer(latin):
        written = match.group()
        found.add(_MARKS.sub("", written).lstrip("0") or "0")
        place = max(written.rfind(mark) for mark in _POINTS)
        if place > 0:
            whole = _MARKS.sub("", written[:place]).lstrip("0") or "0"
            found.add(_plain(f"{whole}.{_MARKS.sub('', written[place:])}"))
        # "12 135" may be one number or two that stand beside each other.
        found.update(part.lstrip("0") or "0" for part in re.split("[\u00a0\u202f ]", written))
    return found


def _latin(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
