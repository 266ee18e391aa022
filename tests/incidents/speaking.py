"""A city that speaks: a room with texts agreed beforehand, and people in their roles."""

import dataclasses
import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tansiq.access.queries import actor_for
from tansiq.incidents.actions import statements as writing
from tansiq.incidents.actions.statements import Written
from tansiq.incidents.playbook.document import (
    ChecklistSpec,
    FieldSpec,
    Offset,
    StatementSpec,
    WindowSpec,
    Words,
)
from tansiq.incidents.statement_checks import Text
from tests.factories import (
    NOON,
    IncidentFactory,
    MembershipFactory,
    PlaybookVersionFactory,
    PressOfficeFactory,
    SeatFactory,
)
from tests.incidents.small import small_playbook, words

HOLDING = words(
    "We are aware of an incident in {place}. Keep away from {area}. Help: {number}. "
    "Do not share images. Next update: {time}.",
    fil="Alam namin ang nangyari sa {place}. Lumayo sa {area}. Tulong: {number}. "
    "Huwag ibahagi ang mga larawan. Susunod na balita: {time}.",
)


def speaking_playbook():
    """Return the small playbook with one holding text, one window and a checklist."""
    return dataclasses.replace(
        small_playbook(),
        windows=(
            WindowSpec(
                key="first_hour",
                title=words("First hour"),
                contains=words("where to call"),
                avoids=words("motive"),
                begins=Offset.read("T0"),
                ends=Offset.read("T0+PT1H"),
            ),
        ),
        statements=(
            StatementSpec(
                key="holding_attack",
                title=words("First words after an attack"),
                kind="holding",
                triggers=("attack_in_city",),
                window="first_hour",
                text=HOLDING,
            ),
            StatementSpec(
                key="unity_always",
                title=words("Words of unity"),
                kind="unity",
                text=Words({"en": "We stand together in {city}."}),
            ),
        ),
        checklists=(
            ChecklistSpec(
                key="reporters",
                title=words("For reporters"),
                items=(FieldSpec(key="images", title=words("No images of victims")),),
            ),
        ),
    )


def speaking_room(**changes):
    """Return a running incident of a city with a press office that speaks two languages."""
    version = PlaybookVersionFactory(document_json=speaking_playbook().as_json())
    incident = IncidentFactory(
        owner=version.playbook.owner, playbook=version, **{"title": "Explosion"} | changes
    )
    PressOfficeFactory(owner=incident.owner, helpline="117")
    return incident


def someone(incident, role="coordinator", *, seat=""):
    """Return a new member of the city, as the actor who asks; with a seat in the room."""
    member = MembershipFactory(organisation=incident.owner, role=role)
    if seat:
        SeatFactory(incident=incident, role=seat, holder=member.person)
    return actor_for(member.person, at=NOON)


FINE = {
    "en": Text(body="The market is closed. Call 117 for help."),
    "fil": Text(body="Sarado ang palengke. Tumawag sa 117."),
}


def drafted(incident, *, by=None, texts=FINE, **values):
    """Return an update in all languages that no check stops."""
    given = {"kind": "update", "next_update_at": NOON + dt.timedelta(hours=1)} | values
    by = by or someone(incident, "contributor")
    return writing.draft_statement(incident, Written(given, texts), by=by, at=NOON)


def waiting(incident, **options):
    statement = drafted(incident, **options)
    writing.send_for_approval(statement, by=someone(incident, "contributor"), at=NOON)
    return statement


def approved(incident, **options):
    statement = waiting(incident, **options)
    for _number in range(2):
        by = someone(incident)
        writing.approve_statement(statement, version=statement.version, by=by, at=NOON)
    return statement


def assert_flat(visit, *, add_row):
    """Assert that a page costs as many queries for three rows as for one, whatever its frame."""
    costs = []
    for rows in (1, 2):
        for _row in range(rows):
            add_row()
        with CaptureQueriesContext(connection) as queries:
            assert visit().status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] > 0
