/* Private strings give way to short tokens. reference_mask.py is the specification and says why;
   the functions have the same names in the same order. */
#include "masker.h"

enum { LONGEST_ENDING = 24 };

static inline int is_at(uint32_t point)
{
    return point == '@' || point == 0xFF20 || point == 0xFE6B;
}

static inline int is_mark_of_name(uint32_t point)
{
    return point == '.' || point == '%' || point == '+' || point == '-';
}

static inline int is_closing(uint8_t byte)
{
    return byte != 0 && strchr(".,!?:;)']*", byte) != NULL;
}

static int ends_link(uint32_t point)
{
    return point >= END || is_space(point) || point == '"' || point == '<' || point == '>'
        || point == '`' || point == 0xAB || point == 0xBB || point == 0x60C || point == 0x61B
        || point == 0x61F || (point >= 0x2016 && point <= 0x2029)
        || (point >= 0x202F && point <= 0x205F);
}

/* Compares letters without their case. */
static int begins_with(const Masker *m, size_t at, const char *word)
{
    size_t length = strlen(word);
    if (at + length > m->length)
        return 0;
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = m->text[at + i];
        if (is_ascii_letter(byte))
            byte |= 0x20;
        if (byte != (uint8_t)word[i])
            return 0;
    }
    return 1;
}

static size_t names(const Masker *m, size_t at)
{
    size_t end = at, size;
    while (is_at(look(m, end, &size))) {
        size_t name = end + size;
        while (is_invisible(look(m, name, &size)))
            name += size;
        if (!is_word(look(m, name, &size)))
            break;
        end = name;
        for (;;) {
            uint32_t point = look(m, end, &size);
            if (is_word(point))
                end += size;
            else if ((point == '.' || point == '-') && is_word(peek(m, end + 1)))
                end++;
            else
                break;
        }
    }
    return end;
}

static int mask_handle(Masker *m)
{
    size_t end = names(m, m->at);
    return end > m->at && replace(m, end, "[user]");
}

static int mask_mail(Masker *m)
{
    if (!m->has_at || m->at < m->mail_seen || !is_word(peek(m, m->at)))
        return 0;
    size_t middle = m->at, size;
    int telling = 0;
    for (;;) {
        uint32_t point = look(m, middle, &size);
        int mark = is_mark_of_name(point);
        if (!mark && !is_word(point))
            break;
        telling |= mark || point == '_' || digit_of(point) >= 0;
        middle += size;
    }
    m->mail_seen = middle;
    size_t end = names(m, middle);
    if (end == middle)
        return 0;
    /* A sentence that breaks off before a handle is no name of a mailbox. */
    telling &= m->text[middle - 1] != '.' && m->text[middle - 1] != '-';
    if (telling || memchr(m->text + middle, '.', end - middle) != NULL)
        return replace(m, end, "[mail]");
    return 0;
}

static int mask_link(Masker *m, size_t inside)
{
    size_t end = inside, size;
    while (!ends_link(look(m, end, &size)))
        end += size;
    if (end == inside)
        return 0;
    while (end > inside && is_closing(m->text[end - 1]))
        end--;
    return replace(m, end, "[link]");
}

static int mask_scheme(Masker *m)
{
    if (!m->has_colon)
        return 0;
    if (begins_with(m, m->at, "http://"))
        return mask_link(m, m->at + 7);
    if (begins_with(m, m->at, "https://"))
        return mask_link(m, m->at + 8);
    if (m->at < m->scheme_seen)
        return 0;
    size_t end = m->at;
    while (end < m->length && is_ascii_letter(m->text[end]))
        end++;
    m->scheme_seen = end;
    if (!begins_with(m, end, "://"))
        return 0;
    size_t letters = end - m->at;
    if ((letters >= 4 && begins_with(m, end - 4, "http"))
        || (letters >= 5 && begins_with(m, end - 5, "https")))
        return 0;
    return mask_link(m, end + 3);
}

static const char *const endings[] = {
    "com", "net", "org", "info", "gov", "edu", "mil", "biz",
    "xyz", "app", "io", "social", "online", "site", NULL,
};
static const char *const seconds[] = {
    "co", "com", "go", "gov", "ac", "or", "sch", "net", "org", "web", "my", "edu", "gouv", NULL,
};
enum { NO_DOMAIN, POSSIBLE, LISTED };

static int kind_of(const uint8_t *domain, size_t length)
{
    size_t dot = length;
    while (dot > 0 && domain[dot - 1] != '.')
        dot--;
    if (dot == 0)
        return NO_DOMAIN;
    const uint8_t *ending = domain + dot;
    size_t letters = length - dot;
    size_t before = --dot;
    while (before > 0 && domain[before - 1] != '.')
        before--;
    const uint8_t *second = domain + before;
    size_t second_length = dot - before;
    if (second_length == 0 || letters < 2 || letters > LONGEST_ENDING)
        return NO_DOMAIN;
    int upper = 0, lower = 0;
    for (size_t i = 0; i < letters; i++) {
        if (!is_ascii_letter(ending[i]))
            return NO_DOMAIN;
        upper |= !(ending[i] & 0x20);
        lower |= ending[i] & 0x20;
    }
    int digits = 1;
    for (size_t i = 0; i < second_length; i++)
        digits &= second[i] >= '0' && second[i] <= '9';
    if (!digits && is_one_of(ending, letters, endings))
        return LISTED;
    if (letters == 2 && before > 1 && is_one_of(second, second_length, seconds))
        return LISTED;
    return upper && lower ? NO_DOMAIN : POSSIBLE;
}

static int has_path(const Masker *m, size_t at, int kind)
{
    uint8_t mark = at < m->length ? m->text[at] : 0;
    if (mark != '/' && !(kind == LISTED && (mark == ':' || mark == '?' || mark == '#')))
        return 0;
    return !ends_link(peek(m, at + 1));
}

static int is_www(const Masker *m, size_t at)
{
    return (m->text[at] | 0x20) == 'w' && begins_with(m, at, "www.") && is_word(peek(m, at + 4));
}

static int mask_bare_link(Masker *m)
{
    if (!m->has_dot)
        return 0;
    if (is_www(m, m->at))
        return mask_link(m, m->at + 4);
    if (m->at < m->link_seen || m->text[m->at] >= 0x80)
        return 0;
    size_t end = m->at;
    while (end < m->length && m->text[end] < 0x80
           && (is_word(m->text[end]) || m->text[end] == '.' || m->text[end] == '-')
           && !is_www(m, end))
        end++;
    m->link_seen = end;
    if (begins_with(m, end, "://")) {
        if (end - m->at >= 5 && begins_with(m, end - 5, "https"))
            end -= 5;
        else if (end - m->at >= 4 && begins_with(m, end - 4, "http"))
            end -= 4;
    }
    size_t domain = end;
    while (domain > m->at && strchr("._-", m->text[domain - 1]) != NULL)
        domain--;
    int kind = kind_of(m->text + m->at, domain - m->at);
    if (kind != NO_DOMAIN && domain == end && has_path(m, end, kind))
        return mask_link(m, end + 1);
    return kind == LISTED && replace(m, domain, "[link]");
}

static void step(Masker *m)
{
    size_t size;
    uint32_t point = look(m, m->at, &size);
    int found;
    if (is_ascii_letter(point))
        found = mask_scheme(m) || mask_mail(m) || mask_bare_link(m);
    else if (is_at(point))
        found = mask_handle(m);
    else if (point == '+' || point == '(' || point == 0xFF0B)
        found = mask_number(m);
    else if (digit_of(point) >= 0)
        found = mask_mail(m) || mask_bare_link(m) || mask_number(m);
    else
        found = is_word(point) && mask_mail(m);
    if (!found)
        keep(m, m->at + size);
}

/* Whether a byte of ASCII can begin nothing private. */
static inline int is_plain(uint8_t byte)
{
    return byte < 0x80 && !is_word(byte) && byte != '@' && byte != '+' && byte != '(';
}

/* Copies on while nothing private can begin: between words, and inside those that the looks ahead
   have passed. Decides nothing new; `step` would do the same more slowly. */
static void run_on(Masker *m)
{
    const uint8_t *text = m->text;
    size_t seen = m->mail_seen < m->link_seen ? m->mail_seen : m->link_seen;
    size_t at = m->at;
    seen = m->scheme_seen < seen ? m->scheme_seen : seen;
    while (at + 1 < m->length) {
        uint8_t byte = text[at], next = text[at + 1];
        if (is_ascii_letter(byte)) {
            int is_start = ((byte | 0x20) == 'h' && (next | 0x20) == 't')
                || ((byte | 0x20) == 'w' && (next | 0x20) == 'w');
            if (at >= seen || is_start)
                break;
            at++;
        } else if (is_plain(byte)) {
            at++;
        } else if ((byte == 0xD8 || (byte == 0xD9 && next - 0xA0u >= 10u)) && is_tail(next)
                   && at < m->mail_seen) {
            at += 2;
        } else {
            break;
        }
    }
    keep(m, at);
}

static size_t mask_text(const uint8_t *text, size_t length, uint8_t *out)
{
    Masker m = {.text = text, .length = length, .out = out};
    for (size_t i = 0; i < length; i++) {
        m.has_at |= text[i] == '@' || text[i] == 0xEF;
        m.has_dot |= text[i] == '.';
        m.has_colon |= text[i] == ':';
    }
    /* What cannot be there need not be looked for. */
    m.mail_seen = m.has_at ? 0 : length;
    m.link_seen = m.has_dot ? 0 : length;
    m.scheme_seen = m.has_colon ? 0 : length;
    for (;;) {
        run_on(&m);
        if (m.at >= length)
            return m.written;
        step(&m);
    }
}

/* `out` must hold three times the bytes of the texts and sixteen more: the worst is "@a", two
   bytes that become six. `offsets` gets count + 1 places. Returns how many bytes were written. */
EXPORT int64_t chorus_mask(const Texts *texts, uint8_t *out, int64_t *offsets)
{
    int64_t written = 0;
    offsets[0] = 0;
    for (int64_t row = 0; row < texts->count; row++) {
        int64_t start = texts->offsets[row], end = texts->offsets[row + 1];
        if (end > start && !is_null(texts, row))
            written += (int64_t)mask_text(texts->data + start, (size_t)(end - start), out + written);
        offsets[row + 1] = written;
    }
    return written;
}
