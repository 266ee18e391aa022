import re
from xml.etree import ElementTree as ET

import pytest

from tansiq.core import charts
from tansiq.core.geometry import outline

SVG = "{http://www.w3.org/2000/svg}"
ITEMS = [charts.Item("Schools", 18), charts.Item("Prisons <&>", 9, "late", url="/x?a=1&b=2")]
SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
PLACES = [
    {
        "id": "A",
        "properties": {"name": "Aru"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    },
    {
        "properties": {"code": "B", "name": "Banda"},
        "geometry": {"type": "MultiPolygon", "coordinates": [[[[x + 6, y] for x, y in SQUARE]]]},
    },
    {"id": "C", "properties": {"name": "Ceram", "point": [5, 1]}, "geometry": None},
    {"id": "D", "properties": {"name": "Dili"}, "geometry": None},
]
SCALE = charts.Scale((0, 5, 10))


def parsed(markup):
    named = markup.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ET.fromstring(named)  # noqa: S314 -- our own drawing


def drawn(language="en", link=None):
    values = {"A": 12, "B": None, "C": 5}
    return charts.choropleth(
        outline(PLACES), values, SCALE, title="Actions", language=language, link=link
    )


def every_chart(language="en"):
    return [
        charts.bars(ITEMS, title="Bars", language=language),
        charts.stacked(ITEMS, title="Stacked", language=language),
        charts.trend([("2025-1", 3), ("2025-2", 8)], title="T", language=language, target=9),
        charts.trend([], title="Nothing", language=language),
        charts.ring(7, 12, title="Ring", language=language),
        drawn(language, link=lambda code: f"/{code}"),
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_chart_is_well_formed_named_and_without_inline_style(language):
    for markup in every_chart(language):
        root = parsed(markup)
        named = root.get("aria-labelledby").split()
        assert [root.find(f".//*[@id='{name}']").tag for name in named] == [
            f"{SVG}title",
            f"{SVG}desc",
        ]
        assert root.get("direction") == "ltr"
        assert not [node for node in root.iter() if node.get("style") or node.tag == "style"]


def test_charts_on_one_page_share_no_id():
    ids = [name for markup in every_chart() for name in re.findall(r'\bid="([^"]+)"', markup)]

    assert len(ids) == len(set(ids))


def test_bars_are_as_long_as_their_values_and_say_them():
    root = parsed(charts.bars(ITEMS, title="Bars", language="en"))

    lengths = [rect.get("width") for rect in root.iter(f"{SVG}rect") if "y" in rect.keys()]  # noqa: SIM118 -- an element, not a dict
    assert lengths == ["400", "400", "400", "200"]
    assert root.find(f"{SVG}desc").text == "Schools: 18; Prisons <&>: 9"
    assert root.find(f"{SVG}a").get("href") == "/x?a=1&b=2"


def test_bars_begin_at_the_right_in_arabic():
    root = parsed(charts.bars(ITEMS[1:], title="Bars", language="ar", most=18))

    bar = root.findall(f".//{SVG}rect")[1]
    label = root.find(f".//{SVG}text")
    assert (bar.get("x"), bar.get("width")) == ("200", "200")
    assert (label.get("x"), label.get("text-anchor")) == ("400", "end")


def test_parts_of_a_stacked_bar_fill_it():
    root = parsed(charts.stacked(ITEMS, title="Stacked", language="en"))

    first, second = (rect for rect in root.iter(f"{SVG}rect") if rect.get("height") == "18")
    assert float(first.get("x")) == 0
    assert float(second.get("x")) == pytest.approx(400 * 18 / 27, abs=0.01)
    assert float(second.get("x")) + float(second.get("width")) == pytest.approx(398.5, abs=0.01)


def test_ring_of_nothing_is_empty_and_does_not_fail():
    assert "0%" in charts.ring(0, 0, title="Ring", language="en")


def test_trend_of_equal_values_does_not_divide_by_zero():
    parsed(charts.trend([("a", 0), ("b", 0)], title="Flat", language="en"))


def test_map_colours_known_places_and_hatches_the_unknown():
    root = parsed(drawn())

    classes = {
        group.find(f"{SVG}title").text: group[1].get("class") for group in root.iter(f"{SVG}g")
    }
    assert classes == {
        "Aru: 12": "area step-5",
        "Banda: not known": "area unknown",
        "Ceram: 5": "spot step-2",
    }


def test_map_with_links_lets_the_keyboard_reach_each_place():
    root = parsed(drawn(link=lambda code: f"/places/{code}/"))

    assert [a.get("href") for a in root.iter(f"{SVG}a")] == [
        "/places/A/",
        "/places/B/",
        "/places/C/",
    ]
    assert root.get("role") == "group"


def test_map_uses_the_names_of_steps_where_there_are_some():
    scale = charts.Scale((0, 1), ("none", "adopted"))

    markup = charts.choropleth(outline(PLACES), {"A": 1}, scale, title="T", language="en")

    assert "Aru: adopted" in markup


def test_legend_counts_the_places_of_each_step():
    markup = charts.legend({"A": 12, "B": None, "C": 5, "D": 7}, SCALE, language="en")

    rows = re.findall(r"</svg>(.*?)</li>", markup)
    assert [re.sub("<[^>]+>", "", row) for row in rows] == [
        "0 to 4 0 places",
        "5 to 9 2 places",
        "10 or more 1 place",
        "not known 1 place",
    ]


def test_outline_keeps_everything_on_the_sheet_and_north_up():
    country = outline(PLACES, width=600)

    places = {shape.code: shape for shape in country.shapes}
    assert set(places) == {"A", "B", "C"}
    assert places["A"].at[0] < places["C"].at[0] < places["B"].at[0]
    assert places["C"].at[1] > places["A"].at[1]
    assert all(0 < shape.at[0] < 600 for shape in country.shapes)
    assert all(0 < shape.at[1] < country.height for shape in country.shapes)


def test_outline_of_nothing_is_empty():
    assert outline([]).shapes == ()


def test_table_twin_names_rows_and_escapes_what_people_wrote():
    markup = charts.table_twin(("Place", "Actions"), [("<i>Aru</i>", 3)], caption="Actions")

    assert '<th scope="row">&lt;i&gt;Aru&lt;/i&gt;</th><td class="num">3</td>' in markup
