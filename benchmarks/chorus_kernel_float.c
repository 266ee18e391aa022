/* What the kernel would do with floating-point rows; only chorus_kernel.py compiles it, to compare. */
#include <math.h>
#include <stdlib.h>

#include "phrases.h"

#define LANES 16
typedef float Floats16 __attribute__((vector_size(64)));

/* Rows of 64 floats, 16 to a cache line: four lines a row. */
WIDE static void add_rows(const float *weights, const uint32_t *rows, size_t count, float *sums)
{
    Floats16 all[4] = {{0}};
    for (size_t i = 0; i < count; i++)
        for (int v = 0; v < 4; v++) {
            Floats16 part;
            memcpy(&part, weights + (size_t)rows[i] * 64 + v * LANES, sizeof part);
            all[v] += part;
        }
    memcpy(sums, all, sizeof all);
}

EXPORT int64_t benchmark_float_score(const Texts *texts, const float *weights, const float *squares,
                                     const uint64_t *live, uint32_t orders, float *scores)
{
    int64_t row = -1;
    Words *words = malloc(sizeof *words);
    Features *features = malloc(sizeof *features);
    if (words != NULL && features != NULL) {
        features->count = 0;
        memcpy(features->open, live, sizeof features->open);
        for (row = 0; row < texts->count; row++) {
            cut(texts, row, words);
            collect(words, orders, NULL, NULL, features);
            for (size_t i = 0; i < features->count; i++)
                for (int line = 0; line < 4; line++)
                    __builtin_prefetch(weights + (size_t)features->rows[i] * 64 + 16 * line);
            float sum = 0;
            for (size_t i = 0; i < features->count; i++)
                sum += squares[features->rows[i]];
            add_rows(weights, features->rows, features->count, scores + row * 64);
            for (int column = 0; column < 64; column++)
                scores[row * 64 + column] /= sqrtf(sum + 1e-6f);
            reopen(features);
        }
    }
    free(words);
    free(features);
    return row;
}
