"""Two running platforms whose line is cut and whose processes are killed: all arrives, once."""

import pytest

from tests.exchange.two_platforms import run

pytestmark = pytest.mark.slow


def test_whatever_is_cut_nothing_is_lost_and_nothing_doubled(instances):
    figures = run([instances.make(), instances.make()], line_cuts=17, kills=3, seed=1)

    assert figures["line_cuts"] >= 17
    assert figures["kills"] == 3
    stayed = figures["taken_back_before_they_went"]
    assert figures["copies"] == figures["items"] - stayed > 10
    assert (figures["lost"], figures["doubled"]) == (0, 0)
