"""How often the guard of personal data is right: one JSON line for each language and kind.

`python -m benchmarks.guard` reads the sentences of tests/data/personal, in which what belongs to a
person stands as {kind|words}. A finding is right when it overlaps a marked piece of its own kind,
and a marked piece is found when a finding of its kind overlaps it. `dev` is what the finder was
tuned on, `held-out` what it was not.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from babel.messages.pofile import read_po

from tansiq.core.personal import find

SENTENCES = Path(__file__).parent.parent / "tests" / "data" / "personal"
WORDS = Path(__file__).parent.parent / "src" / "tansiq" / "locale"
LANGUAGES = ("ar", "en", "fil", "fr", "id", "ms")
ALL = "all"
_MARKED = re.compile(r"\{(\w+)\|([^}]*)\}")

Span = tuple[int, int, str]


def read(line: str) -> tuple[str, list[Span]]:
    """Return the sentence without its marks, and what was marked."""
    pieces, spans, end, length = [], [], 0, 0
    for match in _MARKED.finditer(line):
        pieces += [line[end : match.start()], match[2]]
        length += match.start() - end
        spans.append((length, length + len(match[2]), match[1]))
        length += len(match[2])
        end = match.end()
    return "".join([*pieces, line[end:]]), spans


def sentences(half: str, language: str) -> list[tuple[str, list[Span]]]:
    lines = (SENTENCES / half / f"{language}.txt").read_text("utf-8").splitlines()
    return [read(line) for line in lines if line]


def counts(half: str, language: str) -> dict[str, Counter[str]]:
    """Return for each kind how many were marked and found, and how many findings were right."""
    kinds: dict[str, Counter[str]] = {ALL: Counter()}
    for text, marked in sentences(half, language):
        found = [(one.start, one.end, str(one.kind)) for one in find(text, language=language)]
        kinds[ALL]["plain sentences"] += not marked
        kinds[ALL]["false alarms"] += bool(found and not marked)
        for name, ours, others in (("marked", marked, found), ("findings", found, marked)):
            hit = "found" if name == "marked" else "right"
            for span in ours:
                for kind in (span[2], ALL):
                    seen = kinds.setdefault(kind, Counter())
                    seen[name] += 1
                    seen[hit] += _meets(span, others)
    return kinds


def _meets(span: Span, others: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] and span[2] == kind for start, end, kind in others)


def rows(half: str, language: str) -> Iterator[dict[str, Any]]:
    for kind, seen in sorted(counts(half, language).items()):
        yield {"half": half, "language": language, "kind": kind, **figures(seen)}


def figures(seen: Counter[str]) -> dict[str, Any]:
    return {
        "precision": _share(seen["right"], seen["findings"]),
        "recall": _share(seen["found"], seen["marked"]),
        **{name: seen[name] for name in ("marked", "findings", "plain sentences", "false alarms")},
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def misses(half: str, language: str) -> Iterator[str]:
    """Yield what was wrong, for whoever tunes the finder; never asked of the held-out half."""
    for text, marked in sentences(half, language):
        found = [(one.start, one.end, str(one.kind)) for one in find(text, language=language)]
        for name, ours, others in (("MISSED", marked, found), ("WRONG", found, marked)):
            for span in ours:
                if not _meets(span, others):
                    yield f"{language} {name} {span[2]}: {text[span[0] : span[1]]!r} in {text}"


def speed(language: str) -> dict[str, Any]:
    """Return the time for 10,000 signs: of all sentences, and of those about nobody."""
    found: dict[str, Any] = {"language": language}
    for name in ("all", "plain"):
        chosen = [
            text for text, marked in sentences("dev", language) if name == "all" or not marked
        ]
        text = (" ".join(chosen) * 8)[:10_000]
        found[f"{name}_ms"] = round(median(_time(text, language) for _ in range(15)), 1)
    return found


def _time(text: str, language: str) -> float:
    before = process_time()
    find(text, language=language)
    return (process_time() - before) * 1000


def in_our_words(language: str) -> dict[str, Any]:
    """Return what is found in the words of the platform itself, which speak of nobody."""
    with (WORDS / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        written = [one.string for one in read_po(file) if one.id]
    texts = [text for one in written for text in ([one] if isinstance(one, str) else one) if text]
    found = [(str(one.kind), one.words) for text in texts for one in find(text, language=language)]
    return {"language": language, "texts": len(texts), "found": found}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--misses", action="store_true", help="what is wrong in the dev half")
    asked.add_argument("--speed", action="store_true", help="milliseconds for 10,000 signs")
    asked.add_argument("--words", action="store_true", help="what is found in our translations")
    given = asked.parse_args()
    if given.speed:
        _print(speed(language) for language in LANGUAGES)
    elif given.words:
        _print(in_our_words(language) for language in LANGUAGES)
    elif given.misses:
        print(*(one for language in LANGUAGES for one in misses("dev", language)), sep="\n")
    else:
        _print(_all_rows())


def _all_rows() -> Iterator[dict[str, Any]]:
    for half in ("dev", "held-out"):
        total: dict[str, Counter[str]] = {}
        for language in LANGUAGES:
            yield from rows(half, language)
            for kind, seen in counts(half, language).items():
                total.setdefault(kind, Counter()).update(seen)
        for kind, seen in sorted(total.items()):
            yield {"half": half, "language": ALL, "kind": kind, **figures(seen)}


def _print(found: Iterable[dict[str, Any]]) -> None:
    for row in found:
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
