"""A walk through every address as one reader: all routes with all keys, and all links found."""

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urldefrag, urljoin

from django.apps import apps
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from tansiq.access.models import Notice, Organisation, Place
from tansiq.exchange.models import (
    Agreement,
    Attachment,
    Correction,
    ForwardRequest,
    Group,
    Hold,
    Item,
    Obligation,
    Party,
    Peer,
    Purge,
    Receipt,
    Rhythm,
    Route,
)
from tests.exchange.hidden_words import text_of_answer, words_in

NAMESPACES = {"exchange", "home", "access", "core", "api"}
_OF_OTHERS = re.compile(r"^api/1/(?!exchange|me|places|organisations|openapi|$)")
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_LINK = re.compile(r'(?:href|src|hx-get|action)="([^"]+)"')
_FOLLOWED = re.compile(r"^/(exchange|search|owed|notices|mine|log|oversight|organisations|$)")
_NUMBER = re.compile(r"\d+")
_MOST_OF_A_SHAPE = 6
# Signing out and files of the look hold nothing, and the second signs nobody out.
_LEFT_OUT = re.compile(r"^/(account|static|language|theme|live|readyz)(/|$)")
# Each reader asks the other routes for one row in so many, each reader for others, so that all are
# asked by somebody. With CRAWL_ALL in the environment everybody asks for everything.
_ONE_IN = 1 if os.environ.get("CRAWL_ALL") else 6
_ASKED_IN_FULL = frozenset({"exchange:item", "exchange:receipt", "exchange:file"})

# The table of which a route takes keys, by the first word of its address that names one.
_TABLES = {
    "exchange/receipts/": Receipt,
    "api/1/exchange/receipts/": Receipt,
    "exchange/agreements/": Agreement,
    "exchange/corrections/": Correction,
    "exchange/forward-requests/": ForwardRequest,
    "exchange/files/": Attachment,
    "exchange/owed/": Obligation,
    "exchange/rhythms/": Rhythm,
    "exchange/groups/": Group,
    "exchange/holds/": Hold,
    "exchange/deleted/": Purge,
    "exchange/delivery/routes/": Route,
    "exchange/platforms/": Peer,
    "exchange/": Item,
    "api/1/exchange/items/": Item,
    "notices/": Notice,
}
_SHARED = {"item": Item, "agreement": Agreement, "group": Group}


@dataclass(frozen=True)
class Address:
    """One route: its name, its pattern as Django shows it."""

    name: str
    pattern: str

    @property
    def parameters(self):
        return [match["name"] for match in _PARAMETER.finditer(self.pattern)]

    def filled(self, values):
        return "/" + _PARAMETER.sub(lambda match: str(values[match["name"]]), self.pattern)


def addresses(namespaces=NAMESPACES):
    """Return every route of these namespaces, linked or not."""
    return [
        one
        for one in _routes(get_resolver(), "", "")
        if one.name.partition(":")[0] in namespaces and not _OF_OTHERS.match(one.pattern)
    ]


def _routes(resolver, above, namespace):
    for one in resolver.url_patterns:
        pattern = above + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one, pattern, one.namespace or namespace)
        else:
            yield Address(f"{namespace}:{one.name}", pattern)


def keys_for(address):
    """Return all values with which the route is asked: the keys of every row of its table."""
    names = address.parameters
    if names and names[0] == "kind":
        return [
            {"kind": kind, "pk": pk} | _ones(names)
            for kind, model in _SHARED.items()
            for pk in _pks(model)
        ]
    if names and names[0] == "label":
        models = [*_SHARED.values(), Receipt, Obligation, Hold]
        return [{"label": one._meta.label_lower, "pk": pk} for one in models for pk in _pks(one)]
    if "party" in names:
        return list(
            Party.objects.values("agreement", "pk").distinct()
            and [{"pk": one.agreement_id, "party": one.pk} for one in Party.objects.all()]
        )
    choices = [_choices(name, address.pattern) for name in names]
    return [dict(zip(names, row, strict=True)) for row in product(*choices)]


def part_of(routes, number):
    """Return the addresses that the reader of this number asks for without a link to them."""
    return [
        (url, route)
        for at, (url, route) in enumerate(routes)
        if route.name in _ASKED_IN_FULL or not route.parameters or (at + number) % _ONE_IN == 0
    ]


def _ones(names):
    return {name: "1" for name in names if name not in {"kind", "pk"}}


def _pks(model):
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def _choices(name, pattern):
    if name in {"pk", "item"}:
        table = next((model for start, model in _TABLES.items() if pattern.startswith(start)), None)
        return _pks(table) if table is not None else [1]
    if name == "slug":
        return list(Organisation.objects.order_by("pk").values_list("slug", flat=True))
    fixed = {
        "code": list(Place.objects.order_by("pk").values_list("code", flat=True)[:3]),
        "country": ["ph", "id"],
        "form": ["csv", "xlsx", "pdf", "json"],
        "chain": ["6f0c5f0e-5f7a-4c0e-9d5c-0b8a53c4d1aa"],
    }
    return fixed.get(name, ["1"])


@dataclass
class Walk:
    """What one reader found: the words, each with the first address that showed it."""

    client: object
    secrets: object
    reader: str
    found: dict = field(default_factory=dict)
    answers: int = 0
    statuses: dict = field(default_factory=dict)
    wrong: dict = field(default_factory=dict)
    broken: dict = field(default_factory=dict)
    _seen: set = field(default_factory=set)
    _shapes: Counter = field(default_factory=Counter)

    def everywhere(self, routes):
        waiting = [("/", "start"), *((url, route.name) for url, route in routes)]
        while waiting:
            url, name = waiting.pop()
            # What is only posted to is asked once.
            is_posted_to = 405 in self.statuses.get(name, ())
            if not (url in self._seen or is_posted_to or _LEFT_OUT.match(url)):
                self._seen.add(url)
                waiting += [(link, "link") for link in self.look(url, name)]

    def look(self, url, name="link"):
        """Ask for one address; note the words in the answer and return the links in it."""
        answer = self.client.get(url)
        self.statuses[name] = self.statuses.get(name, set()) | {answer.status_code}
        if answer.status_code >= 500:
            self.broken[url] = answer.status_code
        text = text_of_answer(answer)
        self.take(url, text)
        if not answer.get("Content-Type", "").startswith("text/html"):
            return []
        links = {
            urldefrag(urljoin(url, one.replace("&amp;", "&"))).url for one in _LINK.findall(text)
        }
        return [one for one in links if _FOLLOWED.match(one) and self._is_of_a_new_kind(one)]

    def _is_of_a_new_kind(self, link):
        """Follow a few links of each shape: forty rows lead to forty forms of the same kind."""
        shape = _NUMBER.sub("#", link)
        self._shapes[shape] += 1
        return self._shapes[shape] <= _MOST_OF_A_SHAPE

    def take(self, where, text):
        self.answers += 1
        for word in words_in(text):
            self.found.setdefault(word, where)
            if self.reader not in self.secrets.readers[word]:
                self.wrong.setdefault(self.secrets.where[word], where)


def every_row():
    """Return all rows of all tables of the exchange, to see whether something changed."""
    rows = {}
    for model in apps.get_app_config("exchange").get_models(include_auto_created=True):
        rows[model._meta.label] = sorted(map(repr, model._base_manager.values_list()))
    return rows
