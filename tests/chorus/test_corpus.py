"""Our own posts: enough of every kind in every language, and nobody in them."""

import re
from collections import Counter

import pytest

from chorus import corpus, labels

FEWEST = 60
REAL_LOOKING = re.compile(r"https?://|@(?!user\b)\w|\d{3}[ -]?\d{3,4}[ -]?\d{4}")


@pytest.mark.parametrize("language", corpus.LANGUAGES)
def test_every_label_has_at_least_sixty_posts_in_every_language(language):
    counted = Counter(key for post in corpus.written(language) for key in labels.keys_in(post.mask))

    scarce = {label.key: counted[label.key] for label in labels.LABELS}
    assert {key: count for key, count in scarce.items() if count < FEWEST} == {}


@pytest.mark.parametrize("language", corpus.LANGUAGES)
def test_there_are_posts_that_only_look_hostile_or_like_claims_and_posts_about_nothing(language):
    counted = Counter(remark for post in corpus.written(language) for remark in post.remarks)

    assert counted[corpus.NOT_HOSTILE] >= 2 * FEWEST
    assert counted[corpus.NOT_ABOUT] >= 2 * FEWEST
    assert counted[corpus.MIXED] >= FEWEST


@pytest.mark.parametrize("language", corpus.LANGUAGES)
def test_no_post_names_an_account_a_link_or_a_number_that_could_be_real(language):
    suspicious = [
        post.text
        for post in corpus.written(language)
        if REAL_LOOKING.search(post.text.replace("0800-000-000", ""))
    ]
    assert suspicious == []


@pytest.mark.parametrize("language", corpus.LANGUAGES)
def test_posts_are_written_one_by_one_and_not_from_templates(language):
    words = [frozenset(re.findall(r"\w+", post.text.lower())) for post in corpus.written(language)]
    seen: dict[str, list[int]] = {}
    alike = 0
    for number, own in enumerate(words):
        if len(own) < 4:
            continue
        near = Counter(other for word in own for other in seen.get(word, ()))
        for other, shared in near.most_common(3):
            alike += shared / len(own | words[other]) >= 0.7
        for word in own:
            seen.setdefault(word, []).append(number)
    assert alike <= len(words) / 200


def test_a_line_that_cannot_be_understood_is_named_by_its_number():
    with pytest.raises(ValueError, match="line 2"):
        list(corpus._read("en", "# a remark\nno header before me\n"))
    with pytest.raises(ValueError, match="line 1"):
        list(corpus._read("en", "@ worship | blood\n"))
    with pytest.raises(KeyError):
        list(corpus._read("en", "@ worship | nonsense | standard\nhello\n"))
