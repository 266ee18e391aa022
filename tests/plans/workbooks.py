"""A city with a plan, a report and a register, and its workbook: taken, edited, sent in."""

import io
from dataclasses import dataclass, field

import openpyxl
from django.urls import reverse
from django.utils.translation import override

from tansiq.access.actor import Actor
from tansiq.core.documents.workbooks import FIRST_COLUMN, KEYS_AT, ROWS_AT
from tansiq.plans.models import Plan, Report
from tansiq.plans.workbooks.making import make_workbook
from tansiq.plans.workbooks.scope import Scope
from tests.factories import (
    ActionFactory,
    ActivityFactory,
    BudgetLineFactory,
    DatapointFactory,
    MilestoneFactory,
    ObjectiveFactory,
    ReportFactory,
)
from tests.plans.reporting import JULY, Country, make_country

SYSTEM = Actor.system("a test")


@dataclass
class City:
    """The city of `make_country`, with one action, milestone, figure and activity."""

    country: Country
    plan: Plan
    report: Report
    things: dict = field(default_factory=dict)

    def scope(self, actor=SYSTEM, *, with_report=True, at=JULY):
        period = self.country.period if with_report else None
        report = Report.objects.get(pk=self.report.pk) if with_report else None
        plan = Plan.objects.select_related("place", "country", "owner").get(pk=self.plan.pk)
        return Scope(plan, actor, at, period=period, report=report)


def make_city(**fields) -> City:
    country = make_country()
    plan = Plan.objects.get(place=country.place)
    action = ActionFactory(
        plan=plan, objective=ObjectiveFactory(plan=plan), code="1.1", title="Train the teachers"
    )
    milestone = MilestoneFactory(action=action, title="First fifty")
    report = ReportFactory(
        period=country.period, place=country.place, owner=country.city, addressee=None, **fields
    )
    value = DatapointFactory(report=report, indicator=country.people, amount=120, status="draft")
    activity = ActivityFactory(
        plan=plan, owner=country.city, place=country.place, title="Mothers' circle"
    )
    line = BudgetLineFactory(plan=plan, title="Halls")
    things = {
        "action": action,
        "line": line,
        "milestone": milestone,
        "value": value,
        "activity": activity,
    }
    return City(country, plan, report, things)


def made(scope, folder, *, language="en"):
    """Return the bytes of the workbook of a scope."""
    path = folder / f"{language}.xlsx"
    with override(language):
        make_workbook(path, scope, by_name="A tester")
    return path.read_bytes()


class Edited:
    """A workbook as somebody edits it; cells are named by sheet, row and column key."""

    def __init__(self, content):
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.by_key = {}
        for sheet in self.book.worksheets:
            marker = str(sheet.cell(KEYS_AT + 1, 1).value or "")
            if marker.startswith("tansiq:"):
                self.by_key[marker.split(":")[2]] = sheet

    def columns(self, sheet):
        page = self.by_key[sheet]
        return {
            page.cell(KEYS_AT + 1, n).value: n
            for n in range(FIRST_COLUMN + 1, page.max_column + 1)
            if page.cell(KEYS_AT + 1, n).value
        }

    def row(self, sheet, key):
        page = self.by_key[sheet]
        return next(n for n in range(ROWS_AT + 1, page.max_row + 1) if page.cell(n, 1).value == key)

    def cell(self, sheet, key, column):
        number = key if isinstance(key, int) else self.row(sheet, key)
        return self.by_key[sheet].cell(number, self.columns(sheet)[column])

    def write(self, sheet, key, column, value):
        cell = self.cell(sheet, key, column)
        cell.value = value
        return f"{self.by_key[sheet].title}!{cell.coordinate}"

    def empty_row(self, sheet):
        page = self.by_key[sheet]
        column = FIRST_COLUMN + 1
        return next(
            n for n in range(ROWS_AT + 1, page.max_row + 1) if page.cell(n, column).value is None
        )

    def content(self):
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()


def keys(city):
    """Return the row keys of the city's one action, milestone, figure and activity."""
    things = city.things
    return {
        "actions": f"action:{things['action'].pk}",
        "milestones": f"milestone:{things['milestone'].pk}",
        "figures": f"figure:{city.report.pk}:{city.country.people.pk}",
        "activities": f"activity:{things['activity'].pk}",
        "money": f"budget:{things['line'].pk}",
        "words": f"words:{city.report.pk}:narrative",
    }


def send(client, city, content, name="filled.xlsx"):
    """Send a file in on the report's page."""
    file = io.BytesIO(content)
    file.name = name
    return client.post(reverse("plans:report_excel", args=[city.report.pk]), {"file": file})
