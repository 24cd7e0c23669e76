/* A report written as one text, cut into the parts that advice speaks of. */
#include "text/advice_in.h"

#include <string.h>

/* What a heading says its section is about; ADVICE_PARTS when it says nothing of that. */
static AdvicePart part_of(Str heading)
{
    static const char *const both[] = { "问题及原因", "问题和原因", "问题与原因", "问题、原因",
                                        "问题及其原因", NULL };
    static const char *const causes[] = { "原因", NULL };
    static const char *const measures[] = { "下一步", "下步", "工作打算", "整改措施", "改进措施", "努力方向",
                                            "整改方向", "工作思路", "工作计划", "今后", "打算", "举措和打算",
                                            NULL };
    if (outline_any(heading, both))
        return ADVICE_PROBLEMS;
    if (outline_any(heading, causes))
        return ADVICE_CAUSES;
    if (outline_any(heading, measures))
        return ADVICE_MEASURES;
    switch (outline_heading_class(heading)) {
    case CLASS_PROBLEM:
        return ADVICE_PROBLEMS;
    case CLASS_ACHIEVEMENT:
        return ADVICE_ACHIEVEMENTS;
    case CLASS_NONE: case CLASS_IMPRESSION: case CLASS_DEMAND: case CLASS_OTHER:
        break;
    }
    return ADVICE_PARTS;
}

static bool join(Str *part, Arena *a, Str more, Err *e)
{
    more = str_trim(more);
    if (more.n == 0)
        return true;
    char *p = arena_alloc(a, part->n + more.n + 1);
    if (!p)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "检查报告"));
    size_t n = 0;
    if (part->n > 0) {
        memcpy(p, part->p, part->n);
        n = part->n;
        p[n++] = '\n';
    }
    memcpy(p + n, more.p, more.n);
    *part = (Str){ p, n + more.n };
    return true;
}

/* Where the causes begin in a section on problems that has no heading for them: a line that says
 * so. The section's length when none does. */
static size_t causes_from(Str section)
{
    static const char *const opens[] = { "产生以上", "产生上述", "产生这些", "产生问题", "究其原因", "分析原因",
                                         "剖析原因", "主要原因", "造成以上", "造成这些", "原因主要", "存在以上问题的原因",
                                         "存在这些问题的原因", NULL };
    for (size_t at = 0; at < section.n;) {
        Str line, rest;
        str_cut(str_sub(section, at, section.n - at), STRC("\n"), &line, &rest);
        if (at > 0 && outline_starts_any(str_trim(line), opens))
            return at;
        at += line.n + 1;
    }
    return section.n;
}

static bool join_section(Str parts[ADVICE_PARTS], Arena *a, AdvicePart part, Str section, Err *e)
{
    size_t cut = part == ADVICE_PROBLEMS ? causes_from(section) : section.n;
    return join(&parts[part], a, str_sub(section, 0, cut), e) &&
           join(&parts[ADVICE_CAUSES], a, str_sub(section, cut, section.n - cut), e);
}

bool advice_split(Str parts[ADVICE_PARTS], Arena *a, const Text *t, Str text, Err *e)
{
    Outline o;
    Str made[ADVICE_PARTS] = { { "", 0 } };
    AdvicePart now = ADVICE_ACHIEVEMENTS;
    size_t from = 0;
    if (!outline_read(&o, a, t, text, e))
        return false;
    for (size_t i = 0; i < o.headings.n; i++) {
        const OutlineHeading *h = &o.headings.items[i];
        AdvicePart next = h->level == 1 ? part_of(h->text) : ADVICE_PARTS;
        if (next == ADVICE_PARTS)
            continue;
        if (!join_section(made, a, now, str_sub(text, from, h->from - from), e))
            return false;
        now = next;
        from = h->from;
    }
    if (!join_section(made, a, now, str_sub(text, from, text.n - from), e))
        return false;
    memcpy(parts, made, sizeof made);
    return true;
}
