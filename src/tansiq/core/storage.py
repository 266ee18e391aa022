"""Static files under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # -- whitenoise has no types
    """Rewrite `import "./x.js"` in our modules too, so that every file may be cached for ever."""

    support_js_module_import_aggregation = True
