/* The debrief meeting: opened for a day, ordered by lot or by hand, its agenda logged step by step,
 * its commentaries recorded as points, of which problems become findings. */
#include "work/areas.h"
#include "work/call.h"
#include "work/rows.h"

#include <stdlib.h>
#include <string.h>

#define ORGANISERS (ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_ORGANISER_HEAD))
#define READERS                                                                                    \
    (ORGANISERS | ROLE_BIT(ROLE_COMMITTEE) | ROLE_BIT(ROLE_SUPERIOR) | ROLE_BIT(ROLE_SECRETARY) | \
     ROLE_BIT(ROLE_COMMENTATOR) | ROLE_BIT(ROLE_TELLER) | ROLE_BIT(ROLE_SCRUTINEER))

enum { SEED_BYTES = 32, ORDER_MAX = 500 };

typedef struct MeetingIn {
    int64_t cycle, meeting, step, version;
    const json_t *body;
    ShapeList order;
} MeetingIn;

/* --- opening -------------------------------------------------------------------------------- */

static const ShapeField open_fields[] = {
    { "cycle", SHAPE_ID, offsetof(MeetingIn, cycle), .required = true, .title = "年度周期" },
    { "body", SHAPE_JSON, offsetof(MeetingIn, body), .required = true, .title = "述职会" },
};
static const Shape open_in = SHAPE("MeetingOpenIn", MeetingIn, open_fields);

static bool meeting_open(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeetingIn *in = in_;
    Fact cycle;
    FactList l;
    int64_t id;
    if (!call_may_cycle(c, in->cycle, e) || !call_thing(&cycle, c, "cycle", in->cycle, e) ||
        !call_list_id(&l, c, "debrief_meeting", "cycle", in->cycle, e))
        return false;
    if (l.n > 0) /* a second meeting would be a second draw */
        return err_fail(e, ERR_MEETING_TWICE);
    json_t *body = json_deep_copy(in->body);
    bool ok = body && json_object_set_new(body, "cycle", json_integer(in->cycle)) == 0;
    json_object_del(body, "lot"); /* drawn by order_lot alone */
    json_object_del(body, "order");
    Filing f = { .form = "debrief_meeting", .org = cycle.org, .body = body };
    ok = ok ? call_file(c, &f, &id, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "述职会"));
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_meeting_open = { "meeting_open", "安排述职会", WORK_WRITE, ORGANISERS, &open_in,
                                    &work_made, .run = meeting_open };

static const ShapeField change_fields[] = {
    { "meeting", SHAPE_ID, offsetof(MeetingIn, meeting), .required = true, .title = "述职会" },
    { "version", SHAPE_ID, offsetof(MeetingIn, version), .required = true, .title = "版本" },
    { "body", SHAPE_JSON, offsetof(MeetingIn, body), .required = true, .title = "修改内容" },
};
static const Shape change_in = SHAPE("MeetingChangeIn", MeetingIn, change_fields);

/* Day, place, chair, head count and time limit; the order has use cases of its own. */
static bool meeting_change(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeetingIn *in = in_;
    static const char *const fixed[] = { "cycle", "ordering", "order", "lot" };
    Fact was;
    int64_t id;
    if (!call_thing(&was, c, "debrief_meeting", in->meeting, e) ||
        !call_may_cycle(c, fact_int(&was, "cycle"), e))
        return false;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (jv_get(in->body, fixed[i]))
            return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", fixed[i]));
    if (!call_revise(c, "debrief_meeting", &was, in->version, in->body, &id, e))
        return false;
    work_put_made(out, in->meeting, id);
    return true;
}

const UseCase work_meeting_change = { "meeting_change", "修改述职会安排", WORK_WRITE, ORGANISERS,
                                      &change_in, &work_made, .run = meeting_change };

/* --- order ---------------------------------------------------------------------------------- */

static const ShapeField order_fields[] = {
    { "meeting", SHAPE_ID, offsetof(MeetingIn, meeting), .required = true, .title = "述职会" },
    { "version", SHAPE_ID, offsetof(MeetingIn, version), .required = true, .title = "版本" },
    { "order", SHAPE_IDS, offsetof(MeetingIn, order), .max = ORDER_MAX, .title = "发言顺序" },
};
static const Shape order_in = SHAPE("MeetingOrderIn", MeetingIn, order_fields);

/* Live debriefers of the cycle who have not withdrawn. */
static bool speakers(int64_t **ids, size_t *n, Call *c, int64_t cycle, Err *e)
{
    FactList l;
    *n = 0;
    if (!call_list_id(&l, c, "debriefer", "cycle", cycle, e))
        return false;
    *ids = ARENA_ARRAY(c->a, int64_t, l.n);
    if (!*ids)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "发言顺序"));
    for (size_t i = 0; i < l.n; i++)
        if (!fact_bool(&l.items[i], "withdrawn") &&
            str_is(fact_str(c->a, &l.items[i], "form"), "live"))
            (*ids)[(*n)++] = l.items[i].subject;
    return true;
}

typedef struct Lot {
    Hash key;
    int64_t id;
} Lot;

static int by_lot(const void *a, const void *b)
{
    return memcmp(((const Lot *)a)->key.b, ((const Lot *)b)->key.b, sizeof(Hash));
}

/* The smaller SHA-256(seed as printed, id in decimal digits) speaks first: anyone can repeat it
 * with printf '%s' SEED41 | sha256sum. */
static bool draw(Call *c, Str seed, int64_t *ids, size_t n, Err *e)
{
    Lot *lots = ARENA_ARRAY(c->a, Lot, n);
    if (!lots)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "抽签"));
    for (size_t i = 0; i < n; i++)
        lots[i] = (Lot){ hash_of2(seed, arena_text(c->a, "%lld", (long long)ids[i])), ids[i] };
    qsort(lots, n, sizeof *lots, by_lot);
    for (size_t i = 0; i < n; i++)
        ids[i] = lots[i].id;
    return true;
}

static bool meeting_guard(Fact *was, Call *c, int64_t meeting, Err *e)
{
    Fact cycle;
    return call_thing(was, c, "debrief_meeting", meeting, e) &&
           call_may_cycle(c, fact_int(was, "cycle"), e) &&
           call_thing(&cycle, c, "cycle", fact_int(was, "cycle"), e) &&
           work_cycle_at(c, &cycle, "preparing", e);
}

static bool order_lot(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeetingIn *in = in_;
    unsigned char seed[SEED_BYTES];
    Fact was;
    int64_t *ids, id;
    size_t n;
    if (!meeting_guard(&was, c, in->meeting, e) ||
        !speakers(&ids, &n, c, fact_int(&was, "cycle"), e))
        return false;
    if (fact_json(&was, "lot").n)
        return err_fail(e, ERR_LOT_DRAWN);
    if (n == 0)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "现场述职人"));
    sys_random(work_sys(c->w), seed, sizeof seed);
    Str hex = hash_hex_bytes(c->a, (Str){ (const char *)seed, sizeof seed });
    if (!draw(c, hex, ids, n, e))
        return false;
    json_t *patch = json_pack("{s:s,s:o,s:{s:s%,s:s}}", "ordering", "lot", "order",
                              jv_new_ids(ids, n), "lot", "seed", hex.p, hex.n, "rule",
                              "SHA-256(种子后接编号)由小到大");
    bool ok = call_revise(c, "debrief_meeting", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->meeting, id);
    return ok;
}

const UseCase work_order_lot = { "order_lot", "抽签决定发言顺序", WORK_WRITE, ORGANISERS, &order_in,
                                 &work_made, .run = order_lot };

/* Every live debriefer exactly once. */
static bool order_complete(const int64_t *want, size_t n, const ShapeList *order, Err *e)
{
    const int64_t *got = order->items;
    bool ok = order->n == n;
    for (size_t i = 0; ok && i < n; i++) {
        size_t times = 0;
        for (size_t k = 0; k < n; k++)
            times += got[k] == want[i];
        ok = times == 1;
    }
    return ok || err_fail(e, ERR_ORDER_INCOMPLETE, err_hole("n", (int64_t)n));
}

static bool order_fix(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeetingIn *in = in_;
    Fact was;
    int64_t *ids, id;
    size_t n;
    if (!meeting_guard(&was, c, in->meeting, e) ||
        !speakers(&ids, &n, c, fact_int(&was, "cycle"), e) ||
        !order_complete(ids, n, &in->order, e))
        return false;
    if (fact_json(&was, "lot").n)
        return err_fail(e, ERR_LOT_DRAWN);
    json_t *patch = json_pack("{s:s,s:o}", "ordering", "fixed", "order",
                              jv_new_ids(in->order.items, n));
    bool ok = call_revise(c, "debrief_meeting", &was, in->version, patch, &id, e);
    json_decref(patch);
    if (ok)
        work_put_made(out, in->meeting, id);
    return ok;
}

const UseCase work_order_fix = { "order_fix", "指定发言顺序", WORK_WRITE, ORGANISERS, &order_in,
                                 &work_made, .run = order_fix };

/* --- agenda steps --------------------------------------------------------------------------- */

static const ShapeField step_fields[] = {
    { "meeting", SHAPE_ID, offsetof(MeetingIn, meeting), .required = true, .title = "述职会" },
    { "body", SHAPE_JSON, offsetof(MeetingIn, body), .required = true, .title = "议程记录" },
};
static const Shape step_in = SHAPE("AgendaStepIn", MeetingIn, step_fields);

static bool step_log(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeetingIn *in = in_;
    Fact m;
    int64_t id;
    if (!call_thing(&m, c, "debrief_meeting", in->meeting, e) ||
        !call_may_cycle(c, fact_int(&m, "cycle"), e))
        return false;
    json_t *body = json_deep_copy(in->body);
    bool ok = body && json_object_set_new(body, "meeting", json_integer(in->meeting)) == 0;
    Filing f = { .form = "agenda_step", .org = m.org, .body = body };
    ok = ok ? call_file(c, &f, &id, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "议程记录"));
    json_decref(body);
    if (ok)
        work_put_made(out, id, id);
    return ok;
}

const UseCase work_step_log = { "step_log", "记录议程", WORK_WRITE, ORGANISERS, &step_in, &work_made,
                                .run = step_log };

static const ShapeField step_change_fields[] = {
    { "meeting", SHAPE_ID, offsetof(MeetingIn, meeting), .required = true, .title = "述职会" },
    { "step", SHAPE_ID, offsetof(MeetingIn, step), .required = true, .title = "议程记录" },
    { "version", SHAPE_ID, offsetof(MeetingIn, version), .required = true, .title = "版本" },
    { "body", SHAPE_JSON, offsetof(MeetingIn, body), .required = true, .title = "修改内容" },
};
static const Shape step_change_in = SHAPE("AgendaStepChangeIn", MeetingIn, step_change_fields);

/* A slip of the finger is mended by a later fact; what was logged first stays in the log. */
static bool step_change(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeetingIn *in = in_;
    Fact m, was;
    int64_t id;
    if (!call_thing(&m, c, "debrief_meeting", in->meeting, e) ||
        !call_may_cycle(c, fact_int(&m, "cycle"), e) ||
        !call_thing(&was, c, "agenda_step", in->step, e))
        return false;
    if (fact_int(&was, "meeting") != in->meeting)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "议程记录"));
    if (jv_get(in->body, "meeting"))
        return err_fail(e, ERR_FIELD_UNKNOWN, err_hole("field", "meeting"));
    if (!call_revise(c, "agenda_step", &was, in->version, in->body, &id, e))
        return false;
    work_put_made(out, in->step, id);
    return true;
}

const UseCase work_step_change = { "step_change", "更正议程记录", WORK_WRITE, ORGANISERS,
                                   &step_change_in, &work_made, .run = step_change };

/* --- the meeting as it went ----------------------------------------------------------------- */

static const ShapeField show_fields[] = {
    { "cycle", SHAPE_ID, offsetof(MeetingIn, cycle), .required = true, .title = "年度周期" },
};
static const Shape show_in = SHAPE("MeetingShowIn", MeetingIn, show_fields);

static const ShapeField speaker_fields[] = {
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "withdrawn", SHAPE_BOOL, .required = true },
};
static const Shape speaker_shape = SHAPE_REPLY("Speaker", speaker_fields);
static const ShapeField logged_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "item", SHAPE_TEXT, .required = true },
    { "item_title", SHAPE_TEXT, .required = true },
    { "debriefer", SHAPE_ID },
    { "name", SHAPE_TEXT },
    { "note", SHAPE_TEXT },
    { "seconds", SHAPE_INT },
    { "over", SHAPE_INT },
    { "version", SHAPE_ID, .required = true },
    { "at", SHAPE_MOMENT, .required = true },
};
static const Shape logged_shape = SHAPE_REPLY("AgendaStep", logged_fields);
static const ShapeField meeting_fields[] = {
    { "id", SHAPE_ID },
    { "version", SHAPE_ID },
    { "body", SHAPE_JSON },
    { "speakers", SHAPE_LIST, .required = true, .sub = &speaker_shape },
    { "steps", SHAPE_LIST, .required = true, .sub = &logged_shape },
};
static const Shape meeting_out = SHAPE_REPLY("Meeting", meeting_fields);

static bool put_speaker(Call *c, int64_t debriefer, Jw *out, Err *e)
{
    Fact d;
    Str name, org;
    if (!call_thing(&d, c, "debriefer", debriefer, e) ||
        !call_name(&name, c, "person", fact_int(&d, "person"), e) ||
        !call_name(&org, c, "org", fact_int(&d, "org"), e))
        return false;
    jw_obj(out);
    jw_kint(out, "debriefer", debriefer);
    jw_kstr(out, "name", name);
    jw_kstr(out, "org_name", org);
    jw_kbool(out, "withdrawn", fact_bool(&d, "withdrawn"));
    jw_end(out);
    return true;
}

static bool in_order(const json_t *order, int64_t id)
{
    for (size_t i = 0; i < jv_len(order); i++)
        if (json_integer_value(jv_at(order, i)) == id)
            return true;
    return false;
}

/* In their order; who joined after it was settled comes last, who withdrew keeps his place. */
static bool put_speakers(Call *c, const json_t *order, int64_t cycle, Jw *out, Err *e)
{
    int64_t *ids;
    size_t n;
    bool ok = true;
    jw_key(out, "speakers");
    jw_arr(out);
    for (size_t i = 0; ok && i < jv_len(order); i++)
        ok = put_speaker(c, json_integer_value(jv_at(order, i)), out, e);
    ok = ok && speakers(&ids, &n, c, cycle, e);
    for (size_t i = 0; ok && i < n; i++)
        ok = in_order(order, ids[i]) || put_speaker(c, ids[i], out, e);
    jw_end(out);
    return ok;
}

/* Seconds beyond the limit of a speech; 0 within it or without one. */
static int64_t seconds_over(int64_t seconds, int64_t limit)
{
    return limit > 0 && seconds > limit * 60 ? seconds - limit * 60 : 0;
}

static bool put_step(Call *c, const Fact *f, int64_t limit, Jw *out, Err *e)
{
    int64_t seconds = fact_int(f, "seconds");
    Fact d;
    Str name = STRC(""), item = fact_str(c->a, f, "item"), note = fact_str(c->a, f, "note");
    int64_t debriefer = fact_int(f, "debriefer");
    if (debriefer && (!call_thing(&d, c, "debriefer", debriefer, e) ||
                      !call_name(&name, c, "person", fact_int(&d, "person"), e)))
        return false;
    jw_obj(out);
    jw_kint(out, "id", f->subject);
    jw_kstr(out, "item", item);
    jw_kstr(out, "item_title", call_title(c, "agenda_item", item));
    if (debriefer) {
        jw_kint(out, "debriefer", debriefer);
        jw_kstr(out, "name", name);
    }
    if (note.n)
        jw_kstr(out, "note", note);
    if (seconds)
        jw_kint(out, "seconds", seconds);
    if (str_is(item, "speech") && seconds_over(seconds, limit))
        jw_kint(out, "over", seconds_over(seconds, limit));
    jw_kint(out, "version", f->id);
    jw_kmoment(out, "at", f->received_at);
    jw_end(out);
    return true;
}

static bool meeting_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const MeetingIn *in = in_;
    FactList l, steps = { 0 };
    json_t *body = NULL;
    if (!call_may_all(c, e) || !call_list_id(&l, c, "debrief_meeting", "cycle", in->cycle, e))
        return false;
    const Fact *m = l.n ? &l.items[l.n - 1] : NULL;
    if (m) {
        jw_kint(out, "id", m->subject);
        jw_kint(out, "version", m->id);
        if (!(body = call_body(c, m, e)))
            return false;
        jw_kjson(out, "body", body);
    }
    bool ok = put_speakers(c, jv_get(body, "order"), in->cycle, out, e) &&
              (!m || call_list_id(&steps, c, "agenda_step", "meeting", m->subject, e));
    jw_key(out, "steps");
    jw_arr(out);
    for (size_t i = 0; ok && i < steps.n; i++)
        ok = put_step(c, &steps.items[i], fact_int(m, "limit"), out, e);
    jw_end(out);
    json_decref(body);
    return ok;
}

const UseCase work_meeting_show = { "meeting_show", "查看述职会", WORK_READ, READERS, &show_in,
                                    &meeting_out, .run = meeting_show };

/* --- commentary ----------------------------------------------------------------------------- */

typedef struct CommentIn {
    int64_t debriefer;
    const json_t *body;
} CommentIn;
static const ShapeField comment_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(CommentIn, debriefer), .required = true,
      .title = "述职人" },
    { "body", SHAPE_JSON, offsetof(CommentIn, body), .required = true, .title = "点评" },
};
static const Shape comment_in = SHAPE("CommentaryIn", CommentIn, comment_fields);
static const ShapeField comment_out_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "findings", SHAPE_IDS, .required = true },
};
static const Shape comment_out = SHAPE_REPLY("CommentaryMade", comment_out_fields);

static bool finding_of_point(int64_t *id, Call *c, const Fact *d, Str by, int64_t commentary,
                             const json_t *point, Err *e)
{
    Str text = jv_str(point, "text");
    int64_t no;
    if (!work_finding_no(&no, c, fact_int(d, "cycle"), e))
        return false;
    json_t *body = json_pack("{s:I,s:I,s:I,s:s,s:s%,s:I,s:s%,s:I,s:s}", "cycle",
                             (json_int_t)fact_int(d, "cycle"), "debriefer", (json_int_t)d->subject,
                             "org", (json_int_t)fact_int(d, "org"), "source", "commentary", "by",
                             by.p, by.n, "from_fact", (json_int_t)commentary, "text", text.p,
                             text.n, "no", (json_int_t)no, "state", "listed");
    /* The owner only when he is on the roster, the day only when it was stated. */
    if (jv_int(point, "owner"))
        json_object_set_new(body, "owner", json_integer(jv_int(point, "owner")));
    if (jv_get(point, "due"))
        json_object_set_new(body, "due", json_deep_copy(jv_get(point, "due")));
    Filing f = { .form = "finding", .org = fact_int(d, "org"), .body = body };
    bool ok = body ? call_file(c, &f, id, e)
                   : err_fail(e, ERR_NO_MEMORY, err_hole("what", "问题"));
    json_decref(body);
    return ok;
}

static bool commentator_name(Str *out, Call *c, const json_t *body, Err *e)
{
    int64_t person = jv_int(body, "commentator");
    if (person)
        return call_name(out, c, "person", person, e);
    *out = jv_str(body, "by");
    return out->n > 0 || err_fail(e, ERR_FIELD_MISSING, err_hole("field", "点评人"));
}

static bool owners_on_roster(Call *c, const json_t *points, Err *e)
{
    Fact f;
    for (size_t i = 0; i < jv_len(points); i++) {
        int64_t owner = jv_int(jv_at(points, i), "owner");
        if (owner && !call_thing(&f, c, "person", owner, e))
            return err_note(e, "owner of point %zu", i + 1);
    }
    return true;
}

/* Each point rests on what was found about this debriefer, not about another. */
static bool cites_own(Call *c, const json_t *points, int64_t debriefer, Err *e)
{
    Fact f;
    for (size_t i = 0; i < jv_len(points); i++) {
        const json_t *cites = jv_get(jv_at(points, i), "cites");
        for (size_t k = 0; k < jv_len(cites); k++)
            if (!call_thing(&f, c, "survey_fact", json_integer_value(jv_at(cites, k)), e) ||
                fact_int(&f, "debriefer") != debriefer)
                return err_fail(e, ERR_COMMENT_CITE, err_hole("n", (int64_t)i + 1));
    }
    return true;
}

static bool commentary_file(Call *c, const void *in_, Jw *out, Err *e)
{
    const CommentIn *in = in_;
    Fact d;
    Str by;
    int64_t id, finding;
    const json_t *points = jv_get(in->body, "points");
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) ||
        !call_may_cycle(c, fact_int(&d, "cycle"), e) ||
        !commentator_name(&by, c, in->body, e) || !owners_on_roster(c, points, e) ||
        !cites_own(c, points, in->debriefer, e))
        return false;
    json_t *body = json_deep_copy(in->body);
    bool ok = body && json_object_set_new(body, "debriefer", json_integer(in->debriefer)) == 0;
    Filing f = { .form = "commentary", .org = fact_int(&d, "org"), .body = body };
    ok = ok ? call_file(c, &f, &id, e) : err_fail(e, ERR_NO_MEMORY, err_hole("what", "点评"));
    json_decref(body);
    if (!ok)
        return false;
    work_put_made(out, id, id);
    jw_key(out, "findings");
    jw_arr(out);
    for (size_t i = 0; i < jv_len(points); i++) {
        if (!str_is(jv_str(jv_at(points, i), "kind"), "problem"))
            continue;
        if (!finding_of_point(&finding, c, &d, by, id, jv_at(points, i), e))
            return false;
        jw_int(out, finding);
    }
    jw_end(out);
    return true;
}

const UseCase work_commentary_file = { "commentary_file", "记录点评（问题转入整改）", WORK_WRITE,
                                       ORGANISERS | ROLE_BIT(ROLE_COMMENTATOR) |
                                           ROLE_BIT(ROLE_SUPERIOR),
                                       &comment_in, &comment_out, .run = commentary_file };

static const ShapeField comments_in_fields[] = {
    { "debriefer", SHAPE_ID, offsetof(CommentIn, debriefer), .required = true,
      .title = "述职人" },
};
static const Shape comments_in = SHAPE("CommentaryListIn", CommentIn, comments_in_fields);
static const ShapeField comment_row_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "version", SHAPE_ID, .required = true },
    { "by", SHAPE_TEXT, .required = true },
    { "superior", SHAPE_BOOL, .required = true },
    { "body", SHAPE_JSON, .required = true },
    { "filed_by", SHAPE_TEXT, .required = true },
    { "at", SHAPE_MOMENT, .required = true },
};
static const Shape comment_row = SHAPE_REPLY("Commentary", comment_row_fields);
static const ShapeField comments_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "org_name", SHAPE_TEXT, .required = true },
    { "items", SHAPE_LIST, .required = true, .sub = &comment_row },
    { "total", SHAPE_INT, .required = true },
};
static const Shape comments_out = SHAPE_REPLY("Commentaries", comments_fields);

static bool commentary_list(Call *c, const void *in_, Jw *out, Err *e)
{
    const CommentIn *in = in_;
    Fact d;
    FactList l;
    Str name, org;
    if (!call_thing(&d, c, "debriefer", in->debriefer, e) || !work_debriefer_read(c, &d, e) ||
        !call_name(&name, c, "person", fact_int(&d, "person"), e) ||
        !call_name(&org, c, "org", fact_int(&d, "org"), e) ||
        !call_list_id(&l, c, "commentary", "debriefer", in->debriefer, e))
        return false;
    jw_kstr(out, "name", name);
    jw_kstr(out, "org_name", org);
    jw_key(out, "items");
    jw_arr(out);
    for (size_t i = 0; i < l.n; i++) {
        Str by, filed;
        json_t *body = call_body(c, &l.items[i], e);
        if (!body || !commentator_name(&by, c, body, e) ||
            !work_filed_by(&filed, c, &l.items[i], e)) {
            json_decref(body);
            return false;
        }
        jw_obj(out);
        jw_kint(out, "id", l.items[i].subject);
        jw_kint(out, "version", l.items[i].id);
        jw_kstr(out, "by", by);
        jw_kbool(out, "superior", jv_bool(body, "superior"));
        jw_kjson(out, "body", body);
        jw_kstr(out, "filed_by", filed);
        jw_kmoment(out, "at", l.items[i].received_at);
        jw_end(out);
        json_decref(body);
    }
    jw_end(out);
    jw_kint(out, "total", (int64_t)l.n);
    return true;
}

const UseCase work_commentary_list = { "commentary_list", "查看点评", WORK_READ, READERS,
                                       &comments_in, &comments_out, .run = commentary_list };
