"""The six catalogues: in step with the source, complete, and safe to fill in."""

import re
from collections import Counter
from gettext import c2py

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings

from tests.architecture.source import PLATFORM
from tools import messages

TEMPLATE = messages.template_of(PLATFORM)
every_language = pytest.mark.parametrize("language", messages.LANGUAGES)

# What must survive translation: named placeholders, tags, entities.
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")


def keys(catalogue):
    return {(message.context, message.id) for message in catalogue if message.id}


def not_in_step(catalogue, template):
    """Return what the source says and the catalogue does not, and the other way round."""
    return {"missing": keys(template) - keys(catalogue), "stale": keys(catalogue) - keys(template)}


def sources_and_forms(message):
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    return sources, [form for form in forms if form]


def unsafe(catalogue):
    """Return the translations that lose or invent a placeholder, a tag, or an outer space."""
    return {
        message.id: form
        for message in catalogue
        if message.id
        for form in sources_and_forms(message)[1]
        if not is_safe(form, sources_and_forms(message)[0])
    }


def is_safe(form, sources):
    wanted, given = set(PLACEHOLDER.findall(sources[-1])), set(PLACEHOLDER.findall(form))
    # A form for exactly one or two may say the number in words.
    may_lack = 1 if len(sources) > 1 else 0
    return (
        given <= wanted
        and len(wanted - given) <= may_lack
        and Counter(TAG.findall(form)) == Counter(TAG.findall(sources[-1]))
        and (form != form.strip()) == (sources[-1] != sources[-1].strip())
        and ("%" not in PLACEHOLDER.sub("", form).replace("%%", "") or not wanted)
    )


def wrong_plurals(catalogue):
    """Return the strings that have another number of forms than their language."""
    return [
        message.id
        for message in catalogue
        if message.id and message.pluralizable and len(message.string) != catalogue.num_plurals
    ]


def catalogue_with(source, string, **more):
    catalogue = Catalog(locale="ar")
    catalogue.add(source, string, **more)
    return catalogue


def test_there_is_a_catalogue_for_each_language_of_the_platform():
    assert sorted(code for code, _name in settings.LANGUAGES) == sorted(messages.LANGUAGES)


def test_extraction_finds_strings_in_code_and_in_templates(tmp_path):
    page = tmp_path / "part" / "templates" / "part" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text(
        "    <p>{% translate 'Places' %}\n  {# Translators: of a plan #}\n"
        "{% translate 'Stage' context 'place' %}\n"
        "{% blocktranslate trimmed count counter=n %}\n  one city\n{% plural %}\n"
        "  {{ counter }} cities\n{% endblocktranslate %}",
        encoding="utf-8",
    )
    code = 'a = pgettext_lazy("role", "lead")\nb = _("Send " "it")\n'
    (tmp_path / "part" / "models.py").write_text(code, encoding="utf-8")

    found = messages.template_of(tmp_path)

    assert keys(found) == {
        (None, "Places"),
        ("place", "Stage"),
        (None, ("one city", "%(counter)s cities")),
        ("role", "lead"),
        (None, "Send it"),
    }


@every_language
def test_catalogue_is_in_step_with_the_source(language):
    """`make messages` brings it in step."""
    catalogue = messages.catalogue_of(language)

    assert not_in_step(catalogue, TEMPLATE) == {"missing": set(), "stale": set()}


@every_language
def test_every_string_is_translated(language):
    assert [message.id for message in messages.missing(messages.catalogue_of(language))] == []


@every_language
def test_translations_keep_placeholders_and_tags(language):
    assert unsafe(messages.catalogue_of(language)) == {}


@every_language
def test_every_string_has_as_many_forms_as_its_language(language):
    catalogue = messages.catalogue_of(language)

    assert catalogue.plural_forms == messages.PLURALS[language]
    assert wrong_plurals(catalogue) == []


@every_language
def test_file_is_written_the_same_way_every_time(language):
    catalogue = messages.catalogue_of(language)

    assert messages.written(language, catalogue) == messages.path_of(language).read_text("utf-8")


def test_step_rule_catches_a_stale_and_a_missing_string():
    there, wanted = catalogue_with("Old words", "x"), catalogue_with("New words", "")

    assert not_in_step(there, wanted) == {
        "missing": {(None, "New words")},
        "stale": {(None, "Old words")},
    }


def test_completeness_rule_catches_an_empty_string_and_an_empty_plural_form():
    half = catalogue_with(("day", "days"), ("a", "b", "c", "d", "e", ""))

    assert [message.id for message in messages.missing(catalogue_with("Send", ""))] == ["Send"]
    assert [message.id for message in messages.missing(half)] == [("day", "days")]


@pytest.mark.parametrize(
    ("source", "string"),
    [
        ("%(name)s is late", "en retard"),
        ("%(name)s is late", "%(nom)s est en retard"),
        ("Read <a>this</a>", "Lisez ceci"),
        ("Places", "Lieux "),
        ("%(part)s of all", "%(part)s, 100 % de tout"),
        (("%(n)s of %(all)s", "%(n)s of %(all)s"), ("rien",) * 6),
    ],
)
def test_placeholder_rule_catches_what_is_lost_or_invented(source, string):
    assert len(unsafe(catalogue_with(source, string))) == 1


def test_placeholder_rule_lets_one_and_two_be_words():
    days = catalogue_with(("%(n)s day", "%(n)s days"), ("يوم", "يومان", *("%(n)s يوما",) * 4))

    assert unsafe(days) == {}


def test_plural_rule_catches_a_language_with_too_few_forms():
    assert wrong_plurals(catalogue_with(("day", "days"), ("يوم", "أيام"))) == [("day", "days")]


@pytest.mark.parametrize(
    ("language", "numbers", "forms"),
    [
        ("ar", (0, 1, 2, 3, 11, 100, 103), (0, 1, 2, 3, 4, 5, 3)),
        ("fr", (0, 1, 2), (0, 0, 1)),
        ("fil", (0, 1, 2), (0, 0, 1)),
        ("id", (0, 1, 2), (0, 0, 0)),
        ("ms", (0, 1, 2), (0, 0, 0)),
        ("en", (0, 1, 2), (1, 0, 1)),
    ],
)
def test_each_language_counts_as_its_speakers_do(language, numbers, forms):
    rule = re.search(r"plural=(.*);", messages.PLURALS[language]).group(1)
    choose = c2py(rule)

    assert tuple(choose(number) for number in numbers) == forms


def test_texts_of_data_files_that_ask_for_it_are_taken_in(tmp_path):
    data = tmp_path / "plans" / "data" / "list.toml"
    data.parent.mkdir(parents=True)
    data.write_text('gettext = ["name"]\n[[one]]\nname = "Trust"\ncode = "trust"\n')

    taken = {message.id for message in messages.template_of(tmp_path) if message.id}

    assert taken == {"Trust"}
