"""Tags of the pages about versions."""

from typing import Any

from django import template

from tansiq.plans.models import ActionKind

register = template.Library()
_SLUGS = {
    "plan": "plan",
    "pillars": "pillar",
    "objectives": "objective",
    "milestones": "milestone",
    "indicators": "indicator",
}


@register.simple_tag
def draft_slug(kind: str, part: dict[str, Any]) -> str:
    """Give the word by which the address of a draft calls this part; none for money."""
    if kind == "actions":
        return "duty" if part.get("kind") == ActionKind.DUTY else "action"
    return _SLUGS.get(kind, "")
