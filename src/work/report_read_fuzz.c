/* Any text is placed without a fault, and every placed or unplaced character comes from it. */
#include "work/overlap.h"
#include "work/report_read.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char names[] = "[{\"name\":\"a\",\"title\":\"履行职责\"},"
                                "{\"name\":\"b\",\"title\":\"问题\"}]";
    Str text = { (const char *)data, n };
    Arena *a = arena_open(64 << 20);
    json_t *classes = NULL;
    ReportText r;
    Overlap o;
    Err e = { 0 };
    if (a && str_valid(text) && jv_read(&classes, str_of(names), "names", &e)) {
        if (work_report_read(&r, a, text, classes)) {
            if (r.rest.n > n)
                abort();
            json_decref(r.sections);
        }
        if (work_overlap(&o, a, str_sub(text, 0, n / 2), text) && o.same > o.all)
            abort();
    }
    json_decref(classes);
    arena_close(a);
    return 0;
}
