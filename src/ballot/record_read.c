/* The archive's structure: headers, names, chain of events, order of things. What they say is not
 * looked at here. */
#include "ballot/record.h"

#include <stdio.h>
#include <string.h>

static bool fail_record(RecordRun *r, ErrCode code, Err *e)
{
    char where[100], where_en[100];
    snprintf(where, sizeof where, "存档第%lld条记录（第%lld字节起）", (long long)r->n + 1,
             (long long)r->at);
    snprintf(where_en, sizeof where_en, "record %lld of the archive (from byte %lld)",
             (long long)r->n + 1, (long long)r->at);
    return err_fail(e, code, err_hole("where", where), err_hole("where_en", where_en),
                    err_hole("at", r->at));
}

static bool octal_read(int64_t *out, const char *p, int digits)
{
    int64_t v = 0;
    for (int i = 0; i < digits; i++) {
        if (p[i] < '0' || p[i] > '7')
            return false;
        v = v << 3 | (p[i] - '0');
    }
    *out = v;
    return true;
}

/* The next record's body; its name and header must be those that would be written. */
static bool take(Record *out, RecordRun *r, Err *e)
{
    char head[BEL_RECORD], name[RECORD_NAME];
    int64_t size;
    Record got;
    Str rest = str_sub(r->bytes, r->at, r->bytes.n);
    if (rest.n < BEL_RECORD || !octal_read(&size, rest.p + 124, 11) ||
        size > (int64_t)(rest.n - BEL_RECORD))
        return fail_record(r, ERR_BEL_CHAIN, e);
    size_t padded = ((size_t)size + BEL_RECORD - 1) / BEL_RECORD * BEL_RECORD;
    got.body = str_sub(rest, BEL_RECORD, (size_t)size);
    if (padded > rest.n - BEL_RECORD)
        return fail_record(r, ERR_BEL_CHAIN, e);
    for (size_t i = (size_t)size; i < padded; i++)
        if (rest.p[BEL_RECORD + i])
            return fail_record(r, ERR_BEL_CHAIN, e);
    got.hash = hash_of(got.body);
    got.event = memcmp(rest.p + 64, ".event.json", 11) == 0;
    size_t n = record_name(name, got.hash, got.event);
    record_head(head, (Str){ name, n }, (size_t)size, r->timestamp);
    if (memcmp(head, rest.p, BEL_RECORD) != 0)
        return fail_record(r, ERR_BEL_CHAIN, e);
    r->at += BEL_RECORD + padded;
    r->n++;
    *out = got;
    return true;
}

static bool take_data(Record *out, RecordRun *r, Err *e)
{
    RecordRun before = *r;
    return take(out, r, e) && (!out->event || fail_record(&before, ERR_BEL_CHAIN, e));
}

/* "BELENIOS" with version and timestamp. */
static bool take_first(RecordRun *r, Err *e)
{
    static const char zeros[BEL_RECORD] = { 0 };
    char head[BEL_RECORD];
    int64_t size;
    if (r->bytes.n < 2 * BEL_RECORD || memcmp(r->bytes.p, "BELENIOS", 9) != 0 ||
        !octal_read(&size, r->bytes.p + 124, 11) || size > 80)
        return fail_record(r, ERR_BEL_CHAIN, e);
    Canon c = canon_open(str_sub(r->bytes, BEL_RECORD, (size_t)size));
    canon_lit(&c, "{\"version\":");
    if (canon_int(&c) != 1 && !c.bad)
        return err_fail(e, ERR_BEL_UNSUPPORTED, err_hole("what", "第1版以外的存档"),
                        err_hole("what_en", "an archive of another version"));
    canon_lit(&c, ",\"timestamp\":\"");
    r->timestamp = canon_int(&c);
    canon_lit(&c, "\"}");
    if (!canon_end(&c))
        return fail_record(r, ERR_BEL_FORM, e);
    record_head(head, STRC("BELENIOS"), (size_t)size, r->timestamp);
    if (r->timestamp >= INT64_C(1) << 33 || memcmp(head, r->bytes.p, BEL_RECORD) != 0 ||
        memcmp(r->bytes.p + BEL_RECORD + size, zeros, BEL_RECORD - (size_t)size) != 0)
        return fail_record(r, ERR_BEL_CHAIN, e);
    r->at = 2 * BEL_RECORD;
    r->n = 1;
    return true;
}

/* Is the event the next of the chain, of this type, about this payload? */
static bool is_event(RecordRun *r, const Record *event, const char *type, const Hash *payload)
{
    Buf b = buf_open(400);
    record_event(&b, r->height, r->parent, type, payload);
    bool same = !b.failed && str_eq(buf_str(&b), event->body);
    buf_close(&b);
    if (same) {
        r->parent = event->hash;
        r->height++;
    }
    return same;
}

static bool take_setup(RecordRun *r, Err *e)
{
    Record part[3], bound, event;
    for (int i = 0; i < 3; i++)
        if (!take_data(&part[i], r, e))
            return false;
    RecordRun before = *r;
    if (!take_data(&bound, r, e))
        return false;
    Buf b = buf_open(400);
    record_setup(&b, (Hash[]){ part[0].hash, part[1].hash, part[2].hash });
    bool same = !b.failed && str_eq(buf_str(&b), bound.body);
    buf_close(&b);
    if (!same)
        return fail_record(&before, ERR_BEL_CHAIN, e);
    before = *r;
    if (!take(&event, r, e))
        return false;
    if (!event.event || !is_event(r, &event, "Setup", &bound.hash))
        return fail_record(&before, ERR_BEL_CHAIN, e);
    r->election = part[0].body;
    r->trustees = part[1].body;
    r->creds = part[2].body;
    return true;
}

bool record_open(RecordRun *out, Str bytes, Err *e)
{
    RecordRun r = { .bytes = bytes };
    if ((int64_t)bytes.n > BEL_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "存档"), err_hole("max", BEL_BYTES_MAX));
    if (!take_first(&r, e) || !take_setup(&r, e))
        return false;
    *out = r;
    return true;
}

static bool unsupported(Err *e)
{
    return err_fail(e, ERR_BEL_UNSUPPORTED, err_hole("what", "打乱（混洗）事件"),
                    err_hole("what_en", "shuffles"));
}

/* One payload: a ballot or the result. Two: the second binds the first. */
static bool one_payload(RecordStep *out, RecordRun *r, const Record *first, const Record *event)
{
    if (is_event(r, event, "Ballot", &first->hash))
        out->kind = RECORD_BALLOT;
    else if (is_event(r, event, "Result", &first->hash))
        out->kind = RECORD_RESULT;
    else
        return false;
    out->body = first->body;
    out->hash = first->hash;
    return true;
}

static bool read_sized(RecordStep *out, const Record *first, Str text)
{
    Canon c = canon_open(text);
    canon_lit(&c, "{\"num_tallied\":");
    out->number = canon_int(&c);
    canon_lit(&c, ",\"total_weight\":");
    out->weight = canon_int(&c);
    canon_lit(&c, ",\"encrypted_tally\":\"");
    Hash h = canon_hash(&c);
    canon_lit(&c, "\"}");
    return canon_end(&c) && hash_eq(h, first->hash);
}

static bool read_owned(RecordStep *out, const Record *first, Str text)
{
    Canon c = canon_open(text);
    canon_lit(&c, "{\"owner\":");
    out->number = canon_int(&c);
    canon_lit(&c, ",\"payload\":\"");
    Hash h = canon_hash(&c);
    canon_lit(&c, "\"}");
    return canon_end(&c) && hash_eq(h, first->hash);
}

static bool two_payloads(RecordStep *out, RecordRun *r, const Record *first, const Record *bound,
                         const Record *event)
{
    if (is_event(r, event, "EncryptedTally", &bound->hash))
        out->kind = RECORD_TALLY;
    else if (is_event(r, event, "PartialDecryption", &bound->hash))
        out->kind = RECORD_SHARE;
    else
        return false;
    out->body = first->body;
    out->hash = first->hash;
    return out->kind == RECORD_TALLY ? read_sized(out, first, bound->body)
                                     : read_owned(out, first, bound->body);
}

bool record_next(RecordStep *out, RecordRun *r, Err *e)
{
    Record part[3];
    RecordStep step = { .from = r->n };
    RecordRun before = *r;
    size_t n = 0;
    do {
        before = *r;
        if (!take(&part[n], r, e))
            return false;
    } while (!part[n++].event && n < 3);
    const Record *event = &part[n - 1];
    if (!event->event || r->height >= BEL_EVENTS_MAX)
        return fail_record(&before, ERR_BEL_CHAIN, e);
    if ((n == 3 && is_event(r, event, "Shuffle", &part[1].hash)) ||
        (n == 1 && is_event(r, event, "EndShuffles", NULL)))
        return unsupported(e);
    bool ok = n == 1 ? is_event(r, event, "EndBallots", NULL) :
              n == 2 ? one_payload(&step, r, &part[0], event) :
                       two_payloads(&step, r, &part[0], &part[1], event);
    if (n == 1)
        step.kind = RECORD_END;
    if (!ok)
        return fail_record(&before, ERR_BEL_CHAIN, e);
    *out = step;
    return true;
}

bool record_fail(const RecordStep *step, ErrCode code, Err *e)
{
    char where[100], where_en[100];
    snprintf(where, sizeof where, "存档第%lld条记录", (long long)step->from + 1);
    snprintf(where_en, sizeof where_en, "record %lld of the archive", (long long)step->from + 1);
    return err_fail(e, code, err_hole("where", where), err_hole("where_en", where_en));
}
