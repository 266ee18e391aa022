"""Making a workbook: the front sheet, a sheet of each kind, and for a nation the sums."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from tansiq.access.models import Marking
from tansiq.core import formats
from tansiq.core.documents.columns import Row, SheetPlan
from tansiq.core.documents.workbook_files import base_line
from tansiq.core.documents.workbooks import Page, Words, WorkbookWriter
from tansiq.plans.queries.wording import period_name, plan_name
from tansiq.plans.workbooks.activity_sheet import activities_of
from tansiq.plans.workbooks.catalogue import kinds_in
from tansiq.plans.workbooks.kinds import Live
from tansiq.plans.workbooks.scope import Scope, version_of
from tansiq.plans.workbooks.summary import summary_columns, summary_rows

Progress = Callable[[int, int], None]


@dataclass
class Made:
    """What was written: rows by sheet, and the hash of the file."""

    rows: dict[str, int] = field(default_factory=dict)
    sha256: str = ""
    size: int = 0
    marking: str = ""


def make_workbook(
    path: Path, scope: Scope, *, by_name: str, progress: Progress | None = None
) -> Made:
    """Write the workbook of a scope into a file, in the language that is active."""
    made = Made(marking=strictest(scope))
    writer = WorkbookWriter(
        str(path),
        scope=scope.token,
        marking=marking_words(made.marking),
        words=_words(),
        rtl=get_language_bidi(),
        author=by_name,
    )
    writer.front(_front(scope, made.marking, by_name))
    if scope.is_national:
        title = pgettext("sheet", "Summary")
        writer.table(title, title, summary_columns(scope), summary_rows(scope))
    kinds = kinds_in(scope)
    for number, kind in enumerate(kinds.values()):
        rows: Iterable[Row] = _told(kind.rows(scope), (number, len(kinds)), progress)
        plan, closed = kind.sheet(scope), frozenset[str]()
        if not scope.is_national:
            rows = list(rows)
            closed = _closed_in(plan, rows)
        made.rows[kind.key] = writer.sheet(plan, rows, closed=closed)
    lines = [base_line(*one) for one in writer.base]
    whole = hashlib.sha256()
    for line in lines:
        whole.update(f"{line}\n".encode())
    writer.close(scope.manifest(whole.hexdigest()))
    made.sha256, made.size = sha256_of(path), path.stat().st_size
    return made


def _closed_in(plan: SheetPlan, rows: list[Row]) -> frozenset[str]:
    """Return the columns of which no cell can be filled in, so that none looks as if it could."""
    if plan.new_rows:
        return frozenset()
    return frozenset(one.key for one in plan.columns) - {key for row in rows for key in row.open}


def _told(rows: Iterator[Live], sheet: tuple[int, int], progress: Progress | None) -> Iterator[Row]:
    """Yield the rows of a sheet, saying now and then how far it is."""
    number, sheets = sheet
    for count, live in enumerate(rows):
        if progress is not None and count % 500 == 0:
            progress(number * 1000 + min(count // 20, 999), sheets * 1000)
        yield live.row


def sha256_of(path: Path) -> str:
    """Return the hash of a file."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            whole.update(piece)
    return whole.hexdigest()


_ORDER = (Marking.CLEAR, Marking.GREEN, Marking.AMBER, Marking.AMBER_STRICT)


def strictest(scope: Scope) -> str:
    """Return the strictest marking of anything in the workbook; it stands on each sheet."""
    found = {str(scope.plan.marking)}
    for rows in (scope.plans(), scope.reports(), activities_of(scope)):
        found |= set(rows.order_by().values_list("marking", flat=True).distinct())
    return max((one for one in _ORDER if one in found), key=_ORDER.index, default=Marking.AMBER)


def marking_words(marking: str) -> str:
    return f"TLP:{marking.upper()}"


def _words() -> Words:
    return Words(
        pick=_("Choose one from the list."),
        not_a_day=_("Write the day as year, month and day: 2026-05-14."),
        not_a_number=_("Write the number alone, in digits, such as 1200."),
        too_long=_("This text is too long for the field. Shorten it."),
    )


def _front(scope: Scope, marking: str, by_name: str) -> Page:
    plan = scope.plan
    about = [
        (_("Plan"), plan.title),
        (_("Version"), _version_words(scope)),
        (_("Country"), str(plan.country)),
        (_("Place"), str(scope.place)),
    ]
    if scope.period is not None:
        about.append((_("Period"), period_name(scope.period)))
        about.append((_("Report due"), formats.day(scope.period.due_on, scope.language)))
    about.append((_("Taken"), formats.moment(scope.at, scope.language)))
    about.append((_("Taken by"), by_name))
    meaning = str(Marking(marking).label).partition(",")[2].strip()
    handling = [
        (marking_words(marking), meaning[:1].upper() + meaning[1:]),
        (
            _("Passing it on"),
            _("This file leaves the platform with you. Keep to its marking wherever you send it."),
        ),
    ]
    blocks: list[tuple[str, list[tuple[str, ...]]]] = [
        (_("What this is"), list(about)),
        (_("Who may read it"), list(handling)),
        (_("How to fill it in"), list(_how(scope))),
        (_("Signs"), [("■", _("Yellow cells are yours to fill in. All others are locked."))]),
        (_("Sheets"), list(_sheets(scope))),
    ]
    return Page(pgettext("sheet", "Read me"), plan_name(plan), blocks)


def _version_words(scope: Scope) -> str:
    number = version_of(scope.plan)
    return formats.number(number, scope.language) if number else _("draft")


def _how(scope: Scope) -> Iterator[tuple[str, str]]:
    yield "1", _("Fill in the yellow cells. Where there is a list, choose from it.")
    yield "2", _("Days as 2026-05-14. Numbers alone, in your own digits and marks.")
    yield "3", _("Rest the pointer on a heading to read what belongs there.")
    yield "4", _("Do not merge cells and do not change the hidden rows and columns.")
    yield (
        "5",
        _(
            "Save as .xlsx and send it on the page “Work in Excel”. You see what would change; "
            "nothing is saved before you confirm."
        ),
    )
    yield "6", _("Others may work at the same time: only cells that you changed are taken.")


def _sheets(scope: Scope) -> Iterator[tuple[str, str]]:
    for kind in kinds_in(scope).values():
        plan = kind.sheet(scope)
        inputs = [one.heading for one in plan.columns if one.is_input]
        shown = ", ".join(inputs[:_NAMED])
        more = len(inputs) - _NAMED
        if more > 0:
            said = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more)
            shown = said % {"names": shown, "n": formats.number(more, scope.language)}
        yield plan.title, shown


_NAMED = 6
