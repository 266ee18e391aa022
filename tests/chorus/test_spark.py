"""Inside Spark the same posts give the same counts, also when the driver is killed and comes again.

The tests that start Spark are slow. Without PySpark or Java they are left out, unless
REQUIRE_ALL_TESTS is set.
"""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from chorus.analysis import Request, prepare
from chorus.engine import Engine, Running
from chorus.inputs import Inputs, Options
from chorus.spark import CHECKPOINT, Job, Source, SparkError, Submission, counter, doubles
from chorus.state import State

INCIDENT = datetime(2026, 5, 13, 0, 30, tzinfo=UTC)
HANDLE = "@nobody_may_see_me"
# Names are known from k authors of one part on, so parts of a cluster may know fewer; see the
# how-to. Everything else must be equal to the byte.
NAMES = {"texts/shown", "texts/text.bytes", "texts/text.ends", "hashtags/folded.bytes",
         "hashtags/folded.ends", "hashtags/written.bytes", "hashtags/written.ends",
         "capped/named", "capped/names.bytes", "capped/names.ends"}  # fmt: skip


def missing():
    for name in ("pyspark", "pandas"):
        if importlib.util.find_spec(name) is None:
            return f"{name} is not installed; install tansiq[spark]."
    return (
        "" if shutil.which("java") else "Java is not installed (Debian: openjdk-17-jre-headless)."
    )


with_spark = pytest.mark.skipif(
    bool(missing()) and not os.environ.get("REQUIRE_ALL_TESTS"), reason=missing()
)


def lines(start, count):
    """Return invented posts as JSON lines: six hours, several languages, tags, handles."""
    said = ("We need blood at the clinic #unity", "Kami berduka #unity", "الحمد لله على السلامة",
            f"thank you {HANDLE} for the lift", "Is the bridge open? #bridge")  # fmt: skip
    for number in range(start, start + count):
        post = {
            "id": f"post-{number}",
            "created_at": (INCIDENT + timedelta(seconds=7 * number)).isoformat(),
            "author": f"author-{number % 97}",
            "text": f"{said[number % len(said)]} {number // 40}",
        }
        yield json.dumps(post, ensure_ascii=False)


def write(folder, files=6, posts=150):
    """Write files of posts; some posts stand in two files, and one line is broken."""
    folder.mkdir()
    for number in range(files):
        part = [*lines(number * posts, posts + 5), "{broken" if number == 1 else "{}"]
        aside = folder / f".part-{number}"
        aside.write_text("".join(f"{line}\n" for line in part), encoding="utf-8")
        aside.rename(folder / f"part-{number}.ndjson")


def local(folder, state):
    state.mkdir()
    prepared = prepare(Request(at=INCIDENT, now=INCIDENT + timedelta(days=9), folder=state))
    inputs = Inputs([folder], Options(), prepared.marks)
    Engine(prepared.state, prepared.recipe, Running(threads=1)).run(inputs, prepared.marks)
    return prepared


def job_of(prepared):
    return Job(settings=prepared.state.settings, secret=prepared.recipe.key.secret,
               now=prepared.recipe.now)  # fmt: skip


def differing(one, other):
    one, other = one._arrays(), other._arrays()
    assert set(one) == set(other)
    return {name for name in one if not np.array_equal(one[name], other[name])}


def parts_of(job, folder, skipped=None):
    """Run what tasks run, one for each file, and return their states."""
    pytest.importorskip("pyspark", reason=missing())
    parts = {}
    for number, path in enumerate(sorted(folder.glob("*.ndjson"))):
        ids = None if skipped is None else {0: skipped.get(number, b"")}
        batch = pa.RecordBatch.from_pydict({"path": [f"file://{path}"]})
        (row,) = counter(job, by_lines=False, skipped=ids)(iter([batch]))
        parts[number] = State.from_bytes(row["state"][0].as_py())
    return parts


def test_parts_that_are_told_what_others_counted_add_up_to_the_whole(tmp_path):
    write(tmp_path / "in")
    prepared = local(tmp_path / "in", tmp_path / "local")
    job = job_of(prepared)

    parts = parts_of(job, tmp_path / "in")
    common = doubles(State(job.settings).seen, parts, job.settings)
    parts = parts_of(job, tmp_path / "in", common)

    assert set(common) == {1, 2, 3, 4, 5}
    whole = State(job.settings)
    assert [whole.merge(part) for _, part in sorted(parts.items())] == [0] * 6
    assert differing(whole, prepared.state) <= NAMES
    assert whole.ledger == prepared.state.ledger


def test_lines_and_files_count_the_same(tmp_path):
    pytest.importorskip("pyspark", reason=missing())
    write(tmp_path / "in", files=1)
    prepared = local(tmp_path / "in", tmp_path / "local")
    text = (tmp_path / "in" / "part-0.ndjson").read_text("utf-8").splitlines()
    batches = [pa.RecordBatch.from_pydict({"value": text[start::2]}) for start in (0, 1)]

    (row,) = counter(job_of(prepared), by_lines=True, skipped=None)(iter(batches))

    state = State.from_bytes(row["state"][0].as_py())
    assert differing(state, prepared.state) == set()
    assert row["trouble"][0].as_py() == ""


def test_a_task_without_posts_gives_an_empty_state(tmp_path):
    pytest.importorskip("pyspark", reason=missing())
    write(tmp_path / "in", files=1)
    job = job_of(local(tmp_path / "in", tmp_path / "local"))

    (row,) = counter(job, by_lines=True, skipped=None)(iter([]))

    assert State.from_bytes(row["state"][0].as_py()) == State(job.settings)


def test_a_file_that_is_no_stream_of_posts_is_named_and_costs_only_itself(tmp_path):
    pytest.importorskip("pyspark", reason=missing())
    write(tmp_path / "in", files=1)
    job = job_of(local(tmp_path / "in", tmp_path / "local"))
    (tmp_path / "in" / "empty.ndjson").touch()
    paths = [f"file://{path}" for path in sorted((tmp_path / "in").glob("*.ndjson"))]

    batch = pa.RecordBatch.from_pydict({"path": paths})
    (row,) = counter(job, by_lines=False, skipped=None)(iter([batch]))

    assert "empty.ndjson is empty" in row["trouble"][0].as_py()
    assert State.from_bytes(row["state"][0].as_py()).ledger.kept == 155


def test_nothing_that_leaves_a_task_holds_a_handle_or_the_key(tmp_path):
    write(tmp_path / "in", files=2)
    job = job_of(local(tmp_path / "in", tmp_path / "local"))

    rows = [part.to_bytes() for part in parts_of(job, tmp_path / "in").values()]

    for secret in (HANDLE.encode(), b"author-1", b"post-1", b"clinic", job.secret):
        assert not any(secret in row for row in rows)
    assert job.secret.hex() not in repr(job)
    assert repr(job.secret) not in repr(job)


def test_a_state_that_was_counted_without_spark_is_not_counted_into(tmp_path):
    write(tmp_path / "in", files=1)
    prepared = local(tmp_path / "in", tmp_path / "state")
    prepared.state.position = {"files": {}}
    submission = Submission(None, job_of(prepared), Source("in"), tmp_path / "state")

    with pytest.raises(SparkError, match="counted without Spark"):
        submission.run(prepared.state)


def test_a_checkpoint_without_its_state_is_refused(tmp_path):
    write(tmp_path / "in", files=1)
    prepared = local(tmp_path / "in", tmp_path / "other")
    commits = tmp_path / "state" / CHECKPOINT / "commits"
    commits.mkdir(parents=True)
    (commits / "0").touch()
    submission = Submission(None, job_of(prepared), Source("in"), tmp_path / "state")

    with pytest.raises(SparkError, match="does not belong"):
        submission.run(State(prepared.state.settings))


def submit(tmp_path, *more):
    command = [
        sys.executable, "-m", "chorus", "spark", "submit", str(tmp_path / "in"), "--quiet",
        "--incident", INCIDENT.isoformat(), "--out", str(tmp_path / "report"), "--formats", "json",
        "--state", str(tmp_path / "state"), "--master", "local[2]", "--files-at-once", "1", *more,
    ]  # fmt: skip
    with (tmp_path / "log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 -- our own command


def batches_done(tmp_path):
    return len(list((tmp_path / "state" / CHECKPOINT / "commits").glob("[0-9]*")))


@pytest.mark.slow
@with_spark
def test_counts_are_those_of_one_machine_also_after_a_kill(tmp_path):
    assert not missing(), missing()
    write(tmp_path / "in")
    expected = local(tmp_path / "in", tmp_path / "local")
    shutil.copytree(tmp_path / "local", tmp_path / "state")

    first = submit(tmp_path)
    ends = time.monotonic() + 240
    while batches_done(tmp_path) < 2 and first.poll() is None and time.monotonic() < ends:
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert 2 <= batches_done(tmp_path) < 6
    second = submit(tmp_path)

    assert second.wait(timeout=240) == 0, (tmp_path / "log").read_text()[-2000:]
    state = State.load(tmp_path / "state")
    assert differing(state, expected.state) <= NAMES
    assert state.ledger == expected.state.ledger
    assert (tmp_path / "report" / "report.json").exists()
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "in"]
    said = {path: path.read_bytes() for path in kept if path.name != "incident.key"}
    for secret in (HANDLE.encode(), b"author-1", expected.recipe.key.secret.hex().encode()):
        assert [path for path, content in said.items() if secret in content] == []
