/* Texts that say the same in other clothes become the same bytes. reference_normalise.py is the
   specification and says why; the functions have the same names. */
#include "text.h"

/* The most that one character can add, and the closing space. */
#define ROOM 16

enum { NONE, SMALL, CAPITAL, DIGIT };

typedef struct {
    const uint8_t *text;
    size_t length, at;
    uint8_t *out;
    size_t n;
    int in_hashtag, before;
} Normaliser;

static inline void space(Normaliser *s)
{
    if (s->out[s->n - 1] != ' ')
        s->out[s->n++] = ' ';
}

static inline void end_word(Normaliser *s)
{
    space(s);
    s->in_hashtag = 0;
    s->before = NONE;
}

static inline int is_mood(uint8_t byte)
{
    return byte == '!' || byte == '?';
}

static inline void after_mark(Normaliser *s)
{
    if (is_mood(s->out[s->n - 1]))
        end_word(s);
}

/* Adds a character, but never a third time in a row. */
static inline void add_once_more(Normaliser *s, uint32_t point)
{
    if (point < 0x80) {
        if (s->out[s->n - 1] != point || s->n < 2 || s->out[s->n - 2] != point)
            s->out[s->n++] = (uint8_t)point;
        return;
    }
    size_t size = put(s->out + s->n, point);
    const uint8_t *here = s->out + s->n;
    if (s->n > 2 * size && memcmp(here - size, here, size) == 0
        && memcmp(here - 2 * size, here, size) == 0)
        return;
    s->n += size;
}

static int stands_here(const Normaliser *s, const char *word)
{
    size_t length = strlen(word);
    return s->at + length <= s->length && memcmp(s->text + s->at, word, length) == 0;
}

static int is_scheme(const Normaliser *s)
{
    static const char scheme[] = "https://";
    size_t at = s->at;
    for (size_t i = 0; i < 8; i++) {
        if (i == 4 && at < s->length && (s->text[at] | 0x20) != 's')
            continue;
        if (at >= s->length)
            return 0;
        uint8_t byte = s->text[at++];
        if ((is_ascii_letter(byte) ? byte | 0x20 : byte) != scheme[i])
            return 0;
    }
    return 1;
}

/* Returns how many bytes from here say nothing: a token, an entity, a link, a handle. */
static size_t skipped(const Normaliser *s, uint32_t point)
{
    static const char *const tokens[] = {"[user]", "[link]", "[mail]", "[number]", NULL};
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", NULL};
    size_t end = s->at, size;
    if (point == '[' || point == '&') {
        for (const char *const *gone = point == '[' ? tokens : entities; *gone != NULL; gone++)
            if (stands_here(s, *gone))
                return strlen(*gone);
    } else if (point == '@' || point == 0xFF20) {
        point_at(s->text, end, s->length, &size);
        for (end += size; is_word(point_at(s->text, end, s->length, &size)); end += size)
            ;
    } else if ((point | 0x20) == 'h' && is_scheme(s)) {
        while ((point = point_at(s->text, end, s->length, &size)) < END && !is_space(point))
            end += size;
    }
    return end - s->at;
}

static int is_mark(uint32_t point)
{
    return (point >= 0x300 && point <= 0x36F) || (point >= 0x610 && point <= 0x61A)
        || point == 0x640 || (point >= 0x64B && point <= 0x65F) || point == 0x670
        || (point >= 0x6D6 && point <= 0x6ED) || (point >= 0x20D0 && point <= 0x20FF)
        || (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0x1F3FB && point <= 0x1F3FF);
}

static int is_emoji(uint32_t point)
{
    return (point >= 0x2300 && point <= 0x23FF) || (point >= 0x2600 && point <= 0x27BF)
        || (point >= 0x2B00 && point <= 0x2BFF) || (point >= 0x1F000 && point <= 0x1FAFF);
}

static int is_flag(uint32_t point)
{
    return point >= 0x1F1E6 && point < 0x1F200;
}

static uint32_t folded_from(uint32_t small)
{
    switch (small) {
    case 0x622: case 0x623: case 0x625: case 0x671: return 0x627;
    case 0x649: case 0x6CC: return 0x64A;
    case 0x629: return 0x647;
    case 0x6A9: return 0x643;
    case 0x61F: return '?';
    case 0x2018: case 0x2019: return '\'';
    case '_': return ' ';
    default: return small;
    }
}

static void add_emoji(Normaliser *s, uint32_t emoji)
{
    uint8_t unit[10] = " ";
    size_t length = 1 + put(unit + 1, emoji), size;
    uint32_t following = point_at(s->text, s->at, s->length, &size);
    end_word(s);
    if (is_flag(emoji) && is_flag(following)) {
        length += put(unit + length, following);
        s->at += size;
    }
    unit[length++] = ' ';
    if (s->n >= length && memcmp(s->out + s->n - length, unit, length) == 0)
        return;
    memcpy(s->out + s->n, unit + 1, length - 1);
    s->n += length - 1;
}

static void add_digit(Normaliser *s)
{
    after_mark(s);
    if (s->in_hashtag && (s->before == SMALL || s->before == CAPITAL))
        space(s);
    s->before = DIGIT;
    if (s->out[s->n - 1] != '0')
        s->out[s->n++] = '0';
}

static int is_seam(const Normaliser *s, int kind)
{
    if (s->before == DIGIT)
        return 1;
    if (kind != CAPITAL || s->before == NONE)
        return 0;
    if (s->before == SMALL)
        return 1;
    size_t size;
    uint32_t following = point_at(s->text, s->at, s->length, &size);
    return is_word(following) && digit_of(following) < 0 && following != '_'
        && lower(following) == following;
}

static inline void seam(Normaliser *s, int kind)
{
    after_mark(s);
    if (UNLIKELY(s->in_hashtag) && is_seam(s, kind))
        space(s);
    s->before = kind;
}

static int is_word_before(const Normaliser *s)
{
    size_t start = s->n - 1, size;
    while (start > 0 && is_tail(s->out[start]))
        start--;
    return is_word(point_at(s->out, start, s->n, &size));
}

static void add_letter(Normaliser *s, uint32_t point)
{
    uint32_t small = lower(point);
    uint32_t folded = folded_from(small);
    size_t size;
    if (folded == ' ') {
        space(s);
        s->before = NONE;
    } else if (folded == '!' || folded == '?') {
        if (!is_mood(s->out[s->n - 1]))
            end_word(s);
        add_once_more(s, folded);
    } else if (folded == '\'' && is_word_before(s)
               && is_word(point_at(s->text, s->at, s->length, &size))) {
        s->out[s->n++] = '\'';
    } else if (!is_word(folded)) {
        end_word(s);
    } else {
        seam(s, small != point && point < 0x2000 ? CAPITAL : SMALL);
        add_once_more(s, folded);
    }
}

static void step(Normaliser *s, uint32_t point)
{
    if (point >= 0x80 && (is_invisible(point) || is_mark(point)))
        return;
    if (is_emoji(point)) {
        add_emoji(s, point);
    } else if (digit_of(point) >= 0 || (point >= 0x1D7CE && point < 0x1D800)) {
        add_digit(s);
    } else if (point == '#' || point == 0xFF03) {
        end_word(s);
        s->in_hashtag = 1;
    } else {
        add_letter(s, point);
    }
}

/* Of U+0600 to U+063F and U+0640 to U+067F, the letters that stay as they are. */
static const uint8_t arabic[2][64] = {
    {[0x21] = 1, [0x24] = 1, [0x26] = 1, [0x27] = 1, [0x28] = 1, [0x2A] = 1, [0x2B] = 1, [0x2C] = 1,
     [0x2D] = 1, [0x2E] = 1, [0x2F] = 1, [0x30] = 1, [0x31] = 1, [0x32] = 1, [0x33] = 1, [0x34] = 1,
     [0x35] = 1, [0x36] = 1, [0x37] = 1, [0x38] = 1, [0x39] = 1, [0x3A] = 1},
    {[0x01] = 1, [0x02] = 1, [0x03] = 1, [0x04] = 1, [0x05] = 1, [0x06] = 1, [0x07] = 1, [0x08] = 1,
     [0x0A] = 1},
};

/* Reads on while characters are what most are, outside a hashtag: letters of ASCII and Arabic, and
   spaces. Says nothing new; `step` would do the same more slowly. */
static void run_on(Normaliser *s)
{
    const uint8_t *text = s->text;
    uint8_t *out = s->out;
    size_t at = s->at, n = s->n;
    while (at + 2 <= s->length && n <= NORMALISED - ROOM) {
        uint8_t byte = text[at], small = byte | 0x20;
        if (is_ascii_letter(byte)) {
            if ((small == 'h' && (text[at + 1] | 0x20) == 't') || is_mood(out[n - 1]))
                break;
            out[n] = small;
            n += out[n - 1] != small || out[n - 2] != small;
            at++;
        } else if (byte == ' ') {
            out[n] = ' ';
            n += out[n - 1] != ' ';
            at++;
        } else if ((byte == 0xD8 || byte == 0xD9) && arabic[byte & 1][text[at + 1] & 0x3F]) {
            uint8_t tail = text[at + 1];
            if (!is_tail(tail) || is_mood(out[n - 1]))
                break;
            out[n] = byte;
            out[n + 1] = tail;
            n += n > 4 && out[n - 1] == tail && out[n - 2] == byte && out[n - 3] == tail
                    && out[n - 4] == byte ? 0 : 2;
            at += 2;
        } else {
            break;
        }
    }
    s->at = at;
    s->n = n;
    s->before = NONE;
}

size_t normalise(const uint8_t *text, size_t length, uint8_t *out)
{
    Normaliser s = {.text = text, .length = length, .out = out, .n = 1};
    out[0] = ' ';
    while (s.at < length && s.n <= NORMALISED - ROOM) {
        if (LIKELY(!s.in_hashtag && s.n > 1)) {
            run_on(&s);
            if (s.at >= length || s.n > NORMALISED - ROOM)
                break;
        }
        size_t size;
        uint32_t point = point_at(text, s.at, length, &size);
        size_t skip = skipped(&s, point);
        if (skip) {
            s.at += skip;
            end_word(&s);
        } else {
            s.at += size;
            step(&s, point);
        }
    }
    space(&s);
    return s.n;
}

/* `out` must hold twice the bytes of the texts, two for each and NORMALISED more: a hashtag
   can become a word a character. Returns how many bytes were written. */
EXPORT int64_t chorus_normalise(const Texts *texts, uint8_t *out, int64_t *offsets)
{
    int64_t written = 0;
    offsets[0] = 0;
    for (int64_t row = 0; row < texts->count; row++) {
        int64_t start = texts->offsets[row], end = texts->offsets[row + 1];
        if (!is_null(texts, row))
            written += (int64_t)normalise(texts->data + start, (size_t)(end - start), out + written);
        offsets[row + 1] = written;
    }
    return written;
}
