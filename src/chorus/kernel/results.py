"""What the kernel answers with; the same whether C or plain Python did the work."""

import mmap
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Bytes = bytes | bytearray | memoryview | mmap.mmap

SLOTS: Final = 32  # MinHash values of a signature


class Verdict(IntEnum):
    """What a line of a file is; only a good one may be handed to a parser."""

    GOOD = 0
    BLANK = 1
    TOO_LONG = 2
    NOT_UTF8 = 3
    TOO_DEEP = 4
    UNFINISHED = 5  # the bytes end before the line does; otherwise not looked at


@dataclass(frozen=True, eq=False)
class Lines:
    r"""Where lines begin and end, without \n or \r\n, and the verdict on each."""

    starts: "NDArray[np.int64]"
    ends: "NDArray[np.int64]"
    verdicts: "NDArray[np.uint8]"

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, eq=False)
class Fingerprints:
    """What tells whether texts are the same (`exact`, 0 for none) or nearly so (`signature`)."""

    exact: "NDArray[np.uint64]"  # n
    signature: "NDArray[np.uint16]"  # n x SLOTS

    def __len__(self) -> int:
        return len(self.exact)
