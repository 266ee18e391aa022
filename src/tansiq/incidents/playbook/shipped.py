"""The playbooks that come with the platform, each a folder with its words in other languages."""

from functools import cache
from pathlib import Path

from tansiq.incidents.playbook.document import Document
from tansiq.incidents.playbook.reading import read_playbook

FOLDER = Path(__file__).parent.parent / "data" / "playbooks"
CITY_LED_RESPONSE = "city-led-response"


@cache
def shipped_playbook(name: str = CITY_LED_RESPONSE) -> Document:
    """Return a playbook that came with the platform, in every language that it has."""
    folder = FOLDER / name
    words = {
        file.stem: file.read_text(encoding="utf-8")
        for file in sorted((folder / "words").glob("*.yaml"))
    }
    return read_playbook((folder / "playbook.yaml").read_text(encoding="utf-8"), words=words)


def shipped_playbooks() -> list[str]:
    """Return the names of the playbooks that came with the platform."""
    return sorted(file.parent.name for file in FOLDER.glob("*/playbook.yaml"))
