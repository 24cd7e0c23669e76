/* The server's key is lost: the trustees give the pieces from their envelopes, and any k of them
 * make it again. Nothing is believed before g^key is the key that trustees.json lists. */
#include "work/areas.h"
#include "work/evote.h"

#include <string.h>

enum { TRIES_MAX = 20000 };

static bool no_memory(Err *e)
{
    return err_fail(e, ERR_NO_MEMORY, err_hole("what", "服务器的钥匙"));
}

typedef struct PieceIn {
    int64_t evote;
    Str pass, piece;
} PieceIn;
static const ShapeField piece_fields[] = {
    { "evote", SHAPE_ID, offsetof(PieceIn, evote), .required = true, .title = "电子投票" },
    { "pass", SHAPE_TEXT, offsetof(PieceIn, pass), .required = true, .max = 100, .title = "口令" },
    { "piece", SHAPE_TEXT, offsetof(PieceIn, piece), .required = true, .max = 100,
      .title = "信封里的钥匙" },
};
static const Shape piece_in = SHAPE("DeskPieceIn", PieceIn, piece_fields);
static const ShapeField given_fields[] = {
    { "given", SHAPE_INT, .required = true },
    { "need", SHAPE_INT, .required = true },
    { "joined", SHAPE_BOOL, .required = true },
};
static const Shape given_out = SHAPE_REPLY("DeskPieces", given_fields);

typedef struct Rescue {
    const PieceIn *in;
    Evote v;
    int64_t post;
    Str text[TRUSTEE_SET_MAX];   /* by trustee; "" until given */
    TrusteePiece pieces[TRUSTEE_SET_MAX];
    size_t n;
    Point key;
} Rescue;

static bool rescue_guard(Call *c, void *arg, Err *e)
{
    Rescue *k = arg;
    static const char *const before[] = { "ceremony", "cancelled", "destroyed" };
    if (!work_evote_enter(&k->v, &k->post, c, k->in->evote, k->in->pass, e))
        return false;
    if (k->post == 0)
        return err_fail(e, ERR_EVOTE_POST);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (str_is(k->v.state, before[i]))
            return work_evote_at(c, &k->v, "open", e);
    return true;
}

/* --- the pieces so far ---------------------------------------------------------------------- */

static bool piece_read(Scalar *out, Call *c, Str hex)
{
    Str bytes;
    if (hex.n != 2 * sizeof out->b || !hash_unhex(c->a, hex, &bytes) || bytes.n != sizeof out->b)
        return false;
    memcpy(out->b, bytes.p, sizeof out->b);
    return true;
}

static bool pieces_load(Rescue *k, Call *c, Err *e)
{
    Str text = STRC("");
    if (work_evote_has(c, k->v.id, STRC(""), EVOTE_PIECES_FILE) &&
        !work_evote_load(&text, c, k->v.id, STRC(""), EVOTE_PIECES_FILE, e))
        return false;
    for (size_t i = 0; i < k->v.n_trustees; i++)
        str_cut(text, STRC("\n"), &k->text[i], &text);
    k->text[k->post - 1] = k->in->piece; /* a later one of his replaces the earlier */
    for (size_t i = 0; i < k->v.n_trustees; i++) {
        k->pieces[k->n].index = (int64_t)i + 1;
        if (k->text[i].n && piece_read(&k->pieces[k->n].value, c, k->text[i]))
            k->n++;
    }
    return true;
}

static bool lines_save(Rescue *k, Call *c, const char *name, const Scalar *secret, Err *e)
{
    Buf out = buf_open(SYS_PIPE_CHUNK);
    if (secret) {
        buf_put(&out, hash_hex_bytes(c->a, (Str){ (const char *)secret->b, sizeof secret->b }));
        buf_putc(&out, '\n');
    }
    for (size_t i = 0; i < k->v.n_trustees; i++) {
        buf_put(&out, k->text[i]);
        buf_putc(&out, '\n');
    }
    bool ok = (!out.failed || no_memory(e)) &&
              work_evote_save(c, k->v.id, STRC(""), name, buf_str(&out), e);
    buf_close(&out);
    return ok;
}

static bool key_of_server(Rescue *k, Call *c, Err *e)
{
    Str text;
    Trustees tr;
    if (!work_evote_load(&text, c, k->v.id, STRC(""), "trustees.json", e) ||
        !trustees_read(&tr, c->a, text, e))
        return false;
    k->key = tr.members[0].key;
    return true;
}

/* What is not among the pieces that made the key may be false: it is not kept. */
static void keep_true(Rescue *k, const TrusteePiece *chosen, size_t n)
{
    for (size_t i = 0; i < k->v.n_trustees; i++) {
        bool in = false;
        for (size_t c = 0; c < n; c++)
            in = in || chosen[c].index == (int64_t)i + 1;
        if (!in)
            k->text[i] = STRC("");
    }
}

/* Every choice of k pieces, so that a false one does not spoil the true ones. Choices are the
 * numbers with k bits, each the next greater one. */
static bool join(Scalar *out, Rescue *k)
{
    size_t need = (size_t)k->v.threshold;
    uint64_t end = (uint64_t)1 << k->n, set = ((uint64_t)1 << need) - 1;
    for (int tries = 0; set < end && tries < TRIES_MAX; tries++) {
        TrusteePiece chosen[TRUSTEE_SET_MAX];
        size_t n = 0;
        Err quiet = { 0 };
        for (size_t i = 0; i < k->n; i++)
            if (set >> i & 1)
                chosen[n++] = k->pieces[i];
        if (trustee_join(out, chosen, n, k->key, &quiet)) {
            keep_true(k, chosen, n);
            return true;
        }
        uint64_t low = set & -set, next = set + low;
        set = (((next ^ set) >> 2) / low) | next;
    }
    return false;
}

static bool pieces_take(bool *joined, Rescue *k, Call *c, Err *e)
{
    Scalar secret, check;
    *joined = work_evote_has(c, k->v.id, STRC(""), "server.key");
    if (*joined)
        return true; /* nothing is lost: no piece is wanted, none is kept */
    if (!piece_read(&check, c, k->in->piece))
        return err_fail(e, ERR_EVOTE_PIECE);
    if (!pieces_load(k, c, e) || !key_of_server(k, c, e) ||
        !lines_save(k, c, EVOTE_PIECES_FILE, NULL, e))
        return false;
    if ((int64_t)k->n < k->v.threshold)
        return true;
    if (!join(&secret, k))
        return err_fail(e, ERR_EVOTE_PIECES, err_hole("n", (int64_t)k->n));
    const char *path = work_evote_path(c, k->v.id, STRC(""), EVOTE_PIECES_FILE);
    *joined = lines_save(k, c, "server.key", &secret, e) && (path || no_memory(e)) &&
              sys_file_remove(work_sys(c->w), path, e);
    scalar_close(&secret);
    return *joined;
}

static bool booth_piece(Call *c, const void *in_, Jw *out, Err *e)
{
    Rescue k = { .in = in_ };
    bool joined = false;
    work_urns_alone(c); /* two trustees at once would overwrite each other's piece */
    bool ok = call_read(c, rescue_guard, &k, e) && pieces_take(&joined, &k, c, e);
    work_urn_leave(c);
    if (ok) {
        jw_kint(out, "given", (int64_t)k.n);
        jw_kint(out, "need", k.v.threshold);
        jw_kbool(out, "joined", joined);
    }
    for (size_t i = 0; i < TRUSTEE_SET_MAX; i++)
        scalar_close(&k.pieces[i].value);
    return ok;
}

const UseCase work_booth_piece = { "booth_piece", "保管人交回信封里的钥匙，合出服务器的钥匙", WORK_OUTSIDE,
                                   WORK_ANYBODY, &piece_in, &given_out, .run = booth_piece };
