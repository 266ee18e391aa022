"""What the desk of a person shows: what to do now, what is owed both ways, how the plan stands.

Plain results, each with the address where the thing is done. The number of queries does not
grow with the number of rows; every row has passed `visible_to`.
"""

from tansiq.plans.queries.desk.changes import Change, changes_since
from tansiq.plans.queries.desk.items import Item, urgency
from tansiq.plans.queries.desk.progress import PlanLine, PlanSummary, lines_of, plan_line
from tansiq.plans.queries.desk.whole import now, owed_by, owed_to

__all__ = [
    "Change",
    "Item",
    "PlanLine",
    "PlanSummary",
    "changes_since",
    "lines_of",
    "now",
    "owed_by",
    "owed_to",
    "plan_line",
    "urgency",
]
