from decimal import Decimal

import pytest

from tansiq.plans.models import Indicator
from tansiq.plans.queries.figures import Expected


@pytest.mark.parametrize(
    ("rule", "expected", "target"),
    [
        ("sum", Expected(3, 3, 60), Decimal("6.0")),
        ("places", Expected(3, 3, 30), Decimal("3.0")),
        ("sum", Expected(3, 2, 40), Decimal("2.0")),
        ("sum", Expected(0, 0, None), Decimal("2.0")),
        ("mean", Expected(3, 3, 60), Decimal("2.0")),
        ("latest", Expected(3, 3, 60), Decimal("2.0")),
    ],
)
def test_targets_are_added_up_once_every_place_has_set_its_own(rule, expected, target):
    indicator = Indicator(rule=rule, decimals=1, target=20)

    assert expected.target_of(indicator) == target
