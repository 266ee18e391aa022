"""A table of activities from a file: read cell by cell, with a sentence for each that is wrong."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from tansiq.access.models import Marking, Organisation, Place
from tansiq.access.place_files.problems import Problems, UnreadableFileError, is_plain, text_of
from tansiq.core.exports import is_tag_row
from tansiq.core.numbers import UnreadableNumberError, read_number
from tansiq.plans.forms.activities import (
    MARKINGS,
    MOST_MONEY,
    MOST_PEOPLE,
    contradictions,
    currency_of,
    whole,
)
from tansiq.plans.models import Action, ActionStatus, Activity, Audience, Funding, Plan, Theme
from tansiq.plans.queries.activities import UnknownPlaceError, place_named

MOST_ROWS = 5000
# Below the headings may stand a row of HXL tags, as our own exports have one.
_TAGS_AT = 2
MOST_BYTES = 3 * 1024 * 1024
REQUIRED = ("title", "place", "starts_on", "ends_on", "audience", "funding")
OPTIONAL = (
    "theme",
    "status",
    "funder",
    "amount",
    "currency",
    "people_reached",
    "women_reached",
    "partners",
    "action",
    "marking",
    "language",
)
COLUMNS = REQUIRED + OPTIONAL
# The HXL tags of the columns, for tools that do not know our names.
TAGS = {
    "title": "#activity+name",
    "place": "#adm+code",
    "starts_on": "#date+start",
    "ends_on": "#date+end",
    "audience": "#targetgroup",
    "funding": "#funding+source",
    "theme": "#sector",
    "status": "#status",
    "funder": "#org+funder",
    "amount": "#value",
    "currency": "#currency",
    "people_reached": "#reached",
    "women_reached": "#reached+f",
    "partners": "#org+partners",
    "action": "#activity+code",
    "marking": "#meta+marking",
    "language": "#meta+language",
    "owner": "#org+name",
}
_LENGTHS = {"title": 250, "partners": 300, "funder": 120}


class UploadForm(forms.Form):
    """Whose activities, for which plan, in which file; or the table again, to be confirmed."""

    owner = forms.TypedChoiceField(label=gettext_lazy("Who does them"), coerce=int)
    plan = forms.TypedChoiceField(label=gettext_lazy("Plan"), coerce=int)
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("Up to 5,000 rows. Nothing is saved before you have looked at it."),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        required=False,
    )
    table = forms.CharField(
        widget=forms.HiddenInput, max_length=MOST_BYTES, strip=False, required=False
    )

    def __init__(
        self,
        *arguments: Any,
        organisations: Iterable[Organisation],
        plans: Iterable[Plan],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.organisations = {one.pk: one for one in organisations}
        self.plans = {one.pk: one for one in plans}
        for name, things in (("owner", self.organisations), ("plan", self.plans)):
            choices = [(pk, str(one)) for pk, one in things.items()]
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # -- a choice field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file: File[bytes] | None = cleaned.get("file")
        if file is None and not cleaned.get("table"):
            self.add_error("file", _("Choose a file."))
        elif file is not None:
            try:
                cleaned["table"] = _text_of(file)
            except UnreadableFileError as problem:
                self.add_error("file", str(problem))
        return cleaned

    @property
    def chosen_owner(self) -> Organisation:
        return self.organisations[self.cleaned_data["owner"]]

    @property
    def chosen_plan(self) -> Plan:
        return self.plans[self.cleaned_data["plan"]]


def _text_of(file: File[bytes]) -> str:
    if file.size > MOST_BYTES:
        raise UnreadableFileError(_("The file is larger than 3 MB. Split it by year or place."))
    return text_of(b"".join(file.chunks()))


@dataclass(frozen=True)
class ActivityTable:
    """What a file holds: activities not saved yet, and what is wrong with it."""

    activities: list[Activity] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)

    @property
    def is_right(self) -> bool:
        return bool(self.activities) and not self.problems.total


def read_activities(
    text: str, *, owner: Organisation, plan: Plan, actions: Iterable[Action]
) -> ActivityTable:
    """Read a table separated by commas, semicolons or tabs; its first row names the columns.

    Raises UnreadableFileError if the table as a whole cannot be read.
    """
    reader = _Reader(owner, plan, {one.code.lower(): one for one in actions})
    table = ActivityTable()
    lines = _lines(text)
    header = [cell.strip().lower() for cell in next(lines, (1, []))[1]]
    _check_header(header)
    for number, cells in lines:
        activity = reader.read(number, header, cells, table.problems)
        if activity is not None:
            table.activities.append(activity)
    if not table.activities and not table.problems:
        raise UnreadableFileError(_("The table has no rows below its headings."))
    return table


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS + 1:
                raise UnreadableFileError(
                    _("The table has more than 5,000 rows. Split it by year or place.")
                )
            if any(map(str.strip, cells)) and not (number == _TAGS_AT and is_tag_row(cells)):
                yield number, cells
    except csv.Error as fault:
        message = _("Row %(row)s cannot be read: a quotation mark is open or a cell is too long.")
        raise UnreadableFileError(message % {"row": reader.line_num}) from fault


def _check_header(header: list[str]) -> None:
    missing = [one for one in REQUIRED if one not in header]
    odd = [one for one in header if one not in COLUMNS or header.count(one) > 1]
    if missing:
        raise UnreadableFileError(
            _("The first row must name the columns; missing: %(columns)s. Take our template.")
            % {"columns": ", ".join(missing)}
        )
    if odd:
        raise UnreadableFileError(
            _("Unknown or repeated columns in the first row: %(columns)s. Take our template.")
            % {"columns": ", ".join(one[:40] or "“”" for one in sorted(set(odd))[:5])}
        )


class _Reader:
    """Reads rows of one file; places are looked up once each."""

    def __init__(self, owner: Organisation, plan: Plan, actions: dict[str, Action]) -> None:
        self.owner, self.plan, self.actions = owner, plan, actions
        self.places: dict[str, Place | ValidationError] = {}
        self.language = get_language() or "en"
        self.words = {
            "audience": _words_of(Audience.choices),
            "theme": _words_of(Theme.choices),
            "funding": _words_of(Funding.choices),
            "status": _words_of(ActionStatus.choices),
            "marking": _words_of(MARKINGS),
            "language": _words_of(settings.LANGUAGES),
        }
        self.defaults = {
            "theme": "",
            "status": ActionStatus.NOT_STARTED,
            "marking": Marking.GREEN,
            "language": self.language,
        }

    def read(
        self, number: int, header: list[str], cells: list[str], problems: Problems
    ) -> Activity | None:
        if len(cells) > len(header):
            problems.add(
                _("Row %(row)s") % {"row": number},
                _("It has more cells than the first row. Put text with commas in quotation marks."),
            )
            return None
        texts = dict.fromkeys(COLUMNS, "") | dict(zip(header, map(str.strip, cells), strict=False))
        values: dict[str, Any] = {}
        before = problems.total
        for column, text in texts.items():
            try:
                values[column] = self._cell(column, text)
            except ValidationError as problem:
                problems.add(_at(number, column), problem.messages[0])
        for column, sentence in contradictions(values):
            problems.add(_at(number, column), sentence)
        if problems.total > before:
            return None
        return Activity(owner=self.owner, plan=self.plan, **values)

    def _cell(self, column: str, text: str) -> Any:
        if not is_plain(text):
            raise ValidationError(_("It holds control or direction signs. Type it again."))
        if not text and column in REQUIRED:
            raise ValidationError(_("It is empty. Fill it in."))
        readers: dict[str, Callable[[str], Any]] = {
            "place": self._place,
            "action": self._action,
            "starts_on": _day,
            "ends_on": _day,
            "currency": currency_of,
            "amount": lambda one: self._number(one, MOST_MONEY),
            "people_reached": lambda one: self._number(one, MOST_PEOPLE),
            "women_reached": lambda one: self._number(one, MOST_PEOPLE),
        }
        if column in readers:
            return readers[column](text)
        if column in self.words:
            return self._choice(column, text)
        if len(text) > _LENGTHS[column]:
            message = _("It is longer than %(most)s characters. Shorten it.")
            raise ValidationError(message % {"most": _LENGTHS[column]})
        return text

    def _place(self, text: str) -> Place:
        if text not in self.places:
            try:
                self.places[text] = place_named(text, within=self.owner.place)
            except UnknownPlaceError as problem:
                codes = ", ".join(one.code for one in problem.candidates)
                self.places[text] = ValidationError(
                    _("Several places have this name. Write one of these codes: %(codes)s.")
                    % {"codes": codes}
                    if codes
                    else _("No place has this name or code. Write its name in full, or its code.")
                )
        found = self.places[text]
        if isinstance(found, ValidationError):
            raise found
        return found

    def _action(self, text: str) -> Action | None:
        if text and text.lower() not in self.actions:
            raise ValidationError(_("The plan has no action with this code. Leave it empty."))
        return self.actions.get(text.lower())

    def _number(self, text: str, most: int) -> int | None:
        if not text:
            return None
        try:
            return whole(read_number(text, self.language, decimals=0), most=most)
        except UnreadableNumberError as problem:
            raise ValidationError(str(problem)) from problem

    def _choice(self, column: str, text: str) -> str:
        if not text:
            return str(self.defaults[column])
        found = self.words[column].get(text.casefold())
        if found is None:
            known = ", ".join(sorted(set(self.words[column].values())))
            raise ValidationError(_("Write one of these: %(known)s.") % {"known": known})
        return found


def _words_of(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """Return each choice by its code and by its words, in the reader's language and English."""
    found: dict[str, str] = {}
    for code, label in choices:
        with override("en"):
            english = str(label)
        found |= {one.casefold(): str(code) for one in (str(code), english, str(label))}
    return found


def _day(text: str) -> dt.date:
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError as problem:
        raise ValidationError(_("Write the day as year, month and day: 2026-05-14.")) from problem
    if not 1990 <= day.year <= 2100:  # noqa: PLR2004 -- outside of it somebody mistyped
        raise ValidationError(_("This year cannot be right. Check it."))
    return day


def _at(number: int, column: str) -> str:
    return _("Row %(row)s, column %(column)s") % {"row": number, "column": column}
