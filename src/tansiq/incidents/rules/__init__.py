"""Who may do what in a room. Seeing is decided before, by `visible_to`."""

from tansiq.incidents.rules import room

__all__ = ["room"]
