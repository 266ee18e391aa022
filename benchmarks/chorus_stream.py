"""Makes a stream of posts after an invented attack, from our own corpus.

The same for the same seed: 60 % new posts, 25 % reposts, 15 % near-duplicates; six languages; few
authors write most; an incident at hour 6 of 32, a hoax that bursts at hours 10 to 12, hashtags and
names of places.

    python -m benchmarks.chorus_stream posts.ndjson --posts 1000000
"""

import argparse
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import orjson

from chorus import corpus

BEGINS = datetime(2026, 5, 12, 18, 30, tzinfo=UTC)
INCIDENT = BEGINS + timedelta(hours=6)
HOURS = 32
AUTHORS = 300_000
LATEST = 4_000  # what is reposted was written shortly before

_MIX = {"ar": 0.22, "en": 0.28, "fr": 0.12, "id": 0.18, "ms": 0.08, "fil": 0.12}
_TAGS = {
    "ar": ("#تضامن", "#عاجل", "#تبرع_بالدم", "#مفقودين"),
    "en": ("#StandTogether", "#Breaking", "#BloodDonation", "#Missing", "#RivermouthStrong"),
    "fr": ("#Solidarité", "#DonDuSang", "#Disparus", "#Ensemble"),
    "id": ("#KamiTidakTakut", "#PrayForRivermouth", "#DonorDarah", "#BersatuKita"),
    "ms": ("#DoakanRivermouth", "#BersatuKita", "#Hilang"),
    "fil": ("#BangonRivermouth", "#Dasal", "#NawawalangTao"),
}
_EVERYWHERE = ("#Rivermouth", "#PrayForRivermouth")
_HOAX = {"ar": "#شائعة", "en": "#SecondBomb", "id": "#BomKedua"}
_PLACES = ("Rivermouth", "Saltmarsh", "Northgate", "Jakarta", "Manila", "Tunis", "القاهرة")
_EMOJI = ("🙏", "😢", "💔", "❤️", "🕊️", "😡", "")
_PLATFORMS = ("x", "mastodon", "bluesky", "telegram", "rss")


class Stream:
    """Posts in the order of their times, without end."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)  # noqa: S311 -- an invented stream
        self._written = {
            language: [post.text for post in corpus.written(language)] for language in _MIX
        }
        self._languages = list(_MIX)
        self._weights = list(_MIX.values())
        self._latest: list[tuple[str, str]] = []
        self._count = 0

    def posts(self, count: int) -> Iterator[dict[str, object]]:
        """Yield `count` posts over the whole time; more of them soon after the incident."""
        for number in range(count):
            yield self._post(number, _hour(number / count))

    def _post(self, number: int, hour: float) -> dict[str, object]:
        chance = self._random.random
        kind = chance()
        if kind < 0.25 and self._latest:
            language, original = self._latest[int(chance() * len(self._latest))]
            text = f"RT @user{int(chance() * 1e5)}: {original}"
        elif kind < 0.40 and self._latest:
            language, original = self._latest[int(chance() * len(self._latest))]
            text = self._edited(language, original)
        else:
            language = self._random.choices(self._languages, self._weights)[0]
            text = self._new(language, hour)
            self._remember(language, text)
        at = BEGINS + timedelta(hours=hour)
        return {
            "id": str(10**18 + number),
            "created_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "platform": _PLATFORMS[int(chance() ** 2 * 5)],
            "author": f"{int(self._random.paretovariate(1.1) * 1000) % AUTHORS:024x}",
            "lang": language if chance() < 0.7 else None,
            "text": text,
            "reply_to": None if chance() < 0.8 else str(10**18 + int(chance() * (number + 1))),
            "reposts": int(self._random.paretovariate(1.2)) - 1,
            "likes": int(self._random.paretovariate(1.1)) - 1,
            "url": f"https://example.org/p/{number}",
        }

    def _new(self, language: str, hour: float) -> str:
        chance = self._random.random
        text = self._written[language][int(chance() * len(self._written[language]))]
        # Most of what people write is like nothing else: a number, a place, a time.
        if chance() < 0.7:
            text = f"{text} {_PLACES[int(chance() * len(_PLACES))]} {int(chance() * 1000)}"
            text = f"{text} {self._word(language)}"
        if hour < 6:
            return text
        tags = self._random.sample((*_TAGS[language], *_EVERYWHERE), int(chance() ** 2 * 4))
        if 10 < hour < 12 and chance() < 0.3:
            tags.append(_HOAX.get(language, "#SecondBomb"))
        return " ".join([text, *tags])

    def _word(self, language: str) -> str:
        words = self._written[language][int(self._random.random() * 500)].split()
        return words[int(self._random.random() * len(words))]

    def _edited(self, language: str, text: str) -> str:
        chance = self._random.random
        words = text.split()
        way = int(chance() * 4)
        if way == 0:
            return f"{text} https://example.org/{int(chance() * 2**32):08x}"
        if way == 1 and len(words) > 6:
            del words[int(chance() * len(words))]
            return " ".join(words)
        if way == 2:
            return f"{text} {_EMOJI[int(chance() * len(_EMOJI))] * (1 + int(chance() * 3))}"
        return text.upper() if language != "ar" else f"@user{int(chance() * 1e5)} {text}"

    def _remember(self, language: str, text: str) -> None:
        if len(self._latest) < LATEST:
            self._latest.append((language, text))
        else:
            self._latest[self._count % LATEST] = (language, text)
        self._count += 1


def _hour(share: float) -> float:
    """Return when a share of all posts was written: a twentieth of them before the incident."""
    if share < 0.05:
        return 6 * share / 0.05
    # The rate falls off after the incident.
    later = (share - 0.05) / 0.95
    return 6 + (HOURS - 6) * later**1.7


def write_stream(path: Path, posts: int, seed: int = 7) -> None:
    """Write a stream as JSON lines, aside first."""
    aside = path.with_name(f"{path.name}.part")
    made = (
        orjson.dumps(post, option=orjson.OPT_APPEND_NEWLINE) for post in Stream(seed).posts(posts)
    )
    with aside.open("wb") as file:
        while some := b"".join(islice(made, 10_000)):
            file.write(some)
    aside.replace(path)


def write_places(path: Path) -> None:
    """Write the gazetteer of the places that the stream names."""
    rows = ["id,level,parent,name,name:ar,other", "SL,country,,Saltland,,"]
    rows += [f"SL-{name[:4].upper()},city,SL,{name},," for name in _PLACES[:3]]
    rows += ["JKT,city,,Jakarta,جاكرتا,", "MNL,city,,Manila,مانيلا,Maynila"]
    rows += ["TUN,city,,Tunis,تونس,", "CAI,city,,Cairo,القاهرة,"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a stream of invented posts.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--places", type=Path, help="write the gazetteer of its places here")
    given = parser.parse_args()
    write_stream(given.out, given.posts, given.seed)
    if given.places:
        write_places(given.places)
    sys.stdout.write(
        f"{given.posts} posts, {given.out.stat().st_size / 1e6:.0f} MB; "
        f"the incident is at {INCIDENT.isoformat()}\n"
    )


if __name__ == "__main__":
    main()
