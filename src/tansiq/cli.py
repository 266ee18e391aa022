"""The `tansiq` command. Operators' commands live in the parts' `management/commands`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tansiq.settings")
    execute_from_command_line(["tansiq", *_named(sys.argv[1:])])


def _named(arguments: list[str]) -> list[str]:
    """Return the arguments with the command as its module is named: load-plans, load_plans."""
    return (
        [arguments[0].replace("-", "_"), *arguments[1:]] if _has_command(arguments) else arguments
    )


def _has_command(arguments: list[str]) -> bool:
    return bool(arguments) and not arguments[0].startswith("-")
