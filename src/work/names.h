/* names: the names of all organisations and people as they are looked for: in simplified or
 * traditional characters, by sound, by code or staff number. Made from the log when first asked
 * for, then kept up with it; nothing of it is stored. For the files of this folder only.
 *
 * Nouns of this face: work_name(s)_ */
#ifndef WORK_NAMES_H
#define WORK_NAMES_H

#include "text/draft.h"
#include "work/call.h"

enum { NAMES_PAGE = 500, NAMES_BYTES_MAX = 512 << 20 };

typedef struct Names Names;
Names *work_names_open(void);                     /* NULL: no memory */
void work_names_close(Names *s);                  /* accepts NULL */
Names *call_names(Call *c);

typedef struct NameHit {
    int64_t id;          /* of the thing; the caller's transaction may not know it yet */
    bool by_number;      /* only the code or staff number is what was typed */
    bool whole, begins;  /* the name is, or begins with, what was typed */
} NameHit;
typedef struct NameHits {
    NameHit *items;
    size_t n;
} NameHits;
/* By id. `form` is "org" or "person". Not in a writer's job. */
bool work_names_find(NameHits *out, Call *c, const char *form, Str q, Err *e) MUST_USE;

/* Every organisation and its secretaries' posts by name, for readers of prose: made again only when
 * an organisation was added or changed. Whoever was given it leaves it; until then he asks for no
 * name. */
bool work_names_roster(const Roster **out, Call *c, Err *e) MUST_USE;
void work_names_leave(Call *c);

#endif
