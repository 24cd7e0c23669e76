/* What the files of `text` share and no other module sees.
 *
 * Reading an outline goes through seven steps, one file each, and each only adds to a Reading:
 *   outline_lines   lines.c     lines, boilerplate, repeated headlines, the title
 *   outline_marks   marks.c     where a marker (一、 （一） 1. 一是 …) stands
 *   outline_announces announce.c  where a count is announced
 *   outline_lists   lists.c     markers into nested lists; levels
 *   outline_classes classes.c   what each list holds; which announcement meant it
 *   outline_take    extract.c   headings, items and mismatches of the result
 *   outline_count   figures.c   figures of the result
 * Positions are bytes of the folded text; only the result speaks of the original. */
#ifndef TEXT_INSIDE_H
#define TEXT_INSIDE_H

#include "text/text.h"

int text_zh_digit(uint32_t cp); /* 0..9, or -1 */

typedef enum LineKind {
    LINE_DROPPED,  /* boilerplate, repeated headline */
    LINE_TITLE,
    LINE_ASIDE,    /* date, place, signature, salutation: read by nobody */
    LINE_HEADLINE, /* a heading without a number */
    LINE_BODY
} LineKind;

/* Blank lines are not kept. */
typedef struct Line {
    size_t from, to; /* trimmed */
    LineKind kind;
} Line;

typedef enum MarkKind {
    MARK_LINE,   /* a headline without number */
    MARK_DUN,    /* 一、 */
    MARK_PAREN,  /* （一） */
    MARK_DI,     /* 第一点 第一， */
    MARK_NUM,    /* 1. */
    MARK_NUM_PAREN, /* （1） 1） */
    MARK_CIRCLE, /* ① */
    MARK_FIRST,  /* 首先 其次 再次 最后 */
    MARK_SHI,    /* 一是 */
    MARK_YAO,    /* 一要 */
    MARK_QI      /* 其一 */
} MarkKind;

typedef enum Class { CLASS_NONE, CLASS_ACHIEVEMENT, CLASS_PROBLEM, CLASS_IMPRESSION, CLASS_DEMAND,
                     CLASS_OTHER /* causes, background: listed nowhere */ } Class;

enum { MARK_KINDS = MARK_QI + 1, ORDINAL_LAST = 100 /* 最后 */ };
#define NOWHERE UINT32_MAX /* no mark, no list */

typedef struct Mark {
    MarkKind kind;
    int ord;
    Class noun;          /* 第一点感受: an impression */
    bool start;          /* at the start of its line */
    bool dead;           /* belongs to no list */
    uint32_t line, list; /* indexes */
    uint32_t child;      /* first list under it, or NOWHERE */
    uint32_t next;       /* next mark of its list, or NOWHERE */
    size_t at, number_to, body; /* marker, end of its number, what it marks */
    size_t to;           /* end of its first sentence */
    size_t end;          /* end of its block */
    Class cls;
    bool own;            /* its own heading says what it holds */
} Mark;

typedef struct List {
    MarkKind kind;
    uint32_t first;      /* first mark */
    uint32_t parent;     /* the mark it stands under, or NOWHERE */
    uint32_t last_line;  /* line of its latest mark */
    int n, last, level;
    bool start;          /* its latest mark stands at the start of a line */
    bool inside;         /* its first mark does not */
    uint32_t announce;   /* the nearest announcement that may mean it, or NOWHERE */
    Class cls;
} List;

typedef struct Announce {
    int count;           /* 0 for 几点 */
    Class cls;
    uint32_t line;
    size_t at, to;       /* the announcing words */
    size_t sentence, sentence_to;
} Announce;

typedef struct Reading {
    Arena *a;            /* scratch and result alike: the caller's */
    const Folded *f;
    Str s;               /* f->text */
    Line *lines;         size_t n_lines, cap_lines;
    Mark *marks;         size_t n_marks, cap_marks;
    List *lists;         size_t n_lists, cap_lists;
    Announce *announces; size_t n_announces, cap_announces;
    Str title;
    Outline *out;
    Err *e;
} Reading;

bool outline_steps(Reading *r, const Text *t, Str text); /* all seven; r has a, out and e */
void outline_put(Jw *w, const Outline *o);               /* members of the open object */
bool outline_lines(Reading *r);
bool outline_marks(Reading *r);
bool outline_announces(Reading *r);
bool outline_lists(Reading *r);
bool outline_classes(Reading *r);
bool outline_mismatches(Reading *r);
bool outline_take(Reading *r);
bool outline_count(Reading *r);

/* Is this part of a sentence a problem told of somebody ("个别支部学习不够深入")? */
bool outline_tells(Str part);
size_t outline_clause_end(Str s, size_t at);   /* behind ； or the end */
/* A qualifier before a number that ends at byte `to`: 至少, 不少于, 约; empty when none. */
Str outline_qualifier(Str s, size_t from, size_t to);
/* Bytes of a unit of counting at `at`. */
size_t outline_unit(Str s, size_t at);

/* Helpers several steps use. */
bool outline_refused(Reading *r);              /* sets "no memory", returns false */
Str outline_slice(const Reading *r, size_t from, size_t to);
size_t outline_sentence_end(Str s, size_t at); /* behind 。！？ or the line, capped */
bool outline_any(Str s, const char *const *words);   /* words end with NULL */
bool outline_starts_any(Str s, const char *const *words);
/* str_next without a call for what is nearly all of a Chinese text; s must be well-formed. */
static inline size_t outline_next(Str s, size_t at, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    if (at + 2 >= s.n || (p[0] & 0xF0) != 0xE0)
        return str_next(s, at, cp);
    *cp = (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    return 3;
}
/* The end of the digits and numerals from `at` on, and the character behind them: a look before
 * numeral_read, which is slower. */
static inline size_t outline_digits(Str s, size_t at, uint32_t *behind)
{
    size_t k;
    *behind = 0;
    while ((k = outline_next(s, at, behind)) > 0 &&
           ((*behind >= '0' && *behind <= '9') || text_zh_digit(*behind) >= 0 ||
            *behind == 0x5341 || *behind == 0x767E || *behind == 0x5343)) {
        at += k;
        *behind = 0;
    }
    return at;
}
/* Bytes of `word` when it stands at `at`, else 0. By hand: word lists are tried at every clause,
 * and nearly all of their words differ within three bytes. */
static inline size_t outline_word(Str s, size_t at, const char *word)
{
    size_t i = 0;
    while (word[i] && at + i < s.n && s.p[at + i] == word[i])
        i++;
    return word[i] ? 0 : i;
}
/* Bytes of the first of `words` (they end with NULL) that stands at `at`, else 0. */
static inline size_t outline_one(Str s, size_t at, const char *const *words)
{
    size_t n = 0;
    for (; *words && n == 0; words++)
        n = outline_word(s, at, *words);
    return n;
}
bool outline_is_top(MarkKind k);               /* level 1: 一、 and headlines without number */
Class outline_heading_class(Str heading);      /* what a heading says it holds */
size_t outline_mark_at(Mark *m, Str s, size_t at, bool start); /* bytes, 0: no marker here */

#endif
