"""A tree into the classes of a playbook; what does not fit becomes a problem with its line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from tansiq.incidents.playbook.problems import PlaybookError, Problem
from tansiq.incidents.playbook.schema import Slot, slots_of
from tansiq.incidents.playbook.times import (
    ANCHORS,
    Duration,
    NotADurationError,
    NotAnOffsetError,
    Offset,
)
from tansiq.incidents.playbook.tree import Branch, Leaf, Node, Row, tree_of_data
from tansiq.incidents.playbook.words import Words

T = TypeVar("T")

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,59}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_YES, _NO = {"yes", "true"}, {"no", "false"}
_MOST_THINGS, _MOST_KEYS = 1000, 60


@dataclass
class Shaper:
    """Gathers the problems of a tree while it is shaped, and the line of each thing."""

    language: str = "en"
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def shape(self, kind: type, node: Node, path: str = "") -> Any:
        """Return the thing, or None if something that it needs is missing or wrong."""
        if not isinstance(node, Branch):
            return self.wrong(node.line, path, _("Names and values belong here, such as “key: …”."))
        given = self._given(kind, node, path)
        values, is_whole = {}, True
        for slot in slots_of(kind):
            if slot.name in given:
                value = self.value(slot, given[slot.name], _under(path, slot.name))
            elif slot.is_needed:
                sentence = _("“%(name)s” is missing.") % {"name": slot.name}
                value = self.wrong(node.line, _under(path, slot.name), sentence)
            else:
                continue
            if value is None:
                is_whole = is_whole and not slot.is_needed
            else:
                values[slot.name] = value
        return kind(**values) if is_whole else None

    def _given(self, kind: type, node: Branch, path: str) -> dict[str, Node]:
        """Return the values by name; names that stand twice or do not exist are problems."""
        known = [slot.name for slot in slots_of(kind)]
        given: dict[str, Node] = {}
        for name, value in node.pairs:
            where = _under(path, name.text)
            self.lines.setdefault(where, name.line)
            if name.text in given:
                self.wrong(
                    name.line, where, _("“%(name)s” stands here twice.") % {"name": name.text}
                )
            elif name.text not in known:
                sentence = _("“%(name)s” is not known here. Known: %(known)s.")
                self.wrong(
                    name.line, where, sentence % {"name": name.text, "known": ", ".join(known)}
                )
            given[name.text] = value
        return given

    def value(self, slot: Slot, node: Node, path: str) -> Any:
        if isinstance(node, Leaf) and not node.text and not slot.is_needed:
            return slot.default
        if slot.is_list:
            return self._list(slot, node, path)
        if slot.is_nested:
            return self.shape(slot.type, node, path)
        if slot.type in {dict, Words}:
            return (self._mapping if slot.type is dict else self.words)(slot, node, path)
        if not isinstance(node, Leaf):
            return self.wrong(node.line, path, _("One value belongs here, not a list."))
        return self._single(slot, node, path)

    def _list(self, slot: Slot, node: Node, path: str) -> Any:
        # A single word where a list may stand is a list of one.
        items = (
            [node]
            if isinstance(node, Leaf) and not slot.is_nested
            else getattr(node, "items", None)
        )
        if items is None:
            return self.wrong(node.line, path, _("A list belongs here; each line begins with “-”."))
        if len(items) > (_MOST_THINGS if slot.is_nested else _MOST_KEYS):
            return self.wrong(node.line, path, _("This list is too long."))
        if slot.is_nested:
            return self._things(slot, items, path)
        found = []
        for one in items:
            text = self._leaf_text(one, path)
            if text in found:
                self.wrong(one.line, path, _("“%(name)s” stands here twice.") % {"name": text})
            elif text:
                found.append(text)
                self.lines.setdefault(_under(path, text), one.line)
        return tuple(found)

    def _things(self, slot: Slot, items: list[Node], path: str) -> tuple[Any, ...]:
        things, seen = [], set()
        for number, item in enumerate(items):
            key = _key_in(item) or str(number + 1)
            where = _under(path, key)
            self.lines.setdefault(where, item.line)
            if key in seen:
                sentence = _("The key “%(key)s” stands twice in “%(section)s”.")
                self.wrong(item.line, where, sentence % {"key": key, "section": slot.name})
            seen.add(key)
            thing = self.shape(slot.type, item, where)
            if thing is not None:
                things.append(thing)
        return tuple(things)

    def _mapping(self, slot: Slot, node: Node, path: str) -> Any:
        if not isinstance(node, Branch):
            return self.wrong(node.line, path, _("Names and values belong here, such as “key: …”."))
        found: dict[str, Any] = {}
        for name, value in node.pairs:
            where = _under(path, name.text)
            self.lines.setdefault(where, name.line)
            if name.text in found:
                self.wrong(
                    name.line, where, _("“%(name)s” stands here twice.") % {"name": name.text}
                )
            text = self._leaf_text(value, where)
            read = self._yes_or_no(text, value.line, where) if slot.item is bool else text
            if read is not None:
                found[name.text] = read
        return found

    def words(self, slot: Slot, node: Node, path: str) -> Any:
        """Return a text: in the source language alone, or by language."""
        if isinstance(node, Row):
            return self.wrong(node.line, path, _("A text belongs here, not a list."))
        pairs = node.pairs if isinstance(node, Branch) else [(Leaf(self.language, node.line), node)]
        texts: dict[str, str] = {}
        for name, value in pairs:
            text = self._text_in(name, value, slot, path)
            if name.text in texts:
                self.wrong(
                    name.line, path, _("“%(name)s” stands here twice.") % {"name": name.text}
                )
            if text:
                texts[name.text] = text
        if slot.meta.get("is_required") and self.language not in texts:
            sentence = _("The words in the language of the playbook (%(language)s) are missing.")
            return self.wrong(node.line, path, sentence % {"language": self.language})
        return Words(texts, self.language)

    def _text_in(self, name: Leaf, value: Node, slot: Slot, path: str) -> str:
        if not LANGUAGE.fullmatch(name.text):
            sentence = _("“%(name)s” is no language, such as “en” or “ar”.") % {"name": name.text}
            self.wrong(name.line, path, sentence)
        text = self._leaf_text(value, path)
        self.lines.setdefault(_under(path, name.text), value.line)
        if not text:
            self.wrong(
                value.line, path, _("Words are missing after “%(name)s”.") % {"name": name.text}
            )
        elif len(text) > slot.meta.get("longest", len(text)):
            sentence = _("This text has %(count)s characters; at most %(most)s fit.")
            self.wrong(
                value.line, path, sentence % {"count": len(text), "most": slot.meta["longest"]}
            )
        return text

    def _single(self, slot: Slot, node: Leaf, path: str) -> Any:
        if slot.type is Duration:
            return self._duration(node, path)
        if slot.type is Offset:
            return self._offset(node, path)
        value: Any = node.text.strip()
        if slot.type is bool:
            return self._yes_or_no(value, node.line, path)
        if slot.type is int:
            value = int(value) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else value
        choices = slot.meta.get("choices")
        if choices and value not in choices:
            sentence = _("“%(value)s” is not known here. Known: %(known)s.")
            known = ", ".join(str(choice) for choice in choices)
            return self.wrong(node.line, path, sentence % {"value": value, "known": known})
        if slot.meta.get("is_key"):
            return self._key(value, slot.meta["longest"], node.line, path)
        return value

    def _key(self, value: str, longest: int, line: int, path: str) -> Any:
        if not KEY.fullmatch(value):
            sentence = _("“%(value)s” is no key. Use letters without accents, digits, “-” and “_”.")
            return self.wrong(line, path, sentence % {"value": value})
        if len(value) > longest:
            sentence = _("The key “%(value)s” is too long; at most %(most)s characters fit.")
            return self.wrong(line, path, sentence % {"value": value, "most": longest})
        return value

    def _duration(self, node: Leaf, path: str) -> Any:
        try:
            return Duration.read(node.text.strip())
        except NotADurationError:
            sentence = _("“%(value)s” is no duration. Write PT30M, PT12H, P1D or P6M.")
            return self.wrong(node.line, path, sentence % {"value": node.text})

    def _offset(self, node: Leaf, path: str) -> Any:
        try:
            return Offset.read(node.text.strip())
        except NotAnOffsetError:
            sentence = _(
                "“%(value)s” is no moment. Write T0+PT30M or milestone-P14D. Known: %(known)s."
            )
            return self.wrong(
                node.line, path, sentence % {"value": node.text, "known": ", ".join(ANCHORS)}
            )

    def _yes_or_no(self, value: str, line: int, path: str) -> Any:
        if value in _YES | _NO:
            return value in _YES
        sentence = _("“%(value)s” is neither “yes” nor “no”.") % {"value": value}
        return self.wrong(line, path, sentence)

    def _leaf_text(self, node: Node, path: str) -> str:
        if isinstance(node, Leaf):
            return node.text.strip()
        self.wrong(node.line, path, _("One value belongs here, not a list."))
        return ""

    def wrong(self, line: int, path: str, sentence: str) -> Any:
        """Note a problem; there is no value."""
        return self.problems.append(Problem(line, path, sentence))


def shaped(kind: type[T], data: Mapping[str, Any]) -> T:
    """Return the thing of plain data; raises PlaybookError where it does not fit."""
    shaper = Shaper(language=str(data.get("language") or "en"))
    found = shaper.shape(kind, tree_of_data(data))
    if shaper.problems or found is None:
        raise PlaybookError(shaper.problems)
    thing: T = found
    return thing


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _key_in(node: Node) -> str:
    if isinstance(node, Branch):
        for name, value in node.pairs:
            if name.text == "key" and isinstance(value, Leaf):
                return value.text.strip()
    return ""
