/* Scores of all columns in one pass over a text: its features' rows of 8-bit weights are added up
   as whole numbers, so every machine comes to the same sums; reference_features.py says how. */
#include <math.h>
#include <stdlib.h>

#include "phrases.h"

/* A row: a signed byte a column, then the square of the feature's own weight in 16 bits. */
typedef struct {
    const int8_t *rows;
    int64_t stride;
    int64_t columns;
    const uint64_t *live; /* a bit for each row, set where it is not empty */
    const float *scales;
    const float *bias;
    float square_scale;
    uint32_t orders;
    const Phrasebook *book; /* NULL: no concepts */
} Weights;

typedef int8_t Bytes16 __attribute__((vector_size(16)));
typedef int16_t Shorts16 __attribute__((vector_size(32)));

#define LANES 16
/* So many weights of at most 127 fit into 16 bits. */
#define BLOCK 256

#define INLINE static inline __attribute__((always_inline))

/* Adds up `vectors` times LANES columns; a constant, so that all sums stay in registers. */
INLINE void add_columns(const int8_t *weights, int64_t stride, const uint32_t *rows, size_t count,
                        int vectors, int32_t *sums)
{
    for (size_t start = 0; start < count; start += BLOCK) {
        Shorts16 shorts[4] = {{0}};
        size_t end = start + BLOCK < count ? start + BLOCK : count;
        for (size_t i = start; i < end; i++) {
            const int8_t *row = weights + (int64_t)rows[i] * stride;
            for (int v = 0; v < vectors; v++) {
                Bytes16 bytes;
                memcpy(&bytes, row + v * LANES, sizeof bytes);
                shorts[v] += __builtin_convertvector(bytes, Shorts16);
            }
        }
        for (int v = 0; v < vectors; v++)
            for (int lane = 0; lane < LANES; lane++)
                sums[v * LANES + lane] += shorts[v][lane];
    }
}

WIDE static void add_rows(const Weights *weights, const uint32_t *rows, size_t count, int32_t *sums)
{
    if (weights->stride == 32)
        add_columns(weights->rows, 32, rows, count, 2, sums);
    else if (weights->stride == 64)
        add_columns(weights->rows, 64, rows, count, 4, sums);
    else
        for (int64_t part = 0; part < weights->stride; part += 64)
            add_columns(weights->rows + part, weights->stride, rows, count, 4, sums + part);
}

static uint32_t squares_of(const Weights *weights, const uint32_t *rows, size_t count)
{
    uint32_t squares = 0;
    for (size_t i = 0; i < count; i++) {
        uint16_t square;
        memcpy(&square, weights->rows + (rows[i] + 1) * weights->stride - 2, sizeof square);
        squares += square;
    }
    return squares;
}

static void prefetch(const Weights *weights, const Features *features)
{
    for (size_t i = 0; i < features->count; i++)
        for (int64_t part = 0; part < weights->stride; part += 64)
            __builtin_prefetch(weights->rows + features->rows[i] * weights->stride + part);
}

static void score(const Weights *weights, const Features *features, int32_t *sums, float *scores)
{
    memset(sums, 0, (size_t)weights->stride * sizeof *sums);
    add_rows(weights, features->rows, features->count, sums);
    uint32_t squares = squares_of(weights, features->rows, features->count);
    float norm = sqrtf((float)squares * weights->square_scale);
    float share = squares ? 1.0f / norm : 0.0f;
    for (int64_t column = 0; column < weights->columns; column++) {
        float step = weights->scales[column] * share;
        scores[column] = (float)sums[column] * step + weights->bias[column];
    }
}

/* `scores` has a place for each text and column. Returns -1 where memory ran out. */
EXPORT int64_t chorus_score(const Texts *texts, const Weights *weights, float *scores)
{
    int64_t done = -1;
    Words *words = malloc(sizeof *words);
    Features *features = malloc(sizeof *features);
    Memory *memory = calloc(1, sizeof *memory);
    int32_t *sums = malloc((size_t)weights->stride * sizeof *sums);
    if (words != NULL && features != NULL && memory != NULL && sums != NULL) {
        features->count = 0;
        memcpy(features->open, weights->live, sizeof features->open);
        for (done = 0; done < texts->count; done++) {
            cut(texts, done, words);
            collect(words, weights->orders, weights->book, memory, features);
            prefetch(weights, features);
            score(weights, features, sums, scores + done * weights->columns);
            reopen(features);
        }
    }
    free(words);
    free(features);
    free(memory);
    free(sums);
    return done;
}
