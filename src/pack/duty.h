/* duty: what must, or generally should, happen in a period or hold on a day, with its clause. Part
 * of the face of pack; `rule` judges it. */
#ifndef PACK_DUTY_H
#define PACK_DUTY_H

#include "pack/measure.h"

enum {
    DUTY_EXEMPT_MAX = 20,
    DUTY_PARTS_MAX = 20,
    DUTY_EXAMPLES_MAX = 50,
    DUTY_DAYS_MAX = 3660,     /* of grace and remind */
    DUTY_MONTHS_MAX = 600,    /* of rolling */
    DUTY_REMIND = 10,         /* days before the end when a duty says nothing */
    DUTY_LACKS_MAX = 4
};

typedef enum DutyFor { DUTY_FOR_ORG, DUTY_FOR_PERSON, DUTY_FOR_THING } DutyFor;

typedef enum DutyEvery {
    DUTY_MONTH, DUTY_QUARTER, DUTY_HALF, DUTY_YEAR,  /* calendar periods */
    DUTY_STANDING,            /* holds on every day */
    DUTY_ROLLING,             /* the last `months` months, ending today */
    DUTY_BY_THING             /* of a thing: once, by its own day */
} DutyEvery;

typedef enum DutyState {
    DUTY_MET,
    DUTY_DUE,                 /* not yet, and there is time left */
    DUTY_MISSED,
    DUTY_WAIVED,
    DUTY_NOT_APPLICABLE,
    DUTY_LATER,               /* its period has not begun */
    DUTY_STATES
} DutyState;

typedef struct DutyExempt {
    Str reason;
    const FeelExpr *when;     /* over what `who` sees */
} DutyExempt;

typedef struct DutyPart {     /* the item of a list that the duty stands for */
    const List *list;
    const ListItem *item;
} DutyPart;

/* given: {org, person, thing, facts, last, m, waived}; every fact {form, on, received?, late?,
 * state_since?, and fields}. What is not said is null or empty. */
typedef struct DutyExample {
    Str title;
    const FeelExpr *given;    /* a context without names from outside */
    bool has_period;
    Period period;
    Day on;                   /* the day it is judged */
    DutyState want;
    PackPlace place;
} DutyExample;

typedef struct Duty {
    Str name, title, cite;
    Str text;                 /* the clause in short, as hard or soft says it */
    Str would;                /* what would have met it */
    const Pack *pack;
    PackPlace place;
    DutyFor whom;
    const Form *thing;        /* DUTY_FOR_THING: each live record of this form */
    const FeelExpr *who;      /* NULL: all; over org, and person or thing; last, today */
    DutyEvery every;
    int64_t months;           /* of DUTY_ROLLING */
    Of of;                    /* form is NULL when `holds` says it */
    const FormField *by;      /* of person duties: the ref or refs that names the person */
    const FormField *sum;     /* NULL: records are counted */
    bool has_least, has_most;
    Dec at_least, at_most;
    const FeelExpr *holds;    /* over org, person, thing, m, last, today; null cannot be judged */
    const FeelExpr *due;      /* of things: a date; NULL: at once */
    bool hard;                /* else soft */
    bool cap;                 /* what goes beyond at_most is not filed until a superior waives it */
    bool off;                 /* until an organiser switches it on */
    bool draft;               /* not judged */
    const DutyExempt *exempt;
    size_t n_exempt;
    int64_t grace, remind;    /* days */
    const DutyPart *parts;
    size_t n_parts;
    const DutyExample *examples;
    size_t n_examples;
} Duty;

Str duty_state_name(DutyState s);              /* "not_applicable" */
Str duty_state_title(DutyState s);             /* "不适用" */
Str duty_every_name(DutyEvery e);              /* "quarter", "by_thing" */
/* What a draft lacks before it can be judged, in words for a person: "要求（of或holds）". Returns how
 * many; 0 for a duty that is no draft. */
size_t duty_lacks(Str out[DUTY_LACKS_MAX], const Duty *d);
/* Members of the open object: name, title, pack, for, every, months?, kind (hard, soft), off,
 * draft, cap?, cite, text, would, form?, where?, by?, sum?, at_least?, at_most?, holds?, due?,
 * who?, grace?, remind, exempt:[reasons], parts:[{"list","value","title"}], lacks:[…]. */
void duty_describe(Jw *w, const Duty *d);

#endif
