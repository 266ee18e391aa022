"""The platform's own settings, made quick and quiet for tests."""

import os
import tempfile

os.environ.setdefault("TANSIQ_DATA_DIR", tempfile.mkdtemp(prefix="tansiq-tests-"))
os.environ.setdefault(
    "TANSIQ_SECRET_KEY", "for tests only, long enough to please the checks 0123456789"
)
os.environ.setdefault("TANSIQ_JOBS", "none")

from tansiq.settings import *  # noqa: F403 -- everything, then the exceptions below

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
