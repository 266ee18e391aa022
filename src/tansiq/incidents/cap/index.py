"""A list of alerts, as Atom or RSS: where each alert lies, or the alerts themselves.

Lists of other offices hold more than alerts and each is a little different, so all that is looked
for are links; what they lead to is read as strictly as any alert.
"""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _
from lxml import etree

from tansiq.incidents.cap.errors import CapError
from tansiq.incidents.cap.reading import tree_of
from tansiq.incidents.cap.shape import NAMESPACE
from tansiq.incidents.cap.texts import BLANKS

MOST_LINKS = 100
_ATOM = "{http://www.w3.org/2005/Atom}"
_ALERT = f"{{{NAMESPACE}}}alert"
_OF_CAP = {"application/cap+xml", "application/common-alerting-protocol+xml"}


@dataclass(frozen=True)
class Index:
    """What a list holds, in its order: addresses of alerts, and alerts that stand in it."""

    links: tuple[str, ...] = ()
    alerts: tuple[bytes, ...] = ()


def read_index(content: bytes, *, address: str) -> Index:
    """Return what the list holds; a single alert is a list of one.

    Links are made whole by the address of the list. Raises CapError for what is neither.
    """
    root = tree_of(content)
    if root.tag == _ALERT:
        return Index(alerts=(content,))
    if root.tag == f"{_ATOM}feed":
        links = [_link_of(entry) for entry in root.iter(f"{_ATOM}entry")]
    elif root.tag == "rss":
        links = [(item.findtext("link") or "").strip(BLANKS) for item in root.iter("item")]
    else:
        raise CapError(_("The address leads to no list of alerts: neither Atom, RSS nor CAP."))
    whole = (_whole(link, address) for link in links if link)
    kept = tuple(dict.fromkeys(link for link in whole if link))[:MOST_LINKS]
    inside = tuple(etree.tostring(one, encoding="utf-8", with_tail=False) for one in _inside(root))
    return Index(() if inside else kept, inside)


def _inside(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(_ALERT))[:MOST_LINKS]


def _link_of(entry: etree._Element) -> str:
    """Return the link that says it leads to an alert; else the plain one."""
    links = entry.findall(f"{_ATOM}link")
    by_kind = [one for one in links if (one.get("type") or "").lower() in _OF_CAP]
    plain = [one for one in links if one.get("rel", "alternate") == "alternate"]
    best = [*by_kind, *plain]
    return str(best[0].get("href") or "").strip(BLANKS) if best else ""


def _whole(link: str, address: str) -> str:
    try:
        joined = urljoin(address, link)
        return joined if urlsplit(joined).scheme in {"http", "https"} else ""
    except ValueError:
        return ""
