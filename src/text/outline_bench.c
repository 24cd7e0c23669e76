/* Outline and extraction against OpenCC alone, on the speeches of testdata as often as fits into
 * half a second each. */
#include "text/text.h"

#include <opencc/opencc.h>
#include <stdio.h>
#include <time.h>

enum { ROOM = 1 << 20 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double outline_rate(const Text *t, Arena *a, Str text)
{
    double start = seconds(), now;
    size_t bytes = 0;
    do {
        Outline o;
        Err e = { 0 };
        arena_reset(a);
        if (!outline_read(&o, a, t, text, &e))
            return 0;
        bytes += text.n;
    } while ((now = seconds()) - start < 0.5);
    return (double)bytes / (now - start) / 1e6;
}

static double opencc_rate(opencc_t o, Str text)
{
    double start = seconds(), now;
    size_t bytes = 0;
    do {
        opencc_convert_utf8_free(opencc_convert_utf8(o, text.p, text.n));
        bytes += text.n;
    } while ((now = seconds()) - start < 0.5);
    return (double)bytes / (now - start) / 1e6;
}

int main(void)
{
    static const char *const names[] = { "levels", "report", "traditional", "web" };
    static char text[ROOM];
    Err e = { 0 };
    Text *t;
    Arena *a = arena_open(64u << 20);
    opencc_t o = opencc_open("hk2s.json");
    if (!a || o == (opencc_t)-1 || !text_open(&t, TEXT_TO_HANS, &e))
        return 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[100];
        snprintf(path, sizeof path, "src/text/testdata/%s.txt", names[i]);
        FILE *in = fopen(path, "rb");
        if (!in)
            return 1;
        Str s = { text, fread(text, 1, sizeof text, in) };
        fclose(in);
        double ours = outline_rate(t, a, s), theirs = opencc_rate(o, s);
        printf("outline %-12s %6.1f MB/s = %4.1f x OpenCC alone (%.1f MB/s)\n", names[i], ours,
               ours / theirs, theirs);
    }
    opencc_close(o);
    text_close(t);
    arena_close(a);
    return 0;
}
