"""What somebody sees who is not signed in."""

import pytest

from tests.browser.walk import DESK, PHONE, is_too_wide, violations

PAGES = ["/", "/account/login/", "/account/password/reset/", "/nowhere/"]
READERS = [
    {"language": "en", "size": DESK, "theme": "light"},
    {"language": "en", "size": PHONE, "theme": "dark"},
    {"language": "ar", "size": PHONE, "theme": "light"},
    {"language": "ar", "size": DESK, "theme": "dark"},
]


@pytest.mark.parametrize("reader", READERS, ids=lambda one: f"{one['language']}-{one['theme']}")
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_and_fits_the_screen(walk, path, reader):
    page = walk.open(path, **reader)

    assert page.locator("html").get_attribute("lang") == reader["language"]
    assert page.locator("html").get_attribute("dir") == (
        "rtl" if reader["language"] == "ar" else "ltr"
    )
    assert violations(page) == []
    assert not is_too_wide(page)


def test_axe_catches_a_planted_fault(walk):
    page = walk.open("/account/login/")
    page.evaluate("document.body.append(document.createElement('img'))")

    assert any(found.startswith("image-alt") for found in violations(page))


def test_policy_catches_a_planted_inline_script(walk):
    page = walk.open("/account/login/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'x = 1'}))"
    )

    assert any("Content Security Policy" in problem for problem in walk.problems)
    walk.problems.clear()
