"""Which national objectives a local action probably belongs to: measured, explained, repeatable."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.alignment_cases import LANGUAGES, cases, national
from tansiq.plans.matching.forms import forms
from tansiq.plans.matching.lexicon import FILE, KINDS, lexicon
from tansiq.plans.matching.profiles import profile_of
from tansiq.plans.matching.scoring import (
    MOST,
    THRESHOLD,
    Candidates,
    LocalText,
    NationalText,
)

ROOT = Path(__file__).parents[2]
# What the method reached when it was chosen was 0.77 and 0.81 over both parts; see decision 0010.
PRECISION_FLOOR, HIT_FLOOR = 0.74, 0.78


def measure():
    """Return precision@3, hit@3 and the share rightly kept quiet; see benchmarks.alignment."""
    shown = right = hits = answerable = quiet = unanswerable = 0
    for case in [*cases("development"), *cases("held_out")]:
        for language in LANGUAGES:
            ready = READY.setdefault(
                (case.plan, language), Candidates(national(case.plan, language))
            )
            found = [one.objective for one in ready.suggest(LocalText(case.text, case.language))]
            good = [one for one in found if one in case.right]
            shown, right = shown + len(found), right + len(good)
            answerable, hits = answerable + bool(case.right), hits + bool(good)
            quiet += not case.right and not found
            unanswerable += not case.right
    return right / shown, hits / answerable, quiet / unanswerable


READY = {}


def test_suggestions_are_as_often_right_as_when_the_method_was_chosen():
    precision, hit, quiet = measure()

    assert precision > PRECISION_FLOOR
    assert hit > HIT_FLOOR
    assert quiet > 0.95


def test_labelled_set_is_large_enough_in_every_language_and_names_objectives_that_exist():
    found = [*cases("development"), *cases("held_out")]
    for language in LANGUAGES:
        assert sum(case.language == language for case in found) >= 25
    for case in found:
        assert case.right <= {text.objective for text in national(case.plan, "en")}


def test_concepts_have_words_in_every_language_and_a_kind_and_known_neighbours():
    rows = {c: r for c, r in tomllib.loads(FILE.read_text("utf-8")).items() if isinstance(r, dict)}
    for code, row in rows.items():
        assert row["kind"] in KINDS, code
        assert set(row.get("like", {})) <= set(rows), code
        for language in LANGUAGES:
            assert len(row[language].split(",")) >= 2, (code, language)


PLAN = (
    NationalText(1, "1", "Train imams and priests", "en", "Faith leaders speak for peace"),
    NationalText(2, "2", "Pay compensation to victims of attacks", "en", "Nobody is forgotten"),
    NationalText(3, "3", "Run football leagues", "en", "Young people meet"),
)


def test_suggestion_says_what_both_are_about_in_the_words_of_each():
    [one] = Candidates(PLAN).suggest(LocalText("Dana darurat untuk korban bom", "id"))

    assert one.objective == "2"
    said = {part.concept: (part.local, part.national) for part in one.best.shared}
    assert said["victims"] == (("korban",), ("victims",))


@pytest.mark.parametrize(
    ("title", "language"),
    [("Repair the bridge", "en"), ("Pertemuan setiap tiga bulan", "id"), ("", "fr"), ("١٢٣", "ar")],
)
def test_nothing_is_said_where_nothing_is_likely(title, language):
    assert Candidates(PLAN).suggest(LocalText(title, language)) == []


def test_plan_without_actions_suggests_nothing():
    assert Candidates([]).suggest(LocalText("Train imams", "en")) == []


def test_same_objective_and_same_kind_of_body_make_it_surer():
    action = LocalText("Football for young people and victims", "en")
    [plain, *_rest] = Candidates(PLAN).suggest(action)
    under = LocalText(action.title, "en", objective=plain.objective)

    [surer, *_rest] = Candidates(PLAN).suggest(under)

    assert surer.best.same_objective
    assert surer.score > plain.score


def test_stored_translation_of_the_national_title_is_read_too():
    foreign = NationalText(
        1, "1", "Qwerty zxcvb", "en", translations=(("id", "Lomba perahu naga"),)
    )
    other = NationalText(2, "2", "Pay compensation", "en")

    [one] = Candidates([foreign, other]).suggest(LocalText("Perahu naga", "id"))

    assert one.objective == "1"


def test_shared_number_of_a_law_is_a_sign():
    law = NationalText(1, "1", "Apply Republic Act 11479", "en", "Law")
    other = NationalText(2, "2", "Football", "en", "Youth")

    [one] = Candidates([law, other]).suggest(LocalText("Ipaliwanag ang RA 11479", "fil"))

    assert one.objective == "1"


@pytest.mark.parametrize(
    ("word", "language", "form"),
    [("والمدارس", "ar", "مدارس"), ("kabataang", "fil", "kabataan"), ("pelatihan", "id", "latih")],
)
def test_word_is_found_without_its_beginnings_and_endings(word, language, form):
    assert form in forms(word, language)


def test_longer_term_is_read_before_a_part_of_it():
    assert set(profile_of("Religious leaders", "en").concepts) == {"religious_leaders"}


@given(title=st.text(max_size=80), language=st.sampled_from(LANGUAGES))
def test_any_text_is_compared_twice_with_the_same_outcome(title, language):
    once, again = (Candidates(PLAN).suggest(LocalText(title, language)) for _turn in range(2))

    assert once == again
    assert len(once) <= MOST
    assert all(THRESHOLD <= one.score <= 1 for one in once)
    assert [one.score for one in once] == sorted((one.score for one in once), reverse=True)


def test_outcome_does_not_hang_on_the_order_in_which_python_keeps_sets():
    """Sets of words are ordered anew in each process; what is suggested is not."""
    program = """
from benchmarks.alignment_cases import cases, national
from tansiq.plans.matching.scoring import Candidates, LocalText
for case in cases("development")[::6]:
    ready = Candidates(national(case.plan, "fr"))
    for one in ready.suggest(LocalText(case.text, case.language)):
        print(one.objective, one.score, [(part.concept, part.local) for part in one.best.shared])
"""
    outcomes = {
        subprocess.run(  # noqa: S603 -- a fixed command
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONPATH": ".:src", "PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(outcomes) == 1


def test_lexicon_holds_likeness_both_ways():
    concepts = lexicon().concepts
    for one in concepts.values():
        for other in one.like:
            assert one.code in concepts[other].like


def test_word_meant_as_it_is_spelled_is_not_found_in_its_other_forms():
    """In Indonesian "mengajarkan" (to teach) and "pelajar" (a pupil) have one stem."""
    assert "students" in profile_of("Para pelajar", "id").concepts
    assert "students" not in profile_of("Mengajarkan", "id").concepts


def test_what_was_declined_lets_the_next_best_come_forward():
    action = LocalText("Imam and priests visit victims of attacks", "en")
    [first, *_rest] = Candidates(PLAN).suggest(action)

    others = Candidates(PLAN).suggest(action, without={first.objective})

    assert first.objective not in {one.objective for one in others}
    assert others
