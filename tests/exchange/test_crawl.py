"""Every address, as every reader: nobody finds a word that is not for them."""

import logging
import uuid

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings

from tansiq.core.models import LiveEvent
from tansiq.exchange import api
from tansiq.exchange.actions.delivery import send_waiting, short_words
from tansiq.exchange.models import Item
from tansiq.exchange.querysets.agreements import AgreementQuerySet
from tansiq.exchange.querysets.consultations import CommentQuerySet
from tansiq.exchange.querysets.items import ItemQuerySet, OfItemQuerySet, ReplyQuerySet
from tansiq.exchange.querysets.retention import ProofQuerySet
from tansiq.home.searchables import index_again
from tests.exchange.crawled_scenes import make_world
from tests.exchange.crawling import Walk, addresses, every_row, keys_for, part_of
from tests.exchange.hidden_words import words_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Make the world once; each test leaves it as it found it."""
    with django_db_blocker.unblock(), transaction.atomic():
        mail.outbox = []
        logging.disable(logging.ERROR)
        # What is over stays for the days of grace: it is not read, and not yet deleted.
        with override_settings(PURGE_GRACE_DAYS=30):
            world = make_world()
        index_again()
        world.mails = list(mail.outbox)
        world.routes = [
            (route.filled(values), route) for route in addresses() for values in keys_for(route)
        ]
        yield world
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def walks(world):
    return {name: walk(world, name) for name in world.readers}


def client_of(reader):
    client = Client(raise_request_exception=False)
    if reader.person is not None:
        client.force_login(reader.person)
    return client


def walk(world, name, *, only=()):
    """Let one reader ask for what there is; with `only`, for the routes of these names."""
    made = Walk(client_of(world.readers[name]), world.secrets, name)
    if only:
        for url, route in world.routes:
            if route.name in only:
                made.look(url, route.name)
    else:
        made.everywhere(part_of(world.routes, list(world.readers).index(name)))
    return made


# What was proposed, asked or given, as long as it waits; what came of it is shown afterwards.
_SHOWN_WHILE_OPEN = {
    "wrong of a correction",
    "right of a correction",
    "basis of a correction",
    "why it should go to second",
    "how it was given",
    "problem of another platform",
}


def test_no_reader_finds_a_word_that_is_not_for_them(world, walks):
    checks = sum(one.answers for one in walks.values()) * len(world.secrets.readers)

    assert {name: one.wrong for name, one in walks.items() if one.wrong} == {}
    assert checks > 500_000, checks


def test_no_address_breaks_whoever_asks(walks):
    assert {name: one.broken for name, one in walks.items() if one.broken} == {}


def test_every_word_is_found_by_somebody_so_that_the_walk_is_not_blind(world, walks):
    found = set().union(*(one.found for one in walks.values()))
    hidden = {word for word, readers in world.secrets.readers.items() if readers} - found

    assert {world.secrets.where[one] for one in hidden} <= _SHOWN_WHILE_OPEN


def test_every_route_of_the_exchange_was_asked(world, walks):
    asked = set().union(*(one.statuses for one in walks.values()))
    routes = {route.name for route in addresses({"exchange"})}

    assert routes - asked == set()


def test_search_finds_words_for_those_alone_who_may_read_them(world):
    found = set()
    for name, reader in world.readers.items():
        client, keys = client_of(reader), list(world.searches)
        for key in keys[list(world.readers).index(name) % 4 :: 4]:
            for path, parameter in (("/search/", "q"), ("/exchange/", "text")):
                answer = client.get(path, {parameter: key}).content.decode()
                words = words_in(answer)
                assert not world.secrets.wrong_for(name, words), (name, path, key)
                found |= words & {world.searches[key]}

    assert found


_OVER = (" held", " over clear", " over amber", " deleted")


def test_mails_carry_only_what_their_reader_may_read_and_never_what_stays_inside(world):
    names = {one.person.email: name for name, one in world.readers.items() if one.person}
    carried = set()
    for one in world.mails:
        parts = [one.subject, one.body, str(one.extra_headers), str(one.attachments)]
        words = words_in(" ".join([*parts, *(str(part) for part in one.alternatives)]))
        # What is over or deleted by now held when they were told of it.
        words -= {word for word, where in world.secrets.where.items() if where.endswith(_OVER)}
        (address,) = one.to
        reader = names.get(address, "viewer")
        assert not world.secrets.wrong_for(reader, words), one.subject
        assert not words & world.secrets.inside, one.subject
        carried |= words

    assert len(world.mails) > 20
    assert carried


def test_nothing_but_codes_goes_over_live_lines_and_no_telephone_hears_what_stays_inside(world):
    live = [str(one) for one in LiveEvent.objects.values_list("channel", "name", "data")]
    said = " ".join(short_words(one) for one in Item.objects.sent())

    assert live
    assert words_in(" ".join(live)) == set()
    assert words_in(said)
    assert not words_in(said) & world.secrets.inside


def _all_of(rows, _actor):
    return rows


FAULTS = {
    "items are open": (ItemQuerySet, "visible_to", _all_of, "stranger", "exchange:item"),
    "items do not end": (
        ItemQuerySet,
        "visible_to",
        lambda rows, actor: super(ItemQuerySet, rows).visible_to(actor),
        "province",
        "exchange:item",
    ),
    "files are open": (OfItemQuerySet, "visible_to", _all_of, "stranger", "exchange:file"),
    "answers are for all": (
        ReplyQuerySet,
        "visible_to",
        lambda rows, actor: super(ReplyQuerySet, rows).visible_to(actor),
        "second",
        "exchange:replies",
    ),
    "reasons are for all": (api, "_is_between", lambda *_a: True, "second", "api:receipts"),
    "agreements are open": (
        AgreementQuerySet,
        "visible_to",
        _all_of,
        "second",
        "exchange:agreement_pdf",
    ),
    "holds are open": (ProofQuerySet, "visible_to", _all_of, "stranger", "exchange:hold"),
    "comments are for all": (
        CommentQuerySet,
        "visible_to",
        lambda rows, actor: super(CommentQuerySet, rows).visible_to(actor),
        "province",
        "exchange:consultation",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_the_walk_catches_a_planted_fault(world, monkeypatch, fault):
    place, name, planted, reader, route = fault
    assert walk(world, reader, only={route}).wrong == {}

    monkeypatch.setattr(place, name, planted)

    assert walk(world, reader, only={route}).wrong


def test_a_planted_fault_in_mails_is_seen(world, monkeypatch):
    monkeypatch.setattr(Item, "may_leave_in_mail", True)
    with transaction.atomic():
        mail.outbox.clear()
        world.send("nation", "planted", ["province"], "amber+strict")
        world.send("nation", "planted warning", ["city"], "amber+strict", kind="warning")
        send_waiting(at=world.at)
        transaction.set_rollback(True)

    sent = " ".join(f"{one.subject} {one.body}" for one in mail.outbox)
    assert words_in(sent) & world.secrets.inside


# What would be taken by one form or another, were it not for who sends it.
_POSTED = {
    "action": "x",
    "answer": "yes",
    "because": "It is so.",
    "client_key": str(uuid.UUID(int=7)),
    "conclusion": "This changes.",
    "decision": "It led to this.",
    "name": "A name",
    "note": "A note.",
    "reason": "There is a reason for it.",
    "right": "That",
    "signed_as": "Secretary",
    "state": "understood",
    "text": "Words of somebody else",
    "title": "Title of somebody else",
    "until": "2099-01-01",
    "why": "They need it.",
    "wrong": "This",
    "language": "en",
    "marking": "amber",
    "is_allowed": "on",
    "allowed": "yes",
    "is_told": "on",
}
# Each reader says by these of themselves how and whether mails come; nobody else is concerned.
# A platform that nobody knows is counted among the refusals; see test_federation_pages.
_OWN = {"exchange:delivery", "exchange:incoming", "exchange:waiting"}


@pytest.mark.parametrize(
    "name", ["passer-by", "ended", "invited", "stranger", "operator", "viewer"]
)
def test_who_may_not_changes_nothing_by_any_post(world, name):
    routes = [
        (url, one)
        for url, one in part_of(world.routes, list(world.readers).index(name))
        if one.name.startswith("exchange:") and one.name not in _OWN
    ]
    client, before = client_of(world.readers[name]), every_row()

    taken = {}
    for url, _route in routes:
        answer = client.post(url, _POSTED)
        if answer.status_code in {200, 201, 500, 503}:
            taken[url] = answer.status_code

    assert len(routes) > 150
    assert taken == {}
    after = every_row()
    assert {one for one in after if after[one] != before[one]} == set()
