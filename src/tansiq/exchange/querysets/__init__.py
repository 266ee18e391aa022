from tansiq.exchange.querysets.items import (
    GroupQuerySet,
    ItemQuerySet,
    OfItemQuerySet,
    ReceiptQuerySet,
    ReplyQuerySet,
)

__all__ = [
    "GroupQuerySet",
    "ItemQuerySet",
    "OfItemQuerySet",
    "ReceiptQuerySet",
    "ReplyQuerySet",
]
