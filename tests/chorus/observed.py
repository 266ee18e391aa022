"""Observed batches for the tests of the state: invented numbers, no post at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from chorus.foldable import OBSERVED, QUARTER_HOUR, Settings
from chorus.kernel.results import SLOTS

START = 1_978_000  # a quarter-hour in 2026
SETTINGS = Settings(incident_at=START * QUARTER_HOUR + 7, key="test", k=10)


@dataclass(frozen=True)
class Post:
    """One observed post; the plainest by default."""

    bucket: int = START
    author: int = 1
    labels: int = 0
    language: int = 1
    place: int = 0
    repost: bool = False
    official: bool = False
    exact: int = 1
    id: int = 0
    text: str | None = None
    tags: Sequence[str] = field(default=())


def signature_of(exact: int, changed: int = 0) -> bytes:
    """Return a signature that differs from that of `exact` in the first `changed` slots."""
    slots = np.random.default_rng(exact % 2**32).integers(0, 2**16, SLOTS).astype("<u2")
    slots[:changed] += 1
    return slots.tobytes()


def observed(posts: Sequence[Post]) -> pa.Table:
    return pa.table(
        {
            "id": [post.id for post in posts],
            "at": [post.bucket * QUARTER_HOUR + post.author % 1000 for post in posts],
            "author": [post.author for post in posts],
            "repost": [post.repost for post in posts],
            "official": [post.official for post in posts],
            "exact": [post.exact for post in posts],
            "signature": [signature_of(post.exact) for post in posts],
            "labels": [post.labels for post in posts],
            "language": [post.language for post in posts],
            "place": [post.place for post in posts],
            "tags": [list(post.tags) for post in posts],
            "text": [post.text for post in posts],
        },
        schema=OBSERVED,
    )


POSTS = st.builds(
    Post,
    # Around the incident, and long enough that old cells become hours and days.
    bucket=st.one_of(
        st.integers(START - 20, START + 20), st.integers(START - 30 * 96, START + 30 * 96)
    ),
    author=st.integers(0, 40),
    labels=st.sampled_from([0, 1, 1 << 4 | 1, 1 << 31, 1 << 4]),
    language=st.integers(0, 3),
    place=st.sampled_from([0, 1, 2, 5]),
    repost=st.booleans(),
    exact=st.integers(0, 30),
)
STREAMS = st.lists(POSTS, max_size=60)


@st.composite
def batched_streams(draw: st.DrawFn) -> tuple[list[Post], list[list[Post]]]:
    """Return a stream, and the same posts in another order in batches."""
    posts = draw(STREAMS)
    shuffled = draw(st.permutations(posts))
    cuts = sorted(draw(st.lists(st.integers(0, len(posts)), max_size=4)))
    batches = [
        shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(posts)], strict=True)
    ]
    return posts, batches
