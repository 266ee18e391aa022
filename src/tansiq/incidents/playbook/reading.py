"""A YAML file into a playbook, whole or not at all."""

from collections.abc import Mapping
from typing import Any

from tansiq.incidents.playbook.checking import problems_in
from tansiq.incidents.playbook.document import Document
from tansiq.incidents.playbook.problems import PlaybookError, Problem
from tansiq.incidents.playbook.shaping import LANGUAGE, Shaper
from tansiq.incidents.playbook.translating import translated
from tansiq.incidents.playbook.tree import Branch, Leaf, tree_of_yaml


def read_playbook(
    content: str | bytes, *, words: Mapping[str, str | bytes] | None = None
) -> Document:
    """Return the playbook of a YAML file, with the words of other languages laid over it.

    `words` holds a file by language. Raises PlaybookError with every problem and its line.
    """
    tree = tree_of_yaml(content)
    shaper = Shaper(language=_language_of(tree))
    document: Any = shaper.shape(Document, tree)
    problems = list(shaper.problems)
    if document is not None:
        problems += _not_following(problems_in(document, shaper.lines), shaper)
    if problems:
        raise PlaybookError(problems)
    for language, text in (words or {}).items():
        document = translated(document, text, language)
    found: Document = document
    return found


def _not_following(found: list[Problem], shaper: Shaper) -> list[Problem]:
    """Leave out what only follows from a thing that could not be read itself."""
    wrong = [problem.path for problem in shaper.problems]
    if not wrong:
        return found
    unread = {".".join(path.split(".")[:2]).rpartition(".")[2] for path in wrong}
    return [
        problem
        for problem in found
        if problem.path.rpartition(".")[2] not in unread
        and not any(f"{path}.".startswith(f"{problem.path}.") for path in wrong)
    ]


def _language_of(tree: Branch) -> str:
    for name, value in tree.pairs:
        if name.text == "language" and isinstance(value, Leaf) and LANGUAGE.fullmatch(value.text):
            return value.text
    return "en"
