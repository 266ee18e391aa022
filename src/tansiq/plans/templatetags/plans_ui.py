"""Words about plans and periods in templates, and addresses that depend on what there is."""

from django import template
from django.utils.translation import get_language

from tansiq.core import formats
from tansiq.plans.models import Period, Plan
from tansiq.plans.queries import wording
from tansiq.plans.queries.desk.items import report_url as url_of
from tansiq.plans.queries.reporting import OwedReport

register = template.Library()


@register.filter
def period_name(period: Period) -> str:
    """Write "January–June 2026"."""
    return wording.period_name(period)


@register.filter
def plan_name(plan: Plan) -> str:
    """Write the short title of a plan where there is one."""
    return wording.plan_name(plan)


@register.filter
def percent_of_100(share: int) -> str:
    """Write 60 as "60%"."""
    return formats.percent(share / 100, get_language() or "en")


@register.simple_tag
def report_url(owed: OwedReport) -> str:
    """Give the address where an owed report is written, begun or not."""
    return url_of(owed)
