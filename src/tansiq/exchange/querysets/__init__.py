from tansiq.exchange.querysets.agreements import AgreementQuerySet, PartyQuerySet
from tansiq.exchange.querysets.figures import OwnTallyQuerySet, TallyQuerySet
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
    "OwnTallyQuerySet",
    "PartyQuerySet",
    "ReceiptQuerySet",
    "ReplyQuerySet",
    "TallyQuerySet",
]
