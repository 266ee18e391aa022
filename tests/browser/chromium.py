"""Where the browser is: the distribution's Chromium, or the one named in CHROMIUM."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The test machine may be root, has no graphics card, and nothing is to be fetched.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def path_to_chromium():
    """Return the path of the browser's binary, or None where there is none."""
    named = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else []
    found = (shutil.which(name) for name in [*named, *NAMES])
    return next((path for path in found if path), None)
