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

#define MOST_READINGS 6

enum { SIMPLE, GOES_ON, HARD };

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

/* Where in a text the words of a pattern may be, and what has been found so far. */
typedef struct {
    const uint32_t *start, *at;
    uint64_t key; /* of what has been read */
    uint32_t read;
    int article;
    Match best;
} Walk;

static Walk begin(const Words *words, size_t w, Reading reading)
{
    const uint32_t *start = words->points + words->places[w] + 1 + reading.skip;
    uint64_t key = reading.article ? longer(longer(0, ALEF), LAM) : 0;
    return (Walk){start, start, key, 0, reading.article, {-1, 0}};
}

/* Reads one word more; returns whether a pattern goes on behind it. */
static int read_word(Walk *walk, const Words *words, size_t w, const Phrasebook *book)
{
    const uint32_t *end = words->points + words->places[w + ++walk->read];
    for (; walk->at < end; walk->at++) {
        walk->key = longer(walk->key, folded(book, *walk->at));
        if (UNLIKELY(may_have(book->prefix_filter, walk->key))) {
            const Node *node = find(book, walk->key);
            size_t count = (size_t)(walk->at + 1 - walk->start);
            if (node && is_pattern(book, node->prefix, walk->start, count, walk->article))
                walk->best = (Match){node->prefix, walk->read};
        }
    }
    const Node *node = may_have(book->end_filter, walk->key) ? find(book, walk->key) : NULL;
    if (node == NULL)
        return 0;
    if (is_pattern(book, node->exact, walk->start, (size_t)(end - walk->start), walk->article))
        walk->best = (Match){node->exact, walk->read};
    return (int)node->goes_on;
}

/* Steps over the space behind a word if the first two characters of the next can follow. */
static int step_over(Walk *walk, const Words *words, size_t w, const Phrasebook *book)
{
    if (w + walk->read + 1 >= words->spaces)
        return 0;
    walk->key = longer(walk->key, ' ');
    walk->at++;
    uint64_t key = longer(walk->key, folded(book, walk->at[0]));
    return may_have(book->next_filter, longer(key, folded(book, walk->at[1])));
}

/* The longest pattern that begins with word w, read in one way. */
static Match longest(const Words *words, size_t w, Reading reading, const Phrasebook *book)
{
    Walk walk = begin(words, w, reading);
    while (read_word(&walk, words, w, book) && step_over(&walk, words, w, book))
        ;
    return walk.best;
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

static size_t readings_at(const Words *words, size_t w, Reading *readings)
{
    const uint32_t *word = words->points + words->places[w] + 1;
    if (word[0] < 0x600 || word[0] >= 0x700)
        return 0;
    return readings_of(word, words->places[w + 1] - words->places[w] - 1, readings);
}

static Match match_slowly(const Words *words, size_t w, const Phrasebook *book)
{
    Reading readings[MOST_READINGS];
    Match match = longest(words, w, (Reading){0, 0}, book);
    size_t count = match.pattern < 0 ? readings_at(words, w, readings) : 0;
    for (size_t i = 0; i < count && match.pattern < 0; i++)
        match = longest(words, w, readings[i], book);
    return match;
}

/* Looks a word up as if nothing followed it. */
static Known learn(const Words *words, size_t w, const Phrasebook *book)
{
    Reading readings[MOST_READINGS];
    Walk walk = begin(words, w, (Reading){0, 0});
    Known known = {.how = read_word(&walk, words, w, book) ? GOES_ON : SIMPLE};
    known.key = walk.key;
    known.pattern = walk.best.pattern;
    size_t count = known.pattern < 0 ? readings_at(words, w, readings) : 0;
    for (size_t i = 0; i < count && known.pattern < 0; i++) {
        walk = begin(words, w, readings[i]);
        if (read_word(&walk, words, w, book))
            known.how = HARD;
        known.pattern = walk.best.pattern;
    }
    return known;
}

/* Texts repeat their words; what is known of one is remembered with its bytes, which are compared,
   so it is never taken for another. */
static Match match_at(const Words *words, size_t w, const Phrasebook *book, Memory *memory)
{
    const uint8_t *word = words->text + words->bytes[w] + 1;
    size_t length = words->bytes[w + 1] - words->bytes[w] - 1;
    if (length > 16)
        return match_slowly(words, w, book);
    uint64_t low = read_64(word), high = 0;
    if (length < 8)
        low &= ((uint64_t)1 << 8 * length) - 1;
    else if (length > 8)
        high = read_64(word + 8) & ~(uint64_t)0 >> (128 - 8 * length);
    uint64_t hash = (low ^ high * 0xA0761D6478BD642Fu) * 0x9FB21C651E98DF25u;
    Known *known = &memory->words[hash >> (64 - MEMORY_BITS)];
    if (known->low != low || known->high != high) {
        *known = learn(words, w, book);
        known->low = low;
        known->high = high;
    }
    if (known->how == HARD)
        return match_slowly(words, w, book);
    Walk walk = {.read = 1, .key = known->key, .best = {known->pattern, 1}};
    if (known->how == GOES_ON) {
        walk.start = words->points + words->places[w] + 1;
        walk.at = words->points + words->places[w + 1];
        while (step_over(&walk, words, w, book) && read_word(&walk, words, w, book))
            ;
    }
    return walk.best;
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

void collect_concepts(const Words *words, const Phrasebook *book, Memory *memory,
                      Features *features)
{
    uint32_t concepts[MOST_CONCEPTS];
    size_t count = 0;
    for (size_t w = 0; w + 1 < words->spaces && count < MOST_CONCEPTS;) {
        Match match = match_at(words, w, book, memory);
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
    int64_t row;
    Words *words = malloc(sizeof *words);
    Memory *memory = calloc(1, sizeof *memory);
    for (row = words && memory ? 0 : -1; row >= 0 && row < texts->count; row++) {
        Match match = {-1, 0};
        cut(texts, row, words);
        for (size_t w = 0; w + 1 < words->spaces && match.pattern < 0; w++)
            match = match_at(words, w, book, memory);
        places[row] = match.pattern < 0 ? 0 : book->numbers[book->numbers_from[match.pattern]];
    }
    free(words);
    free(memory);
    return row;
}
