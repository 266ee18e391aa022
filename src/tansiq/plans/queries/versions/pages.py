"""What the pages about versions show."""

from dataclasses import dataclass
from typing import Any

from tansiq.access.actor import Actor
from tansiq.plans.models import Amendment, Contribution, Plan, Version
from tansiq.plans.queries.versions.content import is_intact, read
from tansiq.plans.queries.versions.diff import amended, differences
from tansiq.plans.queries.versions.reading import Comparison, compare, sentence_of


@dataclass(frozen=True)
class VersionLine:
    """One version in the list: what it changed, and whether it is what was kept."""

    version: Version
    sentence: str
    is_intact: bool
    before: int | None


def lines_of(actor: Actor, plan: Plan) -> list[VersionLine]:
    """Return all versions of a plan, the newest first. One query."""
    versions = list(Version.objects.visible_to(actor).filter(plan=plan).order_by("number"))
    lines = []
    previous: Version | None = None
    for version in versions:
        version.plan = plan
        sentence = ""
        if previous is not None:
            sentence = sentence_of(differences(read(previous.content), read(version.content)))
        before = previous.number if previous else None
        lines.append(VersionLine(version, sentence, is_intact(version), before))
        previous = version
    return lines[::-1]


def comparison_of(actor: Actor, before: Version, after: Version) -> Comparison:
    """Return what differs between two versions; who proposed it, for whom may see that."""
    old, new = read(before.content), read(after.content)
    span = Contribution.objects.visible_to(actor).filter(
        amendment__version__plan=after.plan_id,
        amendment__version__number__gt=before.number,
        amendment__version__number__lte=after.number,
    )
    return compare(old, new, differences(old, new), proposers=proposers_of(span))


def draft_comparison(actor: Actor, amendment: Amendment) -> Comparison:
    """Return what an amendment changes so far."""
    old, new = read(amendment.base.content), read(amendment.content)
    own = Contribution.objects.visible_to(actor).filter(amendment=amendment)
    return compare(old, new, amended(old, new), proposers=proposers_of(own))


def proposers_of(contributions: Any) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    rows = contributions.select_related("proposal__place").order_by("pk")
    for one in rows:
        names = found.setdefault((one.kind, one.key), [])
        name = str(one.proposal.place)
        if name not in names:
            names.append(name)
    return found


def latest_of(actor: Actor, plan: Plan) -> Version | None:
    """Return the version in force, without its text."""
    seen = Version.objects.visible_to(actor).without_content().filter(plan=plan)
    return seen.order_by("-number").first()


def parts_to_link(amendment: Amendment) -> list[tuple[str, str]]:
    """Return the parts of a draft that a proposal may have changed: first those that differ."""
    base, content = read(amendment.base.content), read(amendment.content)
    changed = [one for one in amended(base, content) if one.kind != "milestones"]
    first = [(f"{one.kind}/{one.key}", _named(one.part)) for one in changed]
    rest = [
        (f"{kind}/{part['key']}", _named(part))
        for kind in ("pillars", "objectives", "actions", "indicators")
        for part in content[kind]
    ]
    known = {key for key, _words in first}
    return [*first, *(row for row in rest if row[0] not in known)]


def _named(part: dict[str, Any]) -> str:
    return f"{part.get('code', '')} {part.get('title', '')}".strip()
