from tansiq.exchange.querysets.agreements import AgreementQuerySet, PartyQuerySet
from tansiq.exchange.querysets.items import (
    GroupQuerySet,
    ItemQuerySet,
    OfItemQuerySet,
    ReceiptQuerySet,
    ReplyQuerySet,
)

__all__ = [
    "AgreementQuerySet",
    "GroupQuerySet",
    "ItemQuerySet",
    "OfItemQuerySet",
    "PartyQuerySet",
    "ReceiptQuerySet",
    "ReplyQuerySet",
]
