"""The format of bundles: one way to write, every changed byte refused, limits kept."""

import datetime as dt
import stat
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.exchange.federation import bundles, calls, canonical, keys, parts, records
from tansiq.exchange.federation.errors import BundleError

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
OURS, THEIRS = keys.Key(b"1" * 32), keys.Key(b"2" * 32)
LIMIT = 1_000_000
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def an_item(**more):
    body = {"slug": "national-body", "country": "id"}
    return {
        "type": "item",
        "uuid": str(uuid.UUID(int=7)),
        "owner": body,
        "kind": "briefing",
        "title": "ما نعرفه هذا الشهر",
        "text": "Two lines,\none after another.",
        "language": "ar",
        "marking": "amber",
        "hub_wide": False,
        "purpose": "",
        "reply_by": "",
        "expires_on": "2026-12-31",
        "list_open": True,
        "answers": "",
        "sent_at": records.moment(NOON),
        "recipients": [{"slug": "hub", "country": ""}],
        "files": [],
    } | more


def a_bundle(*, told=None, files=None, key=OURS, **more):
    contents = {canonical.digest(one): one for one in files or []}
    head = {
        "sender": OURS.fingerprint,
        "receiver": THEIRS.fingerprint,
        "chain": str(uuid.UUID(int=1)),
        "sequence": 1,
        "previous": bundles.GENESIS,
        "made_at": records.moment(NOON),
        "records": [an_item()] if told is None else told,
        "files": [(name, len(one)) for name, one in contents.items()],
    } | more
    return bundles.seal(bundles.Head(**head), contents, key)


def with_a_file(content=b"%PDF-1.7 a map"):
    name = {"name": "map.pdf", "size": len(content), "sha256": canonical.digest(content)}
    return a_bundle(told=[an_item(files=[name])], files=[content])


def opened(content, *, public=OURS.public):
    bundle = bundles.open_bundle(content, most=LIMIT)
    bundle.check_signature(public)
    return bundle


@given(plain)
def test_what_is_written_is_read_and_written_the_same(content):
    written = canonical.write(content)

    assert canonical.write(canonical.read(written)) == written


@pytest.mark.parametrize(
    "other",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":NaN}',
        b'{"a":9007199254740993}',
        b'"\\u0041"',
        b'"\\ud800"',
        b"[" * 100_000,
        b"\xff",
        b"",
    ],
)
def test_every_other_way_to_write_is_refused(other):
    with pytest.raises(BundleError):
        canonical.read(other)


def test_a_bundle_comes_out_as_it_went_in():
    bundle = opened(with_a_file())

    assert bundle.head.records[0]["title"] == "ما نعرفه هذا الشهر"
    assert list(bundle.contents.values()) == [b"%PDF-1.7 a map"]


@settings(max_examples=400)
@given(data=st.data())
def test_one_changed_byte_anywhere_and_nothing_is_believed(data):
    whole = with_a_file()
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(1, 255))

    changed = whole[:place] + bytes([whole[place] ^ other]) + whole[place + 1 :]

    with pytest.raises(BundleError):
        opened(changed)


@given(data=st.data())
def test_a_bundle_cut_off_anywhere_is_refused(data):
    whole = with_a_file()
    ends = data.draw(st.integers(0, len(whole) - 1))

    with pytest.raises(BundleError):
        opened(whole[:ends])
    with pytest.raises(BundleError):
        opened(whole + whole[: ends + 1])


def test_a_stranger_cannot_sign_for_another():
    with pytest.raises(BundleError, match="signature"):
        opened(a_bundle(key=THEIRS))


def test_what_one_signs_for_one_purpose_is_worth_nothing_for_another():
    signature = OURS.sign(calls.PURPOSE, b"{}")

    with pytest.raises(BundleError, match="signature"):
        keys.verify(OURS.public, bundles.PURPOSE, b"{}", signature)


@pytest.mark.parametrize(
    "change",
    [
        {"marking": "red"},
        {"marking": "amber+strict"},
        {"title": ""},
        {"title": "x" * 201},
        {"title": "Two\nlines"},
        {"title": "Subject\r\nBcc: all"},
        {"text": "a\0b"},
        {"kind": "order"},
        {"expires_on": "2026-13-01"},
        {"sent_at": "2026-11-22T12:00:00"},
        {"sent_at": "22.11.2026"},
        {"hub_wide": 1},
        {"uuid": "7"},
        {"owner": {"slug": "../x", "country": "id"}},
        {"recipients": [{"slug": "x", "country": "id", "person": "A. B."}]},
        {"sent_by": "A. B."},
        {"files": [{"name": "a\n.pdf", "size": 1, "sha256": "0" * 64}]},
        {"language": 5},
    ],
)
def test_what_is_not_of_the_format_is_neither_sealed_nor_opened(change):
    with pytest.raises(BundleError):
        a_bundle(told=[an_item(**change)])
    forged = canonical.write(bundles._plain(opened(a_bundle(told=[])).head))
    forged = forged.replace(b'"records":[]', b'"records":' + canonical.write([an_item(**change)]))
    seal = OURS.sign(bundles.PURPOSE, forged).encode()
    file = b"".join([bundles.FIRST_LINE, b"%010d\n" % len(forged), forged, b"\n", seal, b"\n"])
    with pytest.raises(BundleError, match="form"):
        bundles.open_bundle(file, most=LIMIT)


@given(st.dictionaries(st.text(max_size=8), plain, max_size=4) | plain)
def test_no_record_of_chance_is_taken_and_none_makes_it_fall(record):
    with pytest.raises(BundleError):
        records.check_record(record)


def test_a_file_that_no_item_names_is_refused():
    with pytest.raises(BundleError, match="not those"):
        opened(a_bundle(files=[b"unnamed"]))


def test_a_bundle_longer_than_the_limit_is_not_read():
    with pytest.raises(BundleError, match="size"):
        bundles.open_bundle(with_a_file(b"x" * 2000), most=1000)


def test_a_receipt_is_believed_from_its_signer_alone():
    receipt = bundles.Receipt(
        THEIRS.fingerprint,
        OURS.fingerprint,
        str(uuid.UUID(int=1)),
        1,
        "0" * 64,
        records.moment(NOON),
        ({"n": 0, "reason": "recipient"},),
    )
    signed = bundles.sign_receipt(receipt, THEIRS)

    assert bundles.read_receipt(signed, THEIRS.public) == receipt
    for wrong in (signed.replace(b'"sequence":1', b'"sequence":2'), signed[:-1], b"", b"{}\n00"):
        with pytest.raises(BundleError):
            bundles.read_receipt(wrong, THEIRS.public)
    with pytest.raises(BundleError):
        bundles.read_receipt(signed, OURS.public)


def test_a_call_counts_for_its_path_its_body_and_its_time():
    call = {"to": THEIRS.fingerprint, "method": "PUT", "path": "/x", "body": b"abc"}
    headers = calls.signed_headers(OURS, at=NOON, **call)

    assert calls.check_call(headers, public=OURS.public, **call) == NOON
    for change in ({"path": "/y"}, {"body": b"abd"}, {"method": "GET"}, {"to": "0" * 64}):
        with pytest.raises(BundleError):
            calls.check_call(headers, public=OURS.public, **call | change)
    later = headers | {calls.AT: records.moment(NOON + dt.timedelta(minutes=1))}
    with pytest.raises(BundleError):
        calls.check_call(later, public=OURS.public, **call)


@given(st.integers(-3600, 3600))
def test_clocks_may_differ_by_so_much_and_no_more(seconds):
    skew = dt.timedelta(minutes=10)
    made = NOON + dt.timedelta(seconds=seconds)
    if abs(seconds) <= 600:
        calls.check_clock(made, at=NOON, skew=skew)
    else:
        with pytest.raises(BundleError, match="clock"):
            calls.check_clock(made, at=NOON, skew=skew)


def test_the_key_is_made_once_and_for_its_user_alone(tmp_path):
    key = keys.load(tmp_path)

    assert keys.load(tmp_path) == key
    assert [one.name for one in tmp_path.iterdir()] == ["federation.key"]
    assert stat.S_IMODE((tmp_path / "federation.key").stat().st_mode) == 0o600
    assert key.secret.hex() not in repr(key)


def test_a_new_key_follows_the_old_one_with_the_word_of_both(tmp_path):
    old = keys.load(tmp_path)

    new = keys.renew(tmp_path)

    assert keys.load_all(tmp_path) == [new, old]
    record = bundles.key_record(new, known_as=old.fingerprint)
    records.check_record(record)
    assert bundles.check_key_record(record, known_as=old.fingerprint) == new.public
    with pytest.raises(BundleError):
        bundles.check_key_record(record | {"public": OURS.public}, known_as=old.fingerprint)


def test_the_digits_are_forty_and_differ():
    assert len(keys.digits(OURS.fingerprint).replace(" ", "")) == 40
    assert keys.digits(OURS.fingerprint) != keys.digits(THEIRS.fingerprint)
    assert keys.read_card(f" {keys.card(OURS.public)}\n") == OURS.public
    for wrong in ("", "tansiq1:", "tansiq1:00", OURS.public, "tansiq2:" + OURS.public):
        with pytest.raises(BundleError):
            keys.read_card(wrong)


def test_parts_go_on_where_they_stopped(tmp_path):
    assert parts.append(tmp_path, "a", b"abc", offset=0, most=5) == 3
    assert parts.append(tmp_path, "a", b"abc", offset=0, most=5) == 3
    assert parts.append(tmp_path, "a", b"x", offset=4, most=5) == 3
    assert parts.append(tmp_path, "a", b"de", offset=3, most=5) == 5
    assert parts.content(tmp_path, "a") == b"abcde"
    with pytest.raises(BundleError, match="size"):
        parts.append(tmp_path, "a", b"f", offset=5, most=5)
    parts.drop(tmp_path, "a")
    assert parts.arrived(tmp_path, "a") == 0
