"""`chorus report`: the report of a saved state, anew."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from chorus.analysis import AnalysisError, fingerprint_of
from chorus.cli import arguments, summary
from chorus.cli.arguments import now
from chorus.cli.given import heads_named
from chorus.composing import Asked, picture_of
from chorus.heads import HeadsError, load_heads
from chorus.places import Gazetteer, GazetteerError, load_gazetteer
from chorus.report.guard import UnsafePictureError
from chorus.report.writing import ReportError, write_report
from chorus.state import State, StateFileError
from chorus.tags import HiddenTagsError, load_hidden

EXPECTED: Final = (
    AnalysisError,
    GazetteerError,
    HeadsError,
    HiddenTagsError,
    ReportError,
    StateFileError,
    UnsafePictureError,
)


def register(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("state", type=Path, help="the folder of a state, as `chorus analyse --state` keeps it")
    arguments.add_report(parser)
    add("--zone", metavar="NAME", default="UTC", help="the zone of the report (default: UTC)")
    add("--place-names", type=Path, metavar="FILE", help="the gazetteer that was used")
    add("--hide-tags", type=Path, metavar="FILE", help="hashtags never to show, one a line")
    add("--heads", type=Path, metavar="FOLDER", help="the heads that were used")


def run(given: Namespace) -> int:
    """Write the report of a state; return 1 when no post is counted in it."""
    state = State.load(given.state)
    heads = load_heads(given.heads)
    gazetteer = Gazetteer() if given.place_names is None else load_gazetteer(given.place_names)
    if gazetteer.fingerprint != state.settings.gazetteer:
        message = "These are not the place names that were looked for; name the same file again."
        raise AnalysisError(message)
    if fingerprint_of(heads) != state.settings.heads:
        message = "These are not the heads that read the posts; name their folder with --heads."
        raise AnalysisError(message)
    asked = Asked(
        zone=given.zone,
        name=given.name,
        gazetteer=gazetteer,
        hidden_tags=frozenset() if given.hide_tags is None else load_hidden(given.hide_tags),
        heads=heads_named(given),
    )
    picture = picture_of(state, heads.cards, now(), asked)
    write_report(picture, given.out, languages=given.language, formats=given.formats)
    sys.stdout.write(f"{summary.whereabouts(given.out)}\n")
    return 0 if state.ledger.kept else arguments.NOTHING_CAME_OUT
