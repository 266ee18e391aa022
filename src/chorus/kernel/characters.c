/* Kinds of characters past ASCII; characters.py has the same table. */
#include "text.h"

/* Neither letter, mark nor digit; between them stand the words of every script. */
static const uint32_t no_word[][2] = {
    {0x80, 0xA9}, {0xAB, 0xB4}, {0xB6, 0xB9}, {0xBB, 0xBF}, {0xD7, 0xD7}, {0xF7, 0xF7},
    {0x60C, 0x60D}, {0x61B, 0x61F}, {0x66A, 0x66D}, {0x6D4, 0x6D4}, {0x2000, 0x206F},
    {0x20A0, 0x20FF}, {0x2190, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3000, 0x303F}, {0xFD3E, 0xFD3F},
    {0xFE00, 0xFE6F}, {0xFEFF, 0xFEFF}, {0xFF00, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40},
    {0xFF5B, 0xFF65}, {0xFFF0, 0xFFFF}, {0x1F000, 0x1FAFF}, {0xE0000, 0xE0FFF},
};

int is_foreign_word(uint32_t point)
{
    if (point >= END)
        return 0;
    /* Most letters: Latin with marks, Arabic. */
    if ((point >= 0xF8 && point < 0x60C) || (point >= 0x620 && point < 0x66A))
        return 1;
    for (size_t i = 0; i < sizeof no_word / sizeof no_word[0]; i++)
        if (point <= no_word[i][1])
            return point < no_word[i][0];
    return 1;
}

/* First and last capital, the step between capitals, how far the small letter is from it. */
static const struct {
    uint32_t first, last, step;
    int32_t distance;
} capitals[] = {
    {0xC0, 0xD6, 1, 32}, {0xD8, 0xDE, 1, 32}, {0x100, 0x12E, 2, 1}, {0x130, 0x130, 1, 0x69 - 0x130},
    {0x132, 0x136, 2, 1}, {0x139, 0x147, 2, 1}, {0x14A, 0x176, 2, 1}, {0x178, 0x178, 1, 0xFF - 0x178},
    {0x179, 0x17D, 2, 1}, {0x218, 0x21A, 2, 1}, {0x391, 0x3A1, 1, 32}, {0x3A3, 0x3A9, 1, 32},
    {0x400, 0x40F, 1, 80}, {0x410, 0x42F, 1, 32}, {0x1E00, 0x1E94, 2, 1},
    {0x1E9E, 0x1E9E, 1, 0xDF - 0x1E9E}, {0x1EA0, 0x1EFE, 2, 1}, {0xFF21, 0xFF3A, 1, 0x61 - 0xFF21},
    {0xFF41, 0xFF5A, 1, 0x61 - 0xFF41},
};

uint32_t lower_foreign(uint32_t point)
{
    /* Arabic, above all, has no capitals. */
    if (point >= 0x430 && point < 0x1E00)
        return point;
    if (point >= 0x1D400 && point < 0x1D6A4)
        return 'a' + (point - 0x1D400) % 26;
    for (size_t i = 0; i < sizeof capitals / sizeof capitals[0]; i++) {
        if (point < capitals[i].first)
            return point;
        if (point <= capitals[i].last) {
            int is_capital = (point - capitals[i].first) % capitals[i].step == 0;
            return is_capital ? (uint32_t)((int32_t)point + capitals[i].distance) : point;
        }
    }
    return point;
}
