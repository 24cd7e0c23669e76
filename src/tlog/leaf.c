#include "tlog/leaf.h"
#include "tlog/tlog.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD_MAX = 512,               /* envelope without the kind's name */
    FIELD_MAX = LEAF_NAME_MAX + 33
};

struct LeafRun {
    HashRun *hash;
    LeafField fields[LEAF_FIELDS_MAX];
    size_t n_fields;
    size_t n;                     /* bytes of data used */
    char data[HEAD_MAX + LEAF_NAME_MAX + LEAF_FIELDS_MAX * FIELD_MAX];
};

LeafRun *leaf_open(void)
{
    LeafRun *run = malloc(sizeof *run);
    if (!run)
        return NULL;
    run->hash = hash_open();
    if (!run->hash) {
        free(run);
        return NULL;
    }
    return run;
}

void leaf_close(LeafRun *run)
{
    if (!run)
        return;
    hash_close(run->hash);
    free(run);
}

/* The digest that holds the salts of fields 2 * pair and 2 * pair + 1. */
static Hash salts_of(LeafRun *run, const Hash *secret, size_t pair)
{
    char number = (char)pair;
    hash_add(run->hash, hash_bytes(secret));
    hash_add(run->hash, (Str){ &number, 1 });
    return hash_end(run->hash);
}

static LeafSalt half_of(const Hash *two, size_t i)
{
    LeafSalt salt;
    memcpy(salt.b, two->b + i % 2 * sizeof salt.b, sizeof salt.b);
    return salt;
}

LeafSalt leaf_salt(LeafRun *run, Hash secret, size_t i)
{
    Hash two = salts_of(run, &secret, i / 2);
    return half_of(&two, i);
}

Hash leaf_field_hash(LeafRun *run, LeafSalt salt, Str value)
{
    hash_add(run->hash, (Str){ (const char *)salt.b, sizeof salt.b });
    hash_add(run->hash, value);
    return hash_end(run->hash);
}

/* Inlined, so that literals become plain stores. */
static inline void put(LeafRun *run, Str s)
{
    memcpy(run->data + run->n, s.p, s.n);
    run->n += s.n;
}

/* "name 123\n": by hand, because printf would cost more than the hash. */
static inline void put_int(LeafRun *run, Str name, int64_t v)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = v < 0 ? -(uint64_t)v : (uint64_t)v;
    put(run, name);
    put(run, v < 0 ? STRC(" -") : STRC(" "));
    for (; left >= 10; left /= 10)
        digits[--at] = (char)('0' + left % 10);
    run->data[run->n++] = (char)('0' + left);
    for (; at < sizeof digits; at++)
        run->data[run->n++] = digits[at];
    run->data[run->n++] = '\n';
}

static void put_day(LeafRun *run, Str name, Day d)
{
    char text[12] = " 0000-00-00";
    put(run, name);
    if (d == DAY_NONE) {
        put(run, STRC(" -\n"));
        return;
    }
    DayParts p = day_parts(d);
    for (int i = 4, y = p.year; i >= 1; i--, y /= 10)
        text[i] = (char)('0' + y % 10);
    text[6] = (char)('0' + p.month / 10), text[7] = (char)('0' + p.month % 10);
    text[9] = (char)('0' + p.day / 10), text[10] = (char)('0' + p.day % 10);
    put(run, (Str){ text, 11 });
    put(run, STRC("\n"));
}

static void put_field(LeafRun *run, Str name, Hash h)
{
    put(run, name);
    run->data[run->n++] = '\n';
    put(run, hash_bytes(&h));
}

static void put_envelope(LeafRun *run, const Leaf *f)
{
    put(run, STRC("fact/1\n"));
    put_int(run, STRC("region"), f->region);
    put_int(run, STRC("id"), f->id);
    put(run, STRC("kind "));
    put(run, f->kind);
    put(run, STRC("\n"));
    put_int(run, STRC("org"), f->org);
    put_int(run, STRC("subject"), f->subject);
    put_day(run, STRC("occurred_on"), f->occurred_on);
    put_int(run, STRC("received_at"), f->received_at);
    put_int(run, STRC("who"), f->who);
    put_int(run, STRC("behalf"), f->behalf);
    put_int(run, STRC("corrects"), f->corrects);
    put(run, leaf_is_strike(f) ? STRC("body null\n") : STRC("body object\n"));
}

static void put_whole(LeafRun *run, const Leaf *f, const LeafField *fields, size_t n)
{
    Hash two = { { 0 } };
    for (size_t i = 0; i < n; i++) {
        if (i % 2 == 0)
            two = salts_of(run, &f->secret, i / 2);
        put_field(run, fields[i].name, leaf_field_hash(run, half_of(&two, i), fields[i].value));
    }
}

static bool marks_differ(Err *e)
{
    return err_fail(e, ERR_LEAF_LINE, err_hole("why", "fields and marks differ"));
}

/* Marks name every field there ever was, in order; the body holds exactly the kept ones. */
static bool put_marked(LeafRun *run, const Leaf *f, Err *e)
{
    size_t used = 0;
    if (f->n_marks > LEAF_FIELDS_MAX)
        return marks_differ(e);
    for (size_t i = 0; i < f->n_marks; i++) {
        const LeafMark *m = &f->marks[i];
        if (!leaf_name_ok(m->name) || (i && str_cmp(f->marks[i - 1].name, m->name) >= 0))
            return marks_differ(e);
        if (!m->kept) {
            put_field(run, m->name, m->hash);
            continue;
        }
        if (used == run->n_fields || !str_eq(run->fields[used].name, m->name))
            return marks_differ(e);
        put_field(run, m->name, leaf_field_hash(run, m->salt, run->fields[used++].value));
    }
    return used == run->n_fields || marks_differ(e);
}

static Hash hash_data(LeafRun *run)
{
    hash_add(run->hash, (Str){ "\0", 1 });
    hash_add(run->hash, (Str){ run->data, run->n });
    return hash_end(run->hash);
}

Hash leaf_hash_split(LeafRun *run, const Leaf *f, const LeafField *fields, size_t n)
{
    run->n = 0;
    put_envelope(run, f);
    put_whole(run, f, fields, n);
    return hash_data(run);
}

bool leaf_hash(Hash *out, LeafRun *run, const Leaf *f, Err *e)
{
    if (!leaf_name_ok(f->kind))
        return err_fail(e, ERR_LEAF_BODY, err_hole("at", 0), err_hole("why", "kind"));
    if (!leaf_split(run->fields, &run->n_fields, f->body, e))
        return false;
    if (!f->erased)
        return *out = leaf_hash_split(run, f, run->fields, run->n_fields), true;
    run->n = 0;
    put_envelope(run, f);
    if (!put_marked(run, f, e))
        return false;
    *out = hash_data(run);
    return true;
}

HashRun *leaf_hasher(LeafRun *run)
{
    return run->hash;
}

bool leaf_is_strike(const Leaf *leaf)
{
    return str_is(leaf->body, "null");
}
