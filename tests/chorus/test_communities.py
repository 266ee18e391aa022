"""Which hashtags may be seen, what is told of them, and what they give to think about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.communities import families, tag_advice
from chorus.hashtags import HashtagTable
from chorus.kinds import GROUPS, kind_of
from chorus.labels import mask_of
from chorus.picture import (
    AMPLIFY,
    CRITICISM,
    EVENT,
    HOSTILE,
    OFFICIAL,
    ORGANIC,
    OTHER,
    RIVAL,
    SOLIDARITY_KIND,
    UNKNOWN,
    Advice,
)
from chorus.released import Releasing
from chorus.tag_rows import community_rows, moment, tag_rows
from tests.chorus.observed import SETTINGS, START, Post, observed

UNITY = mask_of("solidarity.unity", "about.about")
NEED = mask_of("information.blood", "about.about")
HATE = mask_of("hostility.hostility")
NEWEST = START + 40


def posts_of(*tags, authors=range(1, 31), labels=UNITY, bucket=NEWEST, **more):
    return [
        Post(author=author, tags=tags, labels=labels, bucket=bucket, **more) for author in authors
    ]


def seen(*groups, hidden=(), has_official=True):
    table = HashtagTable(SETTINGS)
    table.fold(observed([post for group in groups for post in group]))
    releasing = Releasing(table, hidden=hidden, has_official=has_official)
    tags = releasing.tags()
    return releasing, tags, families(releasing, tags)


def advice_of(*groups, **more):
    _, tags, found = seen(*groups, **more)
    return tag_advice(tags, found)


def test_only_tags_of_k_authors_are_seen():
    _, tags, _ = seen(
        posts_of("KitaKuat", authors=range(1, 11)),
        posts_of("NameOfSomebody", authors=range(1, 10)),
        posts_of("Flood", authors=[7] * 500),
    )

    assert [tag.name for tag in tags] == ["KitaKuat"]


def test_a_tag_is_named_as_most_of_its_authors_write_it():
    _, tags, _ = seen(
        posts_of("kitakuat", authors=range(1, 15)), posts_of("KitaKuat", authors=range(20, 50))
    )

    assert [(tag.name, tag.use.authors) for tag in tags] == [("KitaKuat", 44)]


def test_a_tag_that_everybody_writes_in_a_way_of_their_own_is_named_by_its_folded_form():
    ways = ["KitaKuat", "kitaKUAT", "KITAkuat"]
    _, tags, _ = seen(
        *[posts_of(way, authors=range(n * 5, n * 5 + 5)) for n, way in enumerate(ways)]
    )

    assert [tag.name for tag in tags] == ["kitakuat"]


def test_tags_that_the_user_hides_are_nowhere():
    releasing, tags, found = seen(posts_of("KitaKuat", "AmanLim"), hidden={"amanlim"})

    assert [tag.name for tag in tags] == ["KitaKuat"]
    assert (releasing.hidden_tags, found) == (1, [])


def test_what_was_written_before_the_incident_is_in_no_number_but_the_first_time():
    _, (tag,), _ = seen(posts_of("KitaKuat", bucket=START - 50), posts_of("KitaKuat"))

    assert (tag.use.posts, tag.use.authors) == (30, 30)
    assert (tag.life.first, tag.life.last) == (START - 50, NEWEST)


def test_the_life_of_a_tag_has_a_peak_and_a_half_life():
    rise = posts_of("KitaKuat", authors=range(12), bucket=START + 1)
    peak = posts_of("KitaKuat", authors=range(60), bucket=START + 3)
    fall = [posts_of("KitaKuat", authors=range(20), bucket=START + 3 + n) for n in (1, 2, 3, 4)]
    (row,) = tag_rows(seen(rise, peak, *fall)[1], [])

    assert row.peak_at == moment(START + 3)
    assert row.half_life == 30
    # Buckets are counted from the hour of the incident: one to three, four to seven.
    assert [(point.start, point.posts) for point in row.series] == [
        (moment(START), 70),
        (moment(START + 4), 80),
    ]


def test_an_hour_of_a_few_authors_is_hidden_and_cannot_be_told_from_the_total():
    few = posts_of("KitaKuat", authors=range(1, 4), bucket=START)
    many = [posts_of("KitaKuat", authors=range(1, 20 + n), bucket=START + 4 * n) for n in (1, 2, 3)]
    (row,) = tag_rows(seen(few, *many)[1], [])

    assert [point.posts for point in row.series] == [None, None, 20, 20]


def test_a_peak_of_a_few_authors_is_not_told():
    bins = [
        posts_of("KitaKuat", authors=range(n * 4, n * 4 + 4), bucket=START + n) for n in range(5)
    ]

    assert tag_rows(seen(*bins)[1], [])[0].peak_at is None


def test_tags_that_stand_together_are_a_family_beside_the_tag_of_the_event():
    unity = posts_of("KitaKuat", "Bersama", "Rivermouth")
    needs = posts_of("DonorDarah", "Blood", "Rivermouth", labels=NEED, authors=range(40, 80))
    event = posts_of("Rivermouth", labels=mask_of("about.about"), authors=range(100, 400))

    _, tags, found = seen(unity, needs, event)

    rows = community_rows(found)
    assert {frozenset(row.tags) for row in rows} >= {frozenset({"Bersama", "KitaKuat"})}
    by_tag = {tag.tag: tag for tag in tag_rows(tags, found)}
    assert by_tag["KitaKuat"].community == by_tag["Bersama"].community
    assert by_tag["KitaKuat"].community != by_tag["DonorDarah"].community
    unity_row = next(row for row in rows if "KitaKuat" in row.tags)
    assert (unity_row.kind, unity_row.authors, unity_row.posts) == (SOLIDARITY_KIND, 30, 30)


def test_pairs_of_a_few_authors_join_nothing():
    apart = [posts_of("KitaKuat"), posts_of("Bersama", authors=range(40, 70))]
    together = posts_of("KitaKuat", "Bersama", authors=range(1, 10))

    assert seen(*apart, together)[2] == []


@settings(max_examples=20)
@given(st.permutations(range(6)))
def test_families_do_not_depend_on_the_order_of_posts(order):
    groups = [
        posts_of(f"Tag{n}x", f"Tag{n // 2}y", authors=range(n * 20, n * 20 + 20)) for n in range(6)
    ]
    _, tags, found = seen(*(groups[place] for place in order))
    _, same_tags, same = seen(*groups)

    assert community_rows(found) == community_rows(same)
    assert tag_rows(tags, found) == tag_rows(same_tags, same)


def test_a_tag_is_official_when_the_authorities_began_it_or_carry_it():
    begun = posts_of("Hotline", authors=[1], official=True, bucket=START) + posts_of("Hotline")
    carried = posts_of("SafeRoute", bucket=START, authors=range(1, 12)) + posts_of(
        "SafeRoute", official=True, authors=range(30, 60)
    )
    public = posts_of("KitaKuat", bucket=START) + posts_of("KitaKuat", official=True, authors=[99])

    origins = {tag.name: tag.origin for tag in seen(begun, carried, public)[1]}

    assert origins == {"Hotline": OFFICIAL, "SafeRoute": OFFICIAL, "KitaKuat": ORGANIC}
    assert seen(public, has_official=False)[1][0].origin == UNKNOWN


def test_a_living_unity_tag_of_the_public_can_be_carried_further():
    assert advice_of(posts_of("KitaKuat")) == [
        Advice(AMPLIFY, ("KitaKuat",), figures=(("certainty", 1.0),))
    ]


def test_what_is_not_alive_not_unity_or_not_of_the_public_is_not_carried_further():
    silent = posts_of("KitaKuat", bucket=START), posts_of("Hours", labels=0)

    assert advice_of(*silent) == []
    assert advice_of(posts_of("DonorDarah", labels=NEED)) == []
    assert advice_of(posts_of("KitaKuat", official=True)) == []


def test_a_rude_unity_tag_is_as_good_as_any_other():
    assert [advice.code for advice in advice_of(posts_of("DamnTheBombers"))] == [AMPLIFY]


def test_a_unity_tag_that_hostile_posts_use_is_named_as_criticised_and_not_carried_further():
    attacked = posts_of("KitaKuat"), posts_of("KitaKuat", labels=HATE, authors=range(50, 54))
    event = posts_of("Rivermouth", labels=0, authors=range(100, 200))

    (advice,) = advice_of(*attacked, event)

    assert (advice.code, advice.tags) == (CRITICISM, ("KitaKuat",))
    # Where all tags have as many, it is how the head counts, not an attack on this one.
    everywhere = posts_of("Rivermouth", labels=HATE, authors=range(200, 214))
    assert [one.code for one in advice_of(*attacked, event, everywhere)] == [AMPLIFY]


def test_a_hostile_tag_is_hostile_whatever_else_it_carries():
    _, (tag,), _ = seen(posts_of("Out", labels=UNITY | HATE))

    assert tag.use.kind.name == HOSTILE
    assert advice_of(posts_of("Out", labels=UNITY | HATE)) == []


def test_an_official_tag_that_comes_later_and_would_split_a_unity_tag_is_warned_of():
    public = posts_of("KitaKuat", bucket=START + 2) + posts_of("KitaKuat")
    official = posts_of("CityStrong", official=True)
    earlier = posts_of("OldMotto", official=True, bucket=START)

    found = advice_of(public, official, earlier)

    assert [(advice.code, advice.tags) for advice in found] == [
        (AMPLIFY, ("KitaKuat",)),
        (RIVAL, ("KitaKuat", "CityStrong")),
    ]


def test_one_advice_is_enough_for_a_family():
    found = advice_of(posts_of("KitaKuat", "Bersama"), posts_of("Bersama", authors=[50, 51]))

    assert [(advice.tags, advice.community) for advice in found] == [(("Bersama",), 1)]


@pytest.mark.parametrize(
    ("groups", "kind"),
    [
        ({SOLIDARITY_KIND: 60, EVENT: 100}, SOLIDARITY_KIND),
        ({EVENT: 90}, EVENT),
        ({EVENT: 10}, OTHER),
        ({SOLIDARITY_KIND: 60, HOSTILE: 25}, HOSTILE),
        ({}, OTHER),
    ],
)
def test_the_kind_is_what_most_posts_show(groups, kind):
    counts = [groups.get(group, 0) for group in GROUPS]

    assert kind_of(counts, uses=100, authors=80).name == kind


@given(st.lists(st.integers(0, 100), min_size=6, max_size=6), st.integers(0, 300))
def test_a_certainty_is_a_share_and_grows_with_authors(counts, authors):
    one = kind_of(counts, uses=100, authors=authors)
    more = kind_of(counts, uses=100, authors=authors * 2)

    assert 0 <= one.certainty <= more.certainty <= 1


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(0, 60), st.integers(0, 40)), max_size=80
    )
)
def test_numbers_that_are_shown_are_rounded_and_of_k_authors(uses):
    table = HashtagTable(replace(SETTINGS, k=5))
    table.fold(
        observed(
            [Post(author=author, tags=[tag], bucket=START + late) for tag, author, late in uses]
        )
    )
    releasing = Releasing(table)
    authors = {
        tag: len({author for one, author, _ in uses if one == tag and author}) for tag in "abcdef"
    }

    rows = tag_rows(releasing.tags(), [])

    assert {row.tag for row in rows} == {tag for tag in "abcdef" if authors[tag] >= 5}
    for row in rows:
        shown = [point.posts for point in row.series if point.posts is not None]
        assert all(number % 5 == 0 for number in (row.posts, row.spread, row.authors, *shown))
        # What is hidden could be k posts, whatever the total and the shown hours tell.
        hidden = [point for point in row.series if point.posts is None]
        assert (
            not hidden
            or sum(1 for one, *_ in uses if one == row.tag)
            - sum(
                true_uses(uses, row.tag, point.start)
                for point in row.series
                if point.posts is not None
            )
            >= 5 + len(hidden) - 1
        )


def true_uses(uses, tag, start):
    hour = (start - moment(START)) // timedelta(hours=1)
    return sum(1 for one, _, late in uses if one == tag and late // 4 == hour)


def test_a_moment_is_the_beginning_of_its_quarter_of_an_hour():
    assert moment(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment(5) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=75)
