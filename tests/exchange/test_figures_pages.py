"""The pages of the figures: whose they are, what they say, what they leave unsaid."""

import csv
import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from django.utils.timezone import now

from tansiq.access.models import LogEntry
from tansiq.exchange.actions.figures import count_changed_months
from tansiq.exchange.models import Receipt
from tansiq.exchange.queries.figures import own_figures, span_of
from tests.factories import (
    ItemFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def nation():
    return OrganisationFactory(
        place=PlaceFactory(level=0), kind="national_body", country_code="id", name="The nation"
    )


@pytest.fixture
def city(nation):
    place = PlaceFactory(parent=nation.place, kind="province")
    return OrganisationFactory(place=place, country_code="id", name="A province")


@pytest.fixture
def reader(client, city):
    client.force_login(MembershipFactory(organisation=city, role="viewer").person)
    return client


def _many(owner, receiver, count, *, acknowledged=0, **more):
    """Send one item `count` times; the first of them are acknowledged after two hours."""
    sent = now() - 5 * HOUR
    levels = (owner.place.level, receiver.place.level)
    way = "down" if levels[0] < levels[1] else "up" if levels[0] > levels[1] else "across"
    item = ItemFactory.build(owner=owner, sent_at=sent, **more)
    Receipt.objects.bulk_create(
        Receipt(
            item=ItemFactory(
                owner=owner,
                kind=item.kind,
                marking=item.marking,
                sent_at=sent,
                expires_on=sent.date() + dt.timedelta(days=30),
            ),
            organisation=receiver,
            sent_at=sent,
            direction=way,
            from_level=levels[0],
            to_level=levels[1],
            acknowledged_at=sent + 2 * HOUR if number < acknowledged else None,
        )
        for number in range(count)
    )
    count_changed_months(at=now())


def _text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_country_reads_each_direction_with_its_share(reader, nation, city):
    _many(nation, city, 20, acknowledged=15)
    _many(city, nation, 12, acknowledged=3)

    response = reader.get(reverse("exchange:country_figures", args=["id"]))

    lines = response.context["figures"].directions
    assert [(one.sent, one.acknowledged.share) for one in lines] == [
        (12, 0.25),
        (20, 0.75),
        (0, None),
    ]
    assert [one.label for one in response.context["figures"].levels] == [
        "nation to province",
        "province to nation",
    ]
    assert "75%" in _text(response)


def test_few_cases_are_a_number_without_share_or_time(reader, nation, city):
    _many(nation, city, 9, acknowledged=9)

    response = reader.get(reverse("exchange:country_figures", args=["id"]))

    (line,) = response.context["figures"].levels
    assert (line.sent, line.acknowledged.share, line.acknowledged.median) == (9, None, None)
    assert "100%" not in _text(response)


def test_what_waits_stays_in_the_whole_and_is_said(reader, nation, city):
    _many(nation, city, 20, acknowledged=15)

    response = reader.get(reverse("exchange:figures"))

    came = response.context["figures"].whole.came
    assert (came.acknowledged.share, came.acknowledged.open) == (0.75, 5)
    assert came.acknowledged.median.total_seconds() == pytest.approx(7_200, rel=0.05)
    assert "5 are still open." in _text(response)


def test_both_sides_of_an_exchange_read_the_same(nation, city):
    _many(nation, city, 20, acknowledged=15)
    span = span_of(3, today=now().date())

    ours = own_figures(actor_of(nation), nation, span).whole.sent
    theirs = own_figures(actor_of(city), city, span).whole.came

    assert ours.sums == theirs.sums


def test_red_stands_in_no_figure(reader, nation, city):
    _many(nation, city, 20, acknowledged=20, marking="red")

    country = reader.get(reverse("exchange:country_figures", args=["id"]))
    own = reader.get(reverse("exchange:figures"))

    assert country.context["figures"].is_empty
    assert own.context["figures"].is_empty


def test_one_kind_of_item_alone(reader, nation, city):
    _many(nation, city, 11, kind="warning")
    _many(nation, city, 14, kind="briefing")

    response = reader.get(reverse("exchange:country_figures", args=["id"]), {"kind": "warning"})

    assert [one.sent for one in response.context["figures"].directions] == [0, 11, 0]


def test_an_address_that_names_nonsense_shows_the_usual(reader, nation, city):
    _many(nation, city, 11)

    response = reader.get(
        reverse("exchange:country_figures", args=["id"]), {"kind": "x", "months": "-1"}
    )

    assert [one.sent for one in response.context["figures"].directions] == [0, 11, 0]
    assert response.context["form"].span == 12


def test_figures_of_another_country_are_not_read(reader):
    PlaceFactory(level=0, country_code="ph")

    assert reader.get(reverse("exchange:country_figures", args=["ph"])).status_code == 403


def test_figures_of_another_organisation_are_not_read(reader, nation, city):
    _many(nation, city, 20)

    response = reader.get(reverse("exchange:figures"), {"organisation": nation.pk})

    assert response.context["organisation"] == city


@pytest.mark.parametrize("name", ["figures_export", "country_figures_export"])
def test_a_file_says_what_the_page_says_and_is_logged(reader, nation, city, name):
    _many(nation, city, 20, acknowledged=15)
    _many(city, nation, 3, acknowledged=3)
    args = ["csv"] if name == "figures_export" else ["id", "csv"]

    response = reader.get(reverse(f"exchange:{name}", args=args))

    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    shares = {(row["sent"], row["acknowledged_share"]) for row in rows}
    assert {("20", "0.75"), ("3", "")} <= shares
    rule = "export:exchange." + name.removesuffix("_export")
    assert LogEntry.objects.filter(rule=rule).count() == 1


def test_the_workbook_opens(reader, nation, city):
    _many(nation, city, 20, acknowledged=15)

    response = reader.get(reverse("exchange:country_figures_export", args=["id", "xlsx"]))

    assert response.content[:2] == b"PK"


def test_without_anything_the_pages_say_what_will_stand_there(reader, nation):
    own = reader.get(reverse("exchange:figures"))
    country = reader.get(reverse("exchange:country_figures", args=["id"]))

    assert "Nothing was sent and nothing came" in _text(own)
    assert "Nothing was counted for these months" in _text(country)


def test_the_pages_cost_the_same_however_much_there_is(reader, nation, city, flat_queries):
    flat_queries(
        lambda: reader.get(reverse("exchange:country_figures", args=["id"])),
        add_row=lambda: _many(nation, city, 4),
        cost=15,
    )
