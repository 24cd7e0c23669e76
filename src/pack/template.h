/* template: an official paper about a record: fixed words and fields, in the order they are read.
 * Part of the face of pack; `work` fills it in, `print` gives it the look of GB/T 9704. */
#ifndef PACK_TEMPLATE_H
#define PACK_TEMPLATE_H

#include "pack/form.h"

enum {
    TEMPLATE_PARTS_MAX = 200,
    TEMPLATE_WITH_MAX = 10,
    TEMPLATE_ASKS_MAX = 20,
    TEMPLATE_COLUMNS_MAX = 20
};

typedef enum TemplatePartKind {
    TEMPLATE_MARK,      /* top left: secrecy, urgency */
    TEMPLATE_ISSUER,    /* the organ in red; NUMBER stands under it */
    TEMPLATE_NUMBER,
    TEMPLATE_HEAD,      /* the title */
    TEMPLATE_SUBHEAD,
    TEMPLATE_TO,        /* addressee */
    TEMPLATE_TEXT,      /* a paragraph */
    TEMPLATE_SECTION,   /* 一、 */
    TEMPLATE_SUBSECTION,/* （一） */
    TEMPLATE_POINT,     /* 1. */
    TEMPLATE_TABLE,     /* a row for each entry of `x` */
    TEMPLATE_ATTACH,    /* lines after 附件： */
    TEMPLATE_SIGN,      /* labels of lines to sign on */
    TEMPLATE_SENDER,    /* who issues it, and today */
    TEMPLATE_PARTS
} TemplatePartKind;

typedef struct TemplateColumn {
    Str title;
    const FeelExpr *x;  /* over row, and what the template sees */
} TemplateColumn;

/* What `x` gives is printed as text; a list is printed entry by entry, null not at all. */
typedef struct TemplatePart {
    TemplatePartKind kind;
    const FeelExpr *x;
    const TemplateColumn *columns;
    size_t n_columns;
    PackPlace place;
} TemplatePart;

/* Records that belong to the paper: those of `form` whose `field` points to `id`, or, without
 * `field`, the one with that id. */
typedef struct TemplateWith {
    Str name;
    const Form *form;
    const FormField *field;
    const FeelExpr *id; /* over thing, today: a number, with `field` also several; NULL: the
                           thing itself */
} TemplateWith;

/* What the records do not hold and whoever makes the paper fills in. */
typedef struct TemplateAsk {
    Str name, title;
    FieldType type;     /* FIELD_TEXT, FIELD_LONG or FIELD_DAY */
    bool required;
} TemplateAsk;

typedef struct Template {
    Str name, title, help, cite;
    const Pack *pack;
    PackPlace place;
    const Form *form;   /* what it is about */
    uint32_t who;       /* roles that may make it over the record's organisation */
    const TemplateWith *with;
    size_t n_with;
    const TemplateAsk *asks;
    size_t n_asks;
    const TemplatePart *parts;
    size_t n_parts;
} Template;

Str template_part_name(TemplatePartKind kind);   /* "head" */
/* Members of the open object: name, title, pack, help?, cite, form, who:[titles], asks:[{"name",
 * "title","type","required"}]. */
void template_describe(Jw *w, const Template *t);

#endif
