/* fuzz: what anybody may type before he is known: a slip's code, a new password. */
#include "auth/parts.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Str text = { (const char *)data, n };
    char bare[AUTH_SLIP_LETTERS], again[AUTH_SLIP_LETTERS];
    Err e = { 0 };
    if (auth_slip_read(bare, text)) {
        /* what was read reads as itself */
        if (!auth_slip_read(again, (Str){ bare, sizeof bare })
            || memcmp(bare, again, sizeof bare) != 0)
            abort();
    }
    if (auth_password_rules(text, STRC("login"), &e)
        && (!str_valid(text) || str_points(text) < AUTH_PASSWORD_MIN
            || str_points(text) > AUTH_PASSWORD_MAX))
        abort();
    return 0;
}
