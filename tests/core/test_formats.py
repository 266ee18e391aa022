from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tansiq.core import formats

DAY = date(2026, 5, 14)
LANGUAGES = ["ar", "en", "fil", "fr", "id", "ms"]


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Thursday 14 May 2026"),
        ("fr", "jeudi 14 mai 2026"),
        ("id", "Kamis, 14 Mei 2026"),
        ("ms", "Khamis, 14 Mei 2026"),
        ("fil", "Huwebes, Mayo 14, 2026"),
        ("ar", "الخميس، ١٤ مايو ٢٠٢٦"),
    ],
)
def test_day_is_written_with_its_weekday_in_each_language(language, written):
    assert formats.day(DAY, language) == written


def test_every_way_to_write_a_day_or_number_uses_arabic_digits_in_arabic():
    moment = datetime(2026, 5, 14, 14, 2, tzinfo=UTC)

    written = [
        formats.day(DAY, "ar"),
        formats.short_day(DAY, "ar"),
        formats.weekday(DAY, "ar"),
        formats.month(DAY, "ar"),
        formats.clock(moment, "ar"),
        formats.moment(moment, "ar"),
        formats.number(-12345.6, "ar"),
        formats.number(3, "ar", decimals=2),
        formats.compact(999, "ar"),
        formats.compact(1_234_567, "ar"),
        formats.percent(0.615, "ar", decimals=1),
        formats.money(3_000_000_000, "IDR", "ar"),
    ]

    assert [text for text in written if set(text) & set("0123456789%")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_clock_has_24_hours_in_each_language(language):
    morning = formats.clock(datetime(2026, 1, 1, 2, 5, tzinfo=UTC), language)
    afternoon = formats.clock(datetime(2026, 1, 1, 14, 5, tzinfo=UTC), language)

    assert morning != afternoon
    assert len(morning) == len(afternoon) == len("14:05")


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("en", 12, "12"),
        ("en", 999.94, "999.9"),
        ("en", 600_000_000, "600\u202fm"),
        ("en", 1_234_567_890, "1.2\u202fbn"),
        ("en", -1_200_000, "-1.2\u202fm"),
        ("fr", 1_234_567_890, "1,2\u00a0Md"),
        ("ar", 1_234_567_890, "١٫٢\u00a0مليار"),
    ],
)
def test_compact_rounds_large_numbers_for_reading(language, value, written):
    assert formats.compact(value, language) == written


def test_number_keeps_exactly_the_decimals_asked_for():
    assert formats.number(1234.5, "en") == "1,234.5"
    assert formats.number(1234.5, "en", decimals=0) == "1,234"
    assert formats.number(1234.5, "fr", decimals=2) == "1\u202f234,50"


def test_unknown_language_is_written_like_english():
    assert formats.day(DAY, "xx") == formats.day(DAY, "en")
    assert formats.language_name("xx") == "xx"


def test_languages_are_named_in_themselves():
    names = [formats.language_name(code) for code in LANGUAGES]

    assert names == [
        "العربية",
        "English",
        "Filipino",
        "Français",
        "Bahasa Indonesia",
        "Bahasa Melayu",
    ]


def test_isolate_gives_figures_the_direction_of_the_language():
    assert formats.isolate("34%", "ar").startswith("\u2067")
    assert formats.isolate("34% of all", "ar").startswith("\u2068")
    assert formats.isolate("34%", "en").startswith("\u2068")


def test_one_moment_is_written_by_the_clock_of_each_zone():
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)

    written = [
        formats.clock(noon.astimezone(ZoneInfo(zone)), "en")
        for zone in ("UTC", "Asia/Manila", "UTC")
    ]

    assert written == ["12:00", "20:00", "12:00"]
