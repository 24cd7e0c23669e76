/* The fuzzers' corpora as an ordinary test: what once broke a reader must not do so again. */
#define LLVMFuzzerTestOneInput fuzz_xlsx
#include "print/print_xlsx_fuzz.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_docx
#include "print/print_docx_fuzz.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_csv
#include "print/print_csv_fuzz.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_html
#include "print/print_html_fuzz.c"
#undef LLVMFuzzerTestOneInput

#include <dirent.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "print/kit_test.h"

static void replay(const char *folder, int (*fuzz)(const uint8_t *, size_t))
{
    int n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        char path[400], bytes[1 << 16];
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
    assert_true(n > 0);
}

static void xlsx_corpus(void **state)
{
    (void)state;
    replay("src/print/corpus/print_xlsx_fuzz", fuzz_xlsx);
}

static void docx_corpus(void **state)
{
    (void)state;
    replay("src/print/corpus/print_docx_fuzz", fuzz_docx);
}

static void csv_corpus(void **state)
{
    (void)state;
    replay("src/print/corpus/print_csv_fuzz", fuzz_csv);
}

static void html_corpus(void **state)
{
    (void)state;
    replay("src/print/corpus/print_html_fuzz", fuzz_html);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xlsx_corpus),
        cmocka_unit_test(docx_corpus),
        cmocka_unit_test(csv_corpus),
        cmocka_unit_test(html_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
