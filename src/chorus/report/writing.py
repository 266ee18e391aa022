"""The report as files in a folder, which is either the new report whole or the old one whole."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chorus.picture import Picture
from chorus.report.document import document
from chorus.report.files import write_cells, write_csv, write_workbook
from chorus.report.guard import check
from chorus.report.page import page
from chorus.report.sayings import Sayings
from chorus.report.wording import Words, entries

FORMATS: Final = ("html", "json", "csv", "xlsx", "parquet")


class ReportError(Exception):
    """The report could not be written; the message says why and what to do."""


def write_report(
    picture: Picture,
    folder: Path,
    *,
    languages: Sequence[str] = ("en",),
    formats: Sequence[str] = FORMATS,
) -> list[Path]:
    """Write the report into a folder and return its files, sorted.

    `report.<language>.html` and `.xlsx` stand there for each language, `report.json` and
    `cells.parquet` once, and `tables/*.csv` once, in the first language. Everything is written
    aside first, so that a full disk or a cut leaves the report that was there as it was.

    Raises LanguageError for a language without words, ReportError when the files cannot be
    written, UnsafePictureError when the picture shows what it must not.
    """
    check(picture)
    _check(languages, formats)
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        message = f"{folder} is a file. Name a folder for the report."
        raise ReportError(message)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as problem:
        raise _failure(folder, problem) from problem
    try:
        _write(picture, aside, languages, formats)
        return _put_in_place(aside, folder)
    except OSError as problem:
        raise _failure(folder, problem) from problem
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _check(languages: Sequence[str], formats: Sequence[str]) -> None:
    for language in languages:
        entries(language)
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not languages:
        message = (
            f"There is no format {unknown[0]!r}. Choose among {', '.join(FORMATS)}."
            if unknown
            else "Name at least one language for the report."
        )
        raise ReportError(message)


def _failure(folder: Path, problem: OSError) -> ReportError:
    why = problem.strerror or "the disk refused"
    return ReportError(
        f"The report could not be written to {folder}: {why}. What was there before is unchanged."
        " Free some space or name another folder."
    )


def _write(picture: Picture, aside: Path, languages: Sequence[str], formats: Sequence[str]) -> None:
    zone = picture.incident.zone
    for language in dict.fromkeys(languages):
        say = Sayings(picture, Words(language, zone))
        if "html" in formats:
            html = page(picture, language, languages=tuple(dict.fromkeys(languages)))
            (aside / f"report.{language}.html").write_text(html, encoding="utf-8")
        if "xlsx" in formats:
            write_workbook(say, aside / f"report.{language}.xlsx")
    if "json" in formats:
        (aside / "report.json").write_bytes(document(picture))
    if "csv" in formats:
        (aside / "tables").mkdir()
        write_csv(Sayings(picture, Words(languages[0], zone)), aside / "tables")
    if "parquet" in formats:
        write_cells(picture, aside / "cells.parquet")


def _put_in_place(aside: Path, folder: Path) -> list[Path]:
    """Rename every file to its place. Others that stand in the folder are not ours and stay."""
    written = sorted(path for path in aside.rglob("*") if path.is_file())
    for path in written:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    places = [folder / path.relative_to(aside) for path in written]
    for path, place in zip(written, places, strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    return places
