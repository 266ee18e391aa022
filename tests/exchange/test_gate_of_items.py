"""The gate over every pair of levels, kind, marking, state, day of expiry and term of membership.

Who may read what is said a second time here, as plain Python over plain facts, and compared with
what the database gives: all items for each reader, in one question each.
"""

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest
from django.db.models import Q

from tansiq.access.actor import Role
from tansiq.access.models import BreakGlass, Marking
from tansiq.access.queries import actor_for, passer_by
from tansiq.exchange.models import Item, ItemKind, Receipt, Reply
from tansiq.exchange.querysets import items as guarded
from tests.factories import MembershipFactory, OrganisationFactory, PlaceFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 4)
NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
EXPIRIES = (TODAY - DAY, TODAY, TODAY + DAY)
STATES = ("draft", "sent", "recalled", "purged")


@dataclass(frozen=True)
class Reader:
    """One reader, as plain facts."""

    name: str
    person: int | None
    member_of: frozenset
    countries: frozenset
    hub_countries: frozenset
    hubs: frozenset
    oversees: frozenset
    opened: frozenset


@dataclass(frozen=True)
class Facts:
    owner: int
    owner_country: str
    recipient: int
    kind: str
    marking: str
    state: str
    expires_on: dt.date
    is_hub_wide: bool
    named_person: int | None


def may_read(reader, facts, pk):
    """Say who reads an item, in the words of the markings and of nothing else."""
    holds = facts.state == "sent" and facts.expires_on >= TODAY
    ours = facts.owner in reader.member_of
    opened = pk in reader.opened and facts.owner_country in reader.oversees
    if opened:
        return True
    if not (holds or ours):
        return False
    if facts.marking == "red":
        return reader.person is not None and reader.person == facts.named_person
    between = ours or facts.recipient in reader.member_of
    to_all = facts.marking == "clear" and facts.state != "draft"
    return between or to_all or _is_of_the_community(reader, facts)


def _is_of_the_community(reader, facts):
    if facts.marking not in {"clear", "green"} or not reader.member_of:
        return False
    network = facts.owner_country in reader.countries or facts.owner in reader.hubs
    return network or (facts.is_hub_wide and facts.owner_country in reader.hub_countries)


class World:
    """Two countries under a hub, a stranger, four levels, and people in every relation to them."""

    def __init__(self):
        self.places, self.bodies = {}, {}
        for country in ("aa", "bb", "zz"):
            above = None
            for level in range(4 if country == "aa" else 1):
                above = PlaceFactory(country_code=country, level=level, parent=above)
                self.places[country, level] = above
                self.bodies[f"{country}{level}"] = OrganisationFactory(
                    place=above, country_code=country, is_lead_of_place=True
                )
        self.bodies["women"] = OrganisationFactory(
            place=self.places["aa", 2], country_code="aa", kind="women"
        )
        hub = OrganisationFactory(kind="hub", place=None, country_code="")
        hub.countries.set([self.places["aa", 0], self.places["bb", 0]])
        self.bodies["hub"] = hub
        self.watch = OrganisationFactory(
            kind="oversight", place=self.places["aa", 0], country_code="aa"
        )
        self.readers = []
        self._people()
        self.facts = {}
        self._items()
        self._open_some()

    def _people(self):
        for name, body in self.bodies.items():
            for role in (Role.VIEWER, Role.LEAD):
                self._reader(f"{role} of {name}", body, role)
        city = self.bodies["aa2"]
        terms = {
            "ended yesterday": {"ends_on": TODAY - DAY},
            "ends today": {"ends_on": TODAY},
            "begins tomorrow": {"starts_on": TODAY + DAY},
            "never agreed": {"consented_at": None},
        }
        for name, term in terms.items():
            self._reader(name, city, Role.LEAD, is_in_force=name == "ends today", **term)
        self._reader("overseer", self.watch, Role.OVERSEER)
        self.readers.append((passer_by(NOON), Reader("passer-by", None, *[frozenset()] * 6)))

    def _reader(self, name, body, role, *, is_in_force=True, **term):
        person = MembershipFactory(organisation=body, role=role, **term).person
        is_member = is_in_force and role != Role.OVERSEER
        is_hub = body.kind == "hub"
        of_hub = is_member and (is_hub or body.country_code in {"aa", "bb"})
        reader = Reader(
            name,
            person.pk,
            frozenset({body.pk} if is_member else ()),
            frozenset({body.country_code} if is_member and not is_hub else ()),
            frozenset({"aa", "bb"} if of_hub else ()),
            frozenset({self.bodies["hub"].pk} if of_hub else ()),
            frozenset({"aa"} if role == Role.OVERSEER else ()),
            frozenset(),
        )
        self.readers.append((person, reader))

    def _items(self):
        red_reader = next(r.person for _p, r in self.readers if r.name == "viewer of aa2")
        bodies = list(self.bodies.values())
        rows, receipts, replies = [], [], []
        kinds = itertools.cycle(ItemKind.values)
        grid = itertools.product(bodies, bodies, Marking.values, STATES, EXPIRIES, (False, True))
        for owner, recipient, marking, state, expires_on, is_hub_wide in grid:
            if owner == recipient or (is_hub_wide and marking not in {"clear", "green"}):
                continue
            is_sent = state != "draft"
            item = Item(
                owner=owner,
                kind=next(kinds),
                title="x",
                text="y",
                language="en",
                marking=marking,
                is_hub_wide=is_hub_wide,
                expires_on=expires_on,
                sent_at=NOON - DAY if is_sent else None,
                published_at=NOON - DAY if is_sent and marking == "clear" else None,
                recalled_at=NOON if state == "recalled" else None,
                purged_at=NOON if state == "purged" else None,
            )
            person = red_reader if marking == "red" else None
            country = owner.country_code
            rows.append(
                (
                    item,
                    Facts(
                        owner.pk,
                        country,
                        recipient.pk,
                        item.kind,
                        marking,
                        state,
                        expires_on,
                        is_hub_wide,
                        person,
                    ),
                )
            )
        Item.objects.bulk_create([item for item, _facts in rows], batch_size=500)
        through = Item.named_people.through
        through.objects.bulk_create(
            through(item_id=item.pk, person_id=facts.named_person)
            for item, facts in rows
            if facts.named_person
        )
        for item, facts in rows:
            self.facts[item.pk] = facts
            receipts.append(
                Receipt(
                    item=item,
                    organisation_id=facts.recipient,
                    person_id=facts.named_person,
                    sent_at=NOON - DAY,
                    direction="down",
                    from_level=0,
                    to_level=1,
                )
            )
        Receipt.objects.bulk_create(receipts, batch_size=500)
        replies.extend(
            Reply(
                item_id=receipt.item_id,
                receipt=receipt,
                organisation_id=receipt.organisation_id,
                text="z",
                language="en",
                at=NOON,
            )
            for receipt in receipts
        )
        Reply.objects.bulk_create(replies, batch_size=500)

    def _open_some(self):
        """Let the overseer open one item of each marking and state, and one that is not theirs."""
        found = {}
        for pk, facts in self.facts.items():
            found.setdefault((facts.owner_country, facts.marking, facts.state), pk)
        person, reader = next(one for one in self.readers if one[1].name == "overseer")
        opened = {pk for (country, *_rest), pk in found.items() if country in {"aa", "bb"}}
        for pk in opened:
            BreakGlass.objects.create(
                person=person,
                target_kind="exchange.item",
                target_id=pk,
                reason="A complaint",
                opened_at=NOON,
                closes_at=NOON + DAY,
            )
        at = self.readers.index((person, reader))
        self.readers[at] = (
            person,
            Reader(**{**reader.__dict__, "opened": frozenset(opened)}),
        )


def _actor(who):
    return actor_for(who, at=NOON) if hasattr(who, "email") else who


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Make the world once; every test only reads it."""
    from django.db import transaction  # noqa: PLC0415 -- beside its use

    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def differences(world):
    """Return for each reader what the gate shows too much, too little, and how much was asked."""
    wrong, asked = {}, 0
    for who, reader in world.readers:
        shown = set(Item.objects.visible_to(_actor(who)).values_list("pk", flat=True))
        expected = {pk for pk, facts in world.facts.items() if may_read(reader, facts, pk)}
        asked += len(world.facts)
        if shown != expected:
            wrong[reader.name] = (len(shown - expected), len(expected - shown))
    return wrong, asked


def test_every_reader_finds_exactly_the_items_that_the_markings_allow(world):
    wrong, asked = differences(world)

    assert wrong == {}
    assert asked > 100_000
    assert {facts.kind for facts in world.facts.values()} == set(ItemKind.values)


@pytest.mark.parametrize(
    "fault",
    [
        lambda _actor: Q(sent_at__isnull=False, recalled_at__isnull=True, purged_at__isnull=True),
        lambda actor: Q(sent_at__isnull=False, expires_on__gte=actor.on or TODAY),
        lambda actor: Q(recalled_at__isnull=True, expires_on__gte=actor.on or TODAY),
        lambda _actor: Q(pk__gt=0),
    ],
    ids=["expiry forgotten", "recall forgotten", "drafts shown", "everything holds"],
)
def test_the_comparison_catches_a_planted_fault(world, monkeypatch, fault):
    monkeypatch.setattr(guarded, "_holds_for", fault)

    wrong, _asked = differences(world)

    assert wrong


def test_one_item_and_all_of_them_give_one_answer(world):
    some = sorted(world.facts)[::997]
    for who, reader in world.readers:
        for pk in some:
            one = Item.objects.visible_to(_actor(who)).filter(pk=pk).exists()
            assert one == may_read(reader, world.facts[pk], pk), (reader.name, world.facts[pk])


def _may_see_receipt(reader, facts, pk):
    own = facts.recipient in reader.member_of and facts.state != "draft"
    if own and facts.named_person in {None, reader.person}:
        return True
    if not may_read(reader, facts, pk):
        return False
    opened = pk in reader.opened
    return facts.owner in reader.member_of or facts.recipient in reader.member_of or opened


def test_receipts_are_seen_by_the_two_sides(world):
    wrong = {}
    for who, reader in world.readers:
        shown = set(Receipt.objects.visible_to(_actor(who)).values_list("item", flat=True))
        expected = {pk for pk, facts in world.facts.items() if _may_see_receipt(reader, facts, pk)}
        if shown != expected:
            wrong[reader.name] = [
                (world.facts[pk], pk in shown) for pk in sorted(shown ^ expected)[:3]
            ]

    assert wrong == {}


def test_answers_are_read_by_the_two_sides_and_only_with_the_item(world):
    wrong = {}
    for who, reader in world.readers:
        shown = set(Reply.objects.visible_to(_actor(who)).values_list("item", flat=True))
        expected = {
            pk
            for pk, facts in world.facts.items()
            if may_read(reader, facts, pk)
            and (
                {facts.owner, facts.recipient} & reader.member_of
                or (pk in reader.opened and facts.owner_country in reader.oversees)
            )
        }
        if shown != expected:
            wrong[reader.name] = (len(shown - expected), len(expected - shown))

    assert wrong == {}
