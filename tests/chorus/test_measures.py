"""Measures agree with scikit-learn, and intervals with what they are intervals of."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from chorus.training import measures

CLASSES = 4
answers = st.lists(
    st.tuples(st.integers(0, CLASSES - 1), st.integers(0, CLASSES - 1)), min_size=1, max_size=60
)
sets = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), min_size=1, max_size=60)


def masks(numbers):
    return np.uint64(1) << np.array(numbers, np.uint64)


@given(answers)
def test_figures_of_one_answer_a_post_are_those_of_scikit_learn(pairs):
    true, said = map(np.array, zip(*pairs, strict=True))
    found = measures.hits(masks(true), masks(said), CLASSES).total()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        precision, recall, f1, support = metrics.precision_recall_fscore_support(
            true, said, labels=range(CLASSES), zero_division=0
        )
        weighted = metrics.f1_score(true, said, average="weighted", zero_division=0)
        macro = metrics.f1_score(
            true, said, labels=np.unique(true), average="macro", zero_division=0
        )
        table = metrics.confusion_matrix(true, said, labels=range(CLASSES))
    np.testing.assert_allclose(found.precision[0], precision)
    np.testing.assert_allclose(found.recall[0], recall)
    np.testing.assert_allclose(found.f1[0], f1)
    np.testing.assert_array_equal(found.support[0], support)
    assert found.weighted_f1()[0] == pytest.approx(weighted)
    assert found.macro_f1()[0] == pytest.approx(macro)
    np.testing.assert_array_equal(measures.confusion(true, said, CLASSES), table)


@given(sets)
def test_figures_of_several_answers_a_post_are_those_of_scikit_learn(pairs):
    true, said = (np.array(side, np.uint64) for side in zip(*pairs, strict=True))
    found = measures.hits(true, said, CLASSES).total()
    columns = [
        ((side[:, None] >> np.arange(CLASSES, dtype=np.uint64)) & np.uint64(1)).astype(int)
        for side in (true, said)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        each = metrics.f1_score(*columns, average=None, zero_division=0)
        micro = metrics.f1_score(*columns, average="micro", zero_division=0)
    np.testing.assert_allclose(found.f1[0], each)
    assert found.micro_f1()[0] == pytest.approx(micro)


@given(sets, st.integers(1, 5))
def test_events_add_up_to_the_whole(pairs, number):
    true, said = (np.array(side, np.uint64) for side in zip(*pairs, strict=True))
    events = np.arange(len(pairs)) % number
    by_event = measures.hits(true, said, CLASSES, events)
    whole = measures.hits(true, said, CLASSES)
    assert len(by_event.times) == min(number, len(pairs))
    for part in ("right", "wrong", "missed"):
        summed, counted = (getattr(each.total(), part) for each in (by_event, whole))
        np.testing.assert_array_equal(summed, counted)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2, max_size=50).filter(
        lambda pairs: len({yes for yes, _ in pairs}) == 2
    )
)
def test_ranks_are_judged_as_scikit_learn_does(pairs):
    yes, scores = (np.array(side) for side in zip(*pairs, strict=True))
    assert measures.average_precision(yes, scores) == pytest.approx(
        metrics.average_precision_score(yes, scores)
    )
    assert measures.area_under_roc(yes, scores) == pytest.approx(metrics.roc_auc_score(yes, scores))


def test_an_interval_holds_the_figure_and_narrows_with_more_posts():
    generator = np.random.default_rng(1)

    def width(posts):
        true = generator.integers(0, 3, posts)
        said = np.where(generator.random(posts) < 0.7, true, generator.integers(0, 3, posts))
        found = measures.hits(masks(true), masks(said), 3)
        low, high = measures.interval(found)
        assert low <= found.total().macro_f1()[0] <= high
        assert (low, high) == measures.interval(found)
        return high - low

    assert width(5_000) < width(200) / 2


def test_events_that_differ_make_an_interval_wider_than_their_posts_do():
    true = np.tile([0, 1], 500)
    events = np.repeat(np.arange(10), 100)
    said = np.where(events < 5, true, 1 - true)
    by_event = measures.interval(measures.hits(masks(true), masks(said), 2, events))
    by_post = measures.interval(measures.hits(masks(true), masks(said), 2))
    assert by_event[1] - by_event[0] > 3 * (by_post[1] - by_post[0])


@pytest.mark.parametrize("answer", [measures.average_precision, measures.area_under_roc])
def test_without_posts_or_without_both_answers_there_is_nothing_to_rank(answer):
    assert answer(np.zeros(0, bool), np.zeros(0)) in {0.0, 0.5}
    assert answer(np.zeros(3, bool), np.arange(3.0)) in {0.0, 0.5}
    assert measures.interval(measures.hits(*[np.zeros(0, np.uint64)] * 2, 2)) == (0.0, 0.0)
