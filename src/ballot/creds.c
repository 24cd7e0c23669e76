#include "ballot/canon.h"
#include "ballot/election.h"

#include <stdlib.h>
#include <string.h>

typedef struct Line { char hex[POINT_HEX]; } Line;

static int line_cmp(const void *a, const void *b)
{
    return memcmp(a, b, POINT_HEX);
}

static bool at_place(Err *e, ErrCode code, Arena *a, size_t i)
{
    return err_fail(e, code, err_hole("where", arena_text(a, "公开凭证第%zu个", i + 1)),
                    err_hole("where_en", arena_text(a, "public credential %zu", i + 1)));
}

bool creds_write(Buf *out, const Point *items, size_t n, Err *e)
{
    Line *lines = malloc((n ? n : 1) * sizeof *lines);
    if (n > CREDS_MAX || !lines) {
        free(lines);
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "公开凭证"), err_hole("max", CREDS_MAX));
    }
    for (size_t i = 0; i < n; i++)
        point_hex(lines[i].hex, items[i]);
    qsort(lines, n, sizeof *lines, line_cmp);
    buf_putc(out, '[');
    for (size_t i = 0; i < n; i++) {
        canon_put_z(out, i ? ",\"" : "\"");
        buf_put(out, (Str){ lines[i].hex, POINT_HEX });
        buf_putc(out, '"');
    }
    buf_putc(out, ']');
    free(lines);
    return !out->failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "公开凭证"));
}

static bool read_one(Creds *c, Canon *t, Arena *a, Err *e)
{
    Point p = canon_point(t);
    if (t->bad && t->at < t->s.n && t->s.p[t->at] == ',')
        return err_fail(e, ERR_BEL_UNSUPPORTED, err_hole("what", "带权重的凭证"),
                        err_hole("what_en", "credentials with weights"));
    if (t->bad)
        return err_fail(e, ERR_BEL_FORM, err_hole("where", "公开凭证"),
                        err_hole("where_en", "the public credentials"), err_hole("at", t->at));
    Str hex = { t->s.p + t->at - 1 - POINT_HEX, POINT_HEX };
    if (!point_valid(p))
        return at_place(e, ERR_BEL_POINT, a, c->n);
    if (map_get(&c->by_hex, hex))
        return at_place(e, ERR_BEL_TWICE, a, c->n);
    c->items[c->n] = p;
    if (!map_put(&c->by_hex, hex, &c->items[c->n]))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公开凭证"));
    c->n++;
    return true;
}

bool creds_read(Creds *out, Arena *a, Str text, Err *e)
{
    size_t most = text.n / (POINT_HEX + 3) + 1;
    Creds c = { .by_hex = map_open(a) };
    if (most > CREDS_MAX + 1)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "公开凭证"), err_hole("max", CREDS_MAX));
    c.text = arena_str(a, text);
    c.items = ARENA_ARRAY(a, Point, most);
    if (!c.items || c.text.n != text.n)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "公开凭证"));
    Canon t = canon_open(c.text);
    canon_lit(&t, "[");
    if (!canon_try(&t, "]")) {
        do {
            if (c.n == most)
                t.bad = true;
            else if (!read_one(&c, &t, a, e))
                return false;
        } while (canon_try(&t, ","));
        canon_lit(&t, "]");
    }
    if (!canon_end(&t))
        return err_fail(e, ERR_BEL_FORM, err_hole("where", "公开凭证"),
                        err_hole("where_en", "the public credentials"), err_hole("at", t.at));
    *out = c;
    return true;
}

bool creds_find(size_t *at, const Creds *creds, Str hex)
{
    const Point *p = map_get(&creds->by_hex, hex);
    if (p)
        *at = (size_t)(p - creds->items);
    return p != NULL;
}
