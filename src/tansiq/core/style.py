"""Made-up content for the style page, which shows developers every component.

Not translated on purpose: the page exists only where DEBUG is on.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.safestring import SafeString
from django.utils.translation import get_language

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
    is_at_hand: bool = False


class ExampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="What is it called?", help_text="Up to 200 characters.")
    mail = forms.EmailField(label="E-mail", required=False)
    due_on = forms.DateField(label="Due", widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), ("a", "Action"), ("d", "Duty")])
    money = forms.DecimalField(label="Money needed", help_text="In million rupiah.", required=False)
    story = forms.CharField(
        label="What happened?",
        widget=forms.Textarea,
        help_text="No names of persons. What was done, with whom, what came of it.",
    )
    voices = forms.MultipleChoiceField(
        label="Who was at the table?",
        choices=[("c", "Civil society"), ("w", "Women's groups"), ("f", "Faith leaders")],
        widget=forms.CheckboxSelectMultiple,
    )
    answer = forms.ChoiceField(
        label="Answer",
        choices=[("y", "We will act"), ("n", "We cannot, because")],
        widget=forms.RadioSelect,
    )
    evidence = forms.FileField(label="Evidence", required=False)
    agreed = forms.BooleanField(
        label="The partners agreed to be named", help_text="They can withdraw at any time."
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
        charts.Item("Schools and families", 18),
        charts.Item("Prisons and probation", 7),
        charts.Item("Media and the internet", 3, "late"),
    ]
    voices = [
        charts.Item("Mayor's office", 34),
        charts.Item("Civil society", 27),
        charts.Item("Faith leaders", 15),
        charts.Item("Security", 24),
    ]
    half_years = [("2024-1", 3.0), ("2024-2", 5.0), ("2025-1", 9.0), ("2025-2", 14.0)]
    values = _VALUES | {"H": 9}
    scale = charts.Scale((0, 5, 10, 20))
    title = "Five of eight places have five actions or more"
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
    twin = charts.table_twin(("Place", "Actions"), rows, caption=title)
    return {
        "bars": charts.bars(items, title="Prisons have fewer actions", language=language),
        "stacked": charts.stacked(voices, title="The table is balanced", language=language),
        "trend": charts.trend(
            half_years, title="Trained heads are rising", target=18, language=language
        ),
        "ring": charts.ring(7, 12, title="Under way", language=language),
        "features": {"type": "FeatureCollection", "features": features},
        "map": charts.figure(
            title, drawn, charts.legend(values, scale, language=language), SafeString(twin)
        ),
        "map_title": title,
    }


def examples() -> dict[str, Any]:
    """Return the context of the style page."""
    menu = [
        MenuItem("Desk", "#desk", "home", is_current=True, is_at_hand=True),
        MenuItem("Plans", "#plans", "plan", is_at_hand=True),
        MenuItem("Reports", "#reports", "report", count=2),
        MenuItem("Network", "#network", "network"),
        MenuItem("Library", "#library", "library"),
        MenuItem("Map", "#map", "map"),
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
            ("s1", 34, "Mayor's office"),
            ("s2", 27, "Civil society"),
            ("s3", 15, "Faith leaders"),
            ("s4", 24, "Security"),
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
                "label": "What happened?",
                "theirs": "Three schools took part; 120 pupils, 70 of them girls.",
                "yours": "Four schools took part; 160 pupils.",
            }
        ],
    }
