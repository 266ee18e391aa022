/* Finding the words and phrases of a lexicon or a gazetteer in a text. */
#ifndef CHORUS_PHRASES_H
#define CHORUS_PHRASES_H

#include "collect.h"

#define FOLDED 0x180
#define FILTER_BITS 17

/* What is known of one beginning of a pattern, found by its hash. */
typedef struct {
    uint64_t key;
    int32_t exact;  /* the pattern that is just this, -1 for none */
    int32_t prefix; /* the pattern that any ending may follow, -1 for none */
    uint32_t goes_on;
    uint32_t spare;
} Node;

/* Patterns and what they stand for; phrasebook.py makes it. Pattern p has the characters
   points[points_from[p]] to points[points_from[p + 1]], its numbers likewise. */
typedef struct Phrasebook {
    const Node *nodes;
    const uint32_t *firsts; /* where the nodes begin whose keys share their first bits */
    int64_t shift;
    const uint64_t *prefix_filter, *end_filter, *next_filter;
    const uint32_t *points, *points_from;
    const uint32_t *numbers, *numbers_from;
    const uint32_t *folds; /* a letter without its accent, for those before FOLDED */
    const uint32_t *codes; /* of each concept */
} Phrasebook;

#define MEMORY_BITS 13

/* A word of up to 16 bytes and what it is when nothing follows it. */
typedef struct {
    uint64_t low, high;
    uint64_t key;
    int32_t pattern;
    int32_t how;
} Known;

typedef struct Memory {
    Known words[1 << MEMORY_BITS];
} Memory;

/* Takes the concepts of a text and their ordered pairs. `memory` belongs to one phrasebook and
   begins with zeros. */
void collect_concepts(const Words *words, const Phrasebook *book, Memory *memory,
                      Features *features);

#endif
