"""The files that the rules of the house speak of."""

import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
PLATFORM = SOURCE / "tansiq"
EDGES = ("views", "api", "forms", "tasks")


def read(path):
    return path.read_text(encoding="utf-8")


def short(path):
    return str(path.relative_to(ROOT))


def tracked(*suffixes):
    """Return the files that the repository holds; with suffixes, those that end so."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603 -- a fixed command
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [file for file in files if file.is_file() and file.name.endswith(suffixes or ("",))]


def ours(*suffixes):
    """Return the files that we wrote: what comes from others stands in a `vendor` folder."""
    return [file for file in tracked(*suffixes) if "vendor" not in file.parts]


def modules_named(*names):
    """Return the files of these names in every part, be they one file or a package."""
    single = [file for name in names for file in PLATFORM.glob(f"*/{name}.py")]
    return single + [file for name in names for file in PLATFORM.glob(f"*/{name}/**/*.py")]


def project():
    return tomllib.loads(read(ROOT / "pyproject.toml"))


def contracts():
    return project()["tool"]["importlinter"]["contracts"]


def tiers():
    """Return each part's height: a part may import only from lower ones."""
    [contract] = [contract for contract in contracts() if contract["id"] == "tiers"]
    layers = list(reversed(contract["layers"]))
    return {part: height for height, layer in enumerate(layers) for part in layer.split(" | ")}


def faults(check, files):
    """Return, for each file in which the check finds something, what it found."""
    found = {short(file): check(read(file)) for file in files}
    return {name: lines for name, lines in found.items() if lines}
