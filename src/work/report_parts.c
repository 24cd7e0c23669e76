/* A report as texts that can be read: its parts over all classes, with the way back to the
 * class. */
#include "work/report.h"

bool work_report_part(ReportPart *out, Arena *a, const json_t *sections, const char *part, Err *e)
{
    Buf b = buf_open(TEXT_BYTES_MAX);
    ReportPart t = { .spans = ARENA_ARRAY(a, ReportSpan, jv_len(sections)) };
    for (size_t i = 0; t.spans && i < jv_len(sections); i++) {
        Str s = jv_str(jv_at(sections, i), part);
        if (s.n == 0)
            continue;
        if (b.n)
            buf_putc(&b, '\n');
        t.spans[t.n++] = (ReportSpan){ jv_str(jv_at(sections, i), "class"), b.n, s.n };
        buf_put(&b, s);
    }
    t.text = arena_str(a, buf_str(&b));
    bool big = b.failed;
    buf_close(&b);
    if (big)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "述职报告"), err_hole("max", TEXT_BYTES_MAX));
    if (arena_refused(a))
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"));
    *out = t;
    return true;
}

bool work_report_parts(ReportPart out[ADVICE_PARTS], Arena *a, const json_t *sections, Err *e)
{
    for (size_t p = 0; p < ADVICE_PARTS; p++)
        if (!work_report_part(&out[p], a, sections, advice_part_name((AdvicePart)p), e))
            return false;
    return true;
}

bool work_report_whole(Str *out, size_t at[ADVICE_PARTS], Arena *a,
                       const ReportPart parts[ADVICE_PARTS], Err *e)
{
    Buf b = buf_open(TEXT_BYTES_MAX);
    for (size_t p = 0; p < ADVICE_PARTS; p++) {
        if (b.n)
            buf_putc(&b, '\n');
        at[p] = b.n;
        buf_put(&b, parts[p].text);
    }
    Str s = arena_str(a, str_trim(buf_str(&b)).n ? buf_str(&b) : STRC(""));
    bool big = b.failed;
    buf_close(&b);
    if (big)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "述职报告"), err_hole("max", TEXT_BYTES_MAX));
    *out = s;
    return !arena_refused(a) || err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职报告"));
}

void work_report_place(Jw *out, const ReportPart *t, size_t from, size_t to)
{
    for (size_t i = 0; i < t->n; i++) {
        const ReportSpan *s = &t->spans[i];
        size_t end = s->from + s->n;
        if (from < s->from || from >= end)
            continue;
        size_t at = str_points(str_sub(t->text, s->from, from - s->from));
        jw_kstr(out, "class", s->class);
        jw_kint(out, "from", (int64_t)at);
        jw_kint(out, "to", (int64_t)(at + str_points(str_sub(t->text, from,
                                                             (to < end ? to : end) - from))));
    }
}
