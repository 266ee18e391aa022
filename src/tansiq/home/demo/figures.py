"""Made-up figures that could be true: wholes with parts that add up, shares with their base."""

import random
from decimal import Decimal

from django.core.files.base import ContentFile

from tansiq.access.models import Place
from tansiq.core.uploads import CleanFile, clean_file
from tansiq.plans.models import Indicator
from tansiq.plans.models.indicators import DIMENSIONS

# Least and most, in the indicator's unit, as a place reports them.
RANGES = {
    "MEET": (1, 4),
    "ANSWER": (14, 62),
    "ALIGN": (62, 100),
    "TRAIN": (24, 130),
    "REACH": (260, 3400),
    "SEATS": (18, 46),
    "PLAN": (0, 1),
    "EXERCISE": (0, 1),
    "COMPLAINT": (70, 100),
    "MONEY": (35, 96),
    "SERVICES": (8, 34),
    "RIGHTS": (55, 100),
    "TRUST": (46, 66),
}
# What a share is a share of: actions, seats, complaints, money in millions, residents asked.
BASES = {
    "ALIGN": (14, 24),
    "SEATS": (12, 30),
    "COMPLAINT": (4, 40),
    "MONEY": (200, 3000),
    "RIGHTS": (5, 25),
    "TRUST": (400, 1200),
}
SPLITS = {
    "sex": {"female": 0.52, "male": 0.47, "other": 0.01},
    "age": {"under18": 0.18, "18-29": 0.39, "30-59": 0.35, "60plus": 0.08},
}
FROM_HERE_ON_A_PROVINCE = 1

Figures = dict[str, tuple[Decimal, int]]


def figures_of(indicator: Indicator, place: Place, chance: random.Random) -> Figures:
    """Return the whole ("") and each part with its base."""
    least, most = RANGES.get(indicator.code, (1, 20))
    scale = 3 if place.level <= FROM_HERE_ON_A_PROVINCE and indicator.code == "REACH" else 1
    number = chance.randint(least * scale, most * scale)
    base = chance.randint(*BASES[indicator.code]) if indicator.code in BASES else 1
    figures: Figures = {"": (_exact(number, indicator, chance), base)}
    for dimension in indicator.dimensions:
        if indicator.code in BASES:
            figures |= _shares(indicator, dimension, (number, base), chance)
        else:
            figures |= _counts(dimension, number)
    return figures


def _exact(number: int, indicator: Indicator, chance: random.Random) -> Decimal:
    """Return the number with as many digits after the point as the indicator has."""
    if not indicator.decimals or number in {0, 100}:
        return Decimal(number)
    digits = chance.randrange(10**indicator.decimals)
    return Decimal(number) + Decimal(digits).scaleb(-indicator.decimals)


def _counts(dimension: str, whole: int) -> Figures:
    """Return parts that add up to the whole."""
    categories = list(DIMENSIONS[dimension])
    split = SPLITS[dimension]
    parts = {one: int(whole * split[one]) for one in categories}
    parts[categories[0]] += whole - sum(parts.values())
    return {f"{dimension}={one}": (Decimal(count), 1) for one, count in parts.items()}


def _shares(
    indicator: Indicator, dimension: str, whole: tuple[int, int], chance: random.Random
) -> Figures:
    """Return shares near the whole's, each with its part of those who were asked."""
    number, base = whole
    shares: Figures = {}
    for one in DIMENSIONS[dimension]:
        asked = max(int(base * SPLITS[dimension][one]), 1)
        near = min(max(number + chance.randint(-5, 5), 0), 99)
        shares[f"{dimension}={one}"] = (_exact(near, indicator, chance), asked)
    return shares


def evidence_file(kind: str, place: Place) -> CleanFile:
    """Return a tiny file that could be attached to a report; checked like any other."""
    content = _csv() if kind == "csv" else _pdf(f"Demonstration only: {place.code}")
    return clean_file(ContentFile(content, name=f"{place.code}-demo.{kind}"))


def _csv() -> bytes:
    rows = ["session,women,men,total", "1,14,9,23", "2,11,12,23", "3,16,8,24"]
    return "\r\n".join(rows).encode()


def _pdf(sentence: str) -> bytes:
    """Return the smallest PDF that shows one sentence."""
    drawn = f"BT /F1 18 Tf 60 760 Td ({sentence}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, offsets = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\n"
    return f"{written}{end}startxref\n{len(written)}\n%%EOF\n".encode("latin-1")
