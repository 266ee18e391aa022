"""Compile the catalogues into the wheel; they are not kept in the repository."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]  # -- hatchling's own example does so
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        from tansiq.core.catalogues import compile_catalogues  # noqa: PLC0415 -- needs the path

        compile_catalogues(source / "tansiq" / "locale")
        for compiled in source.glob("tansiq/locale/*/LC_MESSAGES/*.mo"):
            build_data["force_include"][str(compiled)] = str(compiled.relative_to(source))
