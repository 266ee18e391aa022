"""Who may read a report of the nation, and what may therefore stand in it."""

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Marking, Organisation, Shared
from tansiq.plans.models import NationalReport, Report
from tansiq.plans.queries.national.canonical import Data

_STRICTNESS = {str(one): place for place, one in enumerate(Marking.values)}


def reader_for(owner: Organisation) -> Actor:
    """Return who reads for the report: a member of its owner, and nothing more.

    Not the person who asks: what they see as members of another body does not belong in it.
    """
    return Actor(
        roles=frozenset({(owner.pk, Role.VIEWER)}), countries=frozenset({owner.country_code})
    )


def audience_of(report: NationalReport) -> Data:
    """Return who may read it now, as it is kept with the figures."""
    named = report.named_organisations.values_list("pk", flat=True)
    handed = report.handed_on_to.values_list("pk", flat=True)
    return {
        "marking": str(report.marking),
        "hub": report.is_hub_wide,
        "others": sorted({*named, *handed}),
    }


def still_fits(audience: Data, report: NationalReport) -> bool:
    """Return whether nobody may read it now for whom these figures were not gathered."""
    now = audience_of(report)
    looser = _STRICTNESS[now["marking"]] < _STRICTNESS[audience["marking"]]
    more = not set(now["others"]) <= set(audience["others"])
    return not (looser or more or (now["hub"] and not audience["hub"]))


def shows_places(audience: Data) -> bool:
    """Return whether it may say of each place whether it reported; elsewhere only how many."""
    return _STRICTNESS[audience["marking"]] >= _STRICTNESS[str(Marking.AMBER)]


def may_be_quoted(source: Report, audience: Data, owner: Organisation) -> bool:
    """Return whether everybody who may read the report of the nation may read this one, too."""
    if not may_be_counted(source, audience):
        return False
    if audience["marking"] in {Marking.CLEAR, Marking.GREEN}:
        return source.is_hub_wide or not audience["hub"]
    known = {one.pk for one in source.named_organisations.all()} | {source.owner_id, owner.pk}
    return set(audience["others"]) <= known


def may_be_counted(thing: Shared, audience: Data) -> bool:
    """Return whether a thing is marked no more strictly than what it would stand in."""
    return _STRICTNESS[thing.marking] <= _STRICTNESS[audience["marking"]] and not thing.is_red
