"""The listening library end to end, all in one run on one stream: python -m benchmarks.chorus.

One JSON line a figure. The stream is made of our own corpus (chorus_stream.py); the same file is
analysed on one core and on two, merely parsed, and given in part to scikit-learn and to a row-wise
count.
"""

import argparse
import csv
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from benchmarks.bench import figure, stopwatch
from benchmarks.chorus_stream import INCIDENT, write_places, write_stream

AIM = 100_000
SAMPLE = 20_000
ROWWISE = 200_000
_LOOKS = 0.002  # seconds between two looks for the first report
_TAG = re.compile(r"#(\w+)")
_FIELDS = ("id", "created_at", "author", "text", "lang")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--heads", type=Path, help="heads to use instead of the shipped ones")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="chorus-bench-"))
    try:
        measure(folder, given.posts, given.heads)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, posts: int, heads: Path | None) -> None:
    stream, places = folder / "posts.ndjson", folder / "places.csv"
    with stopwatch() as took:
        write_stream(stream, posts)
    write_places(places)
    size = stream.stat().st_size
    figure("chorus.stream_s", took[0], "s", posts=posts, mb=round(size / 1e6))

    words = ["--place-names", str(places), *(["--heads", str(heads)] if heads else [])]
    one = analyse(stream, folder, words, cores=1)
    figure("chorus.posts_per_s_1core", posts / one["wall"], "posts/s", **said(one))
    for stage, share in one["stage_shares"].items():
        figure(f"chorus.share_{stage}", share, "of the time", seconds=one["stage_seconds"][stage])
    two = analyse(stream, folder, words, cores=2)
    figure("chorus.posts_per_s_2core", posts / two["wall"], "posts/s", AIM, **said(two))
    figure("chorus.peak_memory_mb", max(one["memory"], two["memory"]), "MB", 1_000)
    figure("chorus.first_result_s", two["first"], "s", 1, one_core=round(one["first"], 3))

    parsers = parse_times(stream)
    fastest = min(parsers, key=parsers.__getitem__)
    figure("chorus.ratio_to_parse", parsers[fastest] / two["wall"], "of our time", **parsers)
    measure_scores(stream, heads)
    measure_hashtags(stream, folder)
    measure_spark(stream, folder)


def said(run: dict[str, Any]) -> dict[str, Any]:
    # On a busy machine the seconds of the processor say more than those of the clock.
    return {
        "seconds": round(run["wall"], 2),
        "processor_seconds": run["processor_seconds"],
        "without_start": run["posts_per_s"],
    }


def analyse(stream: Path, folder: Path, words: list[str], *, cores: int) -> dict[str, Any]:
    """Run the command on some cores; return its own figures, and what is seen from outside."""
    report = folder / f"report{cores}"
    every = os.sched_getaffinity(0)
    chosen = sorted(every)[:cores]
    command = [
        sys.executable, "-m", "chorus", "analyse", str(stream), "--incident", INCIDENT.isoformat(),
        "--out", str(report), "--threads", str(cores), "--stats", "--quiet", *words,
    ]  # fmt: skip
    environment = {**os.environ, "POLARS_MAX_THREADS": str(cores)}
    # As where it is installed: the modules are compiled to bytecode once.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    # What is started from here stays on these cores.
    os.sched_setaffinity(0, chosen)
    with subprocess.Popen(  # noqa: S603 -- our own command
        command, stdout=subprocess.PIPE, env=environment
    ) as process:
        os.sched_setaffinity(0, every)
        first = _until(report.exists, process, begun)
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "the run failed; see above"
    return {
        **json.loads(printed),
        "wall": wall,
        "first": first,
        "memory": used.ru_maxrss / 1024,
    }


def _until(is_there: Callable[[], bool], process: subprocess.Popen[bytes], begun: float) -> float:
    while not is_there() and process.poll() is None:
        time.sleep(_LOOKS)
    return time.perf_counter() - begun


def parse_times(stream: Path) -> dict[str, float]:
    """Return the seconds that parsers take for the same fields of the same file."""
    import polars as pl
    import pyarrow as pa
    import pyarrow.json

    schema = dict.fromkeys(_FIELDS, pl.String)
    explicit = pyarrow.json.ParseOptions(
        explicit_schema=pa.schema([(name, pa.string()) for name in _FIELDS]),
        unexpected_field_behavior="ignore",
    )
    found = {
        "polars": _seconds(lambda: pl.scan_ndjson(stream, schema=schema).collect()),
        "pyarrow": _seconds(lambda: pyarrow.json.read_json(stream, parse_options=explicit)),
    }
    # As fast as polars; not among the dependencies.
    if importlib.util.find_spec("duckdb"):
        found["duckdb"] = _seconds(lambda: _with_duckdb(stream))
    return found


def _with_duckdb(stream: Path) -> Any:
    import duckdb

    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in _FIELDS)
    return duckdb.sql(
        f"select * from read_json('{stream}', format='newline_delimited', "  # noqa: S608 -- our own file
        f"columns={{{columns}}})"
    ).to_arrow_table()


def _seconds(work: Callable[[], Any]) -> float:
    with stopwatch() as took:
        work()
    return round(took[0], 3)


def measure_scores(stream: Path, folder: Path | None) -> None:
    """Compare scoring with scikit-learn's hashing and LinearSVC of as many columns, on a sample."""
    import numpy as np
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    from chorus.heads import load_heads

    texts = [post["text"] for post in _posts(stream, SAMPLE)]
    heads = load_heads(folder)
    columns = len(heads.columns)
    heads.score(texts[:100])
    ours = _seconds(lambda: heads.score(texts))
    hashing = make_union(
        HashingVectorizer(ngram_range=(1, 2), n_features=2**17, alternate_sign=False),
        HashingVectorizer(analyzer="char_wb", ngram_range=(4, 4), n_features=2**17),
    )
    model = LinearSVC().fit(
        hashing.transform(texts[: 4 * columns]), np.arange(4 * columns) % columns
    )
    theirs = _seconds(lambda: model.decision_function(hashing.transform(texts)))
    figure(
        "chorus.ratio_to_sklearn",
        theirs / ours,
        "times as fast",
        sample=SAMPLE,
        columns=columns,
        sklearn_posts_per_s=round(SAMPLE / theirs),
    )


def measure_hashtags(stream: Path, folder: Path) -> None:
    """Compare hashtags by quarter-hour with distinct authors, and pairs, with a count by rows.

    The same posts, each from the kind of file it reads best.
    """
    posts = _posts(stream, ROWWISE)
    table, lines = folder / "posts.csv", folder / "some.ndjson"
    lines.write_bytes(b"".join(orjson.dumps(post) + b"\n" for post in posts))
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, _FIELDS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(posts)
    _ours(lines)
    ours = _seconds(lambda: _ours(lines))
    theirs = _seconds(lambda: _row_by_row(table))
    figure(
        "chorus.ratio_to_rowwise_hashtags",
        theirs / ours,
        "times as fast",
        posts=len(posts),
        rowwise_posts_per_s=round(len(posts) / theirs),
        ours_from="JSON lines",
        rowwise_from="CSV",
    )


def _ours(lines: Path) -> None:
    import numpy as np
    import pyarrow as pa

    from chorus.foldable import OBSERVED, Settings
    from chorus.hashtags import HashtagTable
    from chorus.kernel import digest
    from chorus.reading import open_stream
    from chorus.tags import tags_of

    counted = HashtagTable(Settings(incident_at=0))
    for raw, _ in open_stream(lines).batches():
        known = {
            "at": raw["at"].dt.timestamp("us").to_arrow(),
            "author": digest(raw["author"], bytes(16)),
            "repost": raw["repost"].to_arrow(),
            "official": np.zeros(len(raw), bool),
            "tags": tags_of(raw["text"]).to_arrow().cast(OBSERVED.field("tags").type),
        }
        rest = {
            name: pa.array(np.zeros(len(raw)), OBSERVED.field(name).type, safe=False)
            for name in ("id", "exact", "labels", "language", "place")
        }
        rest |= {
            name: pa.nulls(len(raw), OBSERVED.field(name).type) for name in ("signature", "text")
        }
        counted.fold(pa.table(known | rest).select(OBSERVED.names).cast(OBSERVED))


def _row_by_row(table: Path) -> None:
    posts: Counter[tuple[str, str]] = Counter()
    authors: dict[tuple[str, str], set[str]] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    with table.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = row["created_at"]
            quarter = f"{at[:14]}{int(at[14:16]) // 15}"
            tags = sorted({tag.lower() for tag in _TAG.findall(row["text"])})
            for tag in tags:
                posts[quarter, tag] += 1
                authors.setdefault((quarter, tag), set()).add(row["author"])
            pairs.update((one, other) for one in tags for other in tags if one < other)


def _posts(stream: Path, count: int) -> list[dict[str, Any]]:
    """Return the latest posts of a stream: the first ones are from before the incident."""
    lines = stream.read_bytes().splitlines()[-count:]
    return [orjson.loads(line) for line in lines]


def measure_spark(stream: Path, folder: Path) -> None:
    """Count the same file inside Spark on this machine; its start-up is told apart."""
    names = ("pyspark", "pandas", "chorus.spark")
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    missing += [] if shutil.which("java") else ["Java"]
    if missing:
        why = f"{' and '.join(missing)} not installed here"
        print(json.dumps({"figure": "chorus.spark_posts_per_s", "value": None, "why": why}))
        return
    command = [
        sys.executable, "-m", "chorus", "spark", "submit", str(stream), "--lines", "--quiet",
        "--incident", INCIDENT.isoformat(), "--out", str(folder / "spark-report"),
        "--formats", "json", "--state", str(folder / "spark"), "--master", "local[2]", "--stats",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 -- our own command
        command, stdout=subprocess.PIPE, check=True
    )
    run = json.loads(done.stdout)
    figure("chorus.spark_posts_per_s", run["posts_per_s"], "posts/s", **run)


if __name__ == "__main__":
    main()
