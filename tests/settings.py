"""The platform's own settings, made quick and quiet for tests."""

import os
import tempfile

# Tests never touch a database that is meant for people, even if the shell names one.
os.environ.pop("DATABASE_URL", None)
if server := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = server
os.environ.setdefault("TANSIQ_DATA_DIR", tempfile.mkdtemp(prefix="tansiq-tests-"))
os.environ.setdefault(
    "TANSIQ_SECRET_KEY", "for tests only, long enough to please the checks 0123456789"
)
os.environ.setdefault("TANSIQ_JOBS", "none")
os.environ.setdefault("TANSIQ_SECOND_FACTOR", "optional")

from tansiq.settings import *  # noqa: F403 -- everything, then the exceptions below
from tansiq.settings import DATABASES

# A pool keeps connections open, and a database with open connections cannot be dropped.
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
