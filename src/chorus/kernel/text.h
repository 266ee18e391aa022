/* What the files of the kernel share. reference.py says the same in plain Python and is the
   specification; the tests hold both against each other. */
#ifndef CHORUS_TEXT_H
#define CHORUS_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* One binary for every processor: the loader takes the copy that fits. Only glibc's can. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define WIDE __attribute__((target_clones("avx2", "default")))
#endif
#endif
#ifndef WIDE
#define WIDE
#endif

#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* An Arrow large_string array. `offsets` already begins at the first text of the slice; the
   validity bits begin at bit `valid_from` of `valid`, which is NULL where nothing is null. */
typedef struct {
    const uint8_t *data;
    const int64_t *offsets;
    const uint8_t *valid;
    int64_t valid_from;
    int64_t count;
} Texts;

static inline int is_null(const Texts *texts, int64_t row)
{
    int64_t bit = texts->valid_from + row;
    return texts->valid != NULL && !(texts->valid[bit >> 3] >> (bit & 7) & 1);
}

static inline uint64_t read_64(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* What stands past the end of a text: no character, and of no kind. */
#define END 0x110000u

static inline int is_tail(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Returns the character at `at` and how many bytes it takes. What is not UTF-8 is U+FFFD, a byte
   at a time; Arrow's strings are UTF-8, but nothing here may depend on it. */
static inline uint32_t point_at(const uint8_t *text, size_t at, size_t length, size_t *size)
{
    *size = 1;
    if (at >= length)
        return END;
    const uint8_t *here = text + at;
    uint8_t lead = here[0];
    if (lead < 0x80)
        return lead;
    if (lead >= 0xC2 && lead < 0xE0 && at + 1 < length && is_tail(here[1])) {
        *size = 2;
        return (uint32_t)(lead & 0x1F) << 6 | (here[1] & 0x3F);
    }
    if (lead >= 0xE0 && lead < 0xF0 && at + 2 < length && is_tail(here[1]) && is_tail(here[2])) {
        *size = 3;
        return (uint32_t)(lead & 0x0F) << 12 | (uint32_t)(here[1] & 0x3F) << 6 | (here[2] & 0x3F);
    }
    if (lead >= 0xF0 && lead < 0xF5 && at + 3 < length && is_tail(here[1]) && is_tail(here[2])
        && is_tail(here[3])) {
        *size = 4;
        return (uint32_t)(lead & 0x07) << 18 | (uint32_t)(here[1] & 0x3F) << 12
            | (uint32_t)(here[2] & 0x3F) << 6 | (here[3] & 0x3F);
    }
    return 0xFFFD;
}

static inline int is_ascii_letter(uint32_t point)
{
    return (point | 0x20) >= 'a' && (point | 0x20) <= 'z' && point < 0x80;
}

/* The value of a digit (ASCII, Arabic-Indic, Persian, full width), -1 of anything else. */
static inline int digit_of(uint32_t point)
{
    if (point < 0x80)
        return point - '0' < 10u ? (int)(point - '0') : -1;
    if (point - 0x660 < 10u)
        return (int)(point - 0x660);
    if (point - 0x6F0 < 10u)
        return (int)(point - 0x6F0);
    if (point - 0xFF10 < 10u)
        return (int)(point - 0xFF10);
    return -1;
}

static inline int is_invisible(uint32_t point)
{
    return (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2060 && point <= 0x2069) || point == 0xAD || point == 0xFEFF;
}

static inline int is_space(uint32_t point)
{
    return point <= 0x20 || point == 0x7F || point == 0x85 || point == 0xA0
        || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029
        || point == 0x202F || point == 0x205F || point == 0x3000;
}

int is_foreign_word(uint32_t point);

static inline int is_word(uint32_t point)
{
    if (point < 0x80)
        return is_ascii_letter(point) || point - '0' < 10u || point == '_';
    return is_foreign_word(point);
}

uint32_t lower_foreign(uint32_t point);

static inline uint32_t lower(uint32_t point)
{
    if (point < 0x80)
        return point - 'A' < 26u ? point + 32 : point;
    return lower_foreign(point);
}

/* Writes a character as UTF-8 and returns how many bytes it took. */
static inline size_t put(uint8_t *out, uint32_t point)
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (uint8_t)(0xC0 | point >> 6);
        out[1] = (uint8_t)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (uint8_t)(0xE0 | point >> 12);
        out[1] = (uint8_t)(0x80 | (point >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (point & 0x3F));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | point >> 18);
    out[1] = (uint8_t)(0x80 | (point >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (point >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (point & 0x3F));
    return 4;
}

/* A normalised text fits into this many bytes; the rest of a longer one is not read. */
#define NORMALISED 8192

/* Writes the normal form of a text, words between single spaces, one before the first and one
   behind the last, and returns its length. `out` has NORMALISED bytes. */
size_t normalise(const uint8_t *text, size_t length, uint8_t *out);

/* The hash of a word of a normalised text; reference.hash_word is the same. */
static inline uint64_t hash_word(const uint8_t *word, size_t length)
{
    uint64_t hash = 0x9E3779B97F4A7C15u ^ length;
    for (; length >= 8; word += 8, length -= 8) {
        hash = (hash ^ read_64(word)) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
    }
    if (length) {
        uint64_t rest = 0;
        for (size_t i = 0; i < length; i++)
            rest |= (uint64_t)word[i] << (8 * i);
        hash = (hash ^ rest) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 32;
    }
    return hash;
}

uint64_t siphash(const uint8_t *bytes, size_t length, const uint8_t *key);

#endif
