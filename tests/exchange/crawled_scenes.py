"""What happened in the crawled world: every kind, marking and state, and all that hangs on it."""

from itertools import cycle

from tansiq.access.actions.oversight import open_sealed
from tansiq.access.models import Marking
from tansiq.core.schedules import job_names, run_job
from tansiq.exchange.actions import (
    agreements,
    answers,
    consultations,
    corrections,
    forwarding,
    groups,
    items,
    obligations,
    passing_on,
    recalls,
    retention,
    rhythms,
    tearlines,
)
from tansiq.exchange.models import (
    Item,
    ItemKind,
    Obligation,
    ReceiptState,
)
from tansiq.exchange.queries.checks import check
from tests.exchange.crawled_world import DAY, World
from tests.factories import MailChoiceFactory, PeerBodyFactory, PeerFactory, RouteFactory


def make_world():
    """Return the world after all that happened in it, and after every job of the exchange ran."""
    world = World()
    for scene in SCENES:
        scene(world)
    # At noon: digests leave by the clock, and everything is over that was to be over.
    noon = max(world.at, world.at.replace(hour=12))
    for name in job_names():
        if name.startswith(("tansiq.exchange.", "tansiq.access.")):
            run_job(name, at=noon)
    return world


def every_kind_and_marking(world):
    markings = cycle(Marking.values)
    for kind in ItemKind:
        marking = next(markings)
        named = ["named", "nation"] if marking == "red" else []
        world.send("nation", f"{kind} {marking}", ["province"], marking, kind=kind, named=named)
    world.send("nation", "hub-wide", ["province"], "green", is_hub_wide=True)
    world.send("hub", "of the hub", ["nation"], "amber")
    world.send("neighbour", "from the neighbour", ["nation"], "amber+strict")
    world.send("women", "red upwards", [], "red", named=["women", "nation"])


def drafts(world):
    world.draft("nation", "draft", ["province"], "clear", readers=world.of("nation"))
    named = ["nation", "named"]
    world.draft("nation", "red draft", [], "red", named=named, readers=named)


def talking(world):
    """One item to three, with all that they say to each other and to all."""
    item = world.send("nation", "main", ["province", "city", "second"], "amber")
    words = {
        body: world.secrets.hide(f"answer of {body}", world.of("nation", body) | {"overseer"})
        for body in ("province", "city", "second")
    }
    for body, text in words.items():
        receipt = world.receipt("main", body)
        writer = world.bodies[body]
        items.write_reply(receipt, writer, text, language="en", **world.doing(body))
    both = world.of("nation", "province") | {"overseer"}
    back = world.secrets.hide("answer back to the province", both)
    receipt = world.receipt("main", "province")
    by_nation = world.doing("nation")
    items.write_reply(receipt, world.bodies["nation"], back, language="en", **by_nation)
    led_to = world.secrets.hide("decision of the province", both)
    answers.note_decision(receipt, led_to, **world.doing("province"))
    why = world.secrets.hide("reason of the city", world.of("nation", "city") | {"overseer"})
    state = ReceiptState.CANNOT
    items.acknowledge(world.receipt("main", "city"), state, reason=why, **world.doing("city"))
    all_read = world.who_reads("nation", ["province", "city", "second"], "amber") | {"overseer"}
    to_all = world.secrets.hide("words to all", all_read)
    answers.write_to_all(item, to_all, language="en", **by_nation)
    for name in ("title of main", "text of main", "file of main", "name of the file of main"):
        for word, where in world.secrets.where.items():
            if where == name:
                world.secrets.readers[word] |= {"overseer"}
    reason = world.secrets.hide("reason of the overseer", world.of("nation") | {"overseer"})
    open_sealed(item, reason=f"There is a complaint {reason}.", **world.doing("overseer"))


def closed_list(world):
    world.send("province", "closed list", ["city", "second"], "amber", is_list_open=False)
    for body in ("city", "second"):
        text = world.secrets.hide(f"closed answer of {body}", world.of("province", body))
        receipt = world.receipt("closed list", body)
        items.write_reply(receipt, world.bodies[body], text, language="en", **world.doing(body))


def under_red(world):
    world.send("police", "red to one", [], "red", named=["police", "named"])
    receipt = world.items["red to one"].receipts.get()
    hidden = {"stays_inside": True}
    text = world.secrets.hide("red answer", ["police", "named"], **hidden)
    items.write_reply(receipt, world.bodies["city"], text, language="en", **world.doing("named"))
    why = world.secrets.hide("red reason", ["police", "named"], **hidden)
    items.acknowledge(receipt, ReceiptState.CANNOT, reason=why, **world.doing("named"))


def tear_line(world):
    fuller = world.send("police", "fuller", ["province"], "amber+strict")
    readers = world.who_reads("police", ["city", "second"], "green")
    version = tearlines.Version(
        world.words("title of lesser", readers),
        world.words("text of lesser", readers),
        "green",
        "en",
    )
    lesser = tearlines.write_lesser(fuller, version, **world.doing("police"))
    lesser.audience = [
        {"to": "organisation", "pk": world.bodies[one].pk} for one in ("city", "second")
    ]
    lesser.save()
    for one in check(lesser).open:
        why = world.secrets.hide("release", world.of("police") | {"overseer"})
        tearlines.release(lesser, one.sign, why, **world.doing("police"))
    items.send_item(lesser, **world.doing("police"))
    world.items["lesser"] = lesser


def passed_on(world):
    source = world.send("women", "told in trust", ["city"], "amber")
    passing_on.allow_passing_on(source, is_allowed=True, **world.doing("women"))
    readers = world.who_reads("city", ["province"], "amber")
    retold = passing_on.Retold(
        world.words("title of retold", readers),
        world.words("text of retold", readers),
        "amber",
        "en",
    )
    receipt = world.receipt("told in trust", "city")
    own = passing_on.pass_on(receipt, retold, **world.doing("city"))
    own.audience = [{"to": "organisation", "pk": world.bodies["province"].pk}]
    own.save()
    items.send_item(own, **world.doing("city"))
    world.items["retold"] = own


def forwarded(world):
    readers = world.who_reads("nation", ["city", "police"], "amber")
    world.send("nation", "forwarded", ["city"], "amber", readers=readers)
    receipt = world.receipt("forwarded", "city")
    forwarding.forward_item(receipt, [world.bodies["police"]], **world.doing("city"))
    sides = world.of("nation", "city")
    for name, answer in (("second", forwarding.refuse_forward), ("women", None)):
        why = world.secrets.hide(f"why it should go to {name}", sides)
        wish = forwarding.ask_to_forward(
            receipt,
            [world.bodies["neighbour" if answer is None else name]],
            why,
            **world.doing("city"),
        )
        if answer is not None:
            answer(wish, world.secrets.hide("why not", sides), **world.doing("nation"))


def corrected(world):
    to = ["province", "city"]
    item = world.send("nation", "corrected", to, "amber")
    sides = world.of("nation", "province")
    for is_right in (True, False):
        hide = world.secrets.hide
        what = corrections.Wrong(
            *(hide(f"{one} of a correction", sides) for one in ("wrong", "right", "basis")), "en"
        )
        receipt = world.receipt("corrected", "province")
        made = corrections.propose_correction(receipt, what, **world.doing("province"))
        if is_right:
            readers = world.who_reads("nation", to, "amber")
            title, text = (world.words(f"{one} put right", readers) for one in ("title", "text"))
            corrections.accept_correction(made, title, text, **world.doing("nation"))
        else:
            why = hide("why it stays", sides)
            corrections.refuse_correction(made, why, **world.doing("nation"))
    assert item.corrections.count() == 2


def commented(world):
    """A draft that is commented on: by one to all, by one to the sender alone."""
    to = ["province", "city"]
    more = {"kind": ItemKind.CONSULTATION}
    item = world.send("nation", "consultation", to, "amber", **more)
    everybody = world.who_reads("nation", to, "amber")
    for body, is_open in (("province", True), ("city", False)):
        readers = everybody if is_open else world.of("nation", body)
        words = world.secrets.hide(f"comment of the {body}", readers)
        remark = consultations.Remark(words, "en", is_open=is_open)
        receipt = world.receipt("consultation", body)
        made = consultations.write_comment(receipt, remark, **world.doing(body))
        because = world.secrets.hide(f"because, to the {body}", readers)
        said = consultations.Said("did_not", because, "en")
        consultations.respond(item, [made.pk], said, **world.doing("nation"))
    summary = world.secrets.hide("summary", everybody)
    consultations.conclude(item, summary, **world.doing("nation"))


def answering_what_others_do_not_read(world):
    question = world.send("nation", "question", ["province"], "amber", kind=ItemKind.INFORMATION)
    world.send("province", "answer as item", ["nation", "second"], "amber", answers=question)


def agreed(world):
    sides = world.of("nation", "city")
    hide = world.secrets.hide
    fields = ("title", "purpose", "legal_basis", "data_kinds", "complaints", "roles")
    # An overseer knows the purpose of what it oversees, and opens nothing for that.
    knows = {one: {"overseer"} if one == "purpose" else set() for one in fields}
    for is_offered in (True, False):
        readers = sides if is_offered else world.of("nation")
        name = "agreement" if is_offered else "draft of an agreement"
        terms = agreements.Terms(
            **{one: hide(f"{one} of {name}", readers | knows[one]) for one in fields},
            language="en",
            markings=["amber"],
            channels=["desk"],
            review_on=world.at.date() + 90 * DAY,
        )
        made = agreements.write_agreement(world.bodies["nation"], terms, **world.doing("nation"))
        agreements.add_party(made, world.bodies["city"], **world.doing("nation"))
        if is_offered:
            _sign(world, made, hide("office that signs", sides))
            agreement = made
    item = world.draft("nation", "under an agreement", ["city", "second"], "amber")
    agreements.choose_agreement(item, agreement, **world.doing("nation"))
    items.send_item(item, **world.doing("nation"))


def _sign(world, agreement, office):
    agreements.offer_agreement(agreement, **world.doing("nation"))
    for name in ("nation", "city"):
        party = agreement.parties.get(organisation=world.bodies[name])
        agreements.sign_agreement(party, signed_as=office, **world.doing(name))


def in_a_group(world):
    readers = world.of("province", "city", "second")
    words = groups.GroupWords(
        world.secrets.hide("name of the group", readers),
        [world.bodies["city"], world.bodies["second"]],
        purpose=world.secrets.hide("purpose of the group", readers | {"overseer"}),
    )
    group = groups.make_group(world.bodies["province"], words, **world.doing("province"))
    reached = world.who_reads("province", ["city", "second", "police"], "amber")
    audience = [{"to": "group", "pk": group.pk}]
    world.send("province", "to the group", [], "amber", audience=audience, readers=reached)
    # The police gets the item, and is no member of the group.
    receipt = world.receipt("to the group", "city")
    forwarding.forward_item(receipt, [world.bodies["police"]], **world.doing("city"))


def owed(world):
    sides = world.of("nation", "city")
    beat = rhythms.Beat(
        way="we_owe",
        kind="briefing",
        what=world.secrets.hide("standing duty", sides),
        language="en",
        audience=[{"to": "organisation", "pk": world.bodies["city"].pk}],
        every="week",
        first_due_on=world.at.date() + 2 * DAY,
    )
    made = rhythms.make_rhythm(world.bodies["nation"], beat, **world.doing("nation"))
    duty = Obligation.objects.get(rhythm=made)
    given = world.secrets.hide("how it was given", sides)
    obligations.give(duty, note=given, **world.doing("nation"))
    Obligation.objects.filter(pk=duty.pk).update(due_at=world.at - DAY)
    # A request to which nobody answered: those above are told that it is late, and no more.
    long_ago = world.at - 40 * DAY
    for marking, name in (("amber", "late request"), ("amber+strict", "late strict request")):
        world.send(
            "second",
            name,
            ["city"],
            marking,
            kind=ItemKind.SUPPORT,
            at=long_ago,
            reply_by=long_ago + DAY,
        )
        # Whose term ended yesterday was told then, and keeps the own notice among the own data.
        for word, where in world.secrets.where.items():
            if where == f"title of {name}":
                world.secrets.readers[word] |= {"ended"}


def taken_back(world):
    for marking in ("green", "amber+strict"):
        readers = world.of("nation")
        name = f"taken back {marking}"
        item = world.send("nation", name, ["province", "city"], marking, readers=readers)
        told = world.of("nation", "province", "city")
        recalls.recall_item(item, world.secrets.hide(f"why {name}", told), **world.doing("nation"))


def held(world):
    item = world.send("nation", "held", ["province"], "amber", readers=world.of("nation"))
    seen = world.of("nation", "province") | {"overseer"}
    why = world.secrets.hide("why it is held", seen)
    until = world.at.date() + 60 * DAY
    holding = retention.Holding(world.bodies["nation"], why, until)
    retention.hold_item(item, holding, **world.doing("nation"))


def reached_elsewhere(world):
    keeper = world.of("nation") | {"operator"}
    peer = PeerFactory(
        keeper=world.bodies["nation"],
        name=world.secrets.hide("name of another platform", keeper),
        problem=world.secrets.hide("problem of another platform", keeper),
        state="paused",
    )
    PeerBodyFactory(peer=peer, organisation=world.bodies["stranger"])
    address = world.secrets.hide("address of the office", {"administrator"})
    RouteFactory(organisation=world.bodies["city"], address=f"{address}@example.org")
    MailChoiceFactory(person=world.readers["province"].person, rhythm="daily")


def deleted(world):
    item = world.send("nation", "deleted", ["province"], "clear", readers=())
    receipt = world.receipt("deleted", "province")
    gone = world.secrets.hide("answer that was deleted", ())
    writer = world.bodies["province"]
    items.write_reply(receipt, writer, gone, language="en", **world.doing("province"))
    Item.objects.filter(pk=item.pk).update(expires_on=world.at.date() - 90 * DAY)
    Item.objects.filter(pk=world.items["held"].pk).update(expires_on=world.at.date() - DAY)


def over(world):
    """What is over and not deleted yet: only the sender still reads it."""
    for marking in ("clear", "amber"):
        name = f"over {marking}"
        item = world.send("nation", name, ["province"], marking, readers=world.of("nation"))
        Item.objects.filter(pk=item.pk).update(expires_on=world.at.date() - DAY)


SCENES = (
    every_kind_and_marking,
    drafts,
    talking,
    closed_list,
    under_red,
    tear_line,
    passed_on,
    forwarded,
    corrected,
    commented,
    answering_what_others_do_not_read,
    agreed,
    in_a_group,
    owed,
    taken_back,
    held,
    reached_elsewhere,
    deleted,
    over,
)
