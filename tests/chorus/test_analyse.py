"""The commands that make, renew, add up and forget: in the process, and as a person starts them."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import runs
from toy_heads import toy_heads

from chorus import cli
from chorus.analysis import held, key_path
from chorus.heads import save_heads
from chorus.state import State


@pytest.fixture(scope="module")
def heads(tmp_path_factory):
    folder = tmp_path_factory.mktemp("heads")
    save_heads(toy_heads(), folder)
    return folder


@pytest.fixture
def analyse(tmp_path, heads):
    """Return a function that calls `chorus analyse` with what it always needs."""

    def call(*words, state="state", out="report"):
        return cli.main(_words(tmp_path, heads, *words, state=state, out=out))

    return call


def _words(folder, heads, *words, state="state", out="report"):
    kept = ["--state", str(folder / state)] if state else []
    common = ["--incident", runs.AT.isoformat(), "--out", str(folder / out), "--heads", str(heads)]
    return ["analyse", *common, *kept, "--formats", "json", *map(str, words)]


def report_of(folder):
    return json.loads((folder / "report" / "report.json").read_bytes())


def test_a_report_says_what_was_read_and_what_was_left_out(analyse, tmp_path, capsys):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(500))
    with stream.open("ab") as file:
        file.write(b"{broken\n[]\n{broken\n")

    assert analyse(stream) == 0

    said = capsys.readouterr().err
    assert "Read posts.ndjson as JSON lines" in said
    assert "503 posts and lines were read" in said
    assert "Left out: 2 not JSON (lines 501, 503)." in said
    assert "Left out: 1 JSON, but not an object (line 502)." in said
    assert str(tmp_path / "report") in said
    assert report_of(tmp_path)["ledger"]["read"] == 503


def test_quiet_says_nothing_and_stats_say_what_it_cost(analyse, tmp_path, capsys):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(100))

    analyse(stream, "--quiet", "--stats", state=None)

    said = capsys.readouterr()
    stats = json.loads(said.out)
    assert said.err == ""
    assert stats["posts"] == 100
    assert {"read", "forget", "fingerprint", "score", "tags", "count"} <= stats[
        "stage_shares"
    ].keys()
    assert sum(stats["stage_shares"].values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--incident", "2026-05-13T07:30"], "does not say its zone"),
        (["--incident", "yesterday"], "is not a moment"),
        (["--k", "3"], "fewer people could be recognised"),
        (["--language", "en,xx"], "There is no language 'xx'"),
        (["--formats", ""], "There is no format"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(analyse, tmp_path, capsys, words, sentence):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(5))

    with pytest.raises(SystemExit) as ended:
        analyse(stream, *words)

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 2), (b"\x00\x01\x02\x03", 2), (b'{"text": "", "id": "1"}\n', 1)]
)
def test_a_stream_without_posts_ends_with_a_sentence(analyse, tmp_path, capsys, content, status):
    stream = tmp_path / "posts.ndjson"
    stream.write_bytes(content)

    assert analyse(stream, state=None) == status

    assert capsys.readouterr().err.rstrip().endswith(".")


def test_a_missing_file_is_said_before_anything_is_made(analyse, tmp_path, capsys):
    assert analyse(tmp_path / "nothing.ndjson", state=None) == 2

    assert "nothing.ndjson" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_state_is_read_on_under_its_key_and_for_its_incident_only(analyse, tmp_path, capsys):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(50))
    analyse(stream)
    more = runs.write(tmp_path / "more.ndjson", runs.posts(60, seed=2)[50:])

    assert analyse(more) == 0
    assert State.load(tmp_path / "state").ledger.read == 60
    assert key_path(tmp_path / "state").stat().st_mode & 0o777 == 0o600

    assert analyse(more, "--incident", "2026-05-14T00:00Z") == 2
    assert "the time of the incident" in capsys.readouterr().err
    assert analyse(more, "--k", "11") == 2


def test_two_runs_do_not_count_into_one_state(analyse, tmp_path, capsys):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(5))
    with held(tmp_path / "state"):
        assert analyse(stream) == 2

    assert "Another run" in capsys.readouterr().err
    assert analyse(stream) == 0


def test_states_of_two_parts_are_added_up_and_reported(analyse, tmp_path, heads, capsys):
    records = runs.posts(600)
    whole = runs.write(tmp_path / "whole.ndjson", records)
    first = runs.write(tmp_path / "first.ndjson", records[:300])
    second = runs.write(tmp_path / "second.ndjson", records[300:])
    analyse(whole, state="all", out="expected")
    key = ["--key", str(key_path(tmp_path / "all"))]
    analyse(first, *key, state="one")
    analyse(second, *key, state="two")

    merged = [str(tmp_path / name) for name in ("one", "two")]
    assert cli.main(["merge", *merged, "--out", str(tmp_path / "sum")]) == 0
    told = ["--out", str(tmp_path / "report"), "--heads", str(heads), "--formats", "json"]
    assert cli.main(["report", str(tmp_path / "sum"), *told]) == 0

    both = State.load(tmp_path / "sum")
    expected = State.load(tmp_path / "all")
    # A post that came again in the second part counts twice, and that is said.
    again = expected.ledger.dropped["counting", "seen before (same id)"]
    missed = both.ledger.counted_twice
    assert both.ledger.read == 600
    assert both.ledger.kept == expected.ledger.kept + missed
    assert 0 < missed < again
    assert not key_path(tmp_path / "sum").exists()


def test_states_under_different_keys_are_not_added_up(analyse, tmp_path, capsys):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(20))
    analyse(stream, state="one")
    analyse(stream, state="two")

    both = [str(tmp_path / name) for name in ("one", "two")]
    assert cli.main(["merge", *both, "--out", str(tmp_path / "sum")]) == 2
    assert "the key of the incident" in capsys.readouterr().err
    assert cli.main(["merge", both[0], both[0], "--out", str(tmp_path / "sum")]) == 2


def test_forgetting_destroys_the_key_and_leaves_a_proof(analyse, tmp_path, capsys):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(20))
    analyse(stream)
    fingerprint = State.load(tmp_path / "state").settings.key
    capsys.readouterr()

    assert cli.main(["forget", str(tmp_path / "state")]) == 0

    printed = json.loads(capsys.readouterr().out)
    proof = json.loads((tmp_path / "state" / "key-destroyed.json").read_bytes())
    assert printed == proof
    assert proof["fingerprint"] == fingerprint
    assert not key_path(tmp_path / "state").exists()
    assert analyse(stream) == 2
    assert "destroyed, or never made" in capsys.readouterr().err


def test_a_report_is_made_anew_with_what_was_used(analyse, tmp_path, heads, capsys):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(300))
    analyse(stream)
    before = report_of(tmp_path)
    words = ["--out", str(tmp_path / "report"), "--formats", "json"]

    assert cli.main(["report", str(tmp_path / "state"), *words, "--heads", str(heads)]) == 0
    after = report_of(tmp_path)
    assert after["needs"] == before["needs"]
    assert after["ledger"]["kept"] == before["ledger"]["kept"]

    assert cli.main(["report", str(tmp_path / "state"), *words]) == 2
    assert "not the heads" in capsys.readouterr().err


@pytest.mark.slow
def test_ctrl_c_on_a_followed_file_keeps_what_is_done(tmp_path, heads):
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(400))
    words = _words(tmp_path, heads, stream, "--follow", "--every", "0.1", "--threads", "2")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-m", "chorus", *words], env=environment, stderr=subprocess.PIPE
    ) as followed:
        _wait_for((tmp_path / "report" / "report.json").exists)
        with stream.open("ab") as file:
            file.write(runs.write(tmp_path / "more", runs.posts(500)[400:]).read_bytes())
        _wait_for(lambda: report_of(tmp_path)["ledger"]["read"] == 500)
        followed.send_signal(signal.SIGINT)
        _, said = followed.communicate(timeout=60)

    assert followed.returncode == 0
    assert b"Stopped before the end" in said
    assert State.load(tmp_path / "state").ledger.read == 500


def _wait_for(is_so):
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_run_does_not_load_pandas_where_it_is_installed(tmp_path, heads):
    (tmp_path / "pandas.py").write_text("import os; os._exit(9)")
    stream = runs.write(tmp_path / "posts.ndjson", runs.posts(20))
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])

    ended = subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "-m", "chorus", *_words(tmp_path, heads, stream)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr.decode()
