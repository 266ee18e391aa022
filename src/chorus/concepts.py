"""The lexicon of concepts: words of many languages that mean the same share one feature.

What a linear head learns of a concept in one language serves all others. A file for each language
has a line for each concept: its patterns with spaces between them, `_` between the words of a
phrase, `*` behind the beginning of a word; or a table whose `words` are a list of patterns.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from chorus.kernel import Phrasebook, PhrasebookError

FOLDER: Final = Path(__file__).parent / "models" / "concepts"


def load_concepts(folder: Path = FOLDER) -> Phrasebook:
    """Return the concepts of all languages that a folder has a file of.

    Raises PhrasebookError, which names the file, where one cannot be understood.
    """
    lexicon: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for concept, patterns in _read(path):
            lexicon.setdefault(concept, []).extend(patterns)
    # Sorted, so that a concept's number does not depend on which language comes first.
    return Phrasebook.of_concepts({concept: lexicon[concept] for concept in sorted(lexicon)})


def _read(path: Path) -> Iterable[tuple[str, list[str]]]:
    try:
        concepts = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise PhrasebookError(f"{path.name} is not a lexicon in TOML: {problem}.") from problem
    for concept, value in concepts.items():
        patterns = _patterns(value)
        if patterns is None:
            message = f"{concept} in {path.name} has no patterns; give a text or a list `words`."
            raise PhrasebookError(message)
        # Read by itself first, so that the message can say where the pattern is.
        try:
            Phrasebook.of_concepts({concept: patterns})
        except PhrasebookError as problem:
            raise PhrasebookError(f"{concept} in {path.name}: {problem}") from problem
        yield concept, patterns


def _patterns(value: Any) -> list[str] | None:
    if isinstance(value, str):
        return value.split()
    words = value.get("words") if isinstance(value, dict) else value
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return words
    return None
