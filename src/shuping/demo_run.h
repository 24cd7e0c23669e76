/* demo_run: the actors of the invented district and the year they carry through the use cases. */
#ifndef SHUPING_DEMO_RUN_H
#define SHUPING_DEMO_RUN_H

#include "shuping/demo.h"

/* Who does what; each has an account of his own. */
typedef enum Actor {
    ACTOR_CONSOLE, ACTOR_SEC_ADMIN, ACTOR_SYS_ADMIN, ACTOR_AUDIT_ADMIN, ACTOR_CLERK, ACTOR_HEAD,
    ACTOR_COMMITTEE, ACTOR_SUPERIOR, ACTOR_SURVEYOR, ACTOR_TELLER_1, ACTOR_TELLER_2,
    ACTOR_SCRUTINEER, ACTOR_COMMENTATOR, ACTOR_COUNT
} Actor;

typedef struct DemoPacks DemoPacks;

typedef struct Demo {
    Cli *cli;
    Arena *a;
    DemoRandom random;
    DemoDistrict district;
    const char *dir;
    bool speak;                       /* print each step */
    int step;
    Who actors[ACTOR_COUNT];
    Who secretaries[DEMO_SYSTEMS];
    int64_t secretary_person[DEMO_SYSTEMS];
    int64_t root;                     /* the organiser */
    int64_t cycle, debriefers[DEMO_DEBRIEFERS];
    int year;
    Str logins[ACTOR_COUNT + DEMO_SYSTEMS];
    size_t n_logins;
    DemoPacks *packs;                 /* what is still to be filed in the ledgers; NULL: nothing */
} Demo;

/* Carries out a use case by name; takes `in` over. The reply is the caller's, NULL on failure
 * (already printed). */
json_t *demo_do(Demo *d, const Who *who, const char *name, json_t *in);
/* The same; a refusal of one of these kinds (up to ERR_NONE) answers {} and is no failure. */
json_t *demo_try(Demo *d, const Who *who, const char *name, json_t *in, const ErrCode *may);
bool demo_just(Demo *d, const Who *who, const char *name, json_t *in);   /* reply dropped */
/* The same with an uploaded file, and with a file for answer (written to D/exports/NAME). */
json_t *demo_upload(Demo *d, const Who *who, const char *name, json_t *in, Str file, Str bytes);
bool demo_export(Demo *d, const Who *who, const char *name, json_t *in, const char *as);
bool demo_sample(Demo *d, const char *name, Str bytes);                  /* D/samples/NAME */
void demo_say(Demo *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Lets time pass until hour:minute (Beijing) of a day; never backwards. */
void demo_clock(Demo *d, int year, int month, int day, int hour, int minute);
/* The same, and files in the ledgers what falls due before that day. */
bool demo_until(Demo *d, int year, int month, int day, int hour, int minute);

/* Plans the records of every sample of every pack between two days; branches begin later. */
bool demo_packs(Demo *d, Period all, Day branches_from);
bool demo_packs_until(Demo *d, Day day);

bool demo_found(Demo *d);             /* installation, roster, accounts */
typedef enum DemoUntil { DEMO_REPORTING, DEMO_CLOSED } DemoUntil;
bool demo_year(Demo *d, int year, int64_t previous, DemoUntil until);
bool demo_after_count(Demo *d);       /* assessment to the end of the year */
bool demo_next(Demo *d);              /* opens the year after it */

#endif
