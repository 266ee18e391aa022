"""Lines: where they are, and which of them a JSON parser may have."""

from hypothesis import example, given
from hypothesis import strategies as st

from chorus import kernel
from chorus.kernel import Verdict, reference

# Bytes that matter to the rules, in any order.
structure = [b"\n", b"\r\n", b"\r", b" ", b"{", b"}", b"[", b"]", b'"', b"\\", b"a" * 130, b"\x00"]
characters = [b"\xc3\xa9", b"\xd8\xa7", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\xf4\x8f\xbf\xbf"]
broken = [b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff", b"\xc3"]
crumbs = st.sampled_from([*structure, *characters, *broken])
streams = st.one_of(st.binary(max_size=300), st.lists(crumbs, max_size=60).map(b"".join))


def told(lines):
    return list(zip(lines.starts, lines.ends, lines.verdicts, strict=True))


@given(streams, st.integers(0, 200), st.integers(0, 5))
@example(b'{"a": "\\\\"}\n[[', 10, 1)
def test_c_and_plain_python_find_the_same_lines(data, longest, deepest):
    assert told(kernel.scan_lines(data, longest, deepest)) == told(
        reference.scan_lines(data, longest=longest, deepest=deepest)
    )


@given(streams)
def test_lines_and_what_parts_them_are_all_there_is(data):
    lines = kernel.scan_lines(data)

    rebuilt, at = b"", 0
    for start, end, _ in told(lines):
        assert data[at:start] in {b"", b"\n", b"\r\n"}
        rebuilt += data[at:start] + data[start:end]
        at = end
    assert rebuilt + data[at:] == data
    assert data[at:] in {b"", b"\n", b"\r\n"}


def verdicts(data, **limits):
    return [Verdict(verdict) for verdict in kernel.scan_lines(data, **limits).verdicts]


def test_each_fault_has_its_verdict():
    deep = b'{"a":' * 3 + b"1" + b"}" * 3
    lines = [b'{"a": 1}', b" \t", b"x" * 31, b"\xff", deep, b'{"a": "[[[["}', b'{"a":']

    assert verdicts(b"\r\n".join(lines), longest=30, deepest=2) == [
        Verdict.GOOD,
        Verdict.BLANK,
        Verdict.TOO_LONG,
        Verdict.NOT_UTF8,
        Verdict.TOO_DEEP,
        Verdict.GOOD,
        Verdict.UNFINISHED,
    ]


def test_what_only_looks_like_utf_8_is_refused():
    overlong, surrogate, too_high, cut = (
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2\x82",
    )

    for wrong in (overlong, surrogate, too_high, cut):
        assert verdicts(b"long enough " + wrong + b"\n") == [Verdict.NOT_UTF8]


def test_brackets_in_a_string_do_not_hide_those_after_an_escaped_quote():
    assert verdicts(b'{"a\\"": [[1]]}\n', deepest=2) == [Verdict.TOO_DEEP]
    assert verdicts(b'{"a\\\\": [[1]]}\n', deepest=2) == [Verdict.TOO_DEEP]


def test_nothing_has_no_lines():
    assert len(kernel.scan_lines(b"")) == 0
    assert verdicts(memoryview(b"\n\n")) == [Verdict.BLANK, Verdict.BLANK]
