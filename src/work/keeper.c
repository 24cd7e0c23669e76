/* What a trustee does with archives and key files, without a server. */
#include "work/keeper.h"

#include "ballot/ballot.h"
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { KEY_BYTES_MAX = 1 << 20, CEREMONY_MAX = 4 << 20, BOXES_MAX = 2000, SHARE_ROOM = 1 << 22 };

typedef struct Keeper {
    const char *path;
    json_t *file;
    TrusteeRole role;
    TrusteeSeed seed;
    Scalar secret;
    TrusteePiece piece;
} Keeper;

typedef struct Given {               /* one box */
    Str uuid, path;
    Hash closed, tally;
    Str share[TRUSTEE_SET_MAX];      /* by keeper; empty: it stays shut */
    bool open;
} Given;

typedef struct Trust {
    const KeeperJob *job;
    Sys *sys;
    Arena *a;
    const char *dir;
    Coin coin;
    Keeper keepers[TRUSTEE_SET_MAX];
    size_t n_keepers;
    Str certs[TRUSTEE_SET_MAX], deals[TRUSTEE_SET_MAX];
    size_t n_certs;
    Map may;                         /* uuids that may be opened */
    Given *given;
    size_t n_given;
} Trust;

static bool full(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "存档"));
}

static bool not_ours(const char *path, const char *why, Err *e)
{
    return err_fail(e, ERR_TRUSTEE_FILE, err_hole("file", path), err_hole("why", why));
}

static const char *beside(Trust *t, Arena *a, Str name, const char *end)
{
    return arena_z(a, arena_text(a, "%s/%.*s%s", t->dir, STR(name), end));
}

static void say(Trust *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(Trust *t, const char *fmt, ...)
{
    char line[600];
    va_list args;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    t->job->say(line);
}

/* --- the key files ---------------------------------------------------------------------------- */

static bool hex_read(void *out, Trust *t, Str hex)
{
    Str bytes;
    if (hex.n != 64 || !hash_unhex(t->a, hex, &bytes) || bytes.n != 32)
        return false;
    memcpy(out, bytes.p, 32);
    return true;
}

static bool key_read(Keeper *k, Trust *t, const char *path, Err *e)
{
    Str text;
    k->path = path;
    if (!sys_file_read(&text, t->a, t->sys, path, KEY_BYTES_MAX, e) ||
        !jv_read(&k->file, text, path, e))
        return false;
    k->role = (TrusteeRole){ jv_int(k->file, "index"), jv_int(k->file, "threshold"),
                             jv_int(k->file, "size") };
    if (!hex_read(&k->seed, t, jv_str(k->file, "seed")) || k->role.index < 1 ||
        k->role.index > k->role.size || k->role.size > TRUSTEE_SET_MAX ||
        !json_is_object(jv_get(k->file, "tallies")))
        return not_ours(path, "内容不全", e);
    k->piece.index = k->role.index;
    return true;
}

static bool texts_read(Str *out, size_t *n, Trust *t, const json_t *rows)
{
    *n = jv_len(rows);
    for (size_t i = 0; i < *n && i < TRUSTEE_SET_MAX; i++)
        out[i] = arena_str(t->a, jv_text(jv_at(rows, i)));
    return *n <= TRUSTEE_SET_MAX;
}

/* What everybody said at the ceremony; it came with the archives. */
static bool ceremony_read(Trust *t, Err *e)
{
    Str text;
    json_t *v;
    size_t n_deals = 0;
    const char *path = beside(t, t->a, STRC("ceremony.json"), "");
    if (!path)
        return full(e);
    if (!sys_file_read(&text, t->a, t->sys, path, CEREMONY_MAX, e) ||
        !jv_read(&v, text, "ceremony.json", e))
        return false;
    bool ok = texts_read(t->certs, &t->n_certs, t, jv_get(v, "certs")) &&
              texts_read(t->deals, &n_deals, t, jv_get(v, "deals")) && n_deals == t->n_certs;
    const json_t *may = jv_get(v, "open");
    t->may = map_open(t->a);
    for (size_t i = 0; ok && i < jv_len(may); i++)
        ok = map_put(&t->may, arena_str(t->a, jv_text(jv_at(may, i))), t);
    jv_close(v);
    return ok || not_ours(path, "内容不全", e);
}

/* The certificates must be those that were read aloud at the ceremony. */
static bool secret_take(Keeper *k, Trust *t, Err *e)
{
    Buf key = buf_open(TRUSTEES_BYTES_MAX);
    Str heard = jv_str(k->file, "fingerprint");
    Hash all = trustee_fingerprint(t->certs, t->n_certs);
    bool ok = ((int64_t)t->n_certs == k->role.size && str_eq(heard, hash_hex(t->a, all))) ||
              not_ours(k->path, "各保管人的身份与仪式上宣读的不同", e);
    ok = ok && trustee_take(&key, &k->secret, &k->seed, k->role, t->certs, t->deals,
                            jv_str(k->file, "name"), e);
    buf_close(&key);
    return ok;
}

/* --- one box ---------------------------------------------------------------------------------- */

static bool hints_read(BelCheck *check, Trust *t, Arena *a, Str name, Err *e)
{
    const char *path = beside(t, a, name, ".hints");
    sys_random(t->sys, check->seed, sizeof check->seed);
    check->hints = STRC("");
    return !path || !sys_exists(t->sys, path) ||
           sys_file_read(&check->hints, a, t->sys, path, SYS_FILE_MAX, e);
}

static bool share_of(Given *g, Trust *t, size_t keeper, Arena *a, Str bytes, const BelCheck *check,
                     Err *e)
{
    Keeper *k = &t->keepers[keeper];
    Bel bel;
    Hash before;
    Buf share = buf_open(SHARE_ROOM);
    Str known = jv_str(jv_get(k->file, "tallies"), arena_z(a, g->uuid));
    bool again = hash_read(&before, known);
    BelGive give = { check, &k->secret, k->role.index + 1, again ? &before : NULL };
    bool ok = bel_give(&share, &g->tally, &bel, a, bytes, &give, &t->coin, e);
    if (ok) {
        g->closed = bel.closed;
        g->share[keeper] = arena_str(t->a, buf_str(&share));
        ok = (g->share[keeper].n && str_eq(bel.election.uuid, g->uuid)) ||
             not_ours(arena_z(a, g->path), "文件名与选举编号不同", e);
    }
    buf_close(&share);
    return ok;
}

/* Below the floor, or empty: it stays shut, which is no fault. */
static bool box_give(Given *g, Trust *t, Err *e)
{
    Arena *a = arena_open((size_t)BEL_BYTES_MAX);
    Str bytes;
    BelCheck check;
    const char *path = a ? beside(t, a, g->path, "") : NULL;
    bool ok = (path || full(e)) &&
              sys_file_read(&bytes, a, t->sys, path, SYS_FILE_MAX, e) &&
              hints_read(&check, t, a, g->path, e);
    g->open = ok;
    for (size_t i = 0; ok && g->open && i < t->n_keepers; i++) {
        ok = share_of(g, t, i, a, bytes, &check, e);
        if (!ok && (e->code == ERR_BEL_FLOOR || e->code == ERR_BEL_UNFINISHED)) {
            err_clear(e);
            g->open = false;
            ok = true;
        }
    }
    arena_close(a);
    if (ok && g->open)
        say(t, "%.*s　核验无误　%.*s", STR(g->uuid), STR(hash_hex(t->a, g->closed)));
    else if (ok)
        say(t, "%.*s　没有可开的票或票数不到下限，保持不开", STR(g->uuid));
    return ok || err_note(e, "verifying %.*s", STR(g->path));
}

static bool boxes_give(Trust *t, Err *e)
{
    SysNames names;
    if (!sys_dir_list(&names, t->a, t->sys, t->dir, e))
        return false;
    if (!(t->given = ARENA_ARRAY(t->a, Given, names.n)))
        return full(e);
    for (size_t i = 0; i < names.n && t->n_given < BOXES_MAX; i++) {
        Str name = names.names[i];
        if (!str_ends(name, STRC(".bel")) || str_ends(name, STRC(".opened.bel")))
            continue;
        Given *g = &t->given[t->n_given++];
        g->path = name;
        g->uuid = str_sub(name, 0, name.n - 4);
        if (!map_get(&t->may, g->uuid))
            say(t, "%.*s　不在可开票箱之列，不给份额", STR(g->uuid));
        else if (!box_give(g, t, e))
            return false;
    }
    return t->n_given > 0 || err_fail(e, ERR_NOT_FOUND, err_hole("what", "票箱存档（*.bel）"));
}

/* --- what is said and written ----------------------------------------------------------------- */

static void whole_say(Trust *t)
{
    Buf all = buf_open(1 << 20); /* names of files are sorted: so are the lines */
    for (size_t i = 0; i < t->n_given; i++)
        if (t->given[i].open)
            buf_fmt(&all, "%.*s|%.*s", STR(t->given[i].uuid),
                    STR(hash_hex(t->a, t->given[i].closed)));
    say(t, "全部票箱合在一起：%.*s\n请与大屏幕比对，一致才交出份额文件。",
           STR(hash_hex(t->a, hash_of(buf_str(&all)))));
    buf_close(&all);
}

static bool key_save(Keeper *k, Trust *t, Err *e)
{
    json_t *tallies = json_object_get(k->file, "tallies");
    Buf b = buf_open(KEY_BYTES_MAX);
    for (size_t i = 0; i < t->n_given; i++)
        if (t->given[i].open &&
            json_object_set_new(tallies, arena_z(t->a, t->given[i].uuid),
                                jv_new(hash_hex(t->a, t->given[i].tally))) != 0)
            return full(e);
    bool ok = jv_canon(&b, k->file, e) && sys_file_write(t->sys, k->path, buf_str(&b), e);
    buf_close(&b);
    return ok;
}

static bool shares_save(Trust *t, Err *e)
{
    for (size_t i = 0; i < t->n_given; i++)
        for (size_t k = 0; t->given[i].open && k < t->n_keepers; k++) {
            const char *path = beside(t, t->a, t->given[i].uuid,
                                      arena_z(t->a, arena_text(t->a, ".share-%lld.json",
                                              (long long)t->keepers[k].role.index)));
            if (!path)
                return full(e);
            if (!sys_file_write(t->sys, path, t->given[i].share[k], e))
                return false;
        }
    return true;
}

/* --- opened right here ------------------------------------------------------------------------ */

static bool server_join(Scalar *out, Trust *t, Point key, Err *e)
{
    TrusteePiece pieces[TRUSTEE_SET_MAX];
    size_t need = (size_t)t->keepers[0].role.threshold;
    if (t->n_keepers < need)
        return err_fail(e, ERR_TRUSTEE_PIECES);
    for (size_t i = 0; i < need; i++) {
        pieces[i].index = t->keepers[i].role.index;
        if (!hex_read(&pieces[i].value, t, jv_str(t->keepers[i].file, "piece")))
            return not_ours(t->keepers[i].path, "没有信封里的钥匙", e);
    }
    return trustee_join(out, pieces, need, key, e);
}

static bool server_share(Buf *out, Trust *t, const Bel *bel, Err *e)
{
    Scalar secret = scalar_int(0);
    bool ok = server_join(&secret, t, bel->trustees.members[0].key, e) &&
              tally_share(out, &bel->election, &bel->tally, &secret, &t->coin, e);
    scalar_close(&secret);
    return ok;
}

static bool has_share(const Bel *bel, int64_t owner)
{
    for (size_t i = 0; i < bel->n_shares; i++)
        if (bel->shares[i].owner == owner)
            return true;
    return false;
}

static bool result_put(Buf *archive, Arena *a, const BelCheck *check, Err *e)
{
    Bel bel;
    Buf result = buf_open(SHARE_ROOM);
    bool ok = bel_verify(&bel, a, buf_str(archive), check, e) && bel_count(&result, &bel, e);
    if (ok) {
        BelWriter w = bel_resume(&bel, archive);
        bel_result(&w, buf_str(&result));
        ok = bel_close(&w, e) && bel_verify(&bel, a, buf_str(archive), check, e);
    }
    buf_close(&result);
    return ok;
}

static bool box_open(const Given *g, Trust *t, Arena *a, Buf *archive, Err *e)
{
    Str bytes;
    Bel bel;
    BelCheck check;
    Buf server = buf_open(SHARE_ROOM);
    const char *from = beside(t, a, g->path, ""), *to = beside(t, a, g->uuid, ".opened.bel");
    bool ok = ((from && to) || full(e)) &&
              sys_file_read(&bytes, a, t->sys, from, SYS_FILE_MAX, e) &&
              hints_read(&check, t, a, g->path, e) && bel_verify(&bel, a, bytes, &check, e);
    if (ok && bel.stage != BEL_DONE) {
        buf_put(archive, bytes);
        BelWriter w = bel_resume(&bel, archive);
        ok = has_share(&bel, 1) || server_share(&server, t, &bel, e);
        if (ok && !has_share(&bel, 1))
            bel_share(&w, 1, buf_str(&server));
        for (size_t k = 0; ok && k < t->n_keepers; k++)
            if (!has_share(&bel, t->keepers[k].role.index + 1))
                bel_share(&w, t->keepers[k].role.index + 1, g->share[k]);
        ok = ok && bel_close(&w, e) && result_put(archive, a, &check, e) &&
             sys_file_write(t->sys, to, buf_str(archive), e);
    }
    buf_close(&server);
    return ok;
}

static bool boxes_open(Trust *t, Err *e)
{
    for (size_t i = 0; i < t->n_given; i++) {
        if (!t->given[i].open)
            continue;
        Arena *a = arena_open((size_t)BEL_BYTES_MAX);
        Buf archive = buf_open(BEL_BYTES_MAX);
        bool ok = (a || full(e)) && box_open(&t->given[i], t, a, &archive, e);
        buf_close(&archive);
        arena_close(a);
        if (!ok)
            return err_note(e, "opening %.*s", STR(t->given[i].path));
        say(t, "%.*s　已开箱：%.*s.opened.bel", STR(t->given[i].uuid), STR(t->given[i].uuid));
    }
    return true;
}

static bool run(Trust *t, Err *e)
{
    for (size_t i = 0; i < t->n_keepers; i++)
        if (!key_read(&t->keepers[i], t, t->job->keys[i], e))
            return false;
    if (!ceremony_read(t, e))
        return false;
    for (size_t i = 0; i < t->n_keepers; i++)
        if (!secret_take(&t->keepers[i], t, e))
            return false;
    if (!boxes_give(t, e))
        return false;
    whole_say(t);
    for (size_t i = 0; i < t->n_keepers; i++)
        if (!key_save(&t->keepers[i], t, e))
            return false;
    return shares_save(t, e) && (!t->job->open || boxes_open(t, e));
}

static void trust_close(Trust *t)
{
    for (size_t i = 0; i < t->n_keepers; i++) {
        jv_close(t->keepers[i].file);
        scalar_close(&t->keepers[i].secret);
        scalar_close(&t->keepers[i].piece.value);
    }
    coin_close(&t->coin);
    arena_close(t->a); /* t is in it */
}

bool work_keeper(Sys *sys, const KeeperJob *job, Err *e)
{
    unsigned char seed[32];
    Arena *a = arena_open(1u << 30);
    Trust *t = a ? ARENA_NEW(a, Trust) : NULL;
    if (!t || job->n_keys > TRUSTEE_SET_MAX) {
        arena_close(a);
        return full(e);
    }
    sys_random(sys, seed, sizeof seed);
    *t = (Trust){ .job = job, .sys = sys, .a = a, .dir = job->dir, .n_keepers = job->n_keys,
                  .coin = coin_open(seed) };
    bool ok = run(t, e);
    trust_close(t);
    return ok;
}
