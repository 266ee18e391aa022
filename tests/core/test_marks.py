import re
from datetime import date

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from tansiq.core import marks

TODAY = date(2026, 5, 14)


def render(source, request=None, **context):
    values = Context(context | {"request": request or RequestFactory().get("/")})
    return Template("{% load tansiq_ui %}" + source).render(values)


def words(markup):
    return re.sub(r"<[^>]+>", "", markup).strip()


def test_icon_beside_a_word_is_hidden_and_alone_has_a_name():
    beside, alone = marks.icon("print"), marks.icon("print", "Print <this>")

    assert 'aria-hidden="true"' in beside
    assert 'role="img" aria-label="Print &lt;this&gt;"' in alone


def test_icon_of_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(marks.UnknownMarkError, match=r"No icon is named 'prnt'.*print"):
        marks.icon("prnt")


def test_icons_that_point_turn_round_in_arabic():
    assert "icon-turn" in marks.icon("next")
    assert "icon-turn" not in marks.icon("clock")


def test_every_status_has_a_known_icon_and_a_word():
    drawn = {value: marks.status(value) for value in marks._STATUSES}

    assert {value for value, markup in drawn.items() if not words(markup)} == set()
    assert {value for value, markup in drawn.items() if "<use" not in markup} == set()


def test_status_accepts_any_way_to_write_its_name():
    assert marks.status("at_risk") == marks.status("At risk") == marks.status("AT-RISK")


def test_status_that_is_not_known_shows_its_own_word_escaped():
    assert words(marks.status("<b>odd</b>")) == "&lt;b&gt;odd&lt;/b&gt;"


@pytest.mark.parametrize(
    ("marking", "written", "colour"),
    [
        ("clear", "TLP:CLEAR", "tlp-clear"),
        ("amber+strict", "TLP:AMBER+STRICT", "tlp-amber"),
        ("AMBER_STRICT", "TLP:AMBER+STRICT", "tlp-amber"),
        ("TLP:RED", "TLP:RED", "tlp-red"),
    ],
)
def test_marking_is_written_out_left_to_right(marking, written, colour):
    markup = marks.tlp(marking)

    assert words(markup) == written
    assert colour in markup
    assert 'dir="ltr"' in markup


def test_marking_that_does_not_exist_is_refused():
    with pytest.raises(marks.UnknownMarkError, match="No marking is named 'BLUE'"):
        marks.tlp("blue")


@pytest.mark.parametrize(
    ("days", "tone", "written"),
    [
        (-6, "late", "6 days late"),
        (-1, "late", "1 day late"),
        (0, "late", "Due today"),
        (1, "risk", "In 1 day"),
        (7, "risk", "In 7 days"),
        (8, "calm", "In 8 days"),
    ],
)
def test_due_says_the_days_and_how_pressing_they_are(days, tone, written):
    markup = marks.due(days)

    assert words(markup) == written
    assert f'class="tag {tone}"' in markup


def test_days_left_of_a_day_needs_today():
    day = date(2026, 5, 20)

    assert render("{{ day|days_left:today }}", day=day, today=TODAY) == "In 6 days"
    with pytest.raises(TypeError, match="Give today as well"):
        render("{{ day|days_left }}", day=day)


def test_filters_write_nothing_for_what_is_missing():
    source = "{{ none|day }}{{ none|moment }}{{ none|number }}{{ none|money:'IDR' }}"

    assert render(source + "{{ none|percent }}{{ none|compact }}{{ none|days_left }}") == ""


def test_bar_gives_each_part_its_share_and_leaves_the_rest_empty():
    markup = marks.bar([("done", 1), ("on", 2), ("late", 0)], total=12)

    widths = re.findall(r'class="fill-(\w+)" x="([\d.]+)" width="([\d.]+)"', markup)
    assert widths == [("done", "0.00", "8.33"), ("on", "8.33", "16.67")]
    assert 'aria-hidden="true"' in markup


def test_bar_with_words_tells_them_to_screen_readers():
    markup = marks.bar([("done", 1, "1 done"), ("on", 2, 'on "track"')])

    assert 'role="img" aria-label="1 done, on &quot;track&quot;"' in markup


def test_bar_of_nothing_is_an_empty_rail():
    assert "<rect" not in marks.bar([])
    assert "<rect" not in marks.bar([("done", 0)])


def test_stages_mark_the_current_step_and_those_passed():
    markup = marks.stages("funded")

    assert markup.count('class="passed"') == 3
    assert re.findall(r'aria-current="step">([^<]+)<', markup) == ["Funded"]


def test_card_carries_heading_count_and_marking_and_escapes_them():
    markup = render(
        '{% card title count=3 width=8 tlp="green" level=3 %}<p>in</p>{% endcard %}',
        title="<Owed>",
    )

    assert '<section class="card w8">' in markup
    assert "<h3>&lt;Owed&gt;</h3>" in markup
    assert '<span class="count">3</span>' in markup
    assert "TLP:GREEN" in markup
    assert "<p>in</p></section>" in markup


def test_card_refuses_an_option_it_does_not_have():
    with pytest.raises(TemplateSyntaxError, match="A card has no option heigth"):
        render('{% card "x" heigth=3 %}{% endcard %}')


def test_notice_of_an_error_is_announced_at_once():
    assert 'role="alert"' in render('{% notice "error" %}x{% endnotice %}')
    assert 'role="status"' in render('{% notice "success" %}x{% endnotice %}')


def test_sort_heading_turns_the_order_round_and_keeps_the_filter():
    request = RequestFactory().get("/?status=late&sort=due&page=4")

    markup = render('{% sort_heading "due" "Due" %}', request)

    assert 'aria-sort="ascending"' in markup
    assert 'href="?status=late&amp;sort=-due"' in markup


def test_theme_is_taken_from_the_cookie_only_if_it_is_one():
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = "dark"
    assert render("{% theme_attribute %}", request) == ' data-theme="dark"'

    request.COOKIES["theme"] = '"><script>'
    assert render("{% theme_attribute %}", request) == ""


def test_cached_words_follow_the_language():
    english = marks.days_left(3)

    with translation.override("ar"):
        arabic = marks.days_left(3)

    assert "3" in english
    assert "٣" in arabic
