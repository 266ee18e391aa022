"""What every drawing is made with: a sheet that turns round, colours that also stand in files."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from tansiq.core import formats

INK, SOFT, RAIL, ACCENT = "#16242b", "#586973", "#eef2f2", "#0b6e75"
SERIES = ("#0b6e75", "#4d9c97", "#96c7bf", "#7f8e97", "#c0892b", "#6a5a94")
STEPS = ("#e6eeee", "#d3e7e6", "#a3cfcd", "#5faaab", "#1f7a81", "#0a565c")
TONES = {"done": "#1d6b3a", "on": ACCENT, "risk": "#7d5200", "late": "#b3261e", "calm": "#c5d0d3"}


@dataclass(frozen=True)
class Sheet:
    """Where things stand on a drawing that may run from right to left."""

    width: float
    language: str

    @property
    def is_rtl(self) -> bool:
        return formats.locale_of(self.language).text_direction == "rtl"

    def x(self, at: float, width: float = 0) -> str:
        """Return the left edge of something `width` wide that starts at `at`."""
        return short(self.width - at - width if self.is_rtl else at)

    def anchor(self, side: str) -> str:
        """Return the SVG anchor for text that leans to its start, middle or end."""
        turned = {"start": "end", "end": "start"}
        return turned.get(side, side) if self.is_rtl else side

    def text(self, words: object, at: float, y: float, **options: str) -> str:
        classes = options.get("classes", "")
        ink = SOFT if "soft" in classes else INK
        shown = escape(formats.isolate(words, self.language))
        return (
            f'<text class="{classes}" x="{self.x(at)}" y="{short(y)}" fill="{ink}"'
            f' text-anchor="{self.anchor(options.get("side", "start"))}"'
            f' font-size="{options.get("size", "14")}">{shown}</text>'
        )

    def number(self, value: float) -> str:
        return formats.number(value, self.language)


def short(value: float) -> str:
    """Write a number of a drawing with as few characters as it needs."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def fill(tone: str, place: int = 0) -> str:
    """Return the attributes that paint a part: by its tone, or by its place in a series."""
    if tone in TONES:
        return f'class="fill-{tone}" fill="{TONES[tone]}"'
    place %= len(SERIES)
    return f'class="fill-s{place + 1}" fill="{SERIES[place]}"'


def svg(
    parts: Iterable[str], size: tuple[float, float], *, title: str, told: str, classes: str = ""
) -> SafeString:
    """Put parts on a sheet of this size, with a name and a description for who cannot see it."""
    body = "".join(parts)
    name = hashlib.sha256(f"{title}{told}{body}".encode()).hexdigest()[:10]
    width, height = size
    return SafeString(
        f'<svg class="chart {classes}" viewBox="0 0 {short(width)} {short(height)}" role="img"'
        f' direction="ltr" aria-labelledby="t{name} d{name}">'
        f'<title id="t{name}">{escape(title)}</title><desc id="d{name}">{escape(told)}</desc>'
        f"{body}</svg>"
    )
