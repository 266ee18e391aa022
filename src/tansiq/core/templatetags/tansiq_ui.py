"""The components of our pages as template tags, and days and numbers as filters.

A list page calls these hundreds of times, so they are plain functions with cached results
(`tansiq.core.marks`, `tansiq.core.formats`) and not templates of their own.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language

from tansiq.core import formats, marks

if TYPE_CHECKING:
    from django.core.paginator import Paginator
    from django.http import HttpRequest

register = template.Library()

_NOTICE_TONES = {
    "debug": ("calm", "info"),
    "info": ("on", "info"),
    "success": ("done", "check-circle"),
    "warning": ("risk", "at-risk"),
    "error": ("late", "late"),
    "on": ("on", "info"),
    "done": ("done", "check-circle"),
    "risk": ("risk", "at-risk"),
    "late": ("late", "late"),
    "calm": ("calm", "info"),
}
THEMES = frozenset({"dark", "light"})


def _language() -> str:
    return get_language() or "en"


def _local(value: date) -> date:
    return localtime(value) if isinstance(value, datetime) and is_aware(value) else value


def _local_day(value: date) -> date:
    local = _local(value)
    return local.date() if isinstance(local, datetime) else local


# --- pieces of a page


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon; without a label it is hidden from screen readers."""
    return marks.icon(name, str(label))


@register.simple_tag
def icon_use(name: str, left: int, top: int, size: int) -> SafeString:
    """Place an icon inside a larger drawing."""
    return format_html(
        '<use href="{}" x="{}" y="{}" width="{}" height="{}"/>',
        marks.icon_address(name),
        left,
        top,
        size,
        size,
    )


@register.simple_tag
def tlp(marking: object) -> SafeString:
    """Write a TLP marking on black."""
    return marks.tlp(marking)


@register.simple_tag
def status(value: object) -> SafeString:
    """Show a status as icon and word."""
    return marks.status(value)


@register.simple_tag
def tag(tone: str, text: object, icon: str = "") -> SafeString:
    """Show a word on a soft ground; tones are late, risk, done, on and calm."""
    return marks.tag(tone, str(text), icon)


@register.simple_tag
def due(day: date | None, today: date) -> SafeString:
    """Show how many days are left until a day, as a mark."""
    if not day:
        return SafeString("")
    return marks.due((_local_day(day) - _local_day(today)).days)


@register.simple_tag
def stages(current: object) -> SafeString:
    """Show the readiness of a place as steps."""
    return marks.stages(current)


@register.simple_tag
def bar(segments: list[marks.Segment], total: float | None = None, label: str = "") -> SafeString:
    """Draw a slim stacked bar of (tone, value, words) parts."""
    return marks.bar(segments, total=total, label=str(label))


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Give the reader's choice of light or dark, if there is one, for the html element."""
    request: HttpRequest | None = context.get("request")
    theme = request.COOKIES.get("theme", "") if request else ""
    return SafeString(f' data-theme="{theme}"') if theme in THEMES else SafeString("")


@register.simple_tag(takes_context=True)
def sort_heading(context: Context, key: str, label: object, *, numeric: bool = False) -> SafeString:
    """Give a column heading that sorts by `?sort=key`, and by `?sort=-key` the second time."""
    request: HttpRequest = context["request"]
    asked = request.GET.copy()
    current = asked.get("sort", "")
    asked["sort"] = f"-{key}" if current == key else key
    asked.pop("page", None)
    state = {key: ("ascending", "up"), f"-{key}": ("descending", "down")}
    order, arrow = state.get(current, ("none", "sort"))
    return format_html(
        '<th scope="col" aria-sort="{}"{}><a href="?{}">{}{}</a></th>',
        order,
        SafeString(' class="num"' if numeric else ""),
        asked.urlencode(),
        label,
        marks.icon(arrow),
    )


@register.simple_block_tag
def card(content: str, title: object = "", **options: Any) -> SafeString:
    """Put the content into a card with a heading.

    Options: width (3 to 12, of 12), level (of the heading), id, count, tlp, icon, link and
    link_label, padded (space around plain content), now (what needs the reader first), and
    written (the title was written by people, in any language).
    """
    unknown = options.keys() - _CARD_OPTIONS
    if unknown:
        message = f"A card has no option {', '.join(sorted(unknown))}."
        raise template.TemplateSyntaxError(message)
    classes = f"card w{options.get('width', 6)}{' now' if options.get('now') else ''}"
    anchor = format_html(' id="{}"', options["id"]) if options.get("id") else ""
    body = format_html('<div class="body">{}</div>', content) if options.get("padded") else content
    head = _card_head(title, options) if title else ""
    return format_html('<section class="{}"{}>{}{}</section>', classes, anchor, head, body)


_CARD_OPTIONS = frozenset(
    {
        "width",
        "level",
        "id",
        "count",
        "tlp",
        "icon",
        "link",
        "link_label",
        "padded",
        "now",
        "written",
    }
)


def _card_head(title: object, options: dict[str, Any]) -> SafeString:
    count = options.get("count")
    link = options.get("link")
    return format_html(
        "<header>{}<h{}{}>{}</h{}>{}{}{}</header>",
        marks.icon(options["icon"]) if options.get("icon") else "",
        int(options.get("level", 2)),
        SafeString(' dir="auto"' if options.get("written") else ""),
        title,
        int(options.get("level", 2)),
        "" if count is None else format_html('<span class="count">{}</span>', _count(count)),
        format_html('<a class="all" href="{}">{}</a>', link, options.get("link_label", ""))
        if link
        else "",
        marks.tlp(options["tlp"]) if options.get("tlp") else "",
    )


def _count(count: object) -> object:
    return formats.number(count, _language()) if isinstance(count, int) else count


@register.simple_block_tag
def notice(content: str, tone: str = "info") -> SafeString:
    """Put the content into a banner; tones are info, success, warning, error and calm."""
    name, symbol = _NOTICE_TONES.get(tone.rsplit(maxsplit=1)[-1] if tone else "", ("on", "info"))
    role = "alert" if name == "late" else "status"
    return format_html(
        '<div class="notice {}" role="{}">{}<div>{}</div></div>',
        name,
        role,
        marks.icon(symbol),
        content,
    )


# --- days and numbers


def _filter(
    name: str, write: Callable[[Any, str], str], prepare: Callable[[Any], Any] = lambda value: value
) -> None:
    def written(value: Any) -> str:
        if value is None or value == "":
            return ""
        return write(prepare(value), _language())

    register.filter(name, written)


_filter("day", formats.day, _local_day)
_filter("short_day", formats.short_day, _local_day)
_filter("weekday", formats.weekday, _local_day)
_filter("month", formats.month, _local_day)
_filter("clock", formats.clock, _local)
_filter("moment", formats.moment, _local)
_filter("compact", formats.compact)


@register.filter
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """Write a number in full: 12,345.6."""
    if value is None or value == "":
        return ""
    return formats.number(value, _language(), decimals=decimals)


@register.filter
def percent(value: float | Decimal | None, decimals: int = 0) -> str:
    """Write a share as per cent: 0.61 gives 61%."""
    if value is None or value == "":
        return ""
    return formats.percent(value, _language(), decimals=decimals)


@register.filter
def share_of(part: float | Decimal, whole: float | Decimal) -> str:
    """Write a part of a whole as per cent; a dash if there is no whole."""
    return formats.percent(float(part) / float(whole), _language()) if whole else "–"


@register.filter
def money(value: float | Decimal | None, currency: str) -> str:
    """Write an amount, rounded for reading, after the code of its currency."""
    if value is None or value == "":
        return ""
    return formats.money(value, currency, _language())


@register.filter
def days_left(value: date | int | None, today: date | None = None) -> str:
    """Write "6 days late", "Due today" or "In 20 days" for a number of days, or a day and today."""
    if value is None or value == "":
        return ""
    if isinstance(value, int):
        return marks.days_left(value)
    if today is None or today == "":
        message = "Give today as well: {{ day|days_left:today }}. Only views read the clock."
        raise TypeError(message)
    return marks.days_left((_local_day(value) - _local_day(today)).days)


@register.filter
def isolate(value: object) -> str:
    """Wrap a text so that its direction does not disturb the line around it."""
    return formats.isolate(value)


@register.filter
def initials(name: object) -> str:
    """Give up to two first letters of a name, for the round mark of a person."""
    words = str(name or "").split()
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


@register.simple_tag
def comma() -> str:
    """Write what stands between the items of a list."""
    return formats.comma(_language())


@register.filter
def language_name(code: str) -> str:
    """Write the name of a language in that language."""
    return formats.language_name(code)


@register.filter
def elided(paginator: "Paginator[Any]", number: int) -> Iterator[int | str]:
    """Give the page numbers around one page, with the gaps left out."""
    return iter(paginator.get_elided_page_range(number, on_each_side=1, on_ends=1))
