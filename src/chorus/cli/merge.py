"""`chorus merge`: the counts of several states added up."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from chorus.analysis import AnalysisError, held
from chorus.foldable import SettingsDifferError
from chorus.state import FILE, State, StateFileError

EXPECTED: Final = (AnalysisError, SettingsDifferError, StateFileError)


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "states", nargs="+", type=Path, help="folders of states of one incident, under one key"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FOLDER", help="where the sum is saved"
    )


def run(given: Namespace) -> int:
    """Add states up and save the sum. No key goes along: nothing more is read into a sum."""
    if (given.out / FILE).exists():
        message = f"There is a state in {given.out.name} already; name another folder."
        raise AnalysisError(message)
    if len({path.resolve() for path in given.states}) < len(given.states):
        raise AnalysisError("A state is named twice and would count twice; name it once.")
    with held(given.out):
        first, *others = given.states
        whole = State.load(first)
        whole.position = {}
        for folder in others:
            whole.merge(State.load(folder))
        whole.save(given.out)
    ledger = whole.ledger
    sys.stdout.write(
        f"{len(given.states)} states are added up in {given.out}: {ledger.kept:,} posts.\n"
    )
    if ledger.counted_twice:
        sys.stdout.write(
            f"{ledger.counted_twice:,} posts are in more than one of them and count twice; give "
            "each run other posts.\n"
        )
    return 0
