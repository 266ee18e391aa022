"""Put into the wheel what is not kept in the repository: catalogues, and the kernel in C."""

import runpy
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilingHook(BuildHookInterface):  # type: ignore[type-arg]  # -- hatchling's own example does so
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        source = Path(self.root) / "src"
        compile_the_catalogues(source, build_data)
        # An editable installation runs from the source, which builds the kernel at first use.
        if version != "editable":
            compile_the_kernel(source, build_data)


def compile_the_catalogues(source: Path, build_data: dict[str, Any]) -> None:
    sys.path.insert(0, str(source))
    from tansiq.core.catalogues import compile_catalogues  # noqa: PLC0415 -- needs the path

    compile_catalogues(source / "tansiq" / "locale")
    for compiled in source.glob("tansiq/locale/*/LC_MESSAGES/*.mo"):
        build_data["force_include"][str(compiled)] = str(compiled.relative_to(source))


def compile_the_kernel(source: Path, build_data: dict[str, Any]) -> None:
    """Make the wheel one for this platform; without a compiler it stays one for all."""
    # Run as a file: importing the package would need numpy, which no build has.
    kernel = runpy.run_path(str(source / "chorus" / "kernel" / "build.py"))
    try:
        built = kernel["build"](kernel["SOURCES"])
    except kernel["CannotBuildError"] as problem:
        print(f"{problem}. The wheel is made without the compiled kernel and fits any platform.")  # noqa: T201 -- a build's log
        return
    build_data["force_include"][str(built)] = str(built.relative_to(source))
    build_data["pure_python"] = False
    build_data["tag"] = f"py3-none-{platform_tag()}"


def platform_tag() -> str:
    from packaging.tags import sys_tags  # noqa: PLC0415 -- hatchling brings it along

    # The library does not depend on Python's version, only on the platform.
    return next(sys_tags()).platform
