"""A province writes to its cities in Indonesian, a city says on a phone that it will act."""

import pytest

from tests.browser.walk import PHONE, is_too_wide, violations


@pytest.fixture
def sides(people):
    """Return the coordinator of a province of Indonesia and somebody of a city there."""
    found = {}
    for person in people:
        if person["country"] == "id" and person["role"] in {"coordinator", "lead"}:
            found.setdefault(person["kind"], person)
    return found["province"], found["city"]


def _speak(page, language):
    """Choose a language as the person does; it stays with the person, whatever the browser says."""
    page.goto("/exchange/")
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    form = {"language": language, "next": "/", "csrfmiddlewaretoken": cookies["csrftoken"]}
    page.request.post("/language/", form=form, headers={"Referer": page.url})


def _write(page, title):
    page.goto("/exchange/write/")
    page.locator("[name=kind][value=warning]").check()
    page.locator("[name=reach]").first.check()
    for box in page.locator("[name=reach][value^='level.']").all()[:1]:
        box.check()
    page.locator("[name=title]").fill(title)
    page.locator("[name=text]").fill("Jaga rumah ibadah malam ini. Laporkan sebelum fajar.")
    page.locator("[name=then][value=look]").click()
    page.wait_for_url("**/send/")


def test_from_the_province_to_a_phone_in_the_city_and_back(walk, sides):
    province, city = sides
    title = "Waspada malam ini"
    desk = walk.begin(person=province, language="id")
    _write(desk, title)
    assert violations(desk) == []
    desk.locator("form:has([name=seen]) button").click()
    desk.wait_for_url("**/exchange/*/")

    phone = walk.begin(person=city, language="id", size=PHONE)
    phone.goto("/exchange/")
    assert not is_too_wide(phone)
    phone.get_by_role("link", name=title).click()
    assert violations(phone) == []
    phone.locator("button[value=will_act]").first.click()
    phone.locator("button[value=will_act][aria-pressed=true]").wait_for()

    desk.reload()
    assert violations(desk) == []
    assert desk.locator(".strip").first.inner_text().startswith("1 ")


def test_the_same_pages_read_from_right_to_left(walk, sides):
    province, _city = sides
    page = walk.begin(person=province, size=PHONE)
    _speak(page, "ar")
    try:
        for path in ("/exchange/", "/exchange/sent/", "/exchange/drafts/", "/exchange/groups/"):
            page.goto(path)
            assert page.locator("html").get_attribute("dir") == "rtl"
            assert violations(page) == []
            assert not is_too_wide(page), path
        _write(page, "Waspada besok")
        assert violations(page) == []
        assert not is_too_wide(page)
    finally:
        _speak(page, province["language"])
