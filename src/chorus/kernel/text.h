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

uint64_t siphash(const uint8_t *bytes, size_t length, const uint8_t *key);

#endif
