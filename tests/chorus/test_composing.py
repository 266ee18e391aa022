"""The picture holds what a state says of k authors and more, rounded, and nothing else."""

import json
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.cards import Cards, Figure, HeadCard
from chorus.claims import TRIAGE_MINUTES
from chorus.composing import Asked, picture_of
from chorus.foldable import OBSERVED
from chorus.labels import HARM, HEADS, mask_of
from chorus.picture import CALL_COMMUNITIES, CHECK_CLAIM, LABEL, TAG, Cell
from chorus.places import Gazetteer, Place
from chorus.state import State
from chorus.tag_rows import moment
from tests.chorus.observed import SETTINGS, START, Post, observed

NOW = datetime(2026, 6, 2, tzinfo=UTC)
BLOOD = mask_of("information.blood")
HATE = mask_of("hostility.hostility", "target.faith")
CLAIM = mask_of("claim.claim", "harm.retaliation")
PLACES = Gazetteer.of(
    [
        Place("N", "country", {"en": "Nusaria"}),
        Place("R", "city", {"en": "Rivermouth", "id": "Muara"}, parent="N"),
    ]
)
# Hashes of authors lie all over their 64 bits.
MIX = 0x9E3779B97F4A7C15
COUNTED = {"posts", "spread", "authors", "variants", "low", "high"}


def people(posts):
    """Return the posts with authors as the first step makes them, and an id each."""
    return [
        replace(post, author=post.author * MIX % 2**64, id=post.id or number)
        for number, post in enumerate(posts, start=1)
    ]


def state_of(posts, **more):
    state = State(replace(SETTINGS, **more))
    state.fold(observed(people(posts)))
    return state


def picture(*groups, cards=None, **asked):
    posts = [post for group in groups for post in group]
    return picture_of(state_of(posts), cards, NOW, Asked(**asked))


def by(authors, bucket=START + 4, **more):
    return [Post(author=author, bucket=bucket, **more) for author in authors]


def test_an_empty_state_gives_an_empty_picture():
    empty = picture_of(State(SETTINGS), None, NOW)

    assert (empty.needs.cells, empty.tags, empty.claims, empty.bursts) == ((), (), (), ())
    assert (empty.ledger.read, empty.ledger.first_at) == (0, None)
    assert "few_posts" in {note.code for note in empty.notes}


def test_needs_are_counted_with_the_error_bar_of_their_head():
    figure = Figure(
        "information.blood", "all", "events", 0.6, 0.5, 0.7, 0.5, 0.8, 900, (0.8, 0.5, 1.2)
    )
    cards = Cards((HeadCard("information", "1", "MIT", ("ours",), ("irony",), (figure,)),))

    needs = picture(by(range(1, 41), labels=BLOOD), cards=cards).needs

    assert needs.cells == (
        Cell("information.blood", posts=40, spread=0, authors=40, low=20, high=50),
    )


def test_a_need_of_a_few_people_is_hidden_and_never_zero():
    found = picture(by(range(1, 41)), by(range(1, 7), labels=BLOOD))

    (cell,) = found.needs.cells
    assert (cell.posts, cell.authors, cell.is_hidden) == (None, None, True)


def test_every_post_is_accounted_for():
    posts = [*by(range(1, 31), bucket=START - 9), *by(range(1, 41)), *by(range(1, 11), repost=True)]
    ledger = picture(posts).ledger

    assert (ledger.read, ledger.kept, ledger.before, ledger.reposts) == (80, 80, 30, 10)
    assert (ledger.first_at, ledger.last_at) == (moment(START + 4), moment(START + 4))


def test_places_and_languages_have_their_names():
    found = picture(
        by(range(1, 41), labels=BLOOD, place=2, language=4),
        by(range(1, 31), labels=BLOOD, place=1, language=1),
        gazetteer=PLACES,
    )

    places = {cell.place: cell.posts for cell in found.places.cells if cell.label != "all"}
    assert places == {"R": 40, "N": 30}
    assert [place.id for place in found.place_names] == ["N", "R"]
    languages = {cell.language: cell.posts for cell in found.languages.cells if cell.label != "all"}
    assert languages == {"id": 40, "ar": 30}


def test_hostility_that_more_than_doubles_asks_for_a_call():
    usual = [by(range(1, 13), bucket=START - 4 * n, labels=HATE) for n in range(1, 30)]
    now = [by(range(n * 40, n * 40 + 40), bucket=START + n, labels=HATE) for n in range(4)]

    found = picture(*usual, *now)

    row = found.hostility[0]
    assert (row.label, row.posts, row.usual, row.is_raised) == (
        "hostility.hostility",
        160,
        10.0,
        True,
    )
    assert row.ratio == 16.0
    (advice,) = [advice for advice in found.advice if advice.code == CALL_COMMUNITIES]
    assert (advice.label, advice.figures) == ("hostility.hostility", (("ratio", 16.0),))


def test_hostility_as_usual_asks_for_nothing():
    steady = [by(range(1, 41), bucket=START + 4 * n, labels=HATE) for n in range(-30, 4)]

    found = picture(*steady)

    assert [row.is_raised for row in found.hostility] == [False, False]
    assert found.advice == ()


def test_without_a_day_before_the_incident_there_is_no_trend():
    found = picture(by(range(1, 41), bucket=START - 2, labels=HATE), by(range(1, 41), labels=HATE))

    assert {(row.usual, row.ratio, row.is_raised) for row in found.hostility} == {
        (None, None, False)
    }
    assert "no_baseline" in {note.code for note in found.notes}


def test_after_more_than_a_day_the_trend_is_that_of_the_last_day():
    first = by(range(1, 201), bucket=START + 1, labels=HATE)
    last = by(range(1, 41), bucket=START + 300, labels=HATE)

    row = picture(first, last).hostility[0]

    assert (row.posts, row.hours) == (40, 24)


def test_a_claim_is_shown_with_its_words_only_where_k_people_wrote_exactly_them():
    said = "the second bomb is at the school"
    found = picture(
        by(range(1, 41), exact=5, labels=CLAIM, text=said),
        by(range(41, 44), exact=6, labels=CLAIM, text="only a few say this"),
        by(range(1, 101)),
    )

    (claim,) = found.claims
    assert (claim.text, claim.posts, claim.harm) == (said, 40, "harm.retaliation")
    assert (claim.triage, claim.due_at) == (30, moment(START + 4 + 1 + 2))
    assert [(advice.code, advice.claim) for advice in found.advice] == [(CHECK_CLAIM, 1)]


def test_a_claim_in_many_wordings_is_counts_alone():
    texts = [Post(author=n, exact=9, labels=CLAIM, bucket=START + 1) for n in range(1, 41)]
    alike = [replace(post, exact=9 + n % 8) for n, post in enumerate(texts)]
    rows = observed(people(alike))
    same = rows["signature"][0].as_py()
    rows = rows.set_column(6, OBSERVED.field("signature"), pa.array([same] * 40, pa.binary(64)))
    state = State(SETTINGS)
    state.fold(rows)

    (claim,) = picture_of(state, None, NOW).claims

    assert (claim.text, claim.posts, claim.authors, claim.variants) == (None, 40, 40, 10)


def test_a_claim_grows_when_this_hour_has_more_than_the_one_before():
    before = by(range(1, 21), exact=5, labels=CLAIM, bucket=START + 4, text="x")
    now = by(range(1, 61), exact=5, labels=CLAIM, bucket=START + 8, text="x")

    assert picture(before, now).claims[0].growth == 3.0
    assert picture(now).claims[0].growth is None


def test_every_harm_has_a_clock_and_the_gravest_have_half_an_hour():
    assert set(TRIAGE_MINUTES) == {f"{HARM}.{name}" for name in HEADS[HARM]}
    assert {key for key, minutes in TRIAGE_MINUTES.items() if minutes == 30} == {
        "harm.retaliation",
        "harm.obstructs_responders",
    }


def test_what_breaks_out_is_told_with_numbers_of_longer_times_only():
    quiet = [by([1, 2, 3], bucket=START + n, labels=BLOOD) for n in range(-40, 8)]
    burst = by(range(10, 60), bucket=START + 8, labels=BLOOD, tags=["DonorDarah"])

    found = {row.subject: row for row in picture(*quiet, burst).bursts}

    assert set(found) == {LABEL, TAG}
    assert (found[LABEL].name, found[LABEL].level, found[LABEL].z) == (
        "information.blood",
        "alert",
        10,
    )
    assert (found[TAG].name, found[TAG].posts) == ("DonorDarah", 50)
    assert found[TAG].start == moment(START + 8)


def test_one_account_that_floods_is_in_no_burst_and_no_tag():
    quiet = [by([1, 2, 3], bucket=START + n, labels=BLOOD) for n in range(-40, 8)]
    flood = by([7] * 900, bucket=START + 8, labels=BLOOD | CLAIM, tags=["Flood"], text="flood")

    found = picture(*quiet, flood)

    assert (found.bursts, found.tags, found.claims) == ((), (), ())


def test_the_picture_says_how_far_reading_came_and_what_was_asked():
    found = picture(
        by(range(1, 41)),
        zone="Asia/Jakarta",
        share_read=0.25,
        is_complete=False,
        official_accounts=3,
        hidden_tags=frozenset({"amanlim"}),
    )

    assert (found.incident.zone, found.made_at) == ("Asia/Jakarta", NOW)
    assert (found.ledger.share_read, found.ledger.is_complete) == (0.25, False)
    assert (found.settings.official_accounts, found.settings.hidden_tags) == (3, 1)
    assert {note.code for note in found.notes} == {"early", "no_baseline"}


POSTS = st.builds(
    Post,
    bucket=st.integers(START - 30, START + 60),
    author=st.integers(0, 30),
    labels=st.sampled_from([0, BLOOD, HATE, CLAIM, CLAIM | BLOOD]),
    language=st.integers(0, 5),
    place=st.integers(0, 2),
    repost=st.booleans(),
    exact=st.integers(1, 6),
    text=st.just("some words"),
    tags=st.lists(st.sampled_from(["KitaKuat", "Out", "\u202eRtl\u200d"]), max_size=2),
)


def numbers_of(value, name=""):
    """Give every number of a picture with the name of its field."""
    if is_dataclass(value):
        for field in fields(value):
            yield from numbers_of(getattr(value, field.name), field.name)
    elif isinstance(value, tuple):
        for part in value:
            yield from numbers_of(part, name)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, value


@settings(max_examples=30)
@given(st.lists(POSTS, max_size=120), st.randoms())
def test_any_posts_give_a_rounded_picture_that_does_not_depend_on_their_order(posts, chance):
    posts = people(posts)
    shuffled = list(posts)
    chance.shuffle(shuffled)
    one, other = State(SETTINGS), State(SETTINGS)
    one.fold(observed(posts))
    for start in range(0, len(shuffled), 17):
        other.fold(observed(shuffled[start : start + 17]))

    found = picture_of(one, None, NOW, Asked(gazetteer=PLACES))

    assert picture_of(other, None, NOW, Asked(gazetteer=PLACES)) == found
    tables = (found.needs, found.series, found.tags, found.communities, found.claims, found.places)
    assert all(value % 5 == 0 for name, value in numbers_of(tables) if name in COUNTED)
    json.dumps(asdict(found), default=str)


@pytest.mark.parametrize("few", [1, 5, 9])
def test_a_few_people_alone_leave_an_empty_picture(few):
    posts = by(range(1, few + 1), labels=CLAIM | BLOOD | HATE, tags=["Secret"], text="secret words")
    found = picture(posts)

    assert "ecret" not in str(found)
    shown = numbers_of((found.needs, found.series, found.places, found.hostility, found.bursts))
    assert [name for name, _ in shown if name in COUNTED] == []
