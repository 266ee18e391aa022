"""Every kind of page that each kind of person reaches by following links, looked at with axe."""

import pytest

from tests.browser.walk import DESK, PHONE, is_too_wide, view_of, views_from, violations

# Country, kind of organisation and role; language, width and light. Together they are the main
# readers, all six languages but the source's own twice, both widths and both lights.
READERS = [
    ("id", "national_body", "lead", "id", DESK, "light"),
    ("id", "city", "lead", "ar", PHONE, "light"),
    ("my", "national_body", "lead", "ms", DESK, "dark"),
    ("ph", "province", "lead", "fil", PHONE, "dark"),
    ("id", "oversight", "overseer", "fr", PHONE, "light"),
    ("ph", "civil_society", "contributor", "en", DESK, "light"),
]


def person_like(people, country, kind, role):
    wanted = {"country": country, "kind": kind, "role": role}
    found = next((person for person in people if wanted.items() <= person.items()), None)
    assert found, f"Nobody in the demo is {role} of a {kind} in {country}."
    return found


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: "-".join(reader[:4]))
def test_every_page_is_accessible_and_fits(walk, people, reader):
    *who, language, size, theme = reader
    person = person_like(people, *who)
    page = walk.begin(person=person, language=language, size=size, theme=theme)

    faults, views = {}, set()
    for view, path in views_from(page, most=60):
        views.add(view)
        found = violations(page) + (["wider than the screen"] if is_too_wide(page) else [])
        if found:
            faults[f"{view} ({path})"] = found

    assert faults == {}
    assert {"home:desk", "plans:index", "plans:detail"} <= views


def test_a_view_is_known_by_its_path():
    assert view_of("/") == "home:desk"
    assert view_of("/static/core/ui.css") is None
