"""What the shipped heads learn from: our own posts, and public sets whose weights may ship.

The public sets are not part of the project; `gather` reads them from a folder. Each example carries
two masks: what is known about the post, and which of that is true. A set that only says "off topic"
teaches nothing about hostility, and must not be taken for a "no" there.

Sources and licences: CrisisLexT26 and CrisisLexT6 (Olteanu et al. 2014, 2015; MIT), MLMA (Ousidhoum
et al. 2019; MIT), PHEME (Zubiaga et al. 2016; annotations CC BY 4.0), NTREX-128 (Federmann et al.
2022; CC BY-SA 4.0), NusaX (Winata et al. 2023; CC BY-SA 4.0), and the word frequencies of wordfreq
(Speer 2022; CC BY-SA 4.0), which teach languages alone. The cards repeat this.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from chorus import corpus, labels
from chorus.labels import mask_of

OWN: Final = "own"
CRISISLEX_T26: Final = "crisislex_t26"
CRISISLEX_T6: Final = "crisislex_t6"
MLMA: Final = "mlma"
PHEME: Final = "pheme_rumours"
NTREX: Final = "ntrex_train"
NUSAX: Final = "nusax"
WORDS: Final = "words"

EVERYTHING: Final = (1 << len(labels.LABELS)) - 1
_SOLIDARITY: Final = mask_of(*(f"solidarity.{name}" for name in labels.HEADS["solidarity"]))
_INFORMATION: Final = mask_of(*(f"information.{name}" for name in labels.HEADS["information"]))
_ABOUT: Final = mask_of("about.about")
_INFORMATIVE: Final = mask_of("informative.informative")
_CLAIM: Final = mask_of("claim.claim")
_HOSTILITY: Final = mask_of("hostility.hostility")

# Pairs of posts outside any incident teach what is hostile and what is a claim. Their hostile half
# reads like hostility after an attack, and would teach that such posts are about nothing.
_TOLD_BY_CONTRAST: Final = mask_of(
    *(
        label.key
        for label in labels.LABELS
        if label.head in {"claim", "harm", "hostility", "target"}
    )
)

# The six types of CrisisLexT26, in the order of their columns in the model.
COARSE: Final = (
    "affected_individuals",
    "caution_and_advice",
    "donations_and_volunteering",
    "infrastructure_and_utilities",
    "other_useful_information",
    "sympathy_and_support",
)
_T26_TYPE: Final = {
    "Affected individuals": 0,
    "Caution and advice": 1,
    "Donations and volunteering": 2,
    "Infrastructure and utilities": 3,
    "Other Useful Information": 4,
    "Sympathy and support": 5,
}
NO_TYPE: Final = -1

# What a type of CrisisLexT26 rules in and rules out in our finer code book. What it leaves open
# (is "donations" blood or money?) stays unknown.
_GIVEN: Final = mask_of(
    *(
        f"information.{name}"
        for name in (
            "medical",
            "blood",
            "shelter_transport",
            "food_water",
            "psychosocial",
            "financial",
            "offers_volunteering",
            "information_wanted",
        )
    )
)
_HURT: Final = mask_of("information.affected_people", "information.missing_people")
_CAUTION: Final = mask_of("information.caution_advice")
_SERVICES: Final = mask_of("information.infrastructure_services")
_T26_YES: Final = {1: _CAUTION, 3: _SERVICES}
_T26_NO: Final = {
    0: _GIVEN | _CAUTION | _SERVICES | _SOLIDARITY,
    1: _GIVEN | _HURT | _SOLIDARITY,
    2: _HURT | _CAUTION | _SERVICES,
    3: _GIVEN | _HURT | _SOLIDARITY,
    4: _GIVEN | _HURT | _CAUTION | _SERVICES | _SOLIDARITY,
    5: _INFORMATION,
}


@dataclass(frozen=True)
class Example:
    """One labelled text. Bits of `yes` count only where `known` has them."""

    text: str
    source: str
    event: str
    language: str
    known: int = 0
    yes: int = 0
    coarse: int = NO_TYPE
    remarks: frozenset[str] = frozenset()
    written_for: str = ""  # of a post of ours, the language of its file


def gather(folder: Path | None) -> list[Example]:
    """Return every example there is: our own posts, and the public sets found in `folder`.

    The same text twice within a source is taken once, so that no copy of a test post is learnt.
    """
    found = list(_own())
    if folder is not None:
        for reader, name in (
            (_t26, CRISISLEX_T26),
            (_t6, CRISISLEX_T6),
            (_mlma, MLMA),
            (_pheme, PHEME),
            (_sentences, NTREX),
            (_sentences, NUSAX),
        ):
            path = folder / f"{name}.parquet"
            if path.exists():
                found.extend(reader(pl.read_parquet(path), name))
        found.extend(_words())
    return _once_each(found)


def _own() -> Iterator[Example]:
    for post in corpus.every_post():
        yield Example(
            text=post.text,
            source=OWN,
            event=f"{OWN}.{post.event}",
            language="mixed" if corpus.MIXED in post.remarks else post.language,
            known=_TOLD_BY_CONTRAST if post.event == corpus.CONTRAST else EVERYTHING,
            yes=post.mask,
            remarks=post.remarks,
            written_for=post.language,
        )


# The language of each event of CrisisLexT26 that is not mostly English is left open.
_NOT_MOSTLY_ENGLISH: Final = ("Costa_Rica", "Guatemala", "Italy", "Sardinia", "Spain", "Venezuela")


def _t26(frame: pl.DataFrame, source: str) -> Iterator[Example]:
    for row in frame.iter_rows(named=True):
        informativeness = row["informativeness"]
        if informativeness == "Not applicable":
            continue
        kind = _T26_TYPE.get(row["information_type"], NO_TYPE)
        yes = _T26_YES.get(kind, 0)
        known = yes | _T26_NO.get(kind, 0) | _ABOUT | _INFORMATIVE
        if informativeness == "Not related":
            known |= _INFORMATION | _SOLIDARITY
        else:
            yes |= _ABOUT
        if informativeness == "Related and informative":
            yes |= _INFORMATIVE
        foreign = any(part in row["event"] for part in _NOT_MOSTLY_ENGLISH)
        yield Example(
            row["text"], source, row["event"], "" if foreign else "en", known, yes, coarse=kind
        )


def _t6(frame: pl.DataFrame, source: str) -> Iterator[Example]:
    # A third of the 46,000 teaches as much as all of them.
    for row in frame.gather_every(3).iter_rows(named=True):
        if row["topic"] == "on-topic":
            yield Example(row["text"], source, row["event"], "en", _ABOUT, _ABOUT)
        else:
            known = _ABOUT | _INFORMATION | _SOLIDARITY | _INFORMATIVE
            yield Example(row["text"], source, row["event"], "en", known, 0)


def _mlma(frame: pl.DataFrame, source: str) -> Iterator[Example]:
    for row in frame.iter_rows(named=True):
        tags = set(row["sentiment"].split("_"))
        if "hateful" in tags:
            yield Example(row["text"], source, source, row["lang"], _HOSTILITY, _HOSTILITY)
        elif tags == {"normal"}:
            yield Example(row["text"], source, source, row["lang"], _HOSTILITY, 0)
        else:
            yield Example(row["text"], source, source, row["lang"])


def _pheme(frame: pl.DataFrame, source: str) -> Iterator[Example]:
    for row in frame.iter_rows(named=True):
        yield Example(row["text"], source, f"pheme.{row['event']}", "", _CLAIM, _CLAIM)


def _sentences(frame: pl.DataFrame, source: str) -> Iterator[Example]:
    """Yield whole sentences, and of long ones a piece as short as posts are."""
    chance = random.Random(1)  # noqa: S311 -- nothing secret
    for row in frame.iter_rows(named=True):
        language = "fil" if row["lang"] == "tl" else row["lang"]
        yield Example(row["text"], source, source, language)
        words = row["text"].split()
        if len(words) > _LONG:
            start = chance.randrange(len(words) - _LONG)
            piece = words[start : start + chance.randint(3, _LONG)]
            yield Example(" ".join(piece).lower(), source, source, language)


_LONG: Final = 10
_WORD_LANGUAGES: Final = (*corpus.LANGUAGES, "es", "pt", "it", "de", "nl", "tr", "vi")
_WORD_POSTS: Final = 4000


def _words() -> Iterator[Example]:
    """Yield words drawn as often as a language uses them; they teach which words are Malay."""
    try:
        import wordfreq  # noqa: PLC0415 -- only those who train have it
    except ImportError:
        return
    chance = random.Random(2)  # noqa: S311 -- nothing secret
    for language in _WORD_LANGUAGES:
        words = wordfreq.top_n_list(language, 30_000)
        often = [wordfreq.word_frequency(word, language) for word in words]
        for _ in range(_WORD_POSTS):
            drawn = chance.choices(words, often, k=chance.randint(2, 12))
            yield Example(" ".join(drawn), WORDS, WORDS, language)


def _once_each(examples: list[Example]) -> list[Example]:
    frame = pl.DataFrame(
        {"text": [example.text for example in examples], "row": range(len(examples))}
    ).with_columns(
        plain=pl.col("text")
        .str.to_lowercase()
        .str.replace_all(r"https?://\S+|@\w+|[^\p{L}\p{N}]+", " ")
        .str.strip_chars(),
        source=pl.Series([example.source for example in examples]),
    )
    kept = frame.unique(["plain", "source"], keep="first", maintain_order=True)
    return [examples[row] for row in kept["row"]]
