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
    "Attachment",
    "Direction",
    "Group",
    "Item",
    "ItemKind",
    "Receipt",
    "ReceiptState",
    "Reply",
]
