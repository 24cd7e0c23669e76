/* Reading a PDF with a text layer: pdftotext (poppler-utils) takes the lines out of it, in a
 * process of its own behind more bolts than ours; here lines become paragraphs again. A scan has
 * no text and is refused: letters are not guessed from pictures. */
#include "print/part.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PDFTOTEXT "/usr/bin/pdftotext"

enum {
    OUTPUT_MAX = PRINT_TEXT_BYTES_MAX * 4, /* blanks that show the layout are taken off again */
    FILES = 64,
    SECONDS = 50,           /* less than ours, so that we can still say what happened */
    EXIT_NOT_STARTED = 127,
    EXIT_NOT_ALLOWED = 3    /* of pdftotext: its author forbids copying */
};

/* --- the process ---------------------------------------------------------------------------- */

/* Landlock, by its numbers: reading below these folders and nothing else. A kernel without it still
 * has the limits: no file can be written, no network is there. */
static void lock_files(void)
{
    static const char *const readable[] = { "/usr", "/lib", "/lib64", "/etc/ld.so.cache" };
    enum { RULE_PATH = 1, EXECUTE = 1, READ_FILE = 4, READ_DIR = 8, ALL = 0x1FFF };
    const struct { uint64_t fs; } handled = { ALL };
    int set = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (set < 0)
        return;
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        int fd = open(readable[i], O_PATH | O_CLOEXEC);
        bool folder = i < 3;
        struct { uint64_t allowed; int32_t fd; } __attribute__((packed)) rule = {
            folder ? EXECUTE | READ_FILE | READ_DIR : READ_FILE, fd
        };
        if (fd >= 0)
            syscall(SYS_landlock_add_rule, set, RULE_PATH, &rule, 0);
    }
    syscall(SYS_landlock_restrict_self, set, 0);
}

static void limit(int what, rlim_t most)
{
    struct rlimit r = { most, most };
    (void)setrlimit(what, &r);
}

_Noreturn static void become_pdftotext(int pdf, int out)
{
    char *argv[] = { "pdftotext", "-layout", "-q", "-enc", "UTF-8", "-l", "2000", "-", "-", NULL };
    char *envp[] = { NULL };
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(SECONDS);
    if (dup2(pdf, 0) < 0 || dup2(out, 1) < 0 || dup2(nowhere, 2) < 0)
        _exit(EXIT_NOT_STARTED);
    close_range(3, ~0u, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, FILES);
    lock_files();
    execve(PDFTOTEXT, argv, envp);
    _exit(EXIT_NOT_STARTED);
}

static bool failed(const char *why, Err *e)
{
    return err_fail(e, ERR_PRINT_CHILD, err_hole("why", why));
}

/* The file as a descriptor that needs no file. */
static int descriptor_of(Str bytes)
{
    int fd = memfd_create("pdf", MFD_CLOEXEC);
    while (fd >= 0 && bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR) {
            close(fd);
            return -1;
        }
        bytes = str_sub(bytes, n > 0 ? (size_t)n : 0, bytes.n);
    }
    if (fd >= 0 && lseek(fd, 0, SEEK_SET) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool result(int status, const Buf *got, Err *e)
{
    if (got->failed)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "文件的文字字节数"),
                        err_hole("max", PRINT_TEXT_BYTES_MAX));
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGXCPU))
        return err_fail(e, ERR_PRINT_TIMEOUT, err_hole("max", SECONDS));
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_STARTED)
        return err_fail(e, ERR_PRINT_NO_PDF);
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_ALLOWED)
        return err_fail(e, ERR_PRINT_PDF, err_hole("why", "作者不许复制文字"));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_fail(e, ERR_PRINT_PDF, err_hole("why", "文件损坏，或者加了密码"));
    return str_valid(buf_str(got)) || failed("pdftotext", e);
}

static bool lines_of(Buf *out, Str bytes, Err *e)
{
    int way[2], pdf = descriptor_of(bytes);
    if (pdf < 0 || pipe2(way, O_CLOEXEC) != 0) {
        close(pdf);
        return failed("管道", e);
    }
    pid_t pid = fork();
    if (pid == 0)
        become_pdftotext(pdf, way[1]);
    close(pdf);
    close(way[1]);
    char piece[16 << 10];
    ssize_t n = 0;
    while (pid > 0 && !out->failed &&
           ((n = read(way[0], piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0)
            buf_put(out, (Str){ piece, (size_t)n });
    close(way[0]); /* one that still writes ends here */
    int status = 0;
    if (pid < 0)
        return failed("fork", e);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return result(status, out, e);
}

/* --- lines to paragraphs -------------------------------------------------------------------- */

typedef struct PdfLine {
    Str text;               /* trimmed */
    int left, right;        /* columns; a Chinese character has two */
    bool edge;              /* first or last of its page */
    bool dropped;
} PdfLine;

typedef struct Page {
    PdfLine *lines;
    size_t n, cap, first;   /* first: of the page being read */
} Page;

static bool is_wide(uint32_t cp)
{
    return (cp >= 0x1100 && cp <= 0x115F) || (cp >= 0x2E80 && cp <= 0xFFE6 && cp != 0xFEFF) ||
           (cp >= 0x20000 && cp <= 0x3FFFF) || (cp >= 0x2014 && cp <= 0x2026);
}

static int columns(Str s)
{
    int n = 0;
    uint32_t cp;
    size_t k;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k)
        n += is_wide(cp) ? 2 : 1;
    return n;
}

static bool take_line(Page *p, Arena *a, Str line)
{
    int left = 0;
    Str text = str_trim(line);
    if (text.n == 0)
        return true;
    left = columns(str_sub(line, 0, (size_t)(text.p - line.p)));
    if (!ARENA_PUSH(a, p->lines, p->n, p->cap))
        return false;
    p->lines[p->n++] = (PdfLine){ .text = text, .left = left, .right = left + columns(text) };
    return true;
}

static void end_page(Page *p)
{
    if (p->n > p->first) {
        p->lines[p->first].edge = true;
        p->lines[p->n - 1].edge = true;
    }
    p->first = p->n;
}

static bool take_lines(Page *p, Arena *a, Str s)
{
    size_t from = 0;
    for (size_t i = 0; i <= s.n; i++) {
        char c = i < s.n ? s.p[i] : '\n';
        if (c != '\n' && c != '\f')
            continue;
        if (!take_line(p, a, str_sub(s, from, i - from)))
            return false;
        from = i + 1;
        if (c == '\f')
            end_page(p);
    }
    end_page(p);
    return true;
}

/* "— 3 —", "3", "3 / 12", "第3页": digits and what stands around them. */
static bool is_page_number(Str s)
{
    static const Str signs[] = { S("—"), S("–"), S("－"), S("-"), S("第"), S("页"), S("共"),
                                 S("/"), S(" "), S("·") };
    bool digit = false;
    enum { LONG = 40 };
    if (s.n > LONG)
        return false;
    while (s.n > 0) {
        size_t k = s.p[0] >= '0' && s.p[0] <= '9' ? 1 : 0;
        digit |= k == 1;
        for (size_t i = 0; k == 0 && i < sizeof signs / sizeof *signs; i++)
            if (str_starts(s, signs[i]))
                k = signs[i].n;
        if (k == 0)
            return false;
        s = str_sub(s, k, s.n);
    }
    return digit;
}

/* Page numbers, and what stands at the edge of three pages or more. */
static bool drop_edges(Page *p, Arena *a)
{
    enum { PAGES = 3 };
    Map seen = map_open(a);
    for (size_t i = 0; i < p->n; i++) {
        PdfLine *l = &p->lines[i];
        if (!l->edge)
            continue;
        l->dropped = is_page_number(l->text);
        int *n = map_get(&seen, l->text);
        if (!n && (!(n = ARENA_NEW(a, int)) || !map_put(&seen, l->text, n)))
            return false;
        ++*n;
    }
    for (size_t i = 0; i < p->n; i++) {
        const int *n = map_get(&seen, p->lines[i].text);
        p->lines[i].dropped |= p->lines[i].edge && n && *n >= PAGES;
    }
    return true;
}

/* A blank between two Chinese characters is where a line was spread to its margin. */
static void put_text(Buf *out, Str s)
{
    uint32_t cp, last = 0;
    size_t k;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k) {
        if (cp == ' ' && i + 1 < s.n) {
            uint32_t next;
            str_next(s, i + 1, &next);
            if (next == ' ' || (is_wide(last) && is_wide(next)))
                continue;
        }
        buf_put(out, str_sub(s, i, k));
        last = cp;
    }
}

/* The margins between which long lines stand. */
static void margins(const Page *p, int *left, int *right)
{
    enum { LONG = 24 };
    *left = -1;
    *right = 0;
    for (size_t i = 0; i < p->n; i++) {
        const PdfLine *l = &p->lines[i];
        if (l->dropped || l->right - l->left < LONG)
            continue;
        if (*left < 0 || l->left < *left)
            *left = l->left;
        if (l->right > *right)
            *right = l->right;
    }
}

/* Paragraphs begin set in, or behind a line that stops before the margin. */
static void join(Buf *out, const Page *p)
{
    enum { SET_IN = 3, EARLY = 6 };
    int left, right;
    const PdfLine *before = NULL;
    margins(p, &left, &right);
    for (size_t i = 0; i < p->n; i++) {
        const PdfLine *l = &p->lines[i];
        if (l->dropped)
            continue;
        bool begins = before && (left < 0 || l->left >= left + SET_IN ||
                                 before->right < right - EARLY);
        uint32_t cp = 0;
        str_next(l->text, 0, &cp);
        if (begins)
            buf_putc(out, '\n');
        else if (before && !is_wide(cp))
            buf_putc(out, ' ');
        put_text(out, l->text);
        before = l;
    }
    if (before)
        buf_putc(out, '\n');
}

bool print_join_lines(Buf *out, Str lines, Err *e)
{
    Page p = { 0 };
    Arena *a = arena_open(512 << 20);
    bool ok = a && take_lines(&p, a, lines) && drop_edges(&p, a);
    if (ok)
        join(out, &p);
    arena_close(a);
    if (!ok)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取PDF"));
    return !out->failed || err_fail(e, ERR_TOO_BIG, err_hole("what", "文件的文字字节数"),
                                    err_hole("max", PRINT_TEXT_BYTES_MAX));
}

bool print_parse_pdf(Buf *out, Str bytes, Err *e)
{
    Buf lines = buf_open(OUTPUT_MAX);
    bool ok = lines_of(&lines, bytes, e) && print_join_lines(out, buf_str(&lines), e) &&
              (str_trim(buf_str(out)).n > 0 ||
               err_fail(e, ERR_PRINT_PDF, err_hole("why", "没有文字层，是扫描件")));
    buf_close(&lines);
    return ok;
}
