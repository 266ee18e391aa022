"""What is there of items: rows, words, files; asked before they are deleted, and afterwards."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Cast

from tansiq.access.models import Notice
from tansiq.core.models import SearchEntry, Translation
from tansiq.core.translations import hash_of
from tansiq.exchange.keeping import ENVELOPE, NO_WORDS, TABLES, Table
from tansiq.exchange.models import Attachment, Item, LeftFile, Receipt

ITEM: Final = "exchange.item"
PERSONS, NOTICES, SEARCH, TRANSLATIONS, FILES = (
    "persons",
    "notices",
    "search",
    "translations",
    "files",
)
_CHUNK = 500

# By the key of an item: the name of a table, and how many rows.
Counts = dict[int, dict[str, int]]


def rows_of(table: Table, items: Sequence[int]) -> models.QuerySet[Any]:
    """Return the rows of a table that belong to these items."""
    model: Any = apps.get_model(table.label)
    rows: models.QuerySet[Any] = models.QuerySet(model).filter(**{f"{table.path}__in": items})
    return rows


def red_receipts(items: Sequence[int]) -> models.QuerySet[Receipt]:
    """Return the receipts that are of one person each; they count in no figure."""
    rows: models.QuerySet[Receipt] = Receipt.objects.filter(item__in=items, person__isnull=False)
    return rows


def count_all(items: Sequence[int], hashes: dict[str, set[int]]) -> Counts:
    """Return how many rows with words, files or persons there are of each item, by table."""
    found: Counts = {pk: {} for pk in items}
    for name, counted in _each_count(items, hashes):
        for pk in items:
            found[pk][name] = counted.get(pk, 0)
    return found


def _each_count(
    items: Sequence[int], hashes: dict[str, set[int]]
) -> Iterator[tuple[str, dict[int, int]]]:
    yield "item", _by_item(Item.objects.filter(pk__in=items).filter(says_anything(ENVELOPE)), "pk")
    for table in TABLES:
        rows = rows_of(table, items)
        if not table.goes:
            rows = rows.filter(says_anything(table.emptied))
        if table.goes or table.emptied:
            yield table.label.split(".")[1].lower(), _by_item(rows, table.path)
    people = Item.named_people.through.objects.filter(item__in=items)
    persons = Counter(_by_item(red_receipts(items), "item")) + Counter(_by_item(people, "item"))
    yield PERSONS, persons
    yield NOTICES, _notices(items)
    entries = SearchEntry.objects.filter(kind=ITEM, object_id__in=items)
    yield SEARCH, _by_item(entries, "object_id")
    yield TRANSLATIONS, _translations(hashes)
    yield FILES, _by_item(Attachment.objects.filter(item__in=items).exclude(file=""), "item")


def _by_item(rows: models.QuerySet[Any], path: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(path).annotate(Count("pk")))


def says_anything(emptied: Any) -> Q:
    """Return the condition that one of these columns holds more than it does when it is empty."""
    wanted = Q(pk__in=())
    for column, value in emptied.items():
        if value is None:
            wanted |= Q(**{f"{column}__isnull": False})
        elif value == []:
            wanted |= ~Q(**{column: []})
        else:
            wanted |= ~Q(**{f"{column}__in": ["", NO_WORDS]})
    return wanted


def notices_about(items: Sequence[int]) -> Iterator[models.QuerySet[Notice]]:
    """Yield the notices about the items, and about what belongs to them."""
    yield Notice.objects.filter(target_kind=ITEM, target_id__in=items)
    for table in TABLES:
        keys = rows_of(table, items).values("pk")
        yield Notice.objects.filter(target_kind=table.label.lower(), target_id__in=keys)


def _notices(items: Sequence[int]) -> dict[int, int]:
    counted: Counter[int] = Counter()
    about_items, *about_rows = notices_about(items)
    counted.update(_by_item(about_items, "target_id"))
    for table, notices in zip(TABLES, about_rows, strict=True):
        targets = list(notices.values_list("target_id", flat=True))
        if targets:
            model: Any = apps.get_model(table.label)
            rows: Any = models.QuerySet(model).filter(pk__in=set(targets))
            item_of = dict(rows.values_list("pk", table.path))
            counted.update(item_of[target] for target in targets)
    return counted


def hashes_of(items: Sequence[int]) -> dict[str, set[int]]:
    """Return under which keys translations of their words are kept, with the items."""
    found: dict[str, set[int]] = defaultdict(set)
    columns = text_columns(Item, ENVELOPE)
    _hash_rows(Item.objects.filter(pk__in=items), "pk", columns, found)
    for table in TABLES:
        columns = text_columns(apps.get_model(table.label), None if table.goes else table.emptied)
        if columns:
            _hash_rows(rows_of(table, items), table.path, columns, found)
    return found


def _hash_rows(
    rows: models.QuerySet[Any], path: str, columns: Sequence[str], found: dict[str, set[int]]
) -> None:
    wanted = Q(pk__in=())
    for column in columns:
        wanted |= ~Q(**{f"{column}__in": ["", NO_WORDS]})
    for item, *texts in rows.filter(wanted).values_list(path, *columns).iterator():
        for text in texts:
            if text.strip():
                found[hash_of(text)].add(item)


def text_columns(model: type[models.Model], among: Any) -> list[str]:
    """Return the columns of a table in which people write, all or only those among the given."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and (among is None or field.name in among)
    ]


def translations_under(hashes: Sequence[str]) -> Iterator[models.QuerySet[Translation]]:
    for begin in range(0, len(hashes), _CHUNK):
        yield Translation.objects.filter(source_hash__in=hashes[begin : begin + _CHUNK])


def _translations(hashes: dict[str, set[int]]) -> dict[int, int]:
    counted: Counter[int] = Counter()
    for rows in translations_under(list(hashes)):
        for source in rows.values_list("source_hash", flat=True):
            counted.update(hashes[source])
    return counted


def words_left(items: Sequence[int]) -> list[str]:
    """Return where something is left of items that were deleted; nothing, if all is gone."""
    left = []
    for pk, counts in count_all(items, {}).items():
        left += [f"#{pk}: {name} {count}" for name, count in counts.items() if count]
    left += [f"file {one.pk}" for one in LeftFile.objects.all()]
    return left


def places_of_word(word: str) -> list[str]:
    """Return the columns of the whole database in which this word stands, with how often."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.get_internal_type() not in _WORDY:
                continue
            rows = (
                models.QuerySet(model)
                .annotate(as_words=Cast(field.name, models.TextField()))
                .filter(as_words__contains=word)
            )
            if count := rows.count():
                found.append(f"{model._meta.label}.{field.name}: {count}")
    return found


_WORDY = {"CharField", "TextField", "JSONField", "FileField", "SlugField", "URLField", "EmailField"}
