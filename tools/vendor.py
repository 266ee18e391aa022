"""Fetch the third-party browser files by name and version, or verify those in the repository.

python tools/vendor.py            verify the files against VENDOR.md
python tools/vendor.py --rebuild  fetch them anew with npm and rewrite VENDOR.md
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "src/tansiq/core/static/vendor"
LIST = VENDOR / "VENDOR.md"
_SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S*\s*$")


@dataclass(frozen=True)
class Package:
    """One package: where it goes, and which of its files we keep under which name."""

    name: str
    version: str
    licence: str
    folder: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        "htmx",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"},
    ),
    Package(
        "htmx-ext-sse", "2.2.4", "0BSD", "htmx-ext-sse", {"sse.js": "sse.js", "LICENSE": "LICENSE"}
    ),
    Package(
        "maplibre-gl",
        "6.17.0",
        "BSD-3-Clause",
        "maplibre",
        {
            "dist/maplibre-gl.mjs": "maplibre-gl.mjs",
            "dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
            "LICENSE.txt": "LICENSE",
        },
    ),
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(package: Package, into: Path) -> None:
    """Unpack the wanted files of a package."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed. It is needed only to rebuild the vendored files.")
    command = [npm, "pack", "--ignore-scripts", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(command, cwd=into, check=True, capture_output=True)  # noqa: S603 -- a fixed command
    archive = next(into.glob("*.tgz"))
    folder = VENDOR / package.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(archive) as tar:
        for inside, name in package.files.items():
            member = tar.extractfile(f"package/{inside}")
            if member is None:
                sys.exit(f"{package.name} {package.version} has no file {inside}.")
            # The maps are not shipped; a pointer to them would only be a broken request.
            (folder / name).write_bytes(_SOURCE_MAP.sub(b"\n", member.read()))
    archive.unlink()


def rebuild() -> None:
    lines = [
        "# Third-party files for the browser",
        "",
        "Written by `python tools/vendor.py --rebuild`; verified by `python tools/vendor.py`.",
        "Each folder holds its package's licence. Pointers to source maps are cut off.",
        "",
        "| package | version | licence | file | SHA-256 |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            fetch(package, Path(folder))
            for name in package.files.values():
                path = VENDOR / package.folder / name
                cells = (
                    package.name,
                    package.version,
                    package.licence,
                    f"{package.folder}/{name}",
                    f"`{sha256(path)}`",
                )
                lines.append(f"| {' | '.join(cells)} |")
    LIST.write_text("\n".join(lines) + "\n", encoding="utf-8")


def faults() -> list[str]:
    """Return what differs between the files and the list, a sentence each."""
    listed = dict(re.findall(r"\| (\S+) \| `([0-9a-f]{64})` \|", LIST.read_text(encoding="utf-8")))
    present = {
        str(path.relative_to(VENDOR)): sha256(path)
        for path in VENDOR.rglob("*")
        if path.is_file() and path != LIST
    }
    found = [f"{name} is listed but missing." for name in sorted(listed.keys() - present.keys())]
    found += [f"{name} is not listed." for name in sorted(present.keys() - listed.keys())]
    both = listed.keys() & present.keys()
    return found + [f"{n} was changed." for n in sorted(both) if listed[n] != present[n]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rebuild", action="store_true", help="fetch the files anew")
    if parser.parse_args().rebuild:
        rebuild()
    found = faults()
    if found:
        sys.exit("\n".join(found))
    print("Every vendored file is as listed.")


if __name__ == "__main__":
    main()
