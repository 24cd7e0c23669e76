/* A ballot that is read is canonical, and the verifiers agree on it: libsodium, curve.h, and a
 * batch with hints cut from the end of the input. */
#include "ballot/ballot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The key is g itself; the corpus was made for this election. */
static const char election[] =
    "{\"version\":1,\"description\":\"\",\"name\":\"n\",\"group\":\"Ed25519\",\"public_key\":"
    "\"6666666666666666666666666666666666666666666666666666666666666658\",\"questions\":[{"
    "\"answers\":[\"a\",\"b\"],\"blank\":true,\"min\":1,\"max\":1,\"question\":\"q\"}],\"uuid\":"
    "\"AbCdEfGh234567\"}";

static void compare(const Vote *v, const Election *el, Str hints)
{
    static const unsigned char seed[32] = { 1 };
    Err e = { 0 }, fault;
    BatchItem item = { .vote = v, .hints = hints };
    VoteTables tables;
    size_t bad;
    bool plain = vote_verify_plain(v, el, &e);
    if (!vote_tables(&tables, el) || vote_verify(NULL, v, el, &tables, &e) != plain ||
        !batch_verify(&item, 1, el, &tables, seed, NULL, &bad, &fault, &e) || item.sound != plain)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_open(1 << 24);
    Err e = { 0 };
    Election el;
    Vote v;
    if (!election_read(&el, a, str_of(election), &e))
        __builtin_trap();
    Str text = { (const char *)data, size }, hints = { "", 0 };
    ptrdiff_t end = str_find(text, STRC("}}}"));
    if (end >= 0) {
        hints = str_sub(text, (size_t)end + 3, size);
        text.n = (size_t)end + 3;
    }
    if (vote_read(&v, a, &el, text, &e)) {
        if (text.n > vote_bytes_max(&el))
            __builtin_trap();
        compare(&v, &el, hints);
    }
    arena_close(a);
    return 0;
}
