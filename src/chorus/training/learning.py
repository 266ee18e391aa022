"""Learning from a running incident: a hundred labelled posts make a head better there, or nothing.

What the labels teach is tried on posts that were held out: by folds of the new posts, and on posts
of ours. Only a head that does better on the new posts and no worse on ours takes the place of the
old one; otherwise the old one stays, with both figures in the answer.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus import labels
from chorus.cards import Cards, HeadCard
from chorus.heads import Heads, Scores
from chorus.training import adapting, measures
from chorus.training.adapting import Lessons, Rows
from chorus.training.asking import Task, task_of
from chorus.training.evaluation import frozen, survey
from chorus.training.foreign import scheme_for, unknown_among
from chorus.training.labelled import Labelled, LabelledError
from chorus.training.lessons import FEWEST, Lesson, Replay, lessons_of, replay_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# More posts than these teach little more and cost the square of their number.
MOST_POSTS: Final = 2_000
_FOLDS: Final = 5
_REPEATS: Final = 3
_TAUGHT: Final = 400
_CHECKED: Final = 400
# How much one of our posts counts, where a new one counts 1 on average, and what a change of the
# weights costs. Chosen on the events of CrisisLexT26.
_OURS: Final = 2.0
_STIFFNESS: Final = 0.3
# The new head must be better on the new posts by this, and may be worse on ours by that.
_GAIN: Final = 0.005
_LOSS: Final = 0.02
# Posts that have so much in common (cosine) stay in one fold; else copies would tell the answer.
_COPIES: Final = 0.7


class LearningError(ValueError):
    """The labels teach nothing; the message says why and what to do."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """The heads after learning (the old ones where nothing was gained) and what was found."""

    heads: Heads
    report: dict[str, Any]


@dataclass(frozen=True, eq=False)
class _Class:
    """What is learnt from: the new posts, ours, and the old log-odds of all of them."""

    task: Task
    lessons: tuple[Lesson, ...]
    texts: tuple[str, ...]
    true: "NDArray[np.uint64]"
    replay: Replay
    scores: Scores  # of the new posts, then of ours that are taught, then of ours that check
    rows: Rows
    alike: "NDArray[np.float32]"

    @property
    def columns(self) -> list[str]:
        return [lesson.column for lesson in self.lessons]

    @property
    def places(self) -> list[int]:
        return [self.scores.heads.columns.index(column) for column in self.columns]

    def taught(self) -> Lessons:
        """Return what all posts teach; those that check teach nothing."""
        old = self.scores.logits[:, self.places].astype(np.float64)
        wanted = 1 / (1 + np.exp(-old))
        weight = np.zeros(old.shape)
        new = len(self.texts)
        for number, lesson in enumerate(self.lessons):
            yes, no = lesson.known(self.true)
            wanted[:new, number] = yes
            # Yes and no count the same together, however seldom a yes is.
            weight[:new, number] = sum(
                side * (yes | no).sum() / (2 * max(1, side.sum())) for side in (yes, no)
            )
        weight[new : new + len(self.replay.taught)] = _OURS
        return Lessons(old, wanted, weight)

    def moved(self, change: "NDArray[np.float64]", posts: slice) -> Scores:
        """Return the scores of some posts after a change of the columns' log-odds."""
        logits = self.scores.logits[posts].copy()
        logits[:, self.places] += change[posts]
        return Scores(self.scores.heads, logits)


def learn(
    heads: Heads, head: str, file: Labelled, *, given_at: str, map_file: Path | None = None
) -> Learnt:
    """Return heads that learnt from a labelled file, or the old ones where that gains nothing.

    `given_at` says when the labels were given and goes into the card. Raises LabelledError,
    ForeignError or LearningError, with a sentence, when the file teaches nothing.
    """
    found = survey(file)
    scheme = scheme_for(head, found.cells, map_file)
    task = task_of(head, scheme, found.cells, heads)
    texts, true = _posts(file, task)
    report: dict[str, Any] = {
        "head": head,
        "posts": len(texts),
        "rows": found.rows,
        "among": list(task.asking.classes),
        "given_for": _given_for(task, true),
        "unknown_labels": unknown_among(scheme, found.cells),
    }
    room = _room(heads, task, texts, true, head=head)
    room, trial = _worthwhile(room, _tried(room))
    report["columns"] = room.columns
    report["held_out"] = _held_out(room, trial)
    is_better = bool(room.lessons) and _is_better(report["held_out"])
    after = _fitted(room, heads) if is_better else heads
    if is_better:
        report["held_out"]["ours"]["after"] = _packed_on_ours(room, after)
        is_better = _is_better(report["held_out"])
    report["is_kept"] = is_better
    report["answer"] = _answer(report)
    cards = _amended(heads.cards, report, given_at)
    return Learnt(Heads(after.weights if is_better else heads.weights, heads.tuning, cards), report)


def _posts(file: Labelled, task: Task) -> "tuple[tuple[str, ...], NDArray[np.uint64]]":
    """Return the texts, each once, and their true classes; a sample of them if there are many."""
    known: dict[str, int] = {}
    for row in file.rows():
        mask = task.true[frozen(row.cell)]
        if row.text and isinstance(mask, int):
            known.setdefault(row.text, mask)
    if not known:
        raise LabelledError(
            f"{file.path.name} has no row with both a text and a label that is known; "
            "`chorus evaluate` lists what is not."
        )
    texts = tuple(known)
    if len(texts) > MOST_POSTS:
        chosen = np.sort(np.random.default_rng(0).permutation(len(texts))[:MOST_POSTS])
        texts = tuple(texts[number] for number in chosen)
    return texts, np.array([known[text] for text in texts], np.uint64)


def _given_for(task: Task, true: "NDArray[np.uint64]") -> dict[str, int]:
    """Return how many posts each class was given for."""
    return {
        name: int(((true >> np.uint64(number)) & np.uint64(1)).sum())
        for number, name in enumerate(task.asking.classes)
    }


def _room(
    heads: Heads, task: Task, texts: tuple[str, ...], true: "NDArray[np.uint64]", *, head: str
) -> _Class:
    lessons = tuple(
        lesson
        for lesson in lessons_of(task.asking)
        if lesson.column in heads.columns and lesson.is_taught_by(true)
    )
    if not lessons:
        raise LearningError(
            f"These labels teach {head} nothing: at least {FEWEST} posts must carry a label and "
            f"{FEWEST} another. Label more posts, of each kind some."
        )
    replay = replay_of(task.asking, head, taught=_TAUGHT, checked=_CHECKED, seed=0)
    everything = [*texts, *replay.taught, *replay.checked]
    rows = Rows.of(everything, heads.weights)
    return _Class(task, lessons, texts, true, replay, heads.score(everything), rows, rows.alike())


# -- Trying ----------------------------------------------------------------------------------------


def _tried(room: _Class) -> "NDArray[np.float64]":
    """Return the change of the new posts' log-odds by heads that had not seen them.

    Repeats x posts x columns.
    """
    lessons = room.taught()
    new = len(room.texts)
    groups = _copies(room.alike[:new, :new])
    trial = np.zeros((_REPEATS, new, len(room.lessons)))
    for repeat in range(_REPEATS):
        fold_of = _folds(room.true, groups, seed=repeat)
        for fold in range(_FOLDS):
            held = np.zeros(len(room.alike), bool)
            held[:new] = fold_of == fold
            pull = adapting.fit(room.alike, lessons.without(held), _STIFFNESS)
            trial[repeat, held[:new]] = adapting.moved(room.alike, pull)[held]
    return trial


def _copies(alike: "NDArray[np.float32]") -> "NDArray[np.int64]":
    """Return a number for each post, the same for posts that are nearly the same."""
    group = np.arange(len(alike))
    near = alike >= _COPIES
    np.fill_diagonal(near, val=True)
    while True:
        smallest = np.where(near, group[None, :], len(group)).min(axis=1)
        if (smallest == group).all():
            return group
        group = smallest


def _folds(
    true: "NDArray[np.uint64]", groups: "NDArray[np.int64]", seed: int
) -> "NDArray[np.int64]":
    """Return the fold of each post: each class spread evenly, copies together."""
    names, first = np.unique(groups, return_index=True)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    by_class = shuffled[np.argsort(true[first][shuffled], kind="stable")]
    fold_of = np.empty(len(names), np.int64)
    fold_of[by_class] = np.arange(len(names)) % _FOLDS
    return fold_of[np.searchsorted(names, groups)]


def _worthwhile(room: _Class, trial: "NDArray[np.float64]") -> "tuple[_Class, NDArray[np.float64]]":
    """Leave out the label columns whose own yes and no got worse by what they were taught."""
    new = slice(0, len(room.texts))
    limits = room.scores.heads.tuning.thresholds[room.moved(trial[0], new).languages()]
    kept = []
    for number, lesson in enumerate(room.lessons):
        if lesson.column not in labels.BIT:
            kept.append(number)
            continue
        yes, no = lesson.known(room.true)
        limit = limits[:, labels.BIT[lesson.column]]
        old = room.scores.of(lesson.column)[new]
        changes = [np.zeros(len(old)), *trial[:, :, number]]
        scores = []
        for change in changes:
            said = 1 / (1 + np.exp(-(old + change))) >= limit
            scores.append(measures.macro_f1_of_yes(yes[yes | no], said[yes | no]))
        if np.mean(scores[1:]) >= scores[0]:
            kept.append(number)
    lessons = tuple(room.lessons[number] for number in kept)
    return dataclasses.replace(room, lessons=lessons), trial[:, :, kept]


def _macro_f1(room: _Class, scores: Scores, true: "NDArray[np.uint64]") -> float:
    if not len(true):
        return 0.0
    given = room.task.asking.answers(scores).masks
    found = measures.hits(true, given, len(room.task.asking.classes))
    return float(found.total().macro_f1()[0])


def _held_out(room: _Class, trial: "NDArray[np.float64]") -> dict[str, Any]:
    """Return the macro F1 before and after, on the new posts by folds and on ours that check."""
    new = slice(0, len(room.texts))
    ours = slice(len(room.scores.logits) - len(room.replay.checked), len(room.scores.logits))
    still = np.zeros((len(room.scores.logits), len(room.lessons)))
    pull = adapting.fit(room.alike, room.taught(), _STIFFNESS)
    change = adapting.moved(room.alike, pull)
    before = _macro_f1(room, room.moved(still, new), room.true)
    after = [_macro_f1(room, room.moved(each, new), room.true) for each in trial]
    return {
        "measure": "macro F1",
        "new": {
            "posts": len(room.texts),
            "before": round(before, 4),
            "after": round(float(np.mean(after)), 4),
            "repeats_after": [round(each, 4) for each in after],
            "folds": _FOLDS,
        },
        "ours": {
            "posts": len(room.replay.checked),
            "before": round(_macro_f1(room, room.moved(still, ours), room.replay.true), 4),
            "after": round(_macro_f1(room, room.moved(change, ours), room.replay.true), 4),
        },
    }


def _is_better(held_out: dict[str, Any]) -> bool:
    new, ours = held_out["new"], held_out["ours"]
    return bool(
        new["after"] >= new["before"] + _GAIN
        and min(new["repeats_after"]) >= new["before"]
        and ours["after"] >= ours["before"] - _LOSS
    )


# -- Keeping ---------------------------------------------------------------------------------------


def _fitted(room: _Class, heads: Heads) -> Heads:
    """Return heads with the columns moved by all new posts, packed as the kernel takes them."""
    pull = adapting.fit(room.alike, room.taught(), _STIFFNESS)
    # Weights are those of scores; log-odds are scores times the slope.
    pull = pull / heads.tuning.slope[room.places]
    weights = adapting.adapted(heads.weights, room.columns, room.rows, pull)
    return Heads(weights, heads.tuning, heads.cards)


def _packed_on_ours(room: _Class, heads: Heads) -> float:
    return round(_macro_f1(room, heads.score(list(room.replay.checked)), room.replay.true), 4)


def _answer(report: dict[str, Any]) -> str:
    new, ours = report["held_out"]["new"], report["held_out"]["ours"]
    figures = (
        f"on posts held out the macro F1 was {new['before']:.3f} and would be {new['after']:.3f}, "
        f"on ours {ours['before']:.3f} and {ours['after']:.3f}"
    )
    if report["is_kept"]:
        return f"The head learnt from {report['posts']} posts: {figures}."
    return f"The old head stays, since learning gains too little: {figures}."


def _amended(cards: Cards, report: dict[str, Any], given_at: str) -> Cards:
    """Return the cards with what was learnt, or tried; never a text."""
    if not report["is_kept"]:
        return cards
    return Cards(
        tuple(
            _with_remark(card, report, given_at) if card.head == report["head"] else card
            for card in cards.cards
        )
    )


def _with_remark(card: HeadCard, report: dict[str, Any], given_at: str) -> HeadCard:
    remark = {
        "posts": report["posts"],
        "given_at": given_at,
        "given_for": report["given_for"],
        "columns": report["columns"],
        "held_out": report["held_out"],
    }
    earlier: Sequence[Any] = card.remarks.get("learnt_in_event", ())
    return dataclasses.replace(
        card,
        version=f"{card.version}+{report['posts']}",
        trained_on=(*card.trained_on, f"{report['posts']} posts labelled in the event, {given_at}"),
        remarks={**card.remarks, "learnt_in_event": [*earlier, remark]},
    )
