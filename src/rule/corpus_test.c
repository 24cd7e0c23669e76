/* The fuzzer's corpus as an ordinary test. */
#include "rule/body_fuzz.c"

#include <dirent.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_corpus(void **state)
{
    (void)state;
    static const char folder[] = "src/rule/corpus/body_fuzz";
    DIR *dir = opendir(folder);
    int n = 0;
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        char path[400];
        unsigned char bytes[1 << 12];
        if (d->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        size_t size = fread(bytes, 1, sizeof bytes, f);
        fclose(f);
        assert_int_equal(LLVMFuzzerTestOneInput(bytes, size), 0); /* worse would have trapped */
        n++;
    }
    closedir(dir);
    assert_int_equal(n, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_corpus) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
