"""Sentences that more than one section of the report says."""

from collections.abc import Sequence

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.models.places import PlaceKind
from tansiq.core import charts, formats
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.telling import Teller


def reported_sentence(teller: Teller) -> str:
    """Say how many places have reported."""
    reporting = teller.data["reporting"]
    said = ngettext(
        "%(n)s of %(all)s places has reported for this period; %(accepted)s accepted.",
        "%(n)s of %(all)s places have reported for this period; %(accepted)s accepted.",
        reporting["reported"],
    )
    counts = {"n": reporting["reported"], "all": reporting["expected"]}
    counts["accepted"] = reporting["accepted"]
    return said % {key: teller.number(one) for key, one in counts.items()} + teller.note("reports")


def progress_sentences(teller: Teller) -> list[str]:
    """Say how many actions are done, under way and late."""
    total = teller.data["progress"]["total"]
    whole = sum(total.values())
    if not whole:
        return [_("The plan has no actions yet.")]
    under_way = total["on_track"] + total["at_risk"]
    said = ngettext(
        "%(done)s of %(all)s action is done, %(under_way)s under way, %(late)s late.",
        "%(done)s of %(all)s actions are done, %(under_way)s under way, %(late)s late.",
        whole,
    )
    counts = {"done": total["done"], "all": whole, "under_way": under_way, "late": total["late"]}
    written = {key: teller.number(one) for key, one in counts.items()}
    return [said % written + teller.note("progress")]


def coverage_sentence(teller: Teller, level: Data) -> str:
    """Say how many places of a level answer every objective."""
    said = ngettext(
        "%(n)s of %(all)s places answers every objective (%(kinds)s).",
        "%(n)s of %(all)s places answer every objective (%(kinds)s).",
        level["complete"],
    )
    return said % {
        "n": teller.number(level["complete"]),
        "all": teller.number(level["places"]),
        "kinds": kinds_of(level),
    } + teller.note("coverage")


def kinds_of(level: Data) -> str:
    """Name the kinds of places of a level."""
    return formats.comma(get_language() or "en").join(kind_word(kind) for kind in level["kinds"])


def kind_word(kind: str) -> str:
    """Return the word for a kind of place."""
    return str(PlaceKind(kind).label)


def owed_sentence(teller: Teller) -> str:
    """Say what is late, in both directions."""
    reporting, answers = teller.data["reporting"], teller.data["answers"]
    said = _(
        "Late in both directions: reports that places owe us: %(reports)s; answers that we owe "
        "places: %(answers)s; what we promised them: %(duties)s."
    )
    duties = sum(row["late"] for row in teller.data["duties"])
    counts = {"reports": reporting["late"], "answers": answers["late"], "duties": duties}
    return said % {key: teller.number(one) for key, one in counts.items()} + teller.note("duties")


def in_words(title: str, items: Sequence[charts.Item], teller: Teller) -> str:
    """Say a drawing for those who do not see it."""
    parts = "; ".join(f"{one.label}: {teller.number(one.value)}" for one in items)
    return f"{title} {parts}"
