"""Made-up content for the style page, which shows every component in every language."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tansiq.core import charts
from tansiq.core.geometry import outline
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


# An invented country: seven shapes and a place known by its point only.
_CORNERS = {
    "A": ("Aru", [(0, 0), (3, 0.4), (3.4, 2.5), (1.2, 3), (-0.5, 1.6)]),
    "B": ("Banda", [(3, 0.4), (6, 0), (6.5, 2), (3.4, 2.5)]),
    "C": ("Cendana", [(6, 0), (9, -0.5), (9.6, 1.5), (8, 2.8), (6.5, 2)]),
    "D": ("Dili Baru", [(1.2, 3), (3.4, 2.5), (4, 4.6), (2.2, 5.2)]),
    "E": ("Elat", [(3.4, 2.5), (6.5, 2), (7, 4.2), (4, 4.6)]),
    "F": ("Fakfak", [(6.5, 2), (8, 2.8), (10, 4), (7, 4.2)]),
    "G": ("Geser", [(11, 1), (13, 1.2), (13.2, 3), (11.6, 3.3)]),
}
_VALUES: dict[str, float | None] = {"A": 2, "B": 11, "C": 0, "D": 24, "E": 6, "F": None, "G": 15}


def _features() -> list[dict[str, Any]]:
    areas = [
        {
            "type": "Feature",
            "id": code,
            "properties": {"code": code, "name": name},
            "geometry": {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
        }
        for code, (name, corners) in _CORNERS.items()
    ]
    spot = {"type": "Point", "coordinates": (10.4, -0.6)}
    named = {"code": "H", "name": "Haruku"}
    return [*areas, {"type": "Feature", "id": "H", "properties": named, "geometry": spot}]


def _pictures() -> dict[str, Any]:
    language = get_language() or "en"
    items = [
        charts.Item(gettext("Schools and families"), 18),
        charts.Item(gettext("Prisons and probation"), 7),
        charts.Item(gettext("Media and the internet"), 3, "late"),
    ]
    voices = [
        charts.Item(gettext("Mayor's office"), 34),
        charts.Item(gettext("Civil society"), 27),
        charts.Item(gettext("Faith leaders"), 15),
        charts.Item(gettext("Security"), 24),
    ]
    half_years = [("2024-1", 3.0), ("2024-2", 5.0), ("2025-1", 9.0), ("2025-2", 14.0)]
    values = _VALUES | {"H": 9}
    scale = charts.Scale((0, 5, 10, 20))
    title = gettext("Five of eight places have five actions or more")
    features = _features()
    for feature in features:
        value = values[feature["id"]]
        feature["properties"] |= {
            "words": scale.words(value, language),
            "step": None if value is None else scale.shade(scale.step(value)),
            "url": f"#{feature['id']}",
        }
    rows = [(f["properties"]["name"], f["properties"]["words"]) for f in features]
    places = outline(features)
    drawn = charts.choropleth(
        places, values, scale, title=title, language=language, link=lambda code: f"#{code}"
    )
    twin = charts.table_twin((gettext("Place"), gettext("Actions")), rows, caption=title)
    return {
        "bars": charts.bars(items, title=gettext("Prisons have fewer actions"), language=language),
        "stacked": charts.stacked(
            voices, title=gettext("The table is balanced"), language=language
        ),
        "trend": charts.trend(
            half_years, title=gettext("Trained heads are rising"), target=18, language=language
        ),
        "ring": charts.ring(7, 12, title=gettext("Under way"), language=language),
        "features": {"type": "FeatureCollection", "features": features},
        "map": charts.figure(
            title, drawn, charts.legend(values, scale, language=language), SafeString(twin)
        ),
        "map_title": title,
    }


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
    return _pictures() | {
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
