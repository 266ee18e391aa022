"""How long one tap takes: the whole shipped playbook becomes a room, and every role is called.

One city with a holder and a deputy for each of the 23 roles, the nation above it taking part.

    python -m benchmarks.incidents_activation [--rooms 20]
"""

import argparse
import datetime as dt
import statistics
import time
import uuid

from benchmarks.bench import figure, start

start()

from django.db import connection
from django.utils.timezone import now

from tansiq.access.models import Membership, Organisation, Person, Place
from tansiq.access.queries import actor_for
from tansiq.incidents.actions.activation import activate
from tansiq.incidents.actions.opening import Opening
from tansiq.incidents.models import (
    Call,
    Outgoing,
    Playbook,
    PlaybookVersion,
    Post,
    Seat,
    Task,
    Trigger,
)
from tansiq.incidents.playbook.shipped import shipped_playbook

AIM_MS = 200


def a_city() -> tuple[Organisation, Organisation, PlaybookVersion]:
    """Return a city with two people for each role, the nation above it, and its playbook."""
    nation_place = Place.objects.create(
        code="ph", country_code="ph", level=0, kind="country", name="Nation"
    )
    city_place = Place.objects.create(
        code="ph-city", country_code="ph", level=1, kind="city", name="City", parent=nation_place
    )
    nation = Organisation.objects.create(
        slug="nation", name="Nation", kind="national_body", place=nation_place, country_code="ph"
    )
    city = Organisation.objects.create(
        slug="city", name="City", kind="city", place=city_place, country_code="ph"
    )
    document = shipped_playbook()
    playbook = Playbook.objects.create(owner=city, slug=document.key, title="Response")
    version = PlaybookVersion.objects.create(
        playbook=playbook,
        number=1,
        document_json=document.as_json(),
        made_at=now(),
        published_at=now(),
    )
    for number, (role, rank) in enumerate(
        (role.key, rank) for role in document.roles for rank in (0, 1)
    ):
        person = Person.objects.create_user(f"person-{number}@example.org", name=f"P {number}")
        _join(person, city)
        Post.objects.create(
            organisation=city, role=role, rank=rank, person=person, phone=f"+63 912 {number:07}"
        )
    return city, nation, version


def _join(person: Person, city: Organisation) -> None:
    Membership.objects.create(
        person=person,
        organisation=city,
        role="coordinator",
        starts_on=dt.date(2020, 1, 1),
        consented_at=now(),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=20)
    rooms = parser.parse_args().rooms
    city, nation, version = a_city()
    by = actor_for(Person.objects.order_by("pk")[0], at=now())
    taken = []
    before = 0.0
    for number in range(rooms + 1):
        if number == 1:
            before = time.process_time()
        opening = Opening(
            owner=city,
            place=city.place or nation.place,
            title="Explosion at the market",
            language="en",
            trigger=Trigger.ATTACK_IN_CITY,
            playbook=PlaybookVersion.light.get(pk=version.pk),
            taking_part=(nation,),
        )
        begun = time.perf_counter()
        incident = activate(opening, client_key=uuid.uuid4(), by=by, at=now())
        taken.append((time.perf_counter() - begun) * 1000)
    worked = (time.process_time() - before) * 1000 / rooms
    first, *later = taken
    figure(
        "incidents.activation_ms",
        statistics.median(later),
        "ms",
        AIM_MS,
        slowest_ms=round(max(later), 1),
        # What this process worked for it, whatever else the machine does meanwhile.
        cpu_ms=round(worked, 1),
        # The very first one of a process reads and shapes the text of the playbook.
        first_ms=round(first, 1),
        rooms=rooms,
        tasks=Task.objects.filter(incident=incident).count(),
        seats=Seat.objects.filter(incident=incident).count(),
        calls=Call.objects.filter(incident=incident).count(),
        messages=Outgoing.objects.filter(incident=incident).count(),
        database=connection.vendor,
    )


if __name__ == "__main__":
    main()
