/* record: how an archive's pieces look, for its writer and its reader.
 *
 * Nouns of this face: record_ */
#ifndef BALLOT_RECORD_H
#define BALLOT_RECORD_H

#include "ballot/bel.h"
#include "ballot/canon.h"

enum { RECORD_NAME = 80 };

void record_head(char out[BEL_RECORD], Str name, size_t size, int64_t timestamp);
size_t record_name(char out[RECORD_NAME], Hash h, bool event);   /* its bytes */
void record_event(Buf *out, int64_t height, Hash parent, const char *type, const Hash *payload);
void record_setup(Buf *out, const Hash h[3]);
void record_sized(Buf *out, int64_t ballots, Hash tally);

/* Reading, step by step: a step is a payload with its event. Everything is compared with what
 * would be written; the chain of events is followed. */
typedef struct Record { Str body; Hash hash; bool event; } Record;
typedef struct RecordRun {
    Str bytes;
    size_t at;
    int64_t n, timestamp, height;  /* records read; the next event's height */
    Hash parent;                   /* the last event */
    Str election, trustees, creds;
} RecordRun;
typedef enum RecordKind { RECORD_BALLOT, RECORD_END, RECORD_TALLY, RECORD_SHARE,
                          RECORD_RESULT } RecordKind;
typedef struct RecordStep {
    RecordKind kind;
    Str body;
    Hash hash;                     /* of body */
    int64_t number, weight;        /* num_tallied and total_weight; the owner of a share */
    int64_t from;                  /* records before it */
} RecordStep;
bool record_open(RecordRun *out, Str bytes, Err *e) MUST_USE;
bool record_next(RecordStep *out, RecordRun *r, Err *e) MUST_USE;
bool record_fail(const RecordStep *step, ErrCode code, Err *e);  /* names its place; false */

#endif
