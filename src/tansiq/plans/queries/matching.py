"""Which national actions a local one probably belongs to, in words a person can check."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy

from tansiq.access.models import OrganisationKind
from tansiq.core.translations import hash_of, show, translations_of
from tansiq.plans.matching.lexicon import lexicon
from tansiq.plans.matching.scoring import (
    LIKELY,
    VERY_LIKELY,
    Candidates,
    LocalText,
    NationalText,
    Shared,
    Suggestion,
)
from tansiq.plans.models import Action, DeclinedMatch, Objective, Plan

_MOST_REASONS, _MOST_CHOICES = 4, 3
# Bodies that say something about the subject; a government leads actions of every kind.
_TELLING_BODIES = frozenset(
    {
        OrganisationKind.POLICE,
        OrganisationKind.WOMEN,
        OrganisationKind.YOUTH,
        OrganisationKind.RELIGIOUS,
        OrganisationKind.SCHOOL,
        OrganisationKind.HEALTH,
        OrganisationKind.MEDIA,
        OrganisationKind.PRIVATE,
    }
)


@dataclass(frozen=True)
class Reason:
    """One thing both are about, in the reader's language and in the words of each text."""

    label: str
    local: str
    national: str


@dataclass(frozen=True)
class Likely:
    """A national objective a local action may belong to, and the actions under it, best first."""

    objective: Objective
    choices: list[Action]
    score: float
    reasons: list[Reason]
    is_under_same_objective: bool
    is_led_by_same_kind: bool

    @property
    def words(self) -> str | Promise:
        if self.score >= VERY_LIKELY:
            return pgettext_lazy("suggestion", "very likely")
        if self.score >= LIKELY:
            return pgettext_lazy("suggestion", "likely")
        return pgettext_lazy("suggestion", "possible")

    @property
    def tone(self) -> str:
        return "done" if self.score >= VERY_LIKELY else "on" if self.score >= LIKELY else "calm"


@dataclass(frozen=True)
class OrphanLine:
    """A local action that is linked to nothing, and where it may belong."""

    action: Action
    likely: list[Likely]
    declined: int = 0


class Matcher:
    """Compares local actions with the actions of one national plan."""

    def __init__(self, national: Plan, steps: list[Action]) -> None:
        self.national, self.steps = national, steps
        self.by_pk = {one.pk: one for one in steps}
        self.by_objective: dict[int, list[Action]] = defaultdict(list)
        for one in sorted(steps, key=lambda step: (step.code, step.pk)):
            self.by_objective[one.objective_id].append(one)
        self._ready: dict[str, Candidates] = {}

    def lines(self, orphans: list[Action]) -> list[OrphanLine]:
        """Return each local action with its suggestions; they are of any plans under this one."""
        declined = self._declined(orphans)
        found = [(one, self._suggest(one, declined.get(one.pk, {}))) for one in orphans]
        self._show(suggestion for _one, rows in found for suggestion in rows)
        return [
            OrphanLine(
                one,
                [self._likely(suggestion) for suggestion in rows],
                len(declined.get(one.pk, {})),
            )
            for one, rows in found
        ]

    def _suggest(self, local: Action, declined: dict[int, str]) -> list[Suggestion]:
        ready = self._candidates(local.plan.language)
        said_no = {str(pk) for pk in declined if self._is_declined(local, pk, declined)}
        return ready.suggest(_local_text(local, self._same_objective(local)), without=said_no)

    def _is_declined(self, local: Action, objective: int, declined: dict[int, str]) -> bool:
        if objective not in declined:
            return False
        steps = self.by_objective[objective]
        return declined[objective] == wording_of(local, steps[0].objective, steps)

    def _declined(self, orphans: list[Action]) -> dict[int, dict[int, str]]:
        rows = DeclinedMatch.objects.filter(local_action__in=orphans)
        found: dict[int, dict[int, str]] = defaultdict(dict)
        for row in rows:
            if row.objective_id in self.by_objective:
                found[row.local_action_id][row.objective_id] = row.fingerprint
        return found

    def _candidates(self, language: str) -> Candidates:
        """Read the national plan once for each language that local plans are written in."""
        if language not in self._ready:
            own = self.national.language
            titles = {one.title for one in self.steps}
            known = translations_of(titles, language) if language != own else {}
            self._ready[language] = Candidates(
                national_text(
                    one, own, ((language, known[one.title].text),) if one.title in known else ()
                )
                for one in self.steps
            )
        return self._ready[language]

    def _same_objective(self, local: Action) -> str:
        """Return the national objective a local action stands under, if the place took it over."""
        for steps in self.by_objective.values():
            theirs = steps[0].objective
            if (theirs.code, theirs.title) == (local.objective.code, local.objective.title):
                return str(theirs.pk)
        return ""

    def _show(self, suggestions: Iterable[Suggestion]) -> None:
        named = {int(one.objective) for one in suggestions}
        things = [step for pk in named for step in self.by_objective[pk]]
        show(things, "title", written_in=self.national.language)
        show([one.objective for one in things], "title", written_in=self.national.language)

    def _likely(self, one: Suggestion) -> Likely:
        steps = [self.by_pk[match.key] for match in one.matches[:_MOST_CHOICES]]
        reasons = reasons_of(one.best.shared)
        return Likely(
            steps[0].objective,
            steps,
            one.score,
            reasons,
            one.best.same_objective,
            one.best.same_body,
        )


def wording_of(local: Action, objective: Objective, steps: list[Action]) -> str:
    """Return what stands for the wording of a local action and a national objective."""
    return hash_of("\n".join([local.title, objective.title, *(one.title for one in steps)]))


def _local_text(local: Action, objective: str) -> LocalText:
    return LocalText(local.title, local.plan.language, _bodies(local), objective)


def national_text(
    step: Action, language: str, translations: tuple[tuple[str, str], ...] = ()
) -> NationalText:
    """Return an action as the matching sees it; its objective, pillar and lead are read before."""
    return NationalText(
        step.pk,
        str(step.objective_id),
        step.title,
        language,
        objective_title=step.objective.title,
        pillar_title=step.objective.pillar.title,
        role=step.local_role,
        translations=translations,
        bodies=_bodies(step),
    )


def _bodies(action: Action) -> frozenset[str]:
    lead = action.lead.kind if action.lead is not None else action.lead_kind
    return frozenset({lead, *action.supporting_kinds}) & _TELLING_BODIES


def reasons_of(shared: tuple[Shared, ...]) -> list[Reason]:
    """Put what is shared into words; a thing that is shared twice is said once."""
    local: dict[str, dict[str, None]] = {}
    national: dict[str, dict[str, None]] = {}
    for part in shared:
        local.setdefault(part.concept, {}).update(dict.fromkeys(part.local))
        national.setdefault(part.concept, {}).update(dict.fromkeys(part.national))
    return [
        Reason(_label(code, local[code]), " · ".join(local[code]), " · ".join(national[code]))
        for code in list(local)[:_MOST_REASONS]
    ]


def _label(feature: str, said: Iterable[str]) -> str:
    """Return the name of a concept in the reader's language; a plain word stands for itself."""
    if feature.startswith(("w:", "n:")):
        return " · ".join(said)
    return lexicon().concepts[feature].label(get_language() or "en")


def steps_of(national: Plan) -> list[Action]:
    """Return the actions of a national plan as they are compared, in the order of the plan."""
    steps = Action.objects.steps().filter(plan=national)
    return list(
        steps.select_related("objective__pillar", "plan__country", "lead").order_by(
            "objective__pillar__position",
            "objective__pillar__code",
            "objective__position",
            "objective__code",
            "position",
            "code",
            "pk",
        )
    )


def lines_for(local: Action) -> list[OrphanLine]:
    """Return where one local action may belong; nothing if it is linked or has no national plan."""
    national = local.plan.parent
    if national is None or local.is_duty or local.national_links.exists():
        return []
    return Matcher(national, steps_of(national)).lines([local])
