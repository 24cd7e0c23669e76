#include "ballot/record.h"

#include <stdio.h>
#include <string.h>

/* --- records ---------------------------------------------------------------------------------- */

static void octal(char *out, int digits, int64_t v)
{
    for (int i = digits - 1; i >= 0; i--, v >>= 3)
        out[i] = (char)('0' + (v & 7));
}

void record_head(char out[BEL_RECORD], Str name, size_t size, int64_t timestamp)
{
    int64_t sum = 0;
    memset(out, 0, BEL_RECORD);
    memcpy(out, name.p, name.n);
    memcpy(out + 100, "0000644", 7);
    memcpy(out + 108, "0000000", 7);
    memcpy(out + 116, "0000000", 7);
    octal(out + 124, 11, (int64_t)size);
    octal(out + 136, 11, timestamp);
    memset(out + 148, ' ', 8);
    out[156] = '0';
    for (size_t i = 0; i < BEL_RECORD; i++)
        sum += (unsigned char)out[i];
    octal(out + 148, 6, sum);
    out[154] = 0;
}

size_t record_name(char out[RECORD_NAME], Hash h, bool event)
{
    static const char hex[] = "0123456789abcdef";
    const char *end = event ? ".event.json" : ".data.json";
    for (size_t i = 0; i < sizeof h.b; i++) {
        out[2 * i] = hex[h.b[i] >> 4];
        out[2 * i + 1] = hex[h.b[i] & 15];
    }
    memcpy(out + 64, end, strlen(end));
    return 64 + strlen(end);
}

static void put(Buf *out, Str name, Str body, int64_t timestamp)
{
    static const char zeros[BEL_RECORD] = { 0 };
    char head[BEL_RECORD];
    record_head(head, name, body.n, timestamp);
    buf_put(out, (Str){ head, sizeof head });
    buf_put(out, body);
    if (body.n % BEL_RECORD)
        buf_put(out, (Str){ zeros, BEL_RECORD - body.n % BEL_RECORD });
}

static Hash put_named(BelWriter *w, Str body, bool event)
{
    char name[RECORD_NAME];
    Hash h = hash_of(body);
    size_t n = record_name(name, h, event);
    put(w->out, (Str){ name, n }, body, w->timestamp);
    return h;
}

void record_event(Buf *out, int64_t height, Hash parent, const char *type, const Hash *payload)
{
    buf_putc(out, '{');
    if (height > 0) {
        canon_put_z(out, "\"parent\":\"");
        canon_put_hash(out, parent);
        canon_put_z(out, "\",");
    }
    canon_put_z(out, "\"height\":");
    canon_put_int(out, height);
    canon_put_z(out, ",\"type\":\"");
    canon_put_z(out, type);
    buf_putc(out, '"');
    if (payload) {
        canon_put_z(out, ",\"payload\":\"");
        canon_put_hash(out, *payload);
        buf_putc(out, '"');
    }
    buf_putc(out, '}');
}

static void put_event(BelWriter *w, const char *type, const Hash *payload)
{
    Buf b = buf_open(400);
    record_event(&b, w->height, w->parent, type, payload);
    if (b.failed)
        w->out->failed = true;
    w->parent = put_named(w, buf_str(&b), true);
    w->height++;
    buf_close(&b);
}

/* --- the archive ------------------------------------------------------------------------------ */

BelWriter bel_open(Buf *out, int64_t timestamp)
{
    BelWriter w = { .out = out, .timestamp = timestamp };
    char body[80];
    int n = snprintf(body, sizeof body, "{\"version\":1,\"timestamp\":\"%lld\"}",
                     (long long)timestamp);
    put(out, STRC("BELENIOS"), (Str){ body, (size_t)n }, timestamp);
    return w;
}

static void put_bound(BelWriter *w, Buf *b, const char *type)
{
    if (b->failed)
        w->out->failed = true;
    Hash h = put_named(w, buf_str(b), false);
    put_event(w, type, &h);
    buf_close(b);
}

void bel_setup(BelWriter *w, Str election, Str trustees, Str creds)
{
    Buf b = buf_open(400);
    Hash h[3] = { put_named(w, election, false), put_named(w, trustees, false),
                  put_named(w, creds, false) };
    record_setup(&b, h);
    put_bound(w, &b, "Setup");
}

void record_setup(Buf *out, const Hash h[3])
{
    canon_put_z(out, "{\"election\":\"");
    canon_put_hash(out, h[0]);
    canon_put_z(out, "\",\"trustees\":\"");
    canon_put_hash(out, h[1]);
    canon_put_z(out, "\",\"credentials\":\"");
    canon_put_hash(out, h[2]);
    canon_put_z(out, "\"}");
}

void record_sized(Buf *out, int64_t ballots, Hash tally)
{
    canon_put_z(out, "{\"num_tallied\":");
    canon_put_int(out, ballots);
    canon_put_z(out, ",\"total_weight\":");
    canon_put_int(out, ballots);
    canon_put_z(out, ",\"encrypted_tally\":\"");
    canon_put_hash(out, tally);
    canon_put_z(out, "\"}");
}

void bel_ballot(BelWriter *w, Str ballot)
{
    Hash h = put_named(w, ballot, false);
    put_event(w, "Ballot", &h);
}

void bel_end(BelWriter *w)
{
    put_event(w, "EndBallots", NULL);
}

void bel_tally(BelWriter *w, Str tally, int64_t ballots)
{
    Buf b = buf_open(400);
    record_sized(&b, ballots, put_named(w, tally, false));
    put_bound(w, &b, "EncryptedTally");
}

void bel_share(BelWriter *w, int64_t owner, Str share)
{
    Buf b = buf_open(400);
    Hash h = put_named(w, share, false);
    canon_put_z(&b, "{\"owner\":");
    canon_put_int(&b, owner);
    canon_put_z(&b, ",\"payload\":\"");
    canon_put_hash(&b, h);
    canon_put_z(&b, "\"}");
    put_bound(w, &b, "PartialDecryption");
}

void bel_result(BelWriter *w, Str result)
{
    Hash h = put_named(w, result, false);
    put_event(w, "Result", &h);
}

bool bel_close(const BelWriter *w, Err *e)
{
    return !w->out->failed || err_fail(e, ERR_NO_MEMORY, err_hole("what", "存档"));
}
