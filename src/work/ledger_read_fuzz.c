/* Lines of JSON as they are imported: any bytes give rows or a refusal; all values are freed. */
#include "work/ledger_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_open(64 << 20);
    LedgerFile f = { .n = 0 };
    Err e = { 0 };
    if (a && size < (1 << 20)) {
        bool ok = work_ledger_lines(&f, a, (Str){ (const char *)data, size }, &e);
        for (size_t i = 0; ok && i < f.n; i++)
            if (!f.rows[i].line || !json_is_object(jv_get(f.rows[i].line, "values")))
                __builtin_trap();
        if (!ok && e.code == ERR_NONE)
            __builtin_trap();
        work_ledger_file_close(&f);
    }
    arena_close(a);
    return 0;
}
