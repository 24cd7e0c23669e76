/* Plain text: what only changes how other characters look is taken off, from whatever file it
 * came. Marks that turn the direction of writing show another text than the one that is stored;
 * characters without width make copied sentences look new to a search; a tower of accents covers
 * the lines above it. */
#include "print/part.h"

static bool is_unseen(uint32_t cp)
{
    return cp == 0xAD || cp == 0x61C || cp == 0x180E || (cp >= 0x200B && cp <= 0x200F) ||
           (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
           (cp >= 0xFFF9 && cp <= 0xFFFB) || (cp >= 0xE0000 && cp <= 0xE007F);
}

static bool is_mark(uint32_t cp)
{
    return (cp >= 0x300 && cp <= 0x36F) || (cp >= 0x483 && cp <= 0x489) ||
           (cp >= 0x1AB0 && cp <= 0x1AFF) || (cp >= 0x1DC0 && cp <= 0x1DFF) ||
           (cp >= 0x20D0 && cp <= 0x20FF) || (cp >= 0xFE20 && cp <= 0xFE2F);
}

void print_plain(Buf *out, Str s)
{
    enum { MARKS = 4 };         /* more than any writing needs on one letter */
    uint32_t cp;
    size_t k, from = 0, at = 0;
    int marks = 0;
    for (; (k = str_next(s, at, &cp)) > 0; at += k) {
        bool unseen = (cp < ' ' && cp != '\n' && cp != '\t') || (cp >= 0xAD && is_unseen(cp));
        if (!unseen) /* what is taken off does not part an accent from its letter */
            marks = cp >= 0x300 && is_mark(cp) ? marks + 1 : 0;
        if (!unseen && marks <= MARKS)
            continue;
        buf_put(out, str_sub(s, from, at - from));
        from = at + k;
    }
    buf_put(out, str_sub(s, from, s.n));
}
