"""YAML into a plain tree with line numbers, and nothing of YAML that a playbook does not need.

Every value stays a text here: what "no" or "12" means, only the field knows (`no` is a language).
Anchors, aliases, tags and many documents are refused, so that a small file cannot become a large
one, and depth and size have a limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from tansiq.incidents.playbook.problems import PlaybookError, Problem

MOST_BYTES = 1_000_000
MOST_DEPTH = 12
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Leaf:
    """A text."""

    text: str
    line: int = 0


@dataclass
class Row:
    """A list."""

    line: int = 0
    items: list["Node"] = field(default_factory=list)


@dataclass
class Branch:
    """A mapping; each key with its line."""

    line: int = 0
    pairs: list[tuple[Leaf, "Node"]] = field(default_factory=list)


Node = Leaf | Row | Branch


def tree_of_yaml(content: str | bytes) -> Branch:
    """Return the tree of a YAML file; raises PlaybookError with the line that cannot be read."""
    text = _decoded(content)
    try:
        builder = _Builder()
        for event in yaml.parse(text, Loader=_PARSER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _refusal(line, _unreadable(text, line)) from error
    except yaml.YAMLError as error:
        raise _refusal(1, _("This file holds characters that are no text.")) from error
    if not isinstance(builder.root, Branch):
        sentence = _("A playbook begins with names and values, such as “key: our-city”.")
        raise _refusal(1, sentence)
    return builder.root


def tree_of_data(data: Any) -> Node:
    """Return the tree of plain data; it has no lines."""
    if isinstance(data, Mapping):
        return Branch(0, [(Leaf(str(name)), tree_of_data(one)) for name, one in data.items()])
    if isinstance(data, list | tuple):
        return Row(0, [tree_of_data(one) for one in data])
    if isinstance(data, bool):
        return Leaf("true" if data else "false")
    return Leaf("" if data is None else str(data))


def _decoded(content: str | bytes) -> str:
    size = len(content if isinstance(content, bytes) else content.encode(errors="replace"))
    if size > MOST_BYTES:
        raise _refusal(1, _("The file is larger than one megabyte. Take out what is no playbook."))
    text = content if isinstance(content, str) else _in_utf8(content)
    for number, line in enumerate(text.splitlines(), start=1):
        if any(ord(sign) < 32 and sign != "\t" for sign in line):  # noqa: PLR2004 -- control characters
            raise _refusal(number, _("This line holds characters that are no text."))
    return text.removeprefix("\ufeff")


def _in_utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        sentence = _("This file is not UTF-8 text. Save it as text in UTF-8.")
        raise _refusal(line, sentence) from error


class _Builder:
    """Follows the events of the parser without recursion, however deep somebody nests."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.open_nodes: list[Row | Branch] = []
        self.keys: list[Leaf | None] = []
        self.documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _refusal(line, _("One file holds one playbook. Take out the line “---”."))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open_nodes.pop()
            self.keys.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._add(_node(event, line), line)

    def _add(self, node: Node, line: int) -> None:
        if self.open_nodes:
            self._hang(node, self.open_nodes[-1])
        else:
            self.root = node
        if not isinstance(node, Leaf):
            self.open_nodes.append(node)
            self.keys.append(None)
        if len(self.open_nodes) > MOST_DEPTH:
            raise _refusal(line, _("This line is nested too deep."))

    def _hang(self, node: Node, parent: Row | Branch) -> None:
        name = self.keys[-1]
        if isinstance(parent, Row):
            parent.items.append(node)
        elif name is not None:
            parent.pairs.append((name, node))
            self.keys[-1] = None
        elif isinstance(node, Leaf):
            self.keys[-1] = node
        else:
            raise _refusal(node.line, _("A name must stand before the colon, not a list."))


def _node(event: Any, line: int) -> Node:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        sentence = _("References (& and *) are not read in a playbook. Put the text in quotes.")
        raise _refusal(line, sentence)
    if getattr(event, "tag", None):
        raise _refusal(line, _("Types (! and !!) are not read in a playbook. Use quotes."))
    if isinstance(event, yaml.ScalarEvent):
        return Leaf(event.value, line)
    return Row(line) if isinstance(event, yaml.SequenceStartEvent) else Branch(line)


def _unreadable(text: str, line: int) -> str:
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return _("This line is indented with a tab. Use spaces.")
    return _("From here on the file cannot be read. Look at the indentation, colons and quotes.")


def _refusal(line: int, sentence: str) -> PlaybookError:
    return PlaybookError([Problem(line, "", sentence)])
