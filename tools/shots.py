"""Take a picture of every kind of page that each kind of person can reach, from a running demo.

Usage: make demo   (in one terminal; leave it running)
       make shots  (in another; the pictures are in shots/)

Follows the links from the desk; of pages that one view makes, only the first is taken. Each in
the person's own language on a phone and at a desk, and once more in Arabic.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

from tests.browser.chromium import ARGUMENTS, path_to_chromium
from tests.browser.walk import DESK, PHONE, Walk, views_from

ROOT = Path(__file__).parents[1]
SHOTS = ROOT / "shots"
MOST_PAGES = 40


def main(address):
    command = [sys.executable, str(ROOT / "tools" / "demo_people.py")]
    people = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)  # noqa: S603 -- our own
    django.setup()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path_to_chromium(), args=ARGUMENTS)
        for person in [None, *people]:
            walk = Walk(chromium, address)
            take(walk, person)
            walk.close()
            for problem in walk.problems:
                print(f"  ! {problem}")
        chromium.close()


def take(walk, person):
    whose = "-".join((person["country"], person["kind"], person["role"])) if person else "public"
    own = person["language"] if person else "en"
    paths = dict(views_from(walk.begin(person=person, language=own), most=MOST_PAGES))
    print(f"{whose}: {len(paths)} pages")
    for language in dict.fromkeys([own, "ar"]):
        for width, size in (("phone", PHONE), ("desk", DESK)):
            page = walk.begin(person=person, language=language, size=size)
            folder = SHOTS / whose / f"{language}-{width}"
            folder.mkdir(parents=True, exist_ok=True)
            for view, path in paths.items():
                page.goto(path)
                page.screenshot(path=folder / f"{re.sub('[^a-z_]', '-', view)}.png", full_page=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tansiq.settings")
    main(os.environ["TANSIQ_ORIGIN"])
