"""What static files carry, which do not pass Django's middleware. Imported by the settings."""

from typing import Any


def static_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
