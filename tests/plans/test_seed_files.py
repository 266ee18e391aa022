"""The files that ship with the platform: complete, consistent, honest about what they know."""

import copy
import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tansiq.plans
from tansiq.access.models import OrganisationKind
from tansiq.plans.models import Action, Certainty, Indicator, Plan, PlanStatus, Rule, StageName
from tansiq.plans.models.indicators import DIMENSIONS, Frequency

DATA = Path(tansiq.plans.__file__).parent / "data"
ALL = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*.toml"))}
# Terms and columns by language, and texts that the catalogues translate; their own tests read them.
OF_ANOTHER_SHAPE = {"concepts", "export_profiles", "factors"}
FILES = {name: content for name, content in ALL.items() if name not in OF_ANOTHER_SHAPE}
PLANS = {name: content for name, content in FILES.items() if "plan" in content}
LANGUAGES = {"en", "id", "ms", "fil", "fr", "ar"}
TEXT_KEYS = {
    "title", "legal_instrument", "summary", "text", "note", "local_role", "gender_note",
    "rights_note", "sustainability_note", "definition", "unit", "term",
}  # fmt: skip
LONG = 40
ARABIC = re.compile(r"[\u0621-\u064a]")
TASHKEEL = re.compile(r"[\u064b-\u0652]")
Text = dict[str, str]

each_file = pytest.mark.parametrize("content", FILES.values(), ids=FILES)
each_plan = pytest.mark.parametrize("content", PLANS.values(), ids=PLANS)


def entries(content: Any) -> Iterator[dict[str, Any]]:
    """Yield every table of a file: the plan, each action, each term."""
    for value in content.values():
        if isinstance(value, dict):
            yield value
        elif isinstance(value, list):
            yield from value


def problems_of_text(key: str, text: Any) -> list[str]:
    if not isinstance(text, dict) or set(text) != LANGUAGES:
        return [f"{key}: not in exactly the six languages"]
    found = [f"{key}.{code}: empty" for code, words in text.items() if not words.strip()]
    long = [words for words in text.values() if len(words) >= LONG]
    if len(set(long)) < len(long):
        found.append(f"{key}: one long sentence in two languages: {text['en']}")
    if key != "unit" and not ARABIC.search(text["ar"]):
        found.append(f"{key}.ar: no Arabic letters: {text['ar']}")
    if TASHKEEL.search(text["ar"]):
        found.append(f"{key}.ar: vowel marks")
    found += [
        f"{key}.{code}: Arabic letters"
        for code in text
        if code != "ar" and ARABIC.search(text[code])
    ]
    if any(brace in words for words in text.values() for brace in "{}"):
        found.append(f"{key}: a place-holder was left")
    return found


def problems_of_texts(content: Any) -> list[str]:
    return [
        problem
        for entry in entries(content)
        for key in sorted(TEXT_KEYS & set(entry))
        for problem in problems_of_text(key, entry[key])
    ]


def problems_of_marks(content: Any) -> list[str]:
    known = set(Certainty.values) - {Certainty.OWN}
    found = []
    for entry in entries(content):
        for key in [key for key in entry if key.endswith("certainty")]:
            source = entry.get(key.replace("certainty", "source"), "")
            if entry[key] not in known:
                found.append(f"{entry.get('code')}: unknown mark {entry[key]}")
            if entry[key] in {"verified", "partly"} and key == "certainty" and not source:
                found.append(f"{entry.get('code')}: {entry[key]} without a source")
            if entry[key] == "proposal" and source:
                found.append(f"{entry.get('code')}: a proposal that claims a source")
    return found


def problems_of_references(content: Any) -> list[str]:
    found = []
    codes: dict[str, set[str]] = {}
    for kind in ("pillar", "objective", "action", "indicator", "duty", "fact"):
        listed = [entry["code"] for entry in content[kind]]
        codes[kind] = set(listed)
        found += [f"{kind} {code} twice" for code in codes[kind] if listed.count(code) > 1]
    for kind, to in (
        ("objective", "pillar"),
        ("action", "objective"),
        ("milestone", "action"),
        ("duty", "objective"),
    ):
        found += [f"{kind} of unknown {to}" for e in content[kind] if e[to] not in codes[to]]
    # Duties become actions of the same plan and share its codes.
    return found + [f"duty {code} is an action" for code in codes["duty"] & codes["action"]]


def problems_of_dates(content: Any) -> list[str]:
    plan = content["plan"]
    found = [] if plan["starts_on"] < plan["ends_on"] else ["plan ends before it starts"]
    periods = {}
    for action in content["action"]:
        periods[action["code"]] = (action["starts_on"], action["ends_on"])
        if not plan["starts_on"] <= action["starts_on"] < action["ends_on"] <= plan["ends_on"]:
            found.append(f"action {action['code']}: not within the plan")
    for milestone in content["milestone"]:
        start, end = periods[milestone["action"]]
        if not start <= milestone["due_on"] <= end:
            found.append(f"milestone of {milestone['action']}: not within the action")
    return found


def test_the_four_plans_and_the_glossary_are_there():
    assert set(FILES) == {
        "glossary",
        "id-ran-pe-2020",
        "ke-nspcve-2016",
        "my-mypcve-2024",
        "ph-nap-pcve-2019",
    }
    assert set(ALL) - set(FILES) == OF_ANOTHER_SHAPE
    assert set(FILES) - set(PLANS) == {"glossary"}


@each_file
def test_every_text_is_in_six_languages_of_its_own(content):
    assert problems_of_texts(content) == []
    assert content["translations"] == "team, not reviewed by native speakers"


@each_file
def test_every_mark_is_known_and_what_is_verified_names_its_source(content):
    assert problems_of_marks(content) == []


@each_plan
def test_every_fact_action_and_pillar_carries_a_mark(content):
    kinds = ("fact", "stage", "pillar", "objective", "action", "milestone", "indicator", "duty")

    unmarked = [e for kind in kinds for e in content[kind] if not {"certainty", "source"} <= set(e)]

    assert unmarked == []


@each_plan
def test_codes_are_unique_and_references_exist(content):
    assert problems_of_references(content) == []


@each_plan
def test_dates_are_in_order(content):
    assert problems_of_dates(content) == []
    assert all(isinstance(stage["since_on"], dt.date) for stage in content["stage"])


@each_plan
def test_words_with_a_fixed_meaning_are_those_of_the_models(content):
    kinds = {kind for a in content["action"] for kind in [a["lead"], *a["supporting"]]}

    assert content["plan"]["status"] in PlanStatus.values
    assert kinds <= set(OrganisationKind.values)
    assert {stage["name"] for stage in content["stage"]} <= set(StageName.values)
    assert {i["rule"] for i in content["indicator"]} <= set(Rule.values)
    assert {i["frequency"] for i in content["indicator"]} <= set(Frequency.values)
    assert {name for i in content["indicator"] for name in i["dimensions"]} <= set(DIMENSIONS)
    assert {duty["every_months"] for duty in content["duty"]} <= {3, 6, 12}


@each_plan
def test_every_text_fits_its_column(content):
    def too_long(model, kind, fields):
        rows = content[kind] if isinstance(content[kind], list) else [content[kind]]
        return [
            (field, words)
            for row in rows
            for field in fields
            for words in (row.get(field, "") if isinstance(row.get(field), dict) else {}).values()
            if len(words) > model._meta.get_field(field).max_length
        ]

    assert too_long(Plan, "plan", ["title", "legal_instrument"]) == []
    assert too_long(Action, "action", ["title"]) == []
    assert too_long(Action, "duty", ["title"]) == []
    assert too_long(Indicator, "indicator", ["title", "unit"]) == []


@each_plan
def test_our_proposals_never_stand_as_official_text(content):
    """Where a role or a note is ours, it is marked; a verified action carries no notes of ours."""
    notes = {"gender_note", "rights_note", "sustainability_note"}

    dressed_up = [
        a["code"] for a in content["action"] if a["certainty"] == "verified" and notes & set(a)
    ]
    unmarked = [a["code"] for a in content["action"] if "local_role_certainty" not in a]

    assert dressed_up == []
    assert unmarked == []


def test_what_the_sources_did_not_yield_stays_marked():
    unverified = {
        (name, pillar["code"])
        for name, content in PLANS.items()
        for pillar in content["pillar"]
        if pillar["certainty"] == "unverified"
    }

    assert unverified == {
        ("id-ran-pe-2020", "1"),
        ("id-ran-pe-2020", "2"),
        ("id-ran-pe-2020", "3"),
        ("ph-nap-pcve-2019", "7"),
    }


def test_the_plans_have_the_shape_of_their_countries():
    shape = {name: len(content["pillar"]) for name, content in PLANS.items()}

    assert shape == {
        "id-ran-pe-2020": 3,
        "ke-nspcve-2016": 9,
        "my-mypcve-2024": 4,
        "ph-nap-pcve-2019": 7,
    }


def test_the_glossary_explains_each_word_once():
    codes = [term["code"] for term in FILES["glossary"]["term"]]

    assert len(codes) == len(set(codes))
    assert {
        "p-cve",
        "nap",
        "rad-pe",
        "county-plan",
        "cap-alert",
        "lpn",
        "cat",
        "cef",
        "tlp",
    } <= set(codes)


def test_the_checks_catch_what_they_are_for():
    broken = copy.deepcopy(PLANS["my-mypcve-2024"])
    broken["plan"]["summary"]["ms"] = broken["plan"]["summary"]["id"]
    broken["plan"]["title"]["ar"] = broken["plan"]["title"]["en"]
    broken["fact"][0]["source"] = ""
    broken["fact"][1]["certainty"] = "sure"
    broken["action"][0]["objective"] = "9.9"
    broken["pillar"][1]["code"] = broken["pillar"][0]["code"]
    broken["action"][1]["ends_on"] = broken["action"][1]["starts_on"]
    del broken["action"][2]["title"]["fil"]

    texts = problems_of_texts(broken)
    assert any("one long sentence in two languages" in problem for problem in texts)
    assert any("no Arabic letters" in problem for problem in texts)
    assert any("not in exactly the six languages" in problem for problem in texts)
    assert len(problems_of_marks(broken)) == 2
    assert set(problems_of_references(broken)) >= {"pillar 1 twice", "action of unknown objective"}
    assert any("not within the plan" in problem for problem in problems_of_dates(broken))
