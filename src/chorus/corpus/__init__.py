"""Our own labelled posts: about two thousand a language, invented, written one by one.

They teach the heads what no public set holds (needs, solidarity, rumours and hostility in Arabic,
French, Indonesian, Malay and Filipino), replay what was learnt when a head learns from a running
incident, and make the streams that tests and benchmarks read. Each post belongs to one of a dozen
invented events, so that a head can be tested on events it has not seen.

A file holds headers `@ event | labels | variety` and below each the posts it describes, one a line;
` ++ ` before further labels of one post.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from chorus import labels

LANGUAGES: Final = ("ar", "en", "fr", "id", "ms", "fil")
EVERYDAY: Final = "everyday"
# Posts in pairs that share words and differ in meaning: hostility and what only looks like it.
CONTRAST: Final = "contrast"
EVENTS: Final = (
    "worship",
    "mall",
    "market",
    "ferry",
    "school",
    "concert",
    "hotel",
    "rail",
    "flood",
    "quake",
    EVERYDAY,
    CONTRAST,
)
# What a post is said not to be, although words in it suggest it, and that it mixes languages.
NOT_ABOUT: Final = "not_about"
NOT_CLAIM: Final = "not_claim"
NOT_HOSTILE: Final = "not_hostile"
MIXED: Final = "mixed"
_ABOUT_NOTHING: Final = frozenset({EVERYDAY, CONTRAST})
REMARKS: Final = frozenset({NOT_ABOUT, NOT_CLAIM, NOT_HOSTILE, MIXED})


@dataclass(frozen=True)
class Written:
    """One post of ours and what it teaches."""

    text: str
    language: str
    event: str
    variety: str
    mask: int
    remarks: frozenset[str]


@cache
def written(language: str) -> tuple[Written, ...]:
    """Return our posts of one of `LANGUAGES`, in the order they were written.

    Raises ValueError, with the line's number, for a line that cannot be understood.
    """
    folder = resources.files(__name__).joinpath("posts")
    texts = (
        folder.joinpath(f"{name}.txt").read_text(encoding="utf-8")
        for name in (language, f"{language}-contrast")
    )
    return tuple(post for text in texts for post in _read(language, text))


def every_post() -> tuple[Written, ...]:
    """Return our posts of all languages."""
    return tuple(post for language in LANGUAGES for post in written(language))


def _read(language: str, text: str) -> Iterator[Written]:
    header: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("# "):
            continue
        if stripped.startswith("@ "):
            header = [part.strip() for part in stripped[2:].split("|")]
            if len(header) != 3 or header[0] not in EVENTS:  # noqa: PLR2004 -- event, labels, variety
                raise ValueError(f"{language}, line {number}: a header is `@ event | labels | who`")
            continue
        if header is None:
            raise ValueError(f"{language}, line {number}: a post stands before the first header")
        post, _, more = stripped.partition(" ++ ")
        event, common, variety = header
        said = {*common.split(), *more.split()}
        yield Written(
            post.strip(), language, event, variety, _mask(said, event), frozenset(said & REMARKS)
        )


def _mask(said: set[str], event: str) -> int:
    keys = {key for word in said - REMARKS for key in _keys(word)}
    if event not in _ABOUT_NOTHING and NOT_ABOUT not in said:
        keys.add("about.about")
        if any(key.startswith(f"{labels.INFORMATION}.") for key in keys):
            keys.add("informative.informative")
    return labels.mask_of(*keys)


def _keys(word: str) -> tuple[str, ...]:
    """Return the keys of a word of the files: `blood`, `claim:panic`, `hostility:faith`."""
    head, _, detail = word.partition(":")
    if head == labels.CLAIM:
        return ("claim.claim", f"{labels.HARM}.{detail}")
    if head == labels.HOSTILITY and not detail:
        return ("hostility.hostility",)
    if head == labels.HOSTILITY:
        return ("hostility.hostility", f"{labels.TARGET}.{detail}")
    if word in labels.HEADS[labels.INFORMATION]:
        return (f"{labels.INFORMATION}.{word}",)
    return (f"{labels.SOLIDARITY}.{word}",)
