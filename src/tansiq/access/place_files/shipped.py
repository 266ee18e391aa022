"""The places that ship with Tansiq."""

from pathlib import Path

from tansiq.access.place_files.shapes import Shapes, read_shapes
from tansiq.access.place_files.tables import PlaceTable, read_places

FOLDER = Path(__file__).parent.parent / "data" / "places"


def shipped_countries() -> list[str]:
    """Return the codes of the countries whose places ship with Tansiq."""
    return sorted(table.parent.name for table in FOLDER.glob("*/places.csv"))


def read_shipped(country: str) -> tuple[PlaceTable, Shapes]:
    """Return the table and the outlines of one of these countries."""
    table = read_places((FOLDER / country / "places.csv").read_bytes())
    codes = {row.code: row.code for row in table.rows}
    return table, read_shapes((FOLDER / country / "geometry.json").read_bytes(), known=codes)
