/* The smaller files, chosen by the first letter: slip, election, trustees, credentials. What is
 * read is written again as it was. */
#include "ballot/ballot.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void slip(Arena *a, Str text)
{
    Slip s, again;
    Err e;
    char code[SLIP_CODE];
    if (!slip_read(&s, text, &e))
        return;
    slip_code(code, &s);
    if (!slip_read(&again, (Str){ code, SLIP_CODE }, &e) || memcmp(&s, &again, sizeof s) != 0 ||
        !slip_read(&again, slip_words(a, &s), &e) || memcmp(&s, &again, sizeof s) != 0)
        __builtin_trap();
}

static void creds(Arena *a, Str text)
{
    Creds c;
    Err e;
    Buf b = buf_open(text.n + 10);
    if (creds_read(&c, a, text, &e) && (!creds_write(&b, c.items, c.n, &e) || b.n != text.n))
        __builtin_trap();
    buf_close(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_open(1 << 24);
    Str text = { (const char *)data + 1, size ? size - 1 : 0 };
    Election el;
    Trustees tr;
    Err e;
    switch (size ? data[0] : 0) {
    case 's': slip(a, text); break;
    case 'c': creds(a, text); break;
    case 'e':
        if (election_read(&el, a, text, &e) && el.n_questions == 0)
            __builtin_trap();
        break;
    case 't':
        if (trustees_read(&tr, a, text, &e) && (tr.n_members == 0 || !point_valid(tr.key)))
            __builtin_trap();
        break;
    default: break;
    }
    arena_close(a);
    return 0;
}
