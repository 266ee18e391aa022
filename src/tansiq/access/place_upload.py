"""An official table or outlines of places: looked at before anything is saved.

The files are kept between the two steps, one set for each person and country.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actions.places import (
    LoadedPlaces,
    PlacesRefusedError,
    load_places,
    load_shapes,
)
from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.access.place_files.problems import Problem, UnreadableFileError
from tansiq.access.place_files.shapes import Shapes, read_shapes
from tansiq.access.place_files.tables import PlaceTable, read_places


@dataclass
class Preview:
    """What the files would do, or what is wrong with them. With problems nothing is saved."""

    loaded: LoadedPlaces = field(default_factory=LoadedPlaces)
    outlines: int = 0
    problems: list[Problem] = field(default_factory=list)


class Upload:
    def __init__(self, country: Place, actor: Actor) -> None:
        self.country, self.actor = country, actor
        self.folder = f"place-uploads/{actor.person_id}-{country.country_code}"

    def preview(self, given: dict[str, Any], *, at: datetime) -> Preview:
        """Keep the files and say what they would change."""
        for name in ("table", "outlines"):
            self._keep(name, given[name].read() if given[name] else b"")
        self._keep("options", json.dumps({"complete": given["is_complete"]}).encode())
        return self._run(at, only_looking=True)

    def save(self, *, at: datetime) -> Preview:
        """Do what the preview said; all of it or nothing."""
        if not self._kept("options"):
            gone = _("The files are no longer here. Choose them once more.")
            return Preview(problems=[Problem(_("Files"), gone)])
        done = self._run(at, only_looking=False)
        if not done.problems:
            for name in ("table", "outlines", "options"):
                default_storage.delete(f"{self.folder}/{name}")
        return done

    def _run(self, at: datetime, *, only_looking: bool) -> Preview:
        result = Preview()
        try:
            with transaction.atomic():
                self._load(result, at)
                if only_looking or result.problems:
                    transaction.set_rollback(True)
        except (UnreadableFileError, PlacesRefusedError) as problem:
            result.problems.append(Problem(_("File"), str(problem)))
        return result

    def _load(self, result: Preview, at: datetime) -> None:
        complete = json.loads(self._kept("options"))["complete"]
        if content := self._kept("table"):
            table = read_places(content, known=self._known_levels())
            result.problems += table.problems + self._strangers(table)
            if not result.problems:
                result.loaded = load_places(
                    table.rows, by=self.actor, at=at, columns=table.columns, complete=complete
                )
        if content := self._kept("outlines"):
            shapes = read_shapes(content, known=self._known_codes())
            result.problems += self._faults_of(shapes)
            if not result.problems:
                result.outlines = load_shapes(shapes.shapes, by=self.actor, at=at)

    def _strangers(self, table: PlaceTable) -> list[Problem]:
        """Return a problem for each row of another country: its places are not ours to change."""
        message = _("The place %(code)s is of another country. Upload it there.")
        return [
            Problem(_("Row %(row)s") % {"row": row.row}, message % {"code": row.code})
            for row in table.rows
            if row.country_code != self.country.country_code
        ][:200]

    def _faults_of(self, shapes: Shapes) -> list[Problem]:
        return list(shapes.problems)

    def _known_levels(self) -> dict[str, int]:
        return dict(self._ours().values_list("code", "level"))

    def _known_codes(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for code, iso, national in self._ours().values_list("code", "iso", "national_code"):
            known |= {name: code for name in (iso, national) if name}
            known[code] = code
        return known

    def _ours(self) -> Any:
        return Place.objects.filter(country_code=self.country.country_code)

    def _keep(self, name: str, content: bytes) -> None:
        path = f"{self.folder}/{name}"
        default_storage.delete(path)
        if content:
            default_storage.save(path, ContentFile(content))

    def _kept(self, name: str) -> bytes:
        path = f"{self.folder}/{name}"
        if not default_storage.exists(path):
            return b""
        with default_storage.open(path) as file:
            content: bytes = file.read()
        return content
