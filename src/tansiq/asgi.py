"""For another ASGI server than the one in `tansiq up`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tansiq.settings")
django.setup(set_prefix=False)

from tansiq.core.serving.handler import make_application  # noqa: E402 -- needs the settings

application = make_application()
