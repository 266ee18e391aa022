"""A spokesperson on a small telephone with a bad line: what was written arrives once, in order."""

from playwright.sync_api import expect

from tests.browser.test_every_page import person_like
from tests.browser.walk import is_too_wide, violations

SMALL = {"width": 320, "height": 640}
LINES = ["First, from the tunnel", "Second, still in the tunnel", "Third, before the light"]
# 50 kB/s, and every answer takes its time.
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def in_the_room(walk, people):
    page = walk.begin(person=person_like(people, "id", "city", "lead"), size=SMALL)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    page.goto("/incidents/")
    page.locator("main li a", has_text="Ancaman bom").first.click()
    page.wait_for_url("**/incidents/*/")
    return page, page.url


def say(page, text):
    page.locator("form[action$='/log/note/'] [name=text]").first.fill(text)
    page.locator("form[action$='/log/note/'] button").first.click()


def waiting(page):
    return page.locator("tansiq-queue li")


def test_what_is_written_without_a_line_arrives_once_and_in_order(walk, people):
    page, room = in_the_room(walk, people)
    page.goto(f"{room}tasks/add/")
    page.locator("[name=title]").fill("Open the side door")
    page.locator("[name=role]").select_option("MAYOR")
    page.locator("main form[data-queue] button[type=submit]").last.click()
    page.wait_for_url(lambda address: "/add/" not in address)
    page.goto(room)
    page.locator("[data-state=offer] [data-does=take]").click()
    expect(page.locator("[data-state=taken]")).to_be_visible(timeout=30_000)

    posts = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)

    page.context.set_offline(offline=True)
    say(page, LINES[0])
    expect(waiting(page)).to_have_count(1)
    page.goto(room)
    expect(page.locator("[data-age]")).to_be_attached()
    say(page, LINES[1])
    say(page, LINES[2])
    page.goto(f"{room}tasks/")
    task = page.locator("form[data-queue][action*='/tasks/'][action$='/done/']").first
    ticked = task.get_attribute("action")
    task.locator("button").first.click()
    expect(waiting(page)).to_have_count(4)
    assert not is_too_wide(page)
    assert violations(page) == []

    page.context.set_offline(offline=False)
    expect(waiting(page)).to_have_count(0, timeout=30_000)
    wrote = [one for one in posts if "/here/" not in one]
    assert [one.rsplit("/incidents/", 1)[1].split("/", 1)[1] for one in wrote] == [
        "log/note/",
        "log/note/",
        "log/note/",
        ticked.split("/incidents/", 1)[1].split("/", 1)[1],
    ]

    page.goto(f"{room}log/")
    texts = page.locator("main").inner_text()
    assert [texts.count(line) for line in LINES] == [1, 1, 1]
    latest_first = sorted(LINES, key=texts.index)
    assert latest_first == LINES[::-1]


def test_a_line_that_breaks_before_the_answer_is_not_written_twice(walk, people):
    page, room = in_the_room(walk, people)
    lost = []

    def lose_the_answer(route):
        if lost:
            route.continue_()
            return
        # The server takes it; the telephone never hears so.
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/log/note/", lose_the_answer)
    say(page, "Written once, sent twice")
    expect(waiting(page)).to_have_count(0, timeout=30_000)

    assert len(lost) == 1
    page.goto(f"{room}log/")
    assert page.locator("main").inner_text().count("Written once, sent twice") == 1


def test_signing_out_takes_along_what_waits_for_nobody(walk, people):
    page, _room = in_the_room(walk, people)
    page.context.set_offline(offline=True)
    say(page, "Never to be sent")
    expect(waiting(page)).to_have_count(1)
    page.context.set_offline(offline=False)
    page.route("**/log/note/", lambda route: route.abort())

    with page.expect_navigation():
        page.evaluate("document.querySelector('form[data-signs-out]').requestSubmit()")

    kept = "Object.keys(localStorage).filter(key => key.startsWith('tansiq-queue'))"
    assert page.evaluate(kept) == []
