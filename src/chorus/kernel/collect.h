/* Features of a normalised text, shared by what collects them and what adds up their weights. */
#ifndef CHORUS_COLLECT_H
#define CHORUS_COLLECT_H

#include "text.h"

#define WORD_BITS 18
#define CONCEPT_BITS 15
/* Words and n-grams share the first rows; concepts have the rest to themselves. */
#define WORD_ROWS (1u << WORD_BITS)
#define ROWS (WORD_ROWS + (1u << CONCEPT_BITS))

#define SHORTEST_ORDER 2
#define LONGEST_ORDER 7
#define MOST_CONCEPTS 12
/* A word takes two bytes at least, and each but the first also makes a pair. */
#define MOST_FEATURES \
    ((LONGEST_ORDER - 1) * NORMALISED + NORMALISED + MOST_CONCEPTS * (MOST_CONCEPTS + 1) / 2)

/* A text cut into characters and words. Word w stands between the spaces w and w + 1, of which
   `bytes` and `places` say where they are among the bytes and among the characters. */
typedef struct {
    uint8_t text[NORMALISED + 16];
    uint32_t points[NORMALISED + 2 * LONGEST_ORDER];
    uint32_t bytes[NORMALISED / 2 + 2];
    uint32_t places[NORMALISED / 2 + 2];
    size_t length, count, spaces;
    uint32_t sums[NORMALISED + 16];
    uint32_t hashes[NORMALISED + 16];
} Words;

/* The rows of a text's features, each once. A bit of `open` is set where a row may still be
   taken; what has been taken is closed until `reopen`. */
typedef struct {
    uint64_t open[ROWS / 64];
    uint32_t rows[MOST_FEATURES + 1];
    size_t count;
} Features;

static inline void take(Features *features, uint32_t row)
{
    uint64_t *group = &features->open[row >> 6];
    uint64_t before = *group;
    features->rows[features->count] = row;
    features->count += before >> (row & 63) & 1;
    *group = before & ~((uint64_t)1 << (row & 63));
}

static inline void reopen(Features *features)
{
    for (size_t i = 0; i < features->count; i++)
        features->open[features->rows[i] >> 6] |= (uint64_t)1 << (features->rows[i] & 63);
    features->count = 0;
}

/* Cuts a text; a null has no words. */
void cut(const Texts *texts, int64_t row, Words *words);

struct Phrasebook;
struct Memory;

/* Takes the features of a text. Bit k of `orders` asks for n-grams of k characters; without a
   phrasebook, which may be NULL, there are no concepts. */
void collect(Words *words, uint32_t orders, const struct Phrasebook *book, struct Memory *memory,
             Features *features);

#endif
