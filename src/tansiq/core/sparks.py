"""A figure's way over the periods, as small as a word."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT, _EDGE = 96, 24, 3
_LEAST = 2


def spark(values: Sequence[float | None], *, title: str) -> SafeString:
    """Draw a slim line from left to right; a period without a value is a gap in it."""
    known = [value for value in values if value is not None]
    if len(known) < _LEAST:
        return SafeString("")
    low, high = min(known), max(known)
    across = (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    rise = (_HEIGHT - 2 * _EDGE) / ((high - low) or 1)
    spots = [
        None if value is None else (_EDGE + n * across, _HEIGHT - _EDGE - (value - low) * rise)
        for n, value in enumerate(values)
    ]
    path, pen = [], "M"
    for spot in spots:
        if spot is not None:
            path.append(f"{pen}{spot[0]:.1f} {spot[1]:.1f}")
        pen = "M" if spot is None else "L"
    x, y = [spot for spot in spots if spot is not None][-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="trend" d="{}"/><circle class="point" cx="{}" cy="{}" r="2.5"/></svg>',
        _WIDTH,
        _HEIGHT,
        title,
        " ".join(path),
        f"{x:.1f}",
        f"{y:.1f}",
    )
