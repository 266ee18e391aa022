"""What is decided when a workbook is taken: one step for each thing that changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tansiq.plans.actions.values import Value
from tansiq.plans.models import Action, Activity, BudgetLine, Indicator, Milestone, Report


@dataclass(frozen=True)
class StatusStep:
    action: Action
    status: str


@dataclass(frozen=True)
class PartStep:
    action: Action
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class MilestoneStep:
    milestone: Milestone
    on: date | None


@dataclass(frozen=True)
class ReportStep:
    """Words and figures of one report, saved together under its revision."""

    report: Report
    words: Mapping[str, str]
    entries: Mapping[tuple[Indicator, str], Value | None]


@dataclass(frozen=True)
class AnswerStep:
    report: Report
    answer: str


@dataclass(frozen=True)
class MoneyStep:
    line: BudgetLine
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class ActivityStep:
    activity: Activity
    changes: Mapping[str, Any]


@dataclass
class Steps:
    """All steps of one workbook, in the order in which they are taken."""

    statuses: list[StatusStep] = field(default_factory=list)
    parts: list[PartStep] = field(default_factory=list)
    milestones: list[MilestoneStep] = field(default_factory=list)
    reports: list[ReportStep] = field(default_factory=list)
    answers: list[AnswerStep] = field(default_factory=list)
    money: list[MoneyStep] = field(default_factory=list)
    activities: list[ActivityStep] = field(default_factory=list)
    new_activities: list[Activity] = field(default_factory=list)
    # Rows that are in the register already, from an earlier time the same file was taken.
    known_rows: int = 0
