/* Any text has an outline and drafts, and every item of them quotes the text. */
#include "text/beside.h"
#include "text/draft.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void quotes(Str text, Str sentence, size_t from, size_t to)
{
    if (from > to || to > text.n || !str_eq(str_sub(text, from, to - from), sentence))
        abort();
}

static void quote_items(Str text, const OutlineItems *all)
{
    for (size_t i = 0; i < all->n; i++) {
        quotes(text, all->items[i].sentence, all->items[i].from, all->items[i].to);
        if (all->items[i].end > text.n || all->items[i].text.n == 0)
            abort();
    }
}

static void check(Str text, const Outline *o)
{
    quote_items(text, &o->achievements);
    quote_items(text, &o->problems);
    quote_items(text, &o->impressions);
    quote_items(text, &o->demands);
    for (size_t i = 0; i < o->headings.n; i++)
        quotes(text, o->headings.items[i].sentence, o->headings.items[i].from,
               o->headings.items[i].to);
    for (size_t i = 0; i < o->figures.n; i++)
        quotes(text, o->figures.items[i].sentence, o->figures.items[i].from,
               o->figures.items[i].to);
    for (size_t i = 0; i < o->mismatches.n; i++)
        quotes(text, o->mismatches.items[i].sentence, o->mismatches.items[i].from,
               o->mismatches.items[i].to);
}

static void check_drafts(Str text, const Drafts *d)
{
    Buf b = buf_open(64u << 20);
    check(text, &d->outline);
    for (size_t i = 0; i < d->duties.n; i++) {
        const DraftDuty *u = &d->duties.items[i];
        quotes(text, u->sentence, u->from, u->to);
        if (u->at < u->from || u->at_end > u->to)
            abort();
        draft_duty_pack(&b, u, STRC("speech"), d->outline.title);
    }
    if (b.failed || !str_valid(buf_str(&b)))
        abort();
    buf_close(&b);
    for (size_t i = 0; i < d->problems.n; i++)
        quotes(text, d->problems.items[i].sentence, d->problems.items[i].from,
               d->problems.items[i].to);
    for (size_t i = 0; i < d->programmes.n; i++)
        quotes(text, d->programmes.items[i].sentence, d->programmes.items[i].from,
               d->programmes.items[i].to);
    for (size_t i = 0; i < d->days.n; i++)
        quotes(text, d->days.items[i].sentence, d->days.items[i].from, d->days.items[i].to);
    for (size_t i = 0; i < d->names.n; i++)
        quotes(text, d->names.items[i].sentence, d->names.items[i].from, d->names.items[i].to);
}

static void check_beside(Arena *a, const Text *t, Str text, const Drafts *d)
{
    Err e = { 0 };
    const Str parts[ADVICE_PARTS] = { text, text };
    BesideFinding finding = { 1, str_sub(text, 0, 0), STRC("") };
    ClaimRecord record = { 1, STRC("党员大会"), STRC("次"), dec_int(3) };
    BesideResult *got;
    ClaimPairs pairs;
    Str cut[ADVICE_PARTS];
    if (d->problems.n > 0)
        finding.text = str_sub(d->problems.items[0].sentence, 0, BESIDE_TEXT_BYTES_MAX - 3);
    if (!str_valid(finding.text))
        finding.text = STRC("学习不够");
    if (!beside_last_year(&got, a, t, &finding, 1, parts, &e) ||
        !claim_pairs(&pairs, a, t, &d->outline.figures, &record, 1, &e) ||
        !advice_split(cut, a, t, text, &e))
        abort();
    if (got->to > 0)
        quotes(parts[got->part], got->sentence, got->from, got->to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Text *t;
    static Arena *a;
    Err e = { 0 };
    Drafts d;
    Roster *r;
    static const RosterName names[] = { { S("中共青石镇委员会"), 1, ROSTER_ORG },
                                        { S("书记"), 2, ROSTER_POST } };
    Str text = { (const char *)data, size };
    if (!t && !text_open(&t, TEXT_TO_HANS, &e))
        abort();
    if (!a)
        a = arena_open(256u << 20);
    arena_reset(a);
    if (!roster_open(&r, a, t, names, 2, &e))
        abort();
    if (draft_read(&d, a, t, r, text, &e)) {
        check_drafts(text, &d);
        check_beside(a, t, text, &d);
    } else if (e.code != ERR_BAD_TEXT) {
        abort();
    }
    AdviceIn in = { .parts = { text, text }, .year = 2026, .share_num = 1, .share_den = 3,
                    .sentence_max = 20, .phrase_num = 1, .phrase_den = 9, .roster = r,
                    .check_sources = true };
    Advice ad;
    if (advice_report(&ad, a, t, &in, &e))
        for (size_t i = 0; i < ad.n; i++)
            quotes(text, ad.items[i].quote, ad.items[i].from, ad.items[i].to);
    return 0;
}
