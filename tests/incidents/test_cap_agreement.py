"""The languages of one alert must say the same; what differs is named."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tansiq.incidents.cap.agreement import differences, said_twice
from tansiq.incidents.cap.message import Area
from tansiq.incidents.cap.values import Category, Certainty, Response, Severity, Urgency
from tests.incidents.alerts import SENT, SQUARE, info, infos


def differing(**changes):
    return {each.field for each in differences([info("en"), info("ar", **changes)])}


def test_languages_that_say_the_same_do_not_differ():
    assert differences([info("en"), info("fil"), info("ar")]) == []
    assert differences([info("en")]) == []
    assert differences([]) == []


def test_each_difference_is_named():
    later = SENT + dt.timedelta(hours=1)
    elsewhere = (Area("السوق", polygons=(tuple((a, b + 1) for a, b in SQUARE),)),)

    assert differing(categories=(Category.SAFETY,)) == {"category"}
    assert differing(urgency=Urgency.PAST) == {"urgency"}
    assert differing(severity=Severity.MINOR) == {"severity"}
    assert differing(certainty=Certainty.LIKELY) == {"certainty"}
    assert differing(responses=(Response.SHELTER,)) == {"responseType"}
    assert differing(effective=later) == {"effective"}
    assert differing(onset=later) == {"onset"}
    assert differing(expires=later) == {"expires"}
    assert differing(areas=elsewhere) == {"area"}
    assert differing(areas=()) == {"area"}
    assert differing(headline=" ") == {"headline"}
    assert differing(instruction="") == {"instruction"}
    assert differing(description="شرح") == {"description"}


def test_words_may_differ_and_lists_may_stand_in_another_order():
    two = (Category.FIRE, Category.SECURITY)

    english = info("en", categories=two)
    arabic = info("ar", categories=two[::-1], areas=(Area("السوق القديم", polygons=(SQUARE,)),))

    assert differences([english, arabic]) == []


def test_a_number_that_only_one_language_has_is_named_in_whatever_digits():
    english = info("en", description="Closed until 18:00, within 500 m")
    arabic = info("ar", description="مغلق حتى ١٨:٠٠ ضمن ٥٠٠ م")
    wrong = info("ar", description="مغلق حتى ١٩:٠٠ ضمن ٥٠٠ م")

    assert differences([english, arabic]) == []
    (found,) = differences([english, wrong])
    assert (found.field, found.first, found.other) == ("numbers", "0, 18, 500", "0, 19, 500")


def test_a_difference_says_what_each_language_says():
    (found,) = differences([info("en"), info("ar", severity=Severity.MINOR)])

    assert (found.first_language, found.first) == ("en", "Severe")
    assert (found.language, found.other) == ("ar", "Minor")


def test_the_same_moment_in_another_zone_is_no_difference():
    expires = info().expires

    assert differing(expires=expires.astimezone(dt.UTC)) == set()


def test_a_language_that_stands_twice_is_named():
    assert said_twice([info("en"), replace(info(), language="EN"), info("ar")]) == ["en"]
    assert said_twice([info("en"), info("fil")]) == []


@given(infos, st.lists(st.sampled_from(["en", "ar", "id"]), max_size=3))
def test_copies_of_any_info_agree_with_it(some, languages):
    assert differences([some, *(replace(some, language=each) for each in languages)]) == []
