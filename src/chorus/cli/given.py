"""From the options of a command that counts posts to what counting and the picture ask for."""

from argparse import Namespace

from chorus.analysis import Prepared, Request
from chorus.cli.arguments import now, offset_of
from chorus.composing import Asked
from chorus.tags import load_hidden


def request_of(given: Namespace) -> Request:
    """Return what a run is asked to count."""
    return Request(
        at=given.incident,
        now=now(),
        folder=given.state,
        key=given.key,
        heads=given.heads,
        places=given.place_names,
        official=given.official,
        since=given.since,
        until=given.until,
        k=given.k,
    )


def asked_of(given: Namespace, prepared: Prepared) -> Asked:
    """Return what a picture is told besides the state. Raises HiddenTagsError for a bad file."""
    return Asked(
        zone=given.zone or offset_of(given.incident),
        name=given.name,
        gazetteer=prepared.gazetteer,
        official_accounts=len(prepared.recipe.official.hashes),
        hidden_tags=frozenset() if given.hide_tags is None else load_hidden(given.hide_tags),
        heads=heads_named(given),
    )


def heads_named(given: Namespace) -> str:
    """Return what the report calls the heads: `shipped`, or the name of their folder."""
    return "shipped" if given.heads is None else given.heads.name
