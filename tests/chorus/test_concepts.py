"""The lexicon of concepts is read from its files, and a mistake in one is named."""

import pytest

from chorus.concepts import FOLDER, load_concepts
from chorus.kernel import PhrasebookError, features


def test_both_forms_of_a_lexicon_are_read_and_languages_join(tmp_path):
    (tmp_path / "en.toml").write_text('blood = "blood blood_group"\nhurt = "injur*"\n')
    (tmp_path / "id.toml").write_text('[blood]\nwords = ["darah", "golongan darah"]\n')

    book = load_concepts(tmp_path)

    assert book.names == ("blood", "hurt")
    assert set(book.patterns) == {"blood", "blood group", "injur", "darah", "golongan darah"}


@pytest.mark.parametrize(
    ("lexicon", "sentence"),
    [
        ("blood = ", "en.toml is not a lexicon in TOML"),
        ("blood = 3", "blood in en.toml has no patterns"),
        ("blood = [3]", "blood in en.toml has no patterns"),
        ('blood = "bl*od"', "blood in en.toml: The pattern 'bl[*]od' has a [*] before its end"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path, lexicon, sentence):
    (tmp_path / "en.toml").write_text(lexicon)

    with pytest.raises(PhrasebookError, match=sentence):
        load_concepts(tmp_path)


def test_the_lexicon_that_is_shipped_can_be_read():
    book = load_concepts()

    assert bool(book.names) == any(FOLDER.glob("*.toml"))
    with_concepts, without = (features(["We need blood"], each) for each in (book, None))
    assert (len(with_concepts.indices) > len(without.indices)) == bool(book.names)
