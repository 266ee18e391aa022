"""Posts come in here, from any file that people have, and leave as raw batches.

`open_stream` tells what a file is, reads it in bounded memory from any saved position, and counts
every line that gave no post with its reason. Only id, time, author, text, language and whether it
is a repost are read of a post; `chorus.forgetting` is the next step, after which no author exists.
"""

from chorus.reading.errors import ReadingError
from chorus.reading.faults import Faults, Reason
from chorus.reading.position import Position
from chorus.reading.stream import Folder, Stream, open_stream

__all__ = ["Faults", "Folder", "Position", "ReadingError", "Reason", "Stream", "open_stream"]
