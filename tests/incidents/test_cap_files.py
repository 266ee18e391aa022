"""What is written the official schema accepts; what is read is plainly an alert, or is refused."""

import datetime as dt
import re
from dataclasses import fields, replace
from decimal import Decimal

import pytest
import xmlschema
from cap_tools.models import Alert as OtherAlert
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.serializers import XmlSerializer

from tansiq.incidents.cap import shape
from tansiq.incidents.cap.checking import faults_of
from tansiq.incidents.cap.errors import CapError
from tansiq.incidents.cap.message import Area, Circle, Named, Reference, Resource
from tansiq.incidents.cap.reading import LARGEST, read_alert
from tansiq.incidents.cap.texts import Spelling
from tansiq.incidents.cap.values import Category, Kind, Response, Scope, Status
from tansiq.incidents.cap.writing import write_alert
from tests.incidents.alerts import (
    SENT,
    SQUARE,
    alert,
    alerts,
    info,
    is_valid,
    official_schema,
    official_text,
)

XML = "{http://www.w3.org/2001/XMLSchema}"


def reasons(problem):
    return {fault.where for fault in problem.value.faults}


def file_with(old, new):
    """Return the usual file with one thing in it changed; the change must hit."""
    text = write_alert(alert()).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


# --- There and back.


@given(alerts)
def test_what_is_written_is_valid_and_reads_as_it_was(some):
    content = write_alert(some)

    assert is_valid(content), official_schema().error_log
    assert read_alert(content) == some


def test_both_schema_processors_accept_the_usual_alert():
    schema = xmlschema.XMLSchema10(official_text().decode())

    assert schema.is_valid(write_alert(alert()).decode())


@given(alerts)
def test_another_program_reads_and_writes_the_same_alert(some):
    # The other program loses the sign of zones that lie hours and minutes west of Greenwich.
    content = re.sub(rb"(T[0-9:]{8})-([0-9]{2}:(?!00))", rb"\1+\2", write_alert(some))
    some = read_alert(content)

    theirs = XmlParser().from_bytes(content, OtherAlert)
    # It may also write UTC as Z, which CAP 1.2 does not allow.
    back = re.sub(rb"(T[0-9:]{8})Z", rb"\1-00:00", XmlSerializer().render(theirs).encode())

    assert theirs.identifier == some.identifier
    assert [each.event for each in theirs.infos] == [each.event for each in some.infos]
    assert is_valid(back)
    assert read_alert(back) == some


def test_utc_is_written_as_the_standard_demands():
    content = write_alert(alert(sent=dt.datetime(2026, 5, 14, 1, 30, tzinfo=dt.UTC)))

    assert b"<sent>2026-05-14T01:30:00-00:00</sent>" in content
    assert is_valid(content)


def test_arabic_stands_in_the_file_as_it_was_written():
    content = write_alert(alert(infos=(info("ar"),)))

    assert "<headline>ابتعدوا</headline>" in content.decode()


# --- The table is the schema's.


def test_the_table_has_the_elements_of_the_official_schema_in_its_order():
    root = official_schema_tree()
    declared = root.find(f"{XML}element")

    assert elements_of(shape.ALERT) == declared_elements(declared)


def official_schema_tree():
    return etree.XML(official_text())


def declared_elements(element):
    """Return (name, least, most, children) of what the schema declares inside the element."""
    found = []
    for child in element.findall(f"{XML}complexType/{XML}sequence/{XML}element"):
        name = child.get("name") or child.get("ref").removeprefix("cap:")
        least, most = child.get("minOccurs", "1"), child.get("maxOccurs", "1")
        found.append((name, least != "0", most == "unbounded", declared_elements(child)))
    return found


def elements_of(each):
    if isinstance(each, Spelling):
        return []
    return [(f.element, f.is_required, f.is_many, elements_of(f.holds)) for f in each.fields]


@pytest.mark.parametrize("each", [shape.ALERT, shape.INFO, shape.AREA, shape.RESOURCE, shape.NAMED])
def test_each_element_has_a_place_in_the_class_and_none_is_left_over(each):
    assert {f.name for f in each.fields} == {f.name for f in fields(each.makes)}


@pytest.mark.parametrize("choices", [Category, Kind, Response, Scope, Status])
def test_the_words_are_those_of_the_schema(choices):
    lists = [
        {each.get("value") for each in restriction.findall(f"{XML}enumeration")}
        for restriction in official_schema_tree().iter(f"{XML}restriction")
    ]

    assert set(choices.values) in lists


# --- What cannot be written.

BAD = {
    "identifier": alert(identifier="has a blank"),
    "sender": alert(sender="a,b"),
    "sent": alert(sent=SENT.replace(tzinfo=None)),
    "note": alert(note="bell \x07"),
    "references": alert(kind=Kind.UPDATE),
    "references[1]": alert(kind=Kind.CANCEL, references=(Reference("a b", "x", SENT),)),
    "restriction": alert(scope=Scope.RESTRICTED),
    "addresses": alert(scope=Scope.PRIVATE),
    "incidents": alert(incidents=('say "so"',)),
    "info[1]/event": alert(infos=(info(event=" "),)),
    "info[1]/category": alert(infos=(info(categories=()),)),
    "info[1]/language": alert(infos=(replace(info(), language="_x"),)),
    "info[1]/expires": alert(infos=(info(expires=SENT - dt.timedelta(minutes=1)),)),
    "info[1]/onset": alert(infos=(info(onset=SENT.replace(microsecond=5)),)),
    "info[1]/web": alert(infos=(info(web="not an address"),)),
    "info[1]/headline": alert(infos=(info(headline="\ud800"),)),
    "info[1]/description": alert(infos=(info(description="x" * 20_001),)),
    "info[1]/parameter[1]/value": alert(infos=(info(parameters=(Named("a", ""),)),)),
    "info[1]/resource[1]/mimeType": alert(infos=(info(resources=(Resource("a", "png"),)),)),
    "info[1]/resource[1]/digest": alert(
        infos=(info(resources=(Resource("a", "image/png", digest="x"),)),)
    ),
    "info[1]/resource[1]/size": alert(
        infos=(info(resources=(Resource("a", "image/png", size=-1),)),)
    ),
    "info[1]/area[1]/areaDesc": alert(infos=(info(areas=(Area(words=""),)),)),
    "info[1]/area[1]/ceiling": alert(infos=(info(areas=(Area("a", ceiling=Decimal(9)),)),)),
    "info[1]/area[1]/polygon[1]": alert(infos=(info(areas=(Area("a", polygons=(SQUARE[:3],)),)),)),
    "info[1]/area[1]/circle[1]": alert(
        infos=(info(areas=(Area("a", circles=(Circle(SQUARE[0], Decimal(-1)),)),)),)
    ),
    "info[1]": alert(infos=(info(areas=(Area("a", polygons=(SQUARE * 2501,)),)),)),
    "info": alert(infos=(info(),) * 201),
}


@pytest.mark.parametrize(("where", "bad"), BAD.items(), ids=BAD)
def test_what_the_standard_forbids_is_not_written(where, bad):
    with pytest.raises(CapError) as problem:
        write_alert(bad)

    assert reasons(problem) == {where}


@pytest.mark.parametrize(
    "ring",
    [
        (*SQUARE[:3], (Decimal(7), Decimal(124))),
        (SQUARE[0], (Decimal("90.1"), Decimal(0)), SQUARE[2], SQUARE[0]),
        (SQUARE[0], (Decimal(0), Decimal("-180.1")), SQUARE[2], SQUARE[0]),
        (SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]),
        (SQUARE[0], (Decimal("NaN"), Decimal(0)), SQUARE[2], SQUARE[0]),
        (SQUARE[0], (Decimal("Infinity"), Decimal(0)), SQUARE[2], SQUARE[0]),
    ],
    ids=["open", "too far north", "too far west", "a line", "nothing", "endless"],
)
def test_an_area_that_is_none_is_not_written(ring):
    some = alert(infos=(info(areas=(Area("a", polygons=(ring,)),)),))

    assert {fault.where for fault in faults_of(some)} == {"info[1]/area[1]/polygon[1]"}


# --- What is refused when it comes in.

REFUSED = {
    "nothing": b"",
    "no XML": b"hello",
    "cut off": write_alert(alert())[:-20],
    "too large": b" " * (LARGEST + 1),
    "another tongue": "<alert>é</alert>".encode("latin-1"),
    "declared otherwise": file_with("UTF-8", "UTF-16"),
    "sixteen bits": write_alert(alert()).decode().encode("utf-16"),
    "a type of its own": file_with("<alert", "<!DOCTYPE alert [<!ELEMENT alert ANY>]><alert"),
    "an entity bomb": file_with(
        "<alert",
        '<!DOCTYPE alert [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
        '<!ENTITY c "&b;&b;&b;&b;">]><alert',
    ).replace(b"Explosion", b"&c;"),
    "a file of ours": file_with(
        "<alert", '<!DOCTYPE alert [<!ENTITY x SYSTEM "/etc/hostname">]><alert'
    ).replace(b"Explosion", b"&x;"),
    "an address of ours": file_with(
        "<alert", '<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/x.dtd"><alert'
    ),
    "an unknown entity": file_with("Explosion", "&nothing;"),
    "deep": b"<alert>" * 300 + b"</alert>" * 300,
    "another namespace": file_with("urn:oasis:names:tc:emergency:cap:1.2", "urn:else"),
    "no namespace": file_with(' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', ""),
    "CAP 1.1": file_with("cap:1.2", "cap:1.1"),
    "CAP 1.0": file_with("urn:oasis:names:tc:emergency:cap:1.2", "http://www.incident.com/cap/1.0"),
    "another root": file_with("<alert", "<warning").replace(b"</alert", b"</warning"),
    "a stranger": file_with("<event>", "<score>9</score><event>"),
    "a stranger in words": file_with("Explosion", "Explosion<b>!</b>"),
    "an attribute": file_with("<event>", '<event kind="x">'),
    "an attribute on top": file_with("<alert", '<alert kind="x"'),
    "a type by instance": file_with(
        "<event>",
        '<event xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true">',
    ),
    "loose words": file_with("<event>", "loose<event>"),
    "loose words first": file_with("<identifier>", "loose<identifier>"),
    "another order": file_with("<scope>Public</scope>", "").replace(
        b"<status>", b"<scope>Public</scope><status>"
    ),
    "no sender": file_with("<sender>city@sample.example</sender>", ""),
    "an empty sender": file_with("city@sample.example", ""),
    "two senders": file_with("<sender>", "<sender>x</sender><sender>"),
    "a date with Z": file_with("09:30:00+08:00", "09:30:00Z"),
    "a date with fractions": file_with("09:30:00+08:00", "09:30:00.5+08:00"),
    "a date without zone": file_with("09:30:00+08:00", "09:30:00"),
    "a thirtieth of February": file_with("2026-05-14T09:30", "2026-02-30T09:30"),
    "a zone out of this world": file_with("09:30:00+08:00", "09:30:00+15:00"),
    "an end before the beginning": file_with("2026-05-14T15:30", "2025-05-14T15:30"),
    "an unknown status": file_with("Actual", "Real"),
    "a status with blanks": file_with("Actual", " Actual"),
    "an unknown category": file_with(">Security<", ">Terror<"),
    "no category": file_with("<category>Security</category>", ""),
    "no language": file_with("<language>en</language>", "<language></language>"),
    "an update of nothing": file_with("<msgType>Alert", "<msgType>Update"),
    "a bad reference": file_with("<msgType>Alert", "<msgType>Update").replace(
        b"</scope>", b"</scope><references>a,b</references>"
    ),
    "an open quotation": file_with("</scope>", '</scope><incidents>"a b</incidents>'),
    "an open ring": file_with("7.2,124.2 7.3,124.2", "7.2,124.2 7.2,124.2 7.25,124.2").replace(
        b" 7.2,124.2<", b" 7.21,124.2<"
    ),
    "no ring": file_with("7.2,124.2 7.3", "here there 7.3"),
    "a point in Arabic digits": file_with("7.2,124.2", "٧.٢,124.2"),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_alert_is_refused_with_a_sentence(content):
    with pytest.raises(CapError) as problem:
        read_alert(content)

    assert str(problem.value)[-1] in ".0"
    assert problem.value.faults


def test_the_file_before_it_was_spoilt_is_read():
    assert read_alert(write_alert(alert())) == alert()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "<alert",
            '<alert xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="a b"',
        ),
        ("<event>", "<!-- a remark --><event>"),
        ("2026-05-14T09:30:00+08:00<", " 2026-05-14T09:30:00+08:00\n<"),
        ("<?xml version='1.0' encoding='UTF-8'?>", "\ufeff"),
    ],
    ids=["a hint of the schema", "a remark", "blanks around a date", "a mark of order"],
)
def test_what_does_no_harm_is_taken(old, new):
    content = file_with(old, new)

    assert read_alert(content) == alert()


def test_a_remark_cannot_split_a_text():
    content = file_with("city@sample.example", "city@sample.example<!-- -->.evil")

    assert read_alert(content).sender == "city@sample.example.evil"


def test_an_unsaid_language_is_the_one_of_the_standard():
    assert read_alert(file_with("<language>en</language>", "")).infos[0].language == "en-US"


# --- Spoilt files: nothing but CapError comes out, and what passes the schema would pass, too.


@given(alerts, st.data())
def test_a_spoilt_file_is_refused_or_valid(some, data):
    content = bytearray(write_alert(some))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.binary(max_size=3)
            | st.sampled_from(
                [b"<", b"&", b"</info>", b"]]>", b"\x00", b"<x/>", b" ", b"&#0;", b"&#13;"]
            )
        )
        content[place : place + data.draw(st.integers(0, 30))] = piece

    try:
        read_alert(bytes(content))
    except CapError:
        return
    assert is_valid(bytes(content)), official_schema().error_log


@given(alerts, st.data())
def test_a_file_with_elements_moved_is_refused_or_valid(some, data):
    root = etree.fromstring(write_alert(some))
    elements = list(root.iter())[1:]
    moved, to = data.draw(st.sampled_from(elements)), data.draw(st.sampled_from([root, *elements]))
    what = data.draw(st.sampled_from(["move", "drop", "empty", "double"]))
    if what == "move" and to not in set(moved.iter()):
        to.append(moved)
    elif what == "empty":
        moved.text = None
    elif what == "double":
        moved.addnext(etree.fromstring(etree.tostring(moved, with_tail=False)))
    else:
        moved.getparent().remove(moved)
    content = etree.tostring(root, encoding="utf-8")

    try:
        read_alert(content)
    except CapError:
        return
    assert is_valid(content), official_schema().error_log


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_sentence(content):
    with pytest.raises(CapError):
        read_alert(content)


@given(st.text(max_size=60))
def test_any_address_that_is_taken_the_schema_takes_too(text):
    some = alert(infos=(info(web="https://a.example/" + text),))
    if not list(faults_of(some)):
        assert is_valid(write_alert(some))
