#include "print/part.h"

/* Rows and cells rise, and every text is text. */
static void csv_check(const Grid *g)
{
    for (size_t r = 0; r < g->n_rows; r++) {
        if (r > 0 && g->rows[r].number <= g->rows[r - 1].number)
            __builtin_trap();
        for (size_t c = 0; c < g->rows[r].n; c++)
            if (!str_valid(g->rows[r].cells[c].text) ||
                (c > 0 && g->rows[r].cells[c].column <= g->rows[r].cells[c - 1].column))
                __builtin_trap();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_open(64 << 20);
    GridBook *b = a ? grid_open(a) : NULL;
    Err e = { 0 };
    if (b && !print_parse_csv(b, (Str){ (const char *)data, size }, &e) && e.code == ERR_NONE)
        __builtin_trap(); /* a refusal says why */
    for (size_t i = 0; b && i < b->n_grids; i++)
        csv_check(&b->grids[i]);
    arena_close(a);
    return 0;
}
