"""Normal forms and fingerprints: what counts as the same text, and what as nearly the same."""

from itertools import pairwise, product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus import kernel
from chorus.kernel import reference

marks = [
    *"@＠#＃&;.!?'’_-/ \n،؟",
    "\u200f",
    "\u0301",
    "\xa0",
    "[user]",
    "[link]",
    "[number]",
    "&amp;",
]
letters = ["a", "b", "Ab", "RT ", "É", "é", "İ", "ẞ", "Σ", "Ж", "ᾼ", "日本", "𝗛", "𝗲", "Ｑ", "ｑ"]
arabic = ["أ", "هى", "ة", "ک", "َ", "ـ", "٠١", "۰"]
others = ["1", "23", "８", "𝟗", "😭", "😭", "🇮", "🇩", "👍🏽", "☀️", "❤", "HTTPS://", "http://x"]
crumbs = st.sampled_from([*marks, *letters, *arabic, *others])
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.lists(crumbs, max_size=14).map("".join),
)
columns = st.lists(st.one_of(st.none(), texts), max_size=8)


def normal(text):
    (answer,) = kernel.normalise([text]).to_pylist()
    return answer


def are_equal(some, others):
    return np.array_equal(some.exact, others.exact) and np.array_equal(
        some.signature, others.signature
    )


@given(columns)
def test_c_and_plain_python_find_the_same_normal_form(column):
    array = pa.array(column, pa.large_string())

    answer = kernel.normalise(array)

    answer.validate(full=True)
    assert answer.to_pylist() == reference.normalise(array).to_pylist()


@given(columns)
def test_c_and_plain_python_find_the_same_fingerprints(column):
    array = pa.array(column, pa.large_string())

    assert are_equal(kernel.fingerprint(array), reference.fingerprint(array))


@given(columns, st.data())
def test_a_slice_gives_the_slice_of_the_answer(column, data):
    start = data.draw(st.integers(0, len(column)))
    length = data.draw(st.integers(0, len(column)))
    array = pa.array(column, pa.large_string())
    rows = slice(start, start + length)

    whole, part = kernel.fingerprint(array), kernel.fingerprint(array.slice(start, length))

    assert are_equal(part, type(whole)(whole.exact[rows], whole.signature[rows]))
    part = kernel.normalise(array.slice(start, length))
    assert part == kernel.normalise(array).slice(start, length)


@given(texts)
def test_a_normal_form_has_single_spaces_around_its_words(text):
    answer = normal(text)

    assert (
        answer == " " if not answer.strip() else answer == f" {' '.join(answer.split(' ')[1:-1])} "
    )
    assert "  " not in answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", " "),
        ("RT @ana: Ya Allah!!!! sooooo", " rt ya allah !! soo "),
        ("[user] see [link] and https://t.co/x [number]", " see and "),
        ("#PrayForJakarta2026 #RIPVictims #a_B", " pray for jakarta 0 rip victims a b "),
        ("PrayForJakarta", " prayforjakarta "),
        ("#25يناير", " 0 يناير "),
        ("السَّلامُ عليكـــم أهلي في مدرسة؟", " السلام عليكم اهلي في مدرسه ? "),
        ("ÉCOLE «l’œuvre» don't 'so' &amp; İstanbul", " école l'œuvre don't so istanbul "),
        ("Qur'an,٣٤ 12.500", " qur'an 0 0 0 "),
        ("aman😭😭🇮🇩🇮🇩👍🏽☀️", " aman 😭 🇮🇩 👍 ☀ "),
        ("𝗛𝗲𝗹𝗽 Ｈｅｌｐ 𝟗", " help help 0 "),
    ],
)
def test_texts_in_other_clothes_become_the_same(text, expected):
    assert normal(text) == expected


@pytest.mark.parametrize("unit", ["a", "ab ", "é", "س ", "😭❤", "#aB1", "!a", "🇮🇩"])
def test_a_text_longer_than_the_buffer_is_cut_at_a_character(unit):
    array = pa.array([unit * 20_000, "after"], pa.large_string())

    answer = kernel.normalise(array)

    answer.validate(full=True)
    assert answer.to_pylist() == reference.normalise(array).to_pylist()
    assert len(answer[0].as_py().encode()) <= 8192
    assert are_equal(kernel.fingerprint(array), reference.fingerprint(array))


def test_bytes_that_are_no_text_are_survived():
    for broken in (
        b"\xff\xfe@\xc3",
        b"\xf0\x9f\x98",
        b"12345\xd9",
        b"\xed\xa0\x80www.\xc0\xaf" * 9,
    ):
        offsets = pa.py_buffer(np.array([0, len(broken)], np.int64))
        array = pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(broken)])

        assert len(kernel.mask(array)) == len(kernel.normalise(array)) == 1
        assert kernel.fingerprint(array).exact.shape == (1,)


def exact(text):
    return int(kernel.fingerprint([text]).exact[0])


def test_the_same_text_is_the_same_whoever_sends_it_and_however_it_is_spaced():
    text = "Donor darah O di posko 12 [link]"
    for same in (
        "RT [user]: Donor darah O di posko 12 [link]",
        "rt  [user] DONOR  darah O\ndi posko 12",
        "[user] Donor\u200b darah O di posko\xa012 [link] [link]",
    ):
        assert exact(same) == exact(text)
    for other in (
        "Donor darah O di posko 13",
        "Donor darah O di posko",
        "Donor darah O! di posko 12",
    ):
        assert exact(other) != exact(text)


def test_nothing_is_the_same_as_no_text():
    answer = kernel.fingerprint(["", None, " [user] [link]\n", "a"])

    assert (answer.exact == 0).tolist() == [True, True, True, False]
    assert (answer.signature == 0xFFFF).all(axis=1).tolist() == [True, True, True, False]
    assert kernel.fingerprint([]).signature.shape == (0, 32)


def test_signatures_estimate_what_two_texts_share():
    random = np.random.default_rng(7)
    words = ["".join(word) for word in product("aeiou", "klmnprst", "aeiou", "bdgklmnrst")]
    misses = []
    for _ in range(400):
        some = list(random.choice(words, 24))
        others = list(some)
        for place in random.choice(24, random.integers(0, 12), replace=False):
            others[place] = str(random.choice(words))
        share = shared(some, others)
        pair = kernel.fingerprint([" ".join(some), " ".join(others)]).signature
        misses.append((pair[0] == pair[1]).mean() - share)

    # The standard error of 32 draws is at most 0.09; an estimate must not lean to one side.
    assert abs(np.mean(misses)) < 0.01
    assert np.std(misses) < 0.09


def shared(some, others):
    sets = [{*words, *pairwise(words)} for words in (some, others)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_a_repost_has_the_signature_of_what_it_reposts():
    pair = kernel.fingerprint(["RT [user]: jangan sebar gambar", "Jangan sebar gambar"]).signature

    assert np.array_equal(pair[0], pair[1])


@given(st.binary(min_size=16, max_size=16))
def test_c_and_plain_python_agree_under_any_key(key):
    texts = pa.array(
        ["jangan sebar gambar", "Jangan sebar!", None, "قلوبنا معكم"], pa.large_string()
    )

    assert are_equal(kernel.fingerprint(texts, key), reference.fingerprint(texts, key))


def test_without_the_key_nobody_can_ask_for_a_text():
    text = ["don't share pictures of the victims"]
    own, other = (kernel.fingerprint(text, bytes([n] * 16)) for n in (1, 2))

    assert own.exact[0] != other.exact[0]
    assert (own.signature == other.signature).mean() < 0.2


def test_a_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        kernel.fingerprint(["a"], b"short")
