"""The cards of the shipped heads: what they learnt from and what they score on unseen events."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus import corpus, labels
from chorus.cards import ALL_LANGUAGES, Cards, Figure, HeadCard
from chorus.heads import COARSE_PREFIX, LANGUAGE_PREFIX, Scores
from chorus.training import figures, sources
from chorus.training.figures import Answers
from chorus.training.tuning import Known

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION: Final = "2026.11"
OWN_TEST: Final = "own posts, event held out"
T26_TEST: Final = "CrisisLexT26, event held out"
T6_TEST: Final = "CrisisLexT6, event held out"
LANGUAGE_TEST: Final = "own posts, events held out in four parts"
COARSE_HEAD: Final = "coarse"
LICENCE: Final = "Apache-2.0"

_OWN: Final = "our own posts, about 2,200 a language (Apache-2.0)"
_T26: Final = "CrisisLexT26, 20 events (MIT)"
_T6: Final = "CrisisLexT6, 5 events (MIT)"
_LANGUAGE_SETS: Final = (
    "NTREX-128 (CC BY-SA 4.0)",
    "NusaX (CC BY-SA 4.0)",
    "wordfreq (CC BY-SA 4.0)",
    "MLMA, its languages alone (MIT)",
)
TRAINED_ON: Final[dict[str, tuple[str, ...]]] = {
    labels.ABOUT: (_OWN, _T26, _T6),
    labels.INFORMATIVE: (_OWN, _T26),
    labels.INFORMATION: (_OWN, _T26, _T6),
    labels.SOLIDARITY: (_OWN, _T26, _T6),
    labels.CLAIM: (_OWN, "PHEME rumours, 6 events (annotations CC BY 4.0)"),
    labels.HARM: (_OWN,),
    labels.HOSTILITY: (_OWN, "MLMA (MIT)"),
    labels.TARGET: (_OWN,),
    labels.LANGUAGE: (_OWN, _T26, _T6, *_LANGUAGE_SETS),
    COARSE_HEAD: (_T26,),
}
_UNREVIEWED: Final = (
    "Our own posts are invented and were not reviewed by native speakers; posts of a real attack "
    "are more varied, and the head will do worse on them than the figures say."
)
FAILURES: Final[dict[str, tuple[str, ...]]] = {
    labels.ABOUT: ("Figures of speech taken from violence: sport, heat, exams.", _UNREVIEWED),
    labels.INFORMATIVE: ("Opinions that name places and numbers.", _UNREVIEWED),
    labels.INFORMATION: (
        "Posts that say a need is over are found together with those that ask.",
        "Terror attacks are harder than natural disasters: words of grief and news mix.",
        _UNREVIEWED,
    ),
    labels.SOLIDARITY: ("Irony, and slogans that a hostile camp has taken over.", _UNREVIEWED),
    labels.CLAIM: (
        "Whether a statement has been confirmed since cannot be seen in its words.",
        _UNREVIEWED,
    ),
    labels.HARM: ("Claims of two kinds of harm are counted for one.", _UNREVIEWED),
    labels.HOSTILITY: (
        "Words, not meaning: counter-speech and quoted hate that use the words of hate, and "
        "hostility without such words, are often mistaken. Read the trend, never a post.",
        _UNREVIEWED,
    ),
    labels.TARGET: ("A post against two groups is counted for one.", _UNREVIEWED),
    labels.LANGUAGE: (
        "Malay and Indonesian in posts of a few words; they are then counted as id/ms.",
        "Dialects of Arabic are one language here; Arabic in Latin letters is often missed.",
    ),
    COARSE_HEAD: ("Learnt from English and some Spanish, Italian and Portuguese posts only.",),
}


def cards_of(known: Known, scored: Scores, raw: "NDArray[np.float32]") -> Cards:
    """Return the cards, from scores (as log-odds, and as the columns gave them) of held-out posts.

    `scored` and `raw` have a row for each example; NaN where it was not held out for a column.
    """
    columns = scored.heads.columns
    own = known.source == sources.OWN
    languages = np.array(
        [
            labels.LANGUAGES.index(language) if language in labels.LANGUAGES else 0
            for language in known.main_language
        ],
        np.uint8,
    )
    own_rows = np.flatnonzero(own)
    masks = Scores(scored.heads, scored.logits[own_rows]).labels(languages[own_rows])
    cards = []
    for head in labels.HEADS:
        found = list(_figures_of(head, known, own_rows, masks))
        if head in {labels.ABOUT, labels.INFORMATIVE}:
            found.extend(_on_public_sets(head, known, scored))
        cards.append(_card(head, found))
    cards.append(_card(labels.LANGUAGE, list(_of_languages(known, scored))))
    cards.append(_card(COARSE_HEAD, list(_of_types(known, raw, columns))))
    return Cards(tuple(cards))


def _card(head: str, found: Sequence[Figure]) -> HeadCard:
    return HeadCard(
        head=head,
        version=VERSION,
        licence=LICENCE,
        trained_on=TRAINED_ON[head],
        failures=FAILURES[head],
        figures=tuple(found),
    )


def _figures_of(
    head: str, known: Known, rows: "NDArray[np.int64]", masks: "NDArray[np.uint64]"
) -> Iterator[Figure]:
    spoken = known.main_language[rows]
    by_language: dict[str, list[Figure]] = {}
    for name in labels.HEADS[head]:
        key = f"{head}.{name}"
        bit = np.uint64(1 << labels.BIT[key])
        tested = Answers(known.answers(key)[rows], (masks & bit) > 0, known.event[rows])
        told = (known.known[rows] & int(bit)) > 0
        for language in (ALL_LANGUAGES, *corpus.LANGUAGES):
            here = told if language == ALL_LANGUAGES else told & (spoken == language)
            part = tested.among(here)
            one = figures.figure(key, language, OWN_TEST, part)
            by_language.setdefault(language, []).append(one)
            yield one
    for language, ones in by_language.items():
        yield figures.macro(ones, head, language, OWN_TEST)


def _on_public_sets(head: str, known: Known, scored: Scores) -> Iterator[Figure]:
    key = f"{head}.{head}"
    odds = scored.of(key)
    english = labels.LANGUAGES.index("en")
    threshold = scored.heads.tuning.thresholds[english, labels.BIT[key]]
    for source, test in ((sources.CRISISLEX_T26, T26_TEST), (sources.CRISISLEX_T6, T6_TEST)):
        rows = (known.source == source) & known.tested(key, odds)
        if not rows.any():
            continue
        said = 1 / (1 + np.exp(-odds[rows])) >= threshold
        yes, events = known.answers(key)[rows], known.event[rows]
        both = [
            figures.figure(key, "en", test, Answers(yes, said, events)),
            figures.figure(f"not {key}", "en", test, Answers(~yes, ~said, events)),
        ]
        yield figures.macro(both, head, "en", test)


def _of_languages(known: Known, scored: Scores) -> Iterator[Figure]:
    tested = ~np.isnan(scored.of(f"{LANGUAGE_PREFIX}{corpus.LANGUAGES[0]}"))
    rows = tested & (known.source == sources.OWN) & np.isin(known.language, corpus.LANGUAGES)
    part = Scores(scored.heads, scored.logits[rows])
    said = np.array(part.best_language())
    true, events = known.language[rows], known.event[rows]
    ones = []
    for language in corpus.LANGUAGES:
        one = figures.figure(
            f"{LANGUAGE_PREFIX}{language}",
            language,
            LANGUAGE_TEST,
            Answers(true == language, said == language, events),
        )
        ones.append(one)
        yield one
    yield figures.macro(ones, labels.LANGUAGE, ALL_LANGUAGES, LANGUAGE_TEST)


def _of_types(known: Known, raw: "NDArray[np.float32]", columns: Sequence[str]) -> Iterator[Figure]:
    chosen = [number for number, name in enumerate(columns) if name.startswith(COARSE_PREFIX)]
    rows = (known.coarse != sources.NO_TYPE) & ~np.isnan(raw[:, chosen[0]])
    if not rows.any():
        return
    said: NDArray[Any] = raw[rows][:, chosen].argmax(axis=1)
    true, events = known.coarse[rows], known.event[rows]
    ones = []
    for place, number in enumerate(chosen):
        tested = Answers(true == place, said == place, events)
        one = figures.figure(columns[number], "en", T26_TEST, tested)
        ones.append(one)
        yield one
    yield figures.macro(ones, COARSE_HEAD, "en", T26_TEST)
