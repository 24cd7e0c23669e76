/* How an organisation's records came in: late, in bulk, dated back, with the same file twice. These
 * are facts with their lists, for those above it and for itself; nothing is scored by them, and a
 * late entry shows whose delay it was. */
#include "work/board_say.h"
#include "work/rows.h"

#include <stdlib.h>

enum {
    BULK_RECORDS = 10, BULK_DAYS = 3,      /* so many received within an hour, of so many days */
    BULK_MS = 60 * 60 * 1000,
    BACK_DAYS = 30,                        /* happened so long before it was first received */
    SHOWN_MAX = 200
};

typedef struct PatternIn {
    int64_t org, year;
    bool below;
} PatternIn;
static const ShapeField in_fields[] = {
    { "org", SHAPE_ID, offsetof(PatternIn, org), .title = "组织" },
    { "year", SHAPE_INT, offsetof(PatternIn, year), .min = 2000, .max = 2200, .title = "年度" },
    { "below", SHAPE_BOOL, offsetof(PatternIn, below), .title = "含下级" },
};
static const Shape pattern_in = SHAPE("PatternIn", PatternIn, in_fields);

static const ShapeField record_fields[] = {
    { "form", SHAPE_TEXT, .required = true },
    { "form_title", SHAPE_TEXT, .required = true },
    { "subject", SHAPE_ID, .required = true },
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "on", SHAPE_DAY, .required = true },
    { "received_at", SHAPE_MOMENT, .required = true },
    { "days", SHAPE_INT, .required = true },     /* working days late, or days dated back */
    { "reason", SHAPE_TEXT },
    { "by", SHAPE_TEXT },                        /* whose delay */
};
static const Shape record_shape = SHAPE_REPLY("PatternRecord", record_fields);
static const ShapeField bulk_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "from", SHAPE_MOMENT, .required = true },
    { "to", SHAPE_MOMENT, .required = true },
    { "records", SHAPE_INT, .required = true },
    { "days", SHAPE_INT, .required = true },     /* different days on which they happened */
    { "items", SHAPE_LIST, .required = true, .sub = &record_shape },
};
static const Shape bulk_shape = SHAPE_REPLY("PatternBulk", bulk_fields);
static const ShapeField file_fields[] = {
    { "hash", SHAPE_TEXT, .required = true },
    { "records", SHAPE_LIST, .required = true, .sub = &record_shape },
};
static const Shape file_shape = SHAPE_REPLY("PatternFile", file_fields);
static const ShapeField cause_fields[] = {
    { "cause", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "records", SHAPE_INT, .required = true },
};
static const Shape cause_shape = SHAPE_REPLY("PatternCause", cause_fields);
static const ShapeField out_fields[] = {
    { "org", SHAPE_ID, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "year", SHAPE_INT, .required = true },
    { "records", SHAPE_INT, .required = true },
    { "late", SHAPE_INT, .required = true },
    { "back", SHAPE_INT, .required = true },
    { "causes", SHAPE_LIST, .required = true, .sub = &cause_shape },
    { "late_records", SHAPE_LIST, .required = true, .sub = &record_shape },
    { "back_records", SHAPE_LIST, .required = true, .sub = &record_shape },
    { "bulks", SHAPE_LIST, .required = true, .sub = &bulk_shape },
    { "files", SHAPE_LIST, .required = true, .sub = &file_shape },
};
static const Shape pattern_out = SHAPE_REPLY("Pattern", out_fields);

typedef struct Row {
    const BoardOrg *org;
    const RuleRecord *r;
    const BoardHand *hand;
    int64_t late, back;
} Row;

typedef struct Records {
    Call *c;
    Row *items;
    size_t n, cap;
} Records;

static bool gather(Records *all, const BoardOrg *o, Period year, Err *e)
{
    for (size_t i = 0; i < o->n_records; i++) {
        const RuleRecord *r = &o->records[i];
        if (!r->form->ledger || r->struck || !period_has(year, r->on))
            continue;
        if (!ARENA_PUSH(all->c->a, all->items, all->n, all->cap))
            return err_fail(e, ERR_NO_MEMORY, err_hole("what", "记录"));
        all->items[all->n++] = (Row){ o, r, &o->hands[i], rule_late(r->form, r->on, r->received),
                                      (int64_t)r->received - r->on };
    }
    return true;
}

static void put_record(Call *c, const Row *x, int64_t days, Jw *out)
{
    Fact f = { .body = x->r->body };
    Str by = fact_str(c->a, &f, "late_by");
    jw_obj(out);
    jw_kstr(out, "form", x->r->form->name);
    jw_kstr(out, "form_title", x->r->form->title);
    jw_kint(out, "subject", x->r->subject);
    jw_kint(out, "org", x->org->id);
    jw_kstr(out, "org_name", work_org_title(x->org));
    jw_kday(out, "on", x->r->on);
    jw_kmoment(out, "received_at", x->hand->received);
    jw_kint(out, "days", days);
    jw_kstr_some(out, "reason", fact_str(c->a, &f, "late_reason"));
    if (by.n)
        jw_kstr(out, "by", call_title(c, "late_cause", by));
    jw_end(out);
}

/* Only what has a day of its own can be dated back. */
static bool is_back(const Row *x)
{
    return x->r->form->dated && x->back >= BACK_DAYS;
}

static void put_lists(const Records *all, Jw *out)
{
    size_t late = 0, back = 0;
    jw_key(out, "late_records");
    jw_arr(out);
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].late && late++ < SHOWN_MAX)
            put_record(all->c, &all->items[i], all->items[i].late, out);
    jw_end(out);
    jw_key(out, "back_records");
    jw_arr(out);
    for (size_t i = 0; i < all->n; i++)
        if (is_back(&all->items[i]) && back++ < SHOWN_MAX)
            put_record(all->c, &all->items[i], all->items[i].back, out);
    jw_end(out);
    jw_kint(out, "records", (int64_t)all->n);
    jw_kint(out, "late", (int64_t)late);
    jw_kint(out, "back", (int64_t)back);
}

static void put_causes(const Records *all, Jw *out)
{
    const List *causes = pack_list(call_rules(all->c), STRC("late_cause"));
    jw_key(out, "causes");
    jw_arr(out);
    for (size_t k = 0; causes && k < causes->n_items; k++) {
        int64_t n = 0;
        for (size_t i = 0; i < all->n; i++) {
            Fact f = { .body = all->items[i].r->body };
            n += all->items[i].late &&
                 str_eq(fact_str(all->c->a, &f, "late_by"), causes->items[k].value);
        }
        jw_obj(out);
        jw_kstr(out, "cause", causes->items[k].value);
        jw_kstr(out, "title", causes->items[k].title);
        jw_kint(out, "records", n);
        jw_end(out);
    }
    jw_end(out);
}

/* --- in bulk -------------------------------------------------------------------------------- */

static int by_receipt(const void *a_, const void *b_)
{
    const Row *a = a_, *b = b_;
    if (a->org != b->org)
        return a->org->rank < b->org->rank ? -1 : 1;
    if (a->hand->received != b->hand->received)
        return a->hand->received < b->hand->received ? -1 : 1;
    return (a->r->subject > b->r->subject) - (a->r->subject < b->r->subject);
}

static int by_day(const void *a_, const void *b_)
{
    Day a = *(const Day *)a_, b = *(const Day *)b_;
    return (a > b) - (a < b);
}

static int64_t different_days(Call *c, const Row *rows, size_t n)
{
    Day *days = ARENA_ARRAY(c->a, Day, n);
    int64_t count = 0;
    for (size_t i = 0; days && i < n; i++)
        days[i] = rows[i].r->on;
    if (days)
        qsort(days, n, sizeof *days, by_day);
    for (size_t i = 0; days && i < n; i++)
        count += i == 0 || days[i] != days[i - 1];
    return count;
}

/* From each first receipt, what one organisation filed within the hour; then on behind it. */
static void put_bulks(const Records *all, Jw *out)
{
    size_t shown = 0;
    jw_key(out, "bulks");
    jw_arr(out);
    for (size_t i = 0, end; i < all->n; i = end) {
        const Row *first = &all->items[i];
        for (end = i; end < all->n && all->items[end].org == first->org &&
                      all->items[end].hand->received - first->hand->received <= BULK_MS;)
            end++;
        if (end - i < BULK_RECORDS)
            continue;
        int64_t days = different_days(all->c, first, end - i);
        if (days < BULK_DAYS || shown++ >= SHOWN_MAX)
            continue;
        jw_obj(out);
        jw_kint(out, "org", first->org->id);
        jw_kstr(out, "org_name", work_org_title(first->org));
        jw_kmoment(out, "from", first->hand->received);
        jw_kmoment(out, "to", all->items[end - 1].hand->received);
        jw_kint(out, "records", (int64_t)(end - i));
        jw_kint(out, "days", days);
        jw_key(out, "items");
        jw_arr(out);
        for (size_t k = i; k < end && k < i + SHOWN_MAX; k++)
            put_record(all->c, &all->items[k], all->items[k].back, out);
        jw_end(out);
        jw_end(out);
    }
    jw_end(out);
}

/* --- the same file -------------------------------------------------------------------------- */

typedef struct Use {
    Str hash;
    const Row *row;
} Use;

static int by_hash(const void *a_, const void *b_)
{
    const Use *a = a_, *b = b_;
    int order = str_cmp(a->hash, b->hash);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

static bool uses_of(Use **out, size_t *n, const Records *all, Err *e)
{
    size_t cap = 0;
    *out = NULL;
    *n = 0;
    for (size_t i = 0; i < all->n; i++) {
        Str v, hash, rest;
        if (!leaf_get(&v, all->items[i].r->body, "files"))
            continue;
        while (str_cut(v, STRC("\""), &hash, &rest)) { /* ["…","…"] */
            bool more = str_cut(rest, STRC("\""), &hash, &v);
            if (!ARENA_PUSH(all->c->a, *out, *n, cap))
                return err_fail(e, ERR_NO_MEMORY, err_hole("what", "附件"));
            (*out)[(*n)++] = (Use){ hash, &all->items[i] };
            if (!more)
                break;
        }
    }
    return true;
}

static bool put_files(const Records *all, Jw *out, Err *e)
{
    Use *uses;
    size_t n;
    if (!uses_of(&uses, &n, all, e))
        return false;
    if (n)
        qsort(uses, n, sizeof *uses, by_hash);
    jw_key(out, "files");
    jw_arr(out);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && str_eq(uses[end].hash, uses[i].hash);)
            end++;
        if (end - i < 2)
            continue;
        jw_obj(out);
        jw_kstr(out, "hash", uses[i].hash);
        jw_key(out, "records");
        jw_arr(out);
        for (size_t k = i; k < end; k++)
            put_record(all->c, uses[k].row, uses[k].row->back, out);
        jw_end(out);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool pattern_write(Records *all, const Board *b, const BoardOrg *top, const PatternIn *in,
                          int year, Jw *out, Err *e)
{
    Period p = { day_make(year, 1, 1), day_make(year, 12, 31) };
    size_t last = in->below ? top->last : top->rank;
    for (size_t i = top->rank; i <= last; i++)
        if (!gather(all, work_board_at(b, i), p, e))
            return false;
    if (all->n)
        qsort(all->items, all->n, sizeof *all->items, by_receipt);
    jw_kint(out, "org", top->id);
    jw_kstr(out, "org_name", work_org_title(top));
    jw_kint(out, "year", year);
    put_causes(all, out);
    put_lists(all, out);
    put_bulks(all, out);
    return put_files(all, out, e);
}

static bool pattern_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const PatternIn *in = in_;
    Records all = { .c = c };
    Board *b;
    int64_t org;
    if (!work_board_scope(&org, c, in->org, e) || !work_board_enter(&b, c, e))
        return false;
    const BoardOrg *top = work_board_org(b, org);
    bool ok = top ? pattern_write(&all, b, top, in, work_board_year_of(c, in->year), out, e)
                  : err_fail(e, ERR_NOT_FOUND, err_hole("what", "组织"));
    work_board_leave(b);
    return ok;
}

const UseCase work_pattern_show = { "pattern_show", "查看记录的迟报、集中补录和倒填情况", WORK_READ,
                                    BOARD_DECIDES | BOARD_OF_ORG | ROLE_BIT(ROLE_INSPECTOR),
                                    &pattern_in, &pattern_out, .run = pattern_show };
