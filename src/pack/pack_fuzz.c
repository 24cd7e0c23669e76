/* Any bytes: loaded or refused with a place. What was loaded loads again from
 * its canonical text with the same hash. */
#include "pack/duty.h"
#include "pack/flow.h"
#include "pack/points.h"
#include "pack/report.h"

#include <stdlib.h>

static bool load(Rulebook **rb, Arena *a, Str text)
{
    Err e = { 0 };
    PackSource s = { STRC("fuzz.pack"), text };
    bool ok = pack_load(rb, a, &s, 1, &e);
    if (ok == (e.code != ERR_NONE))
        abort();
    return ok;
}

static void describe_all(Jw *w, const Rulebook *rb)
{
    for (size_t i = 0; i < pack_flow_count(rb); i++)
        flow_describe(w, pack_flow_at(rb, i));
    for (size_t i = 0; i < pack_measure_count(rb); i++)
        measure_describe(w, pack_measure_at(rb, i));
    for (size_t i = 0; i < pack_duty_count(rb); i++)
        duty_describe(w, pack_duty_at(rb, i));
    for (size_t i = 0; i < pack_points_count(rb); i++)
        points_describe(w, pack_points_at(rb, i));
    for (size_t i = 0; i < pack_report_count(rb); i++)
        report_describe(w, pack_report_at(rb, i));
    jw_key(w, "forms");
    jw_arr(w);
    for (size_t i = 0; i < pack_form_count(rb); i++)
        form_describe(w, pack_form_at(rb, i));
    jw_end(w);
    jw_key(w, "packs");
    pack_describe(w, rb);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    Arena *a = arena_open(32 << 20);
    Rulebook *rb, *again;
    if (a && load(&rb, a, (Str){ (const char *)p, n })) {
        if (!load(&again, a, pack_at(rb, 0)->text) || !hash_eq(pack_hash(rb), pack_hash(again)))
            abort();
        Buf b = buf_open(8 << 20);
        Jw w = jw_open(&b);
        jw_obj(&w);
        describe_all(&w, rb);
        jw_end(&w);
        if (!jw_close(&w) && !b.failed)
            abort();
        buf_close(&b);
    }
    arena_close(a);
    return 0;
}
