/* What a voter's page asks: what is voted on, the public files, the ballots it sends, the trackers
 * afterwards. Nobody logs in; nothing here reads or writes who is asking. */
#include "work/areas.h"
#include "work/evote.h"
#include "work/rows.h"

enum { BALLOT_TEXT_MAX = 1 << 20, ARCHIVE_TYPES = 2 };

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "电子投票"));
}

typedef struct BoothIn {
    int64_t evote;
    Str group, uuid, part, tracker, door;
    ShapeList ballots;
} BoothIn;
static const ShapeField booth_fields[] = {
    { "evote", SHAPE_ID, offsetof(BoothIn, evote), .required = true, .title = "电子投票" },
};
static const Shape booth_in = SHAPE("BoothIn", BoothIn, booth_fields);

/* --- what is voted on ----------------------------------------------------------------------- */

static const ShapeField name_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
};
static const Shape name_shape = SHAPE_REPLY("BoothName", name_fields);
static const ShapeField group_fields[] = {
    { "name", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "first", SHAPE_TEXT, .required = true },
};
static const Shape group_shape = SHAPE_REPLY("BoothGroup", group_fields);
static const ShapeField show_fields[] = {
    { "id", SHAPE_ID, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "state", SHAPE_TEXT, .required = true },
    { "round", SHAPE_INT, .required = true },
    { "site", SHAPE_TEXT, .required = true },
    { "strict", SHAPE_BOOL, .required = true },
    { "complete", SHAPE_BOOL, .required = true },
    { "floor", SHAPE_INT, .required = true },
    { "objects", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "items", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "options", SHAPE_LIST, .required = true, .sub = &name_shape },
    { "groups", SHAPE_LIST, .required = true, .sub = &group_shape },
    { "elections", SHAPE_INT, .required = true },
    { "in", SHAPE_INT, .required = true },
    { "issued", SHAPE_INT, .required = true },
    EVOTE_PUBLIC_FIELDS,
};
static const Shape show_out = SHAPE_REPLY("Booth", show_fields);

static void put_names(Jw *out, const char *key, const SchemeName *names, size_t n)
{
    jw_key(out, key);
    jw_arr(out);
    for (size_t i = 0; i < n; i++)
        work_put_named(out, names[i].name, names[i].title);
    jw_end(out);
}

static const EvoteBox *first_of(const Evote *v, size_t heap)
{
    for (size_t i = 0; i < v->n_boxes; i++)
        if (v->boxes[i].heap == heap && work_evote_open_box(v, &v->boxes[i]))
            return &v->boxes[i];
    return NULL;
}

static void put_form(Jw *out, Call *c, const Evote *v)
{
    const SchemeInstrument *ins = v->hall.ins;
    jw_key(out, "objects");
    jw_arr(out);
    for (size_t i = 0; i < v->hall.n_objects; i++)
        work_put_named(out, v->hall.objects[i], work_object_title(c, v->hall.objects[i]));
    jw_end(out);
    put_names(out, "items", ins->items, ins->n_items);
    jw_key(out, "options");
    jw_arr(out);
    for (size_t i = 0; i < ins->n_options; i++)
        work_put_named(out, ins->options[i].name, ins->options[i].title);
    jw_end(out);
    jw_key(out, "groups");
    jw_arr(out);
    for (size_t i = 0; i < v->n_heaps; i++) {
        const EvoteBox *b = first_of(v, i);
        jw_obj(out);
        jw_kstr(out, "name", v->heaps[i].name);
        jw_kstr(out, "title", v->heaps[i].title);
        jw_kstr(out, "first", b ? b->uuid : STRC(""));
        jw_end(out);
    }
    jw_end(out);
}

static int64_t most_ballots(Call *c, const Evote *v, const FactList *boxes)
{
    int64_t sum = 0;
    for (size_t h = 0; h < v->n_heaps; h++) {
        int64_t most = 0;
        for (size_t i = 0; i < boxes->n; i++) {
            const Fact *f = &boxes->items[i];
            if (fact_int(f, "turn") == v->turn &&
                str_eq(fact_str(c->a, f, "group"), v->heaps[h].name) &&
                fact_int(f, "ballots") > most)
                most = fact_int(f, "ballots");
        }
        sum += most;
    }
    return sum;
}

bool work_evote_in(int64_t *in, int64_t *issued, Call *c, const Evote *v, Err *e)
{
    EvoteWatch w;
    FactList boxes;
    *in = *issued = 0;
    if (!work_evote_watch(&w, c, v, e))
        return false;
    for (size_t i = 0; i < v->n_heaps; i++)
        *issued += w.agree ? w.drawn[i] : v->heaps[i].slips;
    if (str_is(v->state, "open"))
        return work_urn_in(in, c, v, e);
    if (!call_list_id(&boxes, c, "evote_box", "evote", v->id, e))
        return false;
    *in = most_ballots(c, v, &boxes);
    return true;
}

static bool booth_show(Call *c, const void *in_, Jw *out, Err *e)
{
    const BoothIn *in = in_;
    Evote v;
    FactList boxes;
    int64_t papers, issued, n = 0;
    if (!call_may_all(c, e) || !work_evote_read(&v, c, in->evote, e) ||
        !call_list_id(&boxes, c, "evote_box", "evote", v.id, e) ||
        !work_evote_in(&papers, &issued, c, &v, e))
        return false;
    for (size_t i = 0; i < v.n_boxes; i++)
        n += work_evote_open_box(&v, &v.boxes[i]);
    jw_kint(out, "id", v.id);
    jw_kstr(out, "title", v.title);
    jw_kstr(out, "state", v.state);
    jw_kint(out, "round", v.turn - 1);
    jw_kstr(out, "site", c->given->site);
    jw_kbool(out, "strict", v.strict);
    jw_kbool(out, "complete", v.hall.ins->complete_all);
    jw_kint(out, "floor", v.floor);
    put_form(out, c, &v);
    jw_kint(out, "elections", n);
    jw_kint(out, "in", papers);
    jw_kint(out, "issued", issued);
    return work_evote_put_public(c, &v, &boxes, out, e);
}

const UseCase work_booth_show = { "booth_show", "投票页：投什么、投了多少", WORK_READ, WORK_ANYBODY,
                                  &booth_in, &show_out, .run = booth_show };

/* --- the elections of a group --------------------------------------------------------------- */

static const ShapeField of_group_fields[] = {
    { "evote", SHAPE_ID, offsetof(BoothIn, evote), .required = true, .title = "电子投票" },
    { "group", SHAPE_TEXT, offsetof(BoothIn, group), .required = true, .max = 40,
      .title = "分组" },
};
static const Shape of_group_in = SHAPE("BoothGroupIn", BoothIn, of_group_fields);
static const ShapeField election_fields[] = {
    { "text", SHAPE_TEXT, .required = true },
    { "object", SHAPE_TEXT, .required = true },
    { "debriefer", SHAPE_ID, .required = true },
    { "name", SHAPE_TEXT, .required = true },
    { "org", SHAPE_TEXT, .required = true },
};
static const Shape election_shape = SHAPE_REPLY("BoothElection", election_fields);
static const ShapeField elections_fields[] = {
    { "elections", SHAPE_LIST, .required = true, .sub = &election_shape },
};
static const Shape elections_out = SHAPE_REPLY("BoothElections", elections_fields);

static bool has_opened(const Evote *v)
{
    static const char *const opened[] = { "open", "closed", "counted", "destroyed" };
    for (size_t i = 0; i < sizeof opened / sizeof *opened; i++)
        if (str_is(v->state, opened[i]))
            return true;
    return false;
}

static bool put_election(Call *c, const Evote *v, const EvoteBox *b, Jw *out, Err *e)
{
    Str text;
    const HallRow *row = &v->hall.rows[b->row];
    if (!work_evote_load(&text, c, v->id, b->uuid, "election.json", e))
        return false;
    jw_obj(out);
    jw_kstr(out, "text", text);
    jw_kstr(out, "object", b->object);
    jw_kint(out, "debriefer", b->debriefer);
    jw_kstr(out, "name", row->name);
    jw_kstr(out, "org", row->org);
    jw_end(out);
    return true;
}

static bool booth_group(Call *c, const void *in_, Jw *out, Err *e)
{
    const BoothIn *in = in_;
    Evote v;
    if (!call_may_all(c, e) || !work_evote_read(&v, c, in->evote, e))
        return false;
    if (!has_opened(&v))
        return work_evote_at(c, &v, "open", e);
    jw_key(out, "elections");
    jw_arr(out);
    for (size_t i = 0; i < v.n_boxes; i++) {
        const EvoteBox *b = &v.boxes[i];
        if (work_evote_open_box(&v, b) && b->row != SIZE_MAX && /* SIZE_MAX: he has withdrawn */
            str_eq(v.heaps[b->heap].name, in->group) &&
            !put_election(c, &v, b, out, e))
            return false;
    }
    jw_end(out);
    return true;
}

const UseCase work_booth_group = { "booth_group", "投票页：一个分组的全部选举文件", WORK_READ,
                                   WORK_ANYBODY, &of_group_in, &elections_out,
                                   .run = booth_group };

/* --- public files --------------------------------------------------------------------------- */

static const ShapeField creds_fields[] = {
    { "evote", SHAPE_ID, offsetof(BoothIn, evote), .required = true, .title = "电子投票" },
    { "uuid", SHAPE_TEXT, offsetof(BoothIn, uuid), .required = true, .max = ELECTION_UUID_MAX,
      .title = "编号" },
};
static const Shape creds_in = SHAPE("BoothCredsIn", BoothIn, creds_fields);

/* Only boxes of this evote: the number goes into a file's name. */
static bool box_known(Call *c, Evote *v, const BoothIn *in, const EvoteBox **b, Err *e)
{
    if (!work_evote_read(v, c, in->evote, e))
        return false;
    *b = work_evote_box(v, in->uuid);
    return *b || err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱"));
}

static bool file_there(Call *c, const Evote *v, const EvoteBox *b, const char *name, Err *e)
{
    return work_evote_has(c, v->id, b->uuid, name) ||
           err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱的文件"));
}

static bool booth_creds(Call *c, const void *in_, Jw *out, Err *e)
{
    const BoothIn *in = in_;
    Evote v;
    const EvoteBox *b;
    Str text;
    (void)out;
    return call_may_all(c, e) && box_known(c, &v, in, &b, e) &&
           file_there(c, &v, b, "creds.json", e) &&
           work_evote_load(&text, c, v.id, b->uuid, "creds.json", e) &&
           call_answer_file(c, STRC("public_creds.json"), STRC("application/json"), text);
}

const UseCase work_booth_creds = { "booth_creds", "投票页：一个票箱的凭证名单", WORK_READ, WORK_ANYBODY,
                                   &creds_in, NULL, .file = true, .run = booth_creds };

static const ShapeField archive_fields[] = {
    { "evote", SHAPE_ID, offsetof(BoothIn, evote), .required = true, .title = "电子投票" },
    { "uuid", SHAPE_TEXT, offsetof(BoothIn, uuid), .required = true, .max = ELECTION_UUID_MAX,
      .title = "编号" },
    { "part", SHAPE_WORD, offsetof(BoothIn, part), .required = true, .words = "bel|hints",
      .title = "文件" },
};
static const Shape archive_in = SHAPE("BoothArchiveIn", BoothIn, archive_fields);

/* An archive exists from the close on; its hints may not, when a voter sent none. */
static bool booth_archive(Call *c, const void *in_, Jw *out, Err *e)
{
    const BoothIn *in = in_;
    Evote v;
    const EvoteBox *b;
    Str bytes = STRC("");
    (void)out;
    if (!call_may_all(c, e) || !box_known(c, &v, in, &b, e))
        return false;
    if (str_is(v.state, "open") && b->turn == v.turn)
        return work_evote_at(c, &v, "closed", e);
    const char *part = arena_z(c->a, in->part);
    bool hints = str_is(in->part, "hints");
    if (!part)
        return no_memory(e);
    if (!hints && !file_there(c, &v, b, part, e))
        return false;
    if ((!hints || work_evote_has(c, v.id, b->uuid, part)) &&
        !work_evote_load(&bytes, c, v.id, b->uuid, part, e))
        return false;
    return call_answer_file(c, arena_text(c->a, "%.*s.%s", STR(b->uuid), part),
                            STRC("application/octet-stream"), bytes);
}

const UseCase work_booth_archive = { "booth_archive", "下载票箱存档", WORK_READ, WORK_ANYBODY,
                                     &archive_in, NULL, .file = true, .run = booth_archive };

/* --- casting -------------------------------------------------------------------------------- */

typedef struct CastIn {
    Str uuid, ballot, hints;
} CastIn;
static const ShapeField ballot_fields[] = {
    { "uuid", SHAPE_TEXT, offsetof(CastIn, uuid), .required = true, .max = ELECTION_UUID_MAX,
      .title = "编号" },
    { "ballot", SHAPE_TEXT, offsetof(CastIn, ballot), .required = true, .max = BALLOT_TEXT_MAX,
      .title = "选票" },
    { "hints", SHAPE_TEXT, offsetof(CastIn, hints), .max = BALLOT_TEXT_MAX, .title = "提示" },
};
static const Shape ballot_shape = SHAPE("BoothBallot", CastIn, ballot_fields);
static const ShapeField cast_fields[] = {
    { "evote", SHAPE_ID, offsetof(BoothIn, evote), .required = true, .title = "电子投票" },
    { "ballots", SHAPE_LIST, offsetof(BoothIn, ballots), .required = true, .max = URN_CAST_MAX,
      .sub = &ballot_shape, .title = "选票" },
    { "door", SHAPE_TEXT, offsetof(BoothIn, door), .max = 100, .title = "入场券" },
};
static const Shape cast_in = SHAPE("BoothCastIn", BoothIn, cast_fields);
static const ShapeField receipt_fields[] = {
    { "uuid", SHAPE_TEXT, .required = true },
    { "tracker", SHAPE_TEXT, .required = true },
    { "state", SHAPE_WORD, .required = true, .words = "refused|new|same|replaced" },
    { "name", SHAPE_TEXT },
    { "message", SHAPE_TEXT },
};
static const Shape receipt_shape = SHAPE_REPLY("BoothReceipt", receipt_fields);
static const ShapeField casted_fields[] = {
    { "cast", SHAPE_LIST, .required = true, .sub = &receipt_shape },
};
static const Shape cast_out = SHAPE_REPLY("BoothCast", casted_fields);

static void put_receipt(Call *c, const UrnItem *it, Jw *out)
{
    static const char *const states[] = { "refused", "new", "same", "replaced" };
    jw_obj(out);
    jw_kstr(out, "uuid", it->uuid);
    jw_kstr(out, "tracker", it->state == URN_REFUSED ? STRC("")
                                                      : (Str){ it->tracker, VOTE_TRACKER });
    jw_kstr(out, "state", str_of(states[it->state]));
    if (it->state == URN_REFUSED) {
        jw_kstr(out, "name", str_of(err_name(it->why.code)));
        jw_kstr(out, "message", work_say(c->w, c->a, &it->why, c->who->lang));
    }
    jw_end(out);
}

static bool booth_cast(Call *c, const void *in_, Jw *out, Err *e)
{
    const BoothIn *in = in_;
    const CastIn *given = in->ballots.items;
    Urn *urn;
    UrnItem items[URN_CAST_MAX] = { 0 };
    Hash door = hash_of(in->door);
    if (!call_may_all(c, e))
        return false;
    for (size_t i = 0; i < in->ballots.n; i++) {
        items[i] = (UrnItem){ .uuid = given[i].uuid, .ballot = given[i].ballot };
        if (given[i].hints.n && !hash_unbase64(c->a, given[i].hints, &items[i].hints))
            items[i].hints = STRC(""); /* they only save time */
    }
    if (!work_urn_enter(&urn, c, in->evote, e))
        return false;
    bool ok = urn_cast(urn, items, in->ballots.n, in->door.n ? &door : NULL, e);
    work_urn_leave(c);
    if (!ok)
        return false;
    jw_key(out, "cast");
    jw_arr(out);
    for (size_t i = 0; i < in->ballots.n; i++)
        put_receipt(c, &items[i], out);
    jw_end(out);
    return true;
}

const UseCase work_booth_cast = { "booth_cast", "投票：加密选票投入票箱", WORK_OUTSIDE, WORK_ANYBODY,
                                  &cast_in, &cast_out, .run = booth_cast };

static const ShapeField opened_fields[] = {
    { "evote", SHAPE_ID, offsetof(BoothIn, evote), .required = true, .title = "电子投票" },
    { "uuid", SHAPE_TEXT, offsetof(BoothIn, uuid), .required = true, .max = ELECTION_UUID_MAX,
      .title = "编号" },
    { "tracker", SHAPE_TEXT, offsetof(BoothIn, tracker), .required = true, .max = VOTE_TRACKER,
      .title = "回执" },
};
static const Shape opened_in = SHAPE("BoothOpenedIn", BoothIn, opened_fields);

static bool booth_opened(Call *c, const void *in_, Jw *out, Err *e)
{
    const BoothIn *in = in_;
    Urn *urn;
    (void)out;
    if (!call_may_all(c, e))
        return false;
    if (in->tracker.n != VOTE_TRACKER)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱或回执"));
    if (!work_urn_enter(&urn, c, in->evote, e))
        return false;
    bool ok = urn_opened(urn, in->uuid, in->tracker.p, e);
    work_urn_leave(c);
    return ok;
}

const UseCase work_booth_opened = { "booth_opened", "测试票公开查验后不再接受", WORK_OUTSIDE,
                                    WORK_ANYBODY, &opened_in, NULL, .run = booth_opened };

/* --- trackers, once it is closed ------------------------------------------------------------ */

static const ShapeField tracked_fields[] = {
    { "uuid", SHAPE_TEXT, .required = true },
    { "title", SHAPE_TEXT, .required = true },
    { "group", SHAPE_TEXT, .required = true },
    { "object", SHAPE_TEXT, .required = true },
    { "trackers", SHAPE_WORDS, .required = true },
};
static const Shape tracked_shape = SHAPE_REPLY("BoothTracked", tracked_fields);
static const ShapeField trackers_fields[] = {
    { "elections", SHAPE_LIST, .required = true, .sub = &tracked_shape },
    { "replaced", SHAPE_WORDS, .required = true },
};
static const Shape trackers_out = SHAPE_REPLY("BoothTrackers", trackers_fields);

/* They were computed when the box was sealed (trackers.json): an archive is long to read. */
static bool put_tracked(Call *c, const Evote *v, const EvoteBox *b, Jw *out, Err *e)
{
    Str list;
    if (!work_evote_load(&list, c, v->id, b->uuid, "trackers.json", e))
        return false;
    jw_obj(out);
    jw_kstr(out, "uuid", b->uuid);
    jw_kstr(out, "title", work_evote_box_title(c, v, b));
    jw_kstr(out, "group", v->heaps[b->heap].name);
    jw_kstr(out, "object", b->object);
    jw_key(out, "trackers");
    jw_raw(out, list);
    jw_end(out);
    return true;
}

static bool booth_trackers(Call *c, const void *in_, Jw *out, Err *e)
{
    const BoothIn *in = in_;
    Evote v;
    Str replaced;
    if (!call_may_all(c, e) || !work_evote_read(&v, c, in->evote, e))
        return false;
    const char *file = arena_z(c->a, arena_text(c->a, "replaced-%lld.json", (long long)v.turn));
    if (!file)
        return no_memory(e);
    if (str_is(v.state, "open") || !work_evote_has(c, v.id, STRC(""), file))
        return work_evote_at(c, &v, "closed", e);
    jw_key(out, "elections");
    jw_arr(out);
    for (size_t i = 0; i < v.n_boxes; i++)
        if (work_evote_open_box(&v, &v.boxes[i]) && !put_tracked(c, &v, &v.boxes[i], out, e))
            return false;
    jw_end(out);
    if (!work_evote_load(&replaced, c, v.id, STRC(""), file, e))
        return false;
    jw_key(out, "replaced");
    jw_raw(out, replaced);
    return true;
}

const UseCase work_booth_trackers = { "booth_trackers", "查回执：封箱后的回执名单", WORK_READ,
                                      WORK_ANYBODY, &booth_in, &trackers_out,
                                      .run = booth_trackers };
