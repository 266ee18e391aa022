"""An open page says at once that there is something new, and survives a server that is away."""

import signal

from tests.core.test_serving import SIGN_IN
from tests.instances import free_port, wait_for

TELL = """
from django.utils.timezone import now
from tansiq.core.live import announce
announce("person:{}", "notice", {{"code": "people.invited"}}, at=now())
"""
AGREE = """
from tansiq.access.models import Membership, Organisation, Person
from django.utils.timezone import now
person = Person.objects.get()
organisation = Organisation.objects.create(slug="o", name="O", kind="city", country_code="id")
Membership.objects.create(
    person=person, organisation=organisation, role="viewer", starts_on="2020-01-01",
    consented_at=now(),
)
"""


def test_news_reach_an_open_page_and_also_after_the_server_was_away(chromium, instance):
    person, session = instance.script(SIGN_IN).split()
    instance.script(AGREE)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    first = instance.start("up", "--port", port)
    wait_for(f"{address}/healthz", first)
    context = chromium.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    with page.expect_request("**/live"):
        page.goto(f"{address}/notices/")
    news = page.locator("[data-live]")
    assert news.is_hidden()
    page.wait_for_timeout(1500)

    first.send_signal(signal.SIGTERM)
    first.wait(20)
    first.stdout.close()
    instance.script(TELL.format(person))
    assert news.is_hidden()
    second = instance.start("up", "--port", port)

    try:
        news.wait_for(state="visible", timeout=30_000)
        assert news.get_by_role("link").get_attribute("href") == "/notices/"
    finally:
        context.close()
        second.kill()
        second.wait(10)
        second.stdout.close()
