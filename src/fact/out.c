/* Out of the house: the export for auditors, the dump that compares two databases, the rebuild. */
#include "fact/parts.h"

static bool export_one(Tx *tx, Rows *r, Buf *b, FactSink sink, Err *e)
{
    Fact f;
    fact_of_row(&f, r);
    if (!fact_marks(&f, tx_arena(tx), tx, e))
        return false;
    buf_reset(b);
    leaf_line_print(b, &f);
    return b->failed ? fact_no_memory(e) : sink.line(sink.arg, buf_str(b), e);
}

bool fact_export(Tx *tx, FactSink sink, Err *e)
{
    Rows *r;
    Buf b = buf_open(LEAF_LINE_MAX);
    bool ok = store_rows(&r, tx, "fact_all", BIND_NONE, e);
    if (ok) {
        while (ok && rows_next(r))
            ok = export_one(tx, r, &b, sink, e);
        if (ok)
            ok = rows_close(r, e);
        else
            rows_drop(r);
    }
    buf_close(&b);
    return ok;
}

/* --- dump ------------------------------------------------------------------ */
static void put_value(Jw *w, Arena *a, Rows *r, int column)
{
    switch (rows_type(r, column)) {
    case BIND_T_INT:
        jw_int(w, rows_int(r, column));
        break;
    case BIND_T_TEXT:
        jw_str(w, rows_text(r, column));
        break;
    case BIND_T_BLOB:
        jw_str(w, hash_hex_bytes(a, rows_blob(r, column)));
        break;
    default:
        jw_null(w);
    }
}

static bool dump_row(const char *table, Arena *a, Rows *r, Buf *b, FactSink sink, Err *e)
{
    Jw w = jw_open(b);
    buf_reset(b);
    arena_reset(a);
    jw_arr(&w);
    jw_str(&w, str_of(table));
    for (int i = 0; i < rows_columns(r); i++)
        put_value(&w, a, r, i);
    jw_end(&w);
    return jw_close(&w) ? sink.line(sink.arg, buf_str(b), e) : fact_no_memory(e);
}

static bool dump_table(Tx *tx, const char *table, const char *statement, Arena *a, Buf *b,
                       FactSink sink, Err *e)
{
    Rows *r;
    bool ok = true;
    if (!store_rows(&r, tx, statement, BIND_NONE, e))
        return false;
    while (ok && rows_next(r))
        ok = dump_row(table, a, r, b, sink, e);
    if (!ok) {
        rows_drop(r);
        return false;
    }
    return rows_close(r, e);
}

bool fact_dump(Tx *tx, FactSink sink, Err *e)
{
    static const char *const tables[][2] = {
        { "fact", "dump_fact" }, { "erased_field", "dump_erased_field" },
        { "log_tile", "dump_log_tile" }, { "thing", "dump_thing" }, { "past", "dump_past" },
        { "field_index", "dump_field_index" }, { "org_node", "dump_org_node" },
        { "search", "dump_search_fts" } };
    Buf b = buf_open(16 << 20);
    Arena *a = arena_open(8 << 20);
    bool ok = (a || fact_no_memory(e)) && fact_own_seen(tx, e);
    for (size_t i = 0; ok && i < sizeof tables / sizeof *tables; i++)
        ok = dump_table(tx, tables[i][0], tables[i][1], a, &b, sink, e);
    buf_close(&b);
    arena_close(a);
    return ok;
}

/* --- rebuild --------------------------------------------------------------- */
bool fact_rebuild(Tx *tx, Err *e)
{
    Rows *r;
    bool ok = true;
    FactJob *job = fact_job(tx, e);
    if (!job || !fact_waiting_write(tx, job, e) || !store_script(tx, "views", e)
        || !store_rows(&r, tx, "fact_all", BIND_NONE, e))
        return false;
    while (ok && rows_next(r)) {
        Fact f;
        LeafField fields[LEAF_FIELDS_MAX];
        size_t n;
        fact_of_row(&f, r);
        ok = leaf_split(fields, &n, f.body, e)
            && fact_view_add(tx, job, &f, fields, n, false, e);
    }
    if (!ok) {
        rows_drop(r);
        return err_note(e, "while rebuilding the views");
    }
    return rows_close(r, e) && fact_tree_renumber(tx, job, e);
}
