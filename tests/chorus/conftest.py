"""Laws are tested by content, not by the clock: a busy machine is no fault of a table."""

from hypothesis import settings

settings.register_profile("chorus", deadline=None)
settings.load_profile("chorus")
