/* The text of a checkpoint (C2SP tlog-checkpoint, note text only). */
#include "tlog/tlog.h"

void tlog_checkpoint_print(Buf *out, const TlogCheckpoint *c)
{
    Arena *a = arena_open(8 << 10);
    Str root = a ? hash_base64(a, (Str){ (const char *)c->root.b, 32 }) : (Str){ "", 0 };
    if (root.n == 0)
        out->failed = true;
    buf_fmt(out, "%.*s\n%lld\n%.*s\n", STR(c->origin), (long long)c->size, STR(root));
    arena_close(a);
}

static bool bad_line(Err *e, int line, const char *want)
{
    return err_fail(e, ERR_LOG_TEXT, err_hole("line", line), err_hole("want", want));
}

static bool origin_ok(Str s)
{
    if (s.n == 0 || s.n > TLOG_ORIGIN_MAX || !str_valid(s))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return false;
    return true;
}

/* Decimal without sign or leading zeros. */
static bool size_read(int64_t *out, Str s)
{
    if (s.n == 0 || s.p[0] == '-' || (s.p[0] == '0' && s.n > 1))
        return false;
    return str_int(s, out) && *out <= TLOG_SIZE_MAX;
}

static bool root_read(Hash *out, Str s)
{
    Str bytes;
    Arena *a = s.n == 44 ? arena_open(8 << 10) : NULL;
    bool ok = a && hash_unbase64(a, s, &bytes) && bytes.n == sizeof out->b;
    for (size_t i = 0; ok && i < sizeof out->b; i++)
        out->b[i] = (unsigned char)bytes.p[i];
    arena_close(a);
    return ok;
}

bool tlog_checkpoint_read(TlogCheckpoint *out, Str text, Err *e)
{
    TlogCheckpoint c;
    Str size, root, rest;
    if (text.n > TLOG_CHECKPOINT_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "checkpoint"),
                        err_hole("max", TLOG_CHECKPOINT_MAX));
    if (!str_cut(text, STRC("\n"), &c.origin, &rest) || !origin_ok(c.origin))
        return bad_line(e, 1, "origin");
    if (!str_cut(rest, STRC("\n"), &size, &rest) || !size_read(&c.size, size))
        return bad_line(e, 2, "0..2^53");
    if (!str_cut(rest, STRC("\n"), &root, &rest) || !root_read(&c.root, root))
        return bad_line(e, 3, "base64, 32 bytes");
    for (int line = 4; rest.n > 0; line++) {
        Str extension;
        if (!str_cut(rest, STRC("\n"), &extension, &rest) || !origin_ok(extension))
            return bad_line(e, line, "extension");
    }
    *out = c;
    return true;
}
