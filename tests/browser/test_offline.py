"""A mayor on a boat: the form is taken along, filled without a connection, and arrives once."""

from playwright.sync_api import expect

from tests.browser.test_every_page import person_like
from tests.browser.walk import PHONE, is_too_wide, violations

TEXT = "Written on the boat"


def test_report_is_filled_without_a_connection_and_arrives_once(walk, people):
    page = walk.begin(person=person_like(people, "ph", "city", "lead"), size=PHONE)
    write = address_of_an_open_report(page)
    page.goto(write)
    page.locator("[data-does=take]").first.click()
    expect(page.locator("[data-state=taken]")).to_be_visible()

    page.context.set_offline(offline=True)
    page.goto(write)
    page.locator("#id_narrative").fill(TEXT)
    page.locator("button[name=then]").click()
    page.locator("[data-does=sendLater]").click()
    expect(page.locator("[data-state=waits]")).to_be_visible()
    assert not is_too_wide(page)
    assert violations(page) == []
    page.goto("/plans/")
    assert not is_too_wide(page)
    page.locator("tansiq-along a").click()
    expect(page.locator("#id_narrative")).to_have_value(TEXT)

    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.context.set_offline(offline=False)
    page.wait_for_url("**/receipt/")
    assert [one for one in sent if one.endswith("/arrive/")] == [
        page.url.replace("/receipt/", "/arrive/")
    ]
    page.goto(write.replace("write/", ""))
    expect(page.get_by_text(TEXT).first).to_be_visible()
    left = page.evaluate("Object.keys(localStorage).filter(key => /along|waiting/.test(key))")
    assert left == []
    walk.problems[:] = [one for one in walk.problems if "htmx:" not in one]


def test_signing_out_clears_the_device(walk, people):
    page = walk.begin(person=person_like(people, "my", "city", "lead"), size=PHONE)
    write = address_of_an_open_report(page)
    page.goto(write)
    page.locator("[data-does=take]").first.click()
    expect(page.locator("[data-state=taken]")).to_be_visible()
    assert page.evaluate("caches.keys()") == ["tansiq-along"]

    with page.expect_navigation():
        page.evaluate("document.querySelector('form[data-signs-out]').requestSubmit()")

    # The page after it clears the copies away; polling from outside, as no page may evaluate text.
    for _tenth in range(50):
        if not page.evaluate("caches.keys()"):
            break
        page.wait_for_timeout(100)
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert page.evaluate("Object.keys(localStorage).filter(key => /along|draft/.test(key))") == []


def address_of_an_open_report(page):
    """Begin the report that this mayor owes, as they would, and give the address of its form."""
    page.goto("/reports/")
    written = page.locator("a[href$='/write/']")
    if not written.count():
        page.locator("a[href^='/reports/start/']").first.click()
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/write/")
        return page.url
    return written.last.get_attribute("href")
