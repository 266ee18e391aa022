"""How the classes of a playbook say what their fields may hold, and the walks over them."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from tansiq.incidents.playbook.times import Duration, Offset
from tansiq.incidents.playbook.words import Words

SHORT, LONG = 160, 4000
Path = tuple[str, ...]


def a_key(longest: int = 60) -> Any:
    return field(metadata={"is_key": True, "longest": longest})


def a_title(longest: int = SHORT) -> Any:
    """Mark words that must be there."""
    return field(metadata={"longest": longest, "is_required": True})


def a_text(longest: int = LONG) -> Any:
    """Mark words that may be left out."""
    return field(default_factory=lambda: Words({}), metadata={"longest": longest})


def one_of(choices: tuple[Any, ...], **options: Any) -> Any:
    return field(metadata={"choices": choices}, **options)


def always_written(value: Any, **metadata: Any) -> Any:
    """Mark a field that stands in a file even when it has its usual value."""
    return field(default=value, metadata={"is_always_written": True, **metadata})


def refers_to_one(section: str, *, default: Any = MISSING) -> Any:
    """Mark a field that holds the key of one thing in another section."""
    return field(default=default, metadata={"refers": section})


def refers_to(section: str) -> Any:
    """Mark a field that lists keys of things in another section."""
    return field(default=(), metadata={"refers": section})


@dataclass(frozen=True)
class Slot:
    """One field of a class: what it is, what it may hold, what stands when it is left out."""

    name: str
    type: type  # str, int, bool, Words, Offset, Duration, dict or a class of the playbook
    item: Any  # what each of a list or mapping is; None for a single value
    field: Field[Any]
    is_list: bool

    @property
    def meta(self) -> Mapping[str, Any]:
        return self.field.metadata

    @property
    def default(self) -> Any:
        if self.field.default_factory is not MISSING:
            return self.field.default_factory()
        return self.field.default

    @property
    def is_needed(self) -> bool:
        return self.field.default is MISSING and self.field.default_factory is MISSING

    @property
    def is_always_written(self) -> bool:
        return self.is_needed or self.meta.get("is_always_written", False)

    @property
    def is_nested(self) -> bool:
        return is_dataclass(self.type) and self.type not in {Words, Offset, Duration}


def slots_of(kind: Any) -> tuple[Slot, ...]:
    """Return the fields of a class of the playbook, in the order in which they are written."""
    return _slots_of(kind)


@cache
def _slots_of(kind: Any) -> tuple[Slot, ...]:
    hints = get_type_hints(kind)
    return tuple(_slot(one, hints[one.name]) for one in fields(kind))


def _slot(one: "Field[Any]", hint: Any) -> Slot:
    if isinstance(hint, UnionType):
        hint = next(part for part in get_args(hint) if part is not NoneType)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is tuple:
        return Slot(one.name, parts[0], parts[0], one, is_list=True)
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return Slot(one.name, dict, parts[1], one, is_list=False)
    return Slot(one.name, hint, None, one, is_list=False)


def plain_of(thing: Any) -> dict[str, Any]:
    """Return what a thing of a playbook holds as dicts, lists and texts; defaults are left out."""
    found = {}
    for slot in slots_of(type(thing)):
        value = getattr(thing, slot.name)
        if slot.is_always_written or value != slot.default:
            found[slot.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        alone = set(value.texts) == {value.source}
        return value.texts[value.source] if alone else dict(value.texts)
    if isinstance(value, Offset | Duration):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return dict(value)
    return plain_of(value) if is_dataclass(value) else value


def words_of(thing: Any, path: Path = ()) -> Iterator[tuple[Path, Words]]:
    """Yield each text of a thing with its path, such as ("tasks", "F-05", "title")."""
    for slot in slots_of(type(thing)):
        value = getattr(thing, slot.name)
        if slot.type is Words:
            if value:
                yield (*path, slot.name), value
        elif slot.is_nested and slot.is_list:
            for one in value:
                yield from words_of(one, (*path, slot.name, one.key))
