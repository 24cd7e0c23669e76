/* scheme_in: what the files that read a scheme share while the block is being read. */
#ifndef PACK_SCHEME_IN_H
#define PACK_SCHEME_IN_H

#include "pack/pack_in.h"
#include "pack/scheme.h"

/* A points statement, kept until groups and items are all known. */
typedef struct PointsAt {
    DeclWord option, item, group; /* item and group with an empty text: every one */
    Dec points;
} PointsAt;

/* Where things stand in the source, beside the arrays of the Scheme. */
typedef struct SchemeBuild {
    Arena *a;
    DeclReader *r;
    Scheme s;
    DeclWord at;                  /* the scheme's name */
    size_t cap_instruments, cap_groups, cap_parts, cap_events, cap_nodes, cap_bands, cap_vetoes,
        cap_gates, cap_objects, cap_examples;
    DeclWord instrument_at[SCHEME_INSTRUMENTS_MAX];
    PointsAt *points[SCHEME_INSTRUMENTS_MAX];
    size_t n_points[SCHEME_INSTRUMENTS_MAX], cap_points[SCHEME_INSTRUMENTS_MAX];
    DeclWord group_at[SCHEME_GROUPS_MAX], merge_at[SCHEME_GROUPS_MAX];
    DeclWord part_at[SCHEME_PARTS_MAX], event_at[SCHEME_EVENTS_MAX];
    DeclWord node_at[SCHEME_NODES_MAX], node_raw[SCHEME_NODES_MAX];
    DeclWord *terms_at[SCHEME_NODES_MAX];
    DeclWord band_at[SCHEME_BANDS_MAX];
    DeclWord veto_at[SCHEME_RULES_MAX], veto_raw[SCHEME_RULES_MAX], veto_band[SCHEME_RULES_MAX];
    DeclWord gate_at[SCHEME_RULES_MAX], gate_raw[SCHEME_RULES_MAX], gate_band[SCHEME_RULES_MAX];
    DeclWord most_at[SCHEME_BANDS_MAX];   /* share BAND at_most: the band's name */
    Dec most[SCHEME_BANDS_MAX];
    size_t n_most;
    DeclWord total_at, top_at, share_at, class_raw;
} SchemeBuild;

/* Refusals with a place; they return false. */
static inline bool scheme_rule(const SchemeBuild *b, const DeclWord *at, const char *why,
                               const char *want, Err *e)
{
    return pack_rule(pack_place(b->r, at), why, want, e);
}

static inline bool scheme_twice(const SchemeBuild *b, const DeclWord *at, const char *what,
                                uint32_t line, Err *e)
{
    return pack_twice(pack_place(b->r, at), what, at->text,
                      (PackPlace){ decl_file(b->r), line, 1 }, e);
}

static inline bool scheme_unknown(const SchemeBuild *b, const DeclWord *at, const char *what,
                                  const Str *known, size_t n, Err *e)
{
    return pack_unknown(pack_place(b->r, at), what, at->text, known, n, e);
}

/* All that can only be known once the whole block is read: names, weights, bands, expressions. */
bool pack_scheme_check(SchemeBuild *b, Err *e) MUST_USE;
bool pack_scheme_formulas(SchemeBuild *b, Err *e) MUST_USE;

#endif
