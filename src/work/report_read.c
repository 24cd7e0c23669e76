#include "work/report_read.h"

enum { PARTS = 4, HEADING_POINTS_MAX = 40, LEAD_POINTS_MAX = 12, REPORT_TEXT_MAX = 4 << 20 };

static const char achievements[] = "achievements", problems[] = "problems", causes[] = "causes",
                  measures[] = "measures";
static const char *const part_names[PARTS] = { achievements, problems, causes, measures };

typedef struct Place {
    size_t klass;        /* index into the classes of the year */
    const char *part;    /* one of part_names; NULL before the first class */
} Place;

static bool has_any(Str line, const Str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(line, words[i]))
            return true;
    return false;
}

#define HAS(line, words) has_any(line, words, sizeof words / sizeof *words)

/* Which part a heading opens; NULL when it names none. "存在的问题及原因" opens the problems,
 * "产生问题的原因" the causes, "针对问题的整改措施" the measures. */
static const char *part_of(Str line)
{
    static const Str of_measures[] = { S("措施"), S("打算"), S("下一步"), S("思路"), S("努力方向") };
    static const Str of_causes[] = { S("原因"), S("根源") };
    static const Str of_problems[] = { S("问题"), S("不足"), S("短板"), S("差距") };
    static const Str both[] = { S("及"), S("和"), S("与"), S("、") };
    static const Str of_done[] = { S("成绩"), S("成效"), S("做法"), S("履职情况"), S("工作情况"),
                                   S("亮点"), S("特色") };
    if (HAS(line, of_measures))
        return measures;
    if (HAS(line, of_problems) && !(HAS(line, of_causes) && !HAS(line, both)))
        return problems;
    if (HAS(line, of_causes))
        return causes;
    return HAS(line, of_done) ? achievements : NULL;
}

/* The line without the stop at its end. */
static Str without_stop(Str line)
{
    static const Str stops[] = { S("。"), S("："), S(":"), S("；") };
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        if (str_ends(line, stops[i]))
            return str_trim(str_sub(line, 0, line.n - stops[i].n));
    return line;
}

/* The part that a heading names beside the class: the class's own title may hold such words. */
static const char *rest_part(Str line, Str title)
{
    ptrdiff_t at = str_find(line, title);
    const char *before = part_of(str_sub(line, 0, (size_t)at));
    return before ? before : part_of(str_sub(line, (size_t)at + title.n, SIZE_MAX));
}

/* A short line that names a class or a part and is no sentence opens it. */
static bool heading(Place *at, Str line, const json_t *names)
{
    static const Str inner[] = { S("。"), S("；"), S("！"), S("？"), S("：") };
    line = without_stop(line);
    if (str_points(line) > HEADING_POINTS_MAX || HAS(line, inner))
        return false;
    for (size_t i = 0; i < jv_len(names); i++)
        if (str_has(line, jv_str(jv_at(names, i), "title"))) {
            const char *part = rest_part(line, jv_str(jv_at(names, i), "title"));
            *at = (Place){ i, part ? part : achievements };
            return true;
        }
    static const Str clauses[] = { S("，"), S(",") };
    const char *part = at->part && !HAS(line, clauses) ? part_of(line) : NULL;
    if (part)
        at->part = part;
    return part != NULL;
}

/* "问题：抓得不实。" names the part and goes on in the same line; *line becomes what follows. */
static void lead(Place *at, Str *line)
{
    Str head, tail;
    if (at->part && str_cut(*line, STRC("："), &head, &tail) &&
        str_points(head) <= LEAD_POINTS_MAX && str_trim(tail).n && part_of(head)) {
        at->part = part_of(head);
        *line = str_trim(tail);
    }
}

/* The texts as they grow: four for each class. */
typedef struct Reading {
    const json_t *classes;
    Buf *texts;
    size_t n;
    Buf rest;
    int64_t unplaced;
} Reading;

static void put_line(Buf *b, Str line)
{
    if (b->n)
        buf_putc(b, '\n');
    buf_put(b, line);
}

static void place_line(Reading *r, const Place *at, Str line)
{
    if (!at->part) {
        put_line(&r->rest, line);
        r->unplaced++;
        return;
    }
    for (size_t p = 0; p < PARTS; p++)
        if (at->part == part_names[p])
            put_line(&r->texts[at->klass * PARTS + p], line);
}

static bool section_add(json_t *sections, const Reading *r, size_t klass)
{
    Str name = jv_str(jv_at(r->classes, klass), "name");
    json_t *row = json_pack("{s:s%}", "class", name.p, name.n);
    bool any = false, ok = row != NULL;
    for (size_t p = 0; ok && p < PARTS; p++) {
        const Buf *b = &r->texts[klass * PARTS + p];
        any = any || b->n;
        ok = !b->failed &&
             (b->n == 0 || json_object_set_new(row, part_names[p], jv_new(buf_str(b))) == 0);
    }
    if (!ok || !any) {
        json_decref(row);
        return ok;
    }
    return json_array_append_new(sections, row) == 0;
}

static bool finish(ReportText *out, Arena *a, const Reading *r)
{
    json_t *sections = json_array();
    bool ok = sections && !r->rest.failed;
    for (size_t i = 0; ok && i < jv_len(r->classes); i++)
        ok = section_add(sections, r, i);
    Str rest = arena_str(a, buf_str(&r->rest));
    if (!ok || arena_refused(a)) {
        json_decref(sections);
        return false;
    }
    *out = (ReportText){ sections, rest, r->unplaced };
    return true;
}

static void read_lines(Reading *r, Str text)
{
    Place at = { 0, NULL };
    bool more = true;
    while (more) {
        Str line;
        more = str_cut(text, STRC("\n"), &line, &text);
        line = str_trim(line);
        if (line.n == 0 || heading(&at, line, r->classes))
            continue;
        lead(&at, &line);
        place_line(r, &at, line);
    }
}

bool work_report_read(ReportText *out, Arena *a, Str text, const json_t *classes)
{
    Reading r = { .classes = classes, .n = jv_len(classes) * PARTS,
                  .rest = buf_open(REPORT_TEXT_MAX) };
    r.texts = ARENA_ARRAY(a, Buf, r.n);
    if (!r.texts) {
        buf_close(&r.rest);
        return false;
    }
    for (size_t i = 0; i < r.n; i++)
        r.texts[i] = buf_open(REPORT_TEXT_MAX);
    read_lines(&r, text);
    bool ok = finish(out, a, &r);
    for (size_t i = 0; i < r.n; i++)
        buf_close(&r.texts[i]);
    buf_close(&r.rest);
    return ok;
}
