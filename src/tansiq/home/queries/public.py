"""What a passer-by sees: the countries with published plans."""

from collections import defaultdict
from dataclasses import dataclass

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.core.translations import show
from tansiq.plans.models import Plan


@dataclass(frozen=True)
class CountryPlans:
    country: Place
    plans: list[Plan]


def published_plans(actor: Actor) -> list[CountryPlans]:
    """Return the national plans this actor may read, by country."""
    plans = Plan.objects.visible_to(actor).national().with_progress().select_related("country")
    by_language: dict[str, list[Plan]] = defaultdict(list)
    by_country: dict[Place, list[Plan]] = defaultdict(list)
    for plan in plans.order_by("country__name", "-starts_on", "pk"):
        by_language[plan.language].append(plan)
        by_country[plan.country].append(plan)
    for language, written in by_language.items():
        show(written, "title", "summary", written_in=language)
    return [CountryPlans(country, rows) for country, rows in by_country.items()]
