"""The playbook that comes with the platform: whole, plain, sourced, as good in each language."""

import json
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.incidents.playbook import Document, missing_words, read_playbook, write_playbook
from tansiq.incidents.playbook.document import TRIGGERS
from tansiq.incidents.playbook.schema import words_of
from tansiq.incidents.playbook.shipped import FOLDER, shipped_playbook, shipped_playbooks
from tansiq.plans.no_persons import problems_of

NUMBERS = {"R": 33, "F": 12, "G": 18, "D": 17, "W": 15, "N": 12, "Q": 12, "Y": 10}


@pytest.fixture(scope="module")
def playbook():
    return shipped_playbook()


def test_shipped_playbook_is_whole(playbook):
    keys = [task.key for task in playbook.tasks]

    assert keys == [
        f"{letter}-{n:02}" for letter, most in NUMBERS.items() for n in range(1, most + 1)
    ]
    assert len(keys) == 129
    assert [phase.key for phase in playbook.phases] == [f"P{n}" for n in range(9)]
    assert [trigger.key for trigger in playbook.triggers] == list(TRIGGERS)
    assert len(playbook.roles) == 23
    assert len(playbook.worksheets) == 21
    assert {one.key: len(one.injects) for one in playbook.exercises} == {
        "attack": 13,
        "bomb_threat": 10,
    }


def test_shipped_files_are_written_as_the_platform_writes_them():
    for name in shipped_playbooks():
        text = (FOLDER / name / "playbook.yaml").read_text(encoding="utf-8")

        assert write_playbook(read_playbook(text)) == text


def test_every_task_says_what_to_do_how_and_how_one_sees_it(playbook):
    for task in playbook.tasks:
        title = task.title.in_language("en")

        assert len(title) <= 90, task.key
        assert not title.endswith("."), task.key
        assert 40 <= len(task.detail.in_language("en")) <= 260, task.key
        assert task.evidence, task.key
        assert task.deputies or task.role == "COORD", task.key


def test_what_has_no_source_says_that_it_is_a_proposal(playbook):
    certain = {source.key: source.certainty for source in playbook.sources}

    for thing in (*playbook.tasks, *playbook.principles):
        marks = {certain[key] for key in thing.sources}
        best = "verified" if "verified" in marks else "partly" if marks else "proposal"
        assert thing.certainty == best, thing.key
    assert {role.holders_certainty for role in playbook.roles if role.holders} == {"proposal"}
    assert {one.certainty for one in (*playbook.statements, *playbook.exercises)} == {"proposal"}


def test_only_three_times_come_from_sources(playbook):
    timed = {task.key: task.due_sources for task in playbook.tasks if task.due_sources}

    assert timed == {"R-29": ("CLR7",), "D-01": ("OVC",), "Q-01": ("LSE",)}


def test_each_trigger_sets_a_part_going_and_has_first_words(playbook):
    sizes = {trigger: len(playbook.tasks_for(trigger)) for trigger in TRIGGERS}
    spoken = {
        trigger
        for one in playbook.statements
        for trigger in one.triggers
        if one.window == "first_hour"
    }

    assert sizes == {
        "attack_in_city": 96,
        "attack_elsewhere_same_country": 53,
        "attack_elsewhere_salient_community": 53,
        "hate_incident": 53,
        "hoax_or_threat": 29,
        "anniversary_or_trial": 29,
        "exercise": 96,
    }
    assert spoken == set(TRIGGERS) - {"anniversary_or_trial"}


@given(
    trigger=st.sampled_from(TRIGGERS),
    answers=st.dictionaries(
        st.sampled_from(["people_killed", "foreign_nationals_affected"]), st.booleans()
    ),
)
def test_whatever_is_set_going_waits_only_for_what_is_set_going(trigger, answers):
    tasks = shipped_playbook().tasks_for(trigger, answers)
    keys = {task.key for task in tasks}

    assert all(set(task.after) <= keys for task in tasks)


def test_injects_come_in_order(playbook):
    for exercise in playbook.exercises:
        spans = [inject.at.duration for inject in exercise.injects]

        assert not any(one.may_exceed(other) for one, other in pairwise(spans))


def test_no_text_names_a_person_or_a_number(playbook):
    found = {
        ".".join(path): problems
        for path, words in words_of(playbook)
        if path[0] != "sources"
        for text in words.texts.values()
        if (problems := problems_of(text, speaks_of_risk=False))
    }

    assert found == {}


def test_a_language_with_a_file_has_every_text(playbook):
    files = [file.stem for file in FOLDER.glob("city-led-response/words/*.yaml")]

    assert {language: missing_words(playbook, language)[:3] for language in files} == {
        language: [] for language in files
    }


def test_a_missing_text_would_be_noticed(playbook):
    begun = read_playbook(
        (FOLDER / "city-led-response" / "playbook.yaml").read_text(encoding="utf-8"),
        words={"ms": "tasks:\n  F-01:\n    title: Sahkan kejadian\n"},
    )

    assert ("tasks", "F-02", "title") in missing_words(begun, "ms")


def test_a_version_of_it_opens_in_a_moment(playbook):
    data = json.loads(json.dumps(playbook.as_json()))
    started = time.perf_counter()

    document = Document.from_json(data)

    assert document == playbook
    assert time.perf_counter() - started < 1
