/* form_in: a form between being read and being checked; kind_form.c and form_ledger.c share it. */
#ifndef PACK_FORM_IN_H
#define PACK_FORM_IN_H

#include "pack/pack_in.h"

typedef struct FieldList {
    FormField *items;
    size_t n, cap;
    bool inner;            /* of rows */
} FieldList;

typedef struct WordList {
    PackWord *items;
    size_t n, cap;
} WordList;

typedef struct GivenBuild {
    size_t field;          /* its place in the form */
    PackExpr x;
} GivenBuild;

typedef struct MoveBuild {
    FormSampleMove m;
    PackPlace place;
} MoveBuild;

typedef struct SampleBuild {
    FormSample s;
    PackExpr each, body;
    MoveBuild *moves;
    size_t n, cap;
} SampleBuild;

typedef struct FormBuild {
    Form form;             /* the map of forms points here */
    FieldList fields;
    GivenBuild *given;
    size_t n_given, cap_given;
    PackWord personal, dated, on_time;
    WordList key, public;
    PackExpr asked_of;
    SampleBuild *samples;
    size_t n_samples, cap_samples;
    PackWord first;        /* the first item that only a ledger has */
} FormBuild;

/* The items that only a ledger has: all are read by this one. */
bool pack_ledger_set(Rulebook *rb, void *into, const DeclItem *item, DeclReader *r, Err *e);
/* When the block is read: what cannot go together; gives a ledger its built-in fields. */
bool pack_ledger_close(Rulebook *rb, FormBuild *b, const DeclReader *r, Err *e) MUST_USE;

#endif
