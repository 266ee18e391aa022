from tansiq.exchange.querysets.agreements import AgreementQuerySet, PartyQuerySet
from tansiq.exchange.querysets.figures import OwnTallyQuerySet, TallyQuerySet
from tansiq.exchange.querysets.items import (
    GroupQuerySet,
    ItemQuerySet,
    OfItemQuerySet,
    ReceiptQuerySet,
    ReplyQuerySet,
)
from tansiq.exchange.querysets.obligations import (
    ObligationQuerySet,
    OfObligationQuerySet,
    RemindedQuerySet,
    RhythmQuerySet,
)

__all__ = [
    "AgreementQuerySet",
    "GroupQuerySet",
    "ItemQuerySet",
    "ObligationQuerySet",
    "OfItemQuerySet",
    "OfObligationQuerySet",
    "OwnTallyQuerySet",
    "PartyQuerySet",
    "ReceiptQuerySet",
    "RemindedQuerySet",
    "ReplyQuerySet",
    "RhythmQuerySet",
    "TallyQuerySet",
]
