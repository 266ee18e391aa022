"""What pages of the exchange have in common: their tabs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

register = template.Library()


@dataclass(frozen=True)
class Tab:
    """One tab: the address it leads to, and which further addresses of ours belong to it."""

    address: str
    label: str | Promise
    belong: tuple[str, ...] = ()


# One line a subject, in the order in which people need them.
TABS: Sequence[Tab] = (
    Tab("index", pgettext_lazy("tab of the exchange", "Inbox")),
    Tab("sent", pgettext_lazy("tab of the exchange", "Sent")),
    Tab("drafts", pgettext_lazy("tab of the exchange", "Drafts"), ("edit", "send", "delete")),
    Tab("owed", pgettext_lazy("tab of the exchange", "Owed"), ("obligation",)),
    Tab("rhythms", pgettext_lazy("tab of the exchange", "Standing duties"), ("rhythm",)),
    Tab(
        "groups",
        pgettext_lazy("tab of the exchange", "Groups"),
        ("group", "group_make", "group_edit", "group_end"),
    ),
    Tab("agreements", pgettext_lazy("tab of the exchange", "Agreements")),
    Tab("figures", pgettext_lazy("tab of the exchange", "Figures"), ("country_figures",)),
    Tab("purges", pgettext_lazy("tab of the exchange", "Deleted"), ("holds",)),
    Tab(
        "peers",
        gettext_lazy("Other platforms"),
        ("peer", "peer_introduce", "peer_change", "peer_add_body"),
    ),
    Tab("delivery", gettext_lazy("How I hear of items"), ("route", "route_add", "route_remove")),
)


@register.inclusion_tag("exchange/_tabs.html", takes_context=True)
def exchange_tabs(context: dict[str, Any]) -> dict[str, Any]:
    match = context["request"].resolver_match
    return {"tabs": list(_tabs(match.url_name if match else ""))}


def _tabs(here: str) -> Iterator[dict[str, Any]]:
    for tab in TABS:
        yield {
            "label": tab.label,
            "url": reverse(f"exchange:{tab.address}"),
            "is_current": here in {tab.address, *tab.belong},
        }
