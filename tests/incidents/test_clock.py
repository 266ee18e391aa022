"""The clock of an exercise only goes forward; that of a real incident cannot be moved."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tansiq.incidents.actions import clock
from tansiq.incidents.actions.clock import ClockError
from tansiq.incidents.models import Entry, Incident
from tansiq.incidents.models.incidents import FASTEST
from tests.factories import NOON, IncidentFactory, actor_of

SECOND = dt.timedelta(seconds=1)
seconds = st.integers(0, 100_000).map(lambda number: number * SECOND)


class ClockMachine(RuleBasedStateMachine):
    """Somebody plays with the clock; a second clock, kept by hand, must agree with it."""

    @initialize()
    def begin(self):
        self.incident = IncidentFactory(is_exercise=True)
        self.facilitator = actor_of(self.incident.owner, "coordinator")
        self.now, self.shown, self.speed = NOON, NOON, 1

    @rule(passed=seconds)
    def wait(self, passed):
        self.now += passed
        self.shown += passed * self.speed

    @rule()
    def pause(self):
        self._try(clock.pause_clock, is_allowed=self.speed != 0)
        self.speed = 0

    @rule(speed=st.integers(-1, FASTEST + 1))
    def run(self, speed):
        is_allowed = 1 <= speed <= FASTEST and speed != self.speed
        self._try(clock.run_clock, is_allowed=is_allowed, speed=speed)
        self.speed = speed if is_allowed else self.speed

    @rule(ahead=st.integers(-1000, 100_000).map(lambda number: number * SECOND))
    def skip(self, ahead):
        to = self.shown + ahead
        self._try(clock.skip_clock, is_allowed=ahead > dt.timedelta(), to=to)
        self.shown = max(self.shown, to)

    def _try(self, action, *, is_allowed, **wanted):
        lines = Entry.objects.count()
        before = Incident.objects.get(pk=self.incident.pk).room_time(self.now)
        try:
            action(self.incident, by=self.facilitator, at=self.now, **wanted)
        except ClockError:
            assert not is_allowed
            assert Entry.objects.count() == lines
        else:
            assert is_allowed
            assert Entry.objects.count() == lines + 1
        after = Incident.objects.get(pk=self.incident.pk).room_time(self.now)
        assert after == max(before, wanted.get("to", before))

    @invariant()
    def the_room_shows_what_was_reckoned_by_hand(self):
        incident = Incident.objects.get(pk=self.incident.pk)
        assert incident.room_time(self.now) == self.shown == self.incident.room_time(self.now)
        assert incident.room_time(self.now + SECOND) == self.shown + self.speed * SECOND
        latest = list(self.incident.entry_set.order_by("pk").values_list("at", flat=True))
        assert latest == sorted(latest)


@pytest.mark.django_db
def test_a_clock_goes_forward_only_and_jumps_only_when_it_is_told_to():
    run_state_machine_as_test(
        ClockMachine, settings=settings(max_examples=25, stateful_step_count=15)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        (clock.pause_clock, {}),
        (clock.run_clock, {"speed": 2}),
        (clock.skip_clock, {"to": NOON + dt.timedelta(hours=1)}),
    ],
)
def test_nobody_moves_the_clock_of_a_real_incident_or_of_one_that_is_over(action, wanted):
    real = IncidentFactory()
    over = IncidentFactory(is_exercise=True, status="closed", closed_at=NOON)
    for incident in (real, over):
        with pytest.raises(ClockError):
            action(incident, by=actor_of(incident.owner), at=NOON, **wanted)

    assert Entry.objects.count() == 0
    assert [one.room_time(NOON) for one in Incident.objects.all()] == [NOON, NOON]


@pytest.mark.django_db
def test_the_database_itself_refuses_a_real_incident_on_another_clock():
    incident = IncidentFactory()
    for changes in ({"clock_speed": 2}, {"clock_room": NOON + SECOND}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(**changes)


@pytest.mark.django_db
def test_a_tap_that_is_sent_twice_moves_the_clock_once():
    incident = IncidentFactory(is_exercise=True)
    key, by = uuid.uuid4(), actor_of(incident.owner)
    clock.pause_clock(incident, by=by, at=NOON, key=key)

    clock.pause_clock(incident, by=by, at=NOON + SECOND, key=key)

    assert Entry.objects.count() == 1
    assert incident.room_time(NOON + 9 * SECOND) == NOON
