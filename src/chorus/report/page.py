"""The page: one HTML file that needs nothing but itself."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from chorus.picture import ALL_POSTS, Picture
from chorus.report import duties, sections
from chorus.report.sayings import HOSTILITY_KEY, NEED_KEYS, SOLIDARITY_KEYS, Sayings, ranked
from chorus.report.wording import OWN_NAMES, Words


def page(picture: Picture, language: str, *, languages: Sequence[str] = ()) -> str:
    """Return the report as one HTML page in a language; `languages` stand beside it as files.

    Raises LanguageError for a language the report does not speak.
    """
    words = Words(language, picture.incident.zone)
    say = Sayings(picture, words)
    others = [(code, OWN_NAMES[code]) for code in languages if code != language]
    lead = _leads(say)
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            picture=picture,
            words=words,
            say=say,
            sections=sections,
            style=Markup(_text("report.css")),  # noqa: S704 -- our own stylesheet
            others=others,
            duties=duties,
            all_posts=ALL_POSTS,
            need_keys=NEED_KEYS,
            solidarity_keys=SOLIDARITY_KEYS,
            hostility_key=HOSTILITY_KEY,
            **lead,
        )
    )


def _leads(say: Sayings) -> dict[str, str]:
    """Return the one sentence that tops needs and solidarity."""
    picture, words = say.picture, say.words
    needs = ranked(picture.needs.cells, NEED_KEYS)
    kinds = ranked(picture.solidarity.cells)
    if not needs:
        need = words("needs.none")
    elif needs[0].posts is None:
        need = words("needs.hidden", k=picture.settings.k)
    else:
        need = words("needs.lead", need=say.label(needs[0].label), count=needs[0].posts)
    if kinds and kinds[0].posts is not None:
        kind = words("solidarity.lead", kind=say.label(kinds[0].label), count=kinds[0].posts)
    else:
        kind = words("solidarity.none")
    return {"need_lead": need, "solidarity_lead": kind}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _text(name: str) -> str:
    return files("chorus.report").joinpath("layout", name).read_text("utf-8")
