"""The checks of a statement, measured on sentences of our own in six languages."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.incidents.playbook.shipped import shipped_playbook
from tansiq.incidents.statement_checks import Draft, Text, Weight, findings_in, sentence_of
from tansiq.incidents.statement_checks.wording import codes
from tansiq.incidents.statement_checks.words import all_words, languages, pattern
from tansiq.incidents.statement_texts import (
    filled,
    is_filled_form_of,
    message_length,
    numbers_in,
    short_form,
    slots_in,
)

SENTENCES = tomllib.loads((Path(__file__).parent / "statement_sentences.toml").read_text("utf-8"))
KINDS = {
    "community_blamed": "blame",
    "person_named": "name",
    "forces_tactics": "forces",
    "number_unconfirmed": "number",
}


def draft(language="en", body="The market is closed. Call 117. Source: police.", **changes):
    given_ = {
        "kind": "update",
        "texts": {language: Text(body=body)},
        "languages": (language,),
        "promises_update": True,
        "helpline": "117",
    }
    return Draft(**given_ | changes)


def kinds_of_stops(language, sentence):
    """Return which kinds of stops the words of one sentence bring."""
    found = findings_in(draft(language, sentence, kind="unity"))
    return {KINDS[one.code] for one in found if one.is_stop and one.code in KINDS}


def measured(language):
    """Return right stops, false stops and misses by kind."""
    right, false, missed = Counter(), Counter(), Counter()
    for label, sentence in SENTENCES[language]["rows"]:
        wanted = set() if label == "fine" else {label}
        found = kinds_of_stops(language, sentence)
        right.update(found & wanted)
        false.update(found - wanted)
        missed.update(wanted - found)
    return right, false, missed


@pytest.mark.parametrize("language", ["ar", "en", "fil", "fr", "id", "ms"])
def test_stops_are_mostly_right_and_miss_little(language):
    right, false, missed = measured(language)

    precision = sum(right.values()) / max(1, (right + false).total())
    recall = sum(right.values()) / max(1, (right + missed).total())
    assert precision >= 0.9, false
    assert recall >= 0.85, missed


def test_there_are_sentences_of_every_kind_in_every_language():
    assert set(SENTENCES) == set(languages()) == {"ar", "en", "fil", "fr", "id", "ms"}
    for language, table in SENTENCES.items():
        counted = Counter(label for label, _sentence in table["rows"])
        assert set(counted) == {"fine", *KINDS.values()}, language
        assert counted["fine"] >= 20
        assert len({sentence for _label, sentence in table["rows"]}) == len(table["rows"])


def test_lists_of_words_are_the_same_in_every_language_and_in_small_letters():
    lists = {language: set(table) for language, table in all_words().items()}

    assert len({frozenset(names) for names in lists.values()}) == 1
    for table in all_words().values():
        for words in table.values():
            assert words
            assert [word.casefold() for word in words] == words


def test_every_finding_has_a_sentence_that_can_be_filled():
    found = findings_in(
        draft(
            kind="correction",
            body="{place} XX 12 dead. Muslim terrorists. " * 9,
            languages=("en", "fr"),
            promises_update=False,
            shows_victims=True,
            goes_out_as_message=True,
            withdrawn_facts=("A",),
            unconfirmed_facts=("B",),
        )
    )

    assert {one.code for one in found} <= set(codes())
    assert all("%" not in sentence_of(one, "ar") for one in found)


# --- what does not depend on words


@pytest.mark.parametrize(
    ("changes", "code", "weight"),
    [
        ({"promises_update": False}, "no_next_update", Weight.STOP),
        ({"kind": "correction"}, "corrects_nothing", Weight.STOP),
        ({"shows_victims": True}, "shows_victims", Weight.STOP),
        ({"languages": ("en", "fr")}, "language_missing", Weight.STOP),
        ({"languages": ("en", "fr"), "is_first_hour": True}, "language_missing", Weight.HINT),
        ({"texts": {}}, "no_text", Weight.STOP),
        ({"withdrawn_facts": ("The hall is open.",)}, "fact_withdrawn", Weight.STOP),
        ({"unconfirmed_facts": ("The hall is open.",)}, "fact_unconfirmed", Weight.HINT),
        ({"texts": {"en": Text(body="Closed. Police.")}}, "no_helpline", Weight.HINT),
        ({"texts": {"en": Text(body="Closed. Call 117.")}}, "no_source", Weight.HINT),
        ({"texts": {"en": Text(body="Keep away from {area}. 117")}}, "blank_left", Weight.STOP),
        ({"texts": {"en": Text(body="At HH:MM. 117")}}, "blank_left", Weight.STOP),
        ({"texts": {"en": Text(body="[place] 117")}}, "blank_left", Weight.STOP),
    ],
)
def test_what_is_missing_or_left_open_is_said(changes, code, weight):
    found = {one.code: one.weight for one in findings_in(draft(**changes))}

    assert found[code] is weight


def test_a_statement_with_all_it_needs_brings_nothing():
    assert findings_in(draft()) == []


def test_a_number_that_a_confirmed_fact_carries_may_be_said():
    body = "Police confirm: 3 people were injured. Call 117."

    assert [one.code for one in findings_in(draft(body=body))] == ["number_unconfirmed"]
    assert findings_in(draft(body=body, confirmed_numbers=frozenset({"3"}))) == []


def test_languages_that_give_other_numbers_are_told_apart_whatever_their_digits():
    same = {"en": Text(body="At 16:30 call 117."), "ar": Text(body="عند ١٦:٣٠ اتصل ١١٧.")}
    other = same | {"fr": Text(body="À 17:30, appelez le 117.")}

    quiet = findings_in(draft(kind="unity", texts=same, languages=()))
    loud = findings_in(draft(kind="unity", texts=other, languages=()))
    assert [one.code for one in quiet] == []
    assert {(one.code, one.language, one.quote) for one in loud} >= {
        ("numbers_differ", "fr", "1730")
    }


def test_names_of_bodies_and_places_that_are_known_are_no_persons():
    body = "Lumban Verde is calm. Police. Call 117."

    known = findings_in(draft(body=body, known_names=frozenset({"Lumban Verde"})))
    assert known == []


def test_a_sentence_that_protects_is_not_stopped_and_the_same_group_in_blame_is():
    assert kinds_of_stops("en", "We protect the Sikh community after the attack.") == set()
    assert kinds_of_stops("en", "The Sikh community planned the attack.") == {"blame"}


# --- texts


@given(place=st.text("abc XYZ-'", min_size=1, max_size=40).filter(str.strip), time=st.times())
def test_a_filled_holding_text_is_recognised_and_any_other_sentence_is_not(place, time):
    template = "We know of an incident in {place}. Next update: {time}. Stay near {place}."
    text = filled(template, {"place": place.strip(), "time": f"{time:%H.%M}"})

    assert is_filled_form_of(template, text)
    assert not is_filled_form_of(template, f"{text} It was an attack.")
    assert not is_filled_form_of(template, text.replace("We know", "We think"))


def test_a_slot_holds_no_second_sentence():
    template = "Keep away from {area}. Call {number}."

    assert is_filled_form_of(template, "Keep away from the market. Call 117.")
    assert not is_filled_form_of(template, "Keep away from the market. They are armed. Call 117.")
    assert slots_in(template) == ["area", "number"]


@pytest.mark.parametrize(
    ("text", "length", "most"),
    [("a" * 160, 160, 160), ("price: 5€", 10, 160), ("سلام", 4, 70), ("ñandú", 5, 70)],
)
def test_length_of_a_message_is_counted_as_telephones_do(text, length, most):
    assert message_length(text) == (length, most)


@given(body=st.text("abc. é!س", min_size=1, max_size=600).filter(lambda text: text.strip(" .!")))
def test_the_short_form_fits_into_one_message(body):
    length, most = message_length(short_form("", body))

    assert length <= most


def test_numbers_are_the_same_in_every_script():
    assert numbers_in("At 16:30 call 0917 555") == numbers_in("١٦:٣٠ ... ٠٩١٧ ٥٥٥")


def test_a_pattern_of_an_unknown_language_finds_nothing():
    assert pattern("xx", "groups").search("anything") is None


def test_the_texts_agreed_beforehand_bring_no_stop_once_they_are_filled():
    stopped = {}
    for spec in shipped_playbook().statements:
        for language, template in spec.text.texts.items():
            text = filled(template, dict.fromkeys(slots_in(template), "117"))
            found = findings_in(
                draft(language, text, kind=spec.kind, is_correction_linked=True, helpline="117")
            )
            if stops := [(one.code, one.quote) for one in found if one.is_stop]:
                stopped[spec.key, language] = stops

    assert stopped == {}
