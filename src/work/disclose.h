/* disclose: what leaves the house, by a decision on record; for the files of this folder only.
 *
 * A disclosure names one record, some of the fields its form allows to be public, a scope and days.
 * The page shows what the record says now; what changed since the decision is marked so. */
#ifndef WORK_DISCLOSE_H
#define WORK_DISCLOSE_H

#include "work/call.h"

/* Who may decide that something is made public. */
#define DISCLOSERS                                                                                 \
    (ROLE_BIT(ROLE_SECRETARY) | ROLE_BIT(ROLE_ORGANISER_HEAD) | ROLE_BIT(ROLE_COMMITTEE) |         \
     ROLE_BIT(ROLE_ORGANISER_CLERK) | ROLE_BIT(ROLE_PARTY_STAFF))

enum { OPEN_PAGE = 20, OPEN_FEED = 50 /* entries of the feed */ };

/* Has the form fields that may leave, and is it no personal one? */
bool work_disclosable(const Form *form);
/* May this field leave at all? No field that names a person, whatever the pack says. */
bool work_disclosable_field(const Form *form, Str name);

/* A disclosure as its page shows it. */
typedef struct Disclosed {
    Fact d;                        /* of kind disclosure */
    const Form *form;
    Fact record;                   /* its newest fact */
    bool struck;                   /* withdrawn since */
    Str org, title;                /* of the organisation; one line of the record */
    Fact said;                     /* the record as it was when the decision was filed */
} Disclosed;
/* Do its days and its scope let it stand on its page, today, for this caller? */
bool work_disclosure_stands(bool *out, Call *c, const Fact *d, Err *e) MUST_USE;
bool work_disclosed(Disclosed *out, Call *c, const Fact *d, Err *e) MUST_USE;
/* The shown fields in the order of the form, each with its text and whether it changed. */
typedef bool (*DisclosedField)(void *arg, const FormField *f, Str text, bool corrected, Err *e);
bool work_disclosed_fields(Call *c, const Disclosed *x, DisclosedField each, void *arg,
                           Err *e) MUST_USE;
/* The one that stands under this number; NOT_OPEN for one that does not. Sets `asked`. */
bool work_disclosure_find(Disclosed *out, Call *c, int64_t id, Err *e) MUST_USE;
/* Those that stand, newest first. */
bool work_disclosures_open(FactList *out, Call *c, Str q, Err *e) MUST_USE;

#endif
