"""The picture a response room sees: plain data in which no person can be found.

Only `Picture` reaches the report, and everything that leaves the library is made from it. A number
is the number of posts unless its name says otherwise; it is rounded, and stands only where at least
k distinct authors are behind it. `None` means hidden, because fewer than k are: never zero.

Times are aware, in UTC; the report turns them into the zone of the incident. Words for people are
not written here: rows carry codes of the code book (`chorus.labels`) or of the lists below, and the
report says them in the reader's language.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

# The pseudo label of a cell that counts every post, whatever it says.
ALL_POSTS: Final = "all"

# Whose a tag is: first used and mostly carried by the public, or by accounts of the authorities.
ORGANIC: Final = "organic"
OFFICIAL: Final = "official"
UNKNOWN: Final = "unknown"
ORIGINS: Final = (ORGANIC, OFFICIAL, UNKNOWN)

EVENT: Final = "event"
REPORTING: Final = "reporting"
NEEDS_KIND: Final = "needs"
SOLIDARITY_KIND: Final = "solidarity"
RUMOUR: Final = "rumour"
HOSTILE: Final = "hostile"
OTHER: Final = "other"
KINDS: Final = (EVENT, REPORTING, NEEDS_KIND, SOLIDARITY_KIND, RUMOUR, HOSTILE, OTHER)

WATCH: Final = "watch"
ALERT: Final = "alert"
LEVELS: Final = (WATCH, ALERT)

# What a burst is a burst of.
TAG: Final = "tag"
LABEL: Final = "label"
CLAIM_CLUSTER: Final = "claim"
SUBJECTS: Final = (TAG, LABEL, CLAIM_CLUSTER)

# The advice there is. None of it touches a person, and none of it blocks or takes down.
AMPLIFY: Final = "amplify"  # a unity tag of the public: ask its community, then carry it further
RIVAL: Final = "rival"  # an official tag of the same kind came later and would split it
CRITICISM: Final = "criticism"  # a unity tag is also criticised: read why before carrying it
CALL_COMMUNITIES: Final = "call_communities"  # hostility has more than doubled: call the contact
CHECK_CLAIM: Final = "check_claim"  # a claim waits for a check; its clock runs
ADVICE: Final = (AMPLIFY, RIVAL, CRITICISM, CALL_COMMUNITIES, CHECK_CLAIM)


@dataclass(frozen=True)
class Incident:
    """What happened, as far as the library is told: a moment and the zone of its clock."""

    at: datetime
    zone: str
    name: str = ""


@dataclass(frozen=True)
class Settings:
    """What was in force when the picture was made. `places` and the others say what was given."""

    k: int = 10
    rounding: int = 5
    heads: str = "shipped"
    places: bool = False
    official_accounts: int = 0
    hidden_tags: int = 0


@dataclass(frozen=True)
class LedgerRow:
    """Posts that left the way at one step, for one reason. `step` is `reading`, `forgetting`..."""

    step: str
    reason: str
    posts: int


@dataclass(frozen=True)
class Ledger:
    """What became of every post: `read` is `kept` and all that was `dropped`, added up.

    Of the kept posts, `before` were written before the incident: they are the baseline and stand in
    no table. `authors` is the least number of distinct authors behind the picture, rounded; None
    when hidden. `share_read` is the part of the input read so far, 0 to 1; None when nobody knows.
    """

    read: int
    kept: int
    dropped: tuple[LedgerRow, ...] = ()
    before: int = 0
    reposts: int = 0
    authors: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    share_read: float | None = None
    is_complete: bool = True


@dataclass(frozen=True)
class Coarseness:
    """How fine a table is, and why: the finest grid that leaves more than half of what there is.

    `minutes` is the length of a time bucket, None for the whole time. `place` is `city`, `region`,
    `country` or None, `language` whether languages stand apart. `hidden_share` is the share of the
    posts in hidden cells, 0 to 1, rounded; `reason` a code: `asked`, `too_few`.
    """

    minutes: int | None = None
    place: str | None = None
    language: bool = False
    hidden_share: float = 0.0
    reason: str = "asked"


@dataclass(frozen=True)
class Cell:
    """One number: a time bucket x language x place x label. A part that is None stands for all.

    `low` and `high` bound the posts by the error that the head's card states; both None when the
    card states none, and always where the cell is hidden.
    """

    label: str
    start: datetime | None = None
    language: str | None = None
    place: str | None = None
    posts: int | None = None
    spread: int | None = None
    authors: int | None = None
    low: int | None = None
    high: int | None = None

    @property
    def is_hidden(self) -> bool:
        return self.posts is None


@dataclass(frozen=True)
class Table:
    """Cells of one grid. Cells without any post are not listed; hidden ones are."""

    cells: tuple[Cell, ...] = ()
    coarseness: Coarseness = Coarseness()

    @property
    def hidden(self) -> int:
        return sum(cell.is_hidden for cell in self.cells)


@dataclass(frozen=True)
class Share:
    """A part of a whole, 0 to 1, rounded to 0.05: 40 % of the posts are in Arabic."""

    name: str
    share: float


@dataclass(frozen=True)
class Point:
    """A time bucket of a small series; posts None where hidden."""

    start: datetime
    posts: int | None


@dataclass(frozen=True)
class TagRow:
    """A hashtag that at least k distinct authors used, in its most used spelling, without the #.

    `first_at` is to the quarter of an hour. `half_life` is in minutes: from the peak until half of
    the posts after it were written; None before there is anything after the peak. `certainty` of
    the kind is 0 to 1. `community` is the number of a `CommunityRow`, None for a tag on its own.
    """

    tag: str
    posts: int
    spread: int
    authors: int
    first_at: datetime
    last_at: datetime
    peak_at: datetime | None = None
    half_life: int | None = None
    origin: str = UNKNOWN
    kind: str = OTHER
    certainty: float = 0.0
    kinds: tuple[Share, ...] = ()
    languages: tuple[Share, ...] = ()
    community: int | None = None
    series: tuple[Point, ...] = ()


@dataclass(frozen=True)
class CommunityRow:
    """Hashtags that are used together. The first tag is the most used one; it names the family.

    `authors` counts nobody twice; `posts` is at least this many, since a post may carry three tags
    of a family.
    """

    number: int
    tags: tuple[str, ...]
    posts: int
    authors: int
    first_at: datetime
    last_at: datetime
    origin: str = UNKNOWN
    kind: str = OTHER
    certainty: float = 0.0
    kinds: tuple[Share, ...] = ()
    peak_at: datetime | None = None
    half_life: int | None = None
    is_alive: bool = False


@dataclass(frozen=True)
class Advice:
    """Something to think about, with what it rests on. A person decides; nothing is done by itself.

    `code` is one of `ADVICE`; `tags` the tag it is about and, for `rival`, the later one;
    `claim` and `community` the numbers of the rows it rests on; `figures` name what was measured,
    such as `("ratio", 2.4)`; `due_at` when a clock runs.
    """

    code: str
    tags: tuple[str, ...] = ()
    community: int | None = None
    claim: int | None = None
    label: str | None = None
    place: str | None = None
    figures: tuple[tuple[str, float], ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True)
class BurstRow:
    """Something written about far more than just before.

    It lasts from `start` on and is strongest at `peak_at`. `z` is the distance from what was
    expected, in standard deviations at the peak, a whole number, and 10 for more. `posts` and
    `authors` are those of the time bucket of the picture in which the peak lies, not of the peak's
    quarter-hour itself, which could be subtracted from it; `expected` what such a bucket would have
    had; all None when hidden. `is_seconded` tells whether the second method (Kleinberg) agrees,
    None when it was not asked. `name` is a tag, a label's key, or a claim's number.
    """

    subject: str
    name: str
    level: str
    start: datetime
    peak_at: datetime
    z: float
    posts: int | None = None
    authors: int | None = None
    expected: float | None = None
    is_seconded: bool | None = None


@dataclass(frozen=True)
class ClaimRow:
    """A checkable statement that spreads: a candidate for the claims register, not a verdict.

    `text` stands only where at least k distinct authors posted exactly these words; otherwise the
    claim is counts alone. `variants` is how many wordings it has, rounded; `growth` the posts of
    the last hour over those of the hour before, None when either is hidden. `triage` is in minutes.
    """

    number: int
    posts: int
    spread: int
    authors: int
    first_at: datetime
    last_at: datetime
    triage: int
    due_at: datetime
    harm: str | None = None
    text: str | None = None
    variants: int | None = None
    growth: float | None = None
    languages: tuple[Share, ...] = ()


@dataclass(frozen=True)
class HostilityRow:
    """Hostility towards a kind of group, against what was usual. Never a post, never a person.

    `label` is `hostility.hostility` or a target, `place` None for everywhere. `usual` is the posts
    of a time as long as `hours` before the incident; with no baseline it and `ratio` are None.
    """

    label: str
    hours: int
    place: str | None = None
    posts: int | None = None
    authors: int | None = None
    low: int | None = None
    high: int | None = None
    usual: float | None = None
    ratio: float | None = None
    is_raised: bool = False


@dataclass(frozen=True)
class PlaceName:
    """A place of the gazetteer: its name in each language that the gazetteer has one in."""

    id: str
    level: str
    names: tuple[tuple[str, str], ...]
    parent: str | None = None


@dataclass(frozen=True)
class CardFigure:
    """A score of a head: on which test, in which language (None for all), with its interval."""

    test: str
    measure: str
    value: float
    low: float | None = None
    high: float | None = None
    language: str | None = None


@dataclass(frozen=True)
class Card:
    """What is known of a head: how it was made, how well it does, and where it fails."""

    head: str
    version: str
    licence: str = ""
    trained_on: tuple[str, ...] = ()
    figures: tuple[CardFigure, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """A remark for the reader, as a code with its figures, such as `early` or `no_baseline`."""

    code: str
    figures: tuple[tuple[str, float | str], ...] = ()


@dataclass(frozen=True)
class Picture:
    """All that a report shows.

    `needs` and `solidarity` hold one cell a label over the whole time; `series` the same labels and
    all posts (`ALL_POSTS`) over time; `places` and `languages` each label by place and by language.
    """

    incident: Incident
    made_at: datetime
    settings: Settings
    ledger: Ledger
    coarseness: Coarseness
    needs: Table = Table()
    solidarity: Table = Table()
    hostility: tuple[HostilityRow, ...] = ()
    claims: tuple[ClaimRow, ...] = ()
    tags: tuple[TagRow, ...] = ()
    communities: tuple[CommunityRow, ...] = ()
    advice: tuple[Advice, ...] = ()
    bursts: tuple[BurstRow, ...] = ()
    series: Table = Table()
    places: Table = Table()
    languages: Table = Table()
    cards: tuple[Card, ...] = ()
    notes: tuple[Note, ...] = ()
    place_names: tuple[PlaceName, ...] = ()
