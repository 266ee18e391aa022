from tansiq.exchange.models.agreements import (Agreement, AgreementState, Channel, Party)
from tansiq.exchange.models.delivery import (Dispatch, DispatchState, MailChoice, MailRhythm, Route, RouteChannel)
from tansiq.exchange.models.figures import (ALL, ALL_LEVELS, Counts, Cut, OwnTally, Side, Tally, TallyMark, TallyMonth)
from tansiq.exchange.models.items import (ACKNOWLEDGED, ASKING, Attachment, Direction, Group, Item, ItemKind, Receipt, ReceiptState, Reply)

__all__ = [
    "ACKNOWLEDGED",
    "ALL",
    "ALL_LEVELS",
    "ASKING",
    "Agreement",
    "AgreementState",
    "Attachment",
    "Channel",
    "Counts",
    "Cut",
    "Direction",
    "Dispatch",
    "DispatchState",
    "Group",
    "Item",
    "ItemKind",
    "MailChoice",
    "MailRhythm",
    "OwnTally",
    "Party",
    "Receipt",
    "ReceiptState",
    "Reply",
    "Route",
    "RouteChannel",
    "Side",
    "Tally",
    "TallyMark",
    "TallyMonth",
]
