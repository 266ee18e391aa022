"""What people are told about reports and about what is owed, and whom each sentence concerns."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import LADDER, Actor, Role
from tansiq.access.models import Membership, Organisation, Place
from tansiq.access.notices import notify, register
from tansiq.access.queries import lead_of, people_of
from tansiq.plans.models import Action, Conversation, Delivery, Period, Plan, Report

register("plans.report_sent", _("%(place)s sent its report. An answer is owed by %(due_on)s."))
register("plans.report_returned", _("The report of %(place)s came back with a question."))
register("plans.report_replied", _("%(place)s replied to your question on its report."))
register("plans.report_accepted", _("The report of %(place)s was accepted."))
register("plans.report_answered", _("The report of %(place)s was answered."))
register(
    "plans.report_reopened", _("The report of %(place)s is open again; read why and change it.")
)
register(
    "plans.value_corrected", _("%(place)s corrected a figure of its report that was accepted.")
)
register("plans.report_due", _("The report of %(place)s is due on %(due_on)s."))
register("plans.report_overdue", _("The report of %(place)s was due on %(due_on)s."))
register("plans.answer_wanted", _("%(place)s waits for the answer to its report."))
register("plans.answer_overdue", _("The answer to the report of %(place)s was due on %(due_on)s."))
register("plans.delivery_given", _("Given to %(place)s: %(duty)s. Please confirm or object."))
register("plans.delivery_confirmed", _("%(place)s confirmed: %(duty)s."))
register("plans.delivery_disputed", _("%(place)s did not receive: %(duty)s."))
register("plans.delivery_wanted", _("%(place)s waits for: %(duty)s."))
register("plans.carried_down", _("%(national)s now has a plan for %(place)s. Look at it first."))
register("plans.refused", _("%(place)s says that %(action)s does not apply there, and why."))
register(
    "plans.conversation_opened",
    _("%(organisation)s opened a conversation about something that two bodies do alike."),
)
register("plans.conversation_replied", _("%(organisation)s wrote in a conversation with you."))
register("plans.conversation_closed", _("%(organisation)s wrote down how both of you go on."))
register("plans.delivery_overdue", _("Late since %(due_on)s: %(duty)s. Waiting places: %(count)s."))
register(
    "plans.say_wanted", _("Your say on %(subject)s is wanted: what do you see, what is missing?")
)


def tell_owner(report: Report, code: str, *, at: datetime) -> None:
    """Tell those who write the report."""
    people = people_of([report.owner_id], at=at, least=Role.CONTRIBUTOR)
    notify(people, code, report, url=report.get_absolute_url(), facts=_facts(report), at=at)


def tell_addressee(
    report: Report, code: str, *, at: datetime, least: Role = Role.COORDINATOR
) -> None:
    """Tell those who read, accept and answer it."""
    if report.addressee_id is None:
        return
    people = people_of([report.addressee_id], at=at, least=least)
    notify(people, code, report, url=report.get_absolute_url(), facts=_facts(report), at=at)


def _facts(report: Report) -> dict[str, Any]:
    due_on = report.answer_due_on or report.period.due_on
    return {"place": report.place.name, "due_on": due_on.isoformat()}


def tell_of_due_report(
    period: Period, place: Place, lead: Organisation, code: str, *, at: datetime
) -> None:
    """Tell those who write for a place that its report is due, begun or not."""
    notify(
        people_of([lead.pk], at=at, least=Role.CONTRIBUTOR),
        code,
        period,
        url=reverse("plans:report_start", args=[period.pk, place.code]),
        facts={"place": place.name, "due_on": period.due_on.isoformat()},
        at=at,
    )


def tell_place(delivery: Delivery, code: str, *, at: datetime) -> None:
    """Tell those who speak for the place what it was given."""
    lead = lead_of(delivery.place)
    if lead is not None:
        people = people_of([lead.pk], at=at, least=Role.CONTRIBUTOR)
        _tell_of_delivery(people, delivery, code, url=_owed_at(delivery), at=at)


def tell_giver(delivery: Delivery, code: str, *, at: datetime) -> None:
    """Tell those who owe it what the place says."""
    people = people_of([delivery.action.plan.owner_id], at=at)
    url = reverse("plans:duty", args=[delivery.action_id])
    _tell_of_delivery(people, delivery, code, url=url, at=at)


def _owed_at(delivery: Delivery) -> str:
    return f"{reverse('plans:owed')}#delivery-{delivery.pk}"


def _tell_of_delivery(
    people: Iterable[Any], delivery: Delivery, code: str, *, url: str, at: datetime
) -> None:
    facts = {"place": delivery.place.name, "duty": delivery.action.title}
    notify(people, code, delivery, url=url, facts=facts, at=at)


def tell_of_late_duty(duty: Action, *, since: date, count: int, at: datetime) -> None:
    """Tell those who owe a duty how many places wait for it past its day."""
    notify(
        people_of([duty.plan.owner_id], at=at),
        "plans.delivery_overdue",
        duty,
        url=f"{reverse('plans:duty', args=[duty.pk])}?state=late",
        facts={"duty": duty.title, "due_on": since.isoformat(), "count": count},
        at=at,
    )


def tell_of_begun_plans(national: Plan, plans: Iterable[Plan], *, by: Actor, at: datetime) -> None:
    """Tell those who coordinate a place that its plan was begun from the national one."""
    plans = list(plans)
    terms = (
        Membership.objects.in_force(at.date())
        .filter(
            organisation__in={plan.owner_id for plan in plans},
            role__in=LADDER[LADDER.index(Role.COORDINATOR) :],
            person__is_active=True,
        )
        .exclude(person=by.person_id)
        .select_related("person")
        .order_by("person", "pk")
    )
    people: dict[int, list[Any]] = {}
    for term in terms:
        people.setdefault(term.organisation_id, []).append(term.person)
    for plan in (one for one in plans if one.owner_id in people):
        # Loaded once already; each plan would look its country up again.
        plan.country = national.country
        facts = {"national": national.short_title or national.title, "place": plan.place.name}
        told = people[plan.owner_id]
        notify(told, "plans.carried_down", plan, url=plan.get_absolute_url(), facts=facts, at=at)


def tell_of_refusal(action: Action, place: Place, *, by: Actor, at: datetime) -> None:
    """Tell those who coordinate the national plan that a place refuses one of its actions."""
    plan = action.plan
    notify(
        people_of([plan.owner_id], at=at).exclude(pk=by.person_id or 0),
        "plans.refused",
        action,
        url=reverse("plans:place", args=[plan.country.code, plan.slug, place.code]),
        facts={"place": place.name, "action": f"{action.code} {action.title}"},
        at=at,
    )


def tell_both(
    conversation: Conversation, code: str, organisation: Organisation, *, by: Actor, at: datetime
) -> None:
    """Tell those who write for either of the two, but not who did it."""
    people = people_of(conversation.two, at=at, least=Role.CONTRIBUTOR)
    notify(
        people.exclude(pk=by.person_id or 0),
        code,
        conversation,
        url=conversation.get_absolute_url(),
        facts={"organisation": organisation.name},
        at=at,
    )


def tell_that_a_say_is_wanted(
    organisation: Organisation, place: Place, *, plan: Plan | None, at: datetime
) -> int:
    """Ask the members of a body for its say; return how many were told."""
    url = plan.get_absolute_url() if plan else reverse("plans:one_page", args=[place.code])
    people = people_of([organisation.pk], at=at, least=Role.CONTRIBUTOR)
    subject = plan.title if plan else place.name
    target = plan or organisation
    told = notify(people, "plans.say_wanted", target, url=url, facts={"subject": subject}, at=at)
    return len(told)
