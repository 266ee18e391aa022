"""Numbers in plain Python: which may be somebody's phone, card or document, and which may stay.

Dates, times, years, counts and sums of money stay where they cannot be anything else; in doubt a
number goes.
"""

from dataclasses import dataclass
from typing import Final

from chorus.kernel.characters import digit, is_ascii_letter, is_invisible, is_word

SHORTEST_PHONE: Final = 7  # digits, however they are grouped
SHORTEST_ID: Final = 6  # digits in one run
MOST_BETWEEN: Final = 3  # characters between two groups of one number
MOST_GROUPS: Final = 64  # of one number; a longer row of groups is read as several
CURRENCY: Final = ("rp", "rm", "idr", "myr", "php", "usd", "eur", "sar", "egp", "aed")
SIGNS: Final = "$\xa3\xa5\u20ac\u20b1"
YEARS: Final = range(1900, 2100)
LONGEST_SUM: Final = 9
LONGEST_PREFIX: Final = 3  # letters of a document's number


@dataclass(frozen=True)
class Run:
    """Groups of digits and what stands between them."""

    values: list[str]  # the digits of each group, as ASCII
    ends: list[int]
    between: list[str]

    @property
    def end(self) -> int:
        return self.ends[-1]

    def stops_after(self, groups: int) -> bool:
        """Return whether a space or a bracket, or nothing, follows the first few groups."""
        return len(self.values) <= groups or self.between[groups - 1][0] in " )"

    @property
    def digits(self) -> int:
        return sum(map(len, self.values))


class Numbers:
    """Reading numbers: `text` is read at `at`, `out` holds what was written, one character each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.out: list[str] = []

    def replace(self, end: int, token: str) -> bool:
        self.out += token
        self.at = end
        return True

    def keep(self, end: int) -> bool:
        self.out += self.text[self.at : end]
        self.at = end
        return True

    def number(self) -> bool:
        """Mask or keep the number that begins here; False where none does."""
        start = self.at
        while self.text[start : start + 1] in {"+", "(", "\uff0b"} and start < self.at + 2:
            start += 1
        if self._digit(start) < 0:
            return False
        run = self._run(start)
        end = (
            self._readable(run, start) if self.text[start - 1 : start] not in {"+", "\uff0b"} else 0
        )
        if self.text[self.at] == "(" and (end or not any(")" in gap for gap in run.between)):
            # The bracket belongs to the sentence.
            return False
        if end:
            return self.keep(end)
        if run.digits < SHORTEST_PHONE and max(map(len, run.values)) < SHORTEST_ID:
            return self.keep(run.end)
        if len(run.values) == 1 and run.digits <= LONGEST_SUM and self._is_money(run):
            return self.keep(run.end)
        self._drop_prefix()
        return self.replace(self._past_suffix(run.end), "[number]")

    def _run(self, start: int) -> Run:
        values: list[str] = []
        ends: list[int] = []
        between: list[str] = []
        at = start
        while True:
            group = ""
            while self._digit(at) >= 0:
                group += str(self._digit(at))
                at += 1
            values.append(group)
            ends.append(at)
            gap = at
            while gap < at + MOST_BETWEEN and gap < len(self.text) and is_between(self.text[gap]):
                gap += 1
            if gap == at or self._digit(gap) < 0 or len(values) == MOST_GROUPS:
                return Run(values, ends, between)
            between.append(self.text[at:gap])
            at = gap

    def _readable(self, run: Run, start: int) -> int:
        """Return where a date, a time, a span of either or a grouped count ends; 0 if none."""
        return self._clock(start) or _date(run) or _span(run) or self._grouped(start, run)

    def _clock(self, start: int) -> int:
        """07:30 and 07:30:15."""
        end = self._two(start, most=24)
        for _ in range(2):
            if not end or self.text[end : end + 1] != ":" or self._digit(end + 1) < 0:
                break
            end = self._two(end + 1, most=59, least_digits=2)
        return end if end and ":" in self.text[start:end] else 0

    def _two(self, at: int, *, most: int, least_digits: int = 1) -> int:
        """Return where a number of one or two digits up to `most` ends; 0 if none is here."""
        end = at
        value = 0
        while self._digit(end) >= 0 and end < at + 3:
            value = value * 10 + self._digit(end)
            end += 1
        return end if least_digits <= end - at <= 2 and value <= most else 0  # noqa: PLR2004 -- two

    def _grouped(self, start: int, run: Run) -> int:
        """1.000.000, 50,000 or 1 500 000; with a currency also what could be something else."""
        mark, end, digits = self._thousands(start)
        if not end or self._digit(start) == 0:
            return 0
        if self._is_money_until(end):
            return end
        if self._goes_on(end):
            return 0
        if mark in {",", "\u066c"}:
            return end
        if mark == ".":
            return end if digits <= 8 or digits == 10 else 0  # noqa: PLR2004 -- nine and more: phones
        return end if digits == SHORTEST_PHONE and run.values[-1] == "000" else 0

    def _thousands(self, start: int) -> tuple[str, int, int]:
        """Return the mark between groups of three digits, where they end, how many digits."""
        end = start
        while self._digit(end) >= 0 and end < start + 4:
            end += 1
        digits = end - start
        mark = self.text[end : end + 1]
        if digits > 3 or mark not in {".", ",", "\u066c", " ", "\xa0", "\u202f"}:  # noqa: PLR2004 -- thousands
            return "", 0, 0
        whole = 0
        while self.text[end : end + 1] == mark and all(
            self._digit(end + k) >= 0 for k in (1, 2, 3)
        ):
            if self._digit(end + 4) >= 0:
                return "", 0, 0
            end += 4
            digits += 3
            whole = end
        return mark, whole, digits

    def _goes_on(self, end: int) -> bool:
        """Whether more digits of the same number follow."""
        gap = end
        while gap < end + MOST_BETWEEN and gap < len(self.text) and is_between(self.text[gap]):
            gap += 1
        if gap > end:
            return self._digit(gap) >= 0
        return self.text[end : end + 1] in {",", "\u066c"} and self._digit(end + 1) >= 0

    def _is_money(self, run: Run) -> bool:
        return run.values[0][0] != "0" and self._is_money_until(run.end)

    def _is_money_until(self, end: int) -> bool:
        """Whether a currency stands before what is here, or its sign behind `end`."""
        after = end + (self.text[end : end + 1] in {" ", "\xa0", "\u202f"})
        if self.text[after : after + 1] and self.text[after] in SIGNS:
            return True
        before = len(self.out)
        for _ in range(2):
            if before and self.out[before - 1] in " .\xa0\u202f":
                before -= 1
        if before and self.out[before - 1] in SIGNS:
            return True
        first = before
        while first and before - first < 4 and is_ascii_letter(self.out[first - 1]):  # noqa: PLR2004 -- one more than they have
            first -= 1
        return "".join(self.out[first:before]).lower() in CURRENCY

    def _drop_prefix(self) -> None:
        """Take back the letters of A1234567 or AB-1234567."""
        end = len(self.out) - (self.out[-1:] == ["-"])
        first = end
        while first and end - first <= LONGEST_PREFIX and is_ascii_letter(self.out[first - 1]):
            first -= 1
        if 0 < end - first <= LONGEST_PREFIX and not (first and is_word(self.out[first - 1])):
            del self.out[first:]

    def _past_suffix(self, end: int) -> int:
        """Return where the letter of P1234567A ends; `end` where a word follows instead."""
        while self.text[end : end + 1] in {"\ufe0f", "\u20e3"}:
            end += 1
        last = end
        while (
            last < len(self.text)
            and last <= end + LONGEST_PREFIX
            and is_ascii_letter(self.text[last])
        ):
            last += 1
        if last > end + LONGEST_PREFIX or (last < len(self.text) and is_word(self.text[last])):
            return end
        return last

    def _digit(self, at: int) -> int:
        return digit(self.text[at]) if at < len(self.text) else -1


def _date(run: Run) -> int:
    """Return where 2026-05-13, 13.05.2026 or 13/5/2026 ends; 0 if none is here."""
    if len(run.values) < 3 or run.between[0] != run.between[1] or run.between[0] not in "-./":  # noqa: PLR2004 -- day, month, year
        return 0
    first, month, last = run.values[:3]
    year, day = (first, last) if len(first) == 4 else (last, first)  # noqa: PLR2004 -- a year
    if not is_year(year) or not is_within(month, 31) or not is_within(day, 31):
        return 0
    # 5/23/2026 is written so, too; 2026-23-05 is not.
    if not is_within(month, 12) and (year == first or not is_within(day, 12)):
        return 0
    return run.ends[2] if run.stops_after(3) else 0


def _span(run: Run) -> int:
    """Return where 2025-2026, 18.30-21.00 or 08.00 - 17.00 ends; 0 if none is here."""
    values, between = run.values, run.between
    if len(values) > 1 and is_dash(between[0]) and is_year(values[0]) and is_year(values[1]):
        return run.ends[1] if run.stops_after(2) else 0
    if len(values) < 4 or not is_dash(between[1]) or between[0] != "." or between[2] != ".":  # noqa: PLR2004 -- two times
        return 0
    hours, minutes = values[:4:2], values[1:4:2]
    clock = all(is_within(one, 24, least=0) for one in hours) and all(
        len(one) == 2 and is_within(one, 59, least=0)  # noqa: PLR2004 -- two digits
        for one in minutes
    )
    return run.ends[3] if clock and run.stops_after(4) else 0


def is_between(character: str) -> bool:
    """Return whether a character may stand between two groups of one number."""
    return (
        character in " -.()/\xa0\u2007\u202f\ufe0f\u20e3"
        or "\u2010" <= character <= "\u2015"
        or is_invisible(character)
    )


def is_dash(gap: str) -> bool:
    return gap.strip(" ") in {"-", "\u2013", "/"}  # one of them, spaces around it or not


def is_year(digits: str) -> bool:
    return len(digits) == 4 and int(digits) in YEARS  # noqa: PLR2004 -- four digits


def is_within(digits: str, most: int, *, least: int = 1) -> bool:
    return len(digits) <= 2 and least <= int(digits) <= most  # noqa: PLR2004 -- a day, a month, an hour
