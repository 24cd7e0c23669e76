/* What leaves the house: chosen fields of a record, by a decision on record, for chosen days. */
#include "work/disclose.h"

bool work_disclosable(const Form *form)
{
    return form->ledger && form->n_public > 0 && !form->personal;
}
