"""The other platform of tests: it signs with its own key and knows nothing of this database."""

import uuid

from tansiq.exchange.actions.federation.taking import take
from tansiq.exchange.federation import bundles, canonical, records
from tansiq.exchange.federation.keys import Key
from tests.factories import NOON

HERE, REMOTE = Key(b"1" * 32), Key(b"2" * 32)
LIMIT = 50_000_000


def name_of(organisation):
    return {"slug": organisation.slug, "country": organisation.country_code}


def item_record(owner, recipients, /, **more):
    """Return an item of a body of the other platform to organisations here."""
    return {
        "type": "item",
        "uuid": str(uuid.uuid4()),
        "owner": {"slug": owner.slug, "country": owner.country},
        "kind": "briefing",
        "title": "What the region sees",
        "text": "Two sentences.",
        "language": "en",
        "marking": "amber",
        "hub_wide": False,
        "purpose": "",
        "reply_by": "",
        "expires_on": "2026-06-30",
        "list_open": True,
        "answers": "",
        "sent_at": records.moment(NOON),
        "recipients": [name_of(one) for one in recipients],
        "files": [],
    } | more


class Remote:
    """Makes the bundles of the other side, one after another."""

    def __init__(self, peer, key=REMOTE):
        self.peer, self.key = peer, key
        self.chain, self.sequence, self.previous = str(uuid.uuid4()), 0, bundles.GENESIS

    def bundle(self, *told, files=(), at=NOON, **more):
        """Return the next bundle as a file."""
        self.sequence += 1
        contents = {canonical.digest(one): one for one in files}
        head = bundles.Head(
            **{
                "sender": self.key.fingerprint,
                "receiver": HERE.fingerprint,
                "chain": self.chain,
                "sequence": self.sequence,
                "previous": self.previous,
                "made_at": records.moment(at),
                "records": list(told),
                "files": [(name, len(one)) for name, one in contents.items()],
            }
            | more
        )
        self.previous = bundles.digest_of(head)
        return bundles.seal(head, contents, self.key)

    def bring(self, *told, at=NOON, **more):
        """Let the next bundle be taken here."""
        return taken(self.bundle(*told, at=at, **more), at=at)


def taken(content, *, at=NOON, is_carried=False):
    return take(bundles.open_bundle(content, most=LIMIT), [HERE], is_carried=is_carried, at=at)


def receipt_of(outbound, *, refused=()):
    """Return what the other side says when it has taken our bundle."""
    return bundles.Receipt(
        REMOTE.fingerprint,
        HERE.fingerprint,
        str(outbound.chain),
        outbound.sequence,
        outbound.digest,
        records.moment(NOON),
        tuple(refused),
    )
