/* work: the use cases. One use case = one function = one transaction = one or more facts; the
 * API, the CLI, the importer and the demonstration call the same rows, and there is no other way
 * to write.
 *
 * It refuses to know HTTP, SQL and file formats. Who may is checked here, once: a row names the
 * roles that may call it, and its function must ask for a scope (an organisation, a cycle, the
 * caller himself, or nobody in particular); a function that answered without asking is refused.
 *
 * Ownership: Work owns store, rulebook and everything it opened; a reply lives in the caller's
 * buffer, a file in the caller's arena.
 *
 *     Work *w;
 *     if (!work_open(&w, &(WorkConfig){ .dir = "D", .sys = sys }, &e)) ...
 *     WorkReply r = { .json = buf_open(WORK_REPLY_MAX) };
 *     if (!work_do(&r, w, &who, &work_cycle_open, in, a, &e)) ...
 *
 * Nouns of this face: work_ who_ */
#ifndef WORK_WORK_H
#define WORK_WORK_H

#include "auth/auth.h"
#include "auth/role.h"
#include "base/base.h"
#include "sys/sys.h"

enum {
    WORK_REPLY_MAX = 32 << 20,  /* bytes of one JSON reply */
    WORK_ARENA_MAX = 256 << 20, /* memory of one use case */
    WORK_UPLOAD_MAX = 32 << 20, /* bytes of an uploaded file */
    WHO_GRANTS_MAX = 64         /* grants of one account that count */
};

typedef struct Work Work;

typedef struct WorkConfig {
    const char *dir;   /* the installation's folder */
    Sys *sys;          /* outlives the Work */
    const char *exe;   /* the program for short-lived readers and writers; NULL: this one */
    const char *fonts; /* folders of fonts, ':' between them; NULL: the system's only */
    bool make;         /* an empty installation is made; false: it must exist */
    const struct PackSource *packs; /* beside those that are part of the program */
    size_t n_packs;
} WorkConfig;

bool work_open(Work **out, const WorkConfig *c, Err *e) MUST_USE;
void work_close(Work *w);                     /* accepts NULL */
Sys *work_sys(const Work *w);
Store *work_store(const Work *w);
Auth *work_auth(const Work *w);
const char *work_dir(const Work *w);

bool work_is_demo(Work *w);                   /* a demonstration: loopback only */

/* Opens a safety copy into an empty folder and audits it; *size: facts in its log. */
bool work_restore(Sys *sys, Arena *a, const char *from, const char *dir, Str passphrase,
                  int64_t *size, Err *e) MUST_USE;

/* Who is asking. */
typedef struct WhoGrant {
    Role role;
    int64_t org;       /* with everything below it; 0: everywhere */
    int64_t cycle;     /* 0: any */
} WhoGrant;

typedef struct Who {
    int64_t account;   /* 0: nobody has logged in */
    int64_t person;    /* 0: an account without a person (first administrator) */
    int64_t behalf;    /* person served by this clerk, 0 none */
    Lang lang;
    bool console;      /* the operator at the machine itself (demo, init, command line) */
    int64_t token;     /* a machine calls with this token of the account's, 0 none */
    bool token_files;  /* ... which may file, not only read */
    WhoGrant grants[WHO_GRANTS_MAX];
    size_t n_grants;
} Who;

bool who_has(const Who *who, uint32_t roles);            /* any of these, anywhere */
/* The account with its grants as of today. NOT_FOUND for a closed or unknown one. */
bool who_read(Who *out, Work *w, int64_t account, Err *e) MUST_USE;
bool who_named(Who *out, Work *w, Str login, Err *e) MUST_USE;

/* What a use case is. */
typedef struct Call Call;      /* work/call.h: for the use cases themselves */
typedef enum WorkMode {
    WORK_READ,   /* runs in a snapshot */
    WORK_WRITE,  /* runs in the writer's transaction: reads no files, hashes no passwords */
    WORK_OUTSIDE /* opens its own transactions through call_read and call_write */
} WorkMode;

/* What a machine with a token may call. */
typedef enum WorkToken { WORK_TOKEN_NO, WORK_TOKEN_READS, WORK_TOKEN_FILES } WorkToken;

typedef struct UseCase {
    const char *name;    /* "cycle_open" */
    const char *title;   /* what it is for, in Chinese: manual, matrix, audit */
    WorkMode mode;
    uint32_t roles;      /* ROLE_BIT(...) | ...; WORK_ANYBODY; WORK_LOGGED_IN */
    const Shape *in;     /* NULL: nothing is asked */
    const Shape *out;    /* NULL: it answers {} or a file */
    bool upload;         /* takes the bytes of a file */
    bool file;           /* answers with a file */
    bool audit;          /* each call is recorded for the audit administrator */
    WorkToken token;
    bool (*run)(Call *c, const void *in, Jw *out, Err *e);
} UseCase;

#define WORK_ANYBODY 0x80000000u   /* also without a login */
#define WORK_LOGGED_IN 0x40000000u /* every account */

typedef struct WorkFile {
    Str name, type, bytes;
} WorkFile;

typedef struct WorkReply {
    Buf json;          /* the caller opens and closes it */
    WorkFile file;     /* in the caller's arena, when the use case answers with a file */
    Str session;       /* a new session's token, when one began */
    bool session_over; /* the session ended */
} WorkReply;

/* SHA-256 in hexadecimal of the booth's pages as they are served; empty where none are. */
typedef struct WorkPages {
    Str vote, trustee, slips;
} WorkPages;

typedef struct WorkInput {
    const json_t *json;  /* NULL: nothing given */
    Str upload;          /* bytes of the uploaded file */
    Str upload_name;
    Str peer;            /* address, for the throttle */
    Str session;         /* token, for log out */
    Str bearer;          /* a machine's token instead; empty: none */
    Str site;            /* "https://host:port" as the caller sees it; may be empty */
    WorkPages pages;
} WorkInput;

bool work_do(WorkReply *out, Work *w, const Who *who, const UseCase *u, const WorkInput *in,
             Arena *a, Err *e) MUST_USE;
/* The same for a request of a session (in->session) or a machine (in->bearer): who is asking, and
 * what is read, come from one snapshot. An unknown or ended session is nobody, a token that does
 * not hold is refused. */
typedef struct WorkVisit {
    int64_t behalf;
    Lang lang;
} WorkVisit;
bool work_visit(WorkReply *out, Work *w, const WorkVisit *v, const UseCase *u, const WorkInput *in,
                Arena *a, Err *e) MUST_USE;
/* Every use case there is, in the order of the year; ends with NULL. */
const UseCase *const *work_cases(void);
const UseCase *work_case(Str name);           /* NULL when there is none */
/* The sentence for a person in his language. */
Str work_say(const Work *w, Arena *a, const Err *why, Lang lang);
/* The matrix use case x role as a Markdown table. */
void work_matrix(Buf *out);

#endif
