"""The sheet of the activity register: rows of the place for the period, and new ones."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.access.models import Marking, Place
from tansiq.core.documents.cells import UnreadableCellError
from tansiq.core.documents.columns import Column, Kind, SheetPlan, Value
from tansiq.plans.forms.activities import MARKINGS
from tansiq.plans.models import Action, ActionStatus, Activity, Audience, Funding, Theme
from tansiq.plans.queries.activities import UnknownPlaceError, place_named
from tansiq.plans.rules.activities import activity_edit
from tansiq.plans.workbooks.kinds import Live, SheetKind, choice, pk_of
from tansiq.plans.workbooks.scope import Scope

NEW_ROWS = 100
MOST_ROWS = 20_000
MOST_LISTED_PLACES = 300
_NUMBERS = ("amount", "people_reached", "women_reached")
INPUTS = (
    "title",
    "place",
    "starts_on",
    "ends_on",
    "audience",
    "theme",
    "status",
    "funding",
    "funder",
    "amount",
    "currency",
    "people_reached",
    "women_reached",
    "partners",
    "action",
    "marking",
)


class ActivitySheet(SheetKind):
    key, prefix = "activities", "activity"

    def sheet(self, scope: Scope) -> SheetPlan:
        named = {one.key: one for one in (*_what(), *_who_and_when(), *_money(), *_people())}
        named["place"] = _place_column(scope)
        named["action"] = _action_column(scope)
        columns = (
            *(named[key] for key in INPUTS),
            Column("owner", _("Who does it"), "#org+name", width=26),
        )
        return SheetPlan(
            self.key,
            pgettext("sheet", "Activities"),
            columns,
            frozen=1,
            lead="" if scope.is_national else _("New activities: one row each, below the others."),
            new_rows=0 if scope.is_national else NEW_ROWS,
        )

    def resolve(self, scope: Scope, column: Column, text: str) -> str:
        if column.key != "place" or column.kind == Kind.CHOICE:
            return text
        try:
            return place_named(text, within=scope.place).code
        except UnknownPlaceError as problem:
            raise UnreadableCellError(
                _("No place is called “%(name)s”. Write its name in full, or its code.")
                % {"name": text[:60]}
            ) from problem

    def rows(self, scope: Scope) -> Iterator[Live]:
        rows = activities_of(scope).order_by("starts_on", "pk")[:MOST_ROWS]
        for activity in rows.iterator(chunk_size=500):
            yield self._live(scope, activity)

    def live(self, scope: Scope, keys: Collection[str]) -> dict[str, Live]:
        # A row that was moved out of the period since is still the same row.
        rows = activities_of(scope, is_in_period=False).filter(pk__in={pk_of(one) for one in keys})
        return {one.key: one for one in (self._live(scope, activity) for activity in rows)}

    def _live(self, scope: Scope, activity: Activity) -> Live:
        verdict = activity_edit(scope.actor, activity)
        return Live(
            f"{self.prefix}:{activity.pk}",
            activity,
            activity.revision,
            activity.title,
            values_of(activity),
            frozenset(INPUTS if verdict else ()),
            {} if verdict else dict.fromkeys(INPUTS, verdict.reason),
        )


def values_of(activity: Activity) -> dict[str, Value]:
    """Return what stands in the cells of an activity."""
    values: dict[str, Value] = {
        name: getattr(activity, name)
        for name in INPUTS
        if name not in {"place", "action", *_NUMBERS}
    }
    for name in _NUMBERS:
        number = getattr(activity, name)
        values[name] = None if number is None else Decimal(number)
    values["place"] = activity.place.code
    values["action"] = activity.action.code if activity.action else ""
    values["owner"] = str(activity.owner)
    return values


def activities_of(scope: Scope, *, is_in_period: bool = True) -> Any:
    """Return the activities in it: of this plan or the one above it, at the place or below."""
    plans = [scope.plan.pk, scope.plan.parent_id]
    rows = (
        Activity.objects.visible_to(scope.actor)
        .exclude(marking=Marking.RED)
        .select_related("place", "owner", "plan", "action")
    )
    if scope.is_national:
        rows = rows.filter(plan__in=[scope.plan.pk, *scope.plans().values_list("pk", flat=True)])
    else:
        rows = rows.filter(plan__in=[pk for pk in plans if pk])
    if scope.place.level:
        rows = rows.filter(place__in=Place.objects.under(scope.place).values("pk"))
    if scope.period is not None and is_in_period:
        rows = rows.filter(starts_on__lte=scope.period.ends_on, ends_on__gte=scope.period.starts_on)
    return rows


def _what() -> tuple[Column, ...]:
    return (
        Column(
            "title", _("What is done"), "#activity+name", width=44, is_input=True, longest=250,
            help=_("One plain sentence. No names of private persons."),
        ),
        choice(
            "audience", _("For whom"), "#targetgroup", Audience.choices, width=20,
            help=_("Choose one from the list."),
        ),
        choice(
            "theme", pgettext("of an activity", "Theme"), "#sector", Theme.choices, width=24,
            help=_("Choose one from the list."),
        ),
        choice(
            "status", _("Status"), "#status", ActionStatus.choices, width=15,
            help=_("Choose one from the list. A new row without one is “not started”."),
        ),
        choice(
            "marking", _("Who may read it"), "#meta+marking", MARKINGS, width=26,
            help=_("Choose one from the list. A new row without one is TLP:GREEN."),
        ),
    )  # fmt: skip


def _who_and_when() -> tuple[Column, ...]:
    how = _("The day as 2026-05-14.")
    return (
        Column(
            "partners", _("Together with"), "#org+partners", width=28, is_input=True, longest=300,
            help=_("Organisations, not persons."),
        ),
        Column("starts_on", _("From"), "#date+start", Kind.DAY, how, 13, is_input=True),
        Column("ends_on", _("Until"), "#date+end", Kind.DAY, how, 13, is_input=True),
    )  # fmt: skip


def _money() -> tuple[Column, ...]:
    return (
        choice(
            "funding", _("With whose money"), "#funding+source", Funding.choices, width=20,
            help=_("Choose one from the list."),
        ),
        Column(
            "funder", _("Name of the funder"), "#org+funder", width=22, is_input=True, longest=120
        ),
        Column(
            "amount", _("Amount"), "#value", Kind.NUMBER, width=16, is_input=True,
            help=_("In whole units of the currency, such as 1500000."),
        ),
        Column(
            "currency", _("Currency"), "#currency", width=10, is_input=True, longest=3,
            help=_("Its three letters, such as IDR."),
        ),
    )  # fmt: skip


def _people() -> tuple[Column, ...]:
    return (
        Column(
            "people_reached", _("People reached"), "#reached", Kind.NUMBER, width=12, is_input=True
        ),
        Column(
            "women_reached", _("Of them women and girls"), "#reached+f", Kind.NUMBER, width=12,
            is_input=True, help=_("Not more than people in all."),
        ),
    )  # fmt: skip


def _place_column(scope: Scope) -> Column:
    near = []
    if not scope.is_national:
        below = Place.objects.under(scope.place).order_by("level", "name", "pk")
        near = list(below[: MOST_LISTED_PLACES + 1])
    if not near or len(near) > MOST_LISTED_PLACES:
        return Column(
            "place", _("Where"), "#adm+code", width=20, is_input=True, longest=120,
            help=_("The name of the place, or its code."),
        )  # fmt: skip
    names = [str(one) for one in near]
    told = [
        (one.code, name if names.count(name) == 1 else f"{name} ({one.code})")
        for one, name in zip(near, names, strict=True)
    ]
    hint = _("Choose one from the list.")
    return Column(
        "place", _("Where"), "#adm+code", Kind.CHOICE, hint, 20, tuple(told), is_input=True
    )


def _action_column(scope: Scope) -> Column:
    heading, tag = _("Action of the plan it belongs to"), "#activity+code"
    if scope.is_national:
        return Column("action", heading, tag, width=16, is_input=True)
    actions = Action.objects.visible_to(scope.actor).steps()
    rows = actions.filter(plan=scope.plan).order_by("position", "code", "pk")
    told = tuple((one.code, f"{one.code} {one.title}"[:90]) for one in rows)
    if scope.plan.parent_id:
        known = {code for code, _words in told}
        above = actions.filter(plan=scope.plan.parent_id).order_by("position", "code", "pk")
        more = (one for one in above if one.code not in known)
        told += tuple((one.code, f"{one.code} {one.title}"[:90]) for one in more)
    hint = _("Choose one from the list, or leave it empty.")
    return Column("action", heading, tag, Kind.CHOICE, hint, 24, told, is_input=True)
