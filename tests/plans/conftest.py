import pytest

from tests.plans.reporting import JULY

PAGES = (
    "reports",
    "writing",
    "answering",
    "evidence",
    "duties",
    "activities",
    "onepage",
    "national",
    "editions",
    "workbooks",
)


@pytest.fixture
def in_july(monkeypatch):
    """Let the pages believe that it is July 2026; they are where the clock is read."""
    for name in PAGES:
        monkeypatch.setattr(f"tansiq.plans.views.{name}.now", lambda: JULY)
