/* Which numbers may be somebody's phone, card or document. reference_numbers.py is the
   specification and says why; the functions have the same names in the same order. */
#include "masker.h"

enum {
    SHORTEST_PHONE = 7,
    SHORTEST_ID = 6,
    MOST_BETWEEN = 3,
    MOST_GROUPS = 64,
    LONGEST_SUM = 9,
    LONGEST_PREFIX = 3,
};

/* A group of digits: what it is worth (0 past four digits, which no rule asks for), where it
   ends, and the characters between it and the next. */
typedef struct {
    size_t digits, end, gap;
    int value;
} Group;

typedef struct {
    Group first[4];
    size_t groups, digits, longest, end;
    int begins_with_0, has_bracket, ends_with_000;
} Run;

static const char *const currencies[] = {
    "rp", "rm", "idr", "myr", "php", "usd", "eur", "sar", "egp", "aed", NULL,
};

/* The character that ends at `end` of what was written; END where nothing was. */
static uint32_t written_before(const Masker *m, size_t end, size_t *size)
{
    *size = 0;
    if (end == 0)
        return END;
    size_t start = end - 1;
    while (start > 0 && end - start < 4 && is_tail(m->out[start]))
        start--;
    uint32_t point = point_at(m->out, start, end, size);
    if (*size != end - start) {
        *size = 1;
        return 0xFFFD;
    }
    return point;
}

static inline int digit_at(const Masker *m, size_t at, size_t *size)
{
    return digit_of(look(m, at, size));
}

static inline int is_digit_at(const Masker *m, size_t at)
{
    return digit_of(peek(m, at)) >= 0;
}

static int is_between(uint32_t point)
{
    return point == ' ' || point == '-' || point == '.' || point == '(' || point == ')'
        || point == '/' || point == 0xA0 || point == 0x2007 || point == 0x202F || point == 0xFE0F
        || point == 0x20E3 || (point >= 0x2010 && point <= 0x2015) || is_invisible(point);
}

static size_t past_gap(const Masker *m, size_t at)
{
    size_t size;
    for (int i = 0; i < MOST_BETWEEN && is_between(look(m, at, &size)); i++)
        at += size;
    return at;
}

static Run read_run(const Masker *m, size_t start)
{
    Run run = {0};
    size_t at = start, size;
    run.begins_with_0 = digit_at(m, start, &size) == 0;
    for (;;) {
        Group group = {0};
        int value, sum = 0;
        while ((value = digit_at(m, at, &size)) >= 0) {
            group.value = group.digits < 4 ? group.value * 10 + value : 0;
            sum |= value;
            group.digits++;
            at += size;
        }
        group.end = at;
        run.digits += group.digits;
        if (group.digits > run.longest)
            run.longest = group.digits;
        run.ends_with_000 = group.digits == 3 && sum == 0;
        size_t next = past_gap(m, at);
        group.gap = next - at;
        if (run.groups < 4)
            run.first[run.groups] = group;
        run.groups++;
        run.end = at;
        if (next == at || !is_digit_at(m, next) || run.groups == MOST_GROUPS)
            return run;
        run.has_bracket |= memchr(m->text + at, ')', next - at) != NULL;
        at = next;
    }
}

/* Whether a space or a bracket, or nothing, follows the first few groups. */
static int stops_after(const Masker *m, const Run *run, size_t groups)
{
    uint8_t mark = m->text[run->first[groups - 1].end < m->length ? run->first[groups - 1].end : 0];
    return run->groups <= groups || mark == ' ' || mark == ')';
}

static int is_gap(const Masker *m, const Group *group, uint8_t mark)
{
    return group->gap == 1 && m->text[group->end] == mark;
}

static int is_dash(const Masker *m, const Group *group)
{
    size_t start = group->end, end = start + group->gap;
    while (start < end && m->text[start] == ' ')
        start++;
    while (end > start && m->text[end - 1] == ' ')
        end--;
    if (end - start == 1)
        return m->text[start] == '-' || m->text[start] == '/';
    return end - start == 3 && memcmp(m->text + start, "\xE2\x80\x93", 3) == 0;
}

static int is_year(const Group *group)
{
    return group->digits == 4 && group->value >= 1900 && group->value < 2100;
}

static int is_within(const Group *group, int least, int most)
{
    return group->digits <= 2 && group->value >= least && group->value <= most;
}

static size_t two_digits(const Masker *m, size_t at, size_t least, int most)
{
    size_t count = 0, size;
    int value = 0, digit;
    while (count < 3 && (digit = digit_at(m, at, &size)) >= 0) {
        value = value * 10 + digit;
        at += size;
        count++;
    }
    return count >= least && count <= 2 && value <= most ? at : 0;
}

static size_t clock_end(const Masker *m, size_t start)
{
    size_t end = two_digits(m, start, 1, 24);
    int colons = 0;
    for (int i = 0; i < 2; i++) {
        if (end == 0 || peek(m, end) != ':' || !is_digit_at(m, end + 1))
            break;
        end = two_digits(m, end + 1, 2, 59);
        colons++;
    }
    return colons ? end : 0;
}

static size_t date_end(const Masker *m, const Run *run)
{
    const Group *first = run->first, *month = run->first + 1, *last = run->first + 2;
    if (run->groups < 3 || first->gap != 1 || month->gap != 1
        || m->text[first->end] != m->text[month->end])
        return 0;
    uint8_t mark = m->text[first->end];
    if (mark != '-' && mark != '.' && mark != '/')
        return 0;
    const Group *year = first->digits == 4 ? first : last;
    const Group *day = first->digits == 4 ? last : first;
    if (!is_year(year) || !is_within(month, 1, 31) || !is_within(day, 1, 31))
        return 0;
    /* 5/23/2026 is written so, too; 2026-23-05 is not. */
    if (month->value > 12 && (year == first || day->value > 12))
        return 0;
    return stops_after(m, run, 3) ? last->end : 0;
}

static size_t span_end(const Masker *m, const Run *run)
{
    const Group *group = run->first;
    if (run->groups > 1 && is_dash(m, group) && is_year(group) && is_year(group + 1))
        return stops_after(m, run, 2) ? group[1].end : 0;
    if (run->groups < 4 || !is_dash(m, group + 1) || !is_gap(m, group, '.')
        || !is_gap(m, group + 2, '.'))
        return 0;
    if (!is_within(group, 0, 24) || !is_within(group + 2, 0, 24) || !is_within(group + 1, 0, 59)
        || !is_within(group + 3, 0, 59) || group[1].digits != 2 || group[3].digits != 2)
        return 0;
    return stops_after(m, run, 4) ? group[3].end : 0;
}

static int is_sign(uint32_t point)
{
    return point == '$' || point == 0xA3 || point == 0xA5 || point == 0x20AC || point == 0x20B1;
}

static int is_narrow_space(uint32_t point)
{
    return point == ' ' || point == 0xA0 || point == 0x202F;
}

static int is_money_until(const Masker *m, size_t end)
{
    size_t size;
    uint32_t point = look(m, end, &size);
    if (is_narrow_space(point))
        point = peek(m, end + size);
    if (is_sign(point))
        return 1;
    size_t before = m->written;
    for (int i = 0; i < 2; i++) {
        point = written_before(m, before, &size);
        if (is_narrow_space(point) || point == '.')
            before -= size;
    }
    if (is_sign(written_before(m, before, &size)))
        return 1;
    size_t first = before;
    while (first > 0 && before - first < 4 && is_ascii_letter(m->out[first - 1]))
        first--;
    return is_one_of(m->out + first, before - first, currencies);
}

static size_t thousands(const Masker *m, size_t start, uint32_t *mark, size_t *digits)
{
    size_t end = start, size, whole = 0;
    *digits = 0;
    while (*digits < 4 && digit_at(m, end, &size) >= 0) {
        end += size;
        ++*digits;
    }
    size_t width;
    *mark = look(m, end, &width);
    if (*digits > 3 || (*mark != '.' && *mark != ',' && *mark != 0x66C && !is_narrow_space(*mark)))
        return 0;
    while (look(m, end, &width) == *mark) {
        size_t next = end + width;
        int count = 0;
        while (count < 4 && digit_at(m, next, &size) >= 0) {
            next += size;
            count++;
        }
        if (count > 3)
            return 0;
        if (count < 3)
            break;
        end = next;
        *digits += 3;
        whole = end;
    }
    return whole;
}

static int goes_on(const Masker *m, size_t end)
{
    size_t gap = past_gap(m, end), size;
    if (gap > end)
        return is_digit_at(m, gap);
    uint32_t point = look(m, end, &size);
    return (point == ',' || point == 0x66C) && is_digit_at(m, end + size);
}

static size_t grouped_end(const Masker *m, size_t start, const Run *run)
{
    uint32_t mark;
    size_t digits;
    size_t end = thousands(m, start, &mark, &digits);
    if (end == 0 || run->begins_with_0)
        return 0;
    if (is_money_until(m, end))
        return end;
    if (goes_on(m, end))
        return 0;
    if (mark == ',' || mark == 0x66C)
        return end;
    if (mark == '.')
        return digits <= 8 || digits == 10 ? end : 0;
    return digits == SHORTEST_PHONE && run->ends_with_000 ? end : 0;
}

static void drop_prefix(Masker *m)
{
    size_t end = m->written, size;
    if (end > 0 && m->out[end - 1] == '-')
        end--;
    size_t first = end;
    while (first > 0 && end - first <= LONGEST_PREFIX && is_ascii_letter(m->out[first - 1]))
        first--;
    if (end > first && end - first <= LONGEST_PREFIX && !is_word(written_before(m, first, &size)))
        m->written = first;
}

static size_t past_suffix(const Masker *m, size_t end)
{
    size_t size;
    for (uint32_t point; (point = look(m, end, &size)) == 0xFE0F || point == 0x20E3;)
        end += size;
    size_t last = end;
    while (last <= end + LONGEST_PREFIX && is_ascii_letter(peek(m, last)))
        last++;
    return last > end + LONGEST_PREFIX || is_word(peek(m, last)) ? end : last;
}

int mask_number(Masker *m)
{
    size_t start = m->at, size;
    uint32_t point = 0, before = 0;
    for (int i = 0; i < 2; i++) {
        point = look(m, start, &size);
        if (point != '+' && point != '(' && point != 0xFF0B)
            break;
        before = point;
        start += size;
    }
    if (!is_digit_at(m, start))
        return 0;
    Run run = read_run(m, start);
    size_t end = 0;
    if (before != '+' && before != 0xFF0B) {
        end = clock_end(m, start);
        end = end ? end : date_end(m, &run);
        end = end ? end : span_end(m, &run);
        end = end ? end : grouped_end(m, start, &run);
    }
    if (m->text[m->at] == '(' && (end || !run.has_bracket))
        return 0;
    if (end)
        return keep(m, end);
    if (run.digits < SHORTEST_PHONE && run.longest < SHORTEST_ID)
        return keep(m, run.end);
    if (run.groups == 1 && run.digits <= LONGEST_SUM && !run.begins_with_0
        && is_money_until(m, run.end))
        return keep(m, run.end);
    drop_prefix(m);
    return replace(m, past_suffix(m, run.end), "[number]");
}
