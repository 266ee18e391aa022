"""What one workbook is about: a plan at one place for a period, or all places of a nation."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from django.core import signing
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Marking, Organisation, Place
from tansiq.core.documents.package import WorkbookError
from tansiq.core.translations import show_each
from tansiq.plans.models import Indicator, Period, Plan, Report
from tansiq.plans.queries.wording import period_name, plan_name

FORMAT = 1
_SALT = "tansiq.plans.workbook"
_BATCH = 60


@dataclass(frozen=True)
class Part:
    """One place's side of a workbook: its plan, and its report if there is one."""

    plan: Plan
    report: Report | None


@dataclass
class Scope:
    """A workbook of one place; with `lead`, of all places that report to this organisation."""

    plan: Plan
    actor: Actor
    at: datetime
    period: Period | None = None
    report: Report | None = None
    lead: Organisation | None = None

    @property
    def is_national(self) -> bool:
        return self.lead is not None

    @property
    def today(self) -> date:
        return self.at.date()

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def token(self) -> str:
        """Return what the sheets of this workbook carry, so that a foreign sheet is known."""
        parts = (self.plan.pk, self.period and self.period.pk, self.report and self.report.pk)
        text = f"{FORMAT}/{self.kind}/{'/'.join(map(str, parts))}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def kind(self) -> str:
        return "nation" if self.is_national else "place"

    @property
    def place(self) -> Place:
        lead_place = self.lead.place if self.lead else None
        return lead_place or self.plan.place

    @property
    def reported_plan(self) -> Plan:
        """The plan whose indicators are reported on."""
        return self.period.plan if self.period else self.plan

    def words_of(self, indicator: Indicator, field: str) -> str:
        """Return the title or unit of one of `indicators` in the reader's language."""
        return str(getattr(indicator, "shown", {}).get(field) or getattr(indicator, field))

    @cached_property
    def indicators(self) -> list[Indicator]:
        rows = list(Indicator.objects.filter(plan=self.reported_plan).order_by("position", "pk"))
        for one in rows:
            one.plan = self.reported_plan
        show_each(rows, "title", "unit", language_of=lambda one: str(one.plan.language))
        return rows

    def parts(self) -> Iterator[list[Part]]:
        """Yield the plans and reports in it, some at a time."""
        if not self.is_national:
            yield [Part(self.plan, self.report)]
            return
        plans = iter(self.plans().iterator(chunk_size=_BATCH))
        while batch := list(islice(plans, _BATCH)):
            reports = {one.place_id: one for one in self._reports_of(batch)}
            yield [Part(plan, reports.get(plan.place_id)) for plan in batch]

    def plans(self) -> Any:
        """Return the plans in it that the actor may see: of the places under the lead's."""
        rows = Plan.objects.visible_to(self.actor).exclude(marking=Marking.RED)
        if not self.is_national:
            return rows.filter(pk=self.plan.pk)
        return (
            rows.filter(Q(parent=self.plan))
            .filter(place__links_up__ancestor=self.place)
            .select_related("place", "country", "owner")
            .order_by("place__level", "place__name", "pk")
        )

    def reports(self) -> Any:
        """Return the reports in it that the actor may see and that may leave the platform."""
        rows = (
            Report.objects.visible_to(self.actor)
            .exclude(marking=Marking.RED)
            .select_related("period__plan__country", "place", "owner", "addressee")
        )
        if self.is_national:
            return rows.filter(period=self.period, place__links_up__ancestor=self.place)
        return rows.filter(pk=self.report.pk) if self.report else rows.none()

    def _reports_of(self, plans: list[Plan]) -> list[Report]:
        return list(self.reports().filter(place__in=[one.place_id for one in plans]))

    def manifest(self, base_hash: str) -> str:
        """Return the sealed words by which the file is known when it comes back."""
        return signing.Signer(salt=_SALT).sign_object(
            {
                "format": FORMAT,
                "kind": self.kind,
                "plan": self.plan.pk,
                "slug": f"{self.plan.country.code}/{self.plan.slug}",
                "version": version_of(self.plan),
                "place": self.place.code,
                "period": self.period.pk if self.period else None,
                "period_words": period_name(self.period) if self.period else "",
                "plan_words": plan_name(self.plan),
                "place_words": str(self.place),
                "report": self.report.pk if self.report else None,
                "language": self.language,
                "made_at": self.at.isoformat(),
                "base": base_hash,
            }
        )


def version_of(plan: Plan) -> int:
    """Return which version of the plan is in force; 0 while it is drafted."""
    number = plan.versions.order_by("-number").values_list("number", flat=True).first()
    return int(number or 0)


@dataclass(frozen=True)
class Manifest:
    """What a file says of itself, once its seal was found right."""

    given: dict[str, Any]

    @property
    def language(self) -> str:
        return str(self.given["language"])

    @property
    def what(self) -> str:
        """Say of which plan, place and period it is."""
        words = [self.given.get(f"{one}_words", "") for one in ("plan", "place", "period")]
        return " · ".join(one for one in words if one)


def opened(sealed: str, lines: list[str]) -> Manifest:
    """Return the manifest of a file. Raises WorkbookError when its seal does not hold."""
    broken = WorkbookError(
        _(
            "The hidden sheets of this workbook were changed, or it comes from another "
            "installation. Take a new one and copy your values into it."
        )
    )
    try:
        given = signing.Signer(salt=_SALT).unsign_object(sealed)
    except (signing.BadSignature, ValueError) as fault:
        raise broken from fault
    if not isinstance(given, dict) or given.get("base") != hash_of(lines):
        raise broken
    if given.get("format") != FORMAT:
        raise WorkbookError(
            _("This workbook was made by another version of the platform. Take a new one.")
        )
    return Manifest(given)


def hash_of(lines: list[str]) -> str:
    """Return the hash of what stood in the open cells when the file was given out."""
    whole = hashlib.sha256()
    for line in lines:
        whole.update(line.encode())
        whole.update(b"\n")
    return whole.hexdigest()


def refuse_foreign(manifest: Manifest, scope: Scope) -> None:
    """Raise WorkbookError, saying what it is of, unless the file is of this plan and period."""
    given = manifest.given
    report_pk = scope.report.pk if scope.report else None
    if (given["kind"], given["plan"]) != (scope.kind, scope.plan.pk):
        message = _("This workbook is of something else: %(what)s. Send it on that page.")
        raise WorkbookError(message % {"what": manifest.what})
    period_pk = scope.period.pk if scope.period else None
    if (given["period"], given["report"]) != (period_pk, report_pk):
        message = _("This workbook is of another period: %(what)s. Send it on that page.")
        raise WorkbookError(message % {"what": manifest.what})
    # A draft that was adopted since is the same plan; its rows are known by their keys.
    if given["version"] and given["version"] != version_of(scope.plan):
        raise WorkbookError(
            _(
                "The plan has a new version since this workbook was taken. Take a new one and copy "
                "your values into it."
            )
        )
