"""Retiring an incident: what must go is deleted in one step, and a proof says so.

What goes is found by looking at the tables themselves: every link from a row of the room to a
person or contact. A table that comes later is covered without a line here.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.log import latest_seal
from tansiq.access.models import Contact, Notice, Person
from tansiq.access.zones import zone
from tansiq.core.editing import save_changes
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.log import Line, speaks_for, write_down
from tansiq.incidents.models import (
    Entry,
    EntryKind,
    Incident,
    IncidentStatus,
    Retirement,
)
from tansiq.incidents.wording import register

register("retirement_stated", gettext_lazy("The incident will be retired on %(date_on)s."))
register(
    "room_retired", gettext_lazy("The incident was retired; what tells of persons was deleted.")
)

# Rows that are about people alone; nothing is left of them.
GONE: Final = frozenset(
    {
        "incidents.presence",
        "incidents.call",
        "incidents.outgoing",
        "incidents.mediarequest",
    }
)
_PEOPLE: Final = (Person, Contact)
# Shorter ones are words as well; a link is cut, but no text is changed for them.
_SHORTEST_NAME: Final = 5
_HIDDEN: Final = "[…]"


class RetiringError(Exception):
    """The incident cannot be retired now; the message says why."""


@dataclass(frozen=True)
class Table:
    """A kind of row of a room: the way to the room, and the columns that lead to people."""

    model: Any
    path: str
    links: tuple[str, ...]
    lists: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def is_gone(self) -> bool:
        """Whether its rows are deleted: they are about people, or cannot be without one."""
        required = any(not self.model._meta.get_field(name).null for name in self.links)
        return self.label in GONE or required

    def rows(self, incident: Incident) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = self.model.objects.filter(**{self.path: incident.pk})
        return found

    def links_of(self, incident: Incident) -> int:
        """Return how many links to people the rows of this room hold."""
        rows = self.rows(incident)
        single = sum(rows.filter(**{f"{name}__isnull": False}).count() for name in self.links)
        many = sum(self._many(name, incident).count() for name in self.lists)
        return single + many

    def cut(self, incident: Incident) -> None:
        for name in self.lists:
            self._many(name, incident).delete()
        if self.links:
            self.rows(incident).update(**dict.fromkeys(self.links))

    def _many(self, name: str, incident: Incident) -> models.QuerySet[Any]:
        field = self.model._meta.get_field(name)
        through = field.remote_field.through
        found: models.QuerySet[Any] = through.objects.filter(
            **{f"{field.m2m_field_name()}__in": self.rows(incident)}
        )
        return found


def tables() -> list[Table]:
    """Return every kind of row that belongs to a room."""
    found = []
    for model in apps.get_app_config("incidents").get_models():
        path = "pk" if model is Incident else path_to_room(model)
        if path:
            links, lists = _columns(model)
            found.append(Table(model, path, links, lists))
    return found


def path_to_room(model: Any, seen: frozenset[Any] = frozenset()) -> str:
    """Return the lookup from a row to its incident; empty for what belongs to no room."""
    steps = [one for one in model._meta.concrete_fields if one.many_to_one or one.one_to_one]
    for field in steps:
        if field.related_model is Incident:
            return str(field.name)
    for field in steps:
        target: Any = field.related_model
        if target._meta.app_label != "incidents" or target in seen | {model}:
            continue
        path = path_to_room(target, seen | {model})
        if path:
            return f"{field.name}__{path}"
    return ""


def _columns(model: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    links = [
        field.name
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in _PEOPLE
    ]
    lists = [one.name for one in model._meta.many_to_many if one.related_model in _PEOPLE]
    return tuple(links), tuple(lists)


@dataclass(frozen=True)
class Going:
    """One line of the preview, and of the proof."""

    label: str
    rows: int
    links: int
    is_gone: bool


def what_goes(incident: Incident) -> list[Going]:
    """Return for each kind of row how many there are, and how many links to people they hold."""
    found = (
        Going(one.label, one.rows(incident).count(), one.links_of(incident), one.is_gone)
        for one in tables()
    )
    return [one for one in found if one.rows]


@transaction.atomic
def state_retirement(
    incident: Incident, *, planned_on: date, by: Actor, at: datetime
) -> Retirement:
    """State the day on which a closed incident will be retired. Raises RetiringError."""
    if incident.status != IncidentStatus.CLOSED:
        raise RetiringError(_("Close the incident first. Only a closed incident is retired."))
    if planned_on < _today(incident, at):
        raise RetiringError(_("This day is over. Choose one that is still to come."))
    values = {"planned_on": planned_on, "stated_at": incident.room_time(at)}
    retirement, _made = Retirement.objects.update_or_create(incident=incident, defaults=values)
    facts = {"date_on": planned_on.isoformat()}
    line = Line(EntryKind.ROOM, "retirement_stated", facts=facts, subject=retirement)
    write_down(incident, line, rule="incidents.retire", by=by, at=at)
    return retirement


def _today(incident: Incident, at: datetime) -> date:
    return incident.room_time(at).astimezone(zone(incident.time_zone)).date()


@transaction.atomic
def retire_room(incident: Incident, *, revision: int, by: Actor, at: datetime) -> Retirement:
    """Delete what tells of persons, keep counts, decisions and lessons, and prove it.

    All or nothing. Raises RetiringError before the stated day, or unless the incident is closed,
    and ChangedMeanwhileError.
    """
    append_in_order()
    retirement = Retirement.objects.filter(incident=incident).first()
    if incident.status != IncidentStatus.CLOSED:
        raise RetiringError(_("Only a closed incident can be retired."))
    if retirement is None or retirement.planned_on > _today(incident, at):
        raise RetiringError(_("State the day first, and wait for it, so that nobody is surprised."))
    changes = {"status": IncidentStatus.RETIRED, "retired_at": incident.room_time(at)}
    save_changes(incident, changes, revision=revision, at=at)
    line = Line(EntryKind.ROOM, "room_retired", subject=retirement)
    write_down(incident, line, rule="incidents.retire", by=by, at=at)
    found = tables()
    before = {one.label: (one.rows(incident).count(), one.links_of(incident)) for one in found}
    _delete(incident, found)
    counts = {
        one.label: {
            "rows": [before[one.label][0], one.rows(incident).count()],
            "links": [before[one.label][1], one.links_of(incident)],
        }
        for one in found
        if any(before[one.label])
    }
    retirement.counts = counts
    retirement.done_at = incident.room_time(at)
    retirement.organisation_id = speaks_for(by, incident)
    retirement.log_hash = hash_of_log(incident)
    retirement.seal = latest_seal()
    retirement.save()
    return retirement


def _delete(incident: Incident, found: list[Table]) -> None:
    names = _names_in(incident, found)
    for table in found:
        if table.is_gone:
            table.rows(incident).delete()
        else:
            table.cut(incident)
    for table in found:
        if not table.is_gone:
            _hide(table, incident, names)
    Notice.objects.filter(url__startswith=f"/incidents/{incident.pk}/").delete()


def _names_in(incident: Incident, found: Iterable[Table]) -> re.Pattern[str] | None:
    """Return a pattern of the names of all people that the rows of this room lead to."""
    names: set[str] = set()
    for table in found:
        for column in (*table.links, *table.lists):
            values = table.rows(incident).values_list(f"{column}__name", flat=True)
            names.update(name for name in values.distinct() if name)
    long = sorted((one for one in names if len(one) >= _SHORTEST_NAME), key=len, reverse=True)
    if not long:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, long)) + r")(?!\w)", re.IGNORECASE)


def _hide(table: Table, incident: Incident, names: re.Pattern[str] | None) -> None:
    """Take the names of these people out of what was written in the room."""
    columns = [one.name for one in table.model._meta.concrete_fields if _is_text(one)]
    if names is None or not columns:
        return
    for row in table.rows(incident).only("pk", *columns):
        changed = {
            name: hidden
            for name in columns
            for value in [getattr(row, name)]
            for hidden in [_hidden(value, names)]
            if hidden != value
        }
        if changed:
            table.model.objects.filter(pk=row.pk).update(**changed)


def _is_text(field: Any) -> bool:
    if field.choices or getattr(field, "unique", False):
        return False
    return isinstance(field, models.CharField | models.TextField | models.JSONField)


def _hidden(value: Any, names: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return names.sub(_HIDDEN, value)
    if isinstance(value, list):
        return [_hidden(one, names) for one in value]
    if isinstance(value, dict):
        return {key: _hidden(one, names) for key, one in value.items()}
    return value


def hash_of_log(incident: Incident) -> str:
    """Return SHA-256 over the log of a room as it is kept; the same log gives the same."""
    digest = hashlib.sha256()
    for line in _lines(incident):
        digest.update(line.encode())
    return digest.hexdigest()


def _lines(incident: Incident) -> Iterator[str]:
    columns = ("pk", "kind", "code", "facts", "text", "organisation_id", "role")
    for entry in Entry.objects.filter(incident=incident).order_by("pk"):
        content = [getattr(entry, name) for name in columns]
        moment = entry.at.astimezone(UTC).isoformat()
        yield json.dumps([*content, moment], sort_keys=True, ensure_ascii=False) + "\n"
