"""What a reader has to do now about one plan, the most pressing first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Marking, Organisation
from tansiq.plans.models import Action, Alignment, Period, Plan, Report, ReportStatus
from tansiq.plans.queries.owed import DutyLine
from tansiq.plans.queries.reporting import SENT, places_reporting_to
from tansiq.plans.queries.tree import Tree
from tansiq.plans.queries.wording import written


@dataclass(frozen=True)
class NextStep:
    """One thing to do: a sentence, why, and where."""

    sentence: str
    detail: str
    url: str
    label: str
    tone: str = "on"


def next_steps(
    actor: Actor, plan: Plan, tree: Tree, duties: list[DutyLine], *, day: date
) -> list[NextStep]:
    """Return what this actor can do now for the plan, or with it for their own place."""
    if actor.is_system or not actor.is_signed_in:
        return []
    if actor.is_at_least(Role.CONTRIBUTOR, in_organisation=plan.owner_id):
        return [
            *_to_get_into_force(actor, plan, tree),
            *_late_duties(duties),
            *_waiting_reports(actor, plan),
            *_silent_places(plan, day),
            *_late_actions(plan, tree),
            *_unanswered(plan),
            *_nobody(plan, tree),
        ]
    return _start_own(actor, plan)


def _address(name: str, plan: Plan) -> str:
    return reverse(f"plans:{name}", args=[plan.country.code, plan.slug])


def _to_get_into_force(actor: Actor, plan: Plan, tree: Tree) -> list[NextStep]:
    if plan.is_draft and not tree.steps:
        sentence = _("Write down the first action")
        why = _("A plan needs a pillar, an objective and at least one action.")
        return [NextStep(sentence, why, _address("edit", plan), _("Go on writing"))]
    if plan.is_draft:
        sentence = _("Adopt the plan when it is decided")
        why = _("Until then it counts as being drafted.")
        return [NextStep(sentence, why, _address("adopt", plan), _("Adopt the plan"))]
    leads = actor.is_at_least(Role.LEAD, in_organisation=plan.owner_id)
    if plan.is_national and leads and not plan.local_plans.exists():
        sentence = _("Carry the plan down to the places")
        why = _("No place has a plan under this one yet. One step starts all of them.")
        label = _("Carry it down")
        return [NextStep(sentence, why, _address("carry_down", plan), label)]
    return []


def _late_duties(duties: list[DutyLine]) -> list[NextStep]:
    late: list[Any] = [one for one in duties if one.late]
    return [
        NextStep(
            str(one.action.shown["title"]),
            ngettext(
                "You owe this to %(n)s place and are late.",
                "You owe this to %(n)s places and are late.",
                one.late,
            )
            % {"n": written(one.late)},
            f"{reverse('plans:duty', args=[one.action.pk])}?state=late",
            _("Say how it stands"),
            "late",
        )
        for one in late[:3]
    ]


def _waiting_reports(actor: Actor, plan: Plan) -> list[NextStep]:
    waiting = Report.objects.filter(
        period__plan=plan, status=ReportStatus.SUBMITTED, addressee__in=actor.organisation_ids
    ).exclude(marking=Marking.RED)
    count = waiting.count()
    if not count:
        return []
    sentence = ngettext(
        "%(n)s report waits for your answer", "%(n)s reports wait for your answer", count
    ) % {"n": written(count)}
    url = reverse("plans:reports")
    why = _("Accept each, or return it with a question.")
    return [NextStep(sentence, why, url, _("Read them"), "risk")]


def _silent_places(plan: Plan, day: date) -> list[NextStep]:
    period = Period.objects.filter(plan=plan, due_on__lt=day).order_by("-starts_on").first()
    if period is None:
        return []
    sent = Report.objects.filter(period=period, status__in=SENT)
    planned = Plan.objects.filter(parent=plan).exclude(place__in=sent.values("place"))
    # Named one by one: the database would otherwise begin with every village of the country.
    places = list(planned.values_list("place_id", flat=True))
    silent = places_reporting_to(plan.owner, plan).filter(pk__in=places).count()
    if not silent:
        return []
    sentence = ngettext(
        "%(n)s place has not reported", "%(n)s places have not reported", silent
    ) % {"n": written(silent)}
    why = _("Their reports for the last period are overdue.")
    url = f"{reverse('plans:period', args=[period.pk])}?state=missing"
    return [NextStep(sentence, why, url, _("See which"), "late")]


def _late_actions(plan: Plan, tree: Tree) -> list[NextStep]:
    if not tree.late:
        return []
    sentence = ngettext("%(n)s action is late", "%(n)s actions are late", tree.late) % {
        "n": written(tree.late)
    }
    why = _("Say how it stands, or give it a new date.")
    url = f"{_address('detail', plan)}?status=late#actions"
    return [NextStep(sentence, why, url, _("Show them"), "late")]


def _unanswered(plan: Plan) -> list[NextStep]:
    """Of a local plan: what the national level asks and this place has not answered."""
    if plan.parent_id is None:
        return []
    answered = Alignment.objects.filter(place=plan.place_id).values("national_action")
    asked = Action.objects.steps().filter(plan=plan.parent_id).exclude(local_role="")
    open_still = asked.exclude(pk__in=answered).count()
    if not open_still:
        return []
    sentence = ngettext(
        "%(n)s national action has no answer from you",
        "%(n)s national actions have no answer from you",
        open_still,
    ) % {"n": written(open_still)}
    why = _("Adopt it, adapt it, or say why not.")
    return [NextStep(sentence, why, _address("beside", plan), _("Answer"), "risk")]


def _nobody(plan: Plan, tree: Tree) -> list[NextStep]:
    """Of a national plan: actions with a local role that no place took up."""
    if not plan.is_national or plan.is_draft:
        return []
    lines = [line for pillar in tree.pillars for o in pillar.objectives for line in o.lines]
    answered = any(line.answers.total for line in lines)
    left = [one for one in lines if one.action.local_role and not one.answers.taken_up]
    if not left or not answered:
        return []
    sentence = ngettext(
        "Nobody took up %(n)s action", "Nobody took up %(n)s actions", len(left)
    ) % {"n": written(len(left))}
    why = _("It has a role for local government, but no place adopted it.")
    url = f"{_address('coverage', plan)}#nobody"
    return [NextStep(sentence, why, url, _("Show the gaps"), "risk")]


def _start_own(actor: Actor, plan: Plan) -> list[NextStep]:
    """Of a national plan, for those who coordinate a place without a plan under it."""
    if not plan.is_national or plan.is_draft:
        return []
    leads: Any = (
        Organisation.objects.filter(
            pk__in=actor.organisations_as(Role.COORDINATOR),
            is_lead_of_place=True,
            place__links_up__ancestor=plan.place_id,
            place__level__gt=plan.place.level,
        )
        .exclude(place__in=Plan.objects.filter(parent=plan).values("place"))
        .select_related("place")
        .order_by("name", "pk")
    )
    return [
        NextStep(
            _("%(place)s has no plan yet: start it") % {"place": lead.place},
            _("Your plan begins with what the national plan asks of you; you then change it."),
            f"{_address('start_local', plan)}?place={lead.place.code}",
            _("Start our plan"),
        )
        for lead in leads
    ]
