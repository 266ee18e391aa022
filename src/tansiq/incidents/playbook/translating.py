"""The words of a playbook in one more language, in a file of their own.

`words/ar.yaml` repeats the sections and keys of the playbook and holds nothing but texts:

    language: ar
    tasks:
      F-05:
        title: …
        detail: …

A text that is not there yet is simply left out; `missing_words` says which ones are.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import yaml
from django.utils.translation import gettext as _

from tansiq.incidents.playbook.checking import problems_in
from tansiq.incidents.playbook.document import Document
from tansiq.incidents.playbook.problems import PlaybookError, Problem
from tansiq.incidents.playbook.schema import Path, slots_of, words_of
from tansiq.incidents.playbook.tree import Branch, Leaf, Node, tree_of_yaml
from tansiq.incidents.playbook.words import Words


def translated(document: Document, content: str | bytes, language: str) -> Document:
    """Return the playbook with the words of a file in this language.

    Raises PlaybookError for a text that belongs to nothing, stands twice, or has other blanks.
    """
    given: dict[Path, Leaf] = {}
    problems: list[Problem] = []
    for path, leaf in _leaves(tree_of_yaml(content), ()):
        if path == ("language",):
            if leaf.text != language:
                sentence = _("This file says it is in “%(language)s”.") % {"language": leaf.text}
                problems.append(Problem(leaf.line, "language", sentence))
        elif path in given:
            sentence = _("“%(name)s” stands here twice.") % {"name": path[-1]}
            problems.append(Problem(leaf.line, ".".join(path), sentence))
        else:
            given[path] = leaf
    known = dict(words_of(document))
    for path in given.keys() - known.keys():
        sentence = _("Nothing in the playbook has these words: %(path)s.")
        name = ".".join(path)
        problems.append(Problem(given[path].line, name, sentence % {"path": name}))
    if problems:
        raise PlaybookError(problems)
    texts = {path: leaf.text.strip() for path, leaf in given.items()}
    found: Document = _with_words(document, (), texts, language)
    lines = {".".join(path): leaf.line for path, leaf in given.items()}
    if problems := problems_in(found, lines):
        raise PlaybookError(problems)
    return found


def missing_words(document: Document, language: str) -> list[Path]:
    """Return the paths of the texts that this language lacks; publications keep their names."""
    return [
        path
        for path, words in words_of(document)
        if language not in words.texts and path[0] != "sources"
    ]


def write_words(document: Document, language: str) -> str:
    """Return the file of words of one language, in the order of the playbook."""
    tree: dict[str, Any] = {"language": language}
    for path, words in words_of(document):
        if language in words.texts:
            branch = tree
            for name in path[:-1]:
                branch = branch.setdefault(name, {})
            branch[path[-1]] = words.texts[language]
    text: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=100)
    return text


def _leaves(node: Node, path: Path) -> Iterator[tuple[Path, Leaf]]:
    if isinstance(node, Leaf):
        yield path, node
    elif isinstance(node, Branch):
        for name, value in node.pairs:
            yield from _leaves(value, (*path, name.text))
    else:
        sentence = _("One value belongs here, not a list.")
        raise PlaybookError([Problem(node.line, ".".join(path), sentence)])


def _with_words(thing: Any, path: Path, texts: dict[Path, str], language: str) -> Any:
    changed: dict[str, Any] = {}
    for slot in slots_of(type(thing)):
        value, where = getattr(thing, slot.name), (*path, slot.name)
        if isinstance(value, Words) and where in texts:
            changed[slot.name] = value.with_text(language, texts[where])
        elif slot.is_nested and slot.is_list and value:
            changed[slot.name] = tuple(
                _with_words(one, (*where, one.key), texts, language) for one in value
            )
    return replace(thing, **changed) if changed else thing
