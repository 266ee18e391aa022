"""States that more than one file of the exchange asks about, as the database keeps them."""

from typing import Final

# An obligation on which something is still to be done.
ACTIVE: Final = ("open", "disputed")
