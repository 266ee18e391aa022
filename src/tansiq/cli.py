"""The `tansiq` command. Operators' commands live in the parts' `management/commands`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tansiq.settings")
    execute_from_command_line(["tansiq", *sys.argv[1:]])
