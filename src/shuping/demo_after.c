#include "shuping/demo_run.h"
bool demo_after_count(Demo *d)
{
    (void)d;
    return true;
}
