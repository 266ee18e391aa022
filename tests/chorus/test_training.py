"""Training: what is held out is not learnt, and what is unknown is no answer."""

import numpy as np
import pytest

from chorus import corpus, labels
from chorus.concepts import load_concepts
from chorus.training import figures, held_out, plan, sources
from chorus.training.figures import Answers
from chorus.training.fitting import Counted, platt
from chorus.training.sources import Example


def example(text, event, yes, *, known=sources.EVERYTHING):
    return Example(text, sources.OWN, f"own.{event}", "en", known, yes, written_for="en")


def test_our_own_posts_teach_without_any_public_set():
    found = sources.gather(None)

    assert {each.source for each in found} == {sources.OWN}
    assert len(found) > 10_000


def test_a_contrasted_post_says_nothing_about_needs():
    (one, *_) = [each for each in sources.gather(None) if each.event == "own.contrast"]

    assert not one.known & labels.mask_of("information.blood", "about.about")
    assert one.known & labels.mask_of("hostility.hostility")


def test_what_is_not_known_of_a_post_is_no_answer():
    blood = labels.mask_of("information.blood")
    posts = [example("a", "mall", blood), example("b", "mall", 0), example("c", "mall", 0, known=0)]

    task = plan.task_of("information.blood", posts)

    assert task.rows.tolist() == [0, 1]
    assert task.yes.tolist() == [True, False]


def test_an_event_that_is_held_out_is_not_learnt():
    blood = labels.mask_of("information.blood")
    # Each event says it in a word of its own; who has learnt the other event cannot know it.
    posts = [
        example(f"{word} {number}", event, blood if word == own else 0)
        for event, own in (("mall", "zarpok"), ("rail", "quimbel"))
        for number in ("one", "two", "three", "four", "five")
        for word in (own, f"{event}ish")
    ]
    counted = Counted.of([post.text for post in posts], None)

    scores = held_out.held_out_scores(posts, counted, ["information.blood"])[:, 0]
    learnt = counted.weighted(counted.idf(np.arange(len(posts))))
    task = plan.task_of("information.blood", posts)
    seen = learnt.scores(task.rows, learnt.fit(task.rows, task.yes))

    assert ((seen > 0) == task.yes).all()
    assert ((scores > 0) == task.yes).mean() < 0.8


def test_platt_gives_the_share_of_yes():
    random = np.random.default_rng(1)
    scores = random.normal(size=4000).astype(np.float32)
    yes = random.random(4000) < 1 / (1 + np.exp(-(2 * scores - 1)))

    slope, intercept = platt(scores, yes)

    assert slope == pytest.approx(2, abs=0.25)
    assert intercept == pytest.approx(-1, abs=0.2)


def test_a_figure_is_that_of_plain_counting():
    yes = np.array([1, 1, 0, 0, 1, 0], bool)
    said = np.array([1, 0, 1, 0, 1, 0], bool)
    events = np.array(["own.mall", "own.mall", "own.mall", "own.rail", "own.rail", "own.everyday"])

    told = figures.figure("x", "en", "a test", Answers(yes, said, events))

    assert told.precision == pytest.approx(2 / 3, abs=1e-3)
    assert told.recall == pytest.approx(2 / 3, abs=1e-3)
    assert told.f1 == pytest.approx(2 / 3, abs=1e-3)
    assert told.truth_per_found is not None
    assert told.truth_per_found[1] <= told.truth_per_found[0] <= told.truth_per_found[2]


def test_error_bars_come_from_incidents_alone():
    yes = np.array([1, 1, 1, 1, 0, 0, 0, 0], bool)
    events = np.array(["own.mall"] * 2 + ["own.rail"] * 2 + ["own.everyday"] * 4)
    right = figures.figure("x", "en", "a test", Answers(yes, yes, events))
    # Everyday posts that are taken for a need change the score, not the bar.
    wrong = figures.figure("x", "en", "a test", Answers(yes, np.ones(8, bool), events))

    assert wrong.f1 < right.f1
    assert wrong.truth_per_found == right.truth_per_found


@pytest.mark.slow
def test_heads_fitted_on_half_the_events_understand_the_others():
    found = [each for each in sources.gather(None) if each.event != "own.contrast"]
    counted = Counted.of([each.text for each in found], load_concepts())
    events = np.array([each.event for each in found])
    halves = sorted({f"own.{name}" for name in corpus.EVENTS} - {"own.contrast"})[::2]
    is_held = np.isin(events, halves)
    learnt = counted.weighted(counted.idf(np.flatnonzero(~is_held)))
    for key, least in (("information.blood", 0.65), ("hostility.hostility", 0.65)):
        task = plan.task_of(key, found)
        rows, yes = task.rows[~is_held[task.rows]], task.yes[~is_held[task.rows]]
        scores = learnt.scores(task.rows, learnt.fit(rows, yes))
        asked = is_held[task.rows]

        assert figures.f1(task.yes[asked], scores[asked] > 0) > least
