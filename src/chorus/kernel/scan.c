/* Splits bytes into lines and says of each whether a JSON parser may be trusted with it. */
#include "text.h"

enum { GOOD, BLANK, TOO_LONG, NOT_UTF8, TOO_DEEP, UNFINISHED };

WIDE static int64_t count_newlines(const uint8_t *data, int64_t length)
{
    int64_t lines = 0;
    int64_t i = 0;
    /* Blocks small enough for a sum in one byte let the compiler use whole vectors. */
    for (; i + 128 <= length; i += 128) {
        uint8_t here = 0;
        for (int64_t k = i; k < i + 128; k++)
            here += (uint8_t)(data[k] == '\n');
        lines += here;
    }
    for (; i < length; i++)
        lines += data[i] == '\n';
    return lines;
}

/* Returns how many lines there are, the unfinished last one included. */
EXPORT int64_t chorus_count_lines(const uint8_t *data, int64_t length)
{
    return count_newlines(data, length) + (length > 0 && data[length - 1] != '\n');
}

/* One look for what most lines are: ASCII, or at least shallow. Brackets inside strings are
   counted too, so the number can only be too large. */
WIDE static void look(const uint8_t *line, int64_t length, uint8_t *highest, int64_t *openers)
{
    uint8_t bits = 0;
    int64_t count = 0;
    int64_t i = 0;
    for (; i + 128 <= length; i += 128) {
        uint8_t here = 0;
        for (int64_t k = i; k < i + 128; k++) {
            bits |= line[k];
            here += (uint8_t)((line[k] | 0x20) == '{');
        }
        count += here;
    }
    for (; i < length; i++) {
        bits |= line[i];
        count += (line[i] | 0x20) == '{';
    }
    *highest = bits;
    *openers = count;
}

/* Table 3-7 of the Unicode Standard: no overlong forms, no surrogates, nothing past U+10FFFF. */
static int is_utf8(const uint8_t *line, int64_t length)
{
    int64_t i = 0;
    while (i < length) {
        if (i + 8 <= length && !(read_64(line + i) & 0x8080808080808080u)) {
            i += 8;
            continue;
        }
        uint8_t lead = line[i];
        if (lead < 0x80) {
            i++;
        } else if (lead < 0xE0) {
            if (lead < 0xC2 || i + 2 > length || (line[i + 1] & 0xC0) != 0x80)
                return 0;
            i += 2;
        } else if (lead < 0xF0) {
            if (i + 3 > length || (line[i + 1] & 0xC0) != 0x80 || (line[i + 2] & 0xC0) != 0x80)
                return 0;
            if ((lead == 0xE0 && line[i + 1] < 0xA0) || (lead == 0xED && line[i + 1] > 0x9F))
                return 0;
            i += 3;
        } else {
            if (lead > 0xF4 || i + 4 > length || (line[i + 1] & 0xC0) != 0x80
                || (line[i + 2] & 0xC0) != 0x80 || (line[i + 3] & 0xC0) != 0x80)
                return 0;
            if ((lead == 0xF0 && line[i + 1] < 0x90) || (lead == 0xF4 && line[i + 1] > 0x8F))
                return 0;
            i += 4;
        }
    }
    return 1;
}

static int is_deeper(const uint8_t *line, int64_t length, int64_t deepest)
{
    int64_t depth = 0;
    int64_t i = 0;
    while (i < length) {
        uint8_t byte = line[i++];
        if (byte == '"') {
            while (i < length && line[i] != '"')
                i += line[i] == '\\' ? 2 : 1;
            i++;
        } else if ((byte | 0x20) == '{') {
            if (++depth > deepest)
                return 1;
        } else if ((byte | 0x20) == '}') {
            depth--;
        }
    }
    return 0;
}

static int is_blank(const uint8_t *line, int64_t length)
{
    for (int64_t i = 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return 0;
    return 1;
}

static uint8_t verdict_on(const uint8_t *line, int64_t length, int64_t longest, int64_t deepest)
{
    uint8_t highest;
    int64_t openers;
    if (is_blank(line, length))
        return BLANK;
    if (length > longest)
        return TOO_LONG;
    look(line, length, &highest, &openers);
    if (highest >= 0x80 && !is_utf8(line, length))
        return NOT_UTF8;
    if (openers > deepest && is_deeper(line, length, deepest))
        return TOO_DEEP;
    return GOOD;
}

EXPORT void chorus_scan_lines(const uint8_t *data, int64_t length, int64_t longest, int64_t deepest,
                              int64_t *starts, int64_t *ends, uint8_t *verdicts)
{
    int64_t start = 0;
    for (int64_t line = 0; start < length; line++) {
        const uint8_t *stop = memchr(data + start, '\n', (size_t)(length - start));
        int64_t next = stop == NULL ? length : stop - data + 1;
        int64_t end = stop == NULL ? length : next - 1;
        if (stop != NULL && end > start && data[end - 1] == '\r')
            end--;
        starts[line] = start;
        ends[line] = end;
        verdicts[line] = stop == NULL
            ? UNFINISHED : verdict_on(data + start, end - start, longest, deepest);
        start = next;
    }
}
