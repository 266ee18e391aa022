"""An alert from a file of anybody. Whatever is not plainly an alert by CAP 1.2 is refused whole."""

import re
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from tansiq.incidents.cap.checking import check_alert
from tansiq.incidents.cap.errors import CapError, Fault
from tansiq.incidents.cap.message import Alert
from tansiq.incidents.cap.shape import ALERT, NAMESPACE, Field, Shape
from tansiq.incidents.cap.texts import BLANKS

LARGEST = 1_000_000
_ELDER = re.compile(r"http://www\.incident\.com/cap/|urn:oasis:names:tc:emergency:cap:1\.[01]$")
_DECLARED = re.compile(r"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
_KNOWN_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}
_HINTS = "{http://www.w3.org/2001/XMLSchema-instance}"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"


def read_alert(content: bytes) -> Alert:
    """Return the alert of a file. Raises CapError, and nothing else, with what is wrong."""
    alert: Alert = _made(parsed(content), ALERT, "")
    check_alert(alert)
    return alert


def parsed(content: bytes) -> etree._Element:
    """Return the root of a file that is an alert by its name, with nothing fetched or expanded."""
    root = tree_of(content)
    _check_root(root)
    return root


def tree_of(content: bytes) -> etree._Element:
    """Return the root of an XML file of anybody; nothing in it is fetched or expanded."""
    text = _decoded(content)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise CapError(_("The file declares entities of its own. Such files are not read."))
    # Explanations and instructions to programs are left out, so that they split no text.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as problem:
        told = _("This is no XML file: line %(line)s cannot be read.")
        raise CapError(told % {"line": problem.lineno or 1}) from None
    return root


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise CapError(_("The file is larger than 1 MB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CapError(
            _("The file is not written in UTF-8. Ask its sender for one that is.")
        ) from (None)
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in _KNOWN_ENCODINGS:
        raise CapError(_("The file is not written in UTF-8. Ask its sender for one that is."))
    return text


def _check_root(root: etree._Element) -> None:
    name = etree.QName(root)
    if _ELDER.match(name.namespace or ""):
        raise CapError(_("The file is of an older CAP. Ask its sender for CAP 1.2."))
    if root.getroottree().docinfo.internalDTD is not None or root.tag != f"{{{NAMESPACE}}}alert":
        raise CapError(_("The file is no alert by CAP 1.2."))


def _made(element: etree._Element, shape: Shape, path: str) -> Any:
    """Return what the shape makes of the element, whose children must stand in its order."""
    _check_bare(element, path)
    children = _grouped(element, shape, path)
    found: dict[str, Any] = {}
    for field in shape.fields:
        here = children.pop(field.element, [])
        if field.is_required and not here:
            raise CapError([Fault(path + field.element, _("This is missing."))])
        if len(here) > 1 and not field.is_many:
            raise CapError([Fault(path + field.element, _("This stands here twice."))])
        read = [
            _value(each, field, path + field.element + (f"[{number}]" if field.is_many else ""))
            for number, each in enumerate(here, start=1)
        ]
        if field.is_many:
            found[field.name] = tuple(read)
        elif read:
            found[field.name] = read[0]
    return shape.makes(**found)


def _check_bare(element: etree._Element, path: str) -> None:
    """Allow the hint where the schema lies on the first element, and no other attribute."""
    odd = [name for name in element.attrib if path or not str(name).startswith(f"{_HINTS}schema")]
    if odd or (element.text or "").strip(BLANKS):
        raise CapError([Fault(path.rstrip("/"), _("Something stands here that no alert has."))])


def _grouped(element: etree._Element, shape: Shape, path: str) -> dict[str, list[etree._Element]]:
    """Return the children by name. Refuses strangers, wrong order, and text between them."""
    order = {field.element: place for place, field in enumerate(shape.fields)}
    groups: dict[str, list[etree._Element]] = {}
    latest = 0
    for child in element:
        if shape is ALERT and str(child.tag).startswith(_SIGNATURE):
            latest = len(order)
            continue
        name = etree.QName(child)
        place = order.get(name.localname, -1) if name.namespace == NAMESPACE else -1
        if place < latest or (child.tail or "").strip(BLANKS):
            where = path + name.localname[:40]
            raise CapError([Fault(where, _("Something stands here that no alert has."))])
        latest = place
        groups.setdefault(name.localname, []).append(child)
    return groups


def _value(element: etree._Element, field: Field, where: str) -> Any:
    if isinstance(field.holds, Shape):
        return _made(element, field.holds, f"{where}/")
    if len(element) or element.attrib:
        raise CapError([Fault(where, _("Something stands here that no alert has."))])
    try:
        return field.holds.read(element.text or "")
    except ValueError as problem:
        raise CapError([Fault(where, str(problem))]) from None
