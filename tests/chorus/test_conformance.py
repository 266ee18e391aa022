"""One suite over every step and the whole: what must hold whatever is in the posts."""

import io
import os
import subprocess
import sys
import zipfile
from datetime import timedelta

import polars as pl
import pyarrow as pa
import pytest
import runs
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_heads import toy_heads

from chorus import cli, process
from chorus.foldable import OBSERVED
from chorus.heads import save_heads
from chorus.memo import Memo
from chorus.process import left_out
from chorus.reading.rows import RAW_BATCH
from chorus.state import State

# What must never come out, however many people wrote it.
SECRETS = {
    "handle": "@ratna_wijaya88",
    "mail": "ratna.wijaya@example.org",
    "link": "https://example.org/p/ratna-4711",
    "phone": "+62 812 3456 7890",
    "id": "3174096112900001",
    "account": "konto-von-ratna",
}
RARE = "sepatu merah hilang di lantai tujuh"

TEXTS = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.sampled_from(
        ["RT @a: blood #Tag", "#ÅRHUS the blood", "\u202e#evil\u202c", "a" * 20_000, ""]
    ),
    st.text("@#:/. \u200d\u0640\u064eaA0أ😀", max_size=40),
)
POSTS = st.tuples(
    st.one_of(st.none(), st.text(max_size=8)),
    st.one_of(
        st.none(), st.integers(-3_000, 3_000).map(lambda each: runs.AT + timedelta(minutes=each))
    ),
    st.one_of(st.none(), st.text(max_size=8)),
    TEXTS,
    st.one_of(st.none(), st.sampled_from(["en", "id-ID", "@someone"])),
    st.booleans(),
)


def raw_batch(posts):
    rows = [(*post, line) for line, post in enumerate(posts, 1)]
    return pl.DataFrame(rows, schema=RAW_BATCH, orient="row")


def recipe(**more):
    return runs.recipe_of(**more)


@given(st.lists(POSTS, max_size=12), st.integers(0, 12))
def test_batches_and_what_came_before_do_not_change_what_is_observed(posts, cut):
    raw, memo = raw_batch(posts), Memo()

    whole = process.process(raw, recipe())
    parts = [process.process(part, recipe(), memo) for part in (raw[cut:], raw[:cut])]

    assert whole.schema == OBSERVED
    assert whole.equals(pa.concat_tables(parts[::-1]))
    assert whole.equals(process.process(raw, recipe(), memo))


@given(st.lists(POSTS, max_size=12))
def test_every_post_is_observed_or_left_out_for_a_reason(posts):
    raw = raw_batch(posts)
    window = recipe(since=runs.AT - timedelta(hours=9), until=runs.AT + timedelta(hours=9))

    for each in (recipe(), window, recipe(now=runs.AT)):
        observed, lost = process.process(raw, each), left_out(raw, each)
        assert len(observed) + lost.total() == len(raw)


@given(st.lists(POSTS, max_size=12), st.integers(0, 12))
def test_two_parts_of_a_stream_add_up_to_the_whole(posts, cut):
    observed = process.process(raw_batch(posts).unique("id", maintain_order=True), recipe())
    whole, one, other = (State(runs.settings_of()) for _ in range(3))

    whole.fold(observed)
    one.fold(observed[:cut])
    other.fold(observed[cut:])
    one.merge(other)

    # The same posts without an id are counted in both.
    assert one == whole


@settings(max_examples=25)
@given(st.lists(st.one_of(st.binary(max_size=80), st.sampled_from([
    b'{"id": "1", "text": "blood", "created_at": "2026-05-13T01:00:00Z", "author": "a"}',
    b'{"id": 1, "text": ["blood"], "created_at": 1778634000, "author": {"a": 1}}',
    b'{"text": "\\ud83d the half", "created_at": "2026-05-13T01:00:00Z"}',
    b'{"text": "x", "created_at": "2026-05-13T01:00:00Z", "deep": ' + b"[" * 99 + b"]" * 99 + b"}",
])), max_size=8))  # fmt: skip
def test_no_bytes_make_a_run_fail(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("bytes") / "posts.ndjson"
    first = b'{"id": "0", "text": "the blood", "created_at": "2026-05-13T01:00:00Z", "author": "a"}'
    path.write_bytes(b"\n".join([first, *lines]))

    done = runs.run([path])

    ledger = done.state.ledger
    assert ledger.adds_up
    assert not done.trouble
    assert not any(step == "processing" for step, _ in ledger.dropped)
    assert runs.run([path]).state == done.state


# -- Nothing private survives ----------------------------------------------------------------


@pytest.fixture
def stream(tmp_path):
    """A stream in which twelve people write all secrets, and few people write a rare text."""
    told = f"the blood of {SECRETS['handle']}, call {SECRETS['phone']} or {SECRETS['mail']}"
    told = f"{told}, {SECRETS['link']} id {SECRETS['id']} #Rivermouth"
    posts = runs.posts(300)
    posts += [
        runs.post(1_000 + each, told, author=f"{SECRETS['account']}{each}", minutes=each)
        for each in range(12)
    ]
    posts += [runs.post(2_000 + each, RARE, author=f"one{each}", minutes=9) for each in range(9)]
    return runs.write(tmp_path / "posts.ndjson", posts)


@pytest.fixture(scope="session")
def heads(tmp_path_factory):
    folder = tmp_path_factory.mktemp("heads")
    save_heads(toy_heads(), folder)
    return folder


def words_of(stream, heads, tmp_path, *more):
    return [
        "analyse", str(stream), "--incident", runs.AT.isoformat(),
        "--out", str(tmp_path / "report"),
        "--state", str(tmp_path / "state"), "--heads", str(heads), "--verbose", "--stats",
        "--language", "all", *more,
    ]  # fmt: skip


def everything_in(folder):
    """Yield the name and bytes of every file below a folder, archives unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        yield path.name, path.name.encode()
        yield path.name, content
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield f"{path.name}/{name}", archive.read(name)


def found_in(files):
    """Return which secrets, or parts that tell them, stand where."""
    needles = {
        **SECRETS,
        "handle": "ratna_wijaya",
        "mail": "wijaya@",
        "link": "ratna-4711",
        "phone": "3456",
        "id": "317409",
        "rare": RARE,
    }
    return {
        (kind, name)
        for name, content in files
        for kind, needle in needles.items()
        for encoding in ("utf-8", "utf-16-le")
        if needle.encode(encoding) in content
    }


def test_nothing_private_is_in_any_output_state_or_message(
    stream, heads, tmp_path, monkeypatch, capfd
):
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setenv("TMPDIR", str(aside))

    status = cli.main(words_of(stream, heads, tmp_path))

    said = capfd.readouterr()
    assert status == 0
    files = [file for name in ("report", "state") for file in everything_in(tmp_path / name)]
    assert {"report.json", "state.chorus", "report.ar.html"} <= {name for name, _ in files}
    assert b"[user]" in dict(files)["state.chorus/texts/text.bytes.npy"]
    assert found_in([*files, ("stdout", said.out.encode()), ("stderr", said.err.encode())]) == set()
    assert list(aside.iterdir()) == []


def test_what_is_not_masked_would_be_found(stream, heads, tmp_path, monkeypatch):
    monkeypatch.setattr("chorus.forgetting.mask", lambda texts: texts)

    cli.main(words_of(stream, heads, tmp_path, "--quiet"))

    found = found_in(everything_in(tmp_path / "state"))
    assert {kind for kind, _ in found} >= {"handle", "phone", "mail", "link", "id"}


def test_without_a_state_only_the_report_is_left(stream, heads, tmp_path):
    words = words_of(stream, heads, tmp_path, "--quiet")
    at = words.index("--state")

    assert cli.main([*words[:at], *words[at + 2 :]]) == 0

    assert {path.name for path in tmp_path.iterdir()} == {"posts.ndjson", "report"}


@pytest.mark.parametrize("most", [0, 20_000])
def test_a_full_disk_gives_a_sentence_and_no_half_report(stream, heads, tmp_path, most):
    # No file may grow past this: to a program the same as a disk without room.
    program = (
        "import resource, signal, sys; from chorus import cli;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}));"
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    words = words_of(stream, heads, tmp_path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    ended = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", program, *words], capture_output=True, env=environment, check=False
    )  # fmt: skip

    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr
    assert ended.stderr.decode().splitlines()[-1].endswith((".", "untouched."))
    assert not (tmp_path / "report").exists()
    left = {path.name for path in tmp_path.iterdir()} - {"posts.ndjson", "state"}
    assert left == set()
    assert found_in([("stderr", ended.stderr), *everything_in(tmp_path / "state")]) == set()
