"""What is made up on top of real plans, and the line that says so."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.models import TranslationStatus
from tansiq.core.translations import remember
from tansiq.home.demo.content import Words
from tansiq.plans.actions.duties import months_later
from tansiq.plans.models import Fact, Plan, PlanStatus
from tansiq.plans.seeds import PlanSeed

# In all languages, on the page of every real plan of the demo.
INVENTED: Words = {
    "en": "In this demonstration, everything below the facts is invented: how actions stand, local "
    "plans, reports, figures, activities, people and bodies marked “demo”.",
    "id": "Dalam peragaan ini, semua di luar fakta adalah rekaan: status aksi, rencana daerah, "
    "laporan, angka, kegiatan, orang, dan lembaga bertanda “peragaan”.",
    "ms": "Dalam demonstrasi ini, semua selain fakta adalah rekaan: status tindakan, pelan "
    "tempatan, laporan, angka, aktiviti, orang dan badan bertanda “demo”.",
    "fil": "Sa demonstrasyong ito, kathang-isip ang lahat maliban sa mga katotohanan: kalagayan ng "
    "mga pagkilos, lokal na plano, ulat, bilang, gawain, tao at mga lupong may tatak na “demo”.",
    "fr": "Dans cette démonstration, tout est inventé hormis les faits : état des actions, plans "
    "locaux, rapports, chiffres, activités, personnes et organismes marqués « démo ».",
    "ar": "في هذا العرض التجريبي كل ما عدا الوقائع مختلق: حالة الأنشطة والخطط المحلية والتقارير "
    "والأرقام والأنشطة والأشخاص والهيئات الموسومة بكلمة «تجريبي».",
}


def say_what_is_invented(plan: Plan, *, by: Actor, at: datetime) -> None:
    """Put a line among the facts of a real plan that says what the demo made up."""
    text = INVENTED[plan.language]
    fact = Fact(plan=plan, code="demo", title=text, position=999)
    fact.save(force_insert=True)
    record(by, "plans.add_fact", fact, at=at)
    rows = [(text, one, words) for one, words in INVENTED.items() if words != text]
    remember(rows, status=TranslationStatus.TEAM)


def invented(seed: PlanSeed, *, slug: str, titles: Words, shorts: Words, first: int) -> PlanSeed:
    """Return a made-up continuation of a plan, five years from the first one given."""
    starts_on, ends_on = date(first, 1, 1), date(first + 4, 12, 31)

    def move(day: date) -> date:
        years = first - 2022
        return min(max(months_later(day, 12 * years), starts_on), ends_on)

    actions = tuple(
        replace(
            action,
            certainty="own",
            source="",
            local_role_certainty="own",
            period_certainty="",
            starts_on=move(action.starts_on) if action.starts_on else None,
            ends_on=move(action.ends_on) if action.ends_on else None,
        )
        for action in seed.actions
    )
    own: dict[str, Any] = {"certainty": "own", "source": ""}
    return replace(
        seed,
        **own,
        slug=slug,
        title=titles,
        short_title=shorts[seed.language],
        period_certainty="own",
        starts_on=starts_on,
        ends_on=ends_on,
        status=PlanStatus.UNDER_WAY,
        languages=("id", "en"),
        legal_instrument={},
        facts=(),
        stages=(),
        actions=actions,
        pillars=tuple(replace(one, **own) for one in seed.pillars),
        objectives=tuple(replace(one, **own) for one in seed.objectives),
        duties=tuple(replace(one, **own) for one in seed.duties),
        indicators=tuple(replace(one, **own) for one in seed.indicators),
        milestones=tuple(
            replace(one, **own, due_on=move(one.due_on), reached_on=None) for one in seed.milestones
        ),
    )
