"""Two processes send one draft at the same moment: one of them wins, and nobody gets it twice."""

MAKE = """
import datetime as dt
from django.utils.timezone import now
from tansiq.access.models import Membership, Organisation, Person
from tansiq.exchange.models import Item
one, two = (
    Organisation.objects.create(slug=s, name=s, kind="city", country_code="id") for s in "ab"
)
person = Person.objects.create(email="a@a.demo", name="A")
Membership.objects.create(
    person=person, organisation=one, role="lead", starts_on="2020-01-01", consented_at=now()
)
item = Item.objects.create(
    owner=one, kind="briefing", title="T", text="T", language="en",
    expires_on=now().date() + dt.timedelta(days=9),
    audience=[{"to": "organisation", "pk": two.pk}],
)
print(person.pk, item.pk)
"""
SEND = """
import time
from pathlib import Path
from django.utils.timezone import now
from tansiq.access.models import Person
from tansiq.access.queries import actor_for
from tansiq.exchange.actions.items import ExchangeError, send_item
from tansiq.exchange.models import Item
at = now()
by = actor_for(Person.objects.get(pk={person}), at=at)
item = Item.objects.get(pk={item})
Path("ready-{number}").touch()
while not Path("go").exists():
    time.sleep(0.005)
try:
    send_item(item, by=by, at=at)
    print("sent")
except ExchangeError as problem:
    print(problem)
"""
COUNT = """
from tansiq.exchange.models import Receipt
print(Receipt.objects.count())
"""


def test_of_two_processes_that_send_one_draft_one_wins(instance):
    person, item = instance.script(MAKE).split()
    scripts = [SEND.format(person=person, item=item, number=number) for number in (1, 2)]

    senders = [instance.start_script(script) for script in scripts]
    while not all((instance.folder / f"ready-{number}").exists() for number in (1, 2)):
        assert all(sender.poll() is None for sender in senders)
    (instance.folder / "go").touch()
    said = sorted(sender.communicate(timeout=60)[0].strip().splitlines()[-1] for sender in senders)

    assert said == ["This was sent already.", "sent"]
    assert instance.script(COUNT).strip() == "1"
