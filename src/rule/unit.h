/* unit: all that is known of one organisation, as the engine takes it: what it was from which day
 * on, who belonged to it, its records, what was waived and switched. Part of the face of rule.
 *
 * The caller fills it from the facts; nothing here is changed or kept. The order of rows never
 * matters. An open end is DAY_NONE: `from` DAY_NONE is "always", `to` DAY_NONE "still". */
#ifndef RULE_UNIT_H
#define RULE_UNIT_H

#include "pack/pack.h"
#include "pack/form.h"

/* What the org was from a day on, until the next row. */
typedef struct RuleOrg {
    Day from;
    Str name, code, kind, sector;
    int64_t parent;                 /* 0: none */
    int64_t level;                  /* a root is 0 */
    Day founded, ended, term_end;
    int64_t children;               /* orgs directly below */
    int64_t branches;               /* branches and joint branches anywhere below */
    int64_t groups;                 /* party groups directly below */
} RuleOrg;

/* What a person was between two days. A person may have several rows. */
typedef struct RulePerson {
    int64_t id;
    Day from, to;
    int64_t org;                    /* where he belongs; who only holds a post here has another */
    Str name;
    Str member_state;               /* full probationary suspended none */
    Day joined, born;               /* DAY_NONE: not known */
    bool infirm, away;
} RulePerson;

/* A post held in this org. */
typedef struct RuleTenure {
    int64_t person;
    Str post;
    Day from, to;
} RuleTenure;

/* What a record said before it was corrected or struck. */
typedef struct RuleVersion {
    int64_t id;                     /* of the fact */
    Day on;
    Day received;
    Str body;                       /* canonical JSON; "null": struck by this fact */
} RuleVersion;

typedef struct RuleRecord {
    const Form *form;
    int64_t id, subject;            /* the newest fact of the thing, and the thing */
    int64_t org;                    /* may be another org's, for the persons it names */
    Day on;
    Day received;                   /* when the thing was first filed */
    Day state_since;                /* when it entered its present state; DAY_NONE: never moved */
    Str body;                       /* canonical JSON */
    bool struck;                    /* only its history counts (points) */
    const RuleVersion *versions;    /* every fact of the thing, oldest first; may be empty */
    size_t n_versions;
} RuleRecord;

typedef struct RuleWaiver {
    int64_t id;
    Str duty;
    int64_t person, thing;          /* 0: any */
    Day from, to;
    Str reason;
} RuleWaiver;

typedef enum RuleSwitch { RULE_UNSAID, RULE_ON, RULE_OFF } RuleSwitch;
typedef enum RuleHardness { RULE_AS_WRITTEN, RULE_HARD, RULE_SOFT } RuleHardness;

/* A local decision about a duty or about points, made by this org or one above it. Of those in
 * force on a day the nearest org's holds, then the newest, for each of the three on its own. */
typedef struct RuleSetting {
    int64_t id;
    Str name;                       /* of the duty, or of the points */
    int64_t level;                  /* of the org that set it */
    Day from;
    RuleSwitch on;
    RuleHardness hard;
    bool has_least;
    Dec least;                      /* instead of at_least (or at_most) of the pack */
} RuleSetting;

typedef struct RuleUnit {
    int64_t org;
    const RuleOrg *orgs;            /* at least one */
    size_t n_orgs;
    const RulePerson *people;
    size_t n_people;
    const RuleTenure *tenures;
    size_t n_tenures;
    const RuleRecord *records;
    size_t n_records;
    const RuleWaiver *waivers;
    size_t n_waivers;
    const RuleSetting *settings;
    size_t n_settings;
} RuleUnit;

/* The row that holds on a day; the first when the day lies before all of them. */
const RuleOrg *rule_org_on(const RuleUnit *unit, Day day);

/* Secretaries between two days, clipped to them, in order of their first day: responsibility
 * follows tenure. */
typedef struct RuleHolder {
    int64_t person;
    Str name;
    Period held;
} RuleHolder;
bool rule_responsible(RuleHolder **out, size_t *n, Arena *a, const RuleUnit *unit, Period p,
                      Err *e) MUST_USE;

/* --- filing in time: Monday to Friday; public holidays are not known here ------------------- */
/* The last day on which what happened on `on` is filed in time; DAY_NONE: any day is in time. */
Day rule_on_time(const Form *form, Day on);
/* Working days after that day; 0: in time. */
int64_t rule_late(const Form *form, Day on, Day received);

#endif
