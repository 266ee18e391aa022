"""Pictures of three half-years, and who was heard, in three places a country."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from tansiq.access.models import Marking, Place
from tansiq.home.demo.content import read_content
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.pictures import agree_picture, put_factor, put_mechanism, start_picture
from tansiq.plans.actions.voices import put_consultation
from tansiq.plans.factors import all_known
from tansiq.plans.models import Consultation, Factor, Mechanism, Picture, Plan, Trend
from tansiq.plans.queries.pictures import leads_above

# Where pictures are drawn. The last of each country is heard by its security services above all.
PLACES = {
    "id": ("id-3578", "id-ji", "id-la"),
    "ph": ("ph-1908703000", "ph-14", "ph-1130700000"),
    "my": ("my-01-johor-bahru", "my-01", "my-03"),
}
PERIODS, GUARDED_MEETINGS, LEAST = 3, 9, 5
# A governor who drew one picture and left it at that is told so on the desk.
STOPPED = {"ph-14": 1}
JUNE = 6
LEVELS = ("low", "moderate", "high", "very_high")


class Hearing:
    """What the places of one country say about themselves, and whom they asked."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.words = nation, read_content("pictures")
        self.random = random.Random(f"heard {nation.content.country}")  # noqa: S311 -- the same every time

    def plan(self) -> None:
        codes = PLACES[self.nation.content.country]
        for number, code in enumerate(codes):
            place = Place.objects.get(code=code)
            is_guarded = number == len(codes) - 1
            rows = self._rows_of(number)
            for period, (starts, ends) in enumerate(
                self._half_years()[: STOPPED.get(code, PERIODS)]
            ):
                step = self._draw(place, rows, period, starts=starts, is_guarded=is_guarded)
                self.nation.story.on(ends - timedelta(days=12), step)
            self._plan_meetings(place, is_guarded=is_guarded)

    def _say(self, words: dict[str, str] | None) -> str:
        return self.nation.content.say(words)

    def _rows_of(self, number: int) -> list[dict[str, Any]]:
        """Return what a place speaks of: each leaves out two others."""
        rows = self.words.rows("factor")
        return [row for n, row in enumerate(rows) if n not in {number, number + 5}]

    def _half_years(self) -> list[tuple[date, date]]:
        """Return the latest half-years that are over, the oldest first."""
        today = self.nation.story.at.date()
        starts = date(today.year, 1 if today.month <= JUNE else 7, 1)
        found = []
        for _number in range(PERIODS):
            ends = starts - timedelta(days=1)
            starts = date(ends.year, 1 if ends.month <= JUNE else 7, 1)
            found.append((starts, ends))
        return found[::-1]

    # -- Pictures -----------------------------------------------------------------------------

    def _draw(
        self,
        place: Place,
        rows: list[dict[str, Any]],
        period: int,
        *,
        starts: date,
        is_guarded: bool,
    ) -> Any:
        def step(at: datetime) -> None:
            last = Picture.objects.filter(place=place).order_by("-starts_on").first()
            picture = self._begin(place, starts, at, last)
            for row in rows:
                self._put(picture, row, period, at=at, is_guarded=is_guarded)
            took_part = ["security"] if is_guarded else ["elected", "administration", "women"]
            agree_picture(
                picture,
                took_part=took_part,
                on=at.date(),
                by=self._by(place),
                at=at,
                share_with=leads_above(place)[:1],
            )

        return step

    def _begin(self, place: Place, starts: date, at: datetime, last: Picture | None) -> Picture:
        ends = date(starts.year, 6, 30) if starts.month == 1 else date(starts.year, 12, 31)
        slug = self.nation.government(place)
        picture = Picture(
            owner=self.nation.cast.organisations[slug],
            place=place,
            marking=Marking.GREEN if place.level == 1 else Marking.AMBER,
            purpose=self._say(self.words["purpose"]),
            starts_on=starts,
            ends_on=ends,
            review_on=date(ends.year + 1, ends.month, 30),
            language=self.nation.content.language,
        )
        return start_picture(picture, by=self._by(place), at=at, like=last)

    def _put(
        self, picture: Picture, row: dict[str, Any], period: int, *, at: datetime, is_guarded: bool
    ) -> None:
        known = all_known()[row["code"]]
        factor = picture.factors.filter(code=row["code"]).first()
        is_new = factor is None
        factor = factor or Factor(picture=picture, kind=known.kind, code=known.code)
        changes = {
            "level": row["levels"][period],
            "trend": _trend(row["levels"], period),
            "confidence": row["confidence"],
            "basis": row["basis"],
            "note": self._say(row["note"]),
            "language": self.nation.content.language,
        }
        by = self._by(picture.place)
        asked = ["security"] if is_guarded else row["asked"]
        put_factor(factor, changes, asked=asked, revision=factor.revision, by=by, at=at)
        # The last place has nothing to answer with; what it lacks shows as gaps.
        for one in row.get("mechanism", []) if is_new and not is_guarded else []:
            values = {
                "name": self._say(one["name"]),
                "body_kind": one["body"],
                "works": one["works"],
                "language": self.nation.content.language,
            }
            put_mechanism(Mechanism(factor=factor), values, revision=0, by=by, at=at)

    # -- Consultations ------------------------------------------------------------------------

    def _plan_meetings(self, place: Place, *, is_guarded: bool) -> None:
        if is_guarded:
            row = self.words.rows("guarded")[0]
            for turn in range(GUARDED_MEETINGS):
                self.nation.story.ago(20 + 33 * turn, self._hold(place, row))
            return
        for turn in range(4):
            rows = self.words.rows("meeting")
            days = 15 + 80 * turn + self.random.randint(0, 20)
            self.nation.story.ago(days, self._hold(place, rows[turn % len(rows)]))

    def _hold(self, place: Place, row: dict[str, Any]) -> Any:
        more = self.random.randint(0, LEAST)
        present = {kind: persons + more for kind, persons in row["present"].items()}

        def step(at: datetime) -> None:
            plan = Plan.objects.filter(parent=self.nation.plan, place=place).first()
            changed = self._say(row.get("changed"))
            held_on = at.date() - timedelta(days=3)
            values = {
                "owner": self.nation.cast.organisations[self.nation.government(place)],
                "marking": Marking.GREEN,
                "place": place,
                "plan": plan or self.nation.plan,
                "held_on": held_on,
                "about": self._say(row["about"]),
                "said": self._say(row["said"]),
                "changed": changed,
                "feedback_on": at.date() if changed else None,
                "language": self.nation.content.language,
            }
            put_consultation(
                Consultation(), values, present=present, revision=0, by=self._by(place), at=at
            )

        return step

    def _by(self, place: Place) -> Any:
        return self.nation.cast.actor(self.nation.government(place))


def _trend(levels: list[str], period: int) -> str:
    if period == 0:
        return Trend.UNKNOWN
    before, after = (LEVELS.index(levels[n]) for n in (period - 1, period))
    if before == after:
        return Trend.STEADY
    return Trend.RISING if after > before else Trend.FALLING
