"""Writing the content of an amendment into the rows of its plan, which keep their identity.

Answers of places, values and activities hang on rows by foreign key. So a part that stays keeps
its row; one that goes loses its row only if nothing hangs on it, and is marked as dropped else.
"""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from tansiq.access.models import Organisation
from tansiq.plans.models import Action, ActionStatus, Alignment, Delivery, Plan
from tansiq.plans.queries.versions.content import FROZEN, PLAN, Content, Kind, Part
from tansiq.plans.queries.versions.diff import PartChange, amended

_CODE_LENGTH = 20


class AmendmentError(Exception):
    """The amendment cannot take this step; the message says why and what to do."""


class Applying:
    """One pass that makes the rows of a plan say what the content says."""

    def __init__(self, plan: Plan, before: Content, after: Content, *, at: datetime) -> None:
        self.plan, self.after, self.at = plan, after, at
        self.changes = amended(before, after)
        # The keys of rows that were made, by what the draft called them.
        self.keys: dict[tuple[str, str], str] = {}
        self.number = 0

    def run(self, *, number: int) -> dict[tuple[str, str], str]:
        """Change the rows; return the keys of new parts by kind and draft key."""
        self.number = number
        self._free_codes()
        for kind in (PLAN, *FROZEN):
            for change in self._of(kind):
                if change.is_added:
                    self._add(kind, change.part)
                elif not change.is_dropped:
                    self._change(kind, change)
        for kind in reversed(FROZEN):
            for change in self._of(kind):
                if change.is_dropped:
                    self._drop(kind, int(change.key))
        return self.keys

    def _of(self, kind: Kind) -> list[PartChange]:
        return [change for change in self.changes if change.kind == kind.name]

    def _free_codes(self) -> None:
        """Give parts that change or lose their code a passing one: two may swap theirs."""
        for kind in (one for one in FROZEN if one.has_code):
            for change in self._of(kind):
                if change.field("code") is not None or change.is_dropped:
                    self._rename(kind, int(change.key), f"~{change.key}")

    def _rename(self, kind: Kind, pk: int, code: str) -> None:
        rows = kind.model.objects.filter(**{kind.plan_path: self.plan, "pk": pk})
        rows.update(code=code[:_CODE_LENGTH])

    def _add(self, kind: Kind, part: Part) -> None:
        row: Any = kind.model()
        if kind.plan_path == "plan":
            row.plan = self.plan
        lists = self._fill(kind, row, part, [*kind.fields, *([kind.above] if kind.above else [])])
        row.changed_at = self.at
        row.save(force_insert=True)
        for name, rows in lists.items():
            getattr(row, name).set(rows)
        self.keys[kind.name, part["key"]] = str(row.pk)

    def _change(self, kind: Kind, change: PartChange) -> None:
        manager = kind.model.objects
        if kind is PLAN:
            row: Any = self.plan
        else:
            row = manager.get(**{kind.plan_path: self.plan, "pk": int(change.key)})
        names = [one.name for one in change.fields]
        lists = self._fill(kind, row, change.part, names)
        row.changed_at = self.at
        row.save(update_fields=[*(name for name in names if name not in lists), "changed_at"])
        manager.filter(pk=row.pk).update(revision=F("revision") + 1)
        for name, rows in lists.items():
            getattr(row, name).set(rows)

    def _fill(self, kind: Kind, row: Any, part: Part, names: list[str]) -> dict[str, list[Any]]:
        """Set the fields; return the lists of rows, which are set once the row is saved."""
        lists = {}
        for name in names:
            if name == kind.above:
                setattr(row, f"{name}_id", self._row_above(kind, part))
            elif kind.model._meta.get_field(name).many_to_many:
                lists[name] = [one["id"] for one in part[name]]
            else:
                _set(row, name, part[name])
        return lists

    def _row_above(self, kind: Kind, part: Part) -> int | None:
        key = part[kind.above]
        key = self.keys.get((kind.above_kind, key), key)
        return int(key) if key else None

    def _drop(self, kind: Kind, pk: int) -> None:
        row: Any = kind.model.objects.get(**{kind.plan_path: self.plan, "pk": pk})
        if isinstance(row, Action):
            _let_go(row)
        if not is_built_on(row):
            row.delete()
            return
        row.dropped_in = self.number
        if isinstance(row, Action):
            row.status = ActionStatus.CANCELLED
        row.save()
        self._rename(kind, pk, self._code_of_dropped(kind, pk))

    def _code_of_dropped(self, kind: Kind, pk: int) -> str:
        """Return the code it had, or a marked one where another part has taken that."""
        change = next(one for one in self._of(kind) if one.key == str(pk))
        code = str(change.part["code"])
        rows = kind.model.objects.filter(**{kind.plan_path: self.plan})
        is_taken = rows.filter(code=code).exclude(pk=pk).exists()
        return f"{code[: _CODE_LENGTH - 8]}~{self.number}-{pk}" if is_taken else code


def _set(row: Any, name: str, kept: Any) -> None:
    field = row._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        setattr(row, field.attname, kept["id"] if kept else None)
    elif isinstance(field, models.DateField):
        setattr(row, name, date.fromisoformat(kept) if kept else None)
    else:
        setattr(row, name, kept)


def _let_go(action: Action) -> None:
    """End what was open about a dropped action: what was owed, and what it answered above."""
    Delivery.objects.filter(action=action).open().update(status=ActionStatus.CANCELLED)
    Alignment.objects.filter(local_action=action).delete()


def is_built_on(part: Any) -> bool:
    """Return whether anything but parts of the same plan hangs on this row."""
    own = {kind.model for kind in FROZEN}
    for relation in part._meta.related_objects:
        rows = relation.related_model.objects.filter(**{relation.field.name: part})
        if relation.related_model in own:
            # Parts below it that stay because something hangs on them.
            rows = rows.filter(dropped_in__isnull=False) if _drops(relation.related_model) else None
        if rows is not None and rows.exists():
            return True
    return False


def _drops(model: Any) -> bool:
    return "dropped_in" in {field.name for field in model._meta.get_fields()}


def refuse_unsound(content: Content) -> None:
    """Raise AmendmentError unless codes are used once, parts stand below parts, leads exist."""
    for kind in FROZEN:
        parts = content[kind.name]
        codes = [part["code"] for part in parts] if kind.has_code else []
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice is not None:
            raise AmendmentError(
                _("Two parts have the code %(code)s. Change one of them.") % {"code": twice}
            )
        known = {part["key"] for part in content[kind.above_kind]} if kind.above else set()
        if any(part[kind.above] not in known | {""} for part in parts if kind.above):
            raise AmendmentError(
                _("A part stands below one that is no longer there. Move it or drop it, too.")
            )
    _refuse_unknown_bodies(content)
    if not content["actions"]:
        raise AmendmentError(_("A plan needs at least one action."))


def _refuse_unknown_bodies(content: Content) -> None:
    wanted = {
        one["id"]: one["name"]
        for kind in FROZEN
        for part in content[kind.name]
        for name in kind.leads
        for one in (part[name] if isinstance(part[name], list) else [part[name]])
        if isinstance(one, dict)
    }
    known = set(Organisation.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    gone = next((name for pk, name in wanted.items() if pk not in known), None)
    if gone is not None:
        raise AmendmentError(
            _("%(body)s no longer exists. Name another lead or supporting body.") % {"body": gone}
        )
