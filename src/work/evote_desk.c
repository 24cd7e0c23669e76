/* What the tools of trustees and of the slip maker ask, with a pass instead of a log-in: the key
 * ceremony, the public lists of slips, the shares that open the boxes. */
#include "work/areas.h"
#include "work/evote.h"
#include "work/rows.h"

#include <string.h>

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子投票"));
}

typedef struct DeskIn {
    int64_t evote;
    Str pass, step, text, group, uuid, share;
    ShapeList lists;
} DeskIn;
static const ShapeField desk_fields[] = {
    { "evote", SHAPE_ID, offsetof(DeskIn, evote), .required = true, .title = "电子投票" },
    { "pass", SHAPE_TEXT, offsetof(DeskIn, pass), .required = true, .max = 100, .title = "口令" },
};
static const Shape desk_in = SHAPE("DeskIn", DeskIn, desk_fields);

bool work_evote_enter(Evote *v, int64_t *post, Call *c, int64_t evote, Str pass, Err *e)
{
    Fact f;
    FactFilter by = { .kind = STRC("evote_pass"), .field = STRC("hash"),
                      .value = hash_hex(c->a, hash_of(pass)) };
    if (!call_may_all(c, e) || !fact_first(&f, c->a, c->tx, &by, e))
        return false;
    if (!f.id || fact_int(&f, "evote") != evote)
        return err_fail(e, ERR_EVOTE_PASS);
    *post = fact_int(&f, "post");
    return work_evote_read(v, c, evote, e);
}

/* --- the server's own key ------------------------------------------------------------------- */

/* server.key: the secret, then a line for each trustee's piece of it: a dead laptop loses
 * nothing. */
static bool key_make(Call *c, const Evote *v, Buf *single, Err *e)
{
    TrusteeSeed seed;
    unsigned char bytes[32];
    Scalar secret;
    TrusteePiece pieces[TRUSTEE_SET_MAX];
    Buf out = buf_open(SYS_PIPE_CHUNK);
    sys_random(work_sys(c->w), seed.b, sizeof seed.b);
    sys_random(work_sys(c->w), bytes, sizeof bytes);
    Coin coin = coin_open(bytes);
    bool ok = trustee_single(single, &secret, &seed, STRC("服务器"), e) &&
              trustee_split(pieces, &secret, v->threshold, (int64_t)v->n_trustees, &coin, e);
    for (size_t i = 0; ok && i <= v->n_trustees; i++) {
        const Scalar *s = i ? &pieces[i - 1].value : &secret;
        buf_put(&out, hash_hex_bytes(c->a, (Str){ (const char *)s->b, sizeof s->b }));
        buf_putc(&out, '\n');
    }
    ok = ok && (!out.failed || no_memory(e)) &&
         work_evote_save(c, v->id, STRC(""), "server.key", buf_str(&out), e);
    coin_close(&coin);
    scalar_close(&secret);
    buf_close(&out);
    return ok;
}

static bool trustees_make(Call *c, const Evote *v, const EvoteWords *w, Err *e)
{
    TrusteeRole role = { 1, v->threshold, (int64_t)v->n_trustees };
    Buf single = buf_open(TRUSTEES_BYTES_MAX), set = buf_open(TRUSTEES_BYTES_MAX),
        all = buf_open(TRUSTEES_BYTES_MAX);
    bool ok = key_make(c, v, &single, e) &&
              trustee_set_write(&set, role, w->said[EVOTE_CERT], w->said[EVOTE_DEAL],
                                w->said[EVOTE_KEY], e);
    Str a = buf_str(&single), b = buf_str(&set);
    ok = ok && trustees_write(&all, &a, 1, &b, 1, e) &&
         work_evote_save(c, v->id, STRC(""), "trustees.json", buf_str(&all), e);
    buf_close(&single);
    buf_close(&set);
    buf_close(&all);
    return ok;
}

static bool dealt_job(Call *c, void *arg, Err *e)
{
    const Evote *v = arg;
    Fact f;
    if (!call_may_all(c, e) || !call_thing(&f, c, "evote", v->id, e))
        return false;
    return !str_is(fact_str(c->a, &f, "state"), "ceremony") ||
           call_move_as(c, ROLE_BIT(ROLE_ORGANISER_HEAD), "evote", &f, 0, "dealt", NULL, NULL, e);
}

/* Once everybody has said everything the keys are put together; again, if that broke off. */
static bool settle(Call *c, const Evote *v, const EvoteWords *w, Err *e)
{
    if (!str_is(v->state, "ceremony") || !w->all[EVOTE_KEY])
        return true;
    if (!work_evote_has(c, v->id, STRC(""), "trustees.json") && !trustees_make(c, v, w, e))
        return false;
    return call_write(c, dealt_job, (void *)v, e);
}

/* --- the desk ------------------------------------------------------------------------------- */

static const ShapeField archive_fields[] = {
    { "uuid", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "closed", SHAPE_TEXT, .required = true },
    { "ballots", SHAPE_INT, .required = true },
    { "shared", SHAPE_BOOL, .required = true },
};
static const Shape archive_shape = SHAPE_REPLY("DeskArchive", archive_fields);
static const ShapeField group_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "slips", SHAPE_INT, .required = true },
    { "done", SHAPE_BOOL, .required = true },
    { "uuids", SHAPE_WORDS, .required = true },
};
static const Shape group_shape = SHAPE_REPLY("DeskGroup", group_fields);
static const ShapeField reply_fields[] = {
    { "role", SHAPE_WORD, .required = true, .words = "trustee|slips" },
    { "title", SHAPE_TEXT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "site", SHAPE_TEXT, .required = true },
    { "index", SHAPE_INT },
    { "threshold", SHAPE_INT },
    { "size", SHAPE_INT },
    { "names", SHAPE_WORDS },
    { "certs", SHAPE_WORDS },
    { "deals", SHAPE_WORDS },
    { "keys", SHAPE_WORDS },
    { "piece", SHAPE_TEXT },
    { "key", SHAPE_BOOL },
    { "settled", SHAPE_BOOL },
    { "archives", SHAPE_LIST, .sub = &archive_shape },
    { "groups", SHAPE_LIST, .sub = &group_shape },
};
static const Shape desk_out = SHAPE_REPLY("Desk", reply_fields);

typedef struct Desk {
    const DeskIn *in;
    Evote v;
    int64_t post;
    EvoteWords words;
    FactList boxes;
} Desk;

static bool desk_job(Call *c, void *arg, Err *e)
{
    Desk *d = arg;
    return work_evote_enter(&d->v, &d->post, c, d->in->evote, d->in->pass, e) &&
           work_evote_words(&d->words, c, &d->v, e) &&
           call_list_id(&d->boxes, c, "evote_box", "evote", d->v.id, e);
}

static void put_texts(Jw *out, const char *key, const Str *texts, size_t n)
{
    jw_key(out, key);
    jw_arr(out);
    for (size_t i = 0; i < n; i++)
        jw_str(out, texts[i]);
    jw_end(out);
}

static Str piece_of(Call *c, const Desk *d)
{
    Str text, line = STRC("");
    Err quiet = { 0 };
    if (str_is(d->v.state, "ceremony") ||
        !work_evote_load(&text, c, d->v.id, STRC(""), "server.key", &quiet))
        return STRC("");
    for (int64_t i = 0; i <= d->post; i++)
        if (!str_cut(text, STRC("\n"), &line, &text))
            return STRC("");
    return line;
}

bool work_evote_shared(bool *out, Call *c, int64_t evote, Str uuid, int64_t owner, Err *e)
{
    Str text;
    json_t *all;
    *out = false;
    if (!work_evote_load(&text, c, evote, uuid, "shares.json", e) ||
        !jv_read(&all, text, "份额", e))
        return false;
    for (size_t i = 0; i < jv_len(all); i++)
        *out = *out || jv_int(jv_at(all, i), "owner") == owner;
    jv_close(all);
    return true;
}

static bool put_archive(Call *c, const Desk *d, const Fact *f, Jw *out, Err *e)
{
    bool shared;
    Str uuid = fact_str(c->a, f, "uuid");
    const EvoteBox *b = work_evote_box(&d->v, uuid);
    if (fact_int(f, "turn") != d->v.turn || fact_bool(f, "shut") || !b)
        return true;
    if (!work_evote_shared(&shared, c, d->v.id, uuid, d->post + 1, e))
        return false;
    jw_obj(out);
    jw_kstr(out, "uuid", uuid);
    jw_kstr(out, "title", work_evote_box_title(c, &d->v, b));
    jw_kstr(out, "closed", fact_str(c->a, f, "archive"));
    jw_kint(out, "ballots", fact_int(f, "ballots"));
    jw_kbool(out, "shared", shared);
    jw_end(out);
    return true;
}

static bool put_trustee(Call *c, const Desk *d, Jw *out, Err *e)
{
    const Evote *v = &d->v;
    bool open = str_is(v->state, "closed") || str_is(v->state, "counted");
    jw_kint(out, "index", d->post);
    jw_kint(out, "threshold", v->threshold);
    jw_kint(out, "size", (int64_t)v->n_trustees);
    jw_key(out, "names");
    jw_arr(out);
    for (size_t i = 0; i < v->n_trustees; i++)
        jw_str(out, v->trustees[i].name);
    jw_end(out);
    put_texts(out, "certs", d->words.said[EVOTE_CERT], v->n_trustees);
    put_texts(out, "deals", d->words.said[EVOTE_DEAL], v->n_trustees);
    put_texts(out, "keys", d->words.said[EVOTE_KEY], v->n_trustees);
    jw_kstr(out, "piece", piece_of(c, d));
    jw_kbool(out, "key", work_evote_has(c, v->id, STRC(""), "server.key"));
    jw_kbool(out, "settled", open);
    jw_key(out, "archives");
    jw_arr(out);
    for (size_t i = 0; open && i < d->boxes.n; i++)
        if (!put_archive(c, d, &d->boxes.items[i], out, e))
            return false;
    jw_end(out);
    return true;
}

static bool heap_done(Call *c, const Evote *v, size_t heap)
{
    for (size_t i = 0; i < v->n_boxes; i++)
        if (v->boxes[i].heap == heap && !work_evote_has(c, v->id, v->boxes[i].uuid, "creds.json"))
            return false;
    return true;
}

static bool put_maker(Call *c, const Desk *d, Jw *out)
{
    const Evote *v = &d->v;
    jw_key(out, "groups");
    jw_arr(out);
    for (size_t h = 0; h < v->n_heaps; h++) {
        jw_obj(out);
        jw_kstr(out, "name", v->heaps[h].name);
        jw_kstr(out, "title", v->heaps[h].title);
        jw_kint(out, "slips", v->heaps[h].slips);
        jw_kbool(out, "done", heap_done(c, v, h));
        jw_key(out, "uuids");
        jw_arr(out);
        for (size_t i = 0; i < v->n_boxes; i++)
            if (v->boxes[i].heap == h)
                jw_str(out, v->boxes[i].uuid);
        jw_end(out);
        jw_end(out);
    }
    jw_end(out);
    return true;
}

static bool booth_desk(Call *c, const void *in_, Jw *out, Err *e)
{
    Desk d = { .in = in_ };
    if (!call_read(c, desk_job, &d, e) || !settle(c, &d.v, &d.words, e) ||
        !call_read(c, desk_job, &d, e))
        return false;
    jw_kstr(out, "role", d.post ? STRC("trustee") : STRC("slips"));
    jw_kstr(out, "title", d.v.title);
    jw_kstr(out, "state", d.v.state);
    jw_kstr(out, "site", c->given->site);
    return d.post ? put_trustee(c, &d, out, e) : put_maker(c, &d, out);
}

const UseCase work_booth_desk = { "booth_desk", "保管人、票签制作人的工具页取当前情况", WORK_OUTSIDE,
                                  WORK_ANYBODY, &desk_in, &desk_out, .run = booth_desk };

/* --- the ceremony --------------------------------------------------------------------------- */

static const ShapeField say_fields[] = {
    { "evote", SHAPE_ID, offsetof(DeskIn, evote), .required = true, .title = "电子投票" },
    { "pass", SHAPE_TEXT, offsetof(DeskIn, pass), .required = true, .max = 100, .title = "口令" },
    { "step", SHAPE_WORD, offsetof(DeskIn, step), .required = true, .words = "cert|deal|key",
      .title = "步骤" },
    { "text", SHAPE_TEXT, offsetof(DeskIn, text), .required = true, .max = TRUSTEE_MESSAGE_MAX,
      .title = "公开内容" },
};
static const Shape say_in = SHAPE("DeskSayIn", DeskIn, say_fields);

static bool say_job(Call *c, void *arg, Err *e)
{
    Desk *d = arg;
    const DeskIn *in = d->in;
    size_t step = 0;
    if (!desk_job(c, d, e))
        return false;
    while (!str_is(in->step, work_evote_step((EvoteStep)step)))
        step++;
    if (d->post == 0)
        return err_fail(e, ERR_EVOTE_POST);
    Str said = d->words.said[step][d->post - 1];
    if (said.n)
        return str_eq(said, in->text) || err_fail(e, ERR_EVOTE_SAID);
    if (!work_evote_at(c, &d->v, "ceremony", e))
        return false;
    if (step > 0 && !d->words.all[step - 1])
        return err_fail(e, ERR_EVOTE_EARLY);
    json_t *body = json_pack("{s:I,s:I,s:o,s:o}", "evote", (json_int_t)in->evote, "trustee",
                             (json_int_t)d->post, "step", jv_new(in->step), "text",
                             jv_new(in->text));
    Filing f = { .form = "evote_word", .org = d->v.fact.org, .body = body };
    bool ok = body ? call_file(c, &f, NULL, e) : no_memory(e);
    json_decref(body);
    return ok;
}

/* The last word of all brings the keys together. A false word shows there: the set is not written,
 * and the ceremony is cancelled and begun anew. */
static bool booth_say(Call *c, const void *in_, Jw *out, Err *e)
{
    Desk d = { .in = in_ };
    (void)out;
    return call_write(c, say_job, &d, e) && call_read(c, desk_job, &d, e) &&
           settle(c, &d.v, &d.words, e);
}

const UseCase work_booth_say = { "booth_say", "密钥仪式：一名保管人完成一步", WORK_OUTSIDE, WORK_ANYBODY,
                                 &say_in, NULL, .run = booth_say };

/* --- the public lists of slips -------------------------------------------------------------- */

typedef struct ListIn {
    Str uuid;
    ShapeList creds;
} ListIn;
static const ShapeField list_fields[] = {
    { "uuid", SHAPE_TEXT, offsetof(ListIn, uuid), .required = true, .max = ELECTION_UUID_MAX,
      .title = "编号" },
    { "creds", SHAPE_WORDS, offsetof(ListIn, creds), .required = true, .max = EVOTE_SLIPS_MAX,
      .title = "凭证名单" },
};
static const Shape list_shape = SHAPE("DeskList", ListIn, list_fields);
static const ShapeField creds_fields[] = {
    { "evote", SHAPE_ID, offsetof(DeskIn, evote), .required = true, .title = "电子投票" },
    { "pass", SHAPE_TEXT, offsetof(DeskIn, pass), .required = true, .max = 100, .title = "口令" },
    { "group", SHAPE_TEXT, offsetof(DeskIn, group), .required = true, .max = 40, .title = "分组" },
    { "lists", SHAPE_LIST, offsetof(DeskIn, lists), .required = true, .max = 2000,
      .sub = &list_shape, .title = "凭证名单" },
};
static const Shape creds_in = SHAPE("DeskCredsIn", DeskIn, creds_fields);
static const ShapeField done_fields[] = { { "done", SHAPE_BOOL, .required = true } };
static const Shape done_out = SHAPE_REPLY("DeskDone", done_fields);

static bool list_save(Call *c, const Desk *d, const ListIn *l, Err *e)
{
    const EvoteBox *b = work_evote_box(&d->v, l->uuid);
    if (!b || !str_eq(d->v.heaps[b->heap].name, d->in->group))
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱"));
    const Str *hex = l->creds.items;
    Point *points = ARENA_ARRAY(c->a, Point, l->creds.n);
    Creds check;
    bool ok = points || no_memory(e);
    bool sound = ok && (int64_t)l->creds.n == d->v.heaps[b->heap].slips;
    for (size_t i = 0; sound && i < l->creds.n; i++)
        sound = point_read(&points[i], hex[i]);
    Buf text = buf_open(SYS_FILE_MAX);
    Err why = { 0 };
    sound = sound && creds_write(&text, points, l->creds.n, &why) &&
            creds_read(&check, c->a, buf_str(&text), &why);
    if (ok && !sound)
        ok = err_fail(e, ERR_EVOTE_CREDS, err_hole("title", work_evote_box_title(c, &d->v, b)),
                      err_hole("want", d->v.heaps[b->heap].slips),
                      err_hole("n", (int64_t)l->creds.n));
    ok = ok && work_evote_save(c, d->v.id, b->uuid, "creds.json", buf_str(&text), e);
    buf_close(&text);
    return ok;
}

static bool listed_job(Call *c, void *arg, Err *e)
{
    const Desk *d = arg;
    Fact f;
    if (!call_may_all(c, e) || !call_thing(&f, c, "evote", d->v.id, e))
        return false;
    return !str_is(fact_str(c->a, &f, "state"), "slips") ||
           call_move_as(c, ROLE_BIT(ROLE_ORGANISER_HEAD), "evote", &f, 0, "listed", NULL, NULL, e);
}

static bool booth_slips(Call *c, const void *in_, Jw *out, Err *e)
{
    const DeskIn *in = in_;
    const ListIn *lists = in->lists.items;
    Desk d = { .in = in };
    bool all = true;
    if (!call_read(c, desk_job, &d, e))
        return false;
    if (d.post != 0)
        return err_fail(e, ERR_EVOTE_POST);
    if (!work_evote_at(c, &d.v, "slips", e))
        return false;
    for (size_t i = 0; i < in->lists.n; i++)
        if (!list_save(c, &d, &lists[i], e))
            return false;
    for (size_t h = 0; h < d.v.n_heaps; h++)
        all = all && heap_done(c, &d.v, h);
    if (all && !call_write(c, listed_job, &d, e))
        return false;
    jw_kbool(out, "done", all);
    return true;
}

const UseCase work_booth_slips = { "booth_slips", "登记票签的公开凭证名单", WORK_OUTSIDE, WORK_ANYBODY,
                                   &creds_in, &done_out, .run = booth_slips };

/* --- shares --------------------------------------------------------------------------------- */

static const ShapeField share_fields[] = {
    { "evote", SHAPE_ID, offsetof(DeskIn, evote), .required = true, .title = "电子投票" },
    { "pass", SHAPE_TEXT, offsetof(DeskIn, pass), .required = true, .max = 100, .title = "口令" },
    { "uuid", SHAPE_TEXT, offsetof(DeskIn, uuid), .required = true, .max = ELECTION_UUID_MAX,
      .title = "编号" },
    { "share", SHAPE_TEXT, offsetof(DeskIn, share), .required = true, .max = EVOTE_SHARE_MAX,
      .title = "份额" },
};
static const Shape share_in = SHAPE("DeskShareIn", DeskIn, share_fields);
static const ShapeField enough_fields[] = { { "enough", SHAPE_BOOL, .required = true } };
static const Shape enough_out = SHAPE_REPLY("DeskEnough", enough_fields);

static bool booth_share(Call *c, const void *in_, Jw *out, Err *e)
{
    const DeskIn *in = in_;
    Desk d = { .in = in };
    bool enough;
    if (!call_read(c, desk_job, &d, e))
        return false;
    const EvoteBox *b = work_evote_box(&d.v, in->uuid);
    if (d.post == 0)
        return err_fail(e, ERR_EVOTE_POST);
    if (!b || !work_evote_open_box(&d.v, b))
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱"));
    if (!str_is(d.v.state, "counted") && !work_evote_at(c, &d.v, "closed", e))
        return false;
    if (!work_evote_has(c, d.v.id, b->uuid, "tally.json")) /* it stays shut: nothing to open */
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "可开的票箱"));
    if (!work_evote_share(&enough, c, &d.v, b, d.post + 1, in->share, e))
        return false;
    jw_kbool(out, "enough", enough);
    return true;
}

const UseCase work_booth_share = { "booth_share", "保管人给出一个票箱的解密份额", WORK_OUTSIDE,
                                   WORK_ANYBODY, &share_in, &enough_out, .run = booth_share };
