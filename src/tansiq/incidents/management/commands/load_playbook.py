from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.incidents.actions.playbooks import PlaybookStateError, load_playbook
from tansiq.incidents.playbook import Document, PlaybookError, read_playbook
from tansiq.incidents.playbook.shipped import shipped_playbook

_SYSTEM = Actor.system("tansiq load_playbook")


class Command(BaseCommand):
    help = "Put a playbook into force for an organisation: the one that ships, or a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a playbook as YAML")
        parser.add_argument(
            "--owner", required=True, help="the short name of the organisation that owns it"
        )
        parser.add_argument(
            "--check", action="store_true", help="only name what is wrong in the file"
        )

    def handle(self, *, file: Path | None, owner: str, check: bool, **_options: Any) -> None:
        document = _read(file)
        organisation = Organisation.objects.visible_to(_SYSTEM).filter(slug=owner).first()
        if organisation is None:
            raise CommandError(f"No organisation has the short name {owner!r}.")
        if check:
            self.stdout.write(f"{document.key}: {len(document.tasks)} tasks, nothing wrong")
            return
        try:
            version = load_playbook(document, owner=organisation, by=_SYSTEM, at=now())
        except PlaybookStateError as problem:
            raise CommandError(str(problem)) from problem
        said = f"version {version.number} is in force" if version else "in force already"
        self.stdout.write(f"{owner}: {document.key}, {len(document.tasks)} tasks, {said}")


def _read(file: Path | None) -> Document:
    if file is None:
        return shipped_playbook()
    try:
        return read_playbook(file.read_bytes())
    except OSError as problem:
        raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
    except PlaybookError as problem:
        raise CommandError("\n".join(str(one) for one in problem.problems)) from problem
