/* hall_test: a small district with a meeting hall, for the tests of meeting and ballot. */
#ifndef WORK_HALL_TEST_H
#define WORK_HALL_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fact/fact.h"
#include "print/print.h"
#include "work/rows.h"
#include "work/work.h"

enum { HALL_PEOPLE = 4 };

typedef struct HallRoom {
    char dir[200];
    Sys *sys;
    Work *w;
    Arena *a;
    Err e;
    int64_t org, branch[HALL_PEOPLE], person[HALL_PEOPLE], helper[8];
    int64_t cycle, version, debriefer[HALL_PEOPLE];
    Who console, clerk, head, teller1, teller2, teller3, scrutineer, committee, secretary;
} HallRoom;

/* JSON written with ' for the reader's sake. */
static inline json_t *hall_json(const char *fmt, va_list args)
{
    char text[40000];
    json_t *v = NULL;
    Err e = { 0 };
    vsnprintf(text, sizeof text, fmt, args);
    for (char *p = text; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    if (!jv_read(&v, str_of(text), "test", &e))
        fail_msg("no JSON: %s", text);
    return v;
}

static inline bool hall_run(HallRoom *r, const Who *who, const UseCase *u, const json_t *in,
                            json_t **out, WorkFile *file)
{
    WorkReply reply = { .json = buf_open(WORK_REPLY_MAX) };
    WorkInput given = { .json = in };
    r->e = (Err){ 0 };
    bool ok = work_do(&reply, r->w, who, u, &given, r->a, &r->e);
    if (ok && out) {
        assert_true(jv_read(out, buf_str(&reply.json), "reply", &r->e));
        if (u->out && !shape_check(u->out, *out, &r->e))
            fail_msg("%s: the reply is not as promised: %.*s [%s]", u->name,
                     STR(err_get(&r->e, "field")), r->e.trail);
    }
    if (ok && file)
        *file = reply.file;
    buf_close(&reply.json);
    return ok;
}

static inline void hall_show(const HallRoom *r)
{
    char text[1500];
    err_print(&r->e, LANG_HANS, text, sizeof text);
    print_message("%s: %s [%s]\n", err_name(r->e.code), text, r->e.trail);
}

/* Does it and gives the reply, which the caller frees. */
static inline json_t *hall_do(HallRoom *r, const Who *who, const UseCase *u, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    json_t *in = hall_json(fmt, args), *out = NULL;
    va_end(args);
    if (!hall_run(r, who, u, in, &out, NULL)) {
        hall_show(r);
        fail_msg("%s was refused", u->name);
    }
    json_decref(in);
    return out;
}

static inline void hall_done(HallRoom *r, const Who *who, const UseCase *u, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    json_t *in = hall_json(fmt, args), *out = NULL;
    va_end(args);
    if (!hall_run(r, who, u, in, &out, NULL)) {
        hall_show(r);
        fail_msg("%s was refused", u->name);
    }
    json_decref(in);
    json_decref(out);
}

/* Refused with exactly this error; its sentence is in r->e. */
static inline void hall_refused(HallRoom *r, ErrCode code, const Who *who, const UseCase *u,
                                const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    json_t *in = hall_json(fmt, args), *out = NULL;
    va_end(args);
    if (hall_run(r, who, u, in, &out, NULL))
        fail_msg("%s was accepted", u->name);
    if (r->e.code != code) {
        hall_show(r);
        fail_msg("%s was refused, but not with %s", u->name, err_name(code));
    }
    json_decref(in);
}

static inline void hall_says(const HallRoom *r, const char *part)
{
    char text[1500];
    err_print(&r->e, LANG_HANS, text, sizeof text);
    if (!strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

/* --- who is there --------------------------------------------------------------------------- */

typedef struct HallFact {
    const char *kind;
    json_t *body;
    int64_t id;
} HallFact;

static inline bool hall_fact_job(Tx *tx, void *arg, Err *e)
{
    HallFact *f = arg;
    FactIn in = { .kind = str_of(f->kind), .json = f->body };
    return fact_append(tx, &in, &f->id, e);
}

static inline int64_t hall_fact(HallRoom *r, const char *kind, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    HallFact f = { .kind = kind, .body = hall_json(fmt, args) };
    va_end(args);
    if (!store_write(work_store(r->w), hall_fact_job, &f, &r->e)) {
        hall_show(r);
        fail_msg("%s was not filed", kind);
    }
    json_decref(f.body);
    return f.id;
}

static inline Who hall_account(HallRoom *r, const char *login, const char *role, int64_t person,
                               int64_t org)
{
    Who who;
    int64_t account = hall_fact(r, "account", "{'login':'%s','person':%lld}", login,
                                (long long)person);
    hall_fact(r, "grant", "{'account':%lld,'role':'%s','org':%lld,'from':'2020-01-01'}",
              (long long)account, role, (long long)org);
    assert_true(who_read(&who, r->w, account, &r->e));
    return who;
}

static inline void hall_people(HallRoom *r)
{
    static const char *const names[] = { "甲一", "乙二", "丙三", "丁四" };
    r->org = hall_fact(r, "org", "{'code':'D','name':'例区机关工委','kind':'work_committee'}");
    for (int i = 0; i < HALL_PEOPLE; i++) {
        r->branch[i] = hall_fact(r, "org", "{'code':'B%d','name':'第%d系统机关党委',"
                                           "'kind':'system_committee','parent':%lld}",
                                 i, i + 1, (long long)r->org);
        r->person[i] = hall_fact(r, "person", "{'name':'%s','org':%lld}", names[i],
                                 (long long)r->branch[i]);
    }
    for (int i = 0; i < 8; i++)
        r->helper[i] = hall_fact(r, "person", "{'name':'职员%d','org':%lld}", i, (long long)r->org);
    r->clerk = hall_account(r, "clerk", "organiser_clerk", r->helper[0], r->org);
    r->head = hall_account(r, "head", "organiser_head", r->helper[1], r->org);
    r->teller1 = hall_account(r, "teller1", "teller", r->helper[2], r->org);
    r->teller2 = hall_account(r, "teller2", "teller", r->helper[3], r->org);
    r->teller3 = hall_account(r, "teller3", "teller", r->helper[4], r->org);
    r->scrutineer = hall_account(r, "scrutineer", "scrutineer", r->helper[5], r->org);
    r->committee = hall_account(r, "committee", "committee", r->helper[6], r->org);
    r->secretary = hall_account(r, "secretary", "secretary", r->person[0], r->branch[0]);
    r->console = (Who){ .console = true };
}

/* --- the cycle ------------------------------------------------------------------------------ */

#define HALL_CHOICES(on_failure)                                                                   \
    "{'rounding':{'mode':'half_up','places':2,'nodes':[],'quota':'up'},'ties':{'rule':'share'},"   \
    "'quorum':{'returned':'0.8','valid':'0.9','scope':'per_group','on_failure':'" on_failure "'}}"

static inline int64_t hall_made(json_t *reply, const char *member)
{
    int64_t v = jv_int(reply, member);
    json_decref(reply);
    return v;
}

static inline void hall_cycle(HallRoom *r, const char *choices)
{
    r->cycle = hall_made(
        hall_do(r, &r->head, &work_cycle_open,
                "{'body':{'year':2026,'title':'2026年度述职评议','organiser':%lld,"
                "'classes':[{'name':'duty','title':'履职'}],"
                "'objects':['party_building','clean_conduct'],'scheme':'district',"
                "'survey_mode':'open','groups':[{'name':'leaders','title':'区领导','issued':10},"
                "{'name':'peers','title':'述职人互评','issued':12},"
                "{'name':'staff','title':'机关党员代表','issued':20}]}}", (long long)r->org), "id");
    r->version = hall_made(hall_do(r, &r->head, &work_choices_set,
                                   "{'cycle':%lld,'version':%lld,'floor':8,'choices':%s}",
                                   (long long)r->cycle, (long long)r->cycle, choices), "version");
    for (int i = 0; i < HALL_PEOPLE; i++)
        r->debriefer[i] = hall_made(
            hall_do(r, &r->clerk, &work_debriefer_add,
                    "{'cycle':%lld,'body':{'org':%lld,'person':%lld,'form':'%s'}}",
                    (long long)r->cycle, (long long)r->branch[i], (long long)r->person[i],
                    i < 3 ? "live" : "written"), "id");
}

static inline int hall_open(void **state)
{
    HallRoom *r = calloc(1, sizeof *r);
    const char *tmp = getenv("TMPDIR");
    snprintf(r->dir, sizeof r->dir, "%s/ballot.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(r->dir) || !(r->a = arena_open(512 << 20)) ||
        !(r->sys = sys_open_sim(7, 1796000000000)))
        return -1;
    WorkConfig c = { .dir = r->dir, .sys = r->sys, .fonts = ".tools/fonts", .make = true };
    if (!work_open(&r->w, &c, &r->e)) {
        hall_show(r);
        return -1;
    }
    hall_people(r);
    hall_cycle(r, HALL_CHOICES("revote"));
    *state = r;
    return 0;
}

static inline int hall_close(void **state)
{
    HallRoom *r = *state;
    char command[300];
    work_close(r->w);
    sys_close(r->sys);
    arena_close(r->a);
    snprintf(command, sizeof command, "rm -rf '%s'", r->dir);
    free(r);
    return system(command);
}

/* Do the bytes stand anywhere in the installation's folder? */
static inline bool hall_on_disk(const HallRoom *r, const char *bytes)
{
    char command[600];
    snprintf(command, sizeof command, "grep -rqaF -- '%s' '%s'", bytes, r->dir);
    return system(command) == 0;
}

#endif
