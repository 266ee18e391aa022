"""Who may do what with plans. Seeing is decided before, by `visible_to`."""

from tansiq.plans.rules import activities, duties, money, plans, public, reports

__all__ = ["activities", "duties", "money", "plans", "public", "reports"]
