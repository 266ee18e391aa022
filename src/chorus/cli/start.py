"""What makes a command start quickly."""

import importlib.abc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import numpy as np
import pyarrow as pa


class _Absent(importlib.abc.MetaPathFinder):
    """Finds no pandas, wherever it is."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)
        return None


def without_pandas() -> None:
    """Let pyarrow do without pandas, which we never use.

    Where it happens to be installed, pyarrow loads it with the first array that it is given, and
    that takes longer than all else until the first report. It looks once on the way in and
    once on the way out.
    """
    if "pandas" in sys.modules:
        return
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        pa.array(np.zeros(1)).to_numpy(zero_copy_only=False)
    finally:
        sys.meta_path.remove(absent)
