"""Made-up content for the style page, which shows every component in every language."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from tansiq.core.marks import ICONS

TODAY = date(2026, 5, 14)


@dataclass(frozen=True)
class MenuItem:
    """What the frame needs of an entry of the menu."""

    label: object
    url: str
    icon: str
    is_current: bool = False
    count: int = 0


class ExampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("What is it called?"), help_text=_("Up to 200 characters."))
    mail = forms.EmailField(label=_("E-mail"), required=False)
    due_on = forms.DateField(label=_("Due"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Choose")), ("a", _("Action")), ("d", _("Duty"))]
    )
    money = forms.DecimalField(
        label=_("Money needed"), help_text=_("In million rupiah."), required=False
    )
    story = forms.CharField(
        label=_("What happened?"),
        widget=forms.Textarea,
        help_text=_("No names of persons. What was done, with whom, what came of it."),
    )
    voices = forms.MultipleChoiceField(
        label=_("Who was at the table?"),
        choices=[("c", _("Civil society")), ("w", _("Women's groups")), ("f", _("Faith leaders"))],
        widget=forms.CheckboxSelectMultiple,
    )
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[("y", _("We will act")), ("n", _("We cannot, because"))],
        widget=forms.RadioSelect,
    )
    evidence = forms.FileField(label=_("Evidence"), required=False)
    agreed = forms.BooleanField(
        label=_("The partners agreed to be named"), help_text=_("They can withdraw at any time.")
    )


def examples() -> dict[str, Any]:
    """Return the context of the style page."""
    menu = [
        MenuItem(_("Desk"), "#desk", "home", is_current=True),
        MenuItem(_("Plans"), "#plans", "plan"),
        MenuItem(_("Reports"), "#reports", "report", count=2),
        MenuItem(_("Network"), "#network", "network"),
        MenuItem(_("Library"), "#library", "library"),
        MenuItem(_("Map"), "#map", "map"),
    ]
    places = [
        {"name": "Indonesia", "url": "#id"},
        {"name": "Jawa Timur", "url": "#jatim"},
        {"name": "Surabaya", "url": "#sby"},
    ]
    filled = ExampleForm({"title": "", "mail": "ratna", "story": "…", "kind": "x"})
    filled.is_valid()
    moment = datetime(2026, 5, 14, 14, 2, tzinfo=UTC)
    return {
        "menu": menu,
        "place_path": places,
        "search_url": "#search",
        "today": TODAY,
        "moment": moment,
        "days": [TODAY + timedelta(days=n) for n in (-6, 0, 5, 20)],
        "segments": [("done", 1), ("on", 7), ("late", 1)],
        "voices": [
            ("s1", 34, _("Mayor's office")),
            ("s2", 27, _("Civil society")),
            ("s3", 15, _("Faith leaders")),
            ("s4", 24, _("Security")),
        ],
        "statuses": ["done", "on_track", "at_risk", "late", "not_started", "returned", "draft"],
        "markings": ["clear", "green", "amber", "amber+strict", "red"],
        "form": ExampleForm(),
        "wrong_form": filled,
        "page": Paginator(range(480), 50).page(4),
        "icons": sorted(ICONS),
        "amount": 3_000_000_000,
        "objectives": ["1.1", "1.2", "2.1", "2.2", "3.1"],
        "regions": ["Aceh", "Bali", "Banten", "Jawa Barat", "Jawa Tengah", "Jawa Timur", "Papua"],
        "differences": [
            {
                "label": _("What happened?"),
                "theirs": "Three schools took part; 120 pupils, 70 of them girls.",
                "yours": "Four schools took part; 160 pupils.",
            }
        ],
    }
