/* Outline and extraction against OpenCC alone, on speeches as often as fits into half a second
 * each. The limit is 20 MB/s for both together, also on short dense texts. Processor time, because
 * whoever else uses the machine is not measured. */
#include "base/bench.h"
#include "text/draft.h"

#include <opencc/opencc.h>
#include <stdio.h>
#include <time.h>

enum { ROOM = 1 << 20 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
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

static double draft_rate(const Text *t, Arena *a, Str text)
{
    double start = seconds(), now;
    size_t bytes = 0;
    do {
        Drafts d;
        Err e = { 0 };
        arena_reset(a);
        if (!draft_read(&d, a, t, NULL, text, &e))
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
    double least = 1e9;
    static const char *const names[] = { "testdata/levels", "testdata/report",
                                         "testdata/traditional", "testdata/web",
                                         "golden/speech01", "golden/speech10",
                                         "golden/report05", "golden/report06" };
    static char text[ROOM];
    Err e = { 0 };
    Text *t;
    Arena *a = arena_open(64u << 20);
    opencc_t o = opencc_open("hk2s.json");
    if (!a || o == (opencc_t)-1 || !text_open(&t, TEXT_TO_HANS, &e))
        return 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[100];
        snprintf(path, sizeof path, "src/text/%s.txt", names[i]);
        FILE *in = fopen(path, "rb");
        if (!in)
            return 1;
        Str s = { text, fread(text, 1, sizeof text, in) };
        fclose(in);
        double outline = outline_rate(t, a, s), both = draft_rate(t, a, s);
        double theirs = opencc_rate(o, s);
        printf("%-20s %5zu bytes: outline %6.1f MB/s, with extraction %6.1f MB/s = %4.1f x OpenCC "
               "alone (%.1f MB/s)\n", names[i], s.n, outline, both, both / theirs, theirs);
        least = both < least ? both : least;
    }
    bench_limit("outline and extraction, the slowest text", least, false, 20, "MB/s");
    opencc_close(o);
    text_close(t);
    arena_close(a);
    return 0;
}
