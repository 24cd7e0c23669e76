/* Any bytes as a body: a form takes or refuses it; what it wrote it takes and writes again. */
#include "pack/form.h"

#include <stdlib.h>

static const char text[] =
    "pack x { title \"例\"; version \"1\"; from 2026-01-01; }"
    "list st { item a \"甲\"; item b \"乙\"; }"
    "form f { title \"表\";"
    "field t text { title \"字\"; max 5; } field l long { title \"文\"; max 20; }"
    "field n number { title \"数\"; min 0; max 10; } field d decimal { title \"分\"; max 99.5; }"
    "field y day { title \"日\"; } field m month { title \"月\"; } field g flag { title \"旗\"; }"
    "field s choice { title \"状\"; of st; } field p ref { title \"人\"; of f; }"
    "field q refs { title \"单\"; of f; max 3; } field w words { title \"词\"; of st; }"
    "field r rows { title \"行\"; max 3; field t text required { title \"字\"; max 3; } }"
    "field o object { title \"物\"; } field h file { title \"件\"; } }";

static bool check(Buf *out, const Form *f, Str body)
{
    Err e = { 0 };
    json_t *v;
    if (!jv_read(&v, body, "body", &e))
        return false;
    bool ok = form_check(out, f, v, &e);
    if (ok == (e.code != ERR_NONE) || (!ok && out->n > 0))
        abort();
    json_decref(v);
    return ok;
}

static void cells(const Form *f, Str s)
{
    for (size_t i = 0; i < f->n_fields; i++) {
        Err e = { 0 };
        json_t *v = NULL;
        if (!form_cell(&v, &f->fields[i], s, &e) && v)
            abort();
        json_decref(v);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    Arena *a = arena_open(1 << 20);
    Rulebook *rb;
    Err e = { 0 };
    PackSource s = { STRC("fuzz.pack"), str_of(text) };
    Buf one = buf_open(1 << 20), two = buf_open(1 << 20);
    if (!a || !pack_load(&rb, a, &s, 1, &e))
        abort();
    const Form *f = pack_form(rb, STRC("f"));
    Str body = { (const char *)p, n };
    if (check(&one, f, body) &&
        (!check(&two, f, buf_str(&one)) || !str_eq(buf_str(&one), buf_str(&two))))
        abort();
    cells(f, body);
    buf_close(&one);
    buf_close(&two);
    arena_close(a);
    return 0;
}
