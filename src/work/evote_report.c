/* The report of an electronic vote: one file of HTML without a script, which says to whoever was
 * not there what was printed, drawn, voided, cast, opened and counted, and who did what when. */
#include "ballot/thesis.h"
#include "work/areas.h"
#include "work/evote.h"

enum { REPORT_BYTES_MAX = 24 << 20 };

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "投票报告"));
}

typedef struct Report {
    Call *c;
    const Evote *v;
    FactList boxes;
    Buf *b;
} Report;

static const char head[] =
    "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><style>"
    "body{font:16px/1.7 serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111}"
    "table{border-collapse:collapse;margin:.6em 0;width:100%}"
    "th,td{border:1px solid #888;padding:.25em .5em;text-align:left;vertical-align:top}"
    "td.n{text-align:right}code{font:13px/1.5 monospace;word-break:break-all}"
    "h2{margin-top:2em;border-bottom:2px solid #a00}@media print{details{display:block}}"
    "</style><title>";

static void put(Report *r, const char *z)
{
    buf_put(r->b, str_of(z));
}

static void text(Report *r, Str s)
{
    print_xml_escape(r->b, s);
}

static void wrapped(Report *r, const char *before, Str s, const char *after)
{
    put(r, before);
    text(r, s);
    put(r, after);
}

static void cell(Report *r, Str s)
{
    wrapped(r, "<td>", s, "</td>");
}

static void number(Report *r, int64_t n)
{
    buf_fmt(r->b, "<td class=\"n\">%lld</td>", (long long)n);
}

static void code(Report *r, Str s)
{
    wrapped(r, "<td><code>", s, "</code></td>");
}

/* --- who keeps the keys, what was promised --------------------------------------------------- */

static void line(Report *r, const char *title, Str value)
{
    put(r, "<tr><th>");
    put(r, title);
    put(r, "</th>");
    code(r, value);
    put(r, "</tr>");
}

static bool trustees_put(Report *r, Err *e)
{
    const Evote *v = r->v;
    Str keys;
    if (!work_evote_load(&keys, r->c, v->id, STRC(""), "trustees.json", e))
        return false;
    put(r, "<h2>密钥保管人</h2><p>服务器一把钥匙，另由下列");
    buf_fmt(r->b, "%zu人各持一份，其中任意%lld人到场，与服务器一起才能开箱。</p><ol>", v->n_trustees,
            (long long)v->threshold);
    for (size_t i = 0; i < v->n_trustees; i++)
        wrapped(r, "<li>", v->trustees[i].name, "</li>");
    put(r, "</ol><table>");
    line(r, "trustees.json的SHA-256", hash_hex(r->c->a, hash_of(keys)));
    line(r, "投票页的SHA-256", v->pages.vote);
    line(r, "保管人工具的SHA-256", v->pages.trustee);
    line(r, "制票工具的SHA-256", v->pages.slips);
    put(r, "</table>");
    return true;
}

/* --- slips ------------------------------------------------------------------------------------ */

static bool slips_put(Report *r, Err *e)
{
    const Evote *v = r->v;
    EvoteWatch w;
    FactList torn;
    if (!work_evote_watch(&w, r->c, v, e) ||
        !call_list_id(&torn, r->c, "evote_torn", "evote", v->id, e))
        return false;
    wrapped(r, "<h2>票签</h2><p>制票人：", v->maker_name, "</p><table><tr><th>分组</th><th>印制</th>"
            "<th>未抽取</th><th>作废</th><th>发出</th></tr>");
    for (size_t i = 0; i < v->n_heaps; i++) {
        const EvoteHeap *h = &v->heaps[i];
        put(r, "<tr>");
        cell(r, h->title);
        number(r, h->slips);
        number(r, w.agree ? h->slips - w.drawn[i] - w.torn[i] : 0);
        number(r, h->torn);
        number(r, w.agree ? w.drawn[i] : h->slips);
        put(r, "</tr>");
    }
    put(r, "</table>");
    if (torn.n)
        put(r, "<p>公布的作废名单（首个票箱的公开凭证）：</p><table><tr><th>分组</th><th>凭证</th>"
            "<th>原因</th></tr>");
    for (size_t i = 0; i < torn.n; i++) {
        const Fact *f = &torn.items[i];
        put(r, "<tr>");
        cell(r, fact_str(r->c->a, f, "group"));
        code(r, fact_str(r->c->a, f, "first"));
        cell(r, fact_str(r->c->a, f, "reason"));
        put(r, "</tr>");
    }
    put(r, torn.n ? "</table>" : "");
    return true;
}

/* --- boxes ------------------------------------------------------------------------------------ */

static int64_t marks_in(const json_t *cells, Str item, Str option)
{
    for (size_t i = 0; i < jv_len(cells); i++) {
        const json_t *one = jv_at(cells, i);
        if (str_eq(jv_str(one, "item"), item) && str_eq(jv_str(one, "option"), option))
            return jv_int(one, "n");
    }
    return 0;
}

static void totals_put(Report *r, const json_t *cells)
{
    const SchemeInstrument *ins = r->v->hall.ins;
    put(r, "<table><tr><th>测评项目</th>");
    for (size_t o = 0; o < ins->n_options; o++)
        wrapped(r, "<th>", ins->options[o].title.n ? ins->options[o].title : ins->options[o].name,
                "</th>");
    put(r, "</tr>");
    for (size_t i = 0; i < ins->n_items; i++) {
        put(r, "<tr>");
        cell(r, ins->items[i].title.n ? ins->items[i].title : ins->items[i].name);
        for (size_t o = 0; o < ins->n_options; o++)
            number(r, marks_in(cells, ins->items[i].name, ins->options[o].name));
        put(r, "</tr>");
    }
    put(r, "</table>");
}

static bool trackers_put(Report *r, Str uuid, Err *e)
{
    Str list;
    json_t *all;
    if (!work_evote_load(&list, r->c, r->v->id, uuid, "trackers.json", e) ||
        !jv_read(&all, list, "回执", e))
        return false;
    buf_fmt(r->b, "<details><summary>回执%zu个</summary><ol>", jv_len(all));
    for (size_t i = 0; i < jv_len(all); i++)
        wrapped(r, "<li><code>", jv_text(jv_at(all, i)), "</code></li>");
    put(r, "</ol></details>");
    jv_close(all);
    return true;
}

static int64_t proofs_of(Report *r, Str uuid)
{
    Str election;
    Election el;
    Err quiet = { 0 };
    int64_t n = 1; /* the signature */
    if (!work_evote_load(&election, r->c, r->v->id, uuid, "election.json", &quiet) ||
        !election_read(&el, r->c->a, election, &quiet))
        return 0;
    for (size_t i = 0; i < el.n_questions; i++)
        n += (int64_t)thesis_count(&el.questions[i]);
    return n;
}

static bool box_put(Report *r, const Fact *f, const EvoteBox *b, Err *e)
{
    Call *c = r->c;
    int64_t ballots = fact_int(f, "ballots");
    Str final = fact_str(c->a, f, "final");
    json_t *body = call_body(c, f, e);
    if (!body)
        return false;
    wrapped(r, "<h3>", work_evote_box_title(c, r->v, b), "");
    buf_fmt(r->b, "（第%lld轮）</h3><p>有效票%lld张，被本人重投替换%lld次，下限%lld张。",
            (long long)b->turn, (long long)ballots, (long long)fact_int(f, "replaced"),
            (long long)r->v->floor);
    if (fact_bool(f, "shut"))
        put(r, "<strong>票数低于下限或多于发出的票签，这一箱没有开。</strong></p>");
    else
        buf_fmt(r->b, "每张票%lld个证明，%s，无一不成立。</p>", (long long)proofs_of(r, b->uuid),
                final.n ? "封箱和开箱时各核验一遍" : "封箱时核验一遍");
    put(r, "<table>");
    line(r, "编号", b->uuid);
    line(r, "选举文件的SHA-256", fact_str(c->a, f, "election"));
    line(r, "封箱时存档的SHA-256", fact_str(c->a, f, "archive"));
    if (final.n)
        line(r, "附上结果后存档的SHA-256", final);
    put(r, "</table>");
    if (final.n)
        totals_put(r, jv_get(body, "cells"));
    json_decref(body);
    return trackers_put(r, b->uuid, e);
}

static bool boxes_put(Report *r, Err *e)
{
    Str whole;
    if (!work_evote_whole(&whole, r->c, r->v, &r->boxes, e))
        return false;
    wrapped(r, "<h2>票箱</h2><p>全部可开票箱合在一起的校验值（与大屏幕、保管人工具上的相同）：<code>", whole,
            "</code></p>");
    for (size_t i = 0; i < r->boxes.n; i++) {
        const Fact *f = &r->boxes.items[i];
        const EvoteBox *b = work_evote_box(r->v, fact_str(r->c->a, f, "uuid"));
        if (b && fact_str(r->c->a, f, "archive").n && !box_put(r, f, b, e))
            return false;
    }
    return true;
}

/* --- who did what when ------------------------------------------------------------------------ */

static bool deed(Report *r, const Fact *f, Str what, Err *e)
{
    Str who = f->who ? STRC("") : STRC("持口令的工具页或程序");
    if (f->who && !work_evote_account(&who, r->c, f->who, e))
        return false;
    put(r, "<tr>");
    cell(r, moment_print_zh(r->c->a, f->received_at));
    cell(r, who);
    cell(r, what);
    put(r, "</tr>");
    return true;
}

static bool moves_put(Report *r, Err *e)
{
    FactList l;
    Str state = STRC("");
    if (!fact_history(&l, r->c->a, r->c->tx, STRC("evote"), r->v->id, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        Str now = fact_str(r->c->a, &l.items[i], "state");
        Str what = str_eq(now, state) ? STRC("更改设置")
                                      : call_title(r->c, "evote_state", now);
        if (!deed(r, &l.items[i], what, e))
            return false;
        state = now;
    }
    return true;
}

static bool words_put(Report *r, Err *e)
{
    FactList l;
    if (!call_list_id(&l, r->c, "evote_word", "evote", r->v->id, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        int64_t t = fact_int(&l.items[i], "trustee");
        Str step = call_title(r->c, "evote_step", fact_str(r->c->a, &l.items[i], "step"));
        if (t >= 1 && t <= (int64_t)r->v->n_trustees &&
            !deed(r, &l.items[i], arena_text(r->c->a, "密钥仪式：%.*s，%.*s",
                                             STR(r->v->trustees[t - 1].name), STR(step)), e))
            return false;
    }
    return true;
}

static bool watches_put(Report *r, Err *e)
{
    FactList l, all;
    if (!call_list_id(&l, r->c, "evote_watch", "evote", r->v->id, e))
        return false;
    for (size_t i = 0; i < l.n; i++) {
        if (!fact_history(&all, r->c->a, r->c->tx, STRC("evote_watch"), l.items[i].subject, e))
            return false;
        for (size_t k = 0; k < all.n; k++)
            if (!deed(r, &all.items[k], k ? STRC("监票人更正票签清点") : STRC("监票人清点票签"), e))
                return false;
    }
    if (!call_list_id(&l, r->c, "evote_torn", "evote", r->v->id, e))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (!deed(r, &l.items[i], STRC("作废交回的票签一张"), e))
            return false;
    return true;
}

static bool deeds_put(Report *r, Err *e)
{
    put(r, "<h2>谁在何时做了什么</h2><table><tr><th>时间</th><th>账号</th><th>做了什么</th></tr>");
    bool ok = words_put(r, e) && moves_put(r, e) && watches_put(r, e);
    put(r, "</table><p>投票不在其中：谁在何时投票，哪里都没有记录。</p>");
    return ok;
}

bool work_evote_html(Str *out, Call *c, const Evote *v, Err *e)
{
    Buf b = buf_open(REPORT_BYTES_MAX);
    Report r = { .c = c, .v = v, .b = &b };
    if (!call_list_id(&r.boxes, c, "evote_box", "evote", v->id, e))
        return false;
    put(&r, head);
    text(&r, v->title);
    wrapped(&r, "：电子投票报告</title></head><body><h1>", v->title, "：电子投票报告</h1>");
    put(&r, "<p>本页由程序从记录和存档生成，不含脚本。要独立复核，请用<code>shuping-verify 文件.bel</code>"
            "或任何支持同一格式的程序逐个核验存档。</p>");
    bool ok = trustees_put(&r, e) && slips_put(&r, e) && boxes_put(&r, e) && deeds_put(&r, e);
    put(&r, "</body></html>\n");
    if (ok && b.failed)
        ok = err_fail(e, ERR_TOO_BIG, err_hole("what", "投票报告"),
                      err_hole("max", REPORT_BYTES_MAX));
    if (ok)
        *out = arena_str(c->a, buf_str(&b));
    buf_close(&b);
    return ok && (out->n || no_memory(e));
}
