/* Everything that is published about an electronic vote, to be carried away: the report, and zips
 * of report and archives, in volumes that a request can hold. */
#include "work/areas.h"
#include "work/evote.h"

enum { VOLUME_BYTES = 24 << 20 };

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "投票存档"));
}

/* A box of this turn, or of an earlier one, whose archive was written for good. */
static bool sealed(Call *c, const Evote *v, const EvoteBox *b)
{
    bool running = b->turn == v->turn && str_is(v->state, "open");
    return !running && work_evote_has(c, v->id, b->uuid, "bel");
}

static bool size_of(int64_t *sum, Call *c, const Evote *v, Str uuid, const char *name, Err *e)
{
    int64_t n;
    const char *path = work_evote_path(c, v->id, uuid, name);
    if (!path)
        return no_memory(e);
    if (!work_evote_has(c, v->id, uuid, name))
        return true;
    if (!sys_file_size(&n, work_sys(c->w), path, e))
        return false;
    *sum += n;
    return true;
}

/* The volume of each box, from 1; 0: nothing of it is published. */
static bool volumes_of(int64_t *of, int64_t *n, Call *c, const Evote *v, Err *e)
{
    int64_t sum = 0;
    *n = 0;
    for (size_t i = 0; i < v->n_boxes; i++) {
        int64_t size = 0;
        of[i] = 0;
        if (!sealed(c, v, &v->boxes[i]))
            continue;
        if (!size_of(&size, c, v, v->boxes[i].uuid, "bel", e) ||
            !size_of(&size, c, v, v->boxes[i].uuid, "hints", e))
            return false;
        if (*n == 0 || sum + size > VOLUME_BYTES) {
            (*n)++;
            sum = 0;
        }
        sum += size;
        of[i] = *n;
    }
    return true;
}

bool work_evote_volumes(int64_t *out, Call *c, const Evote *v, Err *e)
{
    int64_t *of = ARENA_ARRAY(c->a, int64_t, v->n_boxes);
    return of ? volumes_of(of, out, c, v, e) : no_memory(e);
}

typedef struct BundleIn {
    int64_t evote, volume;
} BundleIn;
static const ShapeField report_fields[] = {
    { "evote", SHAPE_ID, offsetof(BundleIn, evote), .required = true, .title = "电子投票" },
};
static const Shape report_in = SHAPE("EvoteReportIn", BundleIn, report_fields);

static bool published(Evote *v, Call *c, int64_t evote, int64_t *volumes, Err *e)
{
    if (!work_evote_read(v, c, evote, e) || !work_evote_may_see(c, v, v->cycle, e) ||
        !work_evote_volumes(volumes, c, v, e))
        return false;
    return *volumes > 0 || work_evote_at(c, v, "closed", e);
}

static bool evote_report(Call *c, const void *in_, Jw *out, Err *e)
{
    const BundleIn *in = in_;
    Evote v;
    Str html;
    int64_t volumes;
    (void)out;
    return published(&v, c, in->evote, &volumes, e) && work_evote_html(&html, c, &v, e) &&
           call_answer_file(c, STRC("投票报告.html"), STRC("text/html; charset=utf-8"), html);
}

const UseCase work_evote_report = { "evote_report", "电子投票报告", WORK_READ, EVOTE_PEOPLE,
                                         &report_in, NULL, .file = true, .run = evote_report };

/* --- the zip ---------------------------------------------------------------------------------- */

typedef struct Bundle {
    PrintFile *files;
    size_t n;
} Bundle;

static bool add(Bundle *z, Call *c, const Evote *v, Str uuid, const char *name, Err *e)
{
    PrintFile *f = &z->files[z->n];
    if (!work_evote_has(c, v->id, uuid, name))
        return true;
    f->path = !uuid.n ? str_of(name)
              : str_is(str_of(name), "hints")
                  ? arena_text(c->a, "archives/%.*s.bel.hints", STR(uuid))
                  : arena_text(c->a, "archives/%.*s.%s", STR(uuid), name);
    z->n++;
    return work_evote_load(&f->bytes, c, v->id, uuid, name, e);
}

static void said_put(Jw *w, const char *key, const Str *said, size_t n)
{
    jw_key(w, key);
    jw_arr(w);
    for (size_t i = 0; i < n; i++)
        jw_str(w, said[i]);
    jw_end(w);
}

/* What every trustee said in public: with it and his key file alone he can work without a net. */
static bool ceremony_add(Bundle *z, Call *c, const Evote *v, Err *e)
{
    EvoteWords words;
    FactList boxes;
    if (!work_evote_words(&words, c, v, e) ||
        !call_list_id(&boxes, c, "evote_box", "evote", v->id, e))
        return false;
    Buf b = buf_open(TRUSTEES_BYTES_MAX * (int64_t)EVOTE_STEPS);
    Jw w = jw_open(&b);
    jw_obj(&w);
    said_put(&w, "certs", words.said[EVOTE_CERT], v->n_trustees);
    said_put(&w, "deals", words.said[EVOTE_DEAL], v->n_trustees);
    said_put(&w, "keys", words.said[EVOTE_KEY], v->n_trustees);
    jw_key(&w, "open"); /* a box with more ballots than slips drawn is not among them */
    jw_arr(&w);
    for (size_t i = 0; i < boxes.n; i++)
        if (!fact_bool(&boxes.items[i], "shut"))
            jw_str(&w, fact_str(c->a, &boxes.items[i], "uuid"));
    jw_end(&w);
    jw_end(&w);
    bool ok = jw_close(&w) || no_memory(e);
    z->files[z->n++] = (PrintFile){ STRC("archives/ceremony.json"),
                                    arena_str(c->a, buf_str(&b)) };
    buf_close(&b);
    return ok;
}

static bool papers_add(Bundle *z, Call *c, const Evote *v, Err *e)
{
    Str html;
    if (!work_evote_html(&html, c, v, e))
        return false;
    z->files[z->n++] = (PrintFile){ STRC("report.html"), html };
    if (!add(z, c, v, STRC(""), "trustees.json", e) || !ceremony_add(z, c, v, e))
        return false;
    for (int64_t turn = 1; turn <= v->turn; turn++) {
        const char *name = arena_z(c->a, arena_text(c->a, "replaced-%lld.json", (long long)turn));
        if (!name)
            return no_memory(e);
        if (!add(z, c, v, STRC(""), name, e))
            return false;
    }
    return true;
}

static bool zip_make(Str *zip, Call *c, const Evote *v, int64_t volume, Err *e)
{
    Bundle z = { .files = ARENA_ARRAY(c->a, PrintFile, 2 * v->n_boxes + 8 + EVOTE_SPARES) };
    int64_t *of = ARENA_ARRAY(c->a, int64_t, v->n_boxes), n;
    if (!z.files || !of)
        return no_memory(e);
    if (!volumes_of(of, &n, c, v, e) || (volume == 1 && !papers_add(&z, c, v, e)))
        return false;
    for (size_t i = 0; i < v->n_boxes; i++)
        if (of[i] == volume && (!add(&z, c, v, v->boxes[i].uuid, "bel", e) ||
                                !add(&z, c, v, v->boxes[i].uuid, "hints", e)))
            return false;
    return print_zip(zip, c->a, z.files, z.n, e);
}

static const ShapeField bundle_fields[] = {
    { "evote", SHAPE_ID, offsetof(BundleIn, evote), .required = true, .title = "电子投票" },
    { "volume", SHAPE_INT, offsetof(BundleIn, volume), .min = 1, .max = 10000, .title = "第几卷" },
};
static const Shape bundle_in = SHAPE("EvoteBundleIn", BundleIn, bundle_fields);

static bool evote_bundle(Call *c, const void *in_, Jw *out, Err *e)
{
    const BundleIn *in = in_;
    Evote v;
    Str zip;
    int64_t volumes, volume = in->volume ? in->volume : 1;
    (void)out;
    if (!published(&v, c, in->evote, &volumes, e))
        return false;
    if (volume > volumes)
        return err_fail(e, ERR_NOT_FOUND, err_hole("what", "这一卷"));
    return zip_make(&zip, c, &v, volume, e) &&
           call_answer_file(c, arena_text(c->a, "电子投票-%lld-%lld.zip", (long long)v.id,
                                          (long long)volume),
                            STRC("application/zip"), zip);
}

const UseCase work_evote_bundle = { "evote_bundle", "下载全部票箱存档和投票报告", WORK_READ,
                                    EVOTE_PEOPLE, &bundle_in, NULL, .file = true,
                                    .run = evote_bundle };
