/* demo: an invented district and a year of its work, made from a seed through the same use cases
 * as everything else. People, units and events are invented; the size is that of a real district:
 * 26 system committees with 238 branches, beside them towns, streets and the line of new-sector
 * organisations with 40 more; 12 live and 11 written debriefers. */
#ifndef SHUPING_DEMO_H
#define SHUPING_DEMO_H

#include "shuping/cli.h"

#include "print/print.h"

enum {
    DEMO_SYSTEMS = 26,
    DEMO_BRANCHES = 238,         /* of the systems */
    DEMO_LINES = 5,              /* towns, streets, new-sector line */
    DEMO_LINE_BRANCHES = 8,      /* of each */
    DEMO_GROUPS = 6,             /* party groups of the first two branches */
    DEMO_LIVE = 12,
    DEMO_WRITTEN = 11,
    DEMO_DEBRIEFERS = DEMO_LIVE + DEMO_WRITTEN,
    DEMO_FINDINGS_MAX = 400
};

/* The stream that every invented thing is drawn from; never used for secrets. */
typedef struct DemoRandom {
    uint64_t state;
} DemoRandom;
uint64_t demo_random(DemoRandom *r);
int demo_below(DemoRandom *r, int n);             /* 0..n-1 */
bool demo_chance(DemoRandom *r, int percent);

typedef struct DemoPerson {
    Str name, staff_no;
    int birth_year, birth_month;
    int org;                                      /* index into orgs */
    const char *post, *second;                    /* of the roster's list, NULL: none */
    const char *state;                            /* of the list member_state */
    Day joined;
    bool infirm, away;
    Day from;
} DemoPerson;

typedef struct DemoOrg {
    Str code, name;
    const char *kind, *sector;
    int parent;                                   /* index, -1 for the root */
    Day founded, term_end;
    int64_t id;                                   /* once imported */
} DemoOrg;

typedef struct DemoDistrict {
    DemoOrg *orgs;
    size_t n_orgs;
    DemoPerson *people;
    size_t n_people;
    int systems[DEMO_SYSTEMS];                    /* orgs that are system committees */
    int secretary[DEMO_SYSTEMS];                  /* people */
} DemoDistrict;

bool demo_district(DemoDistrict *out, Arena *a, DemoRandom *r);
/* 26 names of systems such as 教育; the unit's field of work for texts. */
const char *demo_system(int i);
const char *demo_system_work(int i);

/* One class of a report about a system: {"class","achievements","problems","causes","measures"}. */
json_t *demo_section(Arena *a, DemoRandom *r, const char *klass, int system, int year);
Str demo_survey_text(Arena *a, DemoRandom *r, int system, bool negative);
Str demo_comment(Arena *a, DemoRandom *r, int system, const char *kind);
Str demo_measure(Arena *a, DemoRandom *r, int system);
Str demo_speech(Arena *a, int year);              /* a speech with an announced count that is off */

#endif
