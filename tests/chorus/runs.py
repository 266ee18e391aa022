"""Helpers of the tests of runs: streams of invented posts, and the engine over them.

`python runs.py STREAM STATE THREADS` is a run that says each batch it counted, to be killed.
"""

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from toy_heads import toy_heads

from chorus.engine import Engine, Run, Running
from chorus.foldable import Settings
from chorus.forgetting import IncidentKey
from chorus.inputs import Inputs, Marks, Options
from chorus.process import Recipe
from chorus.reading import blocks
from chorus.state import FILE, State

AT = datetime(2026, 5, 13, 0, 30, tzinfo=UTC)
KEY = IncidentKey(bytes(range(16)))

_SAYINGS = (
    "the blood bank is open #Rivermouth",
    "yang butuh darah golongan O #DonorDarah",
    "missing: a boy in the market #missing #Rivermouth",
    "we stand together #Together",
    "a rumour about the bridge",
    "hate",
    "the ferry is late again",
)


def post(number, text, *, author=None, minutes=0, **more):
    """Return a post as a flat object."""
    return {
        "id": str(number),
        "created_at": (AT + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "author": author if author is not None else f"account{number}",
        "text": text,
    } | more


def posts(count, seed=1):
    """Return posts of few authors and few texts, some of them reposts or said twice."""
    chance = random.Random(seed)  # noqa: S311 -- invented posts
    found = []
    for number in range(count):
        text = chance.choice(_SAYINGS)
        if chance.random() < 0.3:
            text = f"{text} {chance.randrange(50)}"
        if chance.random() < 0.2:
            text = f"RT @somebody: {text}"
        author = f"account{chance.randrange(200)}"
        again = chance.randrange(number) if number and chance.random() < 0.02 else number
        found.append(post(again, text, author=author, minutes=chance.randrange(-300, 900)))
    return found


def write(path, records):
    """Write records as JSON lines."""
    path.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in records))
    return path


def recipe_of(key=KEY, **more):
    return Recipe(key, toy_heads(), **more)


def settings_of(key=KEY):
    return Settings(incident_at=round(AT.timestamp() * 1_000_000), key=key.fingerprint)


def small_blocks(posts_in_a_block=200):
    """Let batches be small from now on, so that a small stream has many."""
    size = posts_in_a_block * 120
    blocks.FIRST_BLOCK = blocks._SMALLEST_BLOCK = blocks._LARGEST_BLOCK = size


def run(paths, *, threads=1, folder=None, counted=None, recipe=None, options=None, **more) -> Run:
    """Count some files into the state of a folder, or a new one."""
    state = State(settings_of())
    if folder is not None and (folder / FILE).exists():
        state = State.load(folder)
    marks = Marks.of(state.position)
    inputs = Inputs(paths, options or Options(), marks)
    running = Running(threads=threads, folder=folder, **more)
    return Engine(state, recipe or recipe_of(), running).run(inputs, marks, counted)


def _main() -> None:
    stream, folder, threads = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    small_blocks()

    def counted(done: Run) -> None:
        sys.stdout.write(f"{done.batches}\n")
        sys.stdout.flush()

    run([stream], threads=threads, folder=folder, counted=counted, checkpoint_every=0.0)


if __name__ == "__main__":
    _main()
