/* kit: what the tests of print share: files made by hand. They include cmocka first. */
#ifndef PRINT_KIT_TEST_H
#define PRINT_KIT_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print/part.h"

typedef struct KitPart {
    const char *name;
    Str bytes;
} KitPart;

/* An archive of parts, in an arena. */
static inline Str kit_zip(Arena *a, const KitPart *parts, size_t n)
{
    Err e = { 0 };
    Buf b = buf_open(PRINT_MADE_BYTES_MAX);
    PrintPack *k = print_pack_open();
    assert_non_null(k);
    for (size_t i = 0; i < n; i++)
        print_pack_add(k, parts[i].name, parts[i].bytes);
    assert_true(print_pack_close(k, &b, &e));
    Str bytes = arena_str(a, buf_str(&b));
    buf_close(&b);
    return bytes;
}

#define KIT_RELS(type, target)                                                                     \
    "<Relationships><Relationship Id=\"r1\" Type=\"http://x/" type "\" Target=\"" target           \
    "\"/></Relationships>"

static inline const char *kit_said(const Err *e)
{
    static char text[2000];
    err_print(e, LANG_HANS, text, sizeof text);
    return text;
}

#define assert_ok(call, e)                                                                         \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s: %s [%s]", #call, kit_said(&(e)), (e).trail);                             \
    } while (0)

#define assert_refused(call, e, want)                                                              \
    do {                                                                                           \
        (e) = (Err){ 0 };                                                                          \
        assert_false(call);                                                                        \
        assert_string_equal(err_name((e).code), err_name(want));                                   \
    } while (0)

#define assert_str(got, want) assert_string_equal(arena_z(a, (got)), (want))

#endif
