"""An alert as a file that the official schema accepts, or not at all."""

from typing import Any

from lxml import etree

from tansiq.incidents.cap.checking import check_alert
from tansiq.incidents.cap.message import Alert
from tansiq.incidents.cap.shape import ALERT, NAMESPACE, Field, Shape

# The stubs know no default namespace; the library does.
_NAMES: Any = {None: NAMESPACE}


def write_alert(alert: Alert) -> bytes:
    """Return the alert as CAP 1.2. Raises CapError if the standard forbids it."""
    check_alert(alert)
    root = etree.Element(_tag("alert"), nsmap=_NAMES)
    _fill(root, alert, ALERT)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _fill(parent: etree._Element, thing: object, shape: Shape) -> None:
    for field in shape.fields:
        value = getattr(thing, field.name)
        for each in value if field.is_many else (value,):
            if field.is_required or each not in (None, "", ()):
                _add(parent, field, each)


def _add(parent: etree._Element, field: Field, value: Any) -> None:
    element = etree.SubElement(parent, _tag(field.element))
    if isinstance(field.holds, Shape):
        _fill(element, value, field.holds)
    else:
        element.text = field.holds.write(value)
