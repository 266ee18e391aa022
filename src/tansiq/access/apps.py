from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccessConfig(AppConfig):
    name = "tansiq.access"

    def ready(self) -> None:
        autodiscover_modules("rules")
        autodiscover_modules("receivers")
