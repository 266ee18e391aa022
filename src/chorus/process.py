"""From raw posts to observed ones: the one function that every thread and every executor runs.

Pure: the same batch gives the same table, whatever came before it and beside it.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from chorus.foldable import OBSERVED
from chorus.forgetting import NO_ACCOUNTS, IncidentKey, OfficialAccounts, dropped, forget
from chorus.heads import Heads
from chorus.kernel import Phrasebook, digest, fingerprint, normalise, places
from chorus.kernel.native import as_large_strings
from chorus.memo import ANSWER, Answers, Memo
from chorus.tags import tags_of

FORGETTING: Final = "forgetting"
CHOOSING: Final = "choosing"
TOO_EARLY: Final = "before the time asked for"
TOO_LATE: Final = "after the time asked for"

# Not a secret: it only tells normal forms apart, within one process.
_FORMS: Final = b"chorus forms 1.."
# How a repost begins once its handle is masked; what it repeats is said by its original too.
_REPOST_START: Final = r"^\s*RT \[user\]:?\s*"

# Called with the name of a stage, around its work; for measuring.
Watch = Callable[[str], AbstractContextManager[Any]]


def _unwatched(_stage: str) -> AbstractContextManager[Any]:
    return nullcontext()


@dataclass(frozen=True, eq=False)
class Recipe:
    """What makes observed posts of raw ones. `since` and `until` bound the posts asked for.

    `places` finds names of places; their numbers are rows of the gazetteer. Posts more than an
    hour after `now` are left out.
    """

    key: IncidentKey
    heads: Heads
    places: Phrasebook | None = None
    official: OfficialAccounts = field(default=NO_ACCOUNTS)
    since: datetime | None = None
    until: datetime | None = None
    now: datetime | None = None


def process(
    raw: pl.DataFrame,
    recipe: Recipe,
    memo: Memo | None = None,
    *,
    watch: Watch = _unwatched,
) -> pa.Table:
    """Return the observed posts (OBSERVED) of a raw batch.

    A memo that is shared by the batches of one recipe saves scoring a text twice; it changes
    nothing else.
    """
    with watch("forget"):
        posts = forget(raw, recipe.key, official=recipe.official, now=recipe.now)
        posts = posts.filter(_untimely(posts["at"], recipe).is_null())
    with watch("fingerprint"):
        # A repost says what its original says, and is found as the same text.
        own = posts["text"].str.replace(_REPOST_START, "")
        texts = as_large_strings(own)
        prints = fingerprint(texts, recipe.key.secret)
    with watch("score"):
        said = _said(texts, recipe, Memo() if memo is None else memo)
    with watch("tags"):
        tags = tags_of(posts["text"]).to_arrow().cast(OBSERVED.field("tags").type)
    return pa.table(
        {
            "id": posts["id"].to_arrow(),
            "at": posts["at"].to_arrow(),
            "author": posts["author"].to_arrow(),
            "repost": posts["repost"].to_arrow(),
            "official": posts["official"].to_arrow(),
            "exact": prints.exact,
            "signature": _as_bytes(prints.signature),
            "labels": np.ascontiguousarray(said["labels"]),
            "language": np.ascontiguousarray(said["language"]),
            "place": np.ascontiguousarray(said["place"]),
            "tags": tags,
            "text": texts,
        },
        schema=OBSERVED,
    )


def left_out(raw: pl.DataFrame, recipe: Recipe) -> Counter[tuple[str, str]]:
    """Return how many posts of a raw batch `process` leaves out, by step and reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for reason, posts in dropped(raw, now=recipe.now).items():
        counts[FORGETTING, reason] = posts
    if recipe.since is None and recipe.until is None:
        return counts
    kept = forget(raw.with_columns(author=pl.lit(None, pl.String)), recipe.key, now=recipe.now)
    untimely = _untimely(kept["at"], recipe).drop_nulls()
    for reason, posts in untimely.value_counts().iter_rows():
        counts[CHOOSING, reason] = posts
    return counts


def _untimely(at: pl.Series, recipe: Recipe) -> pl.Series:
    """Return why posts are not in the time asked for; null where they are."""
    reason = pl.lit(None, pl.String)
    if recipe.since is not None:
        early = pl.lit(at) < _microseconds(recipe.since)
        reason = pl.when(early).then(pl.lit(TOO_EARLY)).otherwise(reason)
    if recipe.until is not None:
        late = pl.lit(at) >= _microseconds(recipe.until)
        reason = pl.when(late).then(pl.lit(TOO_LATE)).otherwise(reason)
    if recipe.since is None and recipe.until is None:
        return pl.Series("reason", [None], dtype=pl.String).new_from_index(0, len(at))
    return pl.select(reason.alias("reason"))["reason"]


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _said(texts: pa.LargeStringArray, recipe: Recipe, memo: Memo) -> Answers:
    """Return labels, language and place of each text; each distinct text is asked about once."""
    forms, first, back = np.unique(
        digest(normalise(texts), _FORMS), return_index=True, return_inverse=True
    )
    answers, is_known = memo.find(forms)
    is_new = ~is_known
    if is_new.any():
        answers[is_new] = _answers(texts.take(pa.array(first[is_new])), recipe)
        memo.add(forms[is_new], answers[is_new])
    return np.asarray(answers[back])


def _answers(texts: pa.LargeStringArray, recipe: Recipe) -> Answers:
    answers = np.zeros(len(texts), ANSWER)
    scores = recipe.heads.score(texts)
    answers["language"] = languages = scores.languages()
    answers["labels"] = scores.labels(languages)
    if recipe.places is not None:
        answers["place"] = places(texts, recipe.places)
    return answers


def _as_bytes(signature: NDArray[np.uint16]) -> pa.Array:
    width = signature.shape[1] * signature.itemsize
    content = pa.py_buffer(np.ascontiguousarray(signature.astype("<u2", copy=False)))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(signature), [None, content])
