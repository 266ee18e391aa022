"""Differences between versions as a reader sees them: names instead of keys, words marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from tansiq.access.models import OrganisationKind
from tansiq.core import formats
from tansiq.core.money import exponent
from tansiq.core.translations import Shown, translations_of
from tansiq.plans.models import ActionKind
from tansiq.plans.queries.versions import diff
from tansiq.plans.queries.versions.content import BY_NAME, Content, Part, find
from tansiq.plans.queries.versions.diff import FieldChange, PartChange, counts_of
from tansiq.plans.queries.versions.words import Stretch, compare_words

_Label = str | Promise
# Translations by the original text.
_Words = Mapping[str, Shown]

SECTIONS: dict[str, _Label] = {
    "plan": gettext_lazy("The plan itself"),
    "pillars": gettext_lazy("Pillars"),
    "objectives": gettext_lazy("Objectives"),
    "actions": gettext_lazy("Actions"),
    "duties": gettext_lazy("Owed to each place"),
    "milestones": gettext_lazy("Milestones"),
    "indicators": gettext_lazy("Indicators"),
    "costs": gettext_lazy("What it costs"),
    "budget": gettext_lazy("Budget lines"),
}
# What a model calls a field, but where that is not a word for readers.
LABELS: dict[str, _Label] = {
    "pillar": gettext_lazy("pillar"),
    "objective": gettext_lazy("objective"),
    "action": gettext_lazy("action"),
    "position": gettext_lazy("place in the list"),
    "supporting_kinds": gettext_lazy("kinds of bodies that support"),
    "baseline": gettext_lazy("baseline"),
    "target": gettext_lazy("target"),
    "kind": gettext_lazy("kind"),
    "every_months": gettext_lazy("falls due again after (months)"),
    "due_days": gettext_lazy("days until it first falls due"),
}
WORDS: dict[str, tuple[str, _Label]] = {
    diff.ADDED: ("done", gettext_lazy("Added")),
    diff.DROPPED: ("late", gettext_lazy("Dropped")),
    diff.MOVED: ("on", gettext_lazy("Moved")),
    diff.REWORDED: ("risk", gettext_lazy("Re-worded")),
    diff.REDATED: ("risk", gettext_lazy("Re-dated")),
    diff.RELED: ("on", gettext_lazy("Other lead")),
    diff.REFUNDED: ("risk", gettext_lazy("Other money")),
    diff.OTHER: ("calm", gettext_lazy("Details changed")),
}


@dataclass(frozen=True)
class FieldLine:
    """One field, as words to compare or as what it was and is."""

    label: str
    stretches: list[Stretch]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Line:
    """One part that changed."""

    change: PartChange
    code: str
    title: Shown
    badges: list[tuple[str, str]]
    fields: list[FieldLine]
    # For whoever may see them: the places that proposed it.
    proposers: list[str]
    # Where a dropped or added part stands or stood.
    above: str = ""

    @property
    def anchor(self) -> str:
        return f"{self.change.kind}-{self.change.key}"


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Comparison:
    sentence: str
    sections: list[Section]
    count: int


def compare(
    before: Content,
    after: Content,
    changes: Iterable[PartChange],
    *,
    proposers: Mapping[tuple[str, str], list[str]] | None = None,
) -> Comparison:
    """Return the changes between two contents for a page, in the order of the plan."""
    changes = list(changes)
    texts = {_title(one.part) for one in changes} | _titles_above(before) | _titles_above(after)
    language, wanted = str(after["plan"]["language"]), get_language() or "en"
    shown = translations_of(texts - {""}, wanted) if language != wanted else {}
    made: dict[str, list[Line]] = {}
    for change in changes:
        title = _title(change.part)
        line = Line(
            change=change,
            code=str(change.part.get("code", "")),
            title=shown.get(title) or _as_written(change.part, language),
            badges=[_badge(sort) for sort in change.sorts],
            fields=[
                _field_line(change, field, before, after, shown=shown) for field in change.fields
            ],
            proposers=list((proposers or {}).get((change.kind, change.key), [])),
            above=_above(change, before if change.is_dropped else after, shown),
        )
        made.setdefault(_section_of(change), []).append(line)
    sections = [Section(str(SECTIONS[name]), made[name]) for name in SECTIONS if name in made]
    return Comparison(sentence_of(changes), sections, len(changes))


def _as_written(part: Part, language: str) -> Shown:
    """Give a title that has no translation; a year as the reader writes it."""
    title = _title(part)
    written = title if part.get("title") else formats.digits(title, get_language() or "en")
    return Shown(written, language, title)


def _title(part: Part) -> str:
    return str(part.get("title") or part.get("year", ""))


def _badge(sort: str) -> tuple[str, str]:
    tone, words = WORDS[sort]
    return tone, str(words)


def _section_of(change: PartChange) -> str:
    is_duty = change.kind == "actions" and change.part.get("kind") == ActionKind.DUTY
    return "duties" if is_duty else change.kind


def _titles_above(content: Content) -> set[str]:
    return {_title(part) for kind in ("pillars", "objectives", "actions") for part in content[kind]}


def _above(change: PartChange, content: Content, shown: _Words) -> str:
    kind = BY_NAME[change.kind]
    if not kind.above or not (change.is_added or change.is_dropped):
        return ""
    return _name_of(content, kind.above_kind, change.part[kind.above], shown)


def _name_of(content: Content, kind: str, key: str, shown: _Words) -> str:
    part = find(content, kind, key) if key else None
    if part is None:
        return _("the whole plan") if not key else ""
    title = part["title"]
    return f"{part.get('code', '')} {shown.get(title) or title}".strip()


def _field_line(
    change: PartChange, field: FieldChange, before: Content, after: Content, *, shown: _Words
) -> FieldLine:
    label = label_of(change.kind, field.name)
    if field.sort == diff.REWORDED:
        return FieldLine(label, compare_words(str(field.before or ""), str(field.after or "")))
    kind = BY_NAME[change.kind]
    if field.name == kind.above:
        was, now = str(field.before), str(field.after)
        return FieldLine(
            label,
            [],
            _name_of(before, kind.above_kind, was, shown),
            _name_of(after, kind.above_kind, now, shown),
        )
    old, new = change.before or {}, change.after or {}
    return FieldLine(
        label,
        [],
        write(change.kind, field.name, field.before, part=old),
        write(change.kind, field.name, field.after, part=new),
    )


def label_of(kind: str, name: str) -> str:
    model = BY_NAME[kind].model
    words = LABELS.get(name) or model._meta.get_field(name).verbose_name
    text = str(words)
    return text[:1].upper() + text[1:]


def write(kind: str, name: str, value: Any, *, part: Part) -> str:
    """Write a kept value as people read it."""
    language = get_language() or "en"
    if value in (None, "", []):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return formats.comma(language).join(write(kind, name, one, part=part) for one in value)
    if isinstance(value, dict):
        return str(value.get("name", ""))
    return _scalar(kind, name, value, part=part, language=language)


def _scalar(kind: str, name: str, value: Any, *, part: Part, language: str) -> str:
    field = BY_NAME[kind].model._meta.get_field(name)
    if field.get_internal_type() == "DateField":
        return formats.short_day(date.fromisoformat(value), language)
    if name in {"lead_kind", "supporting_kinds"} and value in OrganisationKind.values:
        return str(OrganisationKind(value).label)
    if isinstance(value, int):
        return _number(name, value, part=part, language=language)
    choices = {str(key): str(label) for key, label in field.flatchoices}
    return choices.get(str(value), str(value))


def _number(name: str, value: int, *, part: Part, language: str) -> str:
    """Write a whole number: an amount of money, a year, a value of an indicator, a count."""
    if name in {"planned", "amount"}:
        currency = str(part.get("currency", ""))
        return formats.money(Decimal(value).scaleb(-exponent(currency)), currency, language)
    if name == "year":
        return formats.digits(str(value), language)
    if name in {"baseline", "target"}:
        decimals = int(part.get("decimals", 0))
        return formats.number(Decimal(value).scaleb(-decimals), language, decimals=decimals)
    return formats.number(value, language)


def sentence_of(changes: Iterable[PartChange]) -> str:
    """Say how much changed: "2 added · 1 dropped · 3 re-worded"."""
    counted = counts_of(changes)
    if not counted:
        return _("Nothing differs.")
    return " · ".join(_counted(sort, count) for sort, count in counted.items())


def _counted(sort: str, count: int) -> str:
    sentences = {
        diff.ADDED: ngettext("%(n)s added", "%(n)s added", count),
        diff.DROPPED: ngettext("%(n)s dropped", "%(n)s dropped", count),
        diff.MOVED: ngettext("%(n)s moved", "%(n)s moved", count),
        diff.REWORDED: ngettext("%(n)s re-worded", "%(n)s re-worded", count),
        diff.REDATED: ngettext("%(n)s re-dated", "%(n)s re-dated", count),
        diff.RELED: ngettext("%(n)s with another lead", "%(n)s with another lead", count),
        diff.REFUNDED: ngettext("%(n)s with other money", "%(n)s with other money", count),
        diff.OTHER: ngettext("%(n)s changed in details", "%(n)s changed in details", count),
    }
    return sentences[sort] % {"n": formats.number(count, get_language() or "en")}


# --- a version as it stood


@dataclass(frozen=True)
class Stood:
    """One part of a kept version, with what stands below it."""

    kind: str
    part: Part
    title: Shown
    facts: list[tuple[str, str]]
    below: list["Stood"]


_FACTS = {
    "actions": ("lead", "supporting", "starts_on", "ends_on"),
    "milestones": ("due_on",),
    "indicators": ("unit", "baseline", "target"),
    "costs": ("amount", "place"),
    "budget": ("planned", "source", "place"),
}


def as_it_stood(content: Content) -> list[Stood]:
    """Return the pillars of a version with all below them, and indicators of the whole plan."""
    language, wanted = str(content["plan"]["language"]), get_language() or "en"
    kinds = [name for name in BY_NAME if name != "plan"]
    texts = {
        str(part[name])
        for kind in kinds
        for part in content[kind]
        for name in ("title", "local_role")
        if part.get(name)
    }
    shown = translations_of(texts, wanted) if language != wanted else {}

    def stood(kind: str, part: Part) -> Stood:
        title = _title(part)
        facts = [
            (label_of(kind, name), write(kind, name, part[name], part=part))
            for name in _FACTS.get(kind, ())
            if part[name] not in (None, "", [])
        ]
        role = str(part.get("local_role", ""))
        if role:
            facts.append((label_of(kind, "local_role"), str(shown.get(role) or role)))
        return Stood(
            kind, part, shown.get(title) or _as_written(part, language), facts, below(kind, part)
        )

    def below(kind: str, part: Part) -> list[Stood]:
        lower = [name for name in kinds if BY_NAME[name].above_kind == kind]
        return [
            stood(name, one)
            for name in lower
            for one in content[name]
            if one[BY_NAME[name].above] == part["key"]
        ]

    whole = [stood("indicators", one) for one in content["indicators"] if not one["objective"]]
    return [*(stood("pillars", one) for one in content["pillars"]), *whole]
