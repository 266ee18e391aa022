"""A process that is killed while it deletes leaves no item half there; the next run goes on."""

import json
import signal

import pytest

from tests.databases import ROOT

pytestmark = pytest.mark.slow

BEGIN = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import datetime as dt, json, os, signal
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from tansiq.exchange.actions import purging
from tansiq.exchange.models import Attachment, Item, LeftFile, Purge, Receipt, Reply
from tests.factories import NOON, ItemFactory, OrganisationFactory, ReceiptFactory
purging.BATCH = 4
"""
MAKE = (
    BEGIN
    + """
owner, city = OrganisationFactory(), OrganisationFactory()
for n in range(12):
    item = ItemFactory(owner=owner, expires_on=NOON.date() - dt.timedelta(days=60))
    receipt = ReceiptFactory(item=item, organisation=city, reason="Because.")
    Reply.objects.create(
        item=item, receipt=receipt, organisation=city, text="Yes.", language="en", at=NOON
    )
    Attachment.objects.create(
        item=item, file=ContentFile(b"x", name=f"{n}.txt"), name="x", size=1, sha256="0" * 64,
        added_at=NOON,
    )
"""
)
# The machine loses its power right before the statement of this number.
DELETE = (
    BEGIN
    + """
count = 0
def die(execute, sql, params, many, context):
    global count
    count += 1
    if count == {number}:
        print("killed in the middle", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(die):
    print(purging.purge_expired(at=NOON), count)
"""
)
LOOK = (
    BEGIN
    + """
gone = list(Item.objects.filter(purged_at__isnull=False).values_list("pk", flat=True))
there = Item.objects.filter(purged_at__isnull=True)
whole = all(
    one.text and one.receipts.get().reason and one.replies.count() == one.attachments.count() == 1
    and default_storage.exists(one.attachments.get().file.name)
    for one in there
)
empty = not any((
    Item.objects.filter(pk__in=gone).exclude(text="").exists(),
    Receipt.objects.filter(item__in=gone).exclude(reason="").exists(),
    Reply.objects.filter(item__in=gone).exists(),
    Attachment.objects.filter(item__in=gone).exists(),
))
proofs = sorted(Purge.objects.values_list("item_number", flat=True)) == sorted(gone)
files = sum(len(names) for _folder, _folders, names in os.walk(default_storage.location))
stray = files - there.count() - LeftFile.objects.count()
print(json.dumps([len(gone), whole, empty, proofs, stray]))
"""
)


def test_whenever_it_is_killed_nothing_is_half_deleted_and_the_next_run_ends_it(instance):
    instance.script(MAKE)
    went = 0

    # Before a change, between two, right before the commit, and in the batch after.
    for number in (12, 27, 38, 44, 75):
        process = instance.start_script(DELETE.format(number=number))
        said, _errors = process.communicate(timeout=100)
        killed = process.returncode == -signal.SIGKILL and "killed in the middle" in said
        gone, whole, empty, proofs, stray = json.loads(instance.script(LOOK))
        assert killed or process.returncode == 0, said
        # A file may be gone already whose note still stands; never the other way round.
        assert (whole, empty, proofs, stray <= 0) == (True, True, True, True), said
        assert gone >= went
        went = gone

    instance.script(DELETE.format(number=0))
    assert json.loads(instance.script(LOOK)) == [12, True, True, True, 0]
    assert instance.script(DELETE.format(number=0)).startswith("0 ")
    assert "12 proofs hold" in instance.run("purges", "verify").stdout
