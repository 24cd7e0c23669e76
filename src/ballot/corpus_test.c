/* The fuzzers' corpora as an ordinary test. */
#define LLVMFuzzerTestOneInput fuzz_vote
#include "ballot/vote_fuzz.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_bel
#include "ballot/bel_fuzz.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_files
#include "ballot/files_fuzz.c"
#undef LLVMFuzzerTestOneInput

#include "ballot/kit_test.h"

#include <dirent.h>
#include <stdio.h>

static void replay(const char *folder, int least, int (*fuzz)(const uint8_t *, size_t))
{
    int n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        char path[600], bytes[1 << 16];
        if (d->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        size_t size = fread(bytes, 1, sizeof bytes, f);
        fclose(f);
        assert_int_equal(fuzz((const uint8_t *)bytes, size), 0); /* worse would have trapped */
        n++;
    }
    closedir(dir);
    assert_true(n >= least);
}

static void corpora(void **state)
{
    (void)state;
    replay("src/ballot/corpus/vote_fuzz", 2, fuzz_vote);
    replay("src/ballot/corpus/bel_fuzz", 2, fuzz_bel);
    replay("src/ballot/corpus/files_fuzz", 5, fuzz_files);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(corpora) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
