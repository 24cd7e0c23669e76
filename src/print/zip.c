#include "print/part.h"

#include <stdlib.h>
#include <string.h>

#include <zip.h>

struct PrintZip {
    zip_t *zip;
    uint64_t expanded; /* bytes given out so far, over all parts */
};

static bool damaged(const char *where, const char *why, Err *e)
{
    return err_fail(e, ERR_PRINT_DAMAGED, err_hole("where", where), err_hole("why", why));
}

static bool ends_with(const char *name, const char *tail)
{
    return str_ends(str_of(name), str_of(tail));
}

static bool entries_check(zip_t *zip, const char *want, Err *e)
{
    zip_int64_t n = zip_get_num_entries(zip, 0);
    if (n > PRINT_PARTS_MAX)
        return err_fail(e, ERR_PRINT_BOMB, err_hole("where", "内部文件数"),
                        err_hole("max", PRINT_PARTS_MAX));
    for (zip_int64_t i = 0; i < n; i++) {
        zip_stat_t st;
        if (zip_stat_index(zip, (zip_uint64_t)i, 0, &st) != 0 || !(st.valid & ZIP_STAT_NAME))
            return damaged("压缩目录", "读不出", e);
        if (ends_with(st.name, "vbaProject.bin"))
            return err_fail(e, ERR_PRINT_MACROS, err_hole("file", st.name),
                            err_hole("want", want));
        if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
            return err_fail(e, ERR_PRINT_OLD_OFFICE, err_hole("file", st.name),
                            err_hole("want", want));
    }
    return true;
}

bool print_zip_open(PrintZip **out, Str bytes, const char *want, Err *e)
{
    zip_error_t ze;
    zip_error_init(&ze);
    zip_source_t *src = zip_source_buffer_create(bytes.p, bytes.n, 0, &ze);
    zip_t *zip = src ? zip_open_from_source(src, ZIP_RDONLY, &ze) : NULL;
    zip_error_fini(&ze);
    if (!zip) {
        zip_source_free(src);
        return damaged("压缩包", "目录不完整", e);
    }
    PrintZip *z = calloc(1, sizeof *z);
    if (!z || !entries_check(zip, want, e)) {
        zip_discard(zip);
        free(z);
        return z ? false : err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取文件"));
    }
    z->zip = zip;
    *out = z;
    return true;
}

void print_zip_close(PrintZip *z)
{
    if (!z)
        return;
    zip_discard(z->zip);
    free(z);
}

bool print_zip_has(PrintZip *z, const char *part)
{
    return zip_name_locate(z->zip, part, 0) >= 0;
}

/* What the directory says about sizes may be a lie: what is counted is what really came out. */
static bool count(PrintZip *z, const char *part, uint64_t got, uint64_t packed, uint64_t more,
                  Err *e)
{
    enum { FREE = 1 << 20 };
    z->expanded += more;
    if (z->expanded > PRINT_EXPANDED_BYTES_MAX)
        return err_fail(e, ERR_PRINT_BOMB, err_hole("where", part),
                        err_hole("max", PRINT_EXPANDED_BYTES_MAX));
    if (got > FREE && got / PRINT_RATIO_MAX > packed)
        return err_fail(e, ERR_PRINT_BOMB, err_hole("where", part),
                        err_hole("max", PRINT_RATIO_MAX));
    return true;
}

bool print_zip_read(PrintZip *z, const char *part, PrintTake take, void *ctx, Err *e)
{
    enum { PIECE = 64 << 10 };
    zip_int64_t at = zip_name_locate(z->zip, part, 0);
    zip_stat_t st;
    if (at < 0 || zip_stat_index(z->zip, (zip_uint64_t)at, 0, &st) != 0)
        return damaged(part, "缺少这一部分", e);
    zip_file_t *f = zip_fopen_index(z->zip, (zip_uint64_t)at, 0);
    char *piece = malloc(PIECE);
    if (!f || !piece) {
        if (f)
            zip_fclose(f);
        free(piece);
        return damaged(part, "打不开", e);
    }
    uint64_t got = 0;
    bool ok = true;
    zip_int64_t n;
    while (ok && (n = zip_fread(f, piece, PIECE)) > 0) {
        got += (uint64_t)n;
        ok = count(z, part, got, st.comp_size, (uint64_t)n, e) &&
             take(ctx, (Str){ piece, (size_t)n }, false, e);
    }
    if (ok && n < 0)
        ok = damaged(part, "压缩内容不完整", e);
    if (ok)
        ok = take(ctx, (Str){ "", 0 }, true, e);
    zip_fclose(f);
    free(piece);
    return ok;
}

/* --- writing -------------------------------------------------------------------------------- */

struct PrintPack {
    zip_t *zip;
    zip_source_t *sink;
    bool failed;
};

PrintPack *print_pack_open(void)
{
    PrintPack *k = calloc(1, sizeof *k);
    zip_error_t ze;
    zip_error_init(&ze);
    if (k && (k->sink = zip_source_buffer_create(NULL, 0, 0, &ze))) {
        zip_source_keep(k->sink);
        k->zip = zip_open_from_source(k->sink, ZIP_TRUNCATE, &ze);
        if (!k->zip) {
            zip_source_free(k->sink);
            zip_source_free(k->sink);
        }
    }
    zip_error_fini(&ze);
    if (!k || !k->zip) {
        free(k);
        return NULL;
    }
    return k;
}

void print_pack_add(PrintPack *k, const char *part, Str bytes)
{
    enum { DOS_1980_01_01 = 0x21 }; /* the date of every part, so that equal papers are equal */
    if (!k || k->failed)
        return;
    char *copy = bytes.n ? malloc(bytes.n) : NULL; /* libzip does not free an empty one */
    if (copy)
        memcpy(copy, bytes.p, bytes.n);
    zip_source_t *src =
        copy || bytes.n == 0 ? zip_source_buffer(k->zip, copy, bytes.n, copy != NULL) : NULL;
    zip_int64_t at = src ? zip_file_add(k->zip, part, src, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) {
        if (src)
            zip_source_free(src);
        else
            free(copy);
        k->failed = true;
        return;
    }
    if (zip_file_set_dostime(k->zip, (zip_uint64_t)at, 0, DOS_1980_01_01, 0) != 0)
        k->failed = true;
}

static bool sink_read(zip_source_t *sink, Buf *out)
{
    enum { PIECE = 64 << 10 };
    zip_int64_t n = -1;
    char *piece = malloc(PIECE);
    if (piece && zip_source_open(sink) == 0) {
        while ((n = zip_source_read(sink, piece, PIECE)) > 0)
            buf_put(out, (Str){ piece, (size_t)n });
        zip_source_close(sink);
    }
    free(piece);
    return n == 0 && !out->failed;
}

bool print_pack_close(PrintPack *k, Buf *out, Err *e)
{
    bool ok = k && !k->failed && out;
    if (k) {
        if (!ok || zip_close(k->zip) != 0) {
            zip_discard(k->zip);
            ok = false;
        }
        ok = ok && sink_read(k->sink, out);
        zip_source_free(k->sink);
        free(k);
    }
    return ok || !out || err_fail(e, ERR_NO_MEMORY, err_hole("what", "文件打包"));
}
