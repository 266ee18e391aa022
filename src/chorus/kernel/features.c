/* Which rows of a weight matrix a text calls: words, pairs of words, character n-grams inside
   words, concepts. reference_features.py is the specification. */
#include <stdlib.h>

#include "phrases.h"

static const uint32_t factors[LONGEST_ORDER] = {
    0x9E3779B1u, 0x85EBCA77u, 0xC2B2AE3Du, 0x27D4EB2Fu, 0x165667B1u, 0xD3A2646Du, 0xFD7046C5u,
};

/* What a leading byte adds to its character; a normalised text is UTF-8. */
static inline uint32_t head_of(uint8_t byte)
{
    return byte < 0x80 ? byte : byte < 0xE0 ? byte & 0x1Fu : byte < 0xF0 ? byte & 0x0Fu : byte & 7u;
}

void cut(const Texts *texts, int64_t row, Words *words)
{
    size_t length = 0, count = 0, spaces = 0;
    uint32_t point = 0;
    if (!is_null(texts, row)) {
        int64_t start = texts->offsets[row];
        length = (size_t)(texts->offsets[row + 1] - start);
        length = normalise(texts->data + start, length, words->text);
    }
    for (size_t at = 0; at < length; at++) {
        uint8_t byte = words->text[at];
        int tail = is_tail(byte);
        point = tail ? point << 6 | (byte & 0x3Fu) : head_of(byte);
        count += !tail;
        words->points[count - 1] = point;
        words->bytes[spaces] = (uint32_t)at;
        words->places[spaces] = (uint32_t)(count - 1);
        spaces += byte == ' ';
    }
    memset(words->points + count, 0, LONGEST_ORDER * sizeof *words->points);
    words->length = length;
    words->count = count;
    words->spaces = spaces;
}

static inline uint32_t row_of(uint64_t hash)
{
    return (uint32_t)(hash * 0x9FB21C651E98DF25u >> (64 - WORD_BITS));
}

static void collect_words(const Words *words, Features *features)
{
    uint64_t before = 0;
    for (size_t w = 0; w + 1 < words->spaces; w++) {
        const uint8_t *word = words->text + words->bytes[w] + 1;
        uint64_t hash = hash_word(word, words->bytes[w + 1] - words->bytes[w] - 1);
        take(features, row_of(hash));
        if (w)
            take(features, row_of(before * 0xA0761D6478BD642Fu + hash));
        before = hash;
    }
}

/* Adds a character more to the sums of all windows, and hashes them where an order asks. */
WIDE static void widen(const uint32_t *points, size_t count, uint32_t order, uint32_t *sums)
{
    uint32_t factor = factors[order - 1];
    for (size_t i = 0; i < count; i++)
        sums[i] += points[i + order - 1] * factor;
}

WIDE static void hash(const uint32_t *sums, size_t count, uint32_t order, uint32_t *hashes)
{
    uint32_t salt = order * 0x9E3779B1u;
    for (size_t i = 0; i < count; i++) {
        uint32_t sum = sums[i] + salt;
        sum ^= sum >> 15;
        hashes[i] = sum * 0x2C1B3C6Du >> (32 - WORD_BITS);
    }
}

/* The windows of one order: inside a word, the space before and the one behind it counted. */
static void collect_windows(const Words *words, uint32_t order, Features *features)
{
    for (size_t w = 0; w + 1 < words->spaces; w++)
        for (uint32_t i = words->places[w]; i + order <= words->places[w + 1] + 1; i++)
            take(features, words->hashes[i]);
}

void collect(Words *words, uint32_t orders, const Phrasebook *book, Memory *memory,
             Features *features)
{
    collect_words(words, features);
    memset(words->sums, 0, words->count * sizeof *words->sums);
    for (uint32_t order = 1; order <= LONGEST_ORDER && orders >> order; order++) {
        widen(words->points, words->count, order, words->sums);
        if (order >= SHORTEST_ORDER && orders >> order & 1) {
            hash(words->sums, words->count, order, words->hashes);
            collect_windows(words, order, features);
        }
    }
    if (book != NULL)
        collect_concepts(words, book, memory, features);
}

/* Returns how many rows were written, `starts` has a place for each text and one more; -1 where
   memory ran out or `most` rows are too few. */
EXPORT int64_t chorus_features(const Texts *texts, uint32_t orders, const Phrasebook *book,
                               int64_t *starts, uint32_t *rows, int64_t most)
{
    int64_t written = 0;
    Words *words = malloc(sizeof *words);
    Features *features = malloc(sizeof *features);
    Memory *memory = calloc(1, sizeof *memory);
    if (words != NULL && features != NULL && memory != NULL) {
        features->count = 0;
        memset(features->open, 0xFF, sizeof features->open);
        starts[0] = 0;
        for (int64_t row = 0; row < texts->count && written >= 0; row++) {
            cut(texts, row, words);
            collect(words, orders, book, memory, features);
            if (written + (int64_t)features->count > most) {
                written = -1;
                break;
            }
            memcpy(rows + written, features->rows, features->count * sizeof *rows);
            written += (int64_t)features->count;
            starts[row + 1] = written;
            reopen(features);
        }
    } else {
        written = -1;
    }
    free(words);
    free(features);
    free(memory);
    return written;
}
