"""Countries of any size, made quickly: places, bodies, a national plan."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Person, Place, PlaceLink
from tansiq.plans.models import (
    Action,
    Indicator,
    Objective,
    Period,
    Pillar,
    Plan,
    PlanStatus,
)

BATCH = 900
SYSTEM = Actor.system("benchmark")
AT = dt.datetime(2026, 7, 10, 9, tzinfo=dt.UTC)


@dataclass
class Country:
    root: Place
    levels: list[list[Place]]
    body: Organisation
    plan: Plan
    indicators: list[Indicator]
    officer: Person
    actor: Actor


def make_country(code: str, widths: list[int], *, kinds: list[str], periods: int = 1) -> Country:
    """Make a country whose level n has `widths[n - 1]` places in all, spread evenly."""
    root = Place.objects.create(
        code=code, country_code=code, level=0, kind="country", name=code.upper()
    )
    PlaceLink.objects.create(ancestor=root, place=root, depth=0)
    chains: dict[int, list[int]] = {root.pk: [root.pk]}
    levels = [[root]]
    for level, (width, kind) in enumerate(zip(widths, kinds, strict=True), start=1):
        parents = levels[-1]
        rows = [
            Place(
                code=f"{code}-{level}-{n}",
                parent=parents[n * len(parents) // width],
                country_code=code,
                level=level,
                kind=kind,
                name=f"{kind} {n}",
            )
            for n in range(width)
        ]
        Place.objects.bulk_create(rows, batch_size=BATCH)
        links = []
        for place in rows:
            chain = [place.pk, *chains[place.parent_id]]
            chains[place.pk] = chain
            links += [
                PlaceLink(place_id=place.pk, ancestor_id=above, depth=depth)
                for depth, above in enumerate(chain)
            ]
        PlaceLink.objects.bulk_create(links, batch_size=5000)
        levels.append(rows)
    body = _lead(root, "national_body")
    plan, indicators = _plan(root, body, periods)
    officer = Person.objects.create_user(f"officer@{code}.example.org", "benchmark", name="Officer")
    officer.memberships.create(
        organisation=body, role=Role.LEAD, starts_on=dt.date(2020, 1, 1), consented_at=AT
    )
    actor = Actor(officer.pk, frozenset({(body.pk, Role.LEAD)}), frozenset({code}))
    return Country(root, levels, body, plan, indicators, officer, actor)


def _lead(place: Place, kind: str) -> Organisation:
    return Organisation.objects.create(
        slug=f"lead-{place.code}",
        name=f"Lead of {place.name}",
        kind=kind,
        place=place,
        country_code=place.country_code,
        is_lead_of_place=True,
    )


def give_leads(places: list[Place], kind: str) -> list[Organisation]:
    """Give each place an organisation that speaks for it."""
    rows = [
        Organisation(
            slug=f"lead-{p.code}",
            name=f"Lead of {p.name}",
            kind=kind,
            place=p,
            country_code=p.country_code,
            is_lead_of_place=True,
        )
        for p in places
    ]
    return Organisation.objects.bulk_create(rows, batch_size=BATCH)


def _plan(root: Place, body: Organisation, periods: int) -> tuple[Plan, list[Indicator]]:
    plan = Plan.objects.create(
        owner=body,
        marking="green",
        slug="nap",
        country=root,
        place=root,
        kind="national",
        title="National action plan",
        language="en",
        legal_instrument="Regulation 1/2021",
        starts_on=dt.date(2022, 1, 1),
        ends_on=dt.date(2026, 12, 31),
        status=PlanStatus.ADOPTED,
    )
    number = 0
    for p in range(3):
        pillar = Pillar.objects.create(plan=plan, code=f"{p + 1}", title=f"Pillar {p + 1}")
        for o in range(3):
            objective = Objective.objects.create(
                plan=plan, pillar=pillar, code=f"{p + 1}.{o + 1}", title=f"Objective {o + 1}"
            )
            for a in range(2):
                number += 1
                Action.objects.create(
                    plan=plan,
                    objective=objective,
                    code=f"{p + 1}.{o + 1}.{a + 1}",
                    title=f"Action {number}",
                    local_role="The city takes part.",
                    position=number,
                )
    for d in range(4):
        Action.objects.create(
            plan=plan,
            objective=objective,
            code=f"D{d}",
            title=f"Duty {d}",
            kind="duty",
            ends_on=dt.date(2026, 12, 1),
        )
    rules = ["sum", "sum", "sum", "sum", "mean", "weighted", "latest", "places", "sum", "mean"]
    indicators = [
        Indicator.objects.create(
            plan=plan, code=f"I{n}", title=f"Indicator {n}", rule=rule, position=n
        )
        for n, rule in enumerate(rules)
    ]
    for n in range(periods):
        year, half = 2022 + n // 2, n % 2
        starts, ends = ((1, 1), (6, 30)) if half == 0 else ((7, 1), (12, 31))
        due = dt.date(year, *ends) + dt.timedelta(days=30)
        Period.objects.create(
            plan=plan, starts_on=dt.date(year, *starts), ends_on=dt.date(year, *ends), due_on=due
        )
    return plan, indicators


ONE = Decimal(1)
