"""A mayor on a boat: the form is taken along, filled without a connection, and arrives once."""

import re

from playwright.sync_api import expect

from tests.browser.walk import PHONE, is_too_wide, violations

TITLE = re.compile("2")


def test_report_is_filled_without_a_connection_and_arrives_once(walk, people):
    mayor = next(
        one for one in people if (one["country"], one["kind"], one["role"]) == ("id", "city", "lead")
    )
    page = walk.begin(person=mayor, size=PHONE)
    context = page.context
    write = address_of_an_open_report(page)
    page.goto(write)
    page.get_by_role("button", name="Take this form with you").click()
    expect(page.get_by_text("works without a connection")).to_be_visible()

    context.set_offline(offline=True)
    page.goto(write)
    page.get_by_label("What was done, and what changed").fill("Written on the boat")
    page.get_by_role("button", name="Look at it once more and send").click()
    page.get_by_role("button", name="Send it to the level above").click()
    expect(page.get_by_text("It waits on this device")).to_be_visible()
    page.goto("/plans/")
    expect(page.get_by_role("heading", name="Without a connection")).to_be_visible()
    assert not is_too_wide(page)
    assert violations(page) == []
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_label("What was done, and what changed")).to_have_value(
        "Written on the boat"
    )

    deliveries = []
    page.on("request", lambda one: one.method == "POST" and deliveries.append(one.url))
    context.set_offline(offline=False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_url("**/receipt/")

    page.goto(write.replace("write/", ""))
    expect(page.get_by_text("Written on the boat").first).to_be_visible()
    assert len([one for one in deliveries if one.endswith("/arrive/")]) == 1
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('tansiq-'))") == []


def address_of_an_open_report(page):
    """Begin the report that this mayor owes, as they would, and give the address of its form."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("report", re.IGNORECASE)).first.click()
    page.wait_for_url("**/reports/**")
    begin = page.get_by_role("button", name=re.compile("Begin|Start|Write"))
    if begin.count():
        begin.first.click()
        page.wait_for_url("**/write/")
    return page.url
