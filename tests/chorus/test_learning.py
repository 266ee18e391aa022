"""Learning from a running incident: better or as before, never worse, and no text in any file."""

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus import cli, corpus, labels
from chorus.heads import load_heads, save_heads
from chorus.training import learning
from chorus.training.labelled import Columns, Labelled, LabelledError
from chorus.training.learning import LearningError, learn

EVERY = corpus.every_post()
CALM = [post.text for post in EVERY if not post.mask & labels.mask_of("hostility.hostility")]
POSTS = [EVERY[each] for each in np.random.default_rng(5).permutation(len(EVERY))[:400]]
COLUMNS = Columns("text", "label")


@pytest.fixture(scope="module")
def heads():
    return load_heads()


def file_of(folder, rows):
    path = folder / "labels.parquet"
    pl.DataFrame(rows, schema=["text", "label"], orient="row").write_parquet(path)
    return Labelled(path, COLUMNS)


def learnt(heads, folder, rows, head="hostility"):
    return learn(heads, head, file_of(folder, rows), given_at="2026-05-13T08:00+00:00")


def new_word(number, *, is_yes):
    """Return a post whose answer hangs on words that mean nothing elsewhere."""
    said = "yellow bicycle outside the station" if is_yes else "purple guitar in the garden"
    return f"{said} again number {'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]}"


def test_what_words_stand_for_in_this_incident_is_learnt(heads, tmp_path):
    rows = [(new_word(each, is_yes=each % 2 == 0), each % 2 == 0) for each in range(100)]
    # Copies would stay in one fold; these differ by more than a word.
    rows = [(f"{text} {CALM[40 * number]}", yes) for number, (text, yes) in enumerate(rows)]
    found = learnt(heads, tmp_path, rows)
    assert found.report["is_kept"]
    new = found.report["held_out"]["new"]
    assert new["after"] > new["before"] + 0.1
    assert "learnt from 100 posts" in found.report["answer"]
    test = [
        f"{new_word(7, is_yes=yes)} {CALM[50 * number + 7]}"
        for number, yes in enumerate([True, False] * 20)
    ]
    moved = found.heads.score(test).of("hostility.hostility") - heads.score(test).of(
        "hostility.hostility"
    )
    assert moved[::2].mean() > 0.1 + moved[1::2].mean()


def datasets():
    """Return label columns of every kind: random, turned over, nearly one class, tiny."""
    return st.tuples(
        st.integers(6, 60),
        st.sampled_from(["random", "turned", "true", "rare"]),
        st.integers(0, 1_000),
    )


@pytest.mark.slow
@given(datasets())
@settings(max_examples=25)
def test_what_is_held_out_is_never_answered_worse_than_before(tmp_path_factory, dataset):
    check_never_worse(tmp_path_factory.mktemp("labels"), load_heads(), *dataset)


@pytest.mark.parametrize("kind", ["random", "turned", "rare"])
def test_labels_that_mislead_leave_the_old_head_in_place(heads, tmp_path, kind):
    check_never_worse(tmp_path, heads, 50, kind, 1)


def check_never_worse(folder, heads, count, kind, seed):
    generator = np.random.default_rng(seed)
    posts = [POSTS[each] for each in generator.permutation(len(POSTS))[: 2 * count]]
    hostile = labels.mask_of("hostility.hostility")
    true = np.array([bool(post.mask & hostile) for post in posts])
    given_for = {
        "random": generator.random(len(posts)) < 0.5,
        "turned": ~true,
        "true": true,
        "rare": np.arange(len(posts)) < 3,
    }[kind]
    rows = [(post.text, str(yes)) for post, yes in zip(posts, given_for, strict=True)]
    try:
        found = learnt(heads, folder, rows[:count])
    except LearningError as problem:
        assert "teach hostility nothing" in str(problem)  # noqa: PT017 -- one kind of data set
        return
    new, ours = found.report["held_out"]["new"], found.report["held_out"]["ours"]
    if found.report["is_kept"]:
        assert new["after"] > new["before"]
        assert ours["after"] >= ours["before"] - learning._LOSS
    else:
        assert found.heads.weights is heads.weights
        assert "The old head stays" in found.report["answer"]
        assert found.heads.cards == heads.cards


def test_what_was_learnt_is_on_the_card_and_no_text_is_in_any_file(heads, tmp_path, monkeypatch):
    monkeypatch.setattr(learning, "_GAIN", -1.0)
    monkeypatch.setattr(learning, "_LOSS", 1.0)
    rows = [
        (f"{post.text} zorblat{'abcdefghij'[number % 10]}", str(number % 3 == 0))
        for number, post in enumerate(POSTS[:60])
    ]
    found = learnt(heads, tmp_path, rows)
    # With the two borders out of the way nothing may keep the new head back.
    assert found.report["is_kept"]
    save_heads(found.heads, tmp_path / "heads")
    card = load_heads(tmp_path / "heads").cards.of("hostility")
    assert card.version.endswith("+60")
    remark = card.remarks["learnt_in_event"][0]
    assert (remark["posts"], remark["given_at"]) == (60, "2026-05-13T08:00+00:00")
    written = b"".join(path.read_bytes() for path in (tmp_path / "heads").iterdir())
    said = json.dumps(found.report) + written.decode("latin-1")
    assert "zorblat" not in said
    assert not any(text.encode() in written or text in said for text, _ in rows)


def test_the_same_labels_teach_the_same(heads, tmp_path):
    rows = [(post.text, str(bool(post.mask & 1))) for post in POSTS[:50]]
    first, second = (learnt(heads, tmp_path, rows, head="about") for _ in range(2))
    assert first.report == second.report
    np.testing.assert_array_equal(first.heads.weights.rows, second.heads.weights.rows)


@pytest.mark.parametrize(
    ("rows", "problem", "sentence"),
    [
        ([("a", "yes")] * 5, LearningError, "at least 3 posts must carry a label and 3 another"),
        ([("", "yes")], LabelledError, "no row with both a text and a label"),
    ],
)
def test_labels_that_can_teach_nothing_are_a_sentence(heads, tmp_path, rows, problem, sentence):
    with pytest.raises(problem, match=sentence):
        learnt(heads, tmp_path, rows)


def test_the_command_writes_heads_that_other_commands_take(tmp_path, capsys):
    rows = [(post.text, str(bool(post.mask & 1))) for post in POSTS[:40]]
    path = file_of(tmp_path, rows).path
    words = ["learn", str(path), "--text", "text", "--label", "label", "--head", "about"]
    assert cli.main([*words, "--out", str(tmp_path / "heads")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["posts"] == 40
    assert cli.main(["cards", "about", "--heads", said["written_to"]]) == 0
    assert capsys.readouterr().out.startswith("about ")
