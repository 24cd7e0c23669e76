/* The tables of `shuping burden`: every sector, then what a village branch is asked, by form and by
 * who asks. */
#include "work/burden.h"

#include "sheet/sheet.h"

static void put_sectors(Buf *out, Arena *a, const Burdens *all)
{
    Table *t = table_open(a, STRC("负担"), STRC("各领域党支部一年的填报负担"));
    static const char *const columns[] = { "领域", "分钟", "小时", "记录", "填项", "会议",
                                           "来访检查", "上限（分钟）" };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(t, str_of(columns[i]), i ? TABLE_NUMBER : TABLE_TEXT, 0);
    for (size_t i = 0; i < all->n; i++) {
        const Burden *b = &all->items[i];
        table_row(t);
        table_text(t, b->title);
        table_int(t, b->minutes);
        table_number(t, dec_round(dec_scaled(b->minutes * 10 / 6, 2), 1, DEC_HALF_UP));
        table_int(t, b->records);
        table_int(t, b->fields);
        table_int(t, b->meetings);
        table_int(t, b->visits);
        table_int(t, BURDEN_MINUTES_CAP);
    }
    buf_put(out, sheet_table_text(a, t));
    buf_putc(out, '\n');
}

static Str why_of(Arena *a, const BurdenForm *f)
{
    if (f->why == BURDEN_DUTY)
        return arena_text(a, "职责“%.*s”等", STR(f->duty->title));
    return f->why == BURDEN_TIMES ? STRC("定期填报") : STRC("随事登记，按通常频次计");
}

static void put_forms(Buf *out, Arena *a, const Burden *b)
{
    Table *t = table_open(a, b->title, arena_text(a, "%.*s党支部：按表单", STR(b->title)));
    static const char *const columns[] = { "表单", "由谁要求", "次数", "每次分钟", "全年分钟",
                                           "为什么" };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        table_column(t, str_of(columns[i]), i > 1 && i < 5 ? TABLE_INT : TABLE_TEXT, 0);
    for (size_t i = 0; i < b->n; i++) {
        const BurdenForm *f = &b->items[i];
        table_row(t);
        table_text(t, f->form->title);
        table_text(t, f->form->asked_by.n ? f->form->asked_by : STRC("—"));
        table_int(t, f->times);
        table_int(t, f->form->minutes);
        table_int(t, f->minutes);
        table_text(t, why_of(a, f));
    }
    buf_put(out, sheet_table_text(a, t));
}

static void put_again(Buf *out, Arena *a, const Burden *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const Form *form = b->items[i].form;
        if (form->again.n)
            buf_fmt(out, "重复采集：%.*s，理由：%.*s\n", STR(form->title), STR(form->again));
        for (size_t k = 0; k < form->n_fields; k++)
            if (form->fields[k].again.n)
                buf_fmt(out, "重复采集：%.*s·%.*s，理由：%.*s\n", STR(form->title),
                        STR(form->fields[k].title), STR(form->fields[k].again));
    }
    (void)a;
}

void work_burden_print(Buf *out, Arena *a, const Burdens *all)
{
    put_sectors(out, a, all);
    for (size_t i = 0; i < all->n; i++)
        if (str_is(all->items[i].sector, "village")) {
            put_forms(out, a, &all->items[i]);
            put_again(out, a, &all->items[i]);
        }
}

void work_burden_forms(Buf *out, const Burdens *all)
{
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < all->items[i].n; k++) {
            const BurdenForm *f = &all->items[i].items[k];
            buf_fmt(out, "%.*s %.*s %lld %lld\n", STR(all->items[i].sector), STR(f->form->name),
                    (long long)f->times, (long long)f->form->minutes);
        }
}
