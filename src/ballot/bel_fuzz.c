/* Archives: as raw bytes, and as payloads around which a whole archive with true hashes is written,
 * so that what stands behind the hashes is reached. A second verification says the same. */
#include "ballot/ballot.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "\n--\n" between payloads; the first letter of each says what it is. */
static void put_payload(BelWriter *w, Str part)
{
    Str body = str_sub(part, 1, part.n);
    switch (part.n ? part.p[0] : 0) {
    case 'b': bel_ballot(w, body); break;
    case 'e': bel_end(w); break;
    case 't': bel_tally(w, body, 1); break;
    case '1': case '2': case '3': bel_share(w, part.p[0] - '0', body); break;
    case 'r': bel_result(w, body); break;
    default: break;
    }
}

static void write_archive(Buf *out, Str text)
{
    Str setup[3], rest = text, part;
    for (int i = 0; i < 3; i++) {
        bool more = str_cut(rest, STRC("\n--\n"), &setup[i], &part);
        rest = more ? part : (Str){ "", 0 };
    }
    BelWriter w = bel_open(out, 1767225600);
    bel_setup(&w, setup[0], setup[1], setup[2]);
    while (rest.n) {
        Str tail = { "", 0 };
        str_cut(rest, STRC("\n--\n"), &part, &tail);
        put_payload(&w, part);
        rest = tail;
    }
}

static void verify(Str bytes)
{
    BelCheck check = { .seed = { 1 } };
    Arena *a = arena_open((size_t)1 << 28), *again = arena_open((size_t)1 << 28);
    Err e = { 0 }, f = { 0 };
    Bel one, two;
    bool ok = bel_verify(&one, a, bytes, &check, &e);
    check.seed[0] = 2;
    if (bel_verify(&two, again, bytes, &check, &f) != ok || e.code != f.code)
        __builtin_trap();
    if (ok && one.stage == BEL_DONE && one.n_counted > one.n_ballots)
        __builtin_trap();
    arena_close(a);
    arena_close(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = { (const char *)data, size };
    if (size == 0)
        return 0;
    if (str_starts(text, STRC("BELENIOS"))) {
        verify(text);
        return 0;
    }
    Buf b = buf_open(1 << 22);
    write_archive(&b, text);
    if (!b.failed)
        verify(buf_str(&b));
    buf_close(&b);
    return 0;
}
