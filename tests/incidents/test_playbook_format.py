"""Playbooks in and out: what is written is read again, what is wrong is named with its line."""

import json
import re

import pytest
from hypothesis import given, settings

from tansiq.incidents.playbook import (
    Document,
    PlaybookError,
    differences,
    missing_words,
    read_playbook,
    translated,
    write_playbook,
    write_words,
)
from tansiq.incidents.playbook.document import (
    CERTAINTIES,
    EVIDENCE,
    LEVELS,
    STATEMENTS,
    TRIGGERS,
)
from tansiq.incidents.playbook.schema import slots_of, words_of
from tansiq.incidents.playbook.times import ANCHORS
from tansiq.incidents.playbook.tree import MOST_BYTES
from tests.architecture.source import ROOT
from tests.incidents.playbooks import SMALL, documents


def problems_of(text):
    """Return the problems of a file as (line, sentence)."""
    with pytest.raises(PlaybookError) as refused:
        read_playbook(text)
    return [(problem.line, problem.sentence) for problem in refused.value.problems]


def line_of(text, words):
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def with_fault(old, new):
    assert SMALL.count(old) == 1, "The fault must be planted in one place."
    return SMALL.replace(old, new)


def test_small_playbook_is_read_as_it_is_written():
    document = read_playbook(SMALL)

    task = document.task("F-02")
    assert (str(task.due), task.after, task.repeats.every.hours) == (
        "T0+PT30M",
        ("F-01", "R-01"),
        1,
    )
    assert task.condition.answers == {"people_killed": False}
    assert document.role("MAYOR").is_lead
    assert document.phase("P0").is_standing
    assert [one.key for one in document.standing_tasks] == ["R-01"]
    assert document.languages == ("en", "fr")


@given(documents())
@settings(deadline=None, max_examples=60)
def test_playbook_reads_what_it_writes(document):
    assert read_playbook(write_playbook(document)) == document


@given(documents())
@settings(deadline=None, max_examples=30)
def test_playbook_survives_a_json_column(document):
    assert Document.from_json(json.loads(json.dumps(document.as_json()))) == document


@given(documents())
@settings(deadline=None, max_examples=30)
def test_writing_is_canonical(document):
    written = write_playbook(document)

    assert write_playbook(read_playbook(written)) == written


FAULTS = [
    (
        "role: MAYOR\n    deputies",
        "role: MAYR\n    deputies",
        "The role “MAYR” does not exist. Did you mean “MAYOR”?",
        "role: MAYR",
    ),
    (
        "      - F-01\n",
        "      - F-99\n",
        "The task “F-99” does not exist.",
        "- F-99",
    ),
    ("[attack_in_city]", "[flood]", "The trigger “flood” does not exist.", "[flood]"),
    (
        "checks: [no_names]",
        "checks: [no_images]",
        "The rights check “no_images” does not exist.",
        "[no_images]",
    ),
    ("sources: [GUIDE]", "sources: [HEARSAY]", "The source “HEARSAY” does not exist.", "[HEARSAY]"),
    (
        "people_killed: no",
        "people_hurt: no",
        "The question “people_hurt” does not exist.",
        "people_hurt: no",
    ),
    ("people_killed: no", "people_killed: maybe", "“maybe” is neither “yes” nor “no”.", "maybe"),
    ("phase: P8", "phase: P9", "The phase “P9” does not exist.", "phase: P9"),
    (
        "window: first",
        "window: second",
        "The time window “second” does not exist.",
        "window: second",
    ),
    (
        "due: PT30M",
        "due: half an hour",
        "“half an hour” is no moment. Write T0+PT30M or milestone-P14D. Known: T0, close, ",
        "half an hour",
    ),
    ("due: PT30M", "due: PT2H", "Due T0+PT2H, but its phase P1 ends at T0+PT1H.", "due: PT2H"),
    (
        "due: PT30M",
        "due: T0+PT5M",
        "F-02 is due T0+PT5M, before F-01, for which it waits (T0+PT10M).",
        "- F-01",
    ),
    (
        "due: T0+PT10M",
        "due: T0-PT10M",
        "T0-PT10M is before the first minute; nobody can do it then.",
        "due: T0-PT10M",
    ),
    (
        "at: T0+PT5M",
        "at: milestone",
        "What comes in during an exercise is counted from T0.",
        "at: milestone",
    ),
    ("      until: T0+P1D\n", "", "“until” is missing.", "every: PT1H"),
    (
        "until: T0+P1D",
        "until: T0+PT20M",
        "It ends at T0+PT20M, before it is due for the first time.",
        "until: T0+PT20M",
    ),
    ("every: PT1H", "every: PT1S", "It would come again more than 1000 times.", "every: PT1S"),
    (
        "every: PT1H",
        "every: PT0S",
        "It must come again after some time, such as P1D.",
        "every: PT0S",
    ),
    (
        "review: P6M",
        "review: often",
        "“often” is no duration. Write PT30M, PT12H, P1D or P6M.",
        "often",
    ),
    (
        "review: P6M",
        "due: T0",
        "A task of a standing phase has “review”, not “due”.",
        "    due: T0",
    ),
    (
        "deputies: [COMMS]",
        "deputies: [MAYOR]",
        "The role MAYOR cannot be its own deputy.",
        "deputies: [MAYOR]",
    ),
    ("    is_lead: yes\n", "", "No role leads. Write “is_lead: yes” at one of them.", "roles:"),
    ("  - key: F-02", "  - key: F-01", "The key “F-01” stands twice in “tasks”.", "  - key: F-01"),
    (
        "    role: COMMS\n    due: PT30M",
        "    role: COMMS\n    role: MAYOR\n    due: PT30M",
        "“role” stands here twice.",
        "    role: MAYOR",
    ),
    ("    evidence:", "    evidense:", "“evidense” is not known here.", "evidense"),
    ("type: statement", "type: photo", "“photo” is not known here.", "type: photo"),
    (
        "level: partial",
        "level: 7",
        "“7” is not known here. Known: watch, partial, full.",
        "level: 7",
    ),
    ("key: small", "key: Größe 1", "“Größe 1” is no key.", "Größe"),
    ("title: Confirm the event", "title: ''", "Words are missing after “en”.", "title: ''"),
    (
        "title: Confirm the event",
        "title: {fr: Confirmer}",
        "The words in the language of the playbook (en) are missing.",
        "Confirmer",
    ),
    (
        "title: Confirm the event",
        "title: {en: Confirm, Fr: Confirmer}",
        "“Fr” is no language, such as “en” or “ar”.",
        "Confirmer",
    ),
    (
        "title: Confirm the event",
        "title: [Confirm]",
        "A text belongs here, not a list.",
        "[Confirm]",
    ),
    (
        "title: Confirm the event",
        f"title: {'x' * 200}",
        "This text has 200 characters; at most 160 fit.",
        "xxx",
    ),
    ("    title: Confirm the event\n", "", "“title” is missing.", "- key: F-01"),
    (
        "à {place}",
        "à {lieu}",
        "The blanks in “fr” are not those of the original: {lieu}, {place}.",
        "{lieu}",
    ),
    (
        "in {place}.",
        "in {the place}.",
        "“{the place}” is no blank. Write it as in {place}.",
        "{the place}",
    ),
    (
        "in {place}.",
        "in {place.",
        "A brace is left open. Write blanks as in {place}.",
        "in {place.",
    ),
    (
        "    begins: T0+P1Y\n",
        "    begins: T0+P1Y\n    ends: T0+P6M\n",
        "It ends before it begins.",
        "ends: T0+P6M",
    ),
    ("key: attack_in_city\n", "key: flood\n", "“flood” is not known here.", "key: flood"),
]


@pytest.mark.parametrize(("old", "new", "sentence", "place"), FAULTS)
def test_each_fault_is_named_with_its_line(old, new, sentence, place):
    text = with_fault(old, new)

    found = problems_of(text)

    lines = [line for line, words in found if words.startswith(sentence)]
    expected = [number for number, line in enumerate(text.splitlines(), 1) if place in line]
    assert lines, found
    assert lines[0] in expected


def test_what_only_follows_from_a_fault_is_not_named():
    text = SMALL.replace("    title: Confirm the event\n", "").replace(
        "title: Mayor", "name: Mayor"
    )

    assert [(line, words.partition(". ")[0]) for line, words in problems_of(text)] == [
        (line_of(text, "key: MAYOR"), "“title” is missing."),
        (line_of(text, "name: Mayor"), "“name” is not known here"),
        (line_of(text, "key: F-01"), "“title” is missing."),
    ]


def test_a_cycle_is_named_in_full():
    text = SMALL.replace("    due: T0+PT10M\n", "    due: T0+PT10M\n    after: [F-03]\n")
    text += "  - {key: F-03, phase: P1, title: Third, role: MAYOR, due: PT10M, after: [F-02]}\n"

    circles = [words for _line, words in problems_of(text) if "wait for each other" in words]

    assert circles == ["These tasks wait for each other: F-01 → F-03 → F-02 → F-01."]


def test_a_task_that_waits_for_itself_is_a_cycle():
    text = SMALL.replace("    due: T0+PT10M\n", "    due: T0+PT10M\n    after: [F-01]\n")

    assert problems_of(text) == [
        (line_of(text, "after: [F-01]"), "These tasks wait for each other: F-01 → F-01.")
    ]


def test_all_problems_are_named_at_once_in_the_order_of_the_lines():
    text = SMALL.replace("review: P6M", "review: often").replace("phase: P8", "phase: P9")

    assert [line for line, _ in problems_of(text)] == [line_of(text, "often"), line_of(text, "P9")]


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (BOMB, 1, "References (& and *) are not read in a playbook."),
        ("key: !!python/object:os.system x", 1, "Types (! and !!) are not read in a playbook."),
        ("key: a\n---\nkey: b\n", 2, "One file holds one playbook."),
        ("key: a\ntitle:\n\t- x\n", 3, "This line is indented with a tab."),
        ("key: a\ntitle: 'open\n", 3, "From here on the file cannot be read."),
        ("key: a\ntitle: b: c\n", 2, "From here on the file cannot be read."),
        ("- a\n- b\n", 1, "A playbook begins with names and values"),
        ("", 1, "A playbook begins with names and values"),
        ("only words", 1, "A playbook begins with names and values"),
        ("key: a\ntitle: \x07bell\n", 2, "This line holds characters that are no text."),
        (b"key: a\ntitle: \xff\xfe\n", 2, "This file is not UTF-8 text."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "This file is not UTF-8 text."),
        ("x: " + "[" * 50 + "]" * 50, 1, "This line is nested too deep."),
        ("x: " + "[" * 400_000, 1, "This line is nested too deep."),
        ("key: " + "x" * MOST_BYTES, 1, "The file is larger than one megabyte."),
        ("[a, b]: c", 1, "A name must stand before the colon, not a list."),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text, line, sentence):
    found = problems_of(text)

    assert len(found) == 1
    assert found[0][1].startswith(sentence)
    assert found[0][0] == line


def test_a_mark_of_byte_order_and_windows_line_ends_do_no_harm():
    text = "\ufeff" + SMALL.replace("\n", "\r\n")

    assert read_playbook(text.encode()) == read_playbook(SMALL)


def test_the_language_of_norway_is_a_language():
    text = with_fault("title: Confirm the event", "title: {en: Confirm, no: Bekreft}")

    assert read_playbook(text).task("F-01").title.in_language("no") == "Bekreft"


def test_words_fall_back_to_the_source_and_then_to_english():
    title = read_playbook(SMALL).statements[0].text

    assert title.in_language("fr").startswith("Un incident")
    assert title.in_language("fr-CA").startswith("Un incident")
    assert title.in_language("ar").startswith("We are aware")
    assert title.language_for("ar") == "en"


def test_activation_leaves_out_what_another_trigger_or_answer_excludes():
    document = read_playbook(SMALL)

    attack = {task.key for task in document.tasks_for("attack_in_city", level="partial")}
    hoax = {task.key for task in document.tasks_for("hoax_or_threat", level="partial")}
    killed = document.tasks_for("attack_in_city", {"people_killed": True})
    low = document.tasks_for("attack_in_city", {"people_killed": False}, level="watch")

    assert attack == {"F-01", "F-02", "Y-01"}
    assert hoax == {"F-01", "Y-01"}
    assert {task.key for task in killed} == {task.key for task in low} == {"F-01", "Y-01"}


def test_a_task_waits_through_one_that_was_left_out():
    document = read_playbook(SMALL)

    late = {task.key: task.after for task in document.tasks_for("hoax_or_threat")}

    assert late == {"F-01": (), "Y-01": ("F-01",)}


FRENCH = """\
language: fr
tasks:
  F-01:
    title: Confirmer l'événement
exercises:
  play:
    injects:
      call: {title: Un appel}
"""


def test_words_of_a_language_are_laid_over_the_playbook():
    document = read_playbook(SMALL, words={"fr": FRENCH})

    assert document.task("F-01").title.in_language("fr") == "Confirmer l'événement"
    assert document.exercises[0].injects[0].title.in_language("fr") == "Un appel"
    assert translated(read_playbook(SMALL), write_words(document, "fr"), "fr") == document


def test_missing_words_are_counted_text_by_text():
    document = read_playbook(SMALL, words={"fr": FRENCH})

    missing = missing_words(document, "fr")

    assert ("tasks", "F-01", "title") not in missing
    assert ("tasks", "F-02", "title") in missing
    every = [path for path, _words in words_of(document) if path[0] != "sources"]
    assert len(missing) == len(every) - 3
    assert missing_words(document, "en") == []


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("language: ar\n", 1, "This file says it is in “ar”."),
        (
            "tasks:\n  F-77:\n    title: x\n",
            3,
            "Nothing in the playbook has these words: tasks.F-77.title.",
        ),
        (
            "tasks:\n  F-01:\n    due: x\n",
            3,
            "Nothing in the playbook has these words: tasks.F-01.due.",
        ),
        ("tasks:\n  F-01: {title: x}\n  F-01: {title: y}\n", 3, "“title” stands here twice."),
        ("tasks:\n  - x\n", 2, "One value belongs here, not a list."),
        (
            "statements:\n  holding:\n    text: À {lieu}\n",
            3,
            "The blanks in “fr” are not those of the original: {lieu}, {place}, {time}.",
        ),
    ],
)
def test_a_wrong_file_of_words_is_refused_with_its_line(text, line, sentence):
    with pytest.raises(PlaybookError) as refused:
        read_playbook(SMALL, words={"fr": text})

    assert [(one.line, one.sentence) for one in refused.value.problems] == [(line, sentence)]


def rows(before, after):
    found = differences(read_playbook(before), read_playbook(after))
    return [
        (one.kind, one.section, one.key, one.field, one.language, one.before, one.after)
        for one in found
    ]


def test_difference_names_the_field_and_both_texts():
    assert rows(SMALL, with_fault("due: PT30M", "due: PT45M")) == [
        ("changed", "tasks", "F-02", "due", "", "T0+PT30M", "T0+PT45M")
    ]
    assert rows(
        SMALL, with_fault("title: Confirm the event", "title: {en: Confirm, fr: Confirmer}")
    ) == [
        ("changed", "tasks", "F-01", "title", "en", "Confirm the event", "Confirm"),
        ("changed", "tasks", "F-01", "title", "fr", "", "Confirmer"),
    ]
    assert rows(SMALL, with_fault("title: A call comes in", "title: A call")) == [
        ("changed", "exercises", "play", "injects.call.title", "en", "A call comes in", "A call")
    ]
    assert rows(
        SMALL, with_fault("      type: statement\n      is_required: yes", "      type: note")
    ) == [
        (
            "changed",
            "tasks",
            "F-02",
            "evidence",
            "",
            "type: statement, is_required: yes",
            "type: note, is_required: no",
        )
    ]


def test_difference_names_what_came_went_and_moved():
    role = "  - key: LEGAL\n    title: Lawyer\n"
    more = with_fault("checks:\n  - key", f"{role}checks:\n  - key")
    moved = with_fault("  - key: COMMS\n    title: Spokesperson\n", "").replace(
        "  - key: MAYOR\n", "  - key: COMMS\n    title: Spokesperson\n  - key: MAYOR\n"
    )

    assert rows(SMALL, more) == [("added", "roles", "LEGAL", "", "", "", "Lawyer")]
    assert rows(more, SMALL) == [("removed", "roles", "LEGAL", "", "", "Lawyer", "")]
    assert rows(SMALL, moved) == [("moved", "roles", "", "", "", "MAYOR, COMMS", "COMMS, MAYOR")]


@given(documents(), documents())
@settings(deadline=None, max_examples=40)
def test_difference_is_empty_exactly_for_equal_playbooks(first, second):
    assert differences(first, first) == []
    assert bool(differences(first, second)) == (first != second)


def fields_on_page(page):
    """Return the fields of each class as the reference page lists them."""
    found, kind = {}, ""
    for line in page.splitlines():
        if line.startswith("### "):
            kind = line.removeprefix("### ")
        elif kind and (cell := re.match(r"\| `(\w+)` \|", line)):
            found.setdefault(kind, []).append(cell[1])
    return found


def fields_in_code():
    found, open_kinds = {}, [Document]
    while open_kinds:
        kind = open_kinds.pop()
        found[kind.__name__] = [slot.name for slot in slots_of(kind)]
        open_kinds += [slot.type for slot in slots_of(kind) if slot.is_nested]
    return found


def test_reference_page_lists_exactly_the_fields_of_the_format():
    page = (ROOT / "docs/reference/playbook-format.md").read_text(encoding="utf-8")

    assert fields_on_page(page) == fields_in_code()


def test_reference_page_names_every_choice():
    page = (ROOT / "docs/reference/playbook-format.md").read_text(encoding="utf-8")

    for choices in (TRIGGERS, EVIDENCE, CERTAINTIES, STATEMENTS, LEVELS):
        assert "one of " + ", ".join(f"`{one}`" for one in choices) in page
    assert all(f"`{anchor}`" in page for anchor in ANCHORS)
