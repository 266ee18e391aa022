"""The log keeps every row, in order, and shows when somebody changed it all the same."""

import datetime as dt
import json
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tansiq.access.actor import Actor
from tansiq.access.log import GENESIS, broken_seals, knows_seal, latest_seal, record
from tansiq.access.models import LogEntry
from tests.factories import NOON, OrganisationFactory, actor_of

DROP = {
    "sqlite": ["DROP TRIGGER log_no_update", "DROP TRIGGER log_no_delete"],
    "postgresql": ["ALTER TABLE access_logentry DISABLE TRIGGER USER"],
}


@contextmanager
def guard_lifted():
    """What somebody does who can write to the database and wants to hide something."""
    with connection.cursor() as cursor:
        triggers = []
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'log_no_%'")
            triggers = [row[0] for row in cursor.fetchall()]
        for statement in DROP[connection.vendor]:
            cursor.execute(statement)
        yield
        for statement in triggers or ["ALTER TABLE access_logentry ENABLE TRIGGER USER"]:
            cursor.execute(statement)


def write(number):
    actor = actor_of(OrganisationFactory())
    return [record(actor, "plans.adopt", None, at=NOON, detail={"n": n}) for n in range(number)]


def verify(*arguments):
    call_command("audit", "verify", *arguments)


@pytest.mark.django_db
def test_rows_follow_from_each_other():
    rows = write(3)

    assert list(broken_seals()) == []
    assert len({GENESIS, *(row.seal for row in rows)}) == 4
    assert latest_seal() == rows[-1].seal


@pytest.mark.django_db
def test_empty_log_is_whole_and_begins_with_the_first_seal():
    assert latest_seal() == GENESIS
    verify("--head", GENESIS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"rule": "plans.return"}, {"person_id": 7}, {"detail": {"n": 9}}, {"at": NOON}]
)
def test_a_changed_row_is_found(change):
    before, changed, after = write(3)
    change = {k: v + dt.timedelta(microseconds=1) if k == "at" else v for k, v in change.items()}

    with guard_lifted():
        LogEntry.objects.filter(pk=changed.pk).update(**change)

    assert {row.pk for row in broken_seals()} == {changed.pk}
    with pytest.raises(CommandError, match="1 seals are broken"):
        verify("--head", after.seal)
    assert before.seal != after.seal


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 1])
def test_a_removed_row_is_found_at_the_row_after_it(place):
    rows = write(3)

    with guard_lifted():
        LogEntry.objects.filter(pk=rows[place].pk).delete()

    assert {row.pk for row in broken_seals()} == {rows[place + 1].pk}


@pytest.mark.django_db
def test_a_removed_end_is_found_with_a_seal_that_was_kept():
    rows = write(3)
    kept = latest_seal()
    verify("--head", kept)

    with guard_lifted():
        LogEntry.objects.filter(pk=rows[-1].pk).delete()

    verify()
    assert not knows_seal(kept)
    with pytest.raises(CommandError, match="no longer contains the seal you kept"):
        verify("--head", kept)


@pytest.mark.django_db
def test_a_chain_written_anew_is_found_with_a_seal_that_was_kept():
    write(2)
    kept = latest_seal()

    with guard_lifted():
        LogEntry.objects.all().delete()
    write(2)

    assert list(broken_seals()) == []
    with pytest.raises(CommandError, match="no longer contains the seal you kept"):
        verify("--head", kept)


@pytest.mark.django_db
def test_database_refuses_to_change_or_remove_a_row_by_hand():
    (row,) = write(1)

    for statement in (
        "UPDATE access_logentry SET rule = 'x'",
        "DELETE FROM access_logentry",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    assert list(LogEntry.objects.values_list("pk", "rule")) == [(row.pk, "plans.adopt")]


@pytest.mark.django_db
def test_an_action_that_fails_leaves_no_row():
    @transaction.atomic
    def act_and_fail():
        record(Actor.system("a test"), "plans.adopt", None, at=NOON)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act_and_fail()

    assert not LogEntry.objects.exists()


@pytest.mark.django_db
def test_days_and_amounts_may_stand_in_the_detail():
    detail = {"on": NOON.date(), "at": NOON, "amount": Decimal("12.50"), "huge": 1.5e300}

    record(Actor.system("a test"), "plans.adopt", None, at=NOON, detail=detail)

    assert list(broken_seals()) == []


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class AnyDetailTests(TestCase):
    @given(st.dictionaries(st.text(max_size=9), json_values, max_size=4))
    @example({"of a web page": "a zero byte is written \\u0000"})
    def test_any_detail_comes_back_as_it_was_sealed(self, detail):
        record(Actor.system("a test"), "plans.adopt", None, at=NOON, detail=detail)

        assert list(broken_seals()) == []


@pytest.mark.django_db
def test_export_has_every_row_and_tells_of_itself(capsys):
    rows = write(2)

    call_command("audit", "export")

    exported = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["seal"] for row in exported[:2]] == [row.seal for row in rows]
    assert [row["rule"] for row in exported] == ["plans.adopt", "plans.adopt", "export:audit"]
    assert exported[2]["system_reason"] == "tansiq audit export"


@pytest.mark.django_db
def test_head_prints_the_latest_seal(capsys):
    rows = write(2)

    call_command("audit", "head")

    assert capsys.readouterr().out == f"{rows[-1].seal}\n"


APPEND = """
from django.db import transaction
from django.utils.timezone import now
from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.live import announce
import threading

def append(writer):
    for number in range(25):
        with transaction.atomic():
            # In both orders: two locks taken in two orders would stop both writers.
            if number % 2:
                announce("room:1", "told", {}, at=now())
            record(Actor.system("a test"), "plans.adopt", None, at=now(), detail={"n": number})
            if not number % 2:
                announce("room:1", "told", {}, at=now())

threads = [threading.Thread(target=append, args=[n]) for n in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


@pytest.mark.slow
def test_chain_stays_whole_when_threads_and_processes_append_at_once(instance):
    processes = [instance.start_script(APPEND) for _ in range(3)]

    said = [process.communicate(timeout=90)[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert said == ["", "", ""]
    count = "from tansiq.access.models import LogEntry; print(LogEntry.objects.count())"
    assert instance.script(count) == "225"
    result = instance.run("audit", "verify")
    assert result.returncode == 0, result.stderr
