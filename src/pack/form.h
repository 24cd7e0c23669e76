/* form: what a fact of one kind may say: typed fields, checked and made canonical before they are
 * stored. Part of the face of pack. */
#ifndef PACK_FORM_H
#define PACK_FORM_H

#include "pack/pack.h"

enum {
    FORM_FIELDS_MAX = 100,        /* of a form, and of a field with rows */
    FORM_INDEX_MAX = 8,           /* fields marked index, and fields marked search */
    FORM_BODY_MAX = 1 << 20,      /* bytes of a canonical body */
    FORM_TEXT_MAX = 200,          /* characters of a text field that states no max */
    FORM_LONG_MAX = 4000,         /* of a long field that states no max */
    FORM_POINTS_MAX = 250000,     /* the most that max may allow to a text */
    FORM_ROWS_MAX = 1000,         /* rows, refs and words that state no max */
    FORM_LIST_MAX = 20000,        /* the most that max may allow to them */
    FORM_WORD_MAX = 64,           /* characters of one word of a words field without a list */
    FORM_DEPTH_MAX = 16,          /* nesting inside an object field */
    FORM_KEY_MAX = 8,             /* fields of a key */
    FORM_TIMES_MAX = 1000,        /* a year */
    FORM_FILES_MAX = 50,          /* attachments of one record */
    FORM_SAMPLES_MAX = 20,
    FORM_SAMPLE_MOVES_MAX = 20,
    FORM_SAMPLE_TIMES_MAX = 20,   /* records of a sample in one period */
    FORM_SAMPLE_DRAWS = 10        /* whole numbers 0..999999 in its list `r` */
};

typedef enum FieldType {
    FIELD_TEXT,     /* one line */
    FIELD_LONG,     /* several lines */
    FIELD_NUMBER,   /* whole number */
    FIELD_DECIMAL,  /* string such as "85.5" */
    FIELD_DAY,      /* 2026-02-28 */
    FIELD_MONTH,    /* 2026-02 */
    FIELD_CHOICE,   /* a value of `list` */
    FIELD_FLAG,     /* true or false */
    FIELD_REF,      /* the subject of a fact of `form` */
    FIELD_REFS,     /* several, in order */
    FIELD_WORDS,    /* several words, values of `list` when there is one */
    FIELD_ROWS,     /* several rows of `fields` */
    FIELD_OBJECT,   /* JSON object that a use case understands */
    FIELD_FILE,     /* SHA-256 of a stored file, 64 hexadecimal digits */
    FIELD_TYPES
} FieldType;

typedef struct Form Form;

typedef struct FormField {
    Str name, title, help;         /* help may be empty */
    FieldType type;
    bool required, index, search;
    bool has_low, has_high;        /* of numbers and decimals */
    Dec low, high;                 /* both allowed */
    int64_t max;                   /* texts: characters; lists: entries; else 0 */
    Str of;
    const List *list;              /* of choice and words */
    const Form *form;              /* of ref and refs */
    const struct FormField *fields;/* of rows */
    size_t n_fields;
    const FeelExpr *given;         /* filled in beforehand; over org, last, today; NULL: nothing */
    Str again;                     /* why it is asked though it is held elsewhere; may be empty */
    bool built_in;                 /* late_reason, late_by, files of a ledger form */
    PackPlace place;
} FormField;

typedef enum FormEvery { FORM_MONTH, FORM_QUARTER, FORM_HALF, FORM_YEAR, FORM_ONCE } FormEvery;

typedef struct FormSampleMove {
    Str event;                     /* of the form's flow */
    int64_t percent;               /* of the records; where it is not made, none after it is */
} FormSampleMove;

/* Demonstration data: never a test of rules. */
typedef struct FormSample {
    Str title;
    const FeelExpr *each;          /* over org; NULL: every org */
    FormEvery every;
    int64_t times;                 /* records a period */
    int64_t miss, late;            /* percent left out; percent filed late */
    const FeelExpr *body;          /* a context over org, day (of the period), k (from 1), r,
                                      people (ids of the org's persons), last, refs (refs.FORM: ids
                                      of this org's records of other samples) */
    const FormSampleMove *moves;   /* in order, each by the first role allowed */
    size_t n_moves;
    PackPlace place;
} FormSample;

struct Form {
    Str name, title, help, cite;
    const Pack *pack;
    PackPlace place;
    int64_t minutes;               /* it takes to fill in; 0 when the program fills it in */
    const FormField *fields;
    size_t n_fields;
    Str index[FORM_INDEX_MAX];     /* names of the fields marked index */
    size_t n_index;
    Str search[FORM_INDEX_MAX];
    size_t n_search;
    const FeelType *type;          /* of a body, as expressions see it */
    bool ledger;                   /* filed through the generic use cases; what follows is for it */
    uint32_t who;                  /* roles that may file over the record's org */
    uint32_t read;                 /* roles that may read besides them and those above the org */
    const FormField *personal;     /* ref to the person the record is private to; NULL: none */
    const FormField *dated;        /* occurred_on comes from this day; NULL: the day of filing */
    bool has_on_time;
    int64_t on_time;               /* working days (Monday to Friday) after which it is late */
    Str key[FORM_KEY_MAX];         /* same values, same thing; "org" is the record's org */
    size_t n_key;
    const Str *public;             /* names of the fields that may be disclosed */
    size_t n_public;
    const FormSample *samples;
    size_t n_samples;
    /* what it asks of people, ledger or not */
    Str asked_by;
    int64_t times;                 /* a year of one org; 0: as it happens, or as duties ask */
    const FeelExpr *asked_of;      /* over org; NULL: of all */
    Str again;                     /* why it asks for what is held elsewhere; may be empty */
    bool gathers;                  /* a record of it stands for a meeting that people go to */
    bool visited;                  /* a record of it stands for somebody coming to look */
};

const FormField *form_field(const Form *form, Str name);  /* NULL when it has none such */
Str form_type_name(FieldType t);                          /* "text" */

/* Is `body` a filled-in form? Writes its canonical JSON: texts trimmed, empty ones and nulls and
 * empty lists left out, decimals without useless zeros, keys sorted.
 * Errors: FIELD_MISSING, FIELD_UNKNOWN, FIELD_TYPE, FIELD_LONG, FIELD_RANGE, FIELD_CHOICE,
 * FORM_TWICE, FORM_DEEP, BAD_DATE, BAD_NUMBER, BAD_TEXT, TOO_BIG, NO_MEMORY; the hole `field` is
 * the title, in rows "阶段目标 第2行 日期". */
bool form_check(Buf *canon, const Form *form, const json_t *body, Err *e) MUST_USE;

/* The body as a FEEL context with every field of the form; what is not filled in is null. */
bool form_value(FeelValue *out, Arena *a, const Form *form, const json_t *body, Err *e) MUST_USE;

/* The same of one field with rows: what a row does not say is null in it. */
bool form_rows_value(FeelValue *out, Arena *a, const Form *form, const FormField *rows,
                     const json_t *v, Err *e) MUST_USE;

/* For the screens: {"name","title","help","minutes","fields":[{"name","title","type","required",
 * "max","min","of","help","choices":[{"value","title"}],"fields":[…],"given":true,
 * "built_in":true}],"asked_by"}, and of a ledger form also "ledger":true,"pack","who":[titles],
 * "personal","dated","on_time","key":[…],"public":[…]. A key without content is left out; max and
 * min of numbers are strings. */
void form_describe(Jw *w, const Form *form);

/* --- import: one sheet of the fields that fit a cell (no rows, objects and files) ----------- */
typedef struct FormColumn {
    const FormField *field;
    Str title;                     /* ends with "（必填）" when it must be filled in */
    Str hint;                      /* second row of the sheet: what to write there */
} FormColumn;

typedef struct FormColumns {
    const FormColumn *items;
    size_t n;
} FormColumns;

bool form_template(FormColumns *out, Arena *a, const Form *form, Err *e) MUST_USE;
/* A cell's text as the JSON value that form_check takes, forgiving as clerks write: full-width
 * digits, 2026.2.8, a choice by its title, 是/否, several words parted by 、. *out is NULL for an
 * empty cell; the caller owns it (jv_close). References stay text: only the importer can find
 * them. */
bool form_cell(json_t **out, const FormField *field, Str text, Err *e) MUST_USE;

#endif
