"""`chorus forget`: the key of an incident destroyed, with a proof."""

import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Final

from chorus.analysis import AnalysisError, held, key_path
from chorus.cli.arguments import now
from chorus.forgetting import IncidentKey, KeyFileError

EXPECTED: Final = (AnalysisError, KeyFileError)

PROOF: Final = "key-destroyed.json"


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("state", type=Path, help="the folder of a state")
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help="the key, where it lies elsewhere than there"
    )


def run(given: Namespace) -> int:
    """Destroy the key; the counts stay, and nobody can read on into them or test a name."""
    path = given.key or key_path(given.state)
    proof = given.state / PROOF
    if not given.state.is_dir():
        raise AnalysisError(f"There is no folder {given.state.name}; name the one of a state.")
    with held(given.state):
        record = IncidentKey.destroy(path, at=now(), proof=proof)
    sys.stdout.write(f"{json.dumps(asdict(record))}\n")
    sys.stderr.write(
        f"The key is destroyed; the proof is in {proof}. Copies that you made of the key, such as "
        "backups, must be destroyed by you.\n"
    )
    return 0
