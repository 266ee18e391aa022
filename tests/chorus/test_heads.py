"""The shipped heads: what they say of plain posts, and what never holds without something else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus import corpus, labels
from chorus.heads import Heads, HeadsError, load_heads, save_heads

# Posts that nobody could mistake; none of them is in our corpus.
PLAIN = (
    ("en", "information.blood", "Blood donors of group O negative needed at the city blood bank"),
    ("fr", "information.blood", "On manque de sang O négatif, venez donner à l'hôpital ce soir"),
    ("id", "information.blood", "Dibutuhkan donor darah golongan O di PMI kota malam ini"),
    ("ms", "information.blood", "Penderma darah jenis O diperlukan segera di bank darah hospital"),
    ("fil", "information.blood", "Kailangan ng magdodonate ng dugo type O sa ospital ngayong gabi"),
    ("ar", "information.blood", "مطلوب متبرعين بالدم فصيلة O سالب في بنك الدم الليلة"),
    ("en", "solidarity.do_not_share_images", "Please stop sharing photos of the victims, respect"),
    ("id", "solidarity.do_not_share_images", "Tolong jangan sebar foto dan video korban, hormati"),
    ("en", "claim.claim", "Forwarded as received: second bomb found, the police are hiding it"),
    ("en", "hostility.hostility", "All immigrants are vermin, kick them out of our country"),
)


@pytest.fixture(scope="module")
def heads():
    return load_heads()


def said(heads, texts):
    scores = heads.score(texts)
    return scores.languages(), scores.labels(scores.languages())


@pytest.mark.parametrize(("language", "key", "text"), PLAIN)
def test_a_plain_post_is_understood(heads, language, key, text):
    languages, masks = said(heads, [text])

    assert labels.LANGUAGES[languages[0]] in {language, "id/ms"}
    assert key in labels.keys_in(int(masks[0]))


def test_a_post_about_lunch_needs_nothing(heads):
    _, masks = said(heads, ["Nasi goreng at the corner again, best lunch of the week"])

    heads_said = {key.partition(".")[0] for key in labels.keys_in(int(masks[0]))}
    assert not heads_said & {"about", "information", "solidarity", "claim", "hostility"}


def test_a_text_without_words_has_no_language(heads):
    languages, masks = said(heads, ["", "12 !!! 🙂", None])

    assert languages.tolist() == [labels.LANGUAGES.index("und")] * 3
    assert all("about.about" not in labels.keys_in(int(mask)) for mask in masks)


@given(st.lists(st.text(max_size=80), max_size=12), st.integers(0, 12))
@settings(max_examples=60)
def test_how_posts_are_batched_does_not_change_what_is_said_of_them(texts, cut):
    heads = load_heads()
    languages, masks = said(heads, texts)
    parts = [said(heads, part) for part in (texts[:cut], texts[cut:])]

    assert languages.tolist() == [one for part in parts for one in part[0].tolist()]
    assert masks.tolist() == [one for part in parts for one in part[1].tolist()]


@given(st.lists(st.sampled_from(corpus.every_post()), min_size=1, max_size=40))
@settings(max_examples=40)
def test_a_label_that_needs_another_never_stands_alone(posts):
    _, masks = said(load_heads(), [post.text for post in posts])

    for mask in map(int, masks):
        keys = labels.keys_in(mask)
        by_head = {
            head: [key for key in keys if key.startswith(f"{head}.")] for head in labels.HEADS
        }
        for head, first in labels.DEPENDS_ON.items():
            assert len(by_head[head]) == len(by_head[first])
        if not by_head["about"]:
            assert not by_head["information"]
            assert not by_head["solidarity"]


def test_saved_heads_say_the_same(heads, tmp_path):
    save_heads(heads, tmp_path)
    again = load_heads(tmp_path)
    texts = [post.text for post in corpus.every_post()[::97]]

    assert isinstance(again, Heads)
    assert np.array_equal(again.score(texts).logits, heads.score(texts).logits)
    assert again.cards == heads.cards


def test_a_folder_without_heads_is_named(tmp_path):
    with pytest.raises(HeadsError, match="holds no heads"):
        load_heads(tmp_path)


def test_a_damaged_file_is_refused(heads, tmp_path):
    save_heads(heads, tmp_path)
    file = tmp_path / "heads.npz"
    file.write_bytes(file.read_bytes()[:5000])

    with pytest.raises(HeadsError, match=r"damaged|anew"):
        load_heads(tmp_path)


def test_every_label_of_every_language_has_its_figures_on_unseen_events(heads):
    told = {
        (figure.name, figure.language)
        for card in heads.cards.cards
        for figure in card.figures
        if figure.posts
    }
    wanted = {
        (label.key, language) for label in labels.LABELS for language in ("all", *corpus.LANGUAGES)
    }
    assert wanted - told == set()


def test_error_bars_hold_their_middle_and_are_no_wider_than_tenfold(heads):
    for label in labels.LABELS:
        bar = heads.cards.bar(label.key)
        assert bar is not None, label.key
        low, high = bar
        assert 0.1 < low < high < 10, label.key
