"""What is asked about places that nobody serves."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.access.models import Place
from tansiq.core.guarding import GuardedForm
from tansiq.plans.forms.activities import PlaceField
from tansiq.plans.forms.fields import DayField
from tansiq.plans.models import Audience, Plan, Theme
from tansiq.plans.queries.gaps import AUDIENCE, THEME, Asked, levels_under, looked_from

_ALL = [("", gettext_lazy("All"))]
_YEAR = dt.timedelta(days=365)


class GapForm(GuardedForm, forms.Form):
    """Where, at which level, for whom or about what, in which period."""

    place = PlaceField(label=gettext_lazy("Place"), required=False)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Its parts"), coerce=int, empty_value=None, required=False
    )
    across = forms.ChoiceField(
        label=pgettext_lazy("columns of a table", "Beside the places"),
        choices=[(AUDIENCE, gettext_lazy("for whom")), (THEME, gettext_lazy("about what"))],
        required=False,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("For whom"), choices=[*_ALL, *Audience.choices], required=False
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("About what"), choices=[*_ALL, *Theme.choices], required=False
    )
    plan = forms.TypedChoiceField(
        label=gettext_lazy("Plan"), coerce=int, empty_value=None, required=False
    )
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)

    def __init__(
        self, data: Any, *, home: Place | None, plans: Iterable[Plan], today: dt.date
    ) -> None:
        super().__init__(data)
        self.home, self.today = home, today
        self.plans = {one.pk: one for one in plans}
        choices = [(pk, str(one)) for pk, one in self.plans.items()]
        self.fields["plan"].choices = [*_ALL, *choices]  # type: ignore[attr-defined]  # -- a choice field
        self.levels = self._levels()
        self.fields["level"].choices = [("", gettext_lazy("the next level")), *self.levels]  # type: ignore[attr-defined]  # -- a choice field

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("place", "level", "across")]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in _MORE]

    @property
    def narrows_more(self) -> bool:
        return any(self.data.get(name) for name in _MORE)

    def _levels(self) -> list[tuple[int, str]]:
        """Return the levels of the place that is asked for, which decide what can be chosen."""
        try:
            place = self.fields["place"].clean(self.data.get("place", ""))
        except forms.ValidationError:
            place = None
        self.under = place or (looked_from(self.home) if self.home else None)
        return levels_under(self.under) if self.under else []

    def asked(self) -> Asked | None:
        """Return what is asked; None where there is no place with parts to look at."""
        self.is_valid()
        given = self.cleaned_data
        if self.under is None or not self.levels:
            return None
        since, until = given.get("since"), given.get("until")
        until = until or self.today
        return Asked(
            under=self.under,
            level=given.get("level") or self.levels[0][0],
            since=min(since or until - _YEAR, until),
            until=until,
            across=given.get("across") or AUDIENCE,
            plan=self.plans.get(given.get("plan") or 0),
            audience=given.get("audience", ""),
            theme=given.get("theme", ""),
            is_usual=not (given.get("since") or given.get("until")),
        )


_MORE = ("audience", "theme", "plan", "since", "until")
