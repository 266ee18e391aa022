"""The time slider of a map: by keys, in both directions of writing, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walk import is_too_wide, violations

MAP = "/ph/plans/nap-pcve-2019/map/"


@pytest.mark.parametrize(("language", "back"), [("en", "ArrowLeft"), ("ar", "ArrowRight")])
def test_slider_goes_back_in_time_and_says_so(walk, language, back):
    page = walk.open(MAP, language=language)
    slider = page.locator("input[type=range]")
    newest = slider.get_attribute("aria-valuetext")

    slider.focus()
    for _month in range(6):
        slider.press(back)
    page.wait_for_url(re.compile(r"at=\d{4}-\d{2}"))

    told = slider.get_attribute("aria-valuetext")
    assert told != newest
    # The address changes first, then the map.
    expect(page.locator("#map-view .lead")).to_contain_text(told)
    expect(page.locator("#map-said")).to_contain_text(told)
    assert slider.evaluate("one => one === document.activeElement")


def test_address_of_a_moment_opens_the_same_map(walk):
    page = walk.open(MAP, scripts=False)
    page.select_option("#map-at", index=1)
    page.click("form.filters button[type=submit]")
    address = page.get_by_role("link", name="Address of this map").get_attribute("href")

    again = walk.open(address)

    shown = page.locator("#map-view .lead").inner_text()
    assert again.locator("#map-view .lead").inner_text() == shown
    assert again.locator("#map-title").inner_text() == page.locator("#map-title").inner_text()


def test_without_scripts_a_list_of_moments_does_the_same(walk):
    page = walk.open(MAP, scripts=False)
    page.select_option("#map-at", index=0)
    page.click("form.filters button[type=submit]")

    chosen = page.locator("#map-at option[selected]").inner_text()
    assert chosen.strip() in page.locator("#map-view .lead").inner_text()


@pytest.mark.parametrize("path", [MAP, "/ph/plans/nap-pcve-2019/public/ar/"])
def test_pages_for_everybody_are_accessible_and_fit(walk, path):
    page = walk.open(path, language="ar")

    assert violations(page) == []
    assert not is_too_wide(page)
