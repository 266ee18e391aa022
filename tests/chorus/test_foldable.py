"""What every table of the state shares: settings that must agree, and texts as arrays."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.foldable import Settings, SettingsDifferError, packed, same_arrays, unpacked


def test_settings_that_differ_refuse_with_a_sentence_that_names_what():
    settings = Settings(incident_at=0, key="a")

    with pytest.raises(SettingsDifferError) as refusal:
        settings.require_same(replace(settings, key="b", k=12))

    assert str(refusal.value) == (
        "The two states differ in the key of the incident and the least number of authors, so "
        "they cannot be added up; analyse both parts again with the same settings."
    )


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_texts_come_back_from_arrays(texts):
    assert unpacked("names", packed("names", texts)) == texts


def test_texts_that_were_cut_are_refused():
    arrays = packed("names", ["مدينة", "kota"])
    arrays["names.bytes"] = arrays["names.bytes"][:-1]

    with pytest.raises(ValueError, match="not whole"):
        unpacked("names", arrays)


def test_arrays_are_equal_only_with_the_same_names_types_and_values():
    one = {"counts": np.array([1, 2], np.int64)}

    assert same_arrays(one, {"counts": np.array([1, 2], np.int64)})
    assert not same_arrays(one, {"counts": np.array([1, 2], np.int32)})
    assert not same_arrays(one, {"counts": np.array([1, 3], np.int64)})
    assert not same_arrays(one, {})
