/* pack: turns pack texts into a checked rulebook: lists, forms, flows and schemes, with every name
 * resolved, every expression parsed and checked, every refusal naming file, line and column.
 *
 * It refuses to know facts, accounts, files and clocks: what a regulation may change is here, what
 * is done with it is elsewhere.
 *
 * Ownership: a rulebook and all that is reached from it live in the arena it was loaded into and
 * never change; texts of sources are copied. Threads may share it.
 *
 *     PackSource src[] = { { S("x.pack"),
 *                            S("pack x { title \"例\"; version \"1\"; from 2026-01-01; }"
 *                              "list yes_no { item yes \"是\"; item no \"否\"; }") } };
 *     Rulebook *rb;
 *     if (!pack_load(&rb, a, src, 1, &e)) ...                // e says where and what to do
 *     Str title = list_title(pack_list(rb, STRC("yes_no")), STRC("yes"));       // 是
 *
 * Nouns of this face, and who declares them:
 *   pack_    this header: loading, finding, printing
 *   list_    this header
 *   form_    form.h       forms: check a body, describe it, import columns
 *   flow_    flow.h       states and moves
 *   measure_ measure.h    figures counted from records
 *   duty_    duty.h       what must happen or hold
 *   points_  points.h     member points
 *   report_  report.h     tables with a way down to the records
 *   template_ template.h official papers about a record
 *   scheme_  scheme.h     how scores become grades
 */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include "decl/decl.h"
#include "feel/feel.h"

enum {
    PACK_BYTES_MAX = DECL_BYTES_MAX, /* of one source */
    PACK_SOURCES_MAX = 500,          /* of one rulebook */
    PACK_README_MAX = 64 << 10,      /* bytes */
    PACK_ORDER_MAX = 10000,
    PACK_ROLES = 16,
    LIST_ITEMS_MAX = 2000
};

typedef struct Rulebook Rulebook;

typedef struct PackSource {
    Str file, text;
    Str readme;      /* help for people, no part of the rules; may be empty */
} PackSource;

typedef struct PackPlace {
    Str file;
    uint32_t line, column; /* from 1; columns count characters */
} PackPlace;

typedef struct Pack {
    Str name, title, version, cite;
    Day from;      /* in force from this day on */
    Str menu;      /* title of its entry in the menu; empty: it has no screen */
    Str under;     /* heading of the menu that the entry stands under; empty: under none */
    int64_t order; /* of the entry */
    Str shows;     /* what it is for, in a sentence */
    Str readme;    /* Markdown; may be empty */
    Str file;
    Str text;      /* canonical: comments gone, one item a line */
    Hash hash;     /* of text */
    Str hash_hex;
} Pack;

typedef struct ListItem {
    Str value, title;
    PackPlace place;
} ListItem;

typedef struct List {
    Str name, title;   /* title may be empty */
    const Pack *pack;
    PackPlace place;
    const ListItem *items;
    size_t n_items;
} List;

/* Errors: PACK_SYNTAX, PACK_EXPRESSION, PACK_MISSING, PACK_TWICE, PACK_UNKNOWN, PACK_RULE, TOO_BIG,
 * BAD_TEXT, NO_MEMORY. */
bool pack_load(Rulebook **out, Arena *a, const PackSource *sources, size_t n, Err *e) MUST_USE;
/* The texts that are part of the program, to be given to pack_load. */
bool pack_builtin(const PackSource **out, size_t *n, Arena *a, Err *e) MUST_USE;

/* --- finding: NULL when there is none; _at counts from 0 in order of the sources ------------ */
const Pack *pack_find(const Rulebook *rb, Str name);
const Pack *pack_at(const Rulebook *rb, size_t i);
size_t pack_count(const Rulebook *rb);
const List *pack_list(const Rulebook *rb, Str name);
const List *pack_list_at(const Rulebook *rb, size_t i);
size_t pack_list_count(const Rulebook *rb);
const struct Form *pack_form(const Rulebook *rb, Str name);
const struct Form *pack_form_at(const Rulebook *rb, size_t i);
size_t pack_form_count(const Rulebook *rb);
const struct Flow *pack_flow(const Rulebook *rb, Str name);
const struct Flow *pack_flow_at(const Rulebook *rb, size_t i);
size_t pack_flow_count(const Rulebook *rb);
const struct Flow *pack_flow_of(const Rulebook *rb, const struct Form *form); /* over this form */
const struct Scheme *pack_scheme(const Rulebook *rb, Str name);
const struct Scheme *pack_scheme_at(const Rulebook *rb, size_t i);
size_t pack_scheme_count(const Rulebook *rb);
const struct Measure *pack_measure(const Rulebook *rb, Str name);
const struct Measure *pack_measure_at(const Rulebook *rb, size_t i);
size_t pack_measure_count(const Rulebook *rb);
const struct Duty *pack_duty(const Rulebook *rb, Str name);
const struct Duty *pack_duty_at(const Rulebook *rb, size_t i);
size_t pack_duty_count(const Rulebook *rb);
const struct Points *pack_points(const Rulebook *rb, Str name);
const struct Points *pack_points_at(const Rulebook *rb, size_t i);
size_t pack_points_count(const Rulebook *rb);
const struct Report *pack_report(const Rulebook *rb, Str name);
const struct Report *pack_report_at(const Rulebook *rb, size_t i);
size_t pack_report_count(const Rulebook *rb);
const struct Template *pack_template(const Rulebook *rb, Str name);
const struct Template *pack_template_at(const Rulebook *rb, size_t i);
size_t pack_template_count(const Rulebook *rb);
/* What expressions see as `org` and `person`: contexts whose members never change. */
const FeelType *pack_org_type(const Rulebook *rb);
const FeelType *pack_person_type(const Rulebook *rb);
/* Over the hashes of all packs in order of their names: the rules by which something was judged. */
Hash pack_hash(const Rulebook *rb);

const ListItem *list_item(const List *list, Str value);  /* NULL when it has none such */
Str list_title(const List *list, Str value);             /* the value itself when it has none */

/* --- roles: bit i of a role set stands for the i-th name; empty from PACK_ROLES on ---------- */
Str pack_role_name(size_t i);
Str pack_role_title(size_t i);
bool pack_role_bit(uint32_t *out, Str name) MUST_USE;

/* --- printing ------------------------------------------------------------------------------------
 * [{"name","title","version","from","cite","hash","menu","under","order","shows","lists":[…],
 * "forms":[…],"flows":[…],"schemes":[…],"measures":[…],"duties":[…],"points":[…],"reports":[…],
 * "templates":[…]}] with the names of what each pack declares; menu, under, order and shows only
 * where it has a menu. */
void pack_describe(Jw *w, const Rulebook *rb);
/* month, quarter, half, year. */
Str pack_period_name(PeriodKind kind);

#endif
