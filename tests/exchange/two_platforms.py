"""Two whole platforms, the line between them, and somebody who cuts it.

Each platform runs its server and, beside it, a process that writes items, answers what came and
brings bundles to the other side. A cutter stands between: it ends connections after a number of
bytes that nobody foresees, and kills processes at moments that nobody foresees.
"""

import contextlib
import json
import random
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from tests.instances import wait_for

_SETTLED_WITHIN = 300

SET_UP = """
from datetime import UTC, datetime
from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Place, PlaceLink
from tansiq.exchange import line
from tansiq.exchange.actions.federation import peers
from tansiq.exchange.federation import keys
from tansiq.exchange.models import Peer

country = Place.objects.create(code="xx", country_code="xx", level=0, kind="country", name="Land")
PlaceLink.objects.create(ancestor=country, place=country, depth=0)
mine, theirs = {mine!r}, {theirs!r}
for name in (mine, theirs):
    Organisation.objects.create(
        slug=name, name=name, kind="national_body", place=country, country_code="xx",
        is_lead_of_place=name == mine,
    )
print(keys.card(line.own_keys()[0].public))
"""

CONNECT = """
from django.utils.timezone import now
from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.exchange import line
from tansiq.exchange.actions.federation import peers
from tansiq.exchange.federation import keys

by, at = Actor.system("two platforms"), now()
terms = peers.Terms(name="The other", address={address!r})
peer = peers.introduce(
    Organisation.objects.get(slug={mine!r}), keys.read_card({card!r}), terms,
    ours=line.own_keys()[0], by=by, at=at,
)
peers.trust(peer, by=by, at=at)
there = Organisation.objects.get(slug={theirs!r})
peers.add_body(peer, there, slug={theirs!r}, country="xx", by=by, at=at)
"""

WORK = """
import datetime as dt, hashlib, os, pathlib, random, time
from django.core.files.base import ContentFile
from django.utils.timezone import now
from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.exchange import line
from tansiq.exchange.actions.items import (
    Draft, acknowledge, mark_read, send_item, write_item, write_reply,
)
from tansiq.exchange.actions.recalls import recall_item
from tansiq.exchange.models import Attachment, Receipt, ReceiptState

by = Actor.system("two platforms")
chance = random.Random({seed})
mine = Organisation.objects.get(slug={mine!r})
theirs = Organisation.objects.get(slug={theirs!r})
folder = pathlib.Path({folder!r})


def write():
    at = now()
    draft = Draft(
        kind=chance.choice(["briefing", "information", "warning"]),
        title=f"Item {{chance.random()}}", text="ما نعرفه. " * chance.randint(1, 400),
        language="ar", expires_on=at.date() + dt.timedelta(days=30), marking="amber",
        audience=[{{"to": "organisation", "pk": theirs.pk}}],
    )
    item = write_item(mine, draft, by=by, at=at)
    if chance.random() < 0.3:
        content = chance.randbytes(chance.randint(10_000, 700_000)).hex().encode()
        row = Attachment(item=item, name="table.txt", size=len(content), added_at=at)
        row.sha256 = hashlib.sha256(content).hexdigest()
        row.file.save("table.txt", ContentFile(content), save=True)
    send_item(item, by=by, at=at)


def answer():
    came = Receipt.objects.filter(organisation=mine, item__recalled_at__isnull=True)
    for receipt in came.filter(acknowledged_at__isnull=True).select_related("item__owner")[:3]:
        state = ReceiptState(chance.choice(["understood", "will_act", "cannot"]))
        reason = "No vehicle." if state == "cannot" else ""
        acknowledge(receipt, state, reason=reason, by=by, at=now())
        if chance.random() < 0.5:
            text = f"We answer {{chance.random()}}"
            write_reply(receipt, mine, text, language="en", by=by, at=now())


def say_more():
    sent = Receipt.objects.filter(item__owner=mine, item__recalled_at__isnull=True)
    receipt = sent.order_by("-pk").select_related("item__owner").first()
    if receipt is None:
        return
    if chance.random() < 0.2:
        recall_item(receipt.item, "An error.", by=by, at=now())
    else:
        text = f"And more {{chance.random()}}"
        write_reply(receipt, mine, text, language="en", by=by, at=now())


while True:
    if (folder / "write").exists():
        write()
        if chance.random() < 0.3:
            say_more()
    answer()
    line.push_all(at=now())
    time.sleep(0.02)
"""

LOOK = """
import hashlib, json
from django.db.models import Q
from tansiq.access.models import Organisation
from tansiq.exchange.models import *
from tansiq.exchange.models import Carried, Inbound, Outbound, Passage

mine = Organisation.objects.get(slug={mine!r})
def seen(passage):
    item = passage.item
    receipts = list(Receipt.objects.filter(item=item))
    words = hashlib.sha256((item.title + item.text).encode()).hexdigest()
    return {{
        "words": words, "recalled": item.is_recalled, "marking": item.marking,
        "receipts": sorted([one.state, one.reason] for one in receipts),
        "answered": sorted(one.answered_at is not None for one in receipts),
        "replies": sorted(Reply.objects.filter(item=item).values_list("text", flat=True)),
        "files": sorted(Attachment.objects.filter(item=item).values_list("sha256", flat=True)),
    }}
passages = list(Passage.objects.select_related("item"))
went = set(Carried.objects.filter(kind="item").values_list("passage", flat=True))
stayed = [one for one in passages if not one.is_incoming and one.pk not in went]
# What was taken back before it ever went does not go at all.
assert all(one.item.is_recalled for one in stayed if not one.is_dirty)
print(json.dumps({{
    "out": {{str(one.uuid): seen(one) for one in passages if one.pk in went}},
    "stayed": len(stayed),
    "in": {{str(one.uuid): seen(one) for one in passages if one.is_incoming}},
    "items": Item.objects.sent().count(), "mine": Item.objects.sent().filter(owner=mine).count(),
    "receipts": Receipt.objects.count(), "replies": Reply.objects.count(),
    "files": Attachment.objects.count(),
    "dirty": Passage.objects.filter(is_dirty=True).count(),
    "waiting": Outbound.objects.filter(state="waiting").count(),
    "refused": sum(len(one.refused) for one in Inbound.objects.all()),
    "bundles": Inbound.objects.count(),
}}))
"""


class Cutter:
    """Hands bytes on between two sides, and ends the connection in the middle of them."""

    def __init__(self, chance):
        self.to = None
        self.cuts = 0
        self.is_cutting = False
        self._chance = chance
        self._plug = socket.create_server(("127.0.0.1", 0))
        self.port = self._plug.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._plug.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                caller, _address = self._plug.accept()
                threading.Thread(target=self._hand_on, args=[caller], daemon=True).start()

    def _hand_on(self, caller):
        # From the first byte to beyond the last: before the head, within a part, in the answer.
        left = [int(10 ** self._chance.uniform(0, 6.3)) if self.is_cutting else None]
        try:
            callee = socket.create_connection(("127.0.0.1", self.to), 5)
        except OSError:
            caller.close()
            return
        pair = [
            threading.Thread(target=self._pump, args=[*ends, left], daemon=True)
            for ends in ((caller, callee), (callee, caller))
        ]
        for one in pair:
            one.start()
        for one in pair:
            one.join()
        caller.close()
        callee.close()

    def _pump(self, source, goal, left):
        with contextlib.suppress(OSError):
            while content := source.recv(8192):
                if left[0] is not None and len(content) > left[0]:
                    goal.sendall(content[: left[0]])
                    self.cuts += 1
                    left[0] = None
                    for plug in (source, goal):
                        plug.shutdown(socket.SHUT_RDWR)
                    return
                if left[0] is not None:
                    left[0] -= len(content)
                goal.sendall(content)
            goal.shutdown(socket.SHUT_WR)


@dataclass
class Platform:
    """One installation with its server and its worker."""

    instance: object
    mine: str
    theirs: str
    port: int
    processes: dict = field(default_factory=dict)
    said: dict = field(default_factory=dict)
    cutter: Cutter = None
    seed: int = 0

    def start(self, what):
        self.seed += 1
        if what == "server":
            started = self.instance.start(
                "up", "--port", self.port, TANSIQ_JOBS="none", TANSIQ_LOG="plain"
            )
        else:
            code = WORK.format(
                seed=self.seed,
                mine=self.mine,
                theirs=self.theirs,
                folder=str(self.instance.folder),
            )
            started = self.instance.start_script(code)
        # What it says would fill the pipe and stop it.
        self.said[what] = said = deque(maxlen=30)
        threading.Thread(target=_hear, args=[started.stdout, said], daemon=True).start()
        self.processes[what] = started

    def wait_until_up(self):
        """Return when the server answers; on a busy machine a start takes its time."""
        wait_for(f"http://127.0.0.1:{self.port}/healthz", self.processes["server"])

    def kill(self, what):
        self.processes[what].kill()
        self.processes[what].wait(20)

    def revive(self):
        """Start again what has ended."""
        for what, process in self.processes.items():
            if process.poll() is not None:
                self.start(what)

    def look(self):
        return json.loads(self.instance.script(LOOK.format(mine=self.mine)).splitlines()[-1])

    @contextlib.contextmanager
    def writing(self):
        flag = self.instance.folder / "write"
        flag.touch()
        yield
        flag.unlink()


def _hear(pipe, said):
    with pipe:
        said.extend(pipe)


def connect(instances, chance):
    """Return two platforms that know and trust each other, with a cutter before each."""
    both = [
        Platform(instance, mine, theirs, _free_port(chance), seed=chance.randrange(10**6))
        for instance, mine, theirs in zip(
            instances, ("nation", "hub"), ("hub", "nation"), strict=True
        )
    ]
    cards = []
    for one in both:
        one.instance.environment["TANSIQ_FEDERATION_MAY_BE_PRIVATE"] = "yes"
        one.cutter = Cutter(chance)
        one.cutter.to = one.port
        code = SET_UP.format(mine=one.mine, theirs=one.theirs)
        cards.append(one.instance.script(code).splitlines()[-1])
    for one, other, card in zip(both, reversed(both), reversed(cards), strict=True):
        address = f"http://127.0.0.1:{other.cutter.port}"
        one.instance.script(
            CONNECT.format(mine=one.mine, theirs=one.theirs, card=card, address=address)
        )
    return both


def run(instances, *, line_cuts, kills, seed):
    """Let both sides write and answer while they are cut; then let them settle, and compare.

    Returns the figures. Raises AssertionError when anything is lost, doubled or different.
    """
    chance = random.Random(seed)  # noqa: S311 -- cuts, not secrets
    both = connect(instances, chance)
    begun = time.monotonic()
    try:
        for one in both:
            one.start("server")
        for one in both:
            one.wait_until_up()
            one.start("worker")
        killed = _disturb(both, chance, line_cuts=line_cuts, kills=kills)
        for one in both:
            one.cutter.is_cutting = False
            one.revive()
            one.wait_until_up()
        looks = _settle(both)
    finally:
        for one in both:
            for what in one.processes:
                one.kill(what)
            one.cutter.close()
    _compare(looks)
    return {
        "line_cuts": sum(one.cutter.cuts for one in both),
        "kills": killed,
        "items": sum(look["mine"] for look in looks),
        "taken_back_before_they_went": sum(look["stayed"] for look in looks),
        "copies": sum(len(look["in"]) for look in looks),
        "receipts": [look["receipts"] for look in looks],
        "replies": [look["replies"] for look in looks],
        "files": [look["files"] for look in looks],
        "recalled": sum(seen["recalled"] for look in looks for seen in look["in"].values()),
        "bundles": [look["bundles"] for look in looks],
        "refused": [look["refused"] for look in looks],
        "lost": sum(len(a["out"].keys() - b["in"].keys()) for a, b in (looks, looks[::-1])),
        "doubled": sum(look["items"] - look["mine"] - len(look["in"]) for look in looks),
        "seconds": round(time.monotonic() - begun, 1),
    }


def _disturb(both, chance, *, line_cuts, kills):
    for one in both:
        one.cutter.is_cutting = True
    killed = 0
    with both[0].writing(), both[1].writing():
        while (cuts := sum(one.cutter.cuts for one in both)) < line_cuts or killed < kills:
            time.sleep(0.2)
            for one in both:
                one.revive()
            if killed < kills and cuts * kills >= killed * line_cuts + chance.random() * kills:
                victim = chance.choice(both)
                victim.kill(chance.choice(["server", "worker"]))
                victim.revive()
                victim.wait_until_up()
                killed += 1
    return killed


def _settle(both):
    ends = time.monotonic() + _SETTLED_WITHIN
    before, looks = None, None
    while time.monotonic() < ends:
        time.sleep(1)
        for one in both:
            one.revive()
        before, looks = looks, [one.look() for one in both]
        waits = sum(look["dirty"] + look["waiting"] for look in looks)
        # The two are not seen at one moment: only what stays the same is settled.
        if not waits and looks == before:
            return looks
    figures = [
        {name: value for name, value in look.items() if name not in {"in", "out"}} for look in looks
    ]
    said = ["".join(lines) for one in both for lines in one.said.values()]
    message = f"They do not settle: {figures}\n{'---'.join(said)}"
    raise AssertionError(message)


def _compare(looks):
    for here, there in (looks, looks[::-1]):
        # Everything that was sent went, and is there once, with the same words and files.
        assert len(here["out"]) + here["stayed"] == here["mine"]
        assert here["items"] == here["mine"] + len(here["in"])
        assert here["receipts"] == here["items"]
        assert here["refused"] == 0
        assert here["out"].keys() == there["in"].keys()
        different = {
            number: (sent, there["in"][number])
            for number, sent in here["out"].items()
            if not _is_same(sent, there["in"][number])
        }
        assert not different, f"Different on the two sides: {different}"


def _is_same(sent, came):
    """Return whether both sides have the same; once taken back, a copy lacks the last words.

    What the sender still said when it took the item back stays with the sender.
    """
    if not sent["recalled"]:
        return sent == came
    is_once = len(set(came["replies"])) == len(came["replies"])
    is_part = set(came["replies"]) <= set(sent["replies"])
    return is_once and is_part and sent | {"replies": []} == came | {"replies": []}


def _free_port(chance):
    """Return a port below those that outgoing connections get.

    Who calls one of those while nobody listens may be connected with himself, and hold it.
    """
    while True:
        port = chance.randrange(21_000, 32_000)
        with socket.socket() as plug, contextlib.suppress(OSError):
            plug.bind(("127.0.0.1", port))
            return port
