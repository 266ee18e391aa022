from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "tansiq.core"

    def ready(self) -> None:
        autodiscover_modules("checks")
        # Periodic jobs register themselves there.
        autodiscover_modules("tasks")
