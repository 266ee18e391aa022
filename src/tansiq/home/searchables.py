"""What can be found: which tables, which of their texts, in which languages."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from operator import methodcaller
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Organisation, Place, Shared
from tansiq.core.search import Text, put, take_out
from tansiq.core.translations import translations_of
from tansiq.exchange.models import Item
from tansiq.incidents.models import Incident
from tansiq.plans.models import Action, Activity, Indicator, Objective, Plan

_BATCH = 400
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Searchable:
    """One kind of thing that can be found, and how it is described in a list of finds."""

    model: Any
    label: Any
    icon: str
    title: str
    body: tuple[str, ...]
    written_in: Callable[[Any], str]
    related: tuple[str, ...] = ()
    # Names by language, for places and organisations; other texts use the translations kept.
    names: str = ""
    where: Callable[[Any], str] = str
    address: Callable[[Any], str] = methodcaller("get_absolute_url")

    @property
    def kind(self) -> str:
        return str(self.model._meta.label_lower)

    def rows(self) -> models.QuerySet[Any]:
        """Return all rows that may be indexed; RED never stands in anybody's index."""
        known = self.model.objects.select_related(*self.related)
        # A draft is not found, and what was taken back or deleted leaves no words behind.
        rows: models.QuerySet[Any] = known.holding() if self.model is Item else known
        if issubclass(self.model, Shared):
            return rows.exclude(marking="red")
        plan_fields = {field.name for field in self.model._meta.get_fields()}
        return rows.exclude(plan__marking="red") if "plan" in plan_fields else rows


def _language_of_plan(part: Any) -> str:
    return str(part.plan.language)


SEARCHABLES = [
    Searchable(
        Plan,
        _("Plan"),
        "plan",
        "title",
        ("short_title", "summary", "legal_instrument"),
        lambda plan: str(plan.language),
        ("place", "country"),
        where=lambda plan: str(plan.place),
    ),
    Searchable(
        Objective,
        _("Objective"),
        "plan",
        "title",
        ("code",),
        _language_of_plan,
        ("plan__country", "plan__place"),
        where=lambda part: str(part.plan),
        address=lambda objective: f"{objective.plan.get_absolute_url()}?q={objective.code}",
    ),
    Searchable(
        Action,
        _("Action"),
        "check",
        "title",
        ("code", "local_role"),
        _language_of_plan,
        ("plan__country", "plan__place"),
        where=lambda part: str(part.plan),
    ),
    Searchable(
        Indicator,
        _("Indicator"),
        "chart",
        "title",
        ("code", "definition"),
        _language_of_plan,
        ("plan__country", "plan__place"),
        where=lambda part: str(part.plan),
        address=lambda indicator: reverse(
            "plans:indicator",
            args=[indicator.plan.country.code, indicator.plan.slug, indicator.code],
        ),
    ),
    Searchable(
        Activity,
        _("Activity"),
        "calendar",
        "title",
        ("partners", "funder"),
        lambda activity: str(activity.language),
        ("place", "owner"),
        where=lambda activity: f"{activity.owner} · {activity.place}",
    ),
    Searchable(
        Incident,
        _("Incident"),
        "incident",
        "title",
        ("exact_location",),
        lambda incident: str(incident.language),
        ("place", "owner"),
        where=lambda incident: f"{incident.owner} · {incident.place}",
    ),
    Searchable(
        Item,
        _("Item of the exchange"),
        "exchange",
        "title",
        ("text",),
        lambda item: str(item.language),
        ("owner",),
        where=lambda item: str(item.owner),
    ),
    Searchable(
        Organisation,
        _("Organisation"),
        "network",
        "name",
        (),
        lambda _one: "en",
        ("place",),
        names="names",
        where=lambda one: f"{one.get_kind_display()} · {one.place or ''}",
        address=lambda one: reverse("access:organisation", args=[one.slug]),
    ),
    Searchable(
        Place,
        _("Place"),
        "map",
        "name",
        ("code",),
        lambda _one: "en",
        ("parent",),
        names="names",
        where=lambda place: str(place.parent or ""),
        address=lambda place: reverse("access:place", args=[place.code]),
    ),
]
BY_KIND = {searchable.kind: searchable for searchable in SEARCHABLES}


def texts_of(searchable: Searchable, rows: Iterable[Any]) -> Iterator[Text]:
    """Yield what is to be indexed of these rows, in every language there is a text for."""
    rows = list(rows)
    fields = (searchable.title, *searchable.body)
    originals = {str(getattr(row, field)) for row in rows for field in fields} - {""}
    translated = {
        language: {} if searchable.names else translations_of(originals, language)
        for language in LANGUAGES
    }
    for row in rows:
        written_in = searchable.written_in(row)
        title = str(getattr(row, searchable.title))
        body = " ".join(str(getattr(row, field)) for field in searchable.body)
        yield Text(searchable.kind, row.pk, written_in, title, body)
        names = getattr(row, searchable.names) if searchable.names else {}
        for language in LANGUAGES:
            found = translated[language]
            other = names.get(language) or (str(found[title]) if title in found else "")
            if other and language != written_in:
                words = " ".join(str(found.get(text, "")) for text in _texts(row, searchable))
                yield Text(searchable.kind, row.pk, language, other, words)


def _texts(row: Any, searchable: Searchable) -> list[str]:
    return [str(getattr(row, field)) for field in searchable.body]


def index_again(kinds: Iterable[str] = ()) -> int:
    """Index everything anew and drop what no longer exists; return how many texts there are."""
    count = 0
    for searchable in SEARCHABLES:
        if kinds and searchable.kind not in kinds:
            continue
        for rows in batched_rows(searchable.rows()):
            count += put(texts_of(searchable, rows))
    return count


def batched_rows(rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    latest = 0
    while page := list(rows.filter(pk__gt=latest).order_by("pk")[:_BATCH]):
        yield page
        latest = page[-1].pk


def index_one(searchable: Searchable, pk: int) -> None:
    """Bring one object's entries up to date."""
    rows = list(searchable.rows().filter(pk=pk))
    if rows:
        put(texts_of(searchable, rows))
    else:
        take_out(searchable.kind, [pk])


_is_put_off: ContextVar[bool] = ContextVar("indexing is put off", default=False)


def is_put_off() -> bool:
    return _is_put_off.get()


@contextmanager
def indexed_at_the_end() -> Iterator[None]:
    """Index everything once when much was written, instead of each thing when it is saved."""
    token = _is_put_off.set(True)
    try:
        yield
    finally:
        _is_put_off.reset(token)
    index_again()
