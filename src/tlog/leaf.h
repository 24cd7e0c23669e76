/* leaf: what one fact contributes to the log, so that anybody can recompute it, and the export
 * line that carries it (README.md specifies both byte by byte).
 *
 * A leaf commits to the envelope in clear and to every field of the body through a salted hash:
 *     salt(i) = half i % 2 of SHA-256(secret || byte(i / 2)), field i in the order of names
 *     hash(i) = SHA-256(salt(i) || value)
 * so one field can be disclosed (value and salt) or erased (hash only) while the leaf stays.
 *
 *     LeafRun *run = leaf_open();
 *     Hash h;
 *     if (!leaf_hash(&h, run, &leaf, &e)) ...
 *     leaf_close(run);
 */
#ifndef TLOG_LEAF_H
#define TLOG_LEAF_H

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/hash.h"

enum {
    LEAF_BODY_MAX = 1 << 20,      /* bytes of a body's canonical text */
    LEAF_FIELDS_MAX = 256,        /* fields of a body */
    LEAF_NAME_MAX = 64,           /* bytes of a field's or kind's name */
    LEAF_DEPTH_MAX = 32,          /* nesting of a body */
    LEAF_LINE_MAX = 3 << 20       /* bytes of an export line */
};

typedef struct LeafSalt {
    unsigned char b[16];
} LeafSalt;

/* What is left of a field after an erasure touched its fact. */
typedef struct LeafMark {
    Str name;
    bool kept;
    LeafSalt salt;                /* of a kept one, whose value the body has */
    Hash hash;                    /* of an erased one */
} LeafMark;

typedef struct Leaf {
    int64_t seq;                  /* index in the log, from 0; not hashed: its place is the proof */
    int64_t region, id;           /* region: the top-level subtree; id: time-sortable, < 2^53 */
    Str kind;                     /* the name of a pack's form */
    int64_t org, subject;         /* org 0: none; subject: the thing it is about */
    Day occurred_on;              /* DAY_NONE: not known */
    Moment received_at;
    int64_t who, behalf;          /* who filed it; behalf: the person served by a clerk, 0 none */
    int64_t corrects;             /* the fact it corrects or strikes, 0 none */
    Str body;                     /* canonical JSON object; "null" strikes the thing */
    Hash secret;                  /* unless erased */
    bool erased;                  /* the secret is gone: marks name every field it had */
    const LeafMark *marks;        /* in bytewise order of name */
    size_t n_marks;
} Leaf;

typedef struct LeafField { Str name, value; } LeafField; /* value: canonical JSON text */

/* Splits a canonical body ("null" gives 0 fields). Refuses text that is not canonical in the sense
 * of jv_canon, names that are empty, long or hold blanks, control characters or escapes. */
bool leaf_split(LeafField *out, size_t *n, Str body, Err *e) MUST_USE; /* LEAF_FIELDS_MAX of out */
bool leaf_is_canonical(Str body);
bool leaf_get(Str *value, Str body, const char *name);  /* of a body that leaf_split accepts */
bool leaf_name_ok(Str name);                 /* may it name a field or a kind? */
bool leaf_is_strike(const Leaf *leaf);

typedef struct LeafRun LeafRun;              /* scratch for hashing many; one thread at a time */
LeafRun *leaf_open(void);                    /* NULL: no memory */
HashRun *leaf_hasher(LeafRun *run);          /* its digest, for tlog_tile_root */
void leaf_close(LeafRun *run);               /* accepts NULL */
bool leaf_hash(Hash *out, LeafRun *run, const Leaf *leaf, Err *e) MUST_USE;
/* The same where leaf_name_ok and leaf_split have accepted kind and body; not for erased ones. */
Hash leaf_hash_split(LeafRun *run, const Leaf *leaf, const LeafField *fields, size_t n);
LeafSalt leaf_salt(LeafRun *run, Hash secret, size_t i);  /* of field i in the order of names */
Hash leaf_field_hash(LeafRun *run, LeafSalt salt, Str value);

/* One line of an export, without the line break, and back. */
void leaf_line_print(Buf *out, const Leaf *leaf);
bool leaf_line_read(Leaf *out, Arena *a, Str line, Err *e) MUST_USE;

#endif
