"""Changes from a workbook through the same forms as the pages; what they refuse has its cell."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tansiq.access.place_files.problems import Problems
from tansiq.core.numbers import write_number
from tansiq.plans.forms.activities import ActivityForm, first_values
from tansiq.plans.forms.answers import AnswerForm
from tansiq.plans.forms.money import BudgetLineForm
from tansiq.plans.forms.reports import ReportForm, name_of
from tansiq.plans.forms.status import MilestoneReachedForm, StatusForm
from tansiq.plans.forms.workbooks import ActionLineForm
from tansiq.plans.models import Action, Activity, BudgetLine, Indicator, Report
from tansiq.plans.queries.contents import Line, lines_of_report
from tansiq.plans.rules.activities import activity_register
from tansiq.plans.workbooks.comparing import Change, Comparison
from tansiq.plans.workbooks.kinds import Added, Live
from tansiq.plans.workbooks.money_sheet import AMOUNTS, INPUTS
from tansiq.plans.workbooks.scope import Scope
from tansiq.plans.workbooks.steps import (
    ActivityStep,
    AnswerStep,
    MilestoneStep,
    MoneyStep,
    PartStep,
    ReportStep,
    StatusStep,
    Steps,
)

_FIELD_OF_FIGURE = {"number": "", "base": "-base", "as_of": "-on", "note": "-note"}
_NUMBERS = ("amount", "people_reached", "women_reached")
_KEPT_OF_MONEY = (*INPUTS, "title", "year", "source", "funder", "currency", "is_recurrent")
_FIRST = {"status": "not_started", "marking": "green"}


class Checker:
    """Turns changes into steps, and says which cells the forms refuse."""

    def __init__(self, scope: Scope, names: dict[str, str]) -> None:
        self.scope, self.names = scope, names
        self.steps, self.problems = Steps(), Problems()

    def check(self, comparison: Comparison, *, kept: frozenset[str] = frozenset()) -> Steps:
        """Return the steps; `kept` names the cells that are left as they stand."""
        by_report: dict[int, list[tuple[Live, list[Change]]]] = defaultdict(list)
        for live, changes in comparison.by_row(kept=kept):
            if changes[0].sheet in {"figures", "words"}:
                report = live.thing[0] if isinstance(live.thing, tuple) else live.thing
                by_report[report.pk].append((live, changes))
            else:
                self._ROWS[changes[0].sheet](self, live, changes)
        for rows in by_report.values():
            self._report(rows)
        self._new_activities([one for one in comparison.added if one.sheet == "activities"])
        return self.steps

    # -- one kind of row each ---------------------------------------------------------------

    def _action(self, live: Live, changes: list[Change]) -> None:
        action: Action = live.thing
        new = {one.column: one.new for one in changes}
        if "status" in new:
            form = StatusForm({"status": new.pop("status"), "revision": action.revision})
            if self._is_right(form, changes):
                self.steps.statuses.append(StatusStep(action, form.cleaned_data["status"]))
        if new:
            names = ("starts_on", "ends_on", "sustainability_note")
            data = {name: getattr(action, name) or "" for name in names} | new
            before = {name: getattr(action, name) for name in names}
            line = ActionLineForm(data, instance=action, plan=action.plan)
            if self._is_right(line, changes):
                given = {name: line.cleaned_data[name] for name in new}
                self.steps.parts.append(PartStep(action, given))
            for name, value in before.items():
                setattr(action, name, value)

    def _milestone(self, live: Live, changes: list[Change]) -> None:
        new = changes[0].new
        form = MilestoneReachedForm({"on": new, "undo": "" if new else "yes"})
        if self._is_right(form, changes):
            self.steps.milestones.append(MilestoneStep(live.thing, form.cleaned_data["on"]))

    def _activity(self, live: Live, changes: list[Change]) -> None:
        activity: Activity = live.thing
        data = first_values(activity) | {one.column: _typed(one.column, one.new) for one in changes}
        form = self._activity_form(activity, data)
        if self._is_right(form, changes):
            given = form.changes()
            wanted = {one.column for one in changes}
            self.steps.activities.append(
                ActivityStep(activity, {name: given[name] for name in given if name in wanted})
            )

    def _money(self, live: Live, changes: list[Change]) -> None:
        line: BudgetLine = live.thing
        shown = BudgetLineForm(instance=line, plan=line.plan)
        data = {bound.name: bound.value() for bound in shown}
        data = {name: "" if value is None else value for name, value in data.items()}
        before = {name: getattr(line, name) for name in _KEPT_OF_MONEY}
        for one in changes:
            is_amount = one.column in AMOUNTS and one.new
            language = self.scope.language
            data[one.column] = write_number(Decimal(one.new), language) if is_amount else one.new
        form = BudgetLineForm(data, instance=line, plan=line.plan)
        if self._is_right(form, changes):
            given = {one.column: form.cleaned_data[one.column] for one in changes}
            self.steps.money.append(MoneyStep(line, given))
        for name, value in before.items():
            setattr(line, name, value)

    _ROWS: dict[str, Callable[["Checker", Live, list[Change]], None]] = {
        "actions": _action,
        "milestones": _milestone,
        "money": _money,
        "activities": _activity,
    }

    def _activity_form(self, activity: Activity, data: dict[str, Any]) -> ActivityForm:
        plan, owner = activity.plan, activity.owner
        actions = list(Action.objects.visible_to(self.scope.actor).steps().filter(plan=plan))
        codes = {one.code.casefold(): one.pk for one in actions}
        code = data.get("action")
        if isinstance(code, str):
            # A code that the plan does not have is no choice of the form, which then says so.
            data = data | {"action": codes.get(code.casefold(), code) if code else ""}
        return ActivityForm(data, organisations=[owner], plans=[plan], actions=actions)

    # -- a report -----------------------------------------------------------------------------

    def _report(self, rows: list[tuple[Live, list[Change]]]) -> None:
        thing = rows[0][0].thing
        report: Report = thing[0] if isinstance(thing, tuple) else thing
        changes = [one for _live, ones in rows for one in ones]
        answers = [one for one in changes if one.key.endswith(":answer")]
        if answers:
            form = AnswerForm({"answer": answers[0].new})
            if self._is_right(form, answers, names={"answer": "text"}):
                answer = form.cleaned_data["answer"]
                self.steps.answers.append(AnswerStep(report, answer))
        written = [one for one in changes if one not in answers]
        if written:
            self._writing(report, rows, written)

    def _writing(
        self, report: Report, rows: list[tuple[Live, list[Change]]], changes: list[Change]
    ) -> None:
        lines = lines_of_report(report, self.scope.actor)
        data = _as_it_stands(report, lines)
        fields: dict[str, Change] = {}
        touched: set[int] = set()
        for live, ones in rows:
            for one in ones:
                name = self._field_of(live, one)
                if name:
                    fields[name] = one
                    data[name] = _typed(one.column, one.new)
            if isinstance(live.thing, tuple):
                touched.add(live.thing[1].pk)
        form = ReportForm(data, report=report, lines=lines, today=self.scope.today)
        form.is_valid()
        self._say(form, fields, touched, rows)
        words = {
            name: text
            for name, text in form.words().items()
            if name in {one.key.rpartition(":")[2] for one in changes}
        }
        entries = {key: value for key, value in form.entries().items() if key[0].pk in touched}
        self.steps.reports.append(ReportStep(report, words, entries))

    def _field_of(self, live: Live, change: Change) -> str:
        """Return the name of the form's field that a cell fills in."""
        if isinstance(live.thing, tuple):
            name = name_of(live.thing[1])
            return name + _FIELD_OF_FIGURE.get(change.column, f"-{change.column}")
        word = change.key.rpartition(":")[2]
        return "" if word == "answer" else word

    def _say(
        self,
        form: ReportForm,
        fields: dict[str, Change],
        touched: set[int],
        rows: list[tuple[Live, list[Change]]],
    ) -> None:
        """Note the form's errors at cells; what was wrong before and is untouched stays."""
        first = {
            name_of(live.thing[1]): ones[0]
            for live, ones in rows
            if isinstance(live.thing, tuple) and live.thing[1].pk in touched
        }
        for name, errors in form.errors.items():
            change = fields.get(name) or first.get(name.partition("-")[0])
            if change is not None:
                self.problems.add(self._at(change), str(errors[0]))

    # -- new rows -------------------------------------------------------------------------------

    def _new_activities(self, added: list[Added]) -> None:
        if not added:
            return
        owner = self.scope.plan.owner
        verdict = activity_register(self.scope.actor, owner)
        seen: dict[tuple[Any, ...], int] = {}
        for row in added:
            if not verdict:
                self.problems.add(self._at_row(row), verdict.reason)
                continue
            activity = self._new_activity(row)
            if activity is None:
                continue
            mark = _mark_of(activity)
            if mark in seen:
                said = _("This row is the same as row %(row)s. Take one of the two out.")
                self.problems.add(self._at_row(row), said % {"row": seen[mark]})
            elif _is_known(activity):
                self.steps.known_rows += 1
            else:
                self.steps.new_activities.append(activity)
            seen[mark] = row.number

    def _new_activity(self, row: Added) -> Activity | None:
        scope = self.scope
        data: dict[str, Any] = dict.fromkeys(row.addresses, "") | _FIRST
        data |= {name: _typed(name, text) for name, text in row.values.items()}
        data |= {
            "owner": scope.plan.owner_id,
            "plan": scope.plan.pk,
            "language": scope.language,
            "place": data.get("place") or scope.place.code,
        }
        empty = Activity(owner=scope.plan.owner, plan=scope.plan)
        form = self._activity_form(empty, data)
        if not form.is_valid():
            for name, errors in form.errors.items():
                address = row.addresses.get(name) or f"A{row.number}"
                self.problems.add(
                    f"{self.names.get(row.sheet, row.sheet)}!{address}", str(errors[0])
                )
            return None
        return Activity(**form.changes())

    # -- saying what is wrong -------------------------------------------------------------------

    def _is_right(
        self, form: forms.BaseForm, changes: list[Change], *, names: dict[str, str] | None = None
    ) -> bool:
        if form.is_valid():
            return True
        by_column = {one.column: one for one in changes}
        for name, errors in form.errors.items():
            column = (names or {"on": "reached_on"}).get(name, name)
            self.problems.add(self._at(by_column.get(column, changes[0])), str(errors[0]))
        return False

    def _at(self, change: Change) -> str:
        return f"{self.names.get(change.sheet, change.sheet)}!{change.address}"

    def _at_row(self, row: Added) -> str:
        first = next(iter(row.addresses.values()), f"A{row.number}")
        return f"{self.names.get(row.sheet, row.sheet)}!{first}"


def _typed(column: str, text: str) -> Any:
    """Return a number as one, so that a form does not read its point as another mark."""
    is_number = column in {"number", "base", *_NUMBERS} or "=" in column
    return Decimal(text) if is_number and text else text


def _as_it_stands(report: Report, lines: Iterable[Line]) -> dict[str, Any]:
    """Return what a page of this report would send back unchanged."""
    data: dict[str, Any] = {
        "narrative": report.narrative,
        "blockers": report.blockers,
        "wishes": report.wishes,
        "language": report.language,
        "revision": report.revision,
    }
    for line in lines:
        data |= _line_as_it_stands(line.indicator, line)
    return data


def _line_as_it_stands(indicator: Indicator, line: Line) -> dict[str, Any]:
    name, value = name_of(indicator), line.value
    data: dict[str, Any] = {
        name: line.number,
        f"{name}-note": value.note if value else "",
        f"{name}-on": value.as_of if value else "",
    }
    if line.is_weighted:
        data[f"{name}-base"] = Decimal(value.weight) if value else None
    return data | {f"{name}-{part.code}": part.number for part in line.parts}


def _mark_of(activity: Activity) -> tuple[Any, ...]:
    names = ("owner_id", "plan_id", "title", "place_id", "starts_on", "ends_on", "audience")
    return tuple(getattr(activity, name) for name in names)


def _is_known(activity: Activity) -> bool:
    """Whether the register has this activity, as when the same file is sent twice."""
    return Activity.objects.filter(
        owner=activity.owner_id,
        plan=activity.plan_id,
        title=activity.title,
        place=activity.place_id,
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
    ).exists()


def cells_kept(choices: dict[str, str], conflicts: Collection[Change]) -> frozenset[str]:
    """Return the names of the cells for which "theirs" was chosen."""
    return frozenset(one.name for one in conflicts if choices.get(one.name) == "theirs")
