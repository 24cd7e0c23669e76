/* The public pages elsewhere: a feed for readers of news, a notice for the wall. */
#include "work/disclose.h"
#include "work/rows.h"

/* The page's address, as a phone or a reader of feeds can open it; without a site a path. */
static Str address(Call *c, int64_t id)
{
    return arena_text(c->a, "%.*s/open/%lld", STR(c->given->site), (long long)id);
}

/* --- the feed ------------------------------------------------------------------------------- */

static void put_tag(Buf *b, const char *tag, Str text)
{
    buf_fmt(b, "<%s>", tag);
    print_xml_escape(b, text);
    buf_fmt(b, "</%s>\n", tag);
}

static void put_link(Buf *b, const char *rel, Str href)
{
    buf_fmt(b, "<link rel=\"%s\" href=\"", rel);
    print_xml_escape(b, href);
    buf_put(b, STRC("\"/>\n"));
}

static bool put_line(void *arg, const FormField *f, Str text, bool corrected, Err *e)
{
    Buf *b = arg;
    (void)e;
    print_xml_escape(b, f->title);
    buf_put(b, STRC("："));
    print_xml_escape(b, text);
    buf_put(b, corrected ? STRC("（已更正）\n") : STRC("\n"));
    return true;
}

static Moment updated(const Disclosed *x)
{
    return x->record.received_at > x->d.received_at ? x->record.received_at : x->d.received_at;
}

static bool put_entry(Buf *b, Call *c, const Fact *d, Err *e)
{
    Disclosed x;
    Str where = address(c, d->subject);
    if (!work_disclosed(&x, c, d, e))
        return false;
    buf_put(b, STRC("<entry>\n"));
    put_tag(b, "id", c->given->site.n ? where
                                      : arena_text(c->a, "urn:x-shuping:open:%lld",
                                                   (long long)d->subject));
    put_tag(b, "title", arena_text(c->a, "%.*s：%.*s", STR(x.form->title), STR(x.title)));
    put_tag(b, "updated", moment_print(c->a, updated(&x)));
    buf_put(b, STRC("<author>"));
    put_tag(b, "name", x.org);
    buf_put(b, STRC("</author>\n"));
    put_link(b, "alternate", where);
    buf_put(b, STRC("<summary>"));
    if (!work_disclosed_fields(c, &x, put_line, b, e))
        return false;
    buf_put(b, STRC("</summary>\n</entry>\n"));
    return true;
}

static bool feed_put(Buf *b, Call *c, const FactList *l, Err *e)
{
    Moment newest = 0;
    size_t n = l->n < OPEN_FEED ? l->n : OPEN_FEED;
    for (size_t i = 0; i < n; i++) {
        Disclosed x;
        if (!work_disclosed(&x, c, &l->items[i], e))
            return false;
        if (updated(&x) > newest)
            newest = updated(&x);
    }
    buf_put(b, STRC("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                    "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\n"));
    put_tag(b, "id", c->given->site.n ? arena_text(c->a, "%.*s/open", STR(c->given->site))
                                      : STRC("urn:x-shuping:open"));
    put_tag(b, "title", STRC("党务公开"));
    put_tag(b, "updated", moment_print(c->a, newest));
    put_link(b, "self", arena_text(c->a, "%.*s/api/open/feed", STR(c->given->site)));
    for (size_t i = 0; i < n; i++)
        if (!put_entry(b, c, &l->items[i], e))
            return false;
    buf_put(b, STRC("</feed>\n"));
    return !b->failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "公开"));
}

static bool open_feed(Call *c, const void *in, Jw *out, Err *e)
{
    FactList l;
    Buf b = buf_open(WORK_REPLY_MAX);
    (void)in;
    (void)out;
    bool ok = call_may_all(c, e) && work_disclosures_open(&l, c, STRC(""), e) &&
              feed_put(&b, c, &l, e) &&
              call_answer_file(c, STRC(""), STRC("application/atom+xml; charset=utf-8"),
                               arena_str(c->a, buf_str(&b)));
    buf_close(&b);
    return ok;
}

const UseCase work_open_feed = { "open_feed", "公开事项的订阅（Atom）", WORK_READ, WORK_ANYBODY,
                                 NULL, NULL, .file = true, .run = open_feed };

/* --- the notice ----------------------------------------------------------------------------- */

typedef struct NoticeIn {
    int64_t disclosure;
} NoticeIn;
static const ShapeField notice_fields[] = {
    { "disclosure", SHAPE_ID, offsetof(NoticeIn, disclosure), .required = true,
      .title = "公开" },
};
static const Shape notice_in = SHAPE("OpenNoticeIn", NoticeIn, notice_fields);

typedef struct Notice {
    int64_t id;
    Paper *paper;
    Table *t;
    Str name;
} Notice;

static bool put_row(void *arg, const FormField *f, Str text, bool corrected, Err *e)
{
    Notice *x = arg;
    (void)e;
    table_row(x->t);
    table_text(x->t, f->title);
    table_text(x->t, corrected ? arena_text(x->t->a, "%.*s（已更正）", STR(text)) : text);
    return true;
}

static Str days(Call *c, const Fact *d)
{
    Str from = day_print_zh(c->a, fact_day(d, "from")), to = day_print_zh(c->a, fact_day(d, "to"));
    if (fact_day(d, "to") == DAY_NONE)
        return arena_text(c->a, "自%.*s起公开。", STR(from));
    return arena_text(c->a, "公开时间：%.*s至%.*s。", STR(from), STR(to));
}

static bool notice_job(Call *c, void *arg, Err *e)
{
    Notice *x = arg;
    Disclosed d;
    if (!work_disclosure_find(&d, c, x->id, e))
        return false;
    if (d.struck)
        return err_fail(e, ERR_NOT_OPEN);
    x->name = arena_text(c->a, "%.*s公开", STR(d.form->title));
    Paper *p = x->paper = paper_open(c->a, x->name, PAPER_PORTRAIT);
    x->t = table_open(c->a, d.form->title, STRC(""));
    table_column(x->t, STRC("项目"), TABLE_TEXT, 0);
    table_column(x->t, STRC("内容"), TABLE_TEXT, 0);
    paper_title(p, x->name);
    paper_subtitle(p, d.title);
    if (!work_disclosed_fields(c, &d, put_row, x, e))
        return false;
    paper_table(p, x->t);
    paper_text(p, arena_text(c->a, "公开的决定：%.*s。", STR(fact_str(c->a, &d.d, "decision"))));
    paper_text(p, days(c, &d.d));
    paper_text(p, STRC("有意见的，可以扫码打开本页，从“意见与投诉”提出。"));
    paper_dateline(p, d.org, fact_day(&d.d, "from"));
    paper_qr(p, address(c, x->id), address(c, x->id));
    return call_log_lines(p, c, e);
}

static bool open_notice(Call *c, const void *in_, Jw *out, Err *e)
{
    const NoticeIn *in = in_;
    Notice x = { .id = in->disclosure };
    Str bytes;
    (void)out;
    return call_read(c, notice_job, &x, e) &&
           print_pdf(&bytes, c->a, call_print(c), x.paper, c->now, e) &&
           call_answer_file(c, arena_text(c->a, "%.*s.pdf", STR(x.name)),
                            STRC("application/pdf"), bytes);
}

const UseCase work_open_notice = { "open_notice", "打印一项公开（不必登录）", WORK_OUTSIDE,
                                   WORK_ANYBODY, &notice_in, NULL, .file = true, .audit = true,
                                   .run = open_notice };
