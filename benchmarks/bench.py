"""A platform of its own for each run, on the database that `DATABASE_URL` names or SQLite."""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def start() -> None:
    """Set up Django on a migrated database in a temporary folder.

    It is empty, unless BENCHMARK_DATA names a folder that an earlier process filled.
    """
    folder = os.environ.get("BENCHMARK_DATA") or tempfile.mkdtemp(prefix="tansiq-bench-")
    os.environ["TANSIQ_DATA_DIR"] = folder
    os.environ["TANSIQ_LOG"] = "plain"
    # The officer of the benchmark signs in without a telephone at hand.
    os.environ["TANSIQ_SECOND_FACTOR"] = "optional"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tansiq.settings"
    sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    # Pages name their files by the manifest that this makes.
    call_command("collectstatic", interactive=False, verbosity=0)


def figure(name: str, value: float, unit: str, aim: float | None = None, **more: object) -> None:
    """Print one figure as a JSON line."""
    line = {"figure": name, "value": round(value, 4), "unit": unit, "aim": aim, **more}
    print(json.dumps(line), flush=True)


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Give a list that holds the seconds once the block is over."""
    taken: list[float] = []
    begun = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - begun)


def memory_mb() -> float:
    """Return the resident memory of this process now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2
