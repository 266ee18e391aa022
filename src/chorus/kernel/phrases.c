/* Finds patterns by the hash of what has been read so far and verifies them character by
   character, so no hash is ever trusted. reference_phrases.py is the specification. */
#include <stdlib.h>

#include "phrases.h"

enum { WAW = 0x648, FEH = 0x641, BEH = 0x628, LAM = 0x644, KAF = 0x643, ALEF = 0x627 };

/* A way to read a word: without its first `skip` characters, after the article if `article`. */
typedef struct {
    uint32_t skip;
    int article;
} Reading;

typedef struct {
    int32_t pattern; /* -1: nothing was found */
    uint32_t words;
} Match;

static inline uint64_t longer(uint64_t key, uint32_t point)
{
    key = (key ^ point) * 0xD6E8FEB86659FD93u;
    return key ^ key >> 32;
}

static inline int may_have(const uint64_t *filter, uint64_t key)
{
    uint64_t bit = key >> (64 - FILTER_BITS);
    return filter[bit >> 6] >> (bit & 63) & 1;
}

static inline uint32_t folded(const Phrasebook *book, uint32_t point)
{
    return point < 0x80 || point >= FOLDED ? point : book->folds[point];
}

static const Node *find(const Phrasebook *book, uint64_t key)
{
    uint64_t bucket = key >> book->shift;
    for (uint32_t i = book->firsts[bucket]; i < book->firsts[bucket + 1]; i++)
        if (book->nodes[i].key == key)
            return &book->nodes[i];
    return NULL;
}

static int is_pattern(const Phrasebook *book, int32_t pattern, const uint32_t *points, size_t count,
                      int article)
{
    if (pattern < 0)
        return 0;
    const uint32_t *wanted = book->points + book->points_from[pattern];
    size_t length = book->points_from[pattern + 1] - book->points_from[pattern];
    if (article) {
        if (length < 2 || wanted[0] != ALEF || wanted[1] != LAM)
            return 0;
        wanted += 2;
        length -= 2;
    }
    if (length != count)
        return 0;
    for (size_t i = 0; i < length; i++)
        if (folded(book, points[i]) != wanted[i])
            return 0;
    return 1;
}

/* The longest pattern that begins with word w, read in one way. */
static Match longest(const Words *words, size_t w, Reading reading, const Phrasebook *book)
{
    Match best = {-1, 0};
    uint64_t key = 0;
    const uint32_t *start = words->points + words->places[w] + 1 + reading.skip, *at = start;
    if (reading.article)
        key = longer(longer(key, ALEF), LAM);
    for (uint32_t read = 1; w + read < words->spaces; read++) {
        const uint32_t *end = words->points + words->places[w + read];
        for (; at < end; at++) {
            key = longer(key, folded(book, *at));
            if (UNLIKELY(may_have(book->prefix_filter, key))) {
                const Node *node = find(book, key);
                size_t count = (size_t)(at + 1 - start);
                if (node && is_pattern(book, node->prefix, start, count, reading.article))
                    best = (Match){node->prefix, read};
            }
        }
        const Node *node = may_have(book->end_filter, key) ? find(book, key) : NULL;
        if (node == NULL)
            break;
        if (is_pattern(book, node->exact, start, (size_t)(end - start), reading.article))
            best = (Match){node->exact, read};
        if (!node->goes_on)
            break;
        key = longer(key, ' ');
        at = end + 1;
    }
    return best;
}

/* Ways to read an Arabic word, the one that takes least away first; returns how many. */
static size_t readings_of(const uint32_t *word, size_t length, Reading *readings)
{
    size_t count = 0, at = 0;
#define READ(from, after, least)                                            \
    do {                                                                    \
        if (length >= (from) + (least))                                     \
            readings[count++] = (Reading){(uint32_t)(from), (after)};       \
    } while (0)
#define IS(place, point) (length > (place) && word[place] == (point))
    if (IS(0, WAW) || IS(0, FEH)) {
        READ(1, 0, 3);
        at = 1;
    }
    if (IS(at, LAM) && IS(at + 1, LAM)) {
        READ(at + 2, 1, 2);
        READ(at + 2, 0, 2);
        return count;
    }
    if (IS(at, BEH) || IS(at, LAM) || IS(at, KAF)) {
        READ(at + 1, 0, 3);
        at++;
    }
    if (IS(at, ALEF) && IS(at + 1, LAM))
        READ(at + 2, 0, 2);
    return count;
}

static Match match_at(const Words *words, size_t w, const Phrasebook *book)
{
    Reading readings[6];
    const uint32_t *word = words->points + words->places[w] + 1;
    Match match = longest(words, w, (Reading){0, 0}, book);
    if (match.pattern >= 0 || word[0] < 0x600 || word[0] >= 0x700)
        return match;
    size_t count = readings_of(word, words->places[w + 1] - words->places[w] - 1, readings);
    for (size_t i = 0; i < count && match.pattern < 0; i++)
        match = longest(words, w, readings[i], book);
    return match;
}

static uint32_t concept_row(uint64_t hash)
{
    return WORD_ROWS + (uint32_t)(hash * 0x9FB21C651E98DF25u >> (64 - CONCEPT_BITS));
}

/* Adds a concept that is new and for which there is room; returns how many there are. */
static size_t with(uint32_t *concepts, size_t count, uint32_t concept)
{
    for (size_t i = 0; i < count; i++)
        if (concepts[i] == concept)
            return count;
    if (count < MOST_CONCEPTS)
        concepts[count++] = concept;
    return count;
}

void collect_concepts(const Words *words, const Phrasebook *book, Features *features)
{
    uint32_t concepts[MOST_CONCEPTS];
    size_t count = 0;
    for (size_t w = 0; w + 1 < words->spaces && count < MOST_CONCEPTS;) {
        Match match = match_at(words, w, book);
        if (match.pattern < 0) {
            w++;
            continue;
        }
        uint32_t end = book->numbers_from[match.pattern + 1];
        for (uint32_t i = book->numbers_from[match.pattern]; i < end; i++)
            count = with(concepts, count, book->numbers[i]);
        w += match.words;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t code = book->codes[concepts[i]];
        take(features, concept_row(code));
        for (size_t k = i + 1; k < count; k++)
            take(features, concept_row(code * 0xA0761D6478BD642Fu + book->codes[concepts[k]]));
    }
}

/* `places` gets the number of the first pattern in each text, 0 where there is none. Returns -1
   where memory ran out. */
EXPORT int64_t chorus_places(const Texts *texts, const Phrasebook *book, uint32_t *places)
{
    Words *words = malloc(sizeof *words);
    if (words == NULL)
        return -1;
    for (int64_t row = 0; row < texts->count; row++) {
        Match match = {-1, 0};
        cut(texts, row, words);
        for (size_t w = 0; w + 1 < words->spaces && match.pattern < 0; w++)
            match = match_at(words, w, book);
        places[row] = match.pattern < 0 ? 0 : book->numbers[book->numbers_from[match.pattern]];
    }
    free(words);
    return texts->count;
}
