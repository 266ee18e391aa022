from tansiq.exchange.models.agreements import Agreement, AgreementState, Channel, Party
from tansiq.exchange.models.items import (
    ACKNOWLEDGED,
    ASKING,
    Attachment,
    Direction,
    Group,
    Item,
    ItemKind,
    Receipt,
    ReceiptState,
    Reply,
)

__all__ = [
    "ACKNOWLEDGED",
    "ASKING",
    "Agreement",
    "AgreementState",
    "Attachment",
    "Channel",
    "Direction",
    "Group",
    "Item",
    "ItemKind",
    "Party",
    "Receipt",
    "ReceiptState",
    "Reply",
]
