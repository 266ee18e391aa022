"""What the documents say is so: every rule, setting, command, target and link."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from chorus import labels
from tansiq.access.gate import rule_names
from tansiq.core import env
from tests.architecture.source import PLATFORM, ROOT, faults, ours, read, short

REFERENCE = ROOT / "docs" / "reference"


def listed(page, pattern):
    """Return what the first column of the tables of a page of reference names."""
    return re.findall(rf"^\| `{pattern}`", read(REFERENCE / page), re.MULTILINE)


def settings_read():
    return {name for name in env.known if not name.endswith("_FILE")}


def commands_of_ours():
    return {name for name, part in get_commands().items() if part.startswith("tansiq.")}


@pytest.mark.parametrize(
    ("page", "pattern", "in_the_code"),
    [
        ("rules.md", r"([a-z_]+\.[a-z_]+)", lambda: set(rule_names())),
        ("settings.md", r"([A-Z_]+)", settings_read),
        ("commands.md", r"tansiq ([a-z_]+)", commands_of_ours),
        ("../explanation/listening.md", r"([a-z]+)", lambda: {*labels.HEADS, labels.LANGUAGE}),
    ],
)
def test_reference_lists_what_the_code_has_and_nothing_else(page, pattern, in_the_code):
    assert in_the_code()
    assert sorted(listed(page, pattern)) == sorted(in_the_code())


def test_every_command_says_what_it_is_for():
    helpless = [
        short(file)
        for file in PLATFORM.glob("*/management/commands/[a-z]*.py")
        if not re.search(r"^    help = ", read(file), re.MULTILINE)
    ]
    assert helpless == []


def documents():
    return [file for file in ours(".md") if "data" not in file.parts]


def broken_links(text, folder):
    """Return the relative links of a page that lead nowhere."""
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    return [
        link for link in links if "://" not in link and not link.startswith("mailto:")
        if not (folder / link).exists()
    ]  # fmt: skip


def test_links_between_documents_lead_somewhere():
    broken = {short(file): broken_links(read(file), file.parent) for file in documents()}

    assert {name: links for name, links in broken.items() if links} == {}


def test_link_rule_catches_a_broken_link():
    assert broken_links("[a](nowhere.md) [b](README.md#top)", ROOT) == ["nowhere.md"]


def unknown_targets(text):
    """Return what a page tells the reader to make and the Makefile does not know."""
    known = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    named = re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z-]+)[^`]*`", text)
    return [target for target in named if target not in known]


def test_documents_name_targets_that_exist():
    assert faults(unknown_targets, documents()) == {}


def test_target_rule_catches_one_that_does_not_exist():
    assert unknown_targets("Call `make gold`, then `PORT=8123 make demo`.") == ["gold"]


def absent_pages(text):
    """Return the pages of `docs/` that a file speaks of and that are not there."""
    named = re.findall(r"\bdocs/(?:[a-z-]+/)+[a-z0-9-]+(?:\.md)?", text)
    return [page for page in named if not list(Path(ROOT).glob(f"{page.removesuffix('.md')}*"))]


def test_code_and_documents_speak_of_pages_that_exist():
    files = [file for file in ours(".py", ".md", ".html") if file.name != "test_documents.py"]

    assert faults(absent_pages, files) == {}


def test_page_rule_catches_an_absent_page():
    assert absent_pages("see docs/decisions/9999") == ["docs/decisions/9999"]
    assert absent_pages("see docs/decisions/0001 and docs/reference/rules.md") == []


def gaps(names):
    """Return the numbers that are missing or doubled among the decisions."""
    numbers = sorted(int(name[:4]) for name in names)
    return sorted(set(range(1, len(numbers) + 1)) ^ set(numbers)) or (
        [] if len(set(numbers)) == len(numbers) else numbers
    )


def test_decisions_are_numbered_one_by_one():
    assert gaps([file.name for file in (ROOT / "docs" / "decisions").glob("*.md")]) == []


def test_number_rule_catches_a_gap():
    assert gaps(["0001-a.md", "0003-b.md"]) == [2, 3]
    assert gaps(["0001-a.md", "0001-b.md"]) == [2]


def test_every_target_says_what_it_makes():
    """Those that only others call need not; there are a handful."""
    makefile = read(ROOT / "Makefile")
    phony = set(re.search(r"\.PHONY: (.*?)\n\n", makefile, re.DOTALL).group(1).split()) - {"\\"}
    silent = {name for name in phony if not re.search(rf"^{name}:.*## ", makefile, re.MULTILINE)}

    assert silent == {"style", "types", "contracts", "wiring", "suite", "pure"}
