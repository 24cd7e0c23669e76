/* A checkpoint that is read prints to the same text, up to its extensions. */
#include "tlog/tlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TlogCheckpoint c;
    Err e;
    Str text = { (const char *)data, size };
    if (!tlog_checkpoint_read(&c, text, &e))
        return 0;
    Buf b = buf_open(TLOG_CHECKPOINT_MAX + 1);
    tlog_checkpoint_print(&b, &c);
    if (b.failed || !str_starts(text, buf_str(&b)))
        __builtin_trap();
    buf_close(&b);
    return 0;
}
