"""After the first step there is nobody left in a post, and every post is accounted for."""

import json
import stat
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus import forgetting
from chorus.forgetting import IncidentKey, KeyFileError, OfficialAccounts, dropped, forget
from chorus.reading.rows import RAW_BATCH

NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)
KEY = IncidentKey(bytes(range(16)))
ROW = {"id": "1", "at": NOW, "author": "someone", "text": "Stay safe", "lang": "en"}


def raw(*rows):
    filled = [ROW | {"repost": False, "line": number} | row for number, row in enumerate(rows)]
    return pl.DataFrame(filled, schema=RAW_BATCH)


def test_nothing_private_is_left():
    private = {
        "id": "908070605040",
        "author": "@Siti.Rahma",
        "text": "@siti_rahma call 0812-3456-7890 or mail siti@example.org https://example.org/siti",
        "lang": "ask Siti Rahma",
    }

    posts = forget(raw(private), KEY)

    left = posts.write_json().lower()
    for secret in ("siti", "rahma", "0812", "7890", "example.org", "9080706"):
        assert secret not in left
    assert posts["lang"].to_list() == [None]
    assert posts.schema == forgetting.FORGOTTEN_BATCH


def test_an_author_is_one_hash_under_one_key_and_another_under_another():
    rows = raw({"author": "Someone"}, {"author": " @someone"}, {"author": "other"})
    mine, theirs = forget(rows, KEY)["author"], forget(rows, IncidentKey(bytes(16)))["author"]

    assert mine[0] == mine[1] != mine[2]
    assert not set(mine) & set(theirs)


def test_an_unknown_author_is_zero_and_never_official(tmp_path):
    (tmp_path / "official").write_text("# authorities\n\n@\n")
    official = OfficialAccounts.load(tmp_path / "official", KEY)

    posts = forget(raw({"author": None}, {"author": ""}, {"author": "@"}), KEY, official=official)

    assert posts["author"].to_list() == [0, 0, 0]
    assert posts["official"].to_list() == [False, False, False]


def test_official_accounts_are_known_however_they_are_written(tmp_path):
    (tmp_path / "official").write_text("\ufeff@BalaiKota # the town hall\n4711\n")
    official = OfficialAccounts.load(tmp_path / "official", KEY)

    posts = forget(
        raw({"author": "balaikota"}, {"author": "4711"}, {"author": "someone"}),
        KEY,
        official=official,
    )

    assert posts["official"].to_list() == [True, True, False]


def test_a_list_of_official_accounts_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "old").write_bytes("Préfecture".encode("latin-1"))

    with pytest.raises(forgetting.OfficialAccountsError, match="save it as UTF-8"):
        OfficialAccounts.load(tmp_path / "old", KEY)
    with pytest.raises(forgetting.OfficialAccountsError, match="cannot be read"):
        OfficialAccounts.load(tmp_path / "absent", KEY)


def test_what_cannot_be_used_is_counted_by_reason():
    rows = raw(
        {},
        {"text": None},
        {"text": " \n"},
        {"at": None},
        {"at": NOW + timedelta(minutes=59)},
        {"at": NOW + timedelta(minutes=61)},
    )

    assert len(forget(rows, KEY, now=NOW)) == 2
    assert dropped(rows, now=NOW) == {
        "no text": 2,
        "no time that can be read": 1,
        "in the future": 1,
    }


moments = st.datetimes(datetime(1975, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- hypothesis adds the zone
texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
rows = st.fixed_dictionaries(
    {"id": texts, "author": texts, "text": texts, "lang": texts, "at": st.none() | moments}
)


@given(batch=st.lists(rows, max_size=8), cut=st.integers(0, 8))
@settings(deadline=None)
def test_every_post_is_accounted_for_however_posts_are_batched(batch, cut):
    whole = raw(*batch)

    posts = forget(whole, KEY, now=NOW)
    halves = [forget(part, KEY, now=NOW) for part in (whole[:cut], whole[cut:])]

    assert len(posts) + dropped(whole, now=NOW).total() == len(batch)
    assert posts.equals(pl.concat(halves))
    assert posts["text"].null_count() == 0


def test_a_key_is_made_for_its_owner_alone_and_read_back(tmp_path):
    path = tmp_path / "incident.key"
    key = IncidentKey.create(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert IncidentKey.load(path) == key
    assert IncidentKey.create(tmp_path / "another").secret != key.secret
    assert key.secret.hex() not in repr(key) + key.fingerprint


def test_a_key_is_never_overwritten(tmp_path):
    path = tmp_path / "incident.key"
    IncidentKey.create(path)

    with pytest.raises(KeyFileError, match="There is already a file"):
        IncidentKey.create(path)


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"chorus incident key 1\nabc\n"])
def test_what_is_no_key_is_refused(tmp_path, content):
    path = tmp_path / "incident.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(KeyFileError, match="is not a key of an incident"):
        IncidentKey.load(path)


def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "incident.key"
    IncidentKey.create(path)
    path.chmod(0o640)

    with pytest.raises(KeyFileError, match="run `chmod 600` on it"):
        IncidentKey.load(path)


def test_a_destroyed_key_leaves_a_proof_and_nothing_else(tmp_path):
    path, twin, proof = tmp_path / "incident.key", tmp_path / "twin", tmp_path / "proof.json"
    key = IncidentKey.create(path)
    twin.hardlink_to(path)

    record = IncidentKey.destroy(path, at=NOW, proof=proof)

    assert not path.exists()
    assert key.secret.hex().encode() not in twin.read_bytes()
    assert json.loads(proof.read_text()) == {
        "fingerprint": key.fingerprint,
        "destroyed_at": "2026-05-13T12:00:00+00:00",
    }
    assert record.fingerprint == key.fingerprint
    with pytest.raises(KeyFileError, match="it was destroyed, or never made"):
        IncidentKey.load(path)


def test_a_key_stays_where_its_proof_cannot_be_written(tmp_path):
    path = tmp_path / "incident.key"
    key = IncidentKey.create(path)

    with pytest.raises(KeyFileError, match="could not be destroyed with a proof"):
        IncidentKey.destroy(path, at=NOW, proof=tmp_path / "absent" / "proof.json")

    assert IncidentKey.load(path) == key
