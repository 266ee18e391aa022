import pytest

from tansiq.core.models import SearchEntry
from tansiq.core.search import Text, find, put, take_out
from tansiq.core.words import words_of

pytestmark = pytest.mark.django_db

TEXTS = [
    Text("plans.plan", 1, "en", "National action plan", "Preventing violent extremism in cities"),
    Text("plans.plan", 2, "id", "Rencana aksi daerah", "Pencegahan ekstremisme di sekolah"),
    Text("plans.plan", 3, "ar", "خطة العمل الوطنية", "الوقاية من التطرّف العنيف في المدارس"),
    Text("plans.plan", 4, "fr", "Plan d'action communal", "Prévention dans les écoles"),
    Text("plans.plan", 5, "fil", "Plano ng lungsod", "Pag-iwas sa marahas na ekstremismo"),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("plan", {1, 4, 5}),
        ("extremist cities", {1}),
        ("cegah", {2}),
        ("sekolah", {2}),
        ("pencegahan", {2}),
        ("ecole", {4}),
        ("préventions", {1, 4}),
        ("المدارس", {3}),
        ("التطرف", {3}),
        ("الوطنيه", {3}),
        ("lungsod", {5}),
        ("PLANO", {5}),
        ("nothing at all like this", set()),
        ("", set()),
        ('" OR 1=1 --', set()),
        ("a'b:*&|!()", set()),
    ],
)
def test_find_gives_exactly_what_matches(query, expected):
    put(TEXTS)

    found = {pk for _kind, pk in find(query)}

    assert found == expected


def test_title_counts_more_than_text():
    put([Text("a", 1, "en", "Other", "schools schools"), Text("a", 2, "en", "Schools", "other")])

    assert find("school") == [("a", 2), ("a", 1)]


def test_an_object_in_two_languages_is_one_find():
    put([Text("a", 1, "en", "Plan"), Text("a", 1, "fr", "Plan")])

    assert find("plan") == [("a", 1)]


def test_put_again_replaces_and_take_out_removes():
    put([Text("a", 1, "en", "Old words")])
    put([Text("a", 1, "en", "New words")])

    assert find("old") == []
    assert find("new") == [("a", 1)]
    take_out("a", [1])
    assert find("new") == []
    assert not SearchEntry.objects.exists()


def test_words_have_one_spelling():
    assert words_of("Écoles ÉCOLES") == ["ecoles", "ecoles"]
    assert words_of("أُمَّـــة") == words_of("امه")
