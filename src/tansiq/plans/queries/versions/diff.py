"""The difference of two contents of a plan: which parts came, went, moved and how they changed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tansiq.plans.queries.versions.content import BY_NAME, KINDS, PLAN, Content, Kind, Part, same

ADDED, DROPPED, MOVED = "added", "dropped", "moved"
REWORDED, REDATED, RELED, REFUNDED, OTHER = "reworded", "redated", "reled", "refunded", "other"
# In the order in which a reader wants to hear of them.
SORTS = (ADDED, DROPPED, MOVED, REWORDED, REDATED, RELED, REFUNDED, OTHER)


@dataclass(frozen=True)
class FieldChange:
    """One field of a part, as it was and as it is."""

    name: str
    sort: str
    before: object
    after: object


@dataclass(frozen=True)
class PartChange:
    """One part that is not in both contents, or not the same in both."""

    kind: str
    key: str
    before: Part | None
    after: Part | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def part(self) -> Part:
        """The part as it is, or was before it was dropped."""
        part = self.after if self.after is not None else self.before
        assert part is not None  # noqa: S101 -- one of the two is there
        return part

    @property
    def sorts(self) -> tuple[str, ...]:
        if self.before is None:
            return (ADDED,)
        if self.after is None:
            return (DROPPED,)
        found = {one.sort for one in self.fields}
        return tuple(sort for sort in SORTS if sort in found)

    @property
    def is_added(self) -> bool:
        return self.before is None

    @property
    def is_dropped(self) -> bool:
        return self.after is None

    def field(self, name: str) -> FieldChange | None:
        return next((one for one in self.fields if one.name == name), None)


def differences(before: Content, after: Content) -> list[PartChange]:
    """Return what differs, the plan itself first, then part by part in the order of the plan."""
    found = list(_changed(PLAN, "plan", before["plan"], after["plan"]))
    for kind in KINDS:
        old = {part["key"]: part for part in before[kind.name]}
        new = {part["key"]: part for part in after[kind.name]}
        for key in [*new, *(key for key in old if key not in new)]:
            found += _changed(kind, key, old.get(key), new.get(key))
    return found


def _changed(kind: Kind, key: str, before: Part | None, after: Part | None) -> Iterable[PartChange]:
    fields: tuple[FieldChange, ...] = ()
    if before is not None and after is not None:
        fields = tuple(_fields(kind, before, after))
        if not fields:
            return
    yield PartChange(kind.name, key, before, after, fields)


def _fields(kind: Kind, before: Part, after: Part) -> Iterable[FieldChange]:
    for name, sort in sorts_of(kind).items():
        # A field that an older version did not keep has not changed as far as anybody knows.
        if name in before and name in after and not same(before[name], after[name]):
            yield FieldChange(name, sort, before[name], after[name])


def sorts_of(kind: Kind) -> dict[str, str]:
    """Return what a change of each field is called."""
    groups = (
        ((kind.above,) if kind.above else (), MOVED),
        (kind.words, REWORDED),
        (kind.days, REDATED),
        (kind.leads, RELED),
        (kind.money, REFUNDED),
        (kind.others, OTHER),
    )
    return {name: sort for names, sort in groups for name in names}


def amended(before: Content, after: Content) -> list[PartChange]:
    """Return what differs of that which only an amendment changes: all but money."""
    return [one for one in differences(before, after) if BY_NAME[one.kind].is_frozen]


def counts_of(changes: Iterable[PartChange]) -> dict[str, int]:
    """Return how many parts were added, dropped, moved and so on, in this order."""
    counted = Counter(sort for change in changes for sort in change.sorts)
    return {sort: counted[sort] for sort in SORTS if counted[sort]}


def content_fields(model: type) -> frozenset[str]:
    """Return the fields of a model that a version keeps."""
    kinds = BY_NAME.values()
    kind = next((one for one in kinds if one.model is model and one.is_frozen), None)
    return frozenset((*kind.fields, kind.above)) - {""} if kind else frozenset()
