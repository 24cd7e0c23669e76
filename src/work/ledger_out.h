/* ledger_out: records as rows of a table and as lines of JSON; for this folder only. */
#ifndef WORK_LEDGER_OUT_H
#define WORK_LEDGER_OUT_H

#include "work/ledger.h"

/* The table of a form, its columns named; NULL with the error. */
Table *work_ledger_table(Call *c, const Form *form, FormColumns *columns, Err *e);
bool work_ledger_row(Table *t, Call *c, const Form *form, const FormColumns *columns,
                     const Fact *f, const FactKey *key, Err *e) MUST_USE;
/* One line, its break included. */
void work_ledger_line(Buf *out, const Form *form, const Fact *f, const FactKey *key);

#endif
