"""What a file changes, set against what stands now: changes and conflicts."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tansiq.access.place_files.problems import Problems
from tansiq.core.documents.columns import canonical
from tansiq.plans.workbooks.catalogue import kinds_in
from tansiq.plans.workbooks.kinds import Added, Live, Touched
from tansiq.plans.workbooks.reading import Parsed
from tansiq.plans.workbooks.scope import Scope


@dataclass(frozen=True)
class Change:
    """One cell that would be another: as given out, as it stands now, as it is in the file."""

    sheet: str
    key: str
    column: str
    address: str
    label: str
    base: str
    current: str
    new: str

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else changed the same cell since the file was given out."""
        return self.current != self.base

    @property
    def name(self) -> str:
        """Return the name under which a page asks which of the two should stand."""
        return f"{self.key}/{self.column}"


@dataclass
class Comparison:
    """All that a file would change now."""

    changes: list[Change] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    already: int = 0
    live: dict[str, dict[str, Live]] = field(default_factory=dict)

    @property
    def conflicts(self) -> list[Change]:
        return [one for one in self.changes if one.is_conflict]

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.added

    def by_row(self, *, kept: frozenset[str] = frozenset()) -> Iterator[tuple[Live, list[Change]]]:
        """Yield each row with the changes to be made; `kept` names cells left as they stand."""
        grouped: dict[tuple[str, str], list[Change]] = defaultdict(list)
        for one in self.changes:
            if one.name not in kept:
                grouped[one.sheet, one.key].append(one)
        for (sheet, key), changes in grouped.items():
            yield self.live[sheet][key], changes

    def fingerprint(self) -> str:
        """Return a mark of what the reader was shown; it differs once anything of it does."""
        whole = hashlib.sha256()
        for one in self.changes:
            whole.update(f"{one.name}\0{one.base}\0{one.current}\0{one.new}\1".encode())
        for row in self.added:
            whole.update(f"{row.sheet}\0{sorted(row.values.items())}\1".encode())
        return whole.hexdigest()


def compare(parsed: Parsed, scope: Scope) -> Comparison:
    """Set what a file changed against the rows as they stand now."""
    found = Comparison(added=list(parsed.added))
    found.problems.extend(parsed.problems)
    found.problems.total = parsed.problems.total
    kinds = kinds_in(scope)
    by_sheet: dict[str, list[Touched]] = defaultdict(list)
    for one in parsed.touched:
        by_sheet[one.sheet].append(one)
    for sheet, touched in by_sheet.items():
        live = kinds[sheet].live(scope, {one.key for one in touched})
        found.live[sheet] = live
        for one in touched:
            _weigh(found, parsed, one, live.get(one.key))
    return found


def _weigh(found: Comparison, parsed: Parsed, one: Touched, row: Live | None) -> None:
    where = parsed.at(one.sheet, one.address)
    if row is None:
        found.problems.add(where, _("What this row showed is gone, or you may no longer see it."))
        return
    current = canonical(row.values.get(one.column))
    if current == one.new:
        found.already += 1
    elif one.column not in row.open:
        reason = row.why_closed.get(one.column) or _("This cell is not yours to fill in.")
        found.problems.add(where, reason)
    else:
        found.changes.append(
            Change(
                one.sheet, one.key, one.column, one.address, row.label, one.base, current, one.new
            )
        )
