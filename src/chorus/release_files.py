"""The folder of a publication: tables, the same as JSON, and a page that says what they are."""

import csv
import io
import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from chorus.capped import CATEGORIES, MOST_OF_A_DAY
from chorus.release import Day, Plan, ReleaseError

FIGURES: Final = "figures.csv"
DAYS: Final = "days.csv"
TAGS: Final = "hashtags.csv"
DATA: Final = "release.json"
PAGE: Final = "README.md"

_OTHERS_MAY_READ: Final = 0o755


@dataclass(frozen=True)
class Publication:
    """What is published, how it was drawn, and the seal of the book it was spent from."""

    days: tuple[Day, ...]
    plan: Plan
    at: datetime
    seal: str


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; it takes the name of `folder` once all is written.

    Raises ReleaseError, before anything is spent, where nothing can be written.
    """
    if folder.exists():
        message = f"There is already a folder {folder.name}; name a new one for each publication."
        raise ReleaseError(message)
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        aside.mkdir(parents=True)
        aside.chmod(_OTHERS_MAY_READ)
        # Room for the files is taken now: a full disk must be known before a day is spent.
        (aside / DATA).write_bytes(bytes(1 << 20))
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        message = f"{folder.name} cannot be written: {error.strerror}; name another folder."
        raise ReleaseError(message) from error
    try:
        yield aside
        aside.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_publication(publication: Publication, folder: Path) -> None:
    """Write all files into a folder that is there. Raises ReleaseError if they cannot be."""
    files = {
        FIGURES: _table(_figure_rows(publication.days)),
        DAYS: _table(_day_rows(publication.days)),
        DATA: json.dumps(_plain(publication), ensure_ascii=False, indent=1) + "\n",
        PAGE: page(publication),
    }
    if publication.plan.hashtags:
        files[TAGS] = _table(_tag_rows(publication.days))
    try:
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
    except OSError as error:
        message = (
            f"The figures cannot be written: {error.strerror}. What they cost stays spent, since "
            "they were drawn."
        )
        raise ReleaseError(message) from error


def page(publication: Publication) -> str:
    """Return what stands beside the figures, in words."""
    plan, days = publication.plan, publication.days
    said = [
        "# Figures of public posts after an incident",
        _covered(days),
        "No person, account or post is in these files. They hold counts to which noise was added, "
        "so that nobody can tell from them whether a given person posted on a day at all.",
        "## What is promised",
        _promise(plan),
        "Whatever else somebody knows, and whatever is computed from these files, this holds. It "
        f"holds for one day of one account. Somebody who posted on {len(days)} of these days is "
        f"protected {len(days)} times less (epsilon {plan.epsilon * len(days)} over all of them), "
        "and somebody with several accounts as many times less.",
        "It does not hold for what is true of everybody: that a city asks for blood is meant to be "
        "seen. It does not say that the labels are right; they are the answers of models whose "
        "errors are published with them.",
        "## How to read the files",
        *_files(plan),
        "`posts` is never below 0 and adds up to the total of its day; `noisy` is the count as it "
        "was drawn, may be below 0, and is the one to use for statistics. In 19 of 20 figures the "
        "noise is smaller than the margin of the day. A 0 may stand for a few posts, and a few "
        "posts may stand for none.",
        "Each post counts once, under the first of these that it holds: "
        f"{', '.join(category.name for category in CATEGORIES)}. Reposts, posts of unknown authors "
        f"and more than {plan.cap} posts of an author on a day are left out; so the figures are "
        "lower than those a response room sees.",
        "How long a cell is and whether languages stand apart was chosen for each day by a noisy "
        "total, so that cells stand clear of the noise.",
        *_about_tags(publication),
        "## How it was made",
        f"Drawn on {publication.at.isoformat(timespec='minutes')} with the discrete Laplace "
        f"mechanism of OpenDP. Of each day's epsilon of {plan.epsilon}, the total took "
        f"{plan.shares[0]:g}, hashtags {plan.shares[1]:g}, the cells {plan.shares[2]:g}. The book "
        f"of what was spent stood at `{publication.seal}` afterwards.",
    ]
    return "\n\n".join(said) + "\n"


def _covered(days: Sequence[Day]) -> str:
    numbers = ", ".join(str(day.number) for day in days)
    return (
        f"Days of the incident: {numbers}. Day {days[0].number} begins at "
        f"{days[0].starts_at.isoformat(timespec='minutes')}, and each lasts 24 hours."
    )


def _promise(plan: Plan) -> str:
    said = (
        f"Take all that one account posted on one day away, and every one of these figures is "
        f"nearly as likely to come out as before: no result becomes more than e^{plan.epsilon} "
        "times as likely or as unlikely (differential privacy with epsilon "
        f"{plan.epsilon} per account and day)."
    )
    if not plan.hashtags:
        return said
    return said + (
        f" For the hashtags this fails with a chance of at most {plan.delta} a day (delta): so "
        "rarely may a tag be shown because of one account."
    )


def _files(plan: Plan) -> Iterator[str]:
    yield f"- `{FIGURES}`: posts by time, language and category."
    yield f"- `{DAYS}`: each day's total and how its cells were cut."
    if plan.hashtags:
        yield f"- `{TAGS}`: hashtags by the number of distinct accounts that used them."
    yield f"- `{DATA}`: all of it for programs."


def _about_tags(publication: Publication) -> Iterator[str]:
    if not publication.plan.hashtags:
        return
    yield (
        "Hashtags are shown only where the noisy number of accounts passes the threshold of the "
        "day, which is far above the noise; a tag that is not shown may still be in use. At most "
        f"{publication.plan.cap} tags of an account count on a day."
    )
    if any(day.tags_left_out for day in publication.days):
        yield "The hashtags of some days are left out, since not all of their names are known."


def _figure_rows(days: Sequence[Day]) -> Iterator[Sequence[Any]]:
    yield "day", "starts_at", "hours", "language", "category", "posts", "noisy"
    for day in days:
        for cell in day.figures:
            start = cell.starts_at.isoformat(timespec="minutes")
            yield (
                day.number, start, cell.hours, cell.language, cell.category, cell.posts, cell.noisy
            )  # fmt: skip


def _day_rows(days: Sequence[Day]) -> Iterator[Sequence[Any]]:
    yield (
        "day", "starts_at", "posts", "posts_margin", "hours_of_a_cell", "languages_apart",
        "cell_margin", "tag_threshold", "tag_margin",
    )  # fmt: skip
    for day in days:
        yield (
            day.number, day.starts_at.isoformat(timespec="minutes"), day.total, day.total_margin,
            day.hours, "yes" if day.by_language else "no", day.margin, day.tags_threshold,
            day.tags_margin,
        )  # fmt: skip


def _tag_rows(days: Sequence[Day]) -> Iterator[Sequence[Any]]:
    yield "day", "hashtag", "accounts"
    for day in days:
        # With its sign, a tag is no formula to a spreadsheet.
        yield from ((day.number, f"#{tag.tag}", tag.authors) for tag in day.tags)


def _table(rows: Iterator[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _plain(publication: Publication) -> dict[str, Any]:
    plan = publication.plan
    days = [
        {**asdict(day), "starts_at": day.starts_at.isoformat(), "figures": _plain_figures(day)}
        for day in publication.days
    ]
    return {
        "format": "chorus release 1",
        "made_at": publication.at.isoformat(),
        "unit": "all posts of one account on one day of the incident",
        "epsilon_of_a_day": str(plan.epsilon),
        "delta_of_a_day": str(plan.costs_delta),
        "posts_of_an_account_and_day": plan.cap,
        "most_posts_of_an_account_and_day_kept": MOST_OF_A_DAY,
        "budget_seal": publication.seal,
        "days": days,
    }


def _plain_figures(day: Day) -> list[dict[str, Any]]:
    return [{**asdict(figure), "starts_at": figure.starts_at.isoformat()} for figure in day.figures]
