"""Which national objectives a local action probably belongs to, how surely, and why."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from math import log

from tansiq.plans.matching.lexicon import KINDS, lexicon
from tansiq.plans.matching.profiles import Profile, profile_of

MOST = 3
# Below this nothing is said; a further suggestion must come near the first one.
THRESHOLD = 0.30
NEAR_THE_BEST = 0.78
# From these scores on it is called very likely and likely; measured in docs/decisions/0010.
VERY_LIKELY, LIKELY = 0.62, 0.45
# How much each part of a national action counts for what it is about.
TITLE, ROLE, OBJECTIVE, PILLAR, TRANSLATION = 1.0, 0.5, 0.75, 0.3, 1.0
_WORD, _NUMBER, _COGNATE, _UNKNOWN = 0.6, 1.2, 0.5, 0.16
_ONLY_LOCAL, _ONLY_NATIONAL = 0.45, 0.10
_SAME_OBJECTIVE, _SAME_BODY = 0.12, 0.04
_LEAST_SHARED = 0.5
# What is only a place, a kind of work or a form says too little by itself.
_TELLING, _LEAST_TOPIC = 0.9, 0.3
_COGNATE_LENGTH, _COGNATE_NEARNESS = 6, 0.6


@dataclass(frozen=True)
class LocalText:
    """A local action as the matching sees it."""

    title: str
    language: str
    bodies: frozenset[str] = frozenset()
    # The code of the objective it stands under, where the place took that over from the nation.
    objective: str = ""


@dataclass(frozen=True)
class NationalText:
    """A national action, or with an empty `key` only its objective, as the matching sees it."""

    key: int
    objective: str
    title: str
    language: str
    objective_title: str = ""
    pillar_title: str = ""
    role: str = ""
    # The title in other languages, as far as somebody translated it.
    translations: tuple[tuple[str, str], ...] = ()
    bodies: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shared:
    """One thing both are about, and how each of the two says it."""

    concept: str
    local: tuple[str, ...]
    national: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Match:
    key: int
    objective: str
    score: float
    shared: tuple[Shared, ...]
    same_objective: bool = False
    same_body: bool = False


@dataclass(frozen=True)
class Suggestion:
    """An objective, as sure as its surest action; the actions under it, best first."""

    objective: str
    score: float
    matches: tuple[Match, ...]

    @property
    def best(self) -> Match:
        return self.matches[0]


@dataclass(frozen=True)
class _Said:
    """One thing the local text says: in which words, what it is or comes near to, its worth."""

    words: tuple[str, ...]
    near: dict[str, float]
    worth: float


@dataclass
class _Document:
    text: NationalText
    weights: dict[str, float] = field(default_factory=dict)
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)
    total: float = 0.0


class Candidates:
    """The actions and objectives of one national plan, ready to be compared with many texts."""

    def __init__(self, texts: Iterable[NationalText]) -> None:
        self.documents = [_document(text) for text in texts]
        self._weigh()
        self.postings: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(self.documents):
            for feature in one.weights:
                self.postings[feature].append(place)
        self._long_words = [
            name.removeprefix("w:")
            for name in self.postings
            if name.startswith("w:") and len(name) > _COGNATE_LENGTH + 1
        ]
        self._cognates: dict[str, str] = {}

    def _weigh(self) -> None:
        """Let what few objectives speak of tell more than what all speak of."""
        spoken_of: dict[str, set[str]] = defaultdict(set)
        for one in self.documents:
            for feature, weight in one.weights.items():
                if weight >= ROLE:
                    spoken_of[feature].add(one.text.objective)
        count = max(len({one.text.objective for one in self.documents}), 1)
        self.telling = {
            feature: log(1 + count / len(objectives)) / log(1 + count)
            for feature, objectives in spoken_of.items()
        }
        for one in self.documents:
            one.total = sum(
                w * self.worth(feature) for feature, w in one.weights.items() if w >= ROLE
            )

    def worth(self, feature: str) -> float:
        """Return how much it tells that two texts share this feature."""
        return _base(feature) * (0.25 + 0.75 * self.telling.get(feature, 1.0))

    def suggest(
        self, local: LocalText, *, most: int = MOST, without: Collection[str] = ()
    ) -> list[Suggestion]:
        """Return the likely objectives, best first; nothing when nothing is likely.

        Those `without` are left out before, so that the next best ones can come forward.
        """
        own = self._own(local)
        matches = [
            match
            for place in sorted(
                {
                    place
                    for said in own
                    for feature in said.near
                    for place in self.postings.get(feature, ())
                }
            )
            if self.documents[place].text.objective not in without
            and (match := self._match(local, own, self.documents[place])) is not None
        ]
        by_objective: dict[str, list[Match]] = defaultdict(list)
        for match in sorted(matches, key=lambda one: (-one.score, one.key)):
            by_objective[match.objective].append(match)
        found = [
            Suggestion(code, rows[0].score, tuple(rows)) for code, rows in by_objective.items()
        ]
        found.sort(key=lambda one: (-one.score, one.objective))
        floor = max(THRESHOLD, found[0].score * NEAR_THE_BEST) if found else 0
        return [one for one in found if one.score >= floor][:most]

    def _own(self, local: LocalText) -> list[_Said]:
        """Return what the local text says, each with all it is or comes close to."""
        profile = profile_of(local.title, local.language)
        concepts = lexicon().concepts
        own = []
        for words, codes in _together(profile.concepts):
            near: dict[str, float] = {}
            for code in codes:
                for other, nearness in {code: 1.0, **concepts[code].like}.items():
                    near[other] = max(near.get(other, 0.0), nearness)
            own.append(_Said(words, near, max(self.worth(code) for code in codes)))
        own += [
            _Said((number,), {f"n:{number}": 1.0}, self.worth(f"n:{number}"))
            for number in sorted(profile.numbers)
        ]
        for word in sorted(profile.words):
            known = word if f"w:{word}" in self.postings else self._cognate_of(word)
            near = {f"w:{known}": 1.0 if known == word else _COGNATE} if known else {}
            worth = self.worth(f"w:{known}") if known else _UNKNOWN
            own.append(_Said((profile.words[word],), near, worth))
        return own

    def _cognate_of(self, word: str) -> str:
        """Return a word of the national plan that looks like this one, across Latin spellings."""
        if f"w:{word}" in self.postings or len(word) < _COGNATE_LENGTH or not word.isascii():
            return ""
        if word not in self._cognates:
            best = max(
                ((_nearness(word, other), other) for other in self._long_words), default=(0.0, "")
            )
            self._cognates[word] = best[1] if best[0] >= _COGNATE_NEARNESS else ""
        return self._cognates[word]

    def _match(self, local: LocalText, own: list[_Said], one: _Document) -> Match | None:
        shared = [part for said in own if (part := self._share(said, one)) is not None]
        common = sum(part.weight for part in shared)
        if common < _LEAST_SHARED or not _is_telling(shared):
            return None
        missing = max(sum(said.worth for said in own) - common, 0.0)
        beyond = max(one.total - common, 0.0)
        score = common / (common + _ONLY_LOCAL * missing + _ONLY_NATIONAL * beyond)
        same_objective = bool(local.objective) and local.objective == one.text.objective
        same_body = bool(local.bodies & one.text.bodies)
        score = min(score + _SAME_OBJECTIVE * same_objective + _SAME_BODY * same_body, 1.0)
        shared.sort(key=lambda part: (-part.weight, part.concept))
        key, objective = one.text.key, one.text.objective
        return Match(key, objective, round(score, 4), tuple(shared), same_objective, same_body)

    def _share(self, said: _Said, one: _Document) -> Shared | None:
        """Return the one thing in the national text that comes nearest to what is said."""
        best: tuple[float, str] = max(
            (
                (near * one.weights[feature] * min(self.worth(feature), said.worth), feature)
                for feature, near in said.near.items()
                if feature in one.weights
            ),
            default=(0.0, ""),
        )
        weight, feature = best
        return Shared(feature, said.words, one.said[feature], weight) if feature else None


def _together(
    concepts: dict[str, tuple[str, ...]],
) -> list[tuple[tuple[str, ...], list[str]]]:
    """Group concepts that the same words stand for, so that no word counts twice."""
    groups: list[tuple[tuple[str, ...], list[str]]] = []
    for code, words in concepts.items():
        joined = [group for group in groups if set(group[0]) & set(words)]
        groups = [group for group in groups if group not in joined]
        phrases = dict.fromkeys([one for group in joined for one in group[0]] + list(words))
        groups.append((tuple(phrases), [one for group in joined for one in group[1]] + [code]))
    return groups


def _is_telling(shared: list[Shared]) -> bool:
    """Return whether one thing says enough by itself, or two words of their own are shared."""
    by_themselves = [part for part in shared if _base(part.concept) >= _TELLING]
    return any(part.weight >= _LEAST_TOPIC for part in by_themselves) or (
        sum(part.concept.startswith("w:") for part in shared) > 1
    )


def _base(feature: str) -> float:
    if feature.startswith("w:"):
        return _WORD
    if feature.startswith("n:"):
        return _NUMBER
    return KINDS[lexicon().concepts[feature].kind]


def _features(profile: Profile) -> dict[str, tuple[str, ...]]:
    return {
        **profile.concepts,
        **{f"w:{word}": (said,) for word, said in profile.words.items()},
        **{f"n:{number}": (number,) for number in profile.numbers},
    }


def _document(text: NationalText) -> _Document:
    one = _Document(text)
    parts: Sequence[tuple[str, str, float]] = (
        (text.title, text.language, TITLE),
        *((title, language, TRANSLATION) for language, title in text.translations),
        (text.objective_title, text.language, OBJECTIVE),
        (text.role, text.language, ROLE),
        (text.pillar_title, text.language, PILLAR),
    )
    for words, language, weight in parts:
        for feature, said in _features(profile_of(words, language)).items() if words else ():
            if one.weights.get(feature, 0.0) < weight:
                one.weights[feature], one.said[feature] = weight, said
    return one


def _nearness(one: str, other: str) -> float:
    """Return how alike two words are written: the share of common groups of three letters."""
    first, second = _threes(one), _threes(other)
    return 2 * len(first & second) / (len(first) + len(second))


def _threes(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
