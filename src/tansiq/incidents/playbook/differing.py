"""What is different between two playbooks, as rows that people can read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tansiq.incidents.playbook.document import Document
from tansiq.incidents.playbook.schema import Slot, slots_of
from tansiq.incidents.playbook.words import Words

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One row: what happened to which field of which thing, and both texts."""

    kind: str
    section: str  # "" for the playbook itself
    key: str = ""
    field: str = ""
    language: str = ""
    before: str = ""
    after: str = ""


def differences(before: Document, after: Document) -> list[Difference]:
    """Return what one must change in the first to get the second, in the order of the second.

    Empty exactly when the two are equal.
    """
    rows = list(_of_thing(before, after, _Place()))
    for section in Document.sections():
        rows += _of_list(getattr(before, section), getattr(after, section), _Place(section))
    return rows


@dataclass(frozen=True)
class _Place:
    """Where a row belongs: a thing of a section, and within it a field."""

    section: str = ""
    key: str = ""
    field: str = ""

    def of(self, thing: Any) -> "_Place":
        if not self.key:
            return replace(self, key=thing.key)
        return replace(self, field=f"{self.field}.{thing.key}")

    def at(self, name: str) -> "_Place":
        return replace(self, field=f"{self.field}.{name}" if self.field else name)


def _row(kind: str, place: _Place, **texts: str) -> Difference:
    return Difference(kind=kind, section=place.section, key=place.key, field=place.field, **texts)


def _of_list(before: Any, after: Any, place: _Place) -> Iterator[Difference]:
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    for one in after:
        if one.key in old:
            yield from _of_thing(old[one.key], one, place.of(one))
        else:
            yield _row(ADDED, place.of(one), after=_name(one))
    for one in before:
        if one.key not in new:
            yield _row(REMOVED, place.of(one), before=_name(one))
    was = [one.key for one in before if one.key in new]
    now = [one.key for one in after if one.key in old]
    if was != now:
        yield _row(MOVED, place, before=", ".join(was), after=", ".join(now))


def _of_thing(before: Any, after: Any, place: _Place) -> Iterator[Difference]:
    for slot in slots_of(type(after)):
        old, new = getattr(before, slot.name), getattr(after, slot.name)
        if old == new or (not place.section and slot.name in Document.sections()):
            continue
        if slot.is_nested and slot.is_list:
            yield from _of_list(old, new, place.at(slot.name))
        else:
            for language, was, now in _values(slot, old, new):
                here = place.at(slot.name)
                yield _row(CHANGED, here, language=language, before=was, after=now)


def _values(slot: Slot, old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    """Yield the language and both texts; words differ language by language."""
    if slot.type is Words:
        for language in sorted(old.texts.keys() | new.texts.keys()):
            was, now = old.texts.get(language, ""), new.texts.get(language, "")
            if was != now:
                yield language, was, now
    else:
        yield "", _written(old), _written(new)


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    if hasattr(value, "items"):
        return ", ".join(f"{name}: {_written(one)}" for name, one in value.items())
    if hasattr(value, "__dataclass_fields__") and type(value).__module__.endswith("document"):
        parts = ((slot.name, getattr(value, slot.name)) for slot in slots_of(type(value)))
        return ", ".join(f"{name}: {_written(one)}" for name, one in parts if one is not None)
    return str(value)


def _name(thing: Any) -> str:
    return (
        thing.title.in_language(thing.title.source) if isinstance(thing.title, Words) else thing.key
    )
