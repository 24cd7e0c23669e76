/* part: what the files of urn share among themselves. */
#ifndef URN_PART_H
#define URN_PART_H

#include "urn/urn.h"

#include <pthread.h>

/* The file: a head, the test ballots that were opened, then for every election two halves for each
 * credential. A new ballot goes into the half that does not hold the present one, so that a torn
 * write never costs what was acknowledged; the old half is overwritten once the new one is
 * durable. */
enum {
    FILE_PAGE = 4096,
    HALF_HASH = 32,             /* SHA-256 of everything after it */
    HALF_MARK = 32, HALF_GEN = 33, HALF_FLAGS = 34, HALF_PRINTS = 35, HALF_REPLACED = 36,
    HALF_BALLOT = 40, HALF_HINTS = 44, HALF_DOOR = 48, HALF_PRINT = 80,
    HALF_HEAD = HALF_PRINT + 32 * URN_PRINTS_MAX
};

typedef struct Place {          /* of one credential */
    Hash text;                  /* of the ballot; zero: none */
    Hash door;                  /* zero: none */
    uint32_t replaced, wave;
    unsigned char half, gen;    /* half: where the present one stands */
    bool held, voided;
} Place;

typedef struct Room {           /* of one election */
    Election el;
    Creds creds;
    Place *places;
    int64_t at;                 /* of its first half in the file */
    size_t half, ballot_max, hints;
    UrnCount count;
    uint32_t *doors;            /* by door: its place + 1 */
} Room;

typedef struct Waiting Waiting;

struct Urn {
    Arena *a, *work;            /* work: of whoever leads */
    SysFixed file;
    SysLock lock_file;
    Sys *sys;
    Room *rooms;
    size_t n_rooms;
    Map by_uuid;                /* -> Room */
    VoteTables *tables;
    Hash bound;                 /* of the setup: the file belongs to it */
    Map doors;                  /* 32 bytes -> number in door_no */
    uint32_t *door_no;
    size_t n_doors;
    Hash *opened;
    size_t n_opened;
    unsigned char *room;        /* of the largest half */
    int wait_ms;
    uint32_t wave;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    Waiting *first, **last;
    size_t n_waiting;
    bool busy, shut;            /* busy: somebody leads */
};

static inline int64_t half_at(const Room *r, size_t place, unsigned half)
{
    return r->at + (int64_t)((place * 2 + half) * r->half);
}

/* Alone with the urn: waits until nobody leads. */
void urn_enter(Urn *u);
void urn_leave(Urn *u);

bool urn_half_put(Urn *u, Room *r, size_t place, const UrnItem *it, const Hash *door, bool voided,
              Err *e) MUST_USE;
void urn_half_done(Urn *u, Room *r, size_t place, const UrnItem *it, const Hash *door, bool voided);
bool urn_half_wipe(Urn *u, const Room *r, size_t place, unsigned half, Err *e) MUST_USE;
bool urn_half_read(bool *used, Urn *u, const Room *r, size_t place, unsigned half, Err *e) MUST_USE;

#endif
