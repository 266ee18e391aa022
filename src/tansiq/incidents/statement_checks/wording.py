"""What a finding says to people, with the way out."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tansiq.core import formats
from tansiq.incidents.statement_checks.draft import Finding

_SENTENCES: dict[str, Any] = {
    "no_text": _("There is no text yet."),
    "language_missing": _("The text in this language is missing."),
    "no_next_update": _("It does not say when the next update comes. Promise a time."),
    "corrects_nothing": _("Say which statement it corrects."),
    "no_helpline": _("No number for help is in it."),
    "no_source": _("It does not say who confirms it."),
    "person_named": _("“%(quote)s” is named. Private persons are not named."),
    "person_maybe": _("Is “%(quote)s” a person? Private persons are not named."),
    "community_blamed": _(
        "“%(quote)s” links a community to the act. Say what happened, not who people are."
    ),
    "community_near": _("A community is named (“%(quote)s”). Can it be read as blame?"),
    "forces_tactics": _("“%(quote)s” tells where forces are or what they will do."),
    "forces_sights": _("“%(quote)s”: does the public need this, or only an attacker?"),
    "number_unconfirmed": _(
        "“%(quote)s”: no confirmed fact on the board has this number of people harmed."
    ),
    "number_vague": _("“%(quote)s”: a vague number of people harmed is read as a number."),
    "motive": _("“%(quote)s” speaks of why. In the first hour nobody knows."),
    "early_clear": _("“%(quote)s” says that it is over. Only police can say so."),
    "shows_victims": _("Pictures of people who were harmed do not go out. Take them out."),
    "fact_withdrawn": _("It rests on a fact that was withdrawn: “%(quote)s”"),
    "fact_unconfirmed": _("It rests on a fact that nobody has confirmed: “%(quote)s”"),
    "blank_left": _("“%(quote)s” is still to be filled in."),
    "too_long": _("As a text message it has %(length)s characters; %(most)s fit into one."),
    "numbers_differ": _("“%(quote)s” stands only here. Do the languages say the same?"),
}


def sentence_of(finding: Finding, language: str) -> str:
    """Return the finding as a sentence in the active language; numbers as `language` writes."""
    facts = {name: formats.digits(value, language) for name, value in finding.facts.items()}
    return str(_SENTENCES[finding.code]) % {"quote": finding.quote, **facts}


def codes() -> list[str]:
    return sorted(_SENTENCES)
