"""The book of what was published: no day gives more than it may, and nothing is taken out again."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from chorus.budget import Budget, BudgetError, Purpose, Spending, open_book

AT = datetime(2026, 5, 14, 8, tzinfo=UTC)
DAY = timedelta(days=1)
BEGUN = datetime(2026, 5, 13, tzinfo=UTC)
PURPOSE = Purpose("press office", "a daily bulletin", "posts of day 1", AT)


def day(number=1, epsilon="0.6", delta="1e-7"):
    start = BEGUN + (number - 1) * DAY
    return Spending(start, start + DAY, Decimal(epsilon), Decimal(delta))


def spend(path, *days, purpose=PURPOSE, budget=None):
    with open_book(path, budget) as book:
        book.spend(days, purpose)
        return book.seal


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "book" / "publications.jsonl"


def test_a_line_says_who_why_what_when_and_how_much(path):
    spend(path, day())

    (line,) = [json.loads(text) for text in path.read_text().splitlines()]
    assert {name: line[name] for name in ("who", "why", "what", "at")} == {
        "who": "press office",
        "why": "a daily bulletin",
        "what": "posts of day 1",
        "at": "2026-05-14T08:00:00+00:00",
    }
    assert line["days"] == [
        {
            "starts_at": "2026-05-13T00:00:00+00:00",
            "ends_at": "2026-05-14T00:00:00+00:00",
            "epsilon": "0.6",
            "delta": "1E-7",
        }
    ]


def test_a_day_gives_no_more_than_it_may(path):
    spend(path, day(1), day(2))
    with pytest.raises(BudgetError, match=r"has epsilon 0\.4 .* would take 0.6"):
        spend(path, day(2), day(3))

    spend(path, day(1, "0.4"), day(3))

    with open_book(path) as book:
        spent = [book.spent(day(number))[0] for number in (1, 2, 3, 4)]
    assert spent == [Decimal("1.0"), Decimal("0.6"), Decimal("0.6"), 0]


def test_delta_is_a_budget_too(path):
    spend(path, day(epsilon="0.1", delta="6e-7"))

    with pytest.raises(BudgetError, match="delta"):
        spend(path, day(epsilon="0.1", delta="6e-7"))


def test_a_day_that_is_shifted_by_an_hour_is_not_a_new_day(path):
    spend(path, day(1))
    later = day(1)
    shifted = replace(later, starts_at=later.starts_at + timedelta(hours=1))

    with pytest.raises(BudgetError, match="left"):
        spend(path, shifted)


def test_the_same_day_cannot_be_asked_for_twice_at_once(path):
    with pytest.raises(BudgetError, match="twice"):
        spend(path, day(epsilon="0.4"), day(epsilon="0.4"))

    assert not path.exists()


def test_the_budget_of_a_book_stays(path):
    spend(path, day(), budget=Budget(Decimal(2)))
    spend(path, day(epsilon="1.4"))

    with pytest.raises(BudgetError, match="was set to epsilon 2"):
        spend(path, day(2), budget=Budget(Decimal(5)))


def test_a_clock_that_went_back_is_refused(path):
    spend(path, day(1))

    with pytest.raises(BudgetError, match="set the clock right"):
        spend(path, day(2), purpose=replace(PURPOSE, at=AT - timedelta(seconds=1)))


def change_a_number(lines):
    return [lines[0].replace('"epsilon":"0.6"', '"epsilon":"0.1"', 1), *lines[1:]]


def change_a_number_and_its_hash(lines):
    line = json.loads(change_a_number(lines)[0])
    del line["hash"]
    text = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    line["hash"] = hashlib.sha256(text.encode()).hexdigest()
    changed = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return [changed, *lines[1:]]


@pytest.mark.parametrize(
    "alter",
    [
        change_a_number,
        change_a_number_and_its_hash,
        lambda lines: lines[:-1],
        lambda lines: lines[:1],
        lambda lines: lines[1:],
        lambda lines: [],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines, "{"],
        lambda lines: [*lines, "[1]"],
    ],
)
def test_an_altered_book_is_found(path, alter):
    for number in (1, 2, 3):
        spend(path, day(number))
    lines = path.read_text().splitlines()
    path.write_text("".join(f"{line}\n" for line in alter(lines)))

    with pytest.raises(BudgetError, match="altered"):
        spend(path, day(4))


def test_a_book_without_its_seal_is_refused(path):
    spend(path, day(1))
    path.with_name(f"{path.name}.seal").unlink()

    with pytest.raises(BudgetError, match="altered"):
        spend(path, day(2))


def test_a_crash_between_line_and_seal_costs_nothing_but_the_line(path):
    spend(path, day(1))
    seal = path.with_name(f"{path.name}.seal")
    before = seal.read_bytes()
    spend(path, day(2))
    seal.write_bytes(before)

    spend(path, day(3))

    with open_book(path) as book:
        assert [book.spent(day(number))[0] for number in (1, 2, 3)] == [Decimal("0.6")] * 3


def test_two_processes_at_once_cannot_both_spend_what_is_left(path):
    script = """
import sys
from tests.chorus.test_budget import BudgetError, Path, day, spend
try:
    spend(Path(sys.argv[1]), day(epsilon="0.3"))
except BudgetError:
    sys.exit(3)
"""
    command = [sys.executable, "-c", script, str(path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    processes = [
        subprocess.Popen(command, env=environment)  # noqa: S603 -- our own Python
        for _ in range(6)
    ]

    statuses = [process.wait(timeout=60) for process in processes]

    assert sorted(statuses) == [0, 0, 0, 3, 3, 3]
    with open_book(path) as book:
        assert book.spent(day())[0] == Decimal("0.9")
