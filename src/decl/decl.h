/* decl: the block grammar that packs are written in, read item by item.
 *
 *     item := word ... ( ";" | "{" item* "}" )          # a comment ends with its line
 *     word := name, number or day (Latin letters, digits, "_", ".", "-") | "quoted text"
 *
 * It refuses to know what the words mean: which items may stand where, which of them end in an
 * expression and what an expression looks like are the caller's business (DeclRaw, DeclScan).
 *
 * Ownership: the reader and every text it hands out live in the arena given; the source text and
 * the canonical buffer belong to the caller and must outlive the reader.
 *
 *     DeclSource src = { .file = STRC("x.pack"), .text = STRC("list s { item soe \"国企\"; }") };
 *     DeclReader *r;
 *     DeclItem item;
 *     if (!decl_open(&r, a, &src, &e)) ...
 *     while (decl_item(&item, r, NULL, 0, &e) && item.n > 0)   // list s, then item soe "国企"
 *         show(&item);
 *
 * Nouns of this face: decl_ */
#ifndef DECL_DECL_H
#define DECL_DECL_H

#include "base/base.h"

enum {
    DECL_BYTES_MAX = 1 << 20, /* of one source */
    DECL_DEPTH_MAX = 8,       /* blocks inside blocks */
    DECL_WORDS_MAX = 72,      /* words of one item before its ";" or "{"; points of sixty places */
    DECL_NAME_MAX = 64,       /* bytes of a name */
    DECL_TEXT_MAX = 4000      /* bytes of a quoted text, as written */
};

/* Where does an expression end? *len counts the bytes before the ";" outside brackets and strings
 * (feel_scan has this shape). An error may carry the holes line and column within `text`. */
typedef bool (*DeclScan)(Str text, size_t *len, Err *e);

typedef struct DeclSource {
    Str file;       /* named in errors */
    Str text;       /* UTF-8; a byte order mark is skipped */
    DeclScan scan;  /* NULL: the source has no expressions */
    Buf *canon;     /* NULL, or where the canonical text of what was read is written */
} DeclSource;

/* In the block being read, an item whose first word is `first` goes on as an expression after the
 * bare word `after`; with an empty `after`, straight after its first word. */
typedef struct DeclRaw {
    Str first, after;
} DeclRaw;

typedef struct DeclWord {
    Str text;              /* quoted text without its quotes and escapes */
    bool quoted;
    uint32_t line, column; /* from 1; columns count characters */
} DeclWord;

typedef struct DeclItem {
    DeclWord words[DECL_WORDS_MAX];
    size_t n;              /* 0: the block, or the source, ends here */
    bool has_raw;
    DeclWord raw;          /* the expression, without blanks around it */
    DeclWord stop;         /* the ";", "{" or "}" at its end, or the end of the source */
    bool block;            /* it ends with "{": what decl_item gives next is inside, up to n = 0 */
} DeclItem;

typedef struct DeclReader DeclReader;

/* Errors: TOO_BIG, BAD_TEXT, NO_MEMORY. */
bool decl_open(DeclReader **out, Arena *a, const DeclSource *src, Err *e) MUST_USE;
/* The next item. Errors: PACK_SYNTAX, PACK_EXPRESSION (what scan refused), NO_MEMORY. */
bool decl_item(DeclItem *out, DeclReader *r, const DeclRaw *raw, size_t n_raw, Err *e) MUST_USE;
Str decl_file(const DeclReader *r);

/* --- taking words: i is the place in the item; a word that is missing is refused at its stop -----
 * `want` says in Chinese what is expected there: "表单名称". */
const DeclWord *decl_word(const DeclItem *item, size_t i);     /* the stop when there is none */
bool decl_name(Str *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
               Err *e) MUST_USE;                               /* begins with a letter */
bool decl_text(Str *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
               Err *e) MUST_USE;                               /* quoted, not blank */
bool decl_int(int64_t *out, const DeclReader *r, const DeclItem *item, size_t i, int64_t min,
              int64_t max, const char *want, Err *e) MUST_USE;
bool decl_dec(Dec *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
              Err *e) MUST_USE;
bool decl_day(Day *out, const DeclReader *r, const DeclItem *item, size_t i, const char *want,
              Err *e) MUST_USE;
/* The bare word `keyword` stands at i. */
bool decl_keyword(const DeclReader *r, const DeclItem *item, size_t i, const char *keyword,
                  Err *e) MUST_USE;
/* The item has n words, no expression, and ends with "{" (block) or ";". */
bool decl_done(const DeclReader *r, const DeclItem *item, size_t n, bool block,
               Err *e) MUST_USE;
/* The item has n words and an expression, which *out points to (inside item). */
bool decl_raw(const DeclWord **out, const DeclReader *r, const DeclItem *item, size_t n,
              Err *e) MUST_USE;

/* --- refusing: these return false ----------------------------------------------------------- */
bool decl_refuse(const DeclReader *r, const DeclWord *at, const char *want, Err *e);
/* The same for a word that is none of `known`: the closest one is suggested. */
bool decl_refuse_word(const DeclReader *r, const DeclWord *at, const char *want, const Str *known,
                      size_t n, Err *e);
/* An error of the expression `raw` becomes PACK_EXPRESSION with its place in the source. */
bool decl_refuse_raw(const DeclReader *r, const DeclWord *raw, Err *e);
/* The one of `known` that `word` was probably meant to be; empty when none is near. */
Str decl_closest(Str word, const Str *known, size_t n);

#endif
