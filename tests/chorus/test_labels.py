"""The code book stands still: masks in saved files depend on it."""

from chorus import labels


def test_every_label_has_a_place_of_its_own_in_the_mask():
    assert sorted(labels.BIT.values()) == list(range(len(labels.LABELS)))
    assert len(labels.LABELS) < 64


def test_a_mask_gives_back_the_keys_it_was_made_of():
    keys = ("information.blood", "solidarity.unity", "harm.political")
    assert set(labels.keys_in(labels.mask_of(*keys))) == set(keys)


def test_labels_of_one_name_in_two_heads_are_two_labels():
    assert labels.mask_of("harm.political") != labels.mask_of("target.political")


def test_the_places_written_into_files_have_not_moved():
    assert labels.BIT["about.about"] == 0
    assert labels.BIT["information.other"] == 13
    assert labels.BIT["claim.claim"] == 20
    assert labels.BIT["target.political"] == 32
    assert labels.LANGUAGES.index("id/ms") == 7
