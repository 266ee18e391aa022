"""Rows of the 4Ws workbook through the form of a service: what that refuses has its cell."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.core.documents.columns import canonical
from tansiq.incidents.forms.needs import ServiceForm
from tansiq.incidents.fourws import sheet
from tansiq.incidents.fourws.reading import Change, Parsed
from tansiq.incidents.models import Incident, Service
from tansiq.incidents.queries.rumours import areas_of, organisations_of

MOST_BYTES = 5 * 1024 * 1024


class FourWsForm(forms.Form):
    """The workbook that somebody filled in."""

    file = forms.FileField(
        label=gettext_lazy("The workbook you filled in"),
        help_text=gettext_lazy("An .xlsx file, up to 5 MB. Nothing is saved before you confirm."),
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. Take a new workbook; yours has grown too large.")
            )
        return file


@dataclass(frozen=True)
class Shown:
    """One changed cell as the preview shows it."""

    where: str
    what: str
    field: str
    before: str
    after: str


@dataclass
class Look:
    """What a workbook would do: what is shown, what is wrong, and what is saved on confirmation."""

    cells: list[Shown] = field(default_factory=list)
    rows: list[list[Shown]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    saves: list[tuple[Service, dict[str, Any]]] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not self.problems

    @property
    def changes_nothing(self) -> bool:
        return not self.saves


def look_at(parsed: Parsed, incident: Incident, *, actor: Actor, today: date) -> Look:
    """Set a file against what stands now, and ask the form of a service about every row."""
    return _Checker(parsed, incident, actor, today).look()


class _Checker:
    def __init__(self, parsed: Parsed, incident: Incident, actor: Actor, today: date) -> None:
        self.parsed, self.incident, self.today = parsed, incident, today
        self.found = Look(problems=list(parsed.problems))
        self.columns = {one.key: one for one in sheet.plan(incident).columns}
        self.services = sheet.services(actor, incident)
        self.bodies = {
            name.casefold(): one.pk
            for one in organisations_of(incident)
            for name in (*one.names.values(), one.name)
        }
        self.places = {one.code.casefold(): one.pk for one in areas_of(incident)}

    def look(self) -> Look:
        by_row: dict[str, list[Change]] = {}
        for change in self.parsed.changes:
            by_row.setdefault(change.key, []).append(change)
        for key, changes in by_row.items():
            service = self.services.get(key)
            if service is None:
                said = _("What this row showed is gone, or you may no longer see it.")
                self._problem(changes[0].address, said)
            else:
                self._row(service, changes)
        for _number, row in self.parsed.added:
            self._new(row)
        return self.found

    def _at(self, address: str) -> str:
        return f"{self.parsed.sheet}!{address}"

    def _problem(self, address: str, message: str) -> None:
        self.found.problems.append((self._at(address), message))

    def _row(self, service: Service, changes: list[Change]) -> None:
        current = {key: canonical(value) for key, value in sheet.values_of(service).items()}
        kept = [one for one in changes if one.new != current[one.column]]
        if not kept:
            return
        for one in kept:
            if current[one.column] != one.base:
                said = _(
                    "Somebody changed this meanwhile; it is “%(now)s” now. Take a new workbook."
                )
                told = self._words(one.column, current[one.column])
                self._problem(one.address, said % {"now": told})
        name = str(service)
        cells = {one.column: one.address for one in kept}
        form = self._form(service, current | {one.column: one.new for one in kept}, cells)
        if form is not None:
            values = form.changes_of(cells)
            self.found.saves.append((service, values))
        self.found.cells += [
            self._shown(one.address, name, one.column, before=one.base, after=one.new)
            for one in kept
        ]

    def _new(self, row: dict[str, tuple[str, str]]) -> None:
        cells = {key: address for key, (address, _value) in row.items()}
        values = {key: value for key, (_address, value) in row.items()}
        first = {"state": "running", "taken": "0", "starts_on": self.today.isoformat()}
        form = self._form(Service(incident=self.incident), first | values, cells)
        if form is not None:
            self.found.saves.append((form.instance, form.values()))
        self.found.rows.append(
            [self._shown(at, "", key, before="", after=value) for key, (at, value) in row.items()]
        )

    def _form(
        self, service: Service, values: dict[str, str], cells: dict[str, str]
    ) -> "_RowForm | None":
        # The form writes into what it is given; what stands must not change by looking.
        fresh = copy(service)
        form = _RowForm(self._data(values, cells, fresh), instance=fresh, on=self.today)
        if not form.is_valid():
            for name, errors in form.errors.items():
                column = _COLUMN_OF.get(name, name)
                address = cells.get(column) or next(iter(cells.values()))
                if self._at(address) not in dict(self.found.problems):
                    self._problem(address, str(errors[0]))
        return form if form.is_valid() and self.found.is_right else None

    def _data(
        self, values: dict[str, str], cells: dict[str, str], service: Service
    ) -> dict[str, Any]:
        data: dict[str, Any] = dict(values)
        who = values.get("who", "")
        body = self.bodies.get(who.casefold())
        data |= {"organisation": body or "", "body": "" if body else who}
        place = values.get("place", "")
        if place and place.casefold() not in self.places:
            said = _("No area of this room has the code “%(code)s”. See the sheet of places.")
            self._problem(cells.get("place", ""), said % {"code": place})
        data["place"] = self.places.get(place.casefold(), "")
        data["languages"] = [
            one.strip() for one in values.get("languages", "").split(",") if one.strip()
        ]
        data["is_accessible"] = "on" if values.get("is_accessible") == sheet.YES else ""
        data["language"] = service.language or self.incident.language
        return data | {"revision": service.revision if service.pk else 0, "names_checked": "on"}

    def _shown(self, address: str, what: str, column: str, *, before: str, after: str) -> Shown:
        return Shown(
            self._at(address),
            what,
            self.columns[column].heading,
            self._words(column, before),
            self._words(column, after),
        )

    def _words(self, column: str, value: str) -> str:
        return dict(self.columns[column].choices).get(value, value)


_COLUMN_OF = {"organisation": "who", "body": "who"}


class _RowForm(ServiceForm):
    """A row of the sheet; its values are all there, so what changed is told by the cells."""

    def changes_of(self, cells: dict[str, str]) -> dict[str, Any]:
        names = set(cells)
        if "who" in names:
            names |= {"organisation", "body"}
        return {name: value for name, value in self.cleaned_data.items() if name in names & _OWN}


_OWN = set(ServiceForm.Meta.fields)
