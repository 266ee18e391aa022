import os
import random
import subprocess
import sys
import threading

import pytest
import runs

from chorus import process
from chorus.inputs import Options
from chorus.reading import ReadingError, blocks
from chorus.state import State


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    for name in ("FIRST_BLOCK", "_SMALLEST_BLOCK", "_LARGEST_BLOCK"):
        monkeypatch.setattr(blocks, name, 20_000)


def test_threads_do_not_change_what_is_counted(tmp_path):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(2_000))

    alone = runs.run([stream], threads=1)
    together = runs.run([stream], threads=3)

    assert alone.batches > 5
    assert together.state == alone.state
    assert alone.is_complete
    assert together.is_complete


def test_batches_do_not_change_what_is_counted(tmp_path, monkeypatch):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(2_000))
    small = runs.run([stream])
    for name in ("FIRST_BLOCK", "_SMALLEST_BLOCK", "_LARGEST_BLOCK"):
        monkeypatch.setattr(blocks, name, 1 << 22)

    whole = runs.run([stream])

    assert whole.batches < small.batches
    assert (
        whole.state.tables["cells"].arrays().keys() == small.state.tables["cells"].arrays().keys()
    )
    assert whole.state == small.state


def test_files_are_read_one_after_the_other_and_counted_once(tmp_path):
    records = runs.posts(1_000)
    whole = runs.write(tmp_path / "whole.ndjson", records)
    first = runs.write(tmp_path / "first.ndjson", records[:400])
    second = runs.write(tmp_path / "second.ndjson", records[400:])

    apart = runs.run([first, second])

    expected = runs.run([whole]).state
    assert apart.state.ledger == expected.ledger
    assert apart.state.seen.arrays()["newer"].tolist() == expected.seen.arrays()["newer"].tolist()


def test_a_file_cannot_be_named_twice(tmp_path):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(5))

    with pytest.raises(ReadingError, match="named twice"):
        runs.run([stream, tmp_path / "." / "posts.ndjson"])


def test_every_line_is_accounted_for(tmp_path):
    stream = tmp_path / "posts.ndjson"
    runs.write(stream, [*runs.posts(50), runs.post(60, ""), runs.post(61, "x", created_at="?")])
    with stream.open("ab") as file:
        file.write(b'{"id": 1, broken\n[1]\n' + b'{"id": "62", "text": "half')

    done = runs.run([stream])

    ledger = done.state.ledger
    assert ledger.adds_up
    assert ledger.dropped["forgetting", "no text"] == 1
    assert ledger.dropped["forgetting", "no time that can be read"] == 1
    assert ledger.dropped["reading", "not JSON"] == 1
    assert ledger.dropped["reading", "unfinished at the end of the file"] == 1
    assert done.marks.lines["not JSON"] == [53]
    assert done.pending_lines["unfinished at the end of the file"] == [55]


def test_an_unfinished_line_is_counted_once_it_is_whole(tmp_path):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(30))
    last = b'{"id": "900", "created_at": "2026-05-13T00:40:00Z", "author": "a", "text": "blood"}'
    with stream.open("ab") as file:
        file.write(last[:40])
    folder = tmp_path / "state"

    before = runs.run([stream], folder=folder).state.ledger
    with stream.open("ab") as file:
        file.write(last[40:] + b"\n")
    after = runs.run([stream], folder=folder).state.ledger

    assert before.dropped["reading", "unfinished at the end of the file"] == 1
    assert after.dropped["reading", "unfinished at the end of the file"] == 0
    assert after.kept == before.kept + 1
    assert after.read == before.read


def test_a_second_run_reads_only_what_is_new(tmp_path):
    records = runs.posts(600)
    stream = runs.write(tmp_path / "posts.ndjson", records[:300])
    folder = tmp_path / "state"
    runs.run([stream], folder=folder)
    with stream.open("ab") as file:
        file.write(runs.write(tmp_path / "more", records[300:]).read_bytes())

    again = runs.run([stream], folder=folder)

    assert again.state.ledger == runs.run([stream]).state.ledger
    assert State.load(folder).ledger.read == 600


def test_a_stopped_run_keeps_whole_batches_and_is_taken_up(tmp_path):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(2_000))
    folder, stop = tmp_path / "state", threading.Event()

    def counted(done):
        if done.batches == 3:
            stop.set()

    stopped = runs.run([stream], folder=folder, threads=2, counted=counted, stop=stop)
    assert not stopped.is_complete
    assert 0 < stopped.state.ledger.kept < 2_000

    assert runs.run([stream], folder=folder).state == runs.run([stream]).state


def test_a_fault_of_ours_costs_a_batch_and_tells_nothing_of_a_post(tmp_path, monkeypatch):
    secret = "nobody may read this"
    stream = runs.write(tmp_path / "posts.ndjson", [*runs.posts(400), runs.post(900, secret)])

    def fault(texts):
        if any(text and secret in text for text in texts.to_list()):
            raise ValueError(f"cannot read {texts.to_list()}")
        return tags_of(texts)

    tags_of = process.tags_of
    monkeypatch.setattr(process, "tags_of", fault)
    done = runs.run([stream], threads=2)

    lost = done.state.ledger.dropped["processing", "a fault of the program (ValueError)"]
    assert 0 < lost < 401
    assert done.state.ledger.adds_up
    assert secret not in repr(done.state.ledger)


def test_a_followed_file_is_read_while_it_is_written(tmp_path):
    records = runs.posts(300)
    stream = runs.write(tmp_path / "posts.ndjson", records[:100])
    waits = iter(range(100))

    def wait():
        number = next(waits)
        if number == 2:
            with stream.open("ab") as file:
                file.write(runs.write(tmp_path / "more", records[100:]).read_bytes())
        return number < 4

    followed = runs.run([stream], threads=2, options=Options(follow=wait))

    assert followed.state.ledger.read == 300
    assert followed.is_complete


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
def test_runs_that_are_killed_lose_and_double_nothing(tmp_path, threads):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(30_000))
    folder = tmp_path / "state"
    chance = random.Random(threads)  # noqa: S311 -- when to kill

    kills = 0
    while kills < 10:
        if _is_done_before(stream, folder, threads, batches=chance.randrange(1, 8)):
            break
        kills += 1

    resumed = runs.run([stream], folder=folder)
    assert kills == 10
    assert resumed.state == runs.run([stream]).state


def _is_done_before(stream, folder, threads, *, batches):
    """Start a run, kill it once it has counted some batches; return whether it ended by itself."""
    command = [sys.executable, "-W", "error", runs.__file__, stream, folder, str(threads)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as killed:  # noqa: S603 -- our own run
        assert killed.stdout is not None
        for _ in range(batches):
            if not killed.stdout.readline():
                return killed.wait() == 0
        killed.kill()
    return False
