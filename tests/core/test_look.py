"""The stylesheet, the scripts and the vendored files keep what the house promises."""

import gzip
import re
import runpy
from pathlib import Path

import pytest

from tansiq.core.marks import ICONS

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/tansiq/core/static"
CSS = (STATIC / "core/ui.css").read_text(encoding="utf-8")
SCRIPTS = sorted((STATIC / "core").glob("*.js"))
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom"
    r"|(?:min-|max-)?(?:width|height)|float|clear)\s*:(?!\s*(?:inline|both))"
)
TEXT, LARGE = 4.5, 3.0
ON_PAPER = [
    (ink, ground, TEXT)
    for ink in ("ink", "ink-2", "ink-3", "accent", "accent-2", "late", "risk", "done", "calm")
    for ground in ("paper", "ground")
]
PAIRS = [
    *ON_PAPER,
    ("ink-3", "sunk", TEXT),
    ("accent-ink", "accent", TEXT),
    ("accent-ink", "accent-2", TEXT),
    ("accent", "accent-soft", TEXT),
    ("accent-2", "accent-soft", TEXT),
    ("late", "late-soft", TEXT),
    ("risk", "risk-soft", TEXT),
    ("done", "done-soft", TEXT),
    ("calm", "calm-soft", TEXT),
    ("paper", "late", TEXT),
    ("ink", "risk-soft", TEXT),
    ("step-ink-low", "step-0", TEXT),
    ("step-ink-low", "step-1", TEXT),
    ("step-ink-low", "step-2", TEXT),
    ("step-ink-high", "step-4", TEXT),
    ("step-ink-high", "step-5", TEXT),
    ("edge", "paper", LARGE),
    ("accent", "sunk", LARGE),
]


def blocks(opening):
    """Return the custom properties of each block that opens with this text."""
    found = re.findall(re.escape(opening) + r"\s*\{([^{}]*)\}", CSS)
    return [dict(re.findall(r"--([\w-]+):\s*([^;]+);", block)) for block in found]


def tokens():
    light = blocks(":root")[0]
    dark = blocks(':root[data-theme="dark"]')[0]
    return {"light": light, "dark": light | dark}


def brightness(colour):
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def physical(css):
    without_queries = re.sub(r"@media[^{]*|/\*.*?\*/", "", css, flags=re.DOTALL)
    return PHYSICAL.findall(without_queries)


def test_contrast_is_measured_as_the_guideline_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_have_enough_contrast(theme, ink, ground, least):
    colours = tokens()[theme]

    assert contrast(colours[ink], colours[ground]) >= least


def test_dark_is_the_same_by_choice_and_by_device():
    by_device = blocks(':root:not([data-theme="light"])')
    by_choice = blocks(':root[data-theme="dark"]')

    assert by_device[0] == by_choice[0]
    assert len(by_choice[0]) > 30


def test_physical_properties_are_caught():
    assert physical("a { margin-left: 1px; width: 3px; } b { text-align: left; float: left }")
    assert not physical("a { inset-inline-start: 0; border-width: 2px; stroke-width: 1 }")


def test_stylesheet_has_logical_properties_only():
    assert physical(CSS) == []
    assert re.findall(r"text-align:\s*(left|right)", CSS) == []


def test_stylesheet_stays_light():
    assert len(gzip.compress(CSS.encode(), 9)) < 14_000


def test_every_custom_property_that_is_used_is_set():
    used = set(re.findall(r"var\(--([\w-]+)", CSS))

    assert used - set(re.findall(r"--([\w-]+):", CSS)) == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_modules_are_short_and_evaluate_no_text(script):
    code = script.read_text(encoding="utf-8")

    assert len(code.splitlines()) < 200
    assert re.findall(r"\beval\(|new Function|innerHTML|setAttribute\(\"style", code) == []


def test_icons_are_enough_and_have_no_style_of_their_own():
    sprite = (STATIC / "core/icons.svg").read_text(encoding="utf-8")

    assert len(ICONS) >= 45
    assert re.findall(r"style=|<style|fill=\"#", sprite) == []


def test_templates_name_known_icons_only():
    templates = (ROOT / "src").rglob("*.html")
    named = {
        name
        for path in templates
        for name in re.findall(r"{% icon \"([\w-]+)\"", path.read_text(encoding="utf-8"))
    }

    assert named - ICONS == set()


def test_vendored_files_are_as_listed():
    assert runpy.run_path(str(ROOT / "tools/vendor.py"))["faults"]() == []


def test_vendored_file_that_was_changed_is_noticed(tmp_path):
    tool = runpy.run_path(str(ROOT / "tools/vendor.py"))
    faults = tool["faults"]
    (tmp_path / "a.js").write_text("changed", encoding="utf-8")
    (tmp_path / "b.js").write_text("new", encoding="utf-8")
    listing = tmp_path / "VENDOR.md"
    sums = "0" * 64
    listing.write_text(f"| x | 1 | MIT | a.js | `{sums}` |\n| x | 1 | MIT | c.js | `{sums}` |\n")
    faults.__globals__.update(VENDOR=tmp_path, LIST=listing)

    assert faults() == ["c.js is listed but missing.", "b.js is not listed.", "a.js was changed."]
