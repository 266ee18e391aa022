"""Who may do what with plans. Seeing is decided before, by `visible_to`."""

from tansiq.plans.rules import (
    activities,
    duties,
    matching,
    money,
    national,
    overlaps,
    pictures,
    plans,
    proposals,
    public,
    reports,
    roadmap,
    versions,
    voices,
    workbooks,
)

__all__ = [
    "activities",
    "duties",
    "matching",
    "money",
    "national",
    "overlaps",
    "pictures",
    "plans",
    "proposals",
    "public",
    "reports",
    "roadmap",
    "versions",
    "voices",
    "workbooks",
]
