/* ledger_out: records as rows of a table and as lines of JSON; for this folder only. */
#ifndef WORK_LEDGER_OUT_H
#define WORK_LEDGER_OUT_H

#include "work/ledger.h"

typedef struct LedgerTable {
    const Form *form;
    Table *t;
    FormColumns columns;
    Map names;                     /* how things are called in it; by form, number and org */
} LedgerTable;
/* The table of a form, its columns named. */
bool work_ledger_table(LedgerTable *out, Call *c, const Form *form, Err *e) MUST_USE;
bool work_ledger_row(LedgerTable *x, Call *c, const Fact *f, const FactKey *key,
                     Err *e) MUST_USE;
/* One line, its break included. */
void work_ledger_line(Buf *out, const Form *form, const Fact *f, const FactKey *key);

#endif
