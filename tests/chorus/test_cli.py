"""The command `chorus`: every sub-command is found, documented, and refuses with a sentence."""

import argparse
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chorus import cli

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "chorus-commands.md"


def options_of(name):
    """Return the options and the positional arguments of a sub-command, as the page names them."""
    parser = argparse.ArgumentParser(add_help=False)
    importlib.import_module(f"chorus.cli.{name.replace('-', '_')}").register(parser)
    found = set()
    for action in parser._actions:
        found |= set(action.option_strings) or {(action.metavar or action.dest).upper()}
    return found


def documented():
    """Return the sub-commands of the page, and what the tables below them list."""
    _, *sections = re.split(r"^## `chorus ([a-z-]+)`$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    pairs = zip(sections[::2], sections[1::2], strict=True)
    return {
        name: {
            word
            for cell in re.findall(r"^\| (`[^|]+) \|", text, flags=re.MULTILINE)
            for word in re.findall(r"`(--?[a-z-]+|[A-Z]+)", cell)
        }
        for name, text in pairs
    }


def test_the_page_lists_every_sub_command():
    assert set(documented()) == set(cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_page_lists_every_option_and_no_other(name):
    assert documented()[name] == options_of(name)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_sub_command_has_help(name, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert cli.COMMANDS[name] in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("words", [[], ["no-such-thing"], ["cards", "--no-such-option"]])
def test_a_call_that_is_not_understood_ends_with_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert "chorus" in capsys.readouterr().err


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from chorus import cli; cli.parser_of().format_help();"
        "print({'numpy', 'polars', 'pyarrow'} & set(sys.modules))"
    )
    source = str(Path(cli.__file__).parents[2])
    said = subprocess.run(  # noqa: S603 -- our own code
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONPATH": source}
    )
    assert said.stdout.decode().strip() == "set()"


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "chorus cards: Stopped.\n"),
        (OSError(28, "No space left on device", "/out"), 2, "chorus cards: /out: No space left on"),
        (MemoryError(), 2, "chorus cards: There is not enough memory"),
    ],
)
def test_what_ends_a_command_is_told_in_a_sentence(raised, status, said, capsys, monkeypatch):
    def stop(arguments):
        raise raised

    monkeypatch.setattr("chorus.cli.cards.run", stop)
    assert cli.main(["cards"]) == status
    assert capsys.readouterr().err.startswith(said)


def test_heads_that_are_not_there_are_a_sentence(tmp_path, capsys):
    assert cli.main(["cards", "--heads", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"chorus cards: {tmp_path} holds no heads")


def test_a_bug_is_not_dressed_up_as_a_sentence(monkeypatch):
    def fail(arguments):
        raise ZeroDivisionError

    monkeypatch.setattr("chorus.cli.cards.run", fail)
    with pytest.raises(ZeroDivisionError):
        cli.main(["cards"])
