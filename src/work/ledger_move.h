/* ledger_move: what the page about a record needs of its flow; for this folder only. */
#ifndef WORK_LEDGER_MOVE_H
#define WORK_LEDGER_MOVE_H

#include "work/ledger.h"

/* The key `moves` with every move that leaves the record's state. */
bool work_ledger_moves(Call *c, const Form *form, const Fact *f, Jw *out, Err *e) MUST_USE;

#endif
