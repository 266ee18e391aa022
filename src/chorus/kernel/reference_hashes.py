"""SipHash in plain Python."""

import struct

_64_BITS = (1 << 64) - 1


def siphash(message: bytes, key: bytes) -> int:
    """Return SipHash-2-4 of a message under a key of 16 bytes (Aumasson and Bernstein, 2012)."""
    low, high = struct.unpack("<QQ", key)
    state: list[int] = [
        low ^ 0x736F6D6570736575,
        high ^ 0x646F72616E646F6D,
        low ^ 0x6C7967656E657261,
        high ^ 0x7465646279746573,
    ]
    padded = message + bytes(-(len(message) + 1) % 8) + bytes([len(message) & 255])
    for (word,) in struct.iter_unpack("<Q", padded):
        state[3] ^= word
        _rounds(state, 2)
        state[0] ^= word
    state[2] ^= 0xFF
    _rounds(state, 4)
    a, b, c, d = state
    return a ^ b ^ c ^ d


def _rounds(state: list[int], times: int) -> None:
    a, b, c, d = state
    for _ in range(times):
        a = a + b & _64_BITS
        b = _turned(b, 13) ^ a
        a = _turned(a, 32)
        c = c + d & _64_BITS
        d = _turned(d, 16) ^ c
        a = a + d & _64_BITS
        d = _turned(d, 21) ^ a
        c = c + b & _64_BITS
        b = _turned(b, 17) ^ c
        c = _turned(c, 32)
    state[:] = a, b, c, d


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (64 - by)) & _64_BITS
