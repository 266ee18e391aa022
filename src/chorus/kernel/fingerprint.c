/* What tells that two texts are the same or nearly so; reference.py has the same in plain Python. */
#include <stdlib.h>

#include "text.h"

#define SLOTS 32
/* A word takes two bytes at least, and each but the first also makes a pair. */
#define MOST_SHINGLES NORMALISED

/* Returns where a text begins behind "RT [user]:". */
static size_t past_repost(const uint8_t *text, size_t length)
{
    size_t at = 0, size;
    uint32_t point;
    while (is_space(point = point_at(text, at, length, &size)) || is_invisible(point))
        at += size;
    if (at + 2 > length || (text[at] | 0x20) != 'r' || (text[at + 1] | 0x20) != 't')
        return 0;
    size_t start = at + 2;
    for (at = start; is_space(point = point_at(text, at, length, &size)) || is_invisible(point);)
        at += size;
    if (at + 6 > length || memcmp(text + at, "[user]", 6) != 0)
        return 0;
    at += 6;
    return at + (at < length && text[at] == ':');
}

/* Writes what is left of a text without case, space, [user] and [link]; returns its length,
   which is never more than the text's. */
static size_t fold(const uint8_t *text, size_t length, uint8_t *out)
{
    size_t written = 0, size;
    for (size_t at = past_repost(text, length); at < length; at += size) {
        uint8_t byte = text[at];
        if (byte > 0x20 && byte < 0x7F) {
            size = 1;
            if (byte == '[' && length - at >= 6
                && (memcmp(text + at, "[user]", 6) == 0 || memcmp(text + at, "[link]", 6) == 0))
                size = 6;
            else
                out[written++] = (uint8_t)lower(byte);
            continue;
        }
        uint32_t point = point_at(text, at, length, &size);
        if (is_space(point) || is_invisible(point) || (point >= 0xFE00 && point <= 0xFE0F))
            continue;
        uint32_t small = lower(point);
        if (small == point) {
            memcpy(out + written, text + at, size);
            written += size;
        } else {
            written += put(out + written, small);
        }
    }
    return written;
}

/* The hashes of the words and of each two neighbours; a leading "rt" does not count. */
static size_t shingles_of(const uint8_t *words, size_t length, uint32_t *shingles)
{
    size_t count = 0, at = 1;
    uint64_t before = 0;
    int has_before = 0;
    if (length >= 4 && memcmp(words, " rt ", 4) == 0)
        at = 4;
    while (at < length) {
        const uint8_t *stop = memchr(words + at, ' ', length - at);
        size_t end = (size_t)(stop - words);
        uint64_t word = hash_word(words + at, end - at);
        shingles[count++] = (uint32_t)(word * 0x9FB21C651E98DF25u >> 32);
        if (has_before)
            shingles[count++]
                = (uint32_t)((before * 0xA0761D6478BD642Fu + word) * 0x9FB21C651E98DF25u >> 32);
        before = word;
        has_before = 1;
        at = end + 1;
    }
    return count;
}

/* MinHash (Broder, 1997) with multiply-add hashing: of each function, the smallest value. */
WIDE static void minima(const uint32_t *shingles, size_t count, const uint32_t *factors,
                        const uint32_t *terms, uint16_t *signature)
{
    uint32_t least[SLOTS];
    for (int slot = 0; slot < SLOTS; slot++)
        least[slot] = 0xFFFFFFFFu;
    for (size_t i = 0; i < count; i++) {
        uint32_t shingle = shingles[i];
        for (int slot = 0; slot < SLOTS; slot++) {
            uint32_t value = shingle * factors[slot] + terms[slot];
            least[slot] = value < least[slot] ? value : least[slot];
        }
    }
    for (int slot = 0; slot < SLOTS; slot++)
        signature[slot] = (uint16_t)(least[slot] >> 16);
}

/* SplitMix64 from a seed of the key: without the key nobody can make the signature of a text. */
static void make_functions(const uint8_t *key, uint32_t *factors, uint32_t *terms)
{
    uint64_t state = siphash((const uint8_t *)"signature", 9, key);
    for (int slot = 0; slot < SLOTS; slot++) {
        state += 0x9E3779B97F4A7C15u;
        uint64_t word = (state ^ state >> 30) * 0xBF58476D1CE4E5B9u;
        word = (word ^ word >> 27) * 0x94D049BB133111EBu;
        word ^= word >> 31;
        factors[slot] = (uint32_t)word | 1;
        terms[slot] = (uint32_t)(word >> 32);
    }
}

/* `exact` gets a place for each text, `signatures` SLOTS; the key has 16 bytes. Returns -1 where
   memory ran out. */
EXPORT int64_t chorus_fingerprint(const Texts *texts, const uint8_t *key, uint64_t *exact,
                                  uint16_t *signatures)
{
    uint32_t factors[SLOTS], terms[SLOTS], shingles[MOST_SHINGLES];
    uint8_t words[NORMALISED];
    size_t longest = 0;
    for (int64_t row = 0; row < texts->count; row++) {
        size_t length = (size_t)(texts->offsets[row + 1] - texts->offsets[row]);
        longest = length > longest ? length : longest;
    }
    uint8_t *folded = malloc(longest + 8);
    if (folded == NULL)
        return -1;
    make_functions(key, factors, terms);
    for (int64_t row = 0; row < texts->count; row++) {
        const uint8_t *text = texts->data + texts->offsets[row];
        size_t length = (size_t)(texts->offsets[row + 1] - texts->offsets[row]);
        if (is_null(texts, row))
            length = 0;
        size_t left = fold(text, length, folded);
        uint64_t hash = left ? siphash(folded, left, key) : 0;
        exact[row] = left && hash == 0 ? 1 : hash;
        size_t count = length ? shingles_of(words, normalise(text, length, words), shingles) : 0;
        minima(shingles, count, factors, terms, signatures + row * SLOTS);
    }
    free(folded);
    return texts->count;
}
