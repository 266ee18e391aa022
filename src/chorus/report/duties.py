"""What asks for a decision now, and what could be done with hashtags, as sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from chorus.picture import (
    AMPLIFY,
    CALL_COMMUNITIES,
    CHECK_CLAIM,
    CRITICISM,
    RIVAL,
    Advice,
    ClaimRow,
)
from chorus.report.sayings import HOSTILITY_KEY, NEED_KEYS, Sayings, ranked

_CLAIMS_FIRST, _DUTIES = 2, 4


@dataclass(frozen=True)
class Duty:
    """One thing to do first: how pressing, the words, and the part of the page that shows why."""

    tone: str
    text: str
    href: str


def duties(say: Sayings) -> list[Duty]:
    """Return what asks for a decision, the most pressing first, at most four."""
    advice = say.picture.advice
    found = _claims_due(say)
    found += [_call(one, say) for one in _of(advice, CALL_COMMUNITIES)[:1]]
    needs = ranked(say.picture.needs.cells, NEED_KEYS)
    if needs and not needs[0].is_hidden:
        words = say.words(
            "do.need", need=say.label(needs[0].label), posts=say.posts(needs[0].posts)
        )
        found.append(Duty("on", words, "#needs"))
    for code in (RIVAL, AMPLIFY):
        found += [_about_tags(one, say) for one in _of(advice, code)[:1]]
    return found[:_DUTIES]


def _of(advice: Iterable[Advice], code: str) -> list[Advice]:
    return [one for one in advice if one.code == code]


def _claims_due(say: Sayings) -> list[Duty]:
    claims = {claim.number: claim for claim in say.picture.claims}
    due = [claims[one.claim] for one in _of(say.picture.advice, CHECK_CLAIM) if one.claim in claims]
    found = []
    for claim in sorted(due, key=lambda claim: (claim.due_at, claim.number))[:_CLAIMS_FIRST]:
        late = is_late(claim, say)
        words = say.words(
            "do.claim_late" if late else "do.claim",
            number=claim.number,
            harm=say.harm(claim),
            at=say.due(claim.due_at),
            posts=say.posts(claim.posts),
        )
        found.append(Duty("late" if late else "risk", words, f"#claim-{claim.number}"))
    return found


def is_late(claim: ClaimRow, say: Sayings) -> bool:
    """Return whether the clock of a claim had run out when the picture was made."""
    return claim.due_at < say.picture.made_at


def _call(one: Advice, say: Sayings) -> Duty:
    ratio = dict(one.figures).get("ratio", 0.0)
    values = {"ratio": float(ratio), "target": say.label(one.label or HOSTILITY_KEY)}
    words = (
        say.words("do.call", **values)
        if one.place is None
        else say.words("do.call_place", place=say.place(one.place), **values)
    )
    return Duty("late", words, "#hostility")


def _about_tags(one: Advice, say: Sayings) -> Duty:
    key = "do.rival" if one.code == RIVAL else "do.amplify"
    return Duty("on", say.words(key, **_tags_of(one)), "#solidarity")


def _tags_of(one: Advice) -> dict[str, str]:
    # The sign stands inside, or a text from right to left would tear it off.
    first, latest = (one.tags[0], one.tags[-1]) if one.tags else ("", "")
    return {"tag": f"#{first}", "late": f"#{latest}"}


def tag_advice(say: Sayings) -> list[Duty]:
    """Return what could be done with hashtags, as sentences."""
    tones = {RIVAL: "risk", AMPLIFY: "done", CRITICISM: "calm"}
    return [
        Duty(tone, say.words(f"solidarity.{code}", **_tags_of(one)), "")
        for code, tone in tones.items()
        for one in _of(say.picture.advice, code)
    ]
