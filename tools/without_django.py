"""Import chorus and run its tests as if Django and the platform were not installed."""

import importlib
import importlib.abc
import pkgutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ABSENT = frozenset({"django", "pytest_django", "tansiq"})


class NotInstalled(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            message = f"No module named {name!r}: chorus must work without it."
            raise ModuleNotFoundError(message, name=name)


def main():
    sys.meta_path.insert(0, NotInstalled())
    # The second is for the helpers that the tests share.
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    chorus = importlib.import_module("chorus")
    names = [found.name for found in pkgutil.walk_packages(chorus.__path__, "chorus.")]
    for name in names:
        importlib.import_module(name)
    print(f"chorus and its {len(names)} modules import without Django.")
    tests = ROOT / "tests" / "chorus"
    if not any(tests.glob("test_*.py")):
        return 0
    settings = ["-c", "/dev/null", "--rootdir", str(ROOT), "--confcutdir", str(tests)]
    # The settings above leave out the project's own list of marks.
    settings += ["-o", "markers=slow: takes more than a few seconds", "-m", "not slow"]
    return pytest.main(["-q", "-W", "error", "-p", "no:cacheprovider", *settings, str(tests)])


if __name__ == "__main__":
    sys.exit(main())
