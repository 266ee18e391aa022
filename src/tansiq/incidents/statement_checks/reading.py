"""What the words of a statement say: of communities, of harm, of forces, of why."""

import re
from collections.abc import Iterator

from tansiq.incidents.statement_checks.draft import Draft, Finding, Weight
from tansiq.incidents.statement_checks.words import (
    all_words,
    pattern,
    plain_letters,
    sentences_of,
)
from tansiq.incidents.statement_texts import numbers_in, with_plain_digits

# Within so many words a community is linked to the act; further off it is only asked.
_NEAR = 7
# A number counts the harmed when their word stands so close behind it, or before it.
_BEHIND, _BEFORE = 3, 4
# Where the number counts people in so many words, it reaches further.
_FURTHER = 5
_PEOPLE = re.compile(
    r"people|persons?|personnes|orang|katao|tao|أشخاص|شخصا|شخصًا|شخص", re.IGNORECASE
)
_COUNT = re.compile(r"\d{1,3}(?:[.,]\d{3})*")
_ENDS = ".,;:!?؟،()\"'«»“”"


def words_in(draft: Draft) -> Iterator[Finding]:
    """Read each sentence of each language."""
    for code, text in draft.texts.items():
        if code not in all_words():
            continue
        for raw in sentences_of(text.whole):
            sentence = plain_letters(with_plain_digits(raw))
            yield from _communities(code, sentence)
            yield from _forces(code, sentence)
            yield from _counts(draft, code, sentence)
            yield from _too_early(draft, code, sentence)


def _communities(code: str, sentence: str) -> Iterator[Finding]:
    label = pattern(code, "labels").search(sentence)
    if label:
        yield Finding("community_blamed", Weight.STOP, code, label.group())
        return
    groups = list(pattern(code, "groups").finditer(sentence))
    acts = list(pattern(code, "acts").finditer(sentence))
    if not groups or not acts or pattern(code, "shields").search(sentence):
        return
    apart, group, act = min(
        ((_words_between(sentence, group, act), group, act) for group in groups for act in acts),
        key=lambda found: found[0],
    )
    first, last = sorted((group, act), key=lambda found: found.start())
    if apart <= _NEAR:
        quote = sentence[first.start() : last.end()]
        yield Finding("community_blamed", Weight.STOP, code, quote)
    else:
        yield Finding("community_near", Weight.HINT, code, group.group())


def _words_between(sentence: str, one: re.Match[str], other: re.Match[str]) -> int:
    first, last = sorted((one, other), key=lambda found: found.start())
    return len(sentence[first.end() : last.start()].split())


def _forces(code: str, sentence: str) -> Iterator[Finding]:
    for name, weight in (("tactics", Weight.STOP), ("sights", Weight.HINT)):
        found = pattern(code, name).search(sentence)
        if found:
            yield Finding(f"forces_{name}", weight, code, found.group())
            return


def _counts(draft: Draft, code: str, sentence: str) -> Iterator[Finding]:
    """Find numbers of people harmed that no confirmed fact carries."""
    # Words alone, so that a stop between them does not count as one.
    words = [word.strip(_ENDS) for word in sentence.split()]
    harmed = pattern(code, "harmed")
    places = [place for place, word in enumerate(words) if harmed.fullmatch(word)]
    for place, word in enumerate(words):
        value = _value(code, word)
        if value is None or _is_called(draft, code, words, place):
            continue
        behind = _FURTHER if _PEOPLE.fullmatch(" ".join(words[place + 1 : place + 2])) else _BEHIND
        if not any(-_BEFORE <= one - place <= behind and one != place for one in places):
            continue
        if value and value not in draft.confirmed_numbers:
            yield Finding("number_unconfirmed", Weight.STOP, code, word)
        elif not value:
            yield Finding("number_vague", Weight.HINT, code, word)


def _value(code: str, word: str) -> str | None:
    """Return the number that a word writes; empty for "several", None for no number at all."""
    if _COUNT.fullmatch(word):
        return re.sub(r"\D", "", word).lstrip("0") or "0"
    if not pattern(code, "counts").fullmatch(word):
        return None
    # Two to ten stand first in each list; Arabic has two forms of each.
    forms = 2 if code == "ar" else 1
    for place, entry in enumerate(all_words()[code]["counts"][: 9 * forms]):
        stem = entry.removesuffix("*")
        if word.casefold() == stem or (entry != stem and word.casefold().startswith(stem)):
            return str(2 + place // forms)
    return ""


def _is_called(draft: Draft, code: str, words: list[str], place: int) -> bool:
    """Return whether the number is one to call."""
    if numbers_in(words[place]) & numbers_in(draft.helpline):
        return True
    before = " ".join(words[max(0, place - 3) : place])
    return pattern(code, "calls").search(before) is not None


def _too_early(draft: Draft, code: str, sentence: str) -> Iterator[Finding]:
    if draft.is_first_hour:
        found = pattern(code, "motives").search(sentence)
        if found:
            yield Finding("motive", Weight.HINT, code, found.group())
    if draft.kind not in {"all_clear", "remembrance"}:
        found = pattern(code, "early_clear").search(sentence)
        if found:
            yield Finding("early_clear", Weight.HINT, code, found.group())
