"""All kinds of sheets, in the order in which they stand in a workbook."""

from functools import lru_cache

from tansiq.core.documents.cells import ChoiceWords
from tansiq.plans.forms.activities import MARKINGS
from tansiq.plans.models import ActionStatus, Afterwards, Audience, Funding, Theme
from tansiq.plans.workbooks.activity_sheet import ActivitySheet
from tansiq.plans.workbooks.kinds import SheetKind, words_in_all_languages
from tansiq.plans.workbooks.money_sheet import MoneySheet
from tansiq.plans.workbooks.plan_sheets import ActionSheet, MilestoneSheet
from tansiq.plans.workbooks.report_sheets import FigureSheet, WordSheet
from tansiq.plans.workbooks.scope import Scope

KINDS: tuple[SheetKind, ...] = (
    ActionSheet(),
    MilestoneSheet(),
    FigureSheet(),
    WordSheet(),
    MoneySheet(),
    ActivitySheet(),
)


def kinds_in(scope: Scope) -> dict[str, SheetKind]:
    """Return the kinds of sheets that a workbook of this scope has, by their keys."""
    return {one.key: one for one in KINDS if one.is_in(scope)}


@lru_cache(maxsize=1)
def choice_words() -> ChoiceWords:
    """Return the words of all pick lists in all our languages, by the key of their column."""
    lists = {
        "status": ActionStatus.choices,
        "afterwards": Afterwards.choices,
        "audience": Audience.choices,
        "funding": Funding.choices,
        "theme": Theme.choices,
        "marking": MARKINGS,
    }
    return ChoiceWords({key: words_in_all_languages(choices) for key, choices in lists.items()})
