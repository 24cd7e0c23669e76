/* ledger_in: importing records, in three steps that share these tables: a file is read into rows
 * (ledger_read.c), each row is understood and compared with what is stored (ledger_plan.c), and
 * what is new or changed is filed (ledger_in.c). For the files of this folder only. */
#ifndef WORK_LEDGER_IN_H
#define WORK_LEDGER_IN_H

#include "work/ledger.h"

enum {
    LEDGER_HEADER_ROWS = 10,       /* the column names stand in one of the first rows */
    LEDGER_BAD_MAX = 1000,         /* refused rows in one reply */
    LEDGER_LINE_MAX = 1 << 20      /* bytes of one line of JSON */
};
#define LEDGER_ORG_COLUMN "所在组织"
#define LEDGER_ID_COLUMN "记录编号"

typedef enum LedgerRowState {
    LEDGER_NEW, LEDGER_CHANGED, LEDGER_SAME, LEDGER_REFUSED, LEDGER_ROW_STATES
} LedgerRowState;

typedef struct LedgerRow {
    int number;                    /* as the margin says; of JSON Lines the line */
    Str org;                       /* as written; empty: not said */
    int64_t id;                    /* of the record, as an export writes it; 0: not said */
    Str *cells;                    /* one for each of the file's columns; NULL for JSON Lines */
    const json_t *line;            /* of JSON Lines: {"org", "values"} */
    Str step;                      /* the state of its flow that a line of JSON says; no input */
    LedgerRowState state;
    Str column, message;           /* of a refusal */
    int64_t org_id;
    json_t *body;                  /* as it would be filed */
    Fact was;                      /* the record it changes; id 0: none */
} LedgerRow;

typedef struct LedgerFile {
    const Form *form;
    FormColumns columns;           /* what may be imported */
    LedgerRow *rows;
    size_t n, cap;
    json_t **lines;                /* kept until the end */
    size_t n_lines, cap_lines;
    Str *notes;
    size_t n_notes, cap_notes;
    int64_t count[LEDGER_ROW_STATES];
    Map orgs, held, seen, refs;    /* caches of the plan */
} LedgerFile;

/* The columns of a form that fit a sheet: no state (it is moved), no attachments, and what late
 * entry asks only where there is a time limit. */
bool work_ledger_sheet(FormColumns *out, Call *c, const Form *form, Err *e) MUST_USE;

/* Reads xlsx, csv or JSON Lines, told by the bytes. Outside of any transaction. */
bool work_ledger_parse(LedgerFile *out, Call *c, const Form *form, Str name, Str bytes,
                       Err *e) MUST_USE;
/* The lines of JSON of a file; pure but for memory. For it and its fuzzer. */
bool work_ledger_lines(LedgerFile *out, Arena *a, Str bytes, Err *e) MUST_USE;
void work_ledger_file_close(LedgerFile *f);

typedef struct LedgerPlan {
    int64_t org;                   /* of rows that name none; 0: each must */
    Str late_reason, late_by;      /* of late rows that give none */
} LedgerPlan;
/* What each row would become: reads, never writes. Inside a transaction. */
void work_ledger_refuse(LedgerRow *row, Call *c, Str column, const Err *why);
bool work_ledger_plan(LedgerFile *f, Call *c, const LedgerPlan *p, Err *e) MUST_USE;

/* A thing by what people write: number, code or name (ledger_resolve.c). */
bool work_ledger_resolve(int64_t *out, Call *c, const Form *form, Str text, int64_t org,
                         Err *e) MUST_USE;
/* How a thing is called in a sheet, so that resolving it gives it again; empty: it has no name. */
Str work_ledger_called(Call *c, const Form *form, const Fact *f);

#endif
