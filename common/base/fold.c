/* SPDX-License-Identifier: Apache-2.0
 *
 * Case folding of names; see fold.h. Pure.
 */
#include "common/base/fold.h"

#include <stddef.h>

uint32_t fold_next(const char **p)
{
    const unsigned char *s = (const unsigned char *)*p;
    uint32_t ch = s[0];
    int more = 0;

    if (!ch)
        return 0;
    if (ch >= 0xf0) {
        ch &= 0x07;
        more = 3;
    } else if (ch >= 0xe0) {
        ch &= 0x0f;
        more = 2;
    } else if (ch >= 0xc0) {
        ch &= 0x1f;
        more = 1;
    }
    for (int i = 1; i <= more && s[i]; i++)
        ch = ch << 6 | (s[i] & 0x3f);
    *p += 1 + more;
    if (ch >= 'A' && ch <= 'Z')
        ch += 32;
    else if (ch >= 0x410 && ch <= 0x42f) /* А..Я */
        ch += 32;
    else if (ch >= 0x400 && ch <= 0x40f) /* Ѐ..Џ with Ё */
        ch += 80;
    return ch == 0x451 ? 0x435 : ch; /* ё as е */
}

static bool begins(const char *text, const char *part)
{
    for (;;) {
        uint32_t want = fold_next(&part);

        if (!want)
            return true;
        if (fold_next(&text) != want)
            return false;
    }
}

bool fold_contains(const char *text, const char *part)
{
    if (!*part)
        return true;
    while (*text) {
        if (begins(text, part))
            return true;
        (void)fold_next(&text);
    }
    return false;
}
