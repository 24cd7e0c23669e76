/* call: one use case being carried out; for the files of this folder only.
 *
 * A use case reads like its story: who may, what must hold, what becomes true.
 *
 *     static bool close_out(Call *c, const void *in_, Jw *out, Err *e)
 *     {
 *         const CloseOutIn *in = in_;
 *         Fact f;
 *         return call_thing(&f, c, "finding", in->finding, e)
 *             && call_may_org(c, f.org, e)
 *             && not_owner(c, &f, e)
 *             && call_file(c, &(Filing){ .form = "finding", .subject = in->finding, ... }, &id, e);
 *     }
 *
 * Nouns of this face: call_ */
#ifndef WORK_CALL_H
#define WORK_CALL_H

#include "fact/fact.h"
#include "pack/pack.h"
#include "print/print.h"
#include "rule/rule.h"
#include "text/text.h"
#include "work/work.h"

struct Call {
    Work *w;
    const Who *who;
    const UseCase *u;
    const WorkInput *given;
    WorkReply *reply;
    Tx *tx;              /* NULL between the transactions of WORK_OUTSIDE */
    Arena *a;
    Moment now;
    Day today;           /* in Beijing */
    bool asked;          /* has a scope been asked for? */
    /* For the record of log-ins (audit.h). */
    int64_t actor;       /* the account meant, where nobody has logged in yet */
    Str mark;            /* tells unknown logins apart */
    ErrCode outcome;
};

/* --- who may: each sets `asked`; false with FORBIDDEN -------------- */
bool call_may_org(Call *c, int64_t org, Err *e) MUST_USE;     /* a role of the row covers org */
bool call_may_roles(Call *c, uint32_t roles, int64_t org, Err *e) MUST_USE; /* these instead */
/* The same inside a cycle: the organiser's subtree, and grants for another cycle do not count. */
bool call_may_cycle(Call *c, int64_t cycle, Err *e) MUST_USE;
bool call_may_self(Call *c, int64_t person, Err *e) MUST_USE; /* is him, or a clerk on his behalf */
bool call_may_all(Call *c, Err *e) MUST_USE;                  /* the roles of the row suffice */
bool call_can(Call *c, uint32_t roles, int64_t org);          /* asks without failing or marking */
bool call_can_cycle(Call *c, uint32_t roles, int64_t cycle);
bool call_can_in(Call *c, uint32_t roles, const Fact *cycle); /* of a cycle that was read */

/* --- the rulebook --------------------------------------------------- */
const Rulebook *call_rules(Call *c);
Str call_title(Call *c, const char *list, Str value);          /* 现场述职; the value if unknown */

/* --- reading things ------------------------------------------------- */
bool call_thing(Fact *out, Call *c, const char *form, int64_t subject, Err *e) MUST_USE;
/* Current things of a form whose indexed field has this value; field NULL: all. */
bool call_list(FactList *out, Call *c, const char *form, const char *field, Str value,
               Err *e) MUST_USE;
bool call_list_id(FactList *out, Call *c, const char *form, const char *field, int64_t id,
                  Err *e) MUST_USE;
/* "" for subject 0. */
bool call_name(Str *out, Call *c, const char *form, int64_t subject, Err *e) MUST_USE;
/* Does the thing (a tenure, a grant) hold on the day, by its fields `from` and `to`? */
bool call_holds(const Fact *f, Day day);
/* The person who holds a post of an org on a day; 0 when vacant. */
bool call_holder(int64_t *person, Call *c, int64_t org, const char *post, Day day, Err *e) MUST_USE;
/* The body as JSON that the caller may change; freed with the call's arena owner (call_json). */
json_t *call_body(Call *c, const Fact *f, Err *e) MUST_USE;   /* NULL on failure; json_decref it */

/* --- becoming true ---------------------------------------------------- */
typedef struct Filing {
    const char *form;
    int64_t subject;     /* 0: a new thing */
    int64_t org;
    Day occurred_on;     /* 0: today */
    int64_t base;        /* version the editor saw; 0: not checked */
    int64_t corrects;
    const json_t *body;  /* checked against the form of the pack, made canonical */
} Filing;
bool call_file(Call *c, const Filing *f, int64_t *id, Err *e) MUST_USE;  /* id may be NULL */
/* Changes some fields of a thing: `patch` members replace, null members remove. */
bool call_revise(Call *c, const char *form, const Fact *was, int64_t base, const json_t *patch,
                 int64_t *id, Err *e) MUST_USE;
/* A move of the form's flow: guard and role are checked, `state` changes together with patch. */
bool call_move(Call *c, const char *form, const Fact *was, int64_t base, const char *move,
               const json_t *patch, int64_t *id, Err *e) MUST_USE;
/* The same with the roles that count for this very thing, as the use case found them. */
bool call_move_as(Call *c, uint32_t roles, const char *form, const Fact *was, int64_t base,
                  const char *move, const json_t *patch, int64_t *id, Err *e) MUST_USE;

/* --- transactions of WORK_OUTSIDE -------------------------------------- */
typedef bool (*CallJob)(Call *c, void *arg, Err *e);
bool call_read(Call *c, CallJob job, void *arg, Err *e) MUST_USE;
bool call_write(Call *c, CallJob job, void *arg, Err *e) MUST_USE;

/* --- papers ------------------------------------------------------------- */
const Print *call_print(Call *c);
bool call_answer_file(Call *c, Str name, Str type, Str bytes);   /* true */
/* The paper as a file `name`.pdf or `name`.docx; format empty: pdf. Outside of transactions. */
#define CALL_PAPER_FORMATS "pdf|docx"
bool call_answer_paper(Call *c, Str name, const Paper *p, Str format, Err *e) MUST_USE;
/* Lines for the foot of every official paper: size, root and time of the log. */
bool call_log_lines(Paper *p, Call *c, Err *e) MUST_USE;

/* Text and constants shared by the areas. */
struct Board *call_board(Call *c);                            /* board.h */
Text *call_text(Call *c);
bool call_pinyin(const Pinyin **out, Call *c, Err *e) MUST_USE;
/* Does the name hold q, or do q's letters begin its syllables? For short lists; names.h for all. */
bool call_like(bool *out, Call *c, Str name, Str q, PinyinName kind, Err *e) MUST_USE;

#endif
