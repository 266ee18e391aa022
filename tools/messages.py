"""Keep the translators' catalogues in step with the source.

Usage: python tools/messages.py update             take new strings in, old ones out
       python tools/messages.py missing LANGUAGE   print what is not translated, as JSON
       python tools/messages.py fill LANGUAGE      read the same JSON, with "msgstr" filled in

Strings are read from Python and templates with Babel and Django alone: no system package. The
files carry no dates and no line numbers, so that they change only when a string does.
"""

import io
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "tansiq"
LOCALE = SOURCE / "locale"
LANGUAGES = ("ar", "en", "fil", "fr", "id", "ms")
PLURALS = {
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
        " : n%100>=11 && n%100<=99 ? 4 : 5);"
    ),
    "en": "nplurals=2; plural=(n != 1);",
    "fil": "nplurals=2; plural=(n > 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "id": "nplurals=1; plural=0;",
    "ms": "nplurals=1; plural=0;",
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = """# {language}: the words of Tansiq.
# Made by `make messages`; translate the empty strings and leave the rest.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""


def strings_of(path: Path) -> Iterator[tuple[object, list[str], str | None]]:
    """Give each marked string of a file: what it is, the notes for translators, its context."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is left of a template are names without meaning; their indentation has none either.
        text = re.sub(r"(?m)^[ \t]+", "", templatize(text, origin=str(path)))
    file = io.BytesIO(text.encode())
    for _line, message, notes, context in extract("python", file, KEYWORDS, ["Translators:"]):
        yield message, notes, context


def words_of(path: Path) -> Iterator[str]:
    """Give the texts of a data file that names, under `gettext`, which of its keys hold some."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for rows in (value for value in data.values() if isinstance(value, list)):
        for row in rows:
            if isinstance(row, dict):
                yield from (row[key] for key in data.get("gettext", ()) if key in row)


def template_of(source: Path) -> Catalog:
    """Return every marked string below a folder, without translations."""
    catalogue = Catalog(fuzzy=False)
    files = [*source.rglob("*.py"), *source.glob("*/templates/**/*.html")]
    files += [*source.glob("*/templates/**/*.txt"), *source.glob("templates/**/*.html")]
    for path in sorted(files):
        for message, notes, context in strings_of(path):
            catalogue.add(message, auto_comments=notes, context=context)  # type: ignore[arg-type]  # -- as extracted
    for path in sorted(source.glob("*/data/*.toml")):
        for text in words_of(path):
            catalogue.add(text)
    return catalogue


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalogue_of(language: str) -> Catalog:
    """Return what stands in the file, or an empty catalogue for a new language."""
    path = path_of(language)
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def empty(language: str) -> Catalog:
    return read_po(io.BytesIO(header_of(language).encode()), locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """Return the language's catalogue with exactly the template's strings."""
    old = catalogue_of(language)
    new = empty(language)
    for message in template:
        if not message.id:
            continue
        known = old.get(_singular(message), message.context)
        flags = message.flags - {"fuzzy"}
        blank = ("",) * new.num_plurals if message.pluralizable else ""
        string = known.string if known and known.pluralizable == message.pluralizable else blank
        if language == "en":
            # English is the source; its catalogue exists so that an operator may reword it.
            string = message.id
        new.add(
            message.id, string, context=message.context, auto_comments=message.auto_comments,
            flags=flags,
        )  # fmt: skip
    return new


def written(language: str, catalogue: Catalog) -> str:
    """Return the file's text: sorted, without dates, places and version of the tool."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, no_location=True, omit_header=True, sort_output=True)
    return header_of(language) + "\n" + out.getvalue().decode().strip() + "\n"


def header_of(language: str) -> str:
    return HEADER.format(language=language, plurals=PLURALS[language])


def missing(catalogue: Catalog) -> list[Message]:
    """Return the strings that are empty, or empty in one of their plural forms."""
    return [message for message in catalogue if message.id and not all(_forms(message))]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def update() -> None:
    template = template_of(SOURCE)
    for language in LANGUAGES:
        catalogue = updated(language, template)
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_text(written(language, catalogue), encoding="utf-8")
        print(f"{language}: {len(catalogue)} strings, {len(missing(catalogue))} to translate")


def print_missing(language: str) -> None:
    catalogue = updated(language, template_of(SOURCE))
    rows = [
        {
            "context": message.context or "",
            "msgid": message.id,
            "notes": message.auto_comments,
            "msgstr": [""] * catalogue.num_plurals if message.pluralizable else "",
        }
        for message in missing(catalogue)
    ]
    print(json.dumps(rows, ensure_ascii=False, indent=1))


def fill(language: str) -> None:
    """Take translations from standard input; refuse one that no string asks for."""
    catalogue = updated(language, template_of(SOURCE))
    for row in json.load(sys.stdin):
        first = row["msgid"] if isinstance(row["msgid"], str) else row["msgid"][0]
        message = catalogue.get(first, row.get("context") or None)
        if message is None:
            sys.exit(f"No string of the source is {first!r}.")
        message.string = row["msgstr"] if isinstance(row["msgstr"], str) else tuple(row["msgstr"])
    path_of(language).write_text(written(language, catalogue), encoding="utf-8")
    print(f"{language}: {len(missing(catalogue))} left to translate")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["missing", language]:
            print_missing(language)
        case ["fill", language]:
            fill(language)
        case _:
            sys.exit(__doc__)
