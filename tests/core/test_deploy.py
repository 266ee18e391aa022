"""What we ship for servers names settings and commands that exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tansiq.core import env

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "deploy").iterdir(), *(ROOT / "docs" / "how-to").glob("*.md")])


def unknown(text):
    """Return the settings and commands that a text names and the program does not have."""
    settings = set(re.findall(r"\bTANSIQ_[A-Z_]+\b", text)) - env.known
    commands = set(re.findall(r"(?:\btansiq(?:-run)?|-m tansiq) ([a-z_]+)", text)) - {
        *get_commands(),
        # Part of a sentence or of another command.
        "python", "tansiq",
    }  # fmt: skip
    return settings | commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_what_exists(page):
    assert unknown(page.read_text(encoding="utf-8")) == set()


def test_rule_catches_what_does_not_exist():
    assert unknown("TANSIQ_MAGIC=yes tansiq fly") == {"TANSIQ_MAGIC", "fly"}


def test_service_and_container_start_it_as_nobody_with_rights():
    service = (ROOT / "deploy" / "tansiq.service").read_text(encoding="utf-8")
    container = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")

    for line in ("User=tansiq", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077"):
        assert f"\n{line}\n" in service
    assert "\nUSER 10001\n" in container
    assert "--require-hashes" in container
