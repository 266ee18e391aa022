"""The state: parts add up to the whole, a crash loses nothing, and no text of few is ever in it."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.foldable import same_arrays
from chorus.keys import ABSENT
from chorus.ledger import Ledger
from chorus.seen import SeenIds
from chorus.state import FILE, Settings, SettingsDifferError, State, StateFileError
from chorus.texts import Texts
from tests.chorus.observed import SETTINGS, START, Post, batched_streams, observed

SECRET = "we meet at the old bakery at nine"


def state_of(*batches, counted_by=SETTINGS) -> State:
    state = State(counted_by)
    for batch in batches:
        state.fold(observed(batch))
    return state


def by(authors, text=SECRET, exact=77):
    return [Post(author=100 + author, exact=exact, text=text) for author in range(authors)]


@settings(max_examples=25, deadline=None)
@given(batched_streams())
def test_order_and_batches_do_not_matter(stream):
    posts, batches = stream

    assert state_of(*batches) == state_of(posts)


@settings(max_examples=25, deadline=None)
@given(batched_streams())
def test_parts_merged_equal_the_whole(stream):
    posts, batches = stream
    merged = State(SETTINGS)
    for batch in batches:
        assert merged.merge(state_of(batch)) == 0

    assert merged == state_of(posts)
    assert merged.to_bytes() == state_of(posts).to_bytes()


@settings(max_examples=25, deadline=None)
@given(batched_streams())
def test_what_was_saved_is_loaded_to_be_counted_on(stream):
    posts, batches = stream
    state = State.from_bytes(state_of(posts).to_bytes())
    assert state == state_of(posts)

    for batch in batches:
        state.fold(observed(batch))

    assert state == state_of(posts, posts)


def test_every_difference_of_two_states_is_seen():
    state = state_of([Post()])

    assert state != state_of([Post(author=2)])
    assert state != state_of([Post()], counted_by=replace(SETTINGS, k=11))
    moved = state_of([Post()])
    moved.position = {"offset": 3}
    assert state != moved
    assert state != 1


def test_states_of_two_incidents_are_not_added_up():
    with pytest.raises(SettingsDifferError, match="the time of the incident"):
        state_of([Post()]).merge(State(replace(SETTINGS, incident_at=5)))


def test_a_text_is_kept_only_once_k_authors_posted_exactly_it(tmp_path):
    few, enough = state_of(by(9)), state_of(by(9), by(10))

    assert few.texts.shown == {}
    assert list(enough.texts.shown.values()) == [SECRET]
    few.save(tmp_path)
    assert SECRET.encode() not in (tmp_path / FILE).read_bytes()
    enough.save(tmp_path)
    assert SECRET.encode() in (tmp_path / FILE).read_bytes()
    assert State.load(tmp_path).texts.shown == {0: SECRET}


def test_one_author_who_posts_often_and_unknown_authors_do_not_make_k():
    flood = [Post(author=1, exact=77, text=SECRET)] * 50
    unknown = [Post(author=0, exact=77, text=SECRET)] * 50

    assert state_of(flood, unknown).texts.shown == {}


def test_a_text_of_few_that_a_fault_put_in_is_not_saved():
    state = state_of(by(9))
    # The planted fault: a text stands where it must not.
    state.texts.shown[0] = SECRET

    assert SECRET.encode() not in state.to_bytes()


def test_two_parts_whose_authors_make_k_only_together_show_the_text_with_the_next_batch():
    merged = state_of(by(6))
    merged.merge(state_of([replace(post, author=post.author + 50) for post in by(6)]))
    assert merged.texts.shown == {}

    merged.fold(observed(by(1)))

    assert list(merged.texts.shown.values()) == [SECRET]


def test_a_text_is_scored_once_over_the_whole_stream():
    state = state_of([Post(exact=5, labels=6, language=3)])

    known = state.texts.known(np.array([5, 6, 0], np.uint64))

    assert known.rows.tolist() == [0, ABSENT, ABSENT]
    assert known.labels.tolist() == [6, 0, 0]
    assert known.languages.tolist() == [3, 0, 0]


def test_texts_of_few_authors_posted_longest_ago_make_room_and_are_counted():
    few_texts = replace(SETTINGS, texts_kept=100)
    state = state_of(by(10, exact=10**6), counted_by=few_texts)

    for i in range(300):
        state.fold(observed([Post(bucket=START + i, exact=i + 1)]))

    texts = state.texts
    assert len(texts) <= 100
    assert texts.shown
    assert texts.known(np.array([10**6], np.uint64)).rows[0] != ABSENT
    assert texts.known(np.array([300, 1], np.uint64)).rows[1] == ABSENT
    kept = int(texts.columns["posts"][: len(texts)].sum())
    assert kept + texts.dropped_posts == 310
    assert texts.dropped_texts + len(texts) == 301
    assert same_arrays(Texts.from_arrays(texts.arrays(), few_texts).arrays(), texts.arrays())


def test_what_another_thread_looks_up_stays_as_it_was_while_room_is_made():
    few_texts = replace(SETTINGS, texts_kept=10)
    texts = Texts(few_texts)
    texts.fold(observed([Post(exact=i, labels=i, language=1) for i in range(1, 11)]))
    before = texts._lookup

    texts.fold(observed([Post(bucket=START + i, exact=20 + i, labels=63) for i in range(9)]))

    assert before.labels[before.rows.find(np.arange(1, 11, dtype=np.uint64))].tolist() == [
        *range(1, 11)
    ]


def test_a_post_that_comes_twice_is_counted_once_and_said():
    state = state_of([Post(id=5), Post(id=5, author=2), Post(id=0), Post(id=0)], [Post(id=5)])

    assert state.ledger.read == 5
    assert state.ledger.kept == 3
    assert state.ledger.dropped == {("counting", "seen before (same id)"): 2}


def test_merging_says_how_many_posts_both_had_seen():
    state = state_of([Post(id=5), Post(id=6)])

    assert state.merge(state_of([Post(id=6), Post(id=7)])) == 1
    assert state.ledger.counted_twice == 1


@given(st.lists(st.lists(st.integers(0, 30), max_size=20), max_size=8), st.integers(2, 20))
def test_ids_are_remembered_exactly_while_there_is_room(batches, room):
    seen = SeenIds(replace(SETTINGS, ids_kept=room))
    known: list[int] = []
    for batch in batches:
        firsts = seen.take(np.array(batch, np.uint64)).tolist()
        for value, is_first in zip(batch, firsts, strict=True):
            if value == 0:
                assert is_first
            elif is_first:
                assert value not in known[-(room // 2) :] or len(set(known)) > room // 2
                known.append(value)
            else:
                assert value in known
        assert len(seen) <= room + 2 * max(len(batch) for batch in batches)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 99),
            st.sampled_from(["reading", "forgetting"]),
            st.dictionaries(st.sampled_from(["no text", "not JSON"]), st.integers(0, 9)),
        )
    )
)
def test_the_ledger_adds_up(steps):
    ledger = Ledger()
    for kept, step, reasons in steps:
        ledger.keep(kept)
        ledger.drop(step, reasons)

    total = sum(kept + sum(reasons.values()) for kept, _, reasons in steps)
    assert ledger.adds_up
    assert ledger.read == total
    assert Ledger.from_plain(ledger.plain()) == ledger


def test_a_ledger_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError, match="do not add up"):
        Ledger.from_plain({**Ledger().plain(), "read": 1})


def test_only_the_owner_may_read_a_state_and_its_bytes_do_not_tell_when_it_was_saved(tmp_path):
    path = state_of([Post()]).save(tmp_path / "state")

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == state_of([Post()]).to_bytes()
    with np.load(path) as content:
        assert content["cells/posts"].tolist() == [1]


def test_a_state_that_is_not_there_or_not_ours_says_so(tmp_path):
    with pytest.raises(StateFileError, match="There is no state in"):
        State.load(tmp_path)
    (tmp_path / FILE).write_bytes(b"PK no archive")
    with pytest.raises(StateFileError, match="use another copy"):
        State.load(tmp_path)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_state_of_which_a_byte_was_changed_or_lost_is_refused_or_the_same(data):
    state = state_of(by(10))
    content = bytearray(state.to_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))

    for broken in (bytes(content), bytes(content[:place])):
        answer = answer_to(broken)
        assert answer == state or SECRET not in answer


def answer_to(content: bytes) -> State | str:
    try:
        return State.from_bytes(content)
    except StateFileError as refusal:
        return str(refusal)


def test_a_full_disk_leaves_the_old_state_whole(tmp_path):
    state_of([Post()]).save(tmp_path)
    program = (
        "import resource, sys; from pathlib import Path; from chorus.state import State\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from tests.chorus.test_state import state_of, by\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "state_of(by(10)).save(Path(sys.argv[1]))\n"
    )

    run = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-B", "-c", program, str(tmp_path)],
        capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip

    assert "The state cannot be saved" in run.stderr
    assert SECRET not in run.stderr
    assert State.load(tmp_path) == state_of([Post()])
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.slow
def test_killing_a_process_that_saves_leaves_a_whole_state(tmp_path):
    program = (
        "import sys; from pathlib import Path\n"
        "from tests.chorus.test_state import Post, state_of, observed\n"
        "state = state_of([Post(author=i, exact=i + 1) for i in range(3000)])\n"
        "for i in range(10**6):\n"
        "    state.position = {'batches': i}; state.fold(observed([Post()]))\n"
        "    state.save(Path(sys.argv[1]))\n"
    )
    latest = 0
    rng = np.random.default_rng(5)

    for _ in range(6):
        writer = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-B", "-c", program, str(tmp_path)], env=environment()
        )
        while not (tmp_path / FILE).exists():
            time.sleep(0.01)
        time.sleep(0.8 + rng.random() * 0.2)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        state = State.load(tmp_path)
        assert state.ledger.kept == 3001 + state.position["batches"]
        latest = max(latest, state.position["batches"])

    assert latest > 0


def environment() -> dict[str, str]:
    root = Path(__file__).parents[2]
    return {**os.environ, "PYTHONPATH": f"{root / 'src'}:{root}"}


def test_settings_know_the_quarter_hour_of_the_incident():
    assert Settings(incident_at=START * 900_000_000 + 5).incident_bucket == START
