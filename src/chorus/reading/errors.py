"""What can keep a whole stream from being read; each sentence says what to do.

A single line that is wrong never raises: it is counted (`chorus.reading.faults`).
"""


class ReadingError(Exception):
    """The stream cannot be read; the message says why and what to do."""


class MissingStreamError(ReadingError):
    """There is nothing at this address."""


class ForbiddenStreamError(ReadingError):
    """The file is there, but may not be opened."""


class EmptyStreamError(ReadingError):
    """The file, or the folder, holds nothing."""


class UnknownFormatError(ReadingError):
    """The first records are like nothing that is known, or like a format of another name."""


class PrivateStreamError(ReadingError):
    """The export is of a conversation that is not public."""


class ExpansionError(ReadingError):
    """A small file that unpacks to far more than any stream of posts does."""


class ChangedStreamError(ReadingError):
    """The file is not the one that the saved position speaks of."""


class MappingError(ReadingError):
    """The mapping file does not say what it must."""
