from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from tansiq.core.backup.manifest import facts as backup_facts


class AccessConfig(AppConfig):
    name = "tansiq.access"

    def ready(self) -> None:
        # A copy of the data is a copy of the log, up to the same row.
        backup_facts["log_head"] = "SELECT seal FROM access_logentry ORDER BY id DESC LIMIT 1"
        autodiscover_modules("rules")
        autodiscover_modules("receivers")
        # Listens to the sign-in library.
        import_module("tansiq.access.accounts")
