/* SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of short strings. */
#include "text.h"

static inline uint64_t turned(uint64_t word, int by)
{
    return word << by | word >> (64 - by);
}

#define ROUND                                            \
    do {                                                 \
        a += b; b = turned(b, 13); b ^= a; a = turned(a, 32); \
        c += d; d = turned(d, 16); d ^= c;               \
        a += d; d = turned(d, 21); d ^= a;               \
        c += b; b = turned(b, 17); b ^= c; c = turned(c, 32); \
    } while (0)

uint64_t siphash(const uint8_t *bytes, size_t length, const uint8_t *key)
{
    uint64_t low = read_64(key), high = read_64(key + 8);
    uint64_t a = low ^ 0x736f6d6570736575u, b = high ^ 0x646f72616e646f6du;
    uint64_t c = low ^ 0x6c7967656e657261u, d = high ^ 0x7465646279746573u;
    const uint8_t *end = bytes + (length & ~(size_t)7);
    for (; bytes < end; bytes += 8) {
        uint64_t word = read_64(bytes);
        d ^= word;
        ROUND;
        ROUND;
        a ^= word;
    }
    uint64_t rest = (uint64_t)length << 56;
    for (size_t i = 0; i < (length & 7); i++)
        rest |= (uint64_t)bytes[i] << (8 * i);
    d ^= rest;
    ROUND;
    ROUND;
    a ^= rest;
    c ^= 0xff;
    ROUND;
    ROUND;
    ROUND;
    ROUND;
    return a ^ b ^ c ^ d;
}

/* 0 says that there was nothing to hash, so no hash may be 0. */
EXPORT void chorus_digest(const Texts *texts, const uint8_t *key, uint64_t *digests)
{
    for (int64_t row = 0; row < texts->count; row++) {
        int64_t start = texts->offsets[row], end = texts->offsets[row + 1];
        uint64_t digest = 0;
        if (end > start && !is_null(texts, row)) {
            digest = siphash(texts->data + start, (size_t)(end - start), key);
            if (digest == 0)
                digest = 1;
        }
        digests[row] = digest;
    }
}
