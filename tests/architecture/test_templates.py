"""What templates, styles and scripts must keep: nothing inline, nothing from elsewhere."""

import re

import pytest

from tests.architecture.source import faults, ours, short

# A template's own comments and instructions are not sent to anybody.
UNSENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def templates():
    return [file for file in ours(".html") if "templates" in file.parts]


def styles():
    return [file for file in ours(".css") if "static" in file.parts]


def scripts():
    return [file for file in ours(".js", ".mjs") if "static" in file.parts]


def lines_with(pattern, text):
    return [text.count("\n", 0, match.start()) + 1 for match in re.finditer(pattern, text)]


def without_comments(text):
    """Blank out what is not sent, keeping the count of lines."""
    return UNSENT.sub(lambda match: "\n" * match.group().count("\n"), text)


def inline_code(text):
    """Return the lines that hold a style or a script of their own; the policy forbids both."""
    tag = (
        r"(?is)<style\b|<script\b(?![^>]*(\bsrc=|application/json))|<[a-z][^>]*\s(style|on[a-z]+)="
    )
    javascript = r"(href|action|src)=[\"']javascript:"
    return lines_with(f"{tag}|{javascript}", without_comments(text))


def foreign_addresses(text):
    """Return the lines that fetch or name something on another host; names of formats may."""
    return lines_with(
        r"(?i)(https?:)?//(?!www\.w3\.org/)(?=[a-z0-9-]+\.[a-z])", without_comments(text)
    )


def unguarded_forms(text):
    """Return the lines where a form that changes something starts without its token."""
    found = []
    for form in re.finditer(r"(?is)<form\b(?P<head>[^>]*)>.*?</form>", without_comments(text)):
        posts = re.search(r"(?i)method=[\"']?post", form.group("head"))
        if posts and "csrf_token" not in form.group():
            found.append(text.count("\n", 0, form.start()) + 1)
    return found


def physical_properties(text):
    """Return the lines of a style that name left or right; only start and end turn with Arabic."""
    no_comments = re.sub(
        r"/\*.*?\*/", lambda match: "\n" * match.group().count("\n"), text, flags=re.DOTALL
    )
    sides = r"(margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)"
    corners = r"border-(top|bottom)-(left|right)-radius"
    places = r"(?<![\w-])(left|right|top|bottom)\s*:"
    words = r"(text-align|float|clear|caption-side)\s*:\s*(left|right)"
    return lines_with(f"{sides}|{corners}|{places}|{words}", no_comments)


def untrimmed_blocks(text):
    """Return the lines of a translated block that keeps its line breaks in the string."""
    return lines_with(r"\{%\s*blocktrans(late)?\b(?![^%]*\btrimmed\b)", without_comments(text))


CHECKS = [
    (inline_code, templates),
    (foreign_addresses, templates),
    (foreign_addresses, styles),
    (foreign_addresses, scripts),
    (unguarded_forms, templates),
    (physical_properties, styles),
    (untrimmed_blocks, templates),
]


@pytest.mark.parametrize(
    ("check", "files"), CHECKS, ids=[f"{check.__name__} in {f.__name__}" for check, f in CHECKS]
)
def test_files_are_free_of(check, files):
    assert files()
    assert faults(check, files()) == {}


FAULTS = [
    (inline_code, '<p style="color: red">'),
    (inline_code, "<button onclick='go()'>"),
    (inline_code, "<style>p {}</style>"),
    (inline_code, "<script>go()</script>"),
    (inline_code, "<div\n  data-x='1'\n  style='margin: 0'>"),
    (inline_code, '<a href="javascript:go()">'),
    (foreign_addresses, '<script src="https://cdn.example.org/x.js"></script>'),
    (foreign_addresses, "@import url(//fonts.example.org/x.css)"),
    (foreign_addresses, 'import x from "http://example.org/x.js"'),
    (unguarded_forms, '<form method="post"><button></button></form>'),
    (physical_properties, "p { margin-left: 1rem }"),
    (physical_properties, "p { text-align: right }"),
    (physical_properties, "p { position: absolute; left: 0 }"),
    (physical_properties, "p { border-top-left-radius: 4px }"),
    (untrimmed_blocks, "{% blocktranslate %}\n a\n{% endblocktranslate %}"),
    (untrimmed_blocks, "{% blocktranslate with a=b %}x{% endblocktranslate %}"),
]
FAULTLESS = [
    (inline_code, '<script type="module" src="x.js"></script>'),
    (inline_code, '<script id="data" type="application/json">{}</script>'),
    (inline_code, "{# never <p style='x'> #}"),
    (inline_code, '<p data-style="x" class="on-time">'),
    (foreign_addresses, '<svg xmlns="http://www.w3.org/2000/svg">'),
    (foreign_addresses, "const a = 1; // a.b is c"),
    (unguarded_forms, '<form method="post">{% csrf_token %}</form>'),
    (unguarded_forms, '<form method="get"></form>'),
    (physical_properties, "p { margin-inline-start: 1rem; inset-inline-start: 0 }"),
    (physical_properties, "/* left: 0 */ p { text-align: start }"),
    (untrimmed_blocks, "{% blocktranslate trimmed with a=b %}x{% endblocktranslate %}"),
]


@pytest.mark.parametrize(("check", "text"), FAULTS)
def test_check_catches_a_planted_fault(check, text):
    assert len(check(text)) == 1


@pytest.mark.parametrize(("check", "text"), FAULTLESS)
def test_check_lets_pass_what_is_right(check, text):
    assert check(text) == []


def test_every_page_template_belongs_to_its_part():
    """`plans/templates/plans/…`, so that no part can replace another's page by chance."""
    shared = {"400.html", "403.html", "404.html", "500.html"}
    wrong = []
    for file in templates():
        part = file.parts[file.parts.index("templates") - 1]
        inside = file.parts[file.parts.index("templates") + 1]
        # allauth and Django look for their pages and widgets under names of their own.
        borrowed = {"account", "mfa", "socialaccount", "usersessions", "django", "allauth"}
        if inside not in {part, *shared, *borrowed}:
            wrong.append(short(file))
    assert wrong == []
