"""The picture, put together from a state: the one way by which anything leaves it.

Each part takes what suppression lets go, or counts k distinct authors itself and rounds. What is
shown together is released together, so that tables cannot be subtracted from each other.
"""

from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from chorus.burst_rows import Window, label_bursts, tag_bursts, window_of
from chorus.cards import ALL_LANGUAGES, Cards, HeadCard
from chorus.cells import ALL_POSTS, WHOLE, Grid
from chorus.claims import Claims, claim_advice, claim_bursts, claims_of
from chorus.communities import families, tag_advice
from chorus.hostility import (
    baseline_of,
    hostility_advice,
    hostility_rows,
    latest,
)
from chorus.labels import HEADS, INFORMATION, NEEDS, SOLIDARITY
from chorus.picture import (
    Card,
    CardFigure,
    HostilityRow,
    Incident,
    Ledger,
    LedgerRow,
    Note,
    Picture,
    PlaceName,
    Settings,
    Table,
)
from chorus.picture_tables import coarseness_of, table_of
from chorus.places import LEVELS, Gazetteer
from chorus.released import Releasing
from chorus.state import State
from chorus.suppression import ROUNDED_TO, Release, release_table
from chorus.tag_rows import community_rows, moment, tag_rows

NEED_KEYS: Final = tuple(f"{INFORMATION}.{name}" for name in NEEDS)
INFORMATION_KEYS: Final = tuple(f"{INFORMATION}.{name}" for name in HEADS[INFORMATION])
SOLIDARITY_KEYS: Final = tuple(f"{SOLIDARITY}.{name}" for name in HEADS[SOLIDARITY])
TREND_HOURS: Final = 24


@dataclass(frozen=True)
class Asked:
    """What the user said besides the posts, and how far reading has come."""

    zone: str = "UTC"
    name: str = ""
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    official_accounts: int = 0
    hidden_tags: Collection[str] = ()
    heads: str = "shipped"
    share_read: float | None = None
    is_complete: bool = True


def picture_of(
    state: State, cards: Cards | None, now: datetime, asked: Asked | None = None
) -> Picture:
    """Return all that may be seen of a state. `now` only stands in the picture as its time."""
    # Clusters of texts and tables of cells share nothing; each takes a second on a long stream.
    with ThreadPoolExecutor(max_workers=1) as beside:
        claims = beside.submit(claims_of, state)
        return _Composing(state, cards, asked or Asked()).picture(now, claims)


class _Composing:
    def __init__(self, state: State, cards: Cards | None, asked: Asked) -> None:
        self.state = state
        self.cards = cards
        self.asked = asked
        self.k = state.settings.k
        self.incident = state.settings.incident_bucket
        self.release = self._release()
        self.series = self._table("by_time")
        self.tags = Releasing(
            state.hashtags,
            hidden=asked.hidden_tags,
            has_official=asked.official_accounts > 0,
        )
        self.hours = max(1, round((state.cells.newest + 1 - self.incident) / 4))

    def picture(self, now: datetime, clustered: Future[Claims]) -> Picture:
        tags = self.tags.tags()
        found = families(self.tags, tags)
        hostility = tuple(self._hostility())
        claims = clustered.result()
        window = window_of(self.state.cells, incident=self.incident)
        return Picture(
            incident=self._incident(),
            made_at=now,
            settings=self._settings(),
            ledger=self._ledger(),
            coarseness=coarseness_of(self.release.by_time),
            needs=self._table("total", INFORMATION_KEYS),
            solidarity=self._table("total", SOLIDARITY_KEYS),
            hostility=hostility,
            claims=claims.rows,
            tags=tag_rows(tags, found),
            communities=community_rows(found),
            advice=(
                *claim_advice(claims.rows),
                *hostility_advice(hostility),
                *tag_advice(tags, found),
            ),
            bursts=(
                ()
                if window is None
                else (
                    *label_bursts(self.state.cells, self.series, window, k=self.k),
                    *claim_bursts(claims, self.state, window),
                    *tag_bursts(self.state.hashtags, tags, window),
                )
            ),
            series=self.series,
            places=self._table("by_place"),
            languages=self._table("by_language"),
            cards=() if self.cards is None else tuple(map(_card, self.cards.cards)),
            notes=tuple(self._notes(window, hostility)),
            place_names=tuple(self._place_names()),
        )

    def _release(self) -> Release:
        gazetteer = self.asked.gazetteer
        finest_first = tuple(reversed(LEVELS)) if gazetteer.places else ()
        return release_table(
            self.state.cells,
            k=self.k,
            since=self.incident,
            places={level: gazetteer.coarser(level) for level in finest_first},
        )

    def _table(self, name: str, keys: Collection[str] | None = None) -> Table:
        return table_of(
            getattr(self.release, name),
            cards=self.cards,
            gazetteer=self.asked.gazetteer,
            keys=keys,
        )

    def _incident(self) -> Incident:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
            microseconds=self.state.settings.incident_at
        )
        return Incident(at, self.asked.zone, self.asked.name)

    def _settings(self) -> Settings:
        return Settings(
            k=self.k,
            rounding=ROUNDED_TO,
            heads=self.asked.heads,
            places=bool(self.asked.gazetteer.places),
            official_accounts=self.asked.official_accounts,
            hidden_tags=len(self.asked.hidden_tags),
        )

    def _ledger(self) -> Ledger:
        ledger = self.state.ledger
        (all_posts,) = self._table("total", ("all",)).cells or (None,)
        before = self.state.cells.table(_whole(), before=self.incident).filter(label=ALL_POSTS)
        after = self.state.cells.table(_whole(), since=self.incident).filter(label=ALL_POSTS)
        has_posts = not after.is_empty()
        return Ledger(
            read=ledger.read,
            kept=ledger.kept,
            dropped=tuple(
                LedgerRow(step, reason, posts)
                for (step, reason), posts in sorted(ledger.dropped.items())
            ),
            before=int((before["posts"] + before["spread"]).sum()),
            reposts=int(after["spread"].sum()),
            authors=None if all_posts is None else all_posts.authors,
            first_at=moment(int(after["bucket"][0])) if has_posts else None,
            last_at=moment(self.state.cells.newest) if has_posts else None,
            share_read=self.asked.share_read,
            is_complete=self.asked.is_complete,
        )

    def _hostility(self) -> Iterator[HostilityRow]:
        """Give the rows of everywhere and of each place, of the last day or since the incident."""
        places = self.release.by_place
        gazetteer = self.asked.gazetteer
        place_of = (
            np.zeros(1, np.uint32) if places.level is None else gazetteer.coarser(places.level)
        )
        baseline = baseline_of(self.state.cells, incident=self.incident, place_of=place_of)
        if self.hours <= TREND_HOURS:
            tables, hours = [self._table("total"), self._table("by_place")], self.hours
        else:
            since = moment(self.state.cells.newest - TREND_HOURS * 4 + 1)
            tables = [latest(self._table(name), since) for name in ("by_time", "by_place_and_time")]
            hours = TREND_HOURS
        return iter(
            hostility_rows(
                tables, baseline, hours=hours, k=self.k, gazetteer=gazetteer, cards=self.cards
            )
        )

    def _notes(self, window: Window | None, hostility: tuple[HostilityRow, ...]) -> Iterator[Note]:
        if not self.asked.is_complete:
            yield Note("early")
        if not any(
            cell.label == "all" and not cell.is_hidden for cell in self._table("total").cells
        ):
            yield Note("few_posts")
        if all(row.usual is None for row in hostility):
            yield Note("no_baseline")
        if not self.asked.official_accounts:
            yield Note("no_official_accounts")
        if self.tags.unnamed:
            yield Note("unnamed_tags", (("tags", self.tags.unnamed),))
        yield from (
            Note(f"dropped_{name}", ((name, number),))
            for name, number in self.state.hashtags.gone.items()
            if number
        )
        if self.state.ledger.counted_twice:
            yield Note("counted_twice", (("posts", self.state.ledger.counted_twice),))

    def _place_names(self) -> Iterator[PlaceName]:
        for id_ in sorted({cell.place for cell in self._table("by_place").cells if cell.place}):
            named = self.asked.gazetteer.name_of(self.asked.gazetteer.row_of[id_])
            if named is not None:
                yield named


def _whole() -> Grid:
    return Grid(WHOLE, by_language=False, place_of=np.zeros(1, np.uint32))


def _card(card: HeadCard) -> Card:
    """Return what the report shows of a card: its figures for the whole head."""
    return Card(
        head=card.head,
        version=card.version,
        licence=card.licence,
        trained_on=card.trained_on,
        figures=tuple(
            CardFigure(
                test=figure.test,
                measure="f1",
                value=round(figure.f1, 3),
                low=round(figure.low, 3),
                high=round(figure.high, 3),
                language=None if figure.language == ALL_LANGUAGES else figure.language,
            )
            for figure in card.figures
            if figure.name in {card.head, f"{card.head}.{card.head}"}
        ),
        failures=card.failures,
    )
