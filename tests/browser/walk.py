"""One reader's way through the pages: language, width, light, and what must hold on each."""

from collections import deque
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

PHONE = {"width": 375, "height": 812}
DESK = {"width": 1280, "height": 900}
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
WIDER_THAN_THE_SCREEN = (
    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
)
# A link in a drawn map keeps its address elsewhere than one in text.
ADDRESSES = "all => all.map(one => new URL(one.getAttribute('href'), document.baseURI).href)"


class Walk:
    def __init__(self, chromium, server):
        self.chromium = chromium
        self.server = server
        self.problems = []
        self._contexts = []

    def begin(self, *, person=None, language="en", size=DESK, theme="light", scripts=True):
        """Return an empty page of a browser of this width, in which this person is signed in."""
        context = self.chromium.new_context(
            viewport=size,
            color_scheme=theme,
            java_script_enabled=scripts,
            base_url=self.server,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": self.server}])
        if person:
            cookie = {"name": "sessionid", "value": person["session"], "url": self.server}
            context.add_cookies([cookie])
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", self._hear)
        return page

    def open(self, path, **reader):
        page = self.begin(**reader)
        page.goto(path)
        return page

    def _hear(self, message):
        # A page that says "not found" on purpose is told so by the browser, too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def close(self):
        for context in self._contexts:
            context.close()
        self._contexts.clear()


def violations(page):
    """Return what axe finds against WCAG 2.2 AA on this page: rule and place."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]


def is_too_wide(page):
    """Whether the reader must scroll sideways."""
    return page.evaluate(WIDER_THAN_THE_SCREEN)


def views_from(page, *, most, start="/"):
    """Follow the links; of each view that makes pages, open one and give its name and path."""
    seen, waiting, given = set(), deque([start]), 0
    while waiting and given < most:
        path = waiting.popleft()
        view = view_of(path)
        if view is None or view in seen:
            continue
        seen.add(view)
        if opens_a_page(page, path):
            here = page.evaluate("location.origin")
            links = page.eval_on_selector_all("a[href]", ADDRESSES)
            waiting += [urlsplit(link).path for link in links if link.startswith(here)]
            given += 1
            yield view, path


def opens_a_page(page, path):
    """Go there; return whether that showed a page of this address, not a file or another one."""
    try:
        answer = page.goto(path)
    except Error as problem:
        if "Download is starting" not in problem.message:
            raise
        return False
    return urlsplit(page.url).path == path and "text/html" in answer.headers["content-type"]


def view_of(path):
    """Return the name of the view that answers here; None for files and what signs out."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    return None if name == "account_logout" else name or None
