"""Numbers, days and hours of a text, in any digits and in the words of six languages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tansiq.core.personal.normal import plain
from tansiq.core.words import words_of
from tansiq.exchange.leaks.tokens import Token

# The words of a number by its value; several languages share some of them.
_UNITS = """
2 two deux dua dalawa dalawang اثنان اثنين اثنتان اثنتين
3 three trois tiga tatlo tatlong ثلاثة ثلاث
4 four quatre empat apat اربعة اربع
5 five cinq lima limang خمسة خمس
6 six enam anim ستة ست
7 seven sept tujuh pito pitong سبعة سبع
8 eight huit delapan lapan walo walong ثمانية ثماني ثمان
9 nine neuf sembilan siyam تسعة تسع
10 ten dix sepuluh sampu sampung عشرة عشر
11 eleven onze sebelas labing-isa labing-isang
12 twelve douze labindalawa labindalawang
13 thirteen treize labintatlo labintatlong
14 fourteen quatorze labing-apat
15 fifteen quinze labinlima labinlimang
16 sixteen seize labing-anim
17 seventeen dix-sept labimpito labimpitong
18 eighteen dix-huit labingwalo labingwalong
19 nineteen dix-neuf labinsiyam
20 twenty vingt dalawampu dalawampung عشرون عشرين
30 thirty trente tatlumpu tatlumpung ثلاثون ثلاثين
40 forty quarante apatnapu apatnapung اربعون اربعين
50 fifty cinquante limampu limampung خمسون خمسين
60 sixty soixante animnapu animnapung ستون ستين
70 seventy soixante-dix pitumpu pitumpung سبعون سبعين
80 eighty quatre-vingt quatre-vingts walumpu walumpung ثمانون ثمانين
90 ninety quatre-vingt-dix siyamnapu siyamnapung تسعون تسعين
100 hundred cent seratus sandaan مئة مائة
1000 thousand mille seribu sanlibo الف
"""
_TIMES = {
    "puluh": 10,
    "ratus": 100,
    "ribu": 1000,
    "hundred": 100,
    "thousand": 1000,
    "cent": 100,
    "mille": 1000,
    "daan": 100,
    "libo": 1000,
}
_TEENS = {"belas": 10}
_MONTHS = """
1 january janvier januari enero يناير جانفي
2 february février februari pebrero فبراير شباط
3 march mars maret mac marso مارس اذار
4 april avril abril ابريل نيسان
5 may mai mei mayo مايو ايار
6 june juin juni jun hunyo يونيو حزيران
7 july juillet juli julai hulyo يوليو تموز
8 august août agustus ogos agosto اغسطس اب
9 september septembre setyembre سبتمبر ايلول
10 october octobre oktober oktubre اكتوبر
11 november novembre nobyembre نوفمبر
12 december décembre desember disember disyembre ديسمبر
"""
_WEEKDAYS = """
1 monday lundi senin isnin lunes اثنين
2 tuesday mardi selasa martes ثلاثاء
3 wednesday mercredi rabu miyerkules اربعاء
4 thursday jeudi kamis khamis huwebes خميس
5 friday vendredi jumat jumaat biyernes جمعة
6 saturday samedi sabtu sabado سبت
7 sunday dimanche minggu ahad linggo احد
"""
_NUMBER = re.compile(r"\d+(?:[.,\u00a0 ]\d{3})+(?!\d)|\d+[.,]\d+|\d+")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{2}|\d{4})\b")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.h]([0-5]\d)\b(?!\.\d)")
_HOUR = re.compile(r"\b(1[0-2]|[1-9])(?:[:.]([0-5]\d))?\s?([ap])\.?m\b", re.IGNORECASE)
_LATEST_DAY, _LATEST_MONTH, _LEAST = 31, 12, 2


def _by_word(table: str) -> dict[str, int]:
    rows = (line.split() for line in table.strip().splitlines())
    return {"".join(words_of(word)): int(value) for value, *words in rows for word in words}


_UNIT, _MONTH, _WEEKDAY = _by_word(_UNITS), _by_word(_MONTHS), _by_word(_WEEKDAYS)


@dataclass(frozen=True)
class Figure:
    start: int
    end: int
    key: str
    is_day: bool


def figures(text: str, found: Sequence[Token]) -> list[Figure]:
    """Return the days, hours and numbers of a text; what belongs to a day is no number beside."""
    seen = plain(text)
    days = [*_days_written_in_digits(seen.text), *_hours(seen.text)]
    placed = [Figure(*seen.span(one.start, one.end), one.key, one.is_day) for one in days]
    placed += _days_with_months(text, found)
    placed += [
        Figure(one.start, one.end, f"weekday {_WEEKDAY[one.word]}", is_day=True)
        for one in found
        if one.word in _WEEKDAY and _reads_as_day(one, found)
    ]
    taken = {place for one in placed for place in range(one.start, one.end)}
    numbers = [*_in_digits(text), *_in_words(found)]
    return placed + [one for one in numbers if taken.isdisjoint(range(one.start, one.end))]


def _reads_as_day(token: Token, found: Sequence[Token]) -> bool:
    # Arabic days stand behind the word for day; "minggu" is a week, too.
    if token.is_capital:
        return True
    before = [one.word for one in found if one.end <= token.start][-1:]
    return before in (["يوم"], ["hari"])


def _days_written_in_digits(text: str) -> Iterator[Figure]:
    for match in _ISO.finditer(text):
        year, month, day = (int(one) for one in match.groups())
        if _is_day(day, month, year):
            yield Figure(match.start(), match.end(), f"day {day}.{month}", is_day=True)
    for match in _SLASHED.finditer(text):
        day, month, year = (int(one) for one in match.groups())
        if _is_day(day, month, 2000 + year % 100):
            yield Figure(match.start(), match.end(), f"day {day}.{month}", is_day=True)


def _is_day(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _hours(text: str) -> Iterator[Figure]:
    spoken = list(_HOUR.finditer(text))
    for match in spoken:
        hour = int(match[1]) % 12 + (12 if match[3].casefold() == "p" else 0)
        key = f"hour {hour}:{int(match[2] or 0):02}"
        yield Figure(match.start(), match.end(), key, is_day=True)
    taken = {place for match in spoken for place in range(match.start(), match.end())}
    for match in _CLOCK.finditer(text):
        if match.start() not in taken:
            key = f"hour {int(match[1])}:{match[2]}"
            yield Figure(match.start(), match.end(), key, is_day=True)


def _days_with_months(text: str, found: Sequence[Token]) -> list[Figure]:
    """Find "14 May", "May 14, 2026", "ika-14 ng Mayo", "١٤ أيار"."""
    days = []
    for index, token in enumerate(found):
        month = _MONTH.get(token.word)
        if month is None:
            continue
        around = [*found[max(0, index - 2) : index][::-1], *found[index + 1 : index + 2]]
        numbered = [(one, _day_number(text[one.start : one.end])) for one in around]
        beside = next(((one, day) for one, day in numbered if day), None)
        if beside is not None:
            one, day = beside
            start, end = min(one.start, token.start), max(one.end, token.end)
            days.append(Figure(start, end, f"day {day}.{month}", is_day=True))
    return days


def _day_number(written: str) -> int:
    match = re.fullmatch(r"(?:ika-?)?(\d{1,2})(?:st|nd|rd|th|er)?", plain(written).text.casefold())
    number = int(match[1]) if match else 0
    return number if number <= _LATEST_DAY else 0


def _in_digits(text: str) -> Iterator[Figure]:
    seen = plain(text)
    for match in _NUMBER.finditer(seen.text):
        key = _value(match.group())
        if key:
            yield Figure(*seen.span(match.start(), match.end()), key, is_day=False)


def _value(written: str) -> str:
    """Return a number in one spelling; nought and one say too little to be compared."""
    if re.fullmatch(r"\d{1,3}(?:[.,\u00a0 ]\d{3})+", written):
        written = re.sub(r"\D", "", written)
    elif len(parts := re.split(r"[.,]", written)) == 2 and "".join(parts).isdigit():  # noqa: PLR2004 -- before and behind the point
        fraction = parts[1].rstrip("0")
        return f"number {int(parts[0])}.{fraction}" if fraction else f"number {int(parts[0])}"
    number = int(re.sub(r"\D", "", written))
    return f"number {number}" if number >= _LEAST else ""


def _in_words(found: Sequence[Token]) -> Iterator[Figure]:
    index = 0
    while index < len(found):
        value, last = _number_from(found, index)
        if value >= _LEAST:
            yield Figure(found[index].start, found[last].end, f"number {value}", is_day=False)
        index = last + 1


def _number_from(found: Sequence[Token], index: int) -> tuple[int, int]:
    """Return the value of the number in words that begins here, and its last word."""
    first = _unit(found[index].word)
    if not first:
        return 0, index
    total, last = first, index
    while last + 1 < len(found):
        word = found[last + 1].word
        if word in _TEENS and total < 10:  # noqa: PLR2004 -- of ten
            total += 10
        elif word in _TIMES and total < _TIMES[word]:
            total *= _TIMES[word]
        elif 0 < (more := _unit(word)) < _place_of(total):
            total += more
        else:
            break
        last += 1
    return total, last


def _unit(word: str) -> int:
    if word in _UNIT:
        return _UNIT[word]
    # "twenty-three" and "vingt-trois" are one word with a stroke, which the comparison drops.
    for length in range(len(word) - 3, 3, -1):
        tens, rest = _UNIT.get(word[:length], 0), _UNIT.get(word[length:], 0)
        if tens and tens % 10 == 0 and 0 < rest < 10:  # noqa: PLR2004 -- of ten
            return tens + rest
    return 0


def _place_of(total: int) -> int:
    """Return below what the next word must stay to be part of this number: 20 and three."""
    for size in (1000, 100, 10):
        if total % size == 0:
            return size
    return 0
