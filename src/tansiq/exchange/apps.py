from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from tansiq.exchange import marking


class ExchangeConfig(AppConfig):
    name = "tansiq.exchange"

    def ready(self) -> None:
        pre_migrate.connect(marking.take_down, sender=self)
        post_migrate.connect(marking.put_up, sender=self)
