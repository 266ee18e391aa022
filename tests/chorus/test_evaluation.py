"""Evaluation on a file whose right figures can be told by hand, in every kind of question."""

import json
from collections import Counter

import numpy as np
import polars as pl
import pytest
from sklearn import metrics

from chorus import cli
from chorus.heads import save_heads
from chorus.training import foreign
from chorus.training.evaluation import evaluate
from chorus.training.foreign import ForeignError, fold, language_of, scheme_for
from chorus.training.labelled import Columns, Labelled, LabelledError
from tests.chorus.small_heads import small_heads, text_of

HEADS = small_heads()


def judged(folder, head, rows, *, columns=("text", "label"), name="posts.parquet", **options):
    path = folder / name
    frame = pl.DataFrame(rows, schema=list(columns), orient="row", strict=False)
    frame.write_parquet(path) if name.endswith("parquet") else frame.write_csv(path)
    return evaluate(HEADS, head, Labelled(path, Columns(*columns)), **options)


def text_for(group):
    return text_of("about.about", f"coarse.{group}")


T26 = [
    (text_for("affected_individuals"), "Affected individuals"),
    (text_for("sympathy_and_support"), "Sympathy and support"),
    (text_for("sympathy_and_support"), "Other Useful Information"),
    (text_for("other_useful_information"), "Other Useful Information"),
    (text_for("caution_and_advice"), "Not labeled"),
    ("", "Caution and advice"),
    (text_for("caution_and_advice"), None),
    (text_for("caution_and_advice"), "Something new"),
]


def test_a_known_scheme_needs_no_map_and_every_row_is_accounted_for(tmp_path):
    found = judged(tmp_path, "information", T26)
    assert found["map"].startswith("built in: CrisisLexT26")
    assert found["rows"] == {
        "read": 8,
        "used": 4,
        "left_out": {
            "label that is to be ignored": 1,
            "label that nobody mapped": 1,
            "no label": 1,
            "no text": 1,
        },
    }
    assert found["unknown_labels"] == {"Something new": 1}
    assert "1 labels are unknown" in found["remarks"][0]
    true, given = [0, 1, 2, 2], [0, 1, 1, 2]
    assert found["macro_f1"] == pytest.approx(
        metrics.f1_score(true, given, average="macro"), abs=1e-4
    )
    assert found["accuracy"] == 0.75
    table = {
        (true, given): count
        for true, row in zip(found["among"], found["confusion"]["rows"], strict=True)
        for given, count in zip(found["among"], row, strict=True)
    }
    assert table["other_useful_information", "sympathy_and_support"] == 1
    assert sum(table.values()) == 4


def test_labels_that_no_class_names_count_for_the_class_of_their_type(tmp_path):
    donations = ("about.about", "coarse.donations_and_volunteering")
    rows = [
        (text_of(*donations, "information.blood"), "requests"),
        (text_of(*donations, "information.offers_volunteering"), "efforts"),
        (text_of("about.about", *["coarse.affected_individuals"] * 3), "hurt"),
    ]
    two = tmp_path / "two.toml"
    two.write_text(
        'requests = ["blood", "medical"]\nefforts = "offers_volunteering"\n'
        'hurt = ["affected_people", "missing_people"]\n'
    )
    assert judged(tmp_path, "information", rows, map_file=two)["macro_f1"] == 1
    one = tmp_path / "one.json"
    one.write_text(
        json.dumps({"requests": "medical", "efforts": "ignore", "hurt": "affected_individuals"})
    )
    found = judged(tmp_path, "information", rows[:2], map_file=one)
    assert (found["among"], found["macro_f1"]) == (["medical"], 1)


def test_several_labels_a_post_are_judged_one_by_one(tmp_path):
    rows = [
        (text_of("information.blood", "information.medical"), ["blood", "medical"]),
        (text_of("information.blood"), ["blood", "medical"]),
        (text_of("information.blood"), ["medical"]),
        (text_of("language.en"), []),
    ]
    found = judged(tmp_path, "information", rows)
    assert found["kind"] == "several of several"
    assert found["among"] == ["medical", "blood"]
    assert found["accuracy"] == 0.5
    assert found["classes"]["blood"]["precision"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["classes"]["medical"]["recall"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["confusion"]["rows"] == [[1, 0, 2, 1], [1, 1, 0, 2]]


@pytest.mark.parametrize(
    "cell",
    [
        "blood;medical",
        "['blood', 'medical']",
        '["blood","medical"]',
        "blood|medical",
        "Blood, medical",
        "information.blood; Medical",
    ],
)
def test_lists_are_known_however_they_are_written(tmp_path, cell):
    rows = [(text_of("information.blood", "information.medical"), cell)]
    found = judged(tmp_path, "information", rows, name="posts.csv")
    assert found["kind"] == "several of several"
    assert found["macro_f1"] == 1


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        (1, 0),
        (True, False),
        ("yes", "No"),
        ("hateful", "non-hateful"),
        ("HS", "NOT_HS"),
        (1.0, 0.0),
        ("hostility", "not hostility"),
        ("offensive_hateful", "abusive_offensive"),
    ],
)
def test_yes_and_no_are_known_however_they_are_written(tmp_path, yes, no):
    hostile, calm = text_of("hostility.hostility"), text_of("language.en")
    rows = [(hostile, yes), (hostile, yes), (calm, no), (calm, yes)]
    found = judged(tmp_path, "hostility", rows)
    assert found["kind"] == "yes or no"
    assert found["classes"]["yes"] == {
        "precision": 1,
        "recall": 0.6667,
        "f1": 0.8,
        "support": 3,
        "given": 2,
    }
    assert found["thresholds"]["area_under_roc"] == pytest.approx(5 / 6, abs=1e-4)
    assert len(found["thresholds"]["at"]) == 19


def test_solidarity_is_also_one_yes_or_no(tmp_path):
    rows = [
        (text_of("solidarity.unity"), "Sympathy and support"),
        (text_of("information.blood"), "Affected individuals"),
    ]
    found = judged(tmp_path, "solidarity", rows)
    assert (found["among"], found["macro_f1"]) == (["no", "yes"], 1)


def test_languages_are_known_by_their_names_and_kin_are_merged(tmp_path):
    rows = [
        (text_of("language.ms"), "msa"),
        (text_of("language.id"), "zsm"),
        (text_of("language.id"), "in"),
        (text_of("language.fil"), "tgl"),
        (text_of("language.en"), "English"),
        (text_of("language.es"), "spa"),
        (text_of("language.es"), "xx-nowhere"),
    ]
    found = judged(tmp_path, "language", rows)
    assert found["among"] == ["ar", "en", "fr", "id", "ms", "fil", "es"]
    assert found["unknown_labels"] == {"xx-nowhere": 1}
    assert found["accuracy"] == pytest.approx(5 / 6, abs=1e-4)
    assert found["macro_f1"] == pytest.approx((1 + 1 + 1 + 2 / 3 + 2 / 3) / 5, abs=1e-4)
    assert found["merged"]["macro_f1"] == 1
    assert found["classes"]["fr"]["support"] == 0


def test_a_file_of_one_language_is_not_asked_among_that_language_alone(tmp_path):
    found = judged(tmp_path, "language", [(text_of("language.id"), "ms")] * 3)
    assert found["macro_f1"] == 0


def test_an_open_question_may_be_answered_with_none(tmp_path):
    rows = [(text_of("harm.panic"), "panic"), (text_of("claim.claim", "harm.fraud"), "fraud")]
    assert judged(tmp_path, "harm", rows)["accuracy"] == 1
    found = judged(tmp_path, "harm", rows, is_open=True)
    assert found["among"] == ["panic", "fraud", "none"]
    # A harm without a claim is not said.
    assert found["accuracy"] == 0.5


def test_intervals_are_over_events_where_a_file_has_them(tmp_path):
    generator = np.random.default_rng(0)
    rows = [
        (text_of("claim.claim") if generator.random() < 0.8 else "", "rumour", f"e{each % 4}")
        for each in range(40)
    ]
    rows = [(text or "calm", label, event) for text, label, event in rows]
    rows += [("calm", "non-rumour", "e1")] * 5
    columns = ("text", "label", "event")
    found = judged(tmp_path, "claim", rows, columns=columns)
    assert found["macro_f1_interval"]["over"] == "events"
    assert set(found["events"]["each"]) == {"e0", "e1", "e2", "e3"}
    assert judged(tmp_path, "claim", [row[:2] for row in rows])["macro_f1_interval"]["over"] == (
        "posts"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('blut = "blod"', "'blod' is no label of information; give one of affected_people"),
        ("blut = ", "is not a map"),
        ("", "maps nothing"),
    ],
)
def test_a_map_that_cannot_be_used_is_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(ForeignError, match=sentence):
        judged(tmp_path, "information", [("a", "blut")], map_file=path)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("a", "gibberish")], r"No label of posts.parquet is known .*'gibberish' \(1\)"),
        ([("a", None)], "holds no label that counts"),
        ([("", "blood")], "has no row with both"),
    ],
)
def test_a_file_from_which_nothing_follows_is_a_sentence(tmp_path, rows, sentence):
    with pytest.raises(LabelledError, match=sentence):
        judged(tmp_path, "information", rows)


def test_every_built_in_scheme_speaks_of_labels_that_exist():
    for key, table in foreign._tables().items():
        for head in set(table) - {"name"}:
            for name, said in table[head].items():
                assert foreign._meaning(head, said) is not None, (key, head, name)


def test_names_are_compared_without_case_and_signs():
    assert fold(" Not-Related_ or  irrelevant") == fold("not_related OR irrelevant")
    assert [language_of(name) for name in ("en-GB", "tl", "zsm", "x")] == ["en", "fil", "ms", None]
    assert scheme_for("claim", Counter(Rumours=3)).meaning("RUMOURS") == {"yes"}


def test_the_command_prints_one_json_object(tmp_path, capsys):
    save_heads(HEADS, tmp_path / "heads")
    pl.DataFrame(T26, schema=["t", "l"], orient="row").write_csv(tmp_path / "posts.csv")
    words = ["evaluate", str(tmp_path / "posts.csv"), "--text", "t", "--label", "l"]
    words += ["--head", "information", "--heads", str(tmp_path / "heads")]
    assert cli.main(words) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["version"], said["accuracy"]) == ("test 1", 0.75)
    assert cli.main([*words, "--limit", "0"]) == 2
    assert (
        capsys.readouterr().err == "chorus evaluate: --limit wants a number of rows, 1 or more.\n"
    )
