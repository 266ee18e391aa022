"""The sections of a plan, as tabs on each page that shows one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from tansiq.plans.models import Plan

register = template.Library()


@dataclass(frozen=True)
class Section:
    """One tab: the address it leads to, and which further addresses belong to it."""

    address: str
    label: str | Promise
    belong: tuple[str, ...] = ()
    is_for_national: bool = True
    is_for_local: bool = True
    # A page that shows something only to who has signed in.
    is_for_members: bool = False

    def is_of(self, plan: Plan) -> bool:
        return self.is_for_national if plan.is_national else self.is_for_local


# In the order in which a plan is read: what, where, with what, how far, and what changed.
SECTIONS = (
    Section("detail", pgettext_lazy("section of a plan", "Plan")),
    Section(
        "coverage",
        pgettext_lazy("section of a plan", "Coverage"),
        ("place", "unlinked"),
        is_for_local=False,
    ),
    Section("places", pgettext_lazy("section of a plan", "Places"), is_for_local=False),
    Section("map", pgettext_lazy("section of a plan", "Map"), is_for_local=False),
    Section(
        "versions",
        pgettext_lazy("section of a plan", "Versions"),
        ("version", "versions_compare", "amendment"),
    ),
    Section(
        "proposals",
        pgettext_lazy("section of a plan", "Proposals"),
        ("proposal", "proposal_answer", "proposal_merge", "proposal_link"),
        is_for_local=False,
        # Passers-by read no proposals: the page would be an empty one.
        is_for_members=True,
    ),
    Section(
        "beside", pgettext_lazy("section of a plan", "Beside the national"), is_for_national=False
    ),
    Section(
        "plan_peers",
        pgettext_lazy("section of a plan", "Places like ours"),
        ("peers", "peers_objective"),
        is_for_national=False,
    ),
    Section("money", pgettext_lazy("section of a plan", "Money"), ("money_lines",)),
    Section("documents", pgettext_lazy("section of a plan", "Documents")),
    Section("roadmap", pgettext_lazy("section of a plan", "Road map"), ("training",)),
    Section("voices", pgettext_lazy("section of a plan", "Voices"), is_for_members=True),
)


# Sections that only a plan under a national one has.
_UNDER_A_NATION = {"beside", "plan_peers"}


@register.inclusion_tag("plans/_sections.html", takes_context=True)
def plan_sections(context: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """Show the tabs of a plan on a page that is one of its sections; elsewhere nothing."""
    match = context["request"].resolver_match
    here = match.url_name if match else ""
    is_member = context["request"].user.is_authenticated
    tabs = list(_tabs(plan, here))
    shown = [tab for tab in tabs if is_member or not tab["is_for_members"]]
    return {"tabs": shown if any(tab["is_current"] for tab in tabs) else []}


def _tabs(plan: Plan, here: str) -> Iterator[dict[str, Any]]:
    where = (plan.country.code, plan.slug)
    for section in SECTIONS:
        if section.is_of(plan) and not (
            section.address in _UNDER_A_NATION and plan.parent_id is None
        ):
            yield {
                "label": section.label,
                "url": reverse(f"plans:{section.address}", args=where),
                "is_for_members": section.is_for_members,
                "is_current": here in {section.address, *section.belong},
            }
