/* A text on its way through the mask: what is still to be read, what was written. */
#ifndef CHORUS_MASKER_H
#define CHORUS_MASKER_H

#include "text.h"

typedef struct {
    const uint8_t *text;
    size_t length, at;
    uint8_t *out;
    size_t written;
    size_t mail_seen, link_seen, scheme_seen;
    int has_at, has_dot, has_colon;
} Masker;

static inline uint32_t look(const Masker *m, size_t at, size_t *size)
{
    return point_at(m->text, at, m->length, size);
}

static inline uint32_t peek(const Masker *m, size_t at)
{
    size_t size;
    return point_at(m->text, at, m->length, &size);
}

static inline int replace(Masker *m, size_t end, const char *token)
{
    size_t length = strlen(token);
    memcpy(m->out + m->written, token, length);
    m->written += length;
    m->at = end;
    return 1;
}

static inline int keep(Masker *m, size_t end)
{
    memcpy(m->out + m->written, m->text + m->at, end - m->at);
    m->written += end - m->at;
    m->at = end;
    return 1;
}

/* Compares a word, its letters without their case, with a list that ends in NULL. */
static inline int is_one_of(const uint8_t *word, size_t length, const char *const *words)
{
    for (; *words != NULL; words++) {
        size_t i = 0;
        if (strlen(*words) != length)
            continue;
        while (i < length && (word[i] | 0x20) == (uint8_t)(*words)[i])
            i++;
        if (i == length)
            return 1;
    }
    return 0;
}

int mask_number(Masker *m);

#endif
