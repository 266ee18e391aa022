"""What is needed, who pays, what is missing, and what ends. Exact in every currency."""

from tansiq.plans.queries.money.lines import (
    costs_of,
    lines_of,
    say_what_is_odd,
    staff_of,
    steps_of,
    wanted_from,
    what_is_odd,
    years_of,
)
from tansiq.plans.queries.money.places import places_within
from tansiq.plans.queries.money.plan import PlanMoney, Unfunded, plan_money, unfunded_of
from tansiq.plans.queries.money.span import Span, span_asked
from tansiq.plans.queries.money.sums import Figure, Tally, exchanges_of, tallies

__all__ = [
    "Figure",
    "PlanMoney",
    "Span",
    "Tally",
    "Unfunded",
    "costs_of",
    "exchanges_of",
    "lines_of",
    "places_within",
    "plan_money",
    "say_what_is_odd",
    "span_asked",
    "staff_of",
    "steps_of",
    "tallies",
    "unfunded_of",
    "wanted_from",
    "what_is_odd",
    "years_of",
]
