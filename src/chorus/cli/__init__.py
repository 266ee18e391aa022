"""The command `chorus`: one module for each sub-command, imported only when it is called.

A module of a sub-command has `register(parser)`, which declares its options, `run(arguments)`,
which does the work and returns the exit status, and `EXPECTED`, the exceptions whose message is a
sentence for the person. Only these modules read the clock.
"""

import importlib
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Final, Protocol, cast

# Each sub-command and what `chorus --help` says of it; its module has the same name.
COMMANDS: Final = {
    "analyse": "Read posts and write a report of what a city says, without anybody in it.",
    "forget": "Destroy the key of an incident, with a proof.",
    "merge": "Add up the counts of several states.",
    "report": "Write the report of a saved state anew.",
    "cards": "Print what the heads learnt from, how well they do and where they fail.",
    "evaluate": "Say how well a head does on labelled posts of yours.",
    "release": "Draw figures with noise for publication, and book what they cost.",
    "learn": "Make a head better for a running incident with a hundred labelled posts.",
    "spark": "Analyse posts inside a Spark cluster.",
}

# Exit statuses.
DONE: Final = 0
WRONG: Final = 2  # the call or the input cannot be used; nothing was written
INTERRUPTED: Final = 130  # as shells say of ctrl-C


class Command(Protocol):
    """What the module of a sub-command has."""

    EXPECTED: tuple[type[Exception], ...]
    register: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """Run the sub-command that the words of the call name; return the exit status."""
    words = sys.argv[1:] if words is None else words
    name = words[0] if words and words[0] in COMMANDS else None
    command = _command(name) if name else None
    arguments = parser_of(name, command).parse_args(words)
    if command is None:
        raise AssertionError("argparse ends a call without a command")
    try:
        return command.run(arguments)
    except KeyboardInterrupt:
        return _refusal(name, "Stopped.", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has enough; Python must not complain when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except command.EXPECTED as problem:
        return _refusal(name, str(problem), WRONG)
    except MemoryError:
        return _refusal(name, "There is not enough memory; take fewer posts at a time.", WRONG)
    except OSError as problem:
        return _refusal(name, _sentence(problem), WRONG)


def parser_of(name: str | None = None, command: Command | None = None) -> ArgumentParser:
    """Return the parser of all sub-commands; only the one that is called knows its options."""
    parser = ArgumentParser(
        "chorus", description="Hear a city after an attack without watching anyone."
    )
    parser.add_argument("--version", action="version", version=f"chorus {_version()}")
    parsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for each, summary in COMMANDS.items():
        own = parsers.add_parser(
            each, help=summary, description=summary, formatter_class=RawDescriptionHelpFormatter
        )
        if each == name and command is not None:
            command.register(own)
    return parser


def _command(name: str) -> Command:
    return cast("Command", importlib.import_module(f"chorus.cli.{name.replace('-', '_')}"))


def _version() -> str:
    try:
        return metadata.version("tansiq")
    except metadata.PackageNotFoundError:
        return "from a source folder"


def _refusal(name: str | None, sentence: str, status: int) -> int:
    sys.stderr.write(f"chorus {name}: {sentence}\n")
    return status


def _sentence(problem: OSError) -> str:
    if problem.filename is None:
        return f"{problem.strerror or problem}."
    return f"{problem.filename}: {problem.strerror}."
