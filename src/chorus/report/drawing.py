"""What every drawing of the report is made with: a sheet that turns round, and words on it.

Colours come from the stylesheet of the page by class. On a page that runs from right to left time
does, too; the SVG itself is told to run from left to right, so that places and anchors stay ours.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from chorus.report.wording import Words


@dataclass(frozen=True)
class Sheet:
    """Where things stand on a drawing of this width in this language."""

    width: float
    words: Words

    def x(self, at: float, width: float = 0) -> str:
        """Return the left edge of something `width` wide that starts at `at`."""
        return short(self.width - at - width if self.words.is_rtl else at)

    def text(
        self, words: str, at: float, y: float, *, side: str = "start", classes: str = ""
    ) -> str:
        turned = {"start": "end", "end": "start"} if self.words.is_rtl else {}
        return (
            f'<text class="{classes}" x="{self.x(at)}" y="{short(y)}"'
            f' text-anchor="{turned.get(side, side)}">{escape(self.words.isolate(words))}</text>'
        )

    def box(self, at: float, y: float, size: tuple[float, float], classes: str) -> str:
        width, height = size
        return (
            f'<rect class="{classes}" x="{self.x(at, width)}" y="{short(y)}"'
            f' width="{short(max(width, 0))}" height="{short(max(height, 0))}"/>'
        )

    def line(self, at: float, upto: float, y: float, classes: str) -> str:
        return (
            f'<line class="{classes}" x1="{self.x(at)}" x2="{self.x(upto)}"'
            f' y1="{short(y)}" y2="{short(y)}"/>'
        )

    def upright(self, at: float, y: tuple[float, float], classes: str) -> str:
        return (
            f'<line class="{classes}" x1="{self.x(at)}" x2="{self.x(at)}"'
            f' y1="{short(y[0])}" y2="{short(y[1])}"/>'
        )


def short(value: float) -> str:
    """Write a number of a drawing with as few characters as it needs."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def svg(
    parts: Iterable[str], size: tuple[float, float], *, title: str, told: str, classes: str = ""
) -> Markup:
    """Put parts on a sheet of this size, with a name and a description for who cannot see it."""
    body = "".join(parts)
    name = hashlib.sha256(f"{classes}{title}{told}{body}".encode()).hexdigest()[:10]
    width, height = size
    return Markup(  # noqa: S704 -- the parts are ours, and every word on them was escaped
        f'<svg class="chart {classes}" viewBox="0 0 {short(width)} {short(height)}" role="img"'
        f' direction="ltr" aria-labelledby="t{name} d{name}">'
        f'<title id="t{name}">{escape(title)}</title><desc id="d{name}">{escape(told)}</desc>'
        f"{body}</svg>"
    )
