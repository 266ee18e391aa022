"""The content of a plan as plain data: what a version keeps and an amendment changes.

Content is what a legal instrument adopts: words, dates, leads, targets. How actions stand, which
milestones were reached and what places report is progress, and not in it. To keep a further kind
of part, add a `Kind`; versions kept before simply have none of it.

    {"plan": {...}, "pillars": [{"key": "3", "code": "1", ...}], "objectives": [...], ...}

A part is known by its `key`, the number of its row, through all versions; one that an amendment
adds is "n1", "n2" until it has a row. Every function here is pure but `content_of`.
"""

import hashlib
import json
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from tansiq.access.models import Organisation, Place
from tansiq.plans.models import (
    Action,
    BudgetLine,
    Cost,
    Indicator,
    Milestone,
    Objective,
    Pillar,
    Plan,
    Version,
)

Part = dict[str, Any]
Content = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of part: its rows, the part above it, and what each field means for a reader."""

    name: str
    model: Any
    above: str = ""
    above_kind: str = ""
    plan_path: str = "plan"
    words: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    # Kept for the record as it stood that day, but changed without an amendment: money moves.
    is_frozen: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """Return what is kept of a part, but for the part above it."""
        return (*self.words, *self.days, *self.leads, *self.money, *self.others)

    @property
    def has_code(self) -> bool:
        return "code" in self.others


PLAN = Kind(
    "plan",
    Plan,
    words=("title", "short_title", "summary"),
    days=("starts_on", "ends_on"),
    others=("language",),
)
# What an amendment changes. A part stands below one of an earlier kind.
FROZEN = (
    Kind("pillars", Pillar, words=("title",), others=("code", "position")),
    Kind(
        "objectives", Objective, "pillar", "pillars", words=("title",), others=("code", "position")
    ),
    Kind(
        "actions",
        Action,
        "objective",
        "objectives",
        words=("title", "local_role", "gender_note", "rights_note", "sustainability_note"),
        days=("starts_on", "ends_on", "every_months", "due_days"),
        leads=("lead", "lead_kind", "supporting", "supporting_kinds"),
        others=("code", "kind", "position"),
    ),
    Kind(
        "milestones",
        Milestone,
        "action",
        "actions",
        plan_path="action__plan",
        words=("title",),
        days=("due_on",),
    ),
    Kind(
        "indicators",
        Indicator,
        "objective",
        "objectives",
        words=("title", "definition", "limits"),
        days=("baseline_on",),
        others=(
            "code",
            "unit",
            "decimals",
            "frequency",
            "rule",
            "level",
            "dimensions",
            "falling_is_good",
            "baseline",
            "target",
            "position",
        ),
    ),
)
KINDS = (
    *FROZEN,
    Kind(
        "costs",
        Cost,
        "action",
        "actions",
        money=("amount", "currency"),
        others=("place", "year"),
        is_frozen=False,
    ),
    Kind(
        "budget",
        BudgetLine,
        "action",
        "actions",
        words=("title",),
        days=("ends_on",),
        money=("planned", "currency", "source", "funder"),
        others=("place", "year", "afterwards"),
        is_frozen=False,
    ),
)
BY_NAME = {kind.name: kind for kind in (PLAN, *KINDS)}
OF_MODEL = {kind.model: kind for kind in (PLAN, *KINDS)}
_FORMAT = 1


# --- reading rows


def content_of(plan: Plan) -> Content:
    """Return the content of a plan as its rows stand."""
    content: Content = {"format": _FORMAT, "plan": values_of(PLAN, plan)}
    for kind in KINDS:
        content[kind.name] = [part_of(kind, row) for row in _rows(kind, plan)]
    return content


def _rows(kind: Kind, plan: Plan) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = kind.model.objects.filter(**{kind.plan_path: plan})
    if _has(kind, "dropped_in"):
        rows = rows.filter(dropped_in__isnull=True)
    if "place" in kind.others:
        rows = rows.select_related("place")
    if "lead" in kind.leads:
        rows = rows.select_related("lead").prefetch_related("supporting")
    by_day = ["due_on"] if "due_on" in kind.days else ["year"]
    return rows.order_by(*(["position", "code"] if kind.has_code else by_day), "pk")


def _has(kind: Kind, field: str) -> bool:
    return field in {one.name for one in kind.model._meta.get_fields()}


def part_of(kind: Kind, row: Any, *, key: str = "") -> Part:
    """Return a row as a part of the content."""
    part = {"key": key or str(row.pk)} | values_of(kind, row)
    if kind.above:
        above = getattr(row, f"{kind.above}_id")
        part[kind.above] = "" if above is None else str(above)
    return part


def values_of(kind: Kind, row: Any) -> Part:
    return {name: as_kept(_value(row, name)) for name in kind.fields}


def _value(row: Any, name: str) -> Any:
    field = row._meta.get_field(name)
    if not field.many_to_many:
        return getattr(row, name)
    return list(getattr(row, name).all()) if row.pk else []


def as_kept(value: Any) -> Any:
    """Return a value as JSON keeps it; an organisation with the name it had."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Organisation | Place):
        return {"id": value.pk, "name": value.name}
    if isinstance(value, list | tuple):
        kept = [as_kept(one) for one in value]
        return sorted(kept, key=lambda one: one["id"]) if _are_bodies(kept) else kept
    return value


def _are_bodies(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(one, dict) for one in values)


def same(first: Any, second: Any) -> bool:
    """Return whether two kept values mean the same; a body that changed its name is the same."""
    return bool(_meaning(first) == _meaning(second))


def _meaning(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("id")
    if isinstance(value, list):
        return [_meaning(one) for one in value]
    return value


# --- keeping


def canonical(content: Content) -> str:
    """Write content so that equal content is equal text."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Content:
    """Return kept text as content; kinds that it did not know yet are empty."""
    content: Content = json.loads(text)
    for kind in KINDS:
        content.setdefault(kind.name, [])
    return content


def header_of(version: Version) -> Part:
    """Return what is kept of a version beside the plan's content, under the same digest."""
    day = version.in_force_on
    return {
        "number": version.number,
        "legal_instrument": version.legal_instrument,
        "in_force_on": None if day is None else day.isoformat(),
        "reason": version.reason,
    }


def is_intact(version: Version) -> bool:
    """Return whether a version still is what was kept: its text, and what its row says of it."""
    if digest_of(version.content) != version.sha256:
        return False
    return bool(json.loads(version.content).get("version") == header_of(version))


# --- looking into content and changing it


def find(content: Content, kind: str, key: str) -> Part | None:
    if kind == PLAN.name:
        plan: Part = content["plan"]
        return plan
    return next((part for part in content[kind] if part["key"] == key), None)


def below(content: Content, kind: str, key: str) -> list[tuple[str, Part]]:
    """Return the parts that stand directly below one."""
    return [
        (lower.name, part)
        for lower in KINDS
        if lower.above_kind == kind
        for part in content[lower.name]
        if part[lower.above] == key
    ]


def put(content: Content, kind: str, part: Part) -> Content:
    """Return the content with this part instead of the one of its key, or added."""
    changed = deepcopy(content)
    if kind == PLAN.name:
        changed["plan"] = part
        return changed
    rows: list[Part] = changed[kind]
    places = [number for number, one in enumerate(rows) if one["key"] == part["key"]]
    if places:
        rows[places[0]] = part
    else:
        rows.append(part)
    return changed


def drop(content: Content, kind: str, key: str) -> Content:
    """Return the content without this part and all that stands below it.

    An indicator of an objective that goes stands for the whole plan from then on.
    """
    changed = deepcopy(content)
    for lower, part in below(content, kind, key):
        if not BY_NAME[lower].is_frozen:
            continue
        if lower == "indicators":
            changed = put(changed, lower, part | {"objective": ""})
        else:
            changed = drop(changed, lower, part["key"])
    changed[kind] = [part for part in changed[kind] if part["key"] != key]
    return changed


def restore(content: Content, base: Content, kind: str, key: str) -> Content:
    """Return the content with this part as it was in `base`, and the parts above it if gone."""
    part = find(base, kind, key)
    if part is None:
        return content
    above = BY_NAME[kind]
    if above.above and part[above.above] and not find(content, above.above_kind, part[above.above]):
        content = restore(content, base, above.above_kind, part[above.above])
    return put(content, kind, deepcopy(part))


def new_key(content: Content) -> str:
    """Return a key that no part of this content has."""
    used = [
        int(part["key"][1:])
        for kind in KINDS
        for part in content[kind.name]
        if part["key"].startswith("n")
    ]
    return f"n{max(used, default=0) + 1}"
